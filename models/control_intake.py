"""Intake of control: messages of the topic of control in, frames for every output partition out.

A control message goes to every output partition, since its community may be in any and a mute may be for all. The
frames follow the rules of those of posts, see `models.intake`; control counts in no watermark, so they tell of no time.
"""

from typing import Final

import msgspec

from models.control import CONTROL_BYTES_MAX, decode_control
from models.frame import FRAME_BYTES_MAX, Frame, FramedControl, Position
from models.intake import DeadLetter

_MESSAGES_A_FRAME: Final = FRAME_BYTES_MAX // (CONTROL_BYTES_MAX + 64) - 1


class ControlIntake:
    """Reads the one input of control and cuts it into frames; to be used as an `Intake` is.

    Args:
        input_name: Such as ``control/0``.
        inputs: How many inputs of posts there are in all.
        partitions: How many output partitions there are.
        after: The first position to be read.

    Attributes:
        next: The position to be read next.
    """

    accepted = created = unassigned = 0
    reached_ms = -1

    def __init__(self, input_name: str, inputs: int, partitions: int, after: Position = (0, 0)) -> None:
        self._input = input_name
        self._inputs = inputs
        self._partitions = partitions
        self._after = after
        self._waiting: list[FramedControl] = []
        self.next = after

    @property
    def waiting(self) -> int:
        """Control messages that no frame holds yet."""
        return len(self._waiting)

    def read(
        self,
        offset: int,
        raw: bytes,
        latest_ms: int | None,  # noqa: ARG002 - as `Intake`
        *,
        is_backfill: bool = False,  # noqa: ARG002
    ) -> list[DeadLetter]:
        """Take in the message at `offset`. One that is none is left out, and is no dead letter: it was no post."""
        assert offset >= self.next[0], f"message {offset} was read before; next is {self.next}"
        self.next = (offset + 1, 0)
        if is_control(raw):
            self._waiting.append(FramedControl((offset, 0), msgspec.Raw(raw)))
        return []

    def cut(self, *, progress: bool = False, idle_for_ms: int = 0) -> list[tuple[int, Frame]]:  # noqa: ARG002
        """Return ``(output partition, frame)`` for what waits, in order within each partition; see `Intake.cut`."""
        if not self._waiting and not progress:
            return []
        waiting, self._waiting = self._waiting, []
        frames = []
        for start in range(0, max(1, len(waiting)), _MESSAGES_A_FRAME):
            own = waiting[start : start + _MESSAGES_A_FRAME]
            is_last = start + _MESSAGES_A_FRAME >= len(waiting)
            through = self.next if is_last else waiting[start + _MESSAGES_A_FRAME].position
            frames.append(
                Frame(
                    input=self._input,
                    inputs=self._inputs,
                    after=self._after,
                    through=through,
                    reached_ms=-1,
                    control=own,
                )
            )
            self._after = through
        return [(partition, frame) for partition in range(self._partitions) for frame in frames]


def is_control(raw: bytes) -> bool:
    """Return whether something is a control message, if of a later version."""
    try:
        decode_control(raw)
    except ValueError:
        return False
    return True
