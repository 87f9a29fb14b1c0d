"""Ctrl-C and SIGTERM as a question that a loop asks, not as an exception that strikes anywhere.

So a line that is being written is written whole, and what is reported at the end is what was done. Only a
wait for input is broken off at once, and a second signal ends everything.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Final, Self

from streams.errors import Status

_BY_SIGNAL: Final = {signal.SIGINT: Status.INTERRUPTED, signal.SIGTERM: Status.TERMINATED}


class Interrupted(BaseException):
    """A signal came while input was waited for, or a second one. No `Exception`: what handles errors must not take it.

    Args:
        status: What the process ends with if nobody takes it.
    """

    def __init__(self, status: Status) -> None:
        super().__init__()
        self.status = status


class Interrupts:
    """A context in which the first signal to stop is noted.

    Attributes:
        signal: The signal that came, or None.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self._is_waiting = False
        self._previous: dict[signal.Signals, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._previous[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    @property
    def status(self) -> Status:
        """What the process ends with after the signal; DONE if there was none."""
        return _BY_SIGNAL[self.signal] if self.signal else Status.DONE

    @property
    def name(self) -> str:
        """How people call the signal that came."""
        return "Ctrl-C" if self.signal == signal.SIGINT else "SIGTERM"

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let a signal end what is done in this context at once.

        Raises:
            Interrupted: When a signal comes, or has come already.
        """
        self._is_waiting = True
        try:
            if self.signal:
                raise Interrupted(self.status)
            yield
        finally:
            self._is_waiting = False

    def _note(self, number: int, _frame: FrameType | None) -> None:
        is_second = self.signal is not None
        self.signal = signal.Signals(number)
        if is_second or self._is_waiting:
            raise Interrupted(self.status)
