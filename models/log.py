"""The frame rule: what a partition makes of each frame of the log, and its watermark.

For each input the partition knows `applied`, the position up to which all of the input's posts have been taken.
A frame whose `through` is

* below `applied` is a replay and changes nothing;
* equal to `applied` brings progress only;
* above `applied` is taken: its posts at or beyond `applied` are new, the others were taken before.

A frame whose `after` is above `applied` leaves a hole and is refused, unless it says `reset`: intake sends it
again, because it commits only what every partition has acknowledged. So the boundaries of frames are free,
overlaps are exact, an old owner of the input that still writes is harmless, and a lost send cannot be skipped.
"""

from enum import Enum
from typing import Final

import msgspec

from models.frame import Frame, Position
from models.mentions import HOUR_MS
from models.mutes import Mutes

NO_WATERMARK: Final = -1
DELETED_MAX: Final = 1_000
"""Deletes that are known, to meet posts that come after their own; 18 bytes each, in every saved header."""

_CONTROL: Final = "control/"


class InputState(msgspec.Struct):
    """What a partition knows of one input.

    Attributes:
        applied: Position up to which all its posts have been taken.
        reached_ms: Largest event time heard of; -1 before its first post.
        idle_for_ms: 0 while it has posts; else for how long its end has been reached.
        is_torn: Whether frames of it were lost for good: the next that leaves a hole is taken all the same.
    """

    applied: Position
    reached_ms: int = -1
    idle_for_ms: int = 0
    is_torn: bool = False


class Verdict(Enum):
    """What becomes of a frame."""

    TAKEN = "taken"
    PROGRESS = "progress"
    REPLAY = "replay"
    HOLE = "hole"


class Header(msgspec.Struct):
    """The memory of one partition beside its trackers.

    Attributes:
        inputs: By name.
        inputs_expected: How many inputs of posts there are; until all were heard of there is no watermark.
        watermark_ms: No post before this is expected any more; -1 before there is one; never goes back.
        touched: Event time at which each community was last touched.
        given_up: How many communities were given up.
        deleted: When the posts that were deleted last were, by identity, see `models.ordering.identity_of`.
        mutes: What people want to hear no more of.
    """

    inputs: dict[str, InputState] = msgspec.field(default_factory=dict)
    inputs_expected: int = 1
    watermark_ms: int = NO_WATERMARK
    touched: dict[str, int] = msgspec.field(default_factory=dict)
    given_up: int = 0
    deleted: dict[int, int] = msgspec.field(default_factory=dict)
    mutes: Mutes = msgspec.field(default_factory=Mutes)

    def judge(self, frame: Frame) -> Verdict:
        """Return what the frame rule makes of a frame; an input not heard of starts at the frame's `after`."""
        state = self.inputs.get(frame.input)
        if state is None:
            state = self.inputs[frame.input] = InputState(frame.after)
        # Inputs are only ever added; an old owner of one may not have heard of the others.
        self.inputs_expected = max(self.inputs_expected, frame.inputs)
        if frame.through < state.applied:
            return Verdict.REPLAY
        if frame.after > state.applied:
            if not (frame.reset or state.is_torn):
                return Verdict.HOLE
            state.applied = frame.after
        state.is_torn = False
        return Verdict.TAKEN if frame.through > state.applied else Verdict.PROGRESS

    def tear(self) -> None:
        """Go on as if the next frame of each input said `reset`, because frames before it were lost."""
        for state in self.inputs.values():
            state.is_torn = True

    def note_deleted(self, identity: int, at_ms: int) -> None:
        """Note when a post was deleted: it may come only after that, by another input."""
        self.deleted[identity] = at_ms
        if len(self.deleted) > DELETED_MAX:
            del self.deleted[next(iter(self.deleted))]

    def is_deleted(self, identity: int, at_ms: int) -> bool:
        """Return whether a post was deleted before it came; one of an hour after the delete is another."""
        deleted_ms = self.deleted.get(identity)
        return deleted_ms is not None and at_ms < deleted_ms + HOUR_MS

    def advance_watermark(self, disorder_ms: int) -> int:
        """Move the watermark as far as the inputs allow, and return it.

        It is the least `reached_ms` of the inputs that are not idle, minus `disorder_ms`; if all are idle, the
        greatest ``reached_ms + idle_for_ms``, minus `disorder_ms`.
        """
        states = [state for name, state in self.inputs.items() if not name.startswith(_CONTROL)]
        if len(states) < self.inputs_expected:
            return self.watermark_ms
        busy = [state.reached_ms for state in states if not state.idle_for_ms and state.reached_ms >= 0]
        idle = [state.reached_ms + state.idle_for_ms for state in states if state.reached_ms >= 0]
        if idle:
            self.watermark_ms = max(self.watermark_ms, (min(busy) if busy else max(idle)) - disorder_ms)
        return self.watermark_ms
