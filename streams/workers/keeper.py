"""Looks once a second whether every partition of a stage is loaded and moves, and mends what does not."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, Protocol

from mode import Service

from streams import clock
from streams.errors import OutsideError
from streams.logs import get_logger
from streams.workers.consumer import Reading
from streams.workers.feed import Cause, Feed, Log
from streams.workers.stage import Partition, Stage
from streams.workers.watchdog import DeadMansSwitch, Stalls

_EVERY_S: Final = 1.0
_LOAD_S_MAX: Final = 30.0
_TICK_S_MAX: Final = 60.0

_log = get_logger()


class KeptLog(Log, Protocol):
    """The part of `StageConsumer` that is used here; see there."""

    def known_end(self, partition: Partition) -> int | None: ...
    def reading(self, partition: Partition) -> Reading | None: ...


class Keeper(Service):
    """See the module's description.

    Args:
        stage: What is kept at work.
        feed: Seeks for it.
        log: Where it reads.
        switch: Told when all is well.
        stalls: Notices partitions that do not move.
        is_rebalancing: Whether the group is changing: then nothing can be expected of it.
        on_lag: Told, of each topic read, how many messages wait in the partitions held, and how many those are.
        on_position: Told, of each partition held, the offset wanted next.
        stop_all: Ends the worker for a reason that only a person can mend.
        elapsed_s: Seconds since an arbitrary moment.
    """

    def __init__(
        self,
        stage: Stage,
        feed: Feed,
        log: Callable[[], KeptLog],
        *,
        switch: DeadMansSwitch,
        stalls: Stalls,
        is_rebalancing: Callable[[], bool],
        on_lag: Callable[[str, int, int], None],
        on_position: Callable[[Partition, int], None],
        stop_all: Callable[[OutsideError], None],
        elapsed_s: Callable[[], float] = clock.monotonic_s,
        **kwargs: Any,  # noqa: ANN401 - mode's own
    ) -> None:
        super().__init__(**kwargs)
        self._stage = stage
        self._feed = feed
        self._consumer = log
        self._switch = switch
        self._stalls = stalls
        self._is_rebalancing = is_rebalancing
        self._on_lag = on_lag
        self._on_position = on_position
        self._stop_all = stop_all
        self._elapsed_s = elapsed_s
        self._ticked_s = elapsed_s()
        self._has_joined = False

    def joined(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - a signal of Faust's
        """Hear that this worker has its place in the group, be it with no partition."""
        self._has_joined = True

    def waiting_for(self) -> str | None:
        """Return why the worker is not ready for all that the stage can know of; None if it is."""
        if not self._has_joined:
            return "the worker has no place in its group yet"
        if self._feed.unanswered:
            return self._feed.unanswered
        return "the group is changing" if self._is_rebalancing() else None

    async def look(self) -> None:
        """Look at every partition once."""
        if not self._has_joined or self._is_rebalancing():
            return
        held = self._consumer().held
        self._stalls.keep(held)
        self._measure_lag(held)
        if self._feed.unanswered and held:
            # Until it answers nothing is well, whatever may seem to stand still for want of messages.
            await self._feed.keep_within(min(held))
        # What holds back on purpose may not be loaded yet: it is when what it waits for is there.
        not_loaded = [each for each in sorted(held) if self._stage.next_of(each) is None]
        missing = [each for each in not_loaded if not self._stage.holds_back(each)]
        if missing:
            await asyncio.wait_for(self._feed.load(), _LOAD_S_MAX)
            for partition in missing:
                await self._feed.seek(partition, Cause.RELOAD)
            return
        moves = [await self._moves(partition) for partition in sorted(held)]
        if all(moves) and (self._is_ticking or any(map(self._stage.holds_back, held))):
            self._switch.all_is_well()

    @property
    def _is_ticking(self) -> bool:
        return self._elapsed_s() - self._ticked_s < _TICK_S_MAX

    async def _moves(self, partition: Partition) -> bool:
        if self._stage.holds_back(partition):
            return True
        wanted = self._stage.next_of(partition)
        if not self._stalls.is_due(partition, wanted):
            return not self._stalls.is_stalled(partition)
        bounds = await self._feed.keep_within(partition)
        wanted = self._stage.next_of(partition)
        if wanted is None or bounds.end <= wanted:
            return wanted == bounds.end
        # A log may end with what is no message: the marker of a transaction.
        reading = self._consumer().reading(partition)
        if reading is not None and reading.end == bounds.end and reading.has_none_after(wanted):
            return True
        self._stalls.note(partition)
        await self._feed.seek(partition, Cause.STALL)
        return False

    def _measure_lag(self, held: set[Partition]) -> None:
        for topic in self._stage.topics:
            own = [partition for partition in held if partition.topic == topic]
            waiting = 0
            for partition in own:
                end, wanted = self._consumer().known_end(partition), self._stage.next_of(partition)
                if wanted is not None:
                    self._on_position(partition, wanted)
                    waiting += max(0, (end or 0) - wanted)
            self._on_lag(topic, waiting, len(own))

    @Service.task
    async def _look_on(self) -> None:
        await self._repeat(self.look, "partition_check_failed")

    @Service.task
    async def _tick_on(self) -> None:
        await self._repeat(self._tick, "stage_tick_failed")

    async def _tick(self) -> None:
        await self._stage.tick()
        self._ticked_s = self._elapsed_s()

    async def _repeat(self, do: Callable[[], Any], failure: str) -> None:
        while not self.should_stop:
            try:
                await do()
            except OutsideError as error:
                self._stop_all(error)
                return
            except Exception as error:  # noqa: BLE001 - tried again, until the switch ends it all
                _log.warning(failure, error=repr(error))
            await self.sleep(_EVERY_S)
