"""One partition of the track stage as a worker holds it: it knows its place in the log, and what there is to save.

It goes on from what was saved; the rules stand in `models.snapshots`.

Trackers whose records are ahead of the place in the log are kept aside; in their stead stands one that does nothing, so
that the header (the frame rule, the watermark, who is followed and who is given up) goes the same way as ever.
"""

from collections.abc import Iterable
from heapq import heapify, heappop

import msgspec

from models.configuration import CoreSettings
from models.feedback import FeedbackState
from models.frame import FramedPost, OtherVersionError, decode_frame
from models.log import Header
from models.message import Message
from models.snapshots import (
    FORMAT_VERSION,
    HeaderRecord,
    Life,
    Start,
    TrackerRecord,
    encode_header,
    unpack,
    unpack_header,
)
from models.tally import Counts
from models.track import COMMUNITIES_MAX, Outcome, TrackStage
from models.tracker import CommunityTracker


class Cut(msgspec.Struct, frozen=True):
    """What is to be written of one moment, in this order: trackers, header, removals.

    Attributes:
        offset: All frames below it are in here.
        header: The partition's header as it was there, encoded.
        states: Snapshots of trackers, by life.
        begin: Where reading begins again, as soon as the header record is written.
        begin_header: The partition's header as it was there, encoded.
        lives: As in `HeaderRecord`.
        removals: Lives whose records may be removed after that.
    """

    offset: int
    header: bytes
    states: dict[Life, bytes]
    begin: int
    begin_header: bytes
    lives: dict[str, tuple[int, int]]
    removals: list[Life]

    def tracker_record(self, packed_header: bytes, packed_state: bytes) -> TrackerRecord:
        """Return the record of a life, of its packed parts."""
        return TrackerRecord(FORMAT_VERSION, self.offset, packed_header, packed_state)

    def header_record(self, packed_header: bytes) -> HeaderRecord:
        """Return the record of the header, of its packed part."""
        return HeaderRecord(FORMAT_VERSION, self.begin, packed_header, self.lives)


