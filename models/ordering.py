"""Posts of one community in the order of event time, each once.

A post waits until the watermark has passed its event time, and is let go in the order of (event time, source, id):
so it does not matter how inputs were interleaved. One that comes behind the watermark is *late*: it is let go at once
while its slice is open, and is *too late* after that; a delete is never too late. One that was seen before within the
allowed lateness, with the same source, id and op, is a duplicate as long as its slice is open; an update only if it was
observed at the same time.

Bounded: at most `WAITING_MAX` posts of `WAITING_BYTES_MAX` encoded bytes in all wait; beyond that the oldest is let
go and the community's own watermark goes on. At most `RECENT_MAX` recent ids are known; beyond that the oldest are
forgotten.
"""

from enum import Enum
from hashlib import blake2b
from heapq import heappop, heappush
from typing import Final

import msgspec

from models.frame import FramedPost
from models.post import encode_post, key_of
from models.windows import SLICE_MS, is_open, slice_of

WAITING_MAX: Final = 5_000
WAITING_BYTES_MAX: Final = 1_000_000
RECENT_MAX: Final = 20_000
_OPS: Final = {"create": 0, "update": 1, "delete": 2}

Waiting = tuple[int, str, str, int, int, FramedPost]
"""(event time in ms, source, id, place of the op, place of arrival, post)."""


class Arrival(Enum):
    """What becomes of a post that comes."""

    WAITS = "waits"
    LATE = "late"
    TOO_LATE = "too_late"
    DUPLICATE = "duplicate"


class OrderingState(msgspec.Struct):
    """`Ordering` as it is saved; also its live state.

    Attributes:
        waiting: A heap of posts.
        recent: Event time by identity of post, a hash of 64 bits.
        expiry: A heap of (event time, identity).
        watermark_ms: The community's own: that of its partition, or what was let go for want of room.
        bytes: Encoded size of the posts that wait.
        arrivals: Posts that came.
        forced: Posts let go for want of room.
    """

    waiting: list[Waiting] = msgspec.field(default_factory=list)
    recent: dict[int, int] = msgspec.field(default_factory=dict)
    expiry: list[tuple[int, int]] = msgspec.field(default_factory=list)
    watermark_ms: int = -1
    bytes: int = 0
    arrivals: int = 0
    forced: int = 0


class Ordering:
    """See the module's description.

    Args:
        allowed_lateness_ms: How long a slice stays open after its end.
        waiting_max: Posts that may wait.
    """

    def __init__(self, allowed_lateness_ms: int, waiting_max: int = WAITING_MAX) -> None:
        self._allowed_lateness_ms = allowed_lateness_ms
        self._waiting_max = waiting_max
        self.state = OrderingState()

    def judge(self, framed: FramedPost) -> Arrival:
        """Take in a post: it waits, or the answer says why not."""
        state = self.state
        at_ms = framed.event_time_ms
        is_late = at_ms < state.watermark_ms
        post = framed.post
        # A deletion must never be lost: its author wants the text gone.
        may_be_late = post.op == "delete" or is_open(at_ms, state.watermark_ms, self._allowed_lateness_ms)
        if is_late and not may_be_late:
            return Arrival.TOO_LATE
        if self._is_duplicate(framed):
            return Arrival.DUPLICATE
        if is_late:
            return Arrival.LATE
        state.arrivals += 1
        state.bytes += _size_of(framed)
        heappush(state.waiting, (at_ms, post.source, post.id, _OPS[post.op], state.arrivals, framed))
        return Arrival.WAITS

    def _is_duplicate(self, framed: FramedPost) -> bool:
        state, post, at_ms = self.state, framed.post, framed.event_time_ms
        if post.op == "update" and post.observed_at is None:
            # Nothing tells it from the next one, and to apply it twice does no harm.
            return False
        identity = _identity(f"{post.op}/{at_ms}" if post.op == "update" else post.op, key_of(post))
        first_open_ms = slice_of(state.watermark_ms - self._allowed_lateness_ms) * SLICE_MS
        while state.expiry and (state.expiry[0][0] < first_open_ms or len(state.expiry) >= RECENT_MAX):
            del state.recent[heappop(state.expiry)[1]]
        if identity in state.recent:
            return True
        state.recent[identity] = at_ms
        heappush(state.expiry, (at_ms, identity))
        return False

    def seen_ms(self, identity: int, watermark_ms: int) -> int | None:
        """Return the event time of a post that waits, or came within the allowed lateness before a watermark.

        Args:
            identity: Of the post, see `identity_of`.
            watermark_ms: The watermark; at least that of the latest `move`.
        """
        at_ms = self.state.recent.get(identity)
        return at_ms if at_ms is not None and is_open(at_ms, watermark_ms, self._allowed_lateness_ms) else None

    @property
    def is_crowded(self) -> bool:
        """Whether more wait than may; a post on its own may always wait."""
        waiting = len(self.state.waiting)
        return waiting > self._waiting_max or (waiting > 1 and self.state.bytes > WAITING_BYTES_MAX)

    @property
    def next_ms(self) -> int | None:
        """Event time of the first post that waits."""
        return self.state.waiting[0][0] if self.state.waiting else None

    def move(self, watermark_ms: int) -> None:
        """Move the community's watermark; it never goes back."""
        self.state.watermark_ms = max(self.state.watermark_ms, watermark_ms)

    def pop(self) -> FramedPost:
        """Let go the first post that waits."""
        framed = heappop(self.state.waiting)[-1]
        self.state.bytes -= _size_of(framed)
        return framed


def identity_of(key: str) -> int:
    """Return by what a post is known for as long as it may come again; see `models.post.key_of`."""
    return _identity("create", key)


def _identity(op: str, key: str) -> int:
    return int.from_bytes(blake2b(f"{op}/{key}".encode(), digest_size=8).digest(), "big")


def _size_of(framed: FramedPost) -> int:
    return len(encode_post(framed.post)) + sum(len(name.encode()) for name in framed.communities)
