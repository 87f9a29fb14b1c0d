"""The track stage of one partition: frames in, messages out; one `CommunityTracker` a community.

It is a function of its log. The frame rule and the watermark stand in `models.log`.

Bounded: at most `communities_max` communities; beyond that, at each full hour of the watermark, those not touched for
longest are forgotten first.
"""

from heapq import heappop, heappush
from typing import Final

import msgspec

from models.assign import partition_of
from models.configuration import CoreSettings
from models.frame import Frame, FramedPost
from models.log import Header, Verdict
from models.mentions import HOUR_MS
from models.message import Message
from models.tracker import CommunityTracker

COMMUNITIES_MAX: Final = 10_000


class Outcome(msgspec.Struct, frozen=True):
    """What a frame did: what the frame rule made of it, and the messages it gave rise to."""

    verdict: Verdict
    messages: list[Message]


class TrackStage:
    """See the module's description.

    Args:
        settings: What the core needs to know.
        partition: Number of this partition.
        partitions: How many there are.
        communities_max: Communities followed at once.

    Attributes:
        header: The partition's memory beside its trackers.
        trackers: By community.
    """

    def __init__(
        self,
        settings: CoreSettings,
        partition: int = 0,
        partitions: int = 1,
        communities_max: int = COMMUNITIES_MAX,
    ) -> None:
        self._settings = settings
        self._partition = partition
        self._partitions = partitions
        self._communities_max = communities_max
        self._due: list[tuple[int, str]] = []
        self._scheduled: dict[str, int] = {}
        self.header = Header()
        self.trackers: dict[str, CommunityTracker] = {}

    def apply(self, frame: Frame) -> Outcome:
        """Apply one frame of the log, in the log's order."""
        verdict = self.header.judge(frame)
        if verdict in (Verdict.REPLAY, Verdict.HOLE):
            return Outcome(verdict, [])
        state = self.header.inputs[frame.input]
        messages: list[Message] = []
        for framed in frame.posts if verdict is Verdict.TAKEN else ():
            if framed.position >= state.applied:
                state.idle_for_ms = 0
                state.reached_ms = max(state.reached_ms, framed.reached_ms)
                self._offer(framed, messages)
        state.applied = frame.through
        state.reached_ms = max(state.reached_ms, frame.reached_ms)
        state.idle_for_ms = frame.idle_for_ms
        messages += self._advance(self._move_watermark(messages))
        return Outcome(verdict, messages)

    def finish(self) -> list[Message]:
        """Apply all that waits, as at the end of the input; time stops there."""
        return [message for name in sorted(self.trackers) for message in self.trackers[name].finish()]

    def _offer(self, framed: FramedPost, messages: list[Message]) -> None:
        watermark_ms = self._move_watermark(messages)
        for community in framed.communities:
            if self._partitions > 1 and partition_of(community, self._partitions) != self._partition:
                continue
            tracker = self.trackers.get(community)
            if tracker is None:
                tracker = self.trackers[community] = self._make_tracker(community)
            touched_ms = self.header.touched.get(community, framed.event_time_ms)
            self.header.touched[community] = max(touched_ms, framed.event_time_ms)
            messages += tracker.offer(framed, watermark_ms)
            self._schedule(community, tracker)

    def _move_watermark(self, messages: list[Message]) -> int:
        before_ms = self.header.watermark_ms
        watermark_ms = self.header.advance_watermark(self._settings.time.disorder_ms)
        hour_ms = watermark_ms // HOUR_MS * HOUR_MS
        if before_ms < hour_ms and len(self.trackers) > self._communities_max:
            messages += self._advance(hour_ms)
            self._evict()
        return watermark_ms

    def _evict(self) -> None:
        touched = sorted((at_ms, community) for community, at_ms in self.header.touched.items())
        for _, community in touched[: len(self.trackers) - self._communities_max]:
            del self.trackers[community], self.header.touched[community]
            self._scheduled.pop(community, None)

    def _make_tracker(self, community: str) -> CommunityTracker:
        return CommunityTracker(community, self._settings)

    def _schedule(self, community: str, tracker: CommunityTracker) -> None:
        due_ms = tracker.next_due_ms
        if due_ms is None:
            self._scheduled.pop(community, None)
        elif self._scheduled.get(community) != due_ms:
            self._scheduled[community] = due_ms
            heappush(self._due, (due_ms, community))

    def _advance(self, watermark_ms: int) -> list[Message]:
        """Advance each tracker that has something due, so that no message waits for the next post."""
        messages: list[Message] = []
        while self._due and self._due[0][0] <= watermark_ms:
            due_ms, community = heappop(self._due)
            if self._scheduled.get(community) == due_ms:
                tracker = self.trackers[community]
                messages += tracker.advance(watermark_ms)
                self._schedule(community, tracker)
        return messages
