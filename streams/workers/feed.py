"""Hands a stage each message of its partitions exactly when it is the one that the stage wants next."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from enum import StrEnum
from typing import Final, Protocol

from streams.errors import OutsideError
from streams.logs import get_logger
from streams.workers.stage import Bounds, Message, Partition, Stage

SEEK_EVERY_S: Final = 2.0
"""After a seek what was fetched before must drain first; each of its messages would lead to a seek of its own."""

SHORT_LOG_CHECKS: Final = 3
"""So often in a row a log must end before the position until that is believed: for a moment after its start a broker
may not know the end yet."""

_log = get_logger()


class Cause(StrEnum):
    """Why a partition is read on from the stage's own position."""

    GAP = "gap"
    STALL = "stall"
    RELOAD = "reload"


class Log(Protocol):
    """The part of `StageConsumer` that is used here; see there."""

    @property
    def held(self) -> set[Partition]: ...
    async def seek_to(self, partition: Partition, offset: int) -> None: ...
    def is_hole(self, partition: Partition, wanted: int, offset: int) -> bool: ...


class Feed:
    """See the module's description.

    Args:
        stage: What is fed.
        log: Where from; asked for at each use, because Faust makes it late.
        read_bounds: Says what the log holds.
        on_seek: Told of each seek.
        on_failure: Told of each exception with which the stage dropped a partition.
        elapsed_s: Seconds since an arbitrary moment.

    Attributes:
        unanswered: Why it is not known what the log holds, in words; None if it is.
    """

    def __init__(
        self,
        stage: Stage,
        log: Callable[[], Log],
        read_bounds: Callable[[Collection[Partition]], Awaitable[Mapping[Partition, Bounds]]],
        *,
        on_seek: Callable[[Cause], None],
        on_failure: Callable[[], None],
        elapsed_s: Callable[[], float],
    ) -> None:
        self._stage = stage
        self._log = log
        self._read_bounds = read_bounds
        self._on_seek = on_seek
        self._on_failure = on_failure
        self._elapsed_s = elapsed_s
        self.unanswered: str | None = None
        self._sought_s: dict[Partition, float] = {}
        self._short: dict[Partition, int] = {}
        self._loading = asyncio.Lock()

    async def load(self) -> dict[Partition, int]:
        """Let the stage take over what this worker holds now.

        Returns:
            Where to read on, for each partition that is loaded.

        Raises:
            OutsideError: If the log no longer holds what the stage needs, and the stage does not go on without.
        """
        async with self._loading:
            held = self._log().held
            await self._stage.assigned(held)
            loaded = [partition for partition in sorted(held) if self._stage.next_of(partition) is not None]
            for partition, bounds in (await self._ask(loaded)).items():
                await self._compare(partition, bounds)
            positions = {partition: self._stage.next_of(partition) for partition in loaded}
            return {partition: wanted for partition, wanted in positions.items() if wanted is not None}

    async def keep_within(self, partition: Partition) -> Bounds:
        """Return what the log holds of a partition, after the stage has heard if its position is not in there."""
        bounds = (await self._ask([partition]))[partition]
        await self._compare(partition, bounds)
        return bounds

    async def _ask(self, partitions: Collection[Partition]) -> Mapping[Partition, Bounds]:
        try:
            bounds = await self._read_bounds(partitions)
        except Exception as error:
            self.unanswered = f"the broker does not answer: {str(error) or type(error).__name__}"
            raise
        self.unanswered = None
        return bounds

    async def _compare(self, partition: Partition, bounds: Bounds) -> None:
        wanted = self._stage.next_of(partition)
        if wanted is None or bounds.beginning <= wanted <= bounds.end:
            self._short.pop(partition, None)
            return
        self._short[partition] = self._short.get(partition, 0) + 1
        if wanted < bounds.beginning or self._short[partition] >= SHORT_LOG_CHECKS:
            await self._stage.out_of_bounds(partition, bounds)

    async def take(self, message: Message) -> None:
        """Hand a message on if it is the one wanted; else drop it, and seek if one before it is missing.

        Raises:
            OutsideError: If the stage cannot go on, and only a person can mend that.
        """
        wanted = self._stage.next_of(message.partition)
        if wanted is None or message.offset < wanted:
            return
        if message.offset > wanted and not await self._is_hole(message, wanted):
            await self.seek(message.partition, Cause.GAP, message.offset)
            return
        try:
            await self._stage.take(message)
        except OutsideError:
            raise
        except Exception:  # noqa: BLE001 - the partition is loaded anew, and the message read again
            self._on_failure()
            _log.exception(
                "message_failed",
                topic=message.partition.topic,
                partition=message.partition.number,
                offset=message.offset,
            )

    async def seek(self, partition: Partition, cause: Cause, seen: int | None = None) -> None:
        """Read a partition on from where its stage wants it; what goes wrong with that is tried again later.

        Args:
            partition: Which.
            cause: Why.
            seen: The offset that came in the place of the one wanted.
        """
        now_s = self._elapsed_s()
        if now_s - self._sought_s.get(partition, -SEEK_EVERY_S) < SEEK_EVERY_S:
            return
        # What stands still on purpose reads on by itself, from where it wants; a seek would wake it.
        if self._stage.holds_back(partition):
            return
        self._sought_s[partition] = now_s
        await self.keep_within(partition)
        wanted = self._stage.next_of(partition)
        if wanted is None:
            # Dropped meanwhile: it is loaded anew, and then sought.
            return
        self._on_seek(cause)
        _log.info("sought", topic=partition.topic, partition=partition.number, cause=cause.value, to=wanted, seen=seen)
        await self._log().seek_to(partition, wanted)

    async def _is_hole(self, message: Message, wanted: int) -> bool:
        if not (self._stage.may_have_holes and self._log().is_hole(message.partition, wanted, message.offset)):
            return False
        # If the log begins behind what is wanted, it is retention that took it, and the stage must hear of that.
        await self.keep_within(message.partition)
        return self._stage.next_of(message.partition) in (wanted, message.offset)
