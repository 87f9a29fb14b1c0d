"""Lines of a file as messages of the topic of posts: one each, or several posts in an envelope.

What is said of one post stays in one partition, in its order: the key of a message is its post's id, and the
partition follows from the key. An envelope holds posts of one partition. Two sources may use the same id; their
posts then share a partition, which does no harm. A line without an id that can be read, as one that is an
envelope already, has no key and goes anywhere, as it is: whether it is a post is for intake to say.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import msgspec

from models.post import Name

ENVELOPE_BYTES_MAX: Final = 256 * 1024
"""A quarter of what the topic takes: a reader holds many at once."""

_NESTED_MAX: Final = 200
"""Brackets in a line that may go into an envelope. A parser's depth is bounded, and there it stands deeper: one line
beyond the bound would make the whole envelope unreadable."""

_OPENING: Final = b'{"posts":['
_CLOSING: Final = b"]}"


class Message(NamedTuple):
    """A message to be sent.

    Attributes:
        value: Its bytes.
        key: The id of its post; None if it has none, or several.
        partition: Where it belongs; None for anywhere.
        line: The first line that it holds.
        posts: How many posts it holds; 0 if that cannot be told.
    """

    value: bytes
    key: bytes | None
    partition: int | None
    line: int
    posts: int


class _Head(msgspec.Struct):
    id: Name


class _Envelope(msgspec.Struct):
    posts: list[msgspec.Raw]


_head_decoder = msgspec.json.Decoder(_Head)
_envelope_decoder = msgspec.json.Decoder(_Envelope)


def post_key(raw: bytes) -> bytes | None:
    """Return the key of a message that holds a post: its id. None if no id can be read.

    >>> post_key(b'{"text": "hello", "id": "p1"}')
    b'p1'
    """
    try:
        return _head_decoder.decode(raw).id.encode()
    except (ValueError, RecursionError):
        return None


def count_posts(raw: bytes) -> int:
    """Return how many posts an envelope seems to hold; 0 if it is none."""
    try:
        return len(_envelope_decoder.decode(raw).posts)
    except (ValueError, RecursionError):
        return 0


class _Waiting:
    """Posts that wait for more of their partition."""

    def __init__(self) -> None:
        self.raws: list[bytes] = []
        self.size = len(_OPENING) + len(_CLOSING)
        self.line = 0


class Packer:
    """Makes messages of lines. What it holds back is at most an envelope for each partition.

    Args:
        posts_max: How many posts a message may hold.
        partition_of: The partition of a key.
        bytes_max: How long an envelope may be; a line may be longer.
    """

    def __init__(
        self, posts_max: int, partition_of: Callable[[bytes], int], bytes_max: int = ENVELOPE_BYTES_MAX
    ) -> None:
        if posts_max < 1:
            message = f"posts_max={posts_max}; expected at least 1"
            raise ValueError(message)
        self._posts_max = posts_max
        self._partition_of = partition_of
        self._bytes_max = bytes_max
        self._waiting: dict[int, _Waiting] = {}

    def add(self, line: int, raw: bytes) -> Iterator[Message]:
        """Take in a line, and yield the messages that are whole now.

        Args:
            line: Its number, larger than any before.
            raw: Its bytes.
        """
        key = post_key(raw)
        if key is None:
            yield Message(raw, None, None, line, count_posts(raw))
            return
        partition = self._partition_of(key)
        if self._posts_max == 1 or not self._may_be_packed(raw):
            # It must not overtake what was said of the same post before.
            yield from self._flush(partition)
            yield Message(raw, key, partition, line, 1)
            return
        waiting = self._waiting.get(partition)
        if waiting is not None and waiting.size + len(raw) + 1 > self._bytes_max:
            yield from self._flush(partition)
        waiting = self._waiting.setdefault(partition, _Waiting())
        waiting.line = waiting.line or line
        waiting.raws.append(raw)
        waiting.size += len(raw) + 1
        if len(waiting.raws) >= self._posts_max:
            yield from self._flush(partition)

    def flush(self) -> Iterator[Message]:
        """Yield what was held back."""
        for partition in sorted(self._waiting):
            yield from self._flush(partition)

    def first_line(self) -> int | None:
        """Return the first line that is held back; None if there is none."""
        return min((waiting.line for waiting in self._waiting.values()), default=None)

    def _flush(self, partition: int) -> Iterator[Message]:
        waiting = self._waiting.pop(partition, None)
        if waiting is None:
            return
        if len(waiting.raws) == 1:
            [raw] = waiting.raws
            yield Message(raw, post_key(raw), partition, waiting.line, 1)
        else:
            value = _OPENING + b",".join(waiting.raws) + _CLOSING
            yield Message(value, None, partition, waiting.line, len(waiting.raws))

    def _may_be_packed(self, raw: bytes) -> bool:
        is_short = len(raw) + len(_OPENING) + len(_CLOSING) < self._bytes_max
        return is_short and raw.count(b"[") + raw.count(b"{") <= _NESTED_MAX
