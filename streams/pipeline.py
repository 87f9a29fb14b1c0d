"""The embedded runner: intake and track in one process, with no server.

The same stages as the workers call, joined by frames as on the log. It makes messages come out in the order of event
time: what is said at a moment waits until the watermark has passed it.
"""

from collections import deque
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import Final, NamedTuple

import msgspec

from models.configuration import CoreSettings
from models.control_intake import ControlIntake
from models.feedback import Standing
from models.frame import Frame
from models.intake import DeadLetter, Intake
from models.message import AlertMessage, Message
from models.track import COMMUNITIES_MAX, TrackStage

FRAME_POSTS: Final = 64
"""Posts after which a frame is cut: few enough that messages are not held up, enough that a frame costs little."""


class Counts(msgspec.Struct):
    """What went in and came out so far. All are numbers of posts or messages, but for those below.

    Attributes:
        baseline_changes: How often the usual volume of a community has changed for good.
        reached_ms: Largest event time accepted; -1 before the first post.
        communities: Followed now.
        evicted: Communities that were given up for want of room.
        open_alerts: Now.
    """

    messages: int = 0
    posts: int = 0
    rejected: int = 0
    unassigned: int = 0
    applied: int = 0
    duplicates: int = 0
    late: int = 0
    too_late: int = 0
    backfilled: int = 0
    baseline_changes: int = 0
    muted: int = 0
    alerts_opened: int = 0
    alerts_updated: int = 0
    alerts_resolved: int = 0
    alerts_retracted: int = 0
    trends: int = 0
    reached_ms: int = -1
    communities: int = 0
    evicted: int = 0
    open_alerts: int = 0


class TimedControl(NamedTuple):
    """A control message: its number, its bytes, and the event time at which it takes effect."""

    at_ms: int
    number: int
    raw: bytes


class Pipeline:
    """Posts in, messages out.

    Args:
        settings: What the core needs to know.
        on_message: Called with each message, in the order of event time.
        on_dead_letter: Called with each thing that could not be a post.
        input_name: Of the one input.
        communities_max: Communities followed at once.
        control: Control messages with their numbers, in the order of these, and for each the event time at which it
            takes effect: right after the post by which the input has reached that.
    """

    def __init__(
        self,
        settings: CoreSettings,
        *,
        on_message: Callable[[Message], None],
        on_dead_letter: Callable[[DeadLetter], None],
        input_name: str = "file/0",
        communities_max: int = COMMUNITIES_MAX,
        control: Iterable[TimedControl] = (),
    ) -> None:
        self._on_message = on_message
        self._on_dead_letter = on_dead_letter
        self._intake = Intake(input_name, inputs=1, partitions=1, settings=settings)
        self._control = deque(control)
        self._control_intake = ControlIntake("control/0", inputs=1, partitions=1)
        self._track = TrackStage(settings, communities_max=communities_max)
        self._held: list[tuple[int, int, Message]] = []
        self._offset = 0
        self._number = 0
        self._counts = Counts()

    @property
    def counts(self) -> Counts:
        """What went in and came out so far."""
        counts = self._counts
        trackers = self._track.trackers.values()
        counts.messages = self._offset
        counts.posts = self._intake.accepted
        counts.unassigned = self._intake.unassigned
        counts.reached_ms = self._intake.reached_ms
        counts.communities = len(trackers)
        counts.evicted = self._track.evicted
        counts.muted = self._track.muted
        counts.open_alerts = sum(tracker.open_alerts for tracker in trackers)
        for name in ("applied", "duplicates", "late", "too_late", "backfilled", "baseline_changes"):
            total = sum(getattr(tracker.counts, name) for tracker in trackers)
            setattr(counts, name, total + getattr(self._track.counts_of_evicted, name))
        return counts

    @property
    def control_waiting(self) -> int:
        """How many control messages are of a later time than the posts so far."""
        return len(self._control)

    @property
    def created(self) -> int:
        """Posts accepted so far, without updates and deletes."""
        return self._intake.created

    def standings(self) -> dict[str, Standing]:
        """Return how the bar stands in each community."""
        return {community: tracker.standing for community, tracker in self._track.trackers.items()}

    def feed(self, raw: bytes, latest_ms: int | None, *, is_backfill: bool = False) -> None:
        """Take in one message: a post, or an envelope of posts.

        Args:
            raw: Its bytes.
            latest_ms: When it was taken in, or reading began, in epoch milliseconds: no post is later. None: no limit.
            is_backfill: Whether its posts are to be learnt from only.
        """
        for dead in self._intake.read(self._offset, raw, latest_ms, is_backfill=is_backfill):
            self._counts.rejected += 1
            self._on_dead_letter(dead)
        self._offset += 1
        if self._control and self._control[0].at_ms <= self._intake.reached_ms:
            self._apply_control()
        if self._intake.waiting >= FRAME_POSTS:
            self.flush()

    def flush(self, idle_for_ms: int = 0) -> None:
        """Cut a frame now, and apply what is due.

        Args:
            idle_for_ms: For how long the source has had no post; 0 while it has.
        """
        for _, frame in self._intake.cut(progress=True, idle_for_ms=idle_for_ms):
            self._apply(frame)

    def _apply_control(self) -> None:
        # What was read before it stands before it.
        self.flush()
        while self._control and self._control[0].at_ms <= self._intake.reached_ms:
            control = self._control.popleft()
            self._control_intake.read(control.number, control.raw, None)
        for _, frame in self._control_intake.cut():
            self._apply(frame)

    def finish(self) -> None:
        """End the input: what waits is applied and time stops; open alerts stay open."""
        self.flush()
        self._hold(self._track.finish())
        self._release(None)

    def _apply(self, frame: Frame) -> None:
        self._hold(self._track.apply(frame).messages)
        self._release(self._track.header.watermark_ms)

    def _hold(self, messages: list[Message]) -> None:
        for message in messages:
            self._number += 1
            heappush(self._held, (message.at_ms, self._number, message))

    def _release(self, watermark_ms: int | None) -> None:
        while self._held and (watermark_ms is None or self._held[0][0] < watermark_ms):
            message = heappop(self._held)[-1]
            self._count(message)
            self._on_message(message)

    def _count(self, message: Message) -> None:
        name = f"alerts_{message.type}" if isinstance(message, AlertMessage) else "trends"
        setattr(self._counts, name, getattr(self._counts, name) + 1)