class TrackPartition:
    """See the module's description.

    Args:
        settings: What the core needs to know.
        partition: Number of this partition.
        partitions: How many there are.
        start: Where and with what to go on.
        communities_max: Communities followed at once.

    Guarantees: going on from any `Start` that `choose_start` returns, the states and messages are those of a partition
    that has read the whole log, but for messages that had been acknowledged and are not said again.

    Attributes:
        next: Offset of the first frame that is not applied.

    Raises:
        ValueError: If a record of `start` holds no tracker's snapshot that this code knows.
    """

    def __init__(
        self,
        settings: CoreSettings,
        partition: int = 0,
        partitions: int = 1,
        start: Start | None = None,
        communities_max: int = COMMUNITIES_MAX,
    ) -> None:
        start = start or Start()
        self.next = start.next
        self._stage = _Stage(settings, partition, partitions, communities_max)
        self._stage.adopt(start, settings)
        self._marks: list[tuple[int, bytes]] = []
        self._is_cut = False
        self.mark()

    @property
    def header(self) -> Header:
        """The partition's memory beside its trackers."""
        return self._stage.header

    @property
    def evicted(self) -> int:
        """How many communities were given up since this was made."""
        return self._stage.evicted

    @property
    def muted(self) -> int:
        """How many posts were left out for their author since this was made."""
        return self._stage.muted

    @property
    def trackers(self) -> Iterable[CommunityTracker]:
        """The trackers that take part."""
        return (tracker for tracker in self._stage.trackers.values() if not isinstance(tracker, _Silent))

    @property
    def dirty(self) -> dict[str, int]:
        """The communities whose records do not hold all, with the first offset that each does not hold."""
        return dict(self._stage.dirty)

    def counts(self) -> Counts:
        """Return what became of all posts so far, those of trackers ahead and of communities given up included."""
        stage = self._stage
        total = msgspec.structs.replace(stage.counts_of_evicted)
        for tracker in (*stage.trackers.values(), *stage.ahead.values()):
            total.add(tracker.counts)
        return total

    def apply(self, raw: bytes | None) -> Outcome | None:
        """Apply the frame at `next`; one that cannot be read changes nothing, and None is returned.

        Raises:
            OtherVersionError: If the frame is of another version; it is not applied.
        """
        try:
            frame = decode_frame(raw or b"")
        except OtherVersionError:
            raise
        except ValueError:
            frame = None
        self._stage.wake(self.next)
        outcome = None if frame is None else self._stage.apply(frame)
        self.next += 1
        return outcome

    def skip_to(self, offset: int) -> None:
        """Go on at `offset` without what stands before it, as if each input's next frame were a `reset`."""
        assert offset > self.next, f"{offset} is not ahead of {self.next}"
        self._stage.header.tear()
        self._stage.follow_before(offset)
        self.next = offset
        self.mark()

    def mark(self) -> None:
        """Note the header as it is here: reading can begin again at a mark. The more there are, the nearer one is."""
        if not self._marks or self._marks[-1][0] < self.next:
            self._marks.append((self.next, encode_header(self._stage.header)))

    def cut(self, communities: Iterable[str]) -> Cut:
        """Return what is to be written now, with the records of some communities; `done` is called when it is.

        If writing fails this partition is of no use any more: what it counts as saved may not be.
        """
        assert not self._is_cut, "the last cut is not done"
        self._is_cut = True
        stage = self._stage
        stage.wake(self.next)
        self.mark()
        chosen = [community for community in communities if community in stage.dirty]
        states = {Life(name, stage.births[name]): stage.trackers[name].snapshot() for name in chosen}
        for community in chosen:
            del stage.dirty[community]
            stage.saved[community] = self.next
        floor = min(stage.dirty.values(), default=self.next)
        at = max(index for index, (offset, _) in enumerate(self._marks) if offset <= floor)
        self._marks = self._marks[at:]
        begin, begin_header = self._marks[0]
        return Cut(
            offset=self.next,
            header=self._marks[-1][1],
            states=states,
            begin=begin,
            begin_header=begin_header,
            lives=stage.lives(),
            removals=[life for life, offset in stage.given_up.items() if offset < begin],
        )

    def done(self, cut: Cut) -> None:
        """Hear that a cut is written."""
        self._is_cut = False
        for life in cut.removals:
            self._stage.given_up.pop(life, None)


class _Silent(CommunityTracker):
    """Stands where a tracker would that is ahead, or has said all: takes part in nothing."""

    def __init__(self, community: str) -> None:
        # Without a tracker's state on purpose: whatever would ask for it is an error.
        self.community = community
        self.counts = Counts()
        self.feedback = FeedbackState()

    @property
    def next_due_ms(self) -> int | None:
        return None

    def offer(self, framed: FramedPost, watermark_ms: int) -> list[Message]:  # noqa: ARG002
        return []

    def advance(self, watermark_ms: int) -> list[Message]:  # noqa: ARG002
        return []

    def close(self, watermark_ms: int) -> list[Message]:  # noqa: ARG002
        return []

    def has(self, key: str, identity: int, watermark_ms: int) -> bool:  # noqa: ARG002
        return False


