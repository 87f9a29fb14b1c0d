"""Intake: raw messages of one input in; frames for every output partition, and dead letters, out.

An update or delete goes to every output partition: which communities have the post is known to their trackers only.

It keeps no memory but its position and the posts not yet cut into frames: whatever it writes is a function of
a range of its input. The shell commits a position only after every frame and dead letter below it has been
acknowledged, and after `cut` with ``progress=True`` at that position.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from models.assign import Rules, partition_of, rules_version
from models.configuration import CoreSettings
from models.frame import FRAME_BYTES_MAX, POST_BYTES_MAX, Frame, FramedPost, Position
from models.post import (
    FUTURE_MS_MAX,
    Post,
    Reason,
    Rejection,
    decode_message,
    encode_post,
    stated_time,
)

_FRAME_HEAD_BYTES: Final = 512
"""Room for a frame's own fields."""

_POST_HEAD_BYTES: Final = 96
"""Room for a framed post's position and times."""


class DeadLetter(msgspec.Struct, frozen=True):
    """What could not be a post: original bytes, reason as a code and in words, and where it was read."""

    raw: bytes
    reason: Reason
    detail: str
    input: str
    position: Position


class _Output:
    """Posts that wait to be framed for one output partition."""

    __slots__ = ("after", "posts", "sizes")

    def __init__(self, after: Position) -> None:
        self.after = after
        self.posts: list[FramedPost] = []
        self.sizes: list[int] = []


class Intake:
    """Reads one input and cuts it into frames.

    Args:
        input_name: Such as ``posts/3`` or ``file/0``.
        inputs: How many inputs there are in all.
        partitions: How many output partitions there are.
        settings: Rules and sources.
        after: The first position to be read.

    Guarantees, for any calls of `cut`: the frames of one output partition follow one another without a gap,
    hold each accepted post of that partition once, in order, and stay below 256 KiB when encoded.

    Attributes:
        next: The position to be read next.
        reached_ms: Largest accepted event time so far, but for updates and deletes; -1 before the first.
        accepted: Posts accepted so far.
        created: The same without updates and deletes.
        unassigned: Accepted posts that belong to no community.
        waiting: Framed posts that no frame holds yet.
    """

    def __init__(
        self,
        input_name: str,
        inputs: int,
        partitions: int,
        settings: CoreSettings,
        after: Position = (0, 0),
    ) -> None:
        if partitions < 1 or inputs < 1:
            message = f"partitions={partitions} and inputs={inputs}; expected at least 1 of each"
            raise ValueError(message)
        self._input = input_name
        self._inputs = inputs
        self._partitions = partitions
        self._rules = Rules(settings)
        self._rules_version = rules_version(settings)
        self._observed_sources = frozenset(settings.observed_sources)
        self._outputs = [_Output(after) for _ in range(partitions)]
        self.next = after
        self.reached_ms = -1
        self.accepted = 0
        self.created = 0
        self.unassigned = 0
        self.waiting = 0

    def read(self, offset: int, raw: bytes, latest_ms: int | None, *, is_backfill: bool = False) -> list[DeadLetter]:
        """Take in the message at `offset`; return what of it could not be a post.

        Args:
            offset: Of the message in its input; larger than any before.
            raw: Its bytes.
            latest_ms: When the log took it in, or for a file when reading began, in epoch milliseconds: no post is
                later than that, and one that claims to be by more than a minute is a dead letter. None for no limit.
            is_backfill: Whether its posts are of a backfill.
        """
        assert offset >= self.next[0], f"message {offset} was read before; next is {self.next}"
        dead: list[DeadLetter] = []
        for index, (own, item) in enumerate(decode_message(raw)):
            position = (offset, index)
            if position < self.next:
                continue
            rejection = self._accept(position, item, latest_ms, len(own), is_backfill=is_backfill)
            if rejection is not None:
                dead.append(DeadLetter(own, rejection.reason, rejection.detail, self._input, position))
        self.next = (offset + 1, 0)
        return dead

    def _accept(
        self, position: Position, item: Post | Rejection, latest_ms: int | None, raw_bytes: int, *, is_backfill: bool
    ) -> Rejection | None:
        if isinstance(item, Rejection):
            return item
        field, at_ms = stated_time(item, is_observed_source=item.source in self._observed_sources)
        if latest_ms is not None and at_ms > latest_ms:
            if at_ms > latest_ms + FUTURE_MS_MAX:
                detail = f"`{field}` is more than {FUTURE_MS_MAX // 1000} s after the post was taken in"
                return Rejection(Reason.IN_THE_FUTURE, detail)
            at_ms = latest_ms
        size = len(encode_post(item)) if raw_bytes > POST_BYTES_MAX // 2 else raw_bytes
        if size > POST_BYTES_MAX:
            return Rejection(Reason.TOO_LARGE, f"{size} bytes; at most {POST_BYTES_MAX}")
        self._frame(position, item, at_ms, size, is_backfill=is_backfill)
        return None

    def _frame(self, position: Position, post: Post, at_ms: int, size: int, *, is_backfill: bool) -> None:
        self.accepted += 1
        partitions: Iterable[int] = range(self._partitions)
        communities: list[str] = []
        # Not for updates and deletes: what becomes of a post may be told in an archive long before its time.
        if post.op == "create":
            self.created += 1
            self.reached_ms = max(self.reached_ms, at_ms)
            communities = self._rules.communities_of(post)
            if not communities:
                self.unassigned += 1
                return
            partitions = sorted({partition_of(community, self._partitions) for community in communities})
        framed = FramedPost(position, self.reached_ms, at_ms, communities, post, is_backfill)
        size += _POST_HEAD_BYTES + sum(6 * len(community) + 3 for community in communities)
        for partition in partitions:
            output = self._outputs[partition]
            output.posts.append(framed)
            output.sizes.append(size)
            self.waiting += 1

    def cut(self, *, progress: bool = False, idle_for_ms: int = 0) -> list[tuple[int, Frame]]:
        """Return ``(output partition, frame)`` for what waits, in order within each partition.

        Args:
            progress: Also frames without posts, so that every output partition hears of `next`.
            idle_for_ms: For how long the input's end has been reached; 0 if it has not.
        """
        frames = [
            (partition, frame)
            for partition, output in enumerate(self._outputs)
            if output.posts or progress
            for frame in self._cut_output(output, idle_for_ms)
        ]
        self.waiting = 0
        return frames

    def _cut_output(self, output: _Output, idle_for_ms: int) -> list[Frame]:
        frames = []
        first = 0
        size = _FRAME_HEAD_BYTES
        for index, own in enumerate(output.sizes):
            if size + own > FRAME_BYTES_MAX and index > first:
                frames.append(self._make(output, output.posts[first:index], output.posts[index].position, 0))
                first, size = index, _FRAME_HEAD_BYTES
            size += own
        frames.append(self._make(output, output.posts[first:], self.next, idle_for_ms))
        output.posts, output.sizes = [], []
        return frames

    def _make(self, output: _Output, posts: list[FramedPost], through: Position, idle_for_ms: int) -> Frame:
        frame = Frame(
            input=self._input,
            inputs=self._inputs,
            after=output.after,
            through=through,
            # In a frame that ends early, what was reached by its last post: later posts are not in it.
            reached_ms=self.reached_ms if through == self.next else posts[-1].reached_ms,
            idle_for_ms=idle_for_ms,
            rules=self._rules_version,
            posts=posts,
        )
        output.after = through
        return frame
