"""What is saved of a partition of the track stage, and from which of the records it goes on.

A partition is saved as records with a key each, of which a compacted topic keeps the latest:

* one a *life* of a tracker: from the frame at offset `birth` that made its community be followed, until it is given
  up. It holds the state after all frames below `log_offset`, and the partition's header as it was there. A community
  that is followed again begins a new life under a new key, so an old owner of the partition that writes or removes the
  record of an old life harms no other.
* one header: `next`, the offset from which reading begins again, the header as it was there, and for each life its
  birth and the `log_offset` of its record.

The rules that make this exact, whatever crashes and whoever writes last:

1. `next` of the header is not above the first offset that some life's record does not hold. What was said before an
   offset has been acknowledged before a record of that offset is written; records before the header that names them.
2. A life whose record is ahead of what is read takes no part until its offset is reached.
3. If a record is *older* than the header says, an old owner wrote it last: reading begins at its offset, if that is
   earlier, with the header in it.
4. Of a community that is followed where reading begins but has no record to go on from, the record was removed: all
   that this life had to say was said. It is silent until it is given up again.
5. The record of a life that was given up is removed only after a header whose `next` lies beyond that: what was said
   up to there has been acknowledged.
"""

import zlib
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeVar

import msgspec

from models.log import Header

FORMAT_VERSION: Final = 1
HEADER_KEY: Final = b"header"
_LEVEL: Final = 1
"""zlib's quickest: a third larger than the best, at a fifth of the time."""


class Life(NamedTuple):
    """One life of a community's tracker: from the frame at offset `birth` until it is given up."""

    community: str
    birth: int

    @property
    def key(self) -> bytes:
        """The key of its record."""
        return f"{self.birth}/{self.community}".encode()


class TrackerRecord(msgspec.Struct, frozen=True, array_like=True):
    """The record of one life.

    Attributes:
        v: Version of this format.
        log_offset: All frames below it are in the state.
        header: The partition's header as it was there, packed.
        state: The tracker's snapshot, packed.
    """

    v: int
    log_offset: int
    header: bytes
    state: bytes


class HeaderRecord(msgspec.Struct, frozen=True, array_like=True):
    """The record of the header.

    Attributes:
        v: Version of this format.
        next: Where reading begins again.
        header: As it was there, packed.
        lives: By community: birth of its tracker, and `log_offset` of the tracker's record.
    """

    v: int
    next: int
    header: bytes
    lives: dict[str, tuple[int, int]]


class Records(msgspec.Struct):
    """The latest records of one partition.

    Attributes:
        header: None before the first was written.
        trackers: By life.
    """

    header: HeaderRecord | None = None
    trackers: dict[Life, TrackerRecord] = msgspec.field(default_factory=dict)

    def put(self, key: bytes, value: bytes | None) -> None:
        """Take over one record as it stands in the topic, in the topic's order; None removes what the key had.

        Raises:
            ValueError: If it is no record, or one of a version that this code does not know.
        """
        if key == HEADER_KEY:
            self.header = None if value is None else _decode(_header_decoder, value)
            return
        life = _life_of(key)
        if value is None:
            self.trackers.pop(life, None)
        else:
            self.trackers[life] = _decode(_tracker_decoder, value)


class Start(msgspec.Struct):
    """Where and with what to go on.

    Attributes:
        next: The first offset to be read.
        header: As it was there.
        current: Lives that go on at once, by their records.
        ahead: Lives whose records are ahead of `next`.
        silent: Communities that are followed there but have nothing to go on from: see rule 4.
        stale: Lives of these whose records are left over.
        dead: Lives that were given up before, whose records are left over.
    """

    next: int = 0
    header: Header = msgspec.field(default_factory=Header)
    current: dict[Life, TrackerRecord] = msgspec.field(default_factory=dict)
    ahead: dict[Life, TrackerRecord] = msgspec.field(default_factory=dict)
    silent: list[str] = msgspec.field(default_factory=list)
    stale: list[Life] = msgspec.field(default_factory=list)
    dead: list[Life] = msgspec.field(default_factory=list)


_Record = TypeVar("_Record", TrackerRecord, HeaderRecord)
_encoder = msgspec.msgpack.Encoder()
_tracker_decoder = msgspec.msgpack.Decoder(TrackerRecord)
_header_decoder = msgspec.msgpack.Decoder(HeaderRecord)
_header_state_decoder = msgspec.msgpack.Decoder(Header)
_version_decoder = msgspec.msgpack.Decoder(list[msgspec.Raw])


def choose_start(records: Records) -> Start:
    """Return where to go on from; the offset 0 and nothing if there is no record."""
    saved = records.header
    known: Mapping[str, tuple[int, int]] = saved.lives if saved else {}
    next_, packed = (saved.next, saved.header) if saved else (0, None)
    for community, (birth, log_offset) in known.items():
        record = records.trackers.get(Life(community, birth))
        if record is not None and record.log_offset < min(log_offset, next_):
            next_, packed = record.log_offset, record.header
    start = Start(next_, Header() if packed is None else unpack_header(packed))
    for community in start.header.touched:
        life = Life(community, known[community][0]) if community in known else None
        record = records.trackers.get(life) if life else None
        if life is None or record is None or life.birth >= next_:
            start.silent.append(community)
        elif record.log_offset <= next_:
            start.current[life] = record
        else:
            start.silent.append(community)
    for life, record in records.trackers.items():
        if record.log_offset > next_:
            start.ahead[life] = record
        elif life not in start.current:
            (start.stale if life.community in start.header.touched else start.dead).append(life)
    return start


def pack(raw: bytes) -> bytes:
    """Return what `unpack` makes `raw` of again. Takes long: a worker does it beside its event loop."""
    return zlib.compress(raw, _LEVEL)


def unpack(packed: bytes) -> bytes:
    """Return what was packed; `ValueError` if nothing was."""
    try:
        return zlib.decompress(packed)
    except zlib.error as error:
        message = f"damaged: {error}"
        raise ValueError(message) from None


def encode_header(header: Header) -> bytes:
    """Return a header as bytes; a copy at this moment."""
    return _encoder.encode(header)


def unpack_header(packed: bytes) -> Header:
    """Return the header that was encoded and packed; `ValueError` if none was."""
    return _header_state_decoder.decode(unpack(packed))


def encode_record(record: TrackerRecord | HeaderRecord) -> bytes:
    """Return a record as it is written."""
    return _encoder.encode(record)


def _decode(decoder: msgspec.msgpack.Decoder[_Record], value: bytes) -> _Record:
    # The version comes first: what follows may be of any other form.
    fields = _version_decoder.decode(value)
    version = msgspec.msgpack.decode(fields[0]) if fields else None
    if version != FORMAT_VERSION:
        message = f"record of version {version}; this program reads version {FORMAT_VERSION}"
        raise ValueError(message)
    return decoder.decode(value)


def _life_of(key: bytes) -> Life:
    birth, slash, community = key.decode().partition("/")
    if not slash or not birth.isdecimal():
        message = f"a record has the key {key!r}; expected an offset, a slash and a community"
        raise ValueError(message)
    return Life(community, int(birth))