class _Stage(TrackStage):
    """The track stage, keeping account of the lives of its trackers.

    Attributes:
        births: Of the communities that are followed, as far as known.
        saved: `log_offset` of the record of each.
        dirty: The first offset that the record of each does not hold; only of those where there is one.
        given_up: Lives that may have a record and are over, with the offset at which they ended.
        ahead: Lives that take part only from an offset on.
    """

    def __init__(self, settings: CoreSettings, partition: int, partitions: int, communities_max: int) -> None:
        super().__init__(settings, partition, partitions, communities_max)
        self.births: dict[str, int] = {}
        self.saved: dict[str, int] = {}
        self.dirty: dict[str, int] = {}
        self.given_up: dict[Life, int] = {}
        self.ahead: dict[Life, CommunityTracker] = {}
        self._place = 0
        self._to_wake: list[tuple[int, Life]] = []
        self._records: dict[Life, TrackerRecord] = {}
        self._stale: dict[str, list[Life]] = {}

    def adopt(self, start: Start, settings: CoreSettings) -> None:
        """Begin with what was saved."""
        self.header = start.header
        self._place = start.next
        self.given_up = dict.fromkeys(start.dead, start.next - 1)
        for life in start.stale:
            self._stale.setdefault(life.community, []).append(life)
        for community in start.silent:
            self.trackers[community] = _Silent(community)
        for life, record in start.current.items():
            self._put(life, _restore(life, record, settings), record.log_offset)
        self._records = start.ahead
        self._to_wake = [(record.log_offset, life) for life, record in start.ahead.items()]
        heapify(self._to_wake)
        for life, record in start.ahead.items():
            self.ahead[life] = _restore(life, record, settings)
            if life.birth < start.next and life.community in self.trackers:
                self.births[life.community] = life.birth

    def wake(self, place: int) -> None:
        """Let the lives take part whose records hold all below `place`."""
        self._place = place
        while self._to_wake and self._to_wake[0][0] <= place:
            log_offset, life = heappop(self._to_wake)
            tracker = self.ahead.pop(life)
            del self._records[life]
            if self.births.get(life.community) == life.birth and life.community in self.trackers:
                self._put(life, tracker, log_offset)

    def follow_before(self, offset: int) -> None:
        """Follow the communities whose lives begin before `offset`, because the frames there are lost."""
        for life in sorted(self.ahead, key=lambda life: life.birth):
            if life.birth < offset and life.community not in self.trackers:
                self.trackers[life.community] = _Silent(life.community)
                self.births[life.community] = life.birth
                header = unpack_header(self._records[life].header)
                self.header.touched[life.community] = header.touched[life.community]

    def lives(self) -> dict[str, tuple[int, int]]:
        """Return birth and `log_offset` of the record of each community that is followed and has one."""
        lives = {community: (self.births[community], log_offset) for community, log_offset in self.saved.items()}
        for life, record in self._records.items():
            if self.births.get(life.community) == life.birth and life.community in self.trackers:
                lives[life.community] = (life.birth, record.log_offset)
        return lives

    def _put(self, life: Life, tracker: CommunityTracker, log_offset: int) -> None:
        tracker.mutes = self.header.mutes
        self.trackers[life.community] = tracker
        self.births[life.community], self.saved[life.community] = life.birth, log_offset
        super()._schedule(life.community, tracker)

    def _make_tracker(self, community: str) -> CommunityTracker:
        self.births[community] = self._place
        if Life(community, self._place) in self.ahead:
            return _Silent(community)
        return super()._make_tracker(community)

    def _schedule(self, community: str, tracker: CommunityTracker) -> None:
        # Called after each call of a tracker that may have changed it: what is advanced changes too, if only in what
        # it has forgotten.
        super()._schedule(community, tracker)
        if not isinstance(tracker, _Silent):
            self.dirty.setdefault(community, self._place)

    def _evict(self, watermark_ms: int, messages: list[Message]) -> None:
        before = set(self.trackers)
        super()._evict(watermark_ms, messages)
        for community in sorted(before - self.trackers.keys()):
            self._give_up(community)

    def _give_up(self, community: str) -> None:
        birth = self.births.pop(community, None)
        has_record = self.saved.pop(community, None) is not None
        self.dirty.pop(community, None)
        over = self._stale.pop(community, [])
        if birth is not None and (has_record or Life(community, birth) in self.ahead):
            over.append(Life(community, birth))
        self.given_up.update(dict.fromkeys(over, self._place))


def _restore(life: Life, record: TrackerRecord, settings: CoreSettings) -> CommunityTracker:
    tracker = CommunityTracker.restore(unpack(record.state), settings)
    if tracker.community != life.community:
        message = f"the record of {life.community!r} holds the state of {tracker.community!r}"
        raise ValueError(message)
    return tracker
