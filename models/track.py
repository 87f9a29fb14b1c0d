"""The track stage of one partition: frames in, messages out; one `CommunityTracker` a community.

It is a function of its log. The frame rule and the watermark stand in `models.log`.

An update or delete is handed to the communities that have the post. Without `observed_at` it happens where it stands in
its input: then all that its input had reached has happened. A post that comes only after its delete, by another input
or out of order, is not taken, if that was one of the last `DELETED_MAX`.

Control takes effect where it stands in the log: on posts that come later, and on what becomes due later. Feedback goes
to the tracker of its community; what it is of a community that is not followed is forgotten, as with the tracker.

Bounded: at most `communities_max` communities. Before one more is followed, a tenth of them is given up: those not
touched for longest, and of those that the settings name none as long as there are others. Their alerts are resolved.
"""

from heapq import heapify, heappop, heappush
from typing import Final

import msgspec

from models.assign import partition_of
from models.configuration import CoreSettings
from models.control import Feedback, Mute, Undo, decode_control
from models.feedback import Judgement
from models.frame import Frame, FramedControl, FramedPost
from models.log import Header, Verdict
from models.message import Message
from models.ordering import identity_of
from models.post import key_of
from models.tally import Counts
from models.tracker import CommunityTracker

COMMUNITIES_MAX: Final = 10_000
STALE_MAX: Final = 1_000
"""Entries of the plan that say nothing any more, beside as many as say something: then it is made anew."""

_EVICTED_PART: Final = 10
"""A tenth at once: a flood of made-up names must not cost a look at all communities for each of them."""


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
        evicted: Communities given up so far.
        counts_of_evicted: What became of the posts of these.
        muted: Posts that were left out for their author, once for each community.
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
        self._named = frozenset(rule.name for rule in settings.communities)
        self.header = Header()
        self.evicted = 0
        self.counts_of_evicted = Counts()
        self.muted = 0
        self.trackers: dict[str, CommunityTracker] = {}

    @property
    def planned(self) -> int:
        """How many entries the plan of what is due holds: at most two a community and `STALE_MAX`."""
        return len(self._due)

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
                self._offer(framed, state.reached_ms, messages)
        for control in frame.control if verdict is Verdict.TAKEN else ():
            if control.position >= state.applied:
                self._obey(control, messages)
        state.applied = frame.through
        state.reached_ms = max(state.reached_ms, frame.reached_ms)
        state.idle_for_ms = frame.idle_for_ms
        messages += self._advance(self.header.advance_watermark(self._settings.time.disorder_ms))
        return Outcome(verdict, messages)

    def finish(self) -> list[Message]:
        """Apply all that waits, as at the end of the input; time stops there."""
        return [message for name in sorted(self.trackers) for message in self.trackers[name].finish()]

    def _offer(self, framed: FramedPost, reached_ms: int, messages: list[Message]) -> None:
        watermark_ms = self.header.advance_watermark(self._settings.time.disorder_ms)
        if framed.post.op == "create":
            if self.header.deleted and self.header.is_deleted(identity_of(key_of(framed.post)), framed.event_time_ms):
                return
            mutes = self.header.mutes
            for community in framed.communities:
                if self._partitions == 1 or partition_of(community, self._partitions) == self._partition:
                    if mutes.is_author_muted(framed.post.author, community, framed.event_time_ms):
                        self.muted += 1
                        continue
                    tracker = self._tracker_of(community, watermark_ms, messages)
                    touched_ms = self.header.touched.get(community, framed.event_time_ms)
                    self.header.touched[community] = max(touched_ms, framed.event_time_ms)
                    messages += tracker.offer(framed, watermark_ms)
                    self._schedule(community, tracker)
            return
        # Else a tracker may know of a post that waits only if a frame was cut meanwhile.
        messages += self._advance(watermark_ms)
        framed = _where_it_stands(framed, max(reached_ms, watermark_ms))
        key = key_of(framed.post)
        identity = identity_of(key)
        if framed.post.op == "delete":
            self.header.note_deleted(identity, framed.event_time_ms)
        having = (name for name, tracker in self.trackers.items() if tracker.has(key, identity, watermark_ms))
        for community in sorted(having):
            # It is no touch: what is given up must follow from the log alone, not from what trackers hold.
            messages += self.trackers[community].offer(framed, watermark_ms)
            self._schedule(community, self.trackers[community])

    def _obey(self, framed: FramedControl, messages: list[Message]) -> None:
        try:
            control = decode_control(bytes(framed.message))
        except ValueError:
            # Of a later program, which may allow more.
            return
        number = framed.position[0]
        watermark_ms = self.header.advance_watermark(self._settings.time.disorder_ms)
        # What was due before is said as if this had not come, wherever frames were cut.
        messages += self._advance(watermark_ms)
        if isinstance(control, Mute):
            self.header.mutes.add(number, control, watermark_ms)
        elif isinstance(control, Feedback):
            tracker = self.trackers.get(control.community)
            if tracker is not None:
                tracker.feedback.judge(Judgement(number, control.alert_id, control.verdict))
                self._schedule(control.community, tracker)
        elif isinstance(control, Undo) and not self.header.mutes.remove(control.number):
            for community in [name for name, each in self.trackers.items() if each.feedback.has(control.number)]:
                self.trackers[community].feedback.undo(control.number)
                self._schedule(community, self.trackers[community])

    def _tracker_of(self, community: str, watermark_ms: int, messages: list[Message]) -> CommunityTracker:
        tracker = self.trackers.get(community)
        if tracker is None:
            if len(self.trackers) >= self._communities_max:
                self._evict(watermark_ms, messages)
            tracker = self.trackers[community] = self._make_tracker(community)
        return tracker

    def _evict(self, watermark_ms: int, messages: list[Message]) -> None:
        ranked = sorted((name in self._named, at_ms, name) for name, at_ms in self.header.touched.items())
        for _, _, community in ranked[: max(1, self._communities_max // _EVICTED_PART)]:
            tracker = self.trackers.pop(community)
            del self.header.touched[community]
            self._scheduled.pop(community, None)
            messages += tracker.close(watermark_ms)
            self.evicted += 1
            self.header.given_up += 1
            self.counts_of_evicted.add(tracker.counts)

    def _make_tracker(self, community: str) -> CommunityTracker:
        return CommunityTracker(community, self._settings, self.header.given_up, self.header.mutes)

    def _schedule(self, community: str, tracker: CommunityTracker) -> None:
        due_ms = tracker.next_due_ms
        if due_ms is None:
            self._scheduled.pop(community, None)
        elif self._scheduled.get(community) != due_ms:
            self._scheduled[community] = due_ms
            heappush(self._due, (due_ms, community))
            if len(self._due) > 2 * len(self._scheduled) + STALE_MAX:
                self._due = [(due_ms, name) for name, due_ms in self._scheduled.items()]
                heapify(self._due)

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


def _where_it_stands(framed: FramedPost, reached_ms: int) -> FramedPost:
    if framed.post.observed_at is not None:
        return framed
    return msgspec.structs.replace(framed, event_time_ms=max(framed.event_time_ms, reached_ms))
