"""One input partition while this worker has it: messages in, frames and dead letters out, and what may be committed.

The duties of intake stand here, and nothing of Kafka:

* It begins with an empty frame to every output partition, and sends nothing else before all are acknowledged: nothing
  stands before an input's first frame, so its loss would be no hole that a reader could see.
* A position may be committed only after every output partition was sent a frame up to it, empty if need be, and all
  frames and dead letters below it are acknowledged.
* After a send that failed nothing more is taken, sent or committed: whoever has this object drops it and begins again
  where the group has committed. What went out before that comes again; the frame rule makes repeats harmless.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec

from models.control_intake import ControlIntake
from models.frame import encode_frame
from models.intake import DeadLetter, Intake

WAITING_POSTS_MAX: Final = 2_000
"""Framed posts after which frames are cut before their time: they cost memory here and latency behind."""

UNACKNOWLEDGED_BYTES_MAX: Final = 8 * 1024 * 1024
"""On their way out at once; reading waits for the rest."""

_HEADERS_BYTES: Final = 512
"""About what key and headers of a dead letter take beside its bytes."""

Acknowledgement = asyncio.Future[Any]


class SendFailedError(Exception):
    """A frame or a dead letter has not arrived."""


class InputPartition:
    """See the module's description. For one event loop, and for several of its tasks at once.

    Args:
        intake: Reads the input, from the position that the group has committed.
        outputs: How many output partitions there are.
        send_frame: Puts an encoded frame for an output partition into a producer's buffer, which keeps the order of
            one output partition, and returns what ends when it is acknowledged.
        send_dead_letter: The same for a dead letter and the time at which the log took its message in.
        is_reset: Whether the input has lost what stood before that position.

    Attributes:
        committed: Offset up to which the group is known to have committed.
        failure: Why this can go on no longer, or None.
        rejected: Dead letters so far.
    """

    def __init__(
        self,
        intake: Intake | ControlIntake,
        *,
        send_frame: Callable[[int, bytes], Awaitable[Acknowledgement]],
        send_dead_letter: Callable[[DeadLetter, int | None], Awaitable[Acknowledgement]],
        is_reset: bool = False,
    ) -> None:
        self.committed = intake.next[0]
        self.failure: BaseException | None = None
        self.rejected = 0
        self._intake = intake
        self._send_frame = send_frame
        self._send_dead_letter = send_dead_letter
        self._is_reset = is_reset
        self._is_open = False
        self._dead: list[tuple[DeadLetter, int | None]] = []
        self._order = asyncio.Lock()
        self._unacknowledged: dict[Acknowledgement, int] = {}
        self._bytes = 0

    @property
    def next(self) -> int:
        """Offset of the message to be taken next."""
        return self._intake.next[0]

    @property
    def accepted(self) -> int:
        """Posts accepted so far."""
        return self._intake.accepted

    @property
    def created(self) -> int:
        """The same without updates and deletes."""
        return self._intake.created

    @property
    def unassigned(self) -> int:
        """Accepted posts that belong to no community."""
        return self._intake.unassigned

    @property
    def reached_ms(self) -> int:
        """Largest accepted event time so far; -1 before the first."""
        return self._intake.reached_ms

    async def take(self, offset: int, raw: bytes, appended_ms: int | None, *, is_backfill: bool = False) -> None:
        """Take in a message; returns when there is room for the next one.

        Args:
            offset: Of the message; at least `next`.
            raw: Its bytes.
            appended_ms: When the log took it in, in epoch milliseconds.
            is_backfill: Whether its posts are to be learnt from only.

        Raises:
            SendFailedError: If a send has failed.
        """
        if not self._is_open:
            await self.open()
        self._check()
        dead = self._intake.read(offset, raw, appended_ms, is_backfill=is_backfill)
        if dead:
            self.rejected += len(dead)
            self._dead += [(letter, appended_ms) for letter in dead]
        if self._intake.waiting + len(self._dead) >= WAITING_POSTS_MAX:
            await self.flush()
        if self._bytes > UNACKNOWLEDGED_BYTES_MAX:
            await self._room()

    async def open(self) -> None:
        """Tell every output partition where this begins; returns when all have acknowledged it.

        Raises:
            SendFailedError: If one cannot be told.
        """
        async with self._order:
            if not self._is_open:
                self._check()
                async with self._failing():
                    for output, frame in self._intake.cut(progress=True):
                        await self._send(output, encode_frame(msgspec.structs.replace(frame, reset=self._is_reset)))
                await self._arrived(list(self._unacknowledged))
                self._is_open = True

    async def flush(self, *, progress: bool = False, idle_for_ms: int = 0) -> None:
        """Send what waits.

        Args:
            progress: Also frames without posts, so that every output partition hears how far the input has been read.
            idle_for_ms: For how long the input's end has been reached; 0 if it has not.

        Raises:
            SendFailedError: If a send has failed.
        """
        if not self._is_open:
            await self.open()
        async with self._order:
            await self._flush(progress=progress, idle_for_ms=idle_for_ms)

    async def settle(self, *, idle_for_ms: int = 0) -> int:
        """Bring out all that was taken so far; returns, when it is acknowledged, the offset that may be committed.

        Args:
            idle_for_ms: As for `flush`.

        Raises:
            SendFailedError: If something has not arrived.
        """
        if not self._is_open:
            await self.open()
        async with self._order:
            await self._flush(progress=True, idle_for_ms=idle_for_ms)
            offset, sent = self.next, list(self._unacknowledged)
        await self._arrived(sent)
        return offset

    async def _flush(self, *, progress: bool, idle_for_ms: int) -> None:
        self._check()
        dead, self._dead = self._dead, []
        frames = self._intake.cut(progress=progress, idle_for_ms=idle_for_ms)
        async with self._failing():
            for letter, appended_ms in dead:
                self._note(await self._send_dead_letter(letter, appended_ms), len(letter.raw) + _HEADERS_BYTES)
                await self._room()
            for output, frame in frames:
                await self._send(output, encode_frame(frame))

    async def _send(self, output: int, raw: bytes) -> None:
        self._note(await self._send_frame(output, raw), len(raw))

    async def _room(self) -> None:
        while self._bytes > UNACKNOWLEDGED_BYTES_MAX:
            await asyncio.wait(self._unacknowledged, return_when=asyncio.FIRST_COMPLETED)
            self._check()

    @asynccontextmanager
    async def _failing(self) -> AsyncIterator[None]:
        try:
            yield
        except BaseException as error:
            # What has not gone out never will, and what follows would leave a hole. The same if this was cancelled.
            self._fail(error)
            if isinstance(error, Exception):
                self._check()
            raise

    def _note(self, acknowledgement: Acknowledgement, size: int) -> None:
        self._unacknowledged[acknowledgement] = size
        self._bytes += size
        acknowledgement.add_done_callback(self._forget)

    def _forget(self, acknowledgement: Acknowledgement) -> None:
        self._bytes -= self._unacknowledged.pop(acknowledgement, 0)
        if acknowledgement.cancelled():
            self._fail(asyncio.CancelledError("a send was cancelled"))
        elif (error := acknowledgement.exception()) is not None:
            self._fail(error)

    async def _arrived(self, sent: list[Acknowledgement]) -> None:
        if sent:
            await asyncio.wait(sent)
            for acknowledgement in sent:
                self._forget(acknowledgement)
        self._check()

    def _fail(self, error: BaseException) -> None:
        if self.failure is None:
            self.failure = error

    def _check(self) -> None:
        if self.failure is not None:
            raise SendFailedError(repr(self.failure)) from self.failure
