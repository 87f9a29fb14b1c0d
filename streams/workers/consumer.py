"""Faust's consumer, but where to read is said by the stage and not by offsets that Faust has committed.

Faust's own bookkeeping of what was read and what is done repeats and skips messages, also on a mere rebalance. So
`seek_to_committed`, the one place through which Faust positions after a rebalance, asks the stage; and
`_drain_messages`, which brings what was fetched to the agents, keeps no such books and drops nothing. Both are private
parts of Faust: its version is pinned, and the tests on a real broker must pass before it changes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final, NamedTuple

from aiokafka.errors import NodeNotReadyError, RebalanceInProgressError  # type: ignore[import-untyped] # aiokafka says nothing of its types
from aiokafka.structs import OffsetAndMetadata, TopicPartition  # type: ignore[import-untyped]
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.transport.drivers.aiokafka import Consumer as FaustConsumer
from faust.types import TP

from streams.logs import get_logger
from streams.workers.feed import Feed
from streams.workers.stage import Partition

ASSIGNMENT_S_MAX: Final = 15.0
"""Faust gives up for good, holding its partitions, when positioning outlasts its request timeout of 30 s."""

FETCH_MS_MAX: Final = 500
"""How long a broker keeps a fetch that finds nothing: as often a stage hears that it has reached the end."""

WAITING_MAX: Final = 64
"""Messages that wait for the stage when more are fetched; a frame may have 256 KiB, a post message 1 MiB."""

_FULL_S: Final = 0.005
"""How long to wait while more do. Faust waits a second, and its stage runs out of work long before."""

_FETCH_S_MAX: Final = 1.0

_HOLES_MAX: Final = 10_000
"""More than Faust's buffers hold messages; of older ones nobody will ask."""

_REQUEST_S_MAX: Final = 10.0
_SETTLED_S_MAX: Final = 3.0
"""Longer than any commit takes that will still arrive; the group waits meanwhile."""

_log = get_logger()


class Reading(NamedTuple):
    """How far a partition has been fetched, as the latest fetch that succeeded saw it.

    Attributes:
        position: Where the next fetch begins.
        behind: Offset behind the last message that was handed out, or where the last seek went; None before that.
        end: Of the log.
        fetched: Tells that fetch from others.
    """

    position: int
    behind: int | None
    end: int
    fetched: float

    def has_none_after(self, offset: int) -> bool:
        """Return whether the log holds no message at `offset` or behind it, though markers of transactions may be."""
        return self.position >= self.end and self.behind is not None and self.behind <= offset


async def look_up_coordinator(look_up: Callable[..., Awaitable[int]], *asked: Any) -> int:  # noqa: ANN401 - aiokafka's
    """Return what aiokafka finds when it looks up a coordinator; as long as no broker is known, let it ask again.

    A broker that has just started, or is starved, may name none, not even itself. aiokafka then ends its membership in
    the group by an `AssertionError`, and goes on silently without.

    Raises:
        NodeNotReadyError: If no broker is known; aiokafka asks for brokers anew and tries again.
    """
    try:
        return await look_up(*asked)
    except AssertionError as error:
        message = "no broker is known"
        raise NodeNotReadyError(message) from error


class _FetchThread(AIOKafkaConsumerThread):
    """Faust's thread around aiokafka's consumer, which also notes what was handed out.

    aiokafka reads a log without a gap from where it was sought, so an offset that is missing in what it hands out is
    missing in the log. What is missing behind that was lost by Faust.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.behind: dict[Any, int] = {}
        self.holes: dict[Any, dict[int, int]] = {}

    def _create_worker_consumer(self, transport: Any) -> Any:  # noqa: ANN401 - Faust's own
        consumer = super()._create_worker_consumer(transport)
        # Faust has no setting for it.
        consumer._fetch_max_wait_ms = FETCH_MS_MAX  # noqa: SLF001
        client = consumer._client  # noqa: SLF001
        client.coordinator_lookup = partial(look_up_coordinator, client.coordinator_lookup)
        return consumer

    async def _fetch_records(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Faust's own
        records = await super()._fetch_records(*args, **kwargs)
        for partition, batch in records.items():
            self._note(partition, batch)
        return records

    def _note(self, partition: Any, batch: Any) -> None:  # noqa: ANN401 - aiokafka's own
        behind = self.behind.get(partition)
        if behind is None or not batch:
            return
        self.behind[partition] = batch[-1].offset + 1
        if batch[-1].offset - behind == len(batch) - 1:
            return
        holes = self.holes.setdefault(partition, {})
        for record in batch:
            if record.offset > behind:
                holes[behind] = record.offset
            behind = record.offset + 1
        while len(holes) > _HOLES_MAX:
            del holes[next(iter(holes))]

    async def _seek_wait(self, consumer: Any, partitions: Mapping[TP, int]) -> None:  # noqa: ANN401 - Faust's own
        for partition, offset in partitions.items():
            self.behind[partition] = offset
            self.holes.pop(partition, None)
        await super()._seek_wait(consumer, partitions)

    async def on_partitions_revoked(self, revoked: Any) -> None:  # noqa: ANN401 - Faust's own
        for partition in revoked:
            self.behind.pop(partition, None)
            self.holes.pop(partition, None)
        await super().on_partitions_revoked(revoked)


class StageConsumer(FaustConsumer):
    """See the module's description. Faust makes it, of a subclass that `consumer_of` returns."""

    feed: Feed
    _thread: "_FetchThread"

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Faust's own
        super().__init__(*args, **kwargs)
        self._commits = asyncio.Lock()

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _FetchThread(self, loop=self.loop, beacon=self.beacon)

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ANN401, ASYNC109 - Faust's own
        if self.flow_active and (self._waiting() > WAITING_MAX or not self._get_active_partitions()):
            await asyncio.sleep(_FULL_S)
            return {}, self._get_active_partitions()
        return await super()._wait_next_records(timeout)

    def _waiting(self) -> int:
        return sum(topic.queue.qsize() for topic in self.app.topics)

    async def _drain_messages(self, fetcher: Any) -> None:  # noqa: ANN401 - Faust's own
        # Faust's own makes four tasks for each message, to give up on an agent that takes no more while the group
        # changes. Here the agents' queues are never full.
        try:
            while not (self.should_stop or fetcher.should_stop):
                # What has been fetched comes without waiting; the agents must have their turn.
                await asyncio.sleep(0)
                async for _, message in self.getmany(timeout=_FETCH_S_MAX):
                    await self.callback(message)
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise

    @property
    def held(self) -> set[Partition]:
        """The partitions that this worker holds."""
        return {Partition(each.topic, each.partition) for each in self.assignment()}

    @property
    def _driver(self) -> Any:  # noqa: ANN401 - aiokafka says nothing of its types
        return self._thread._ensure_consumer()  # noqa: SLF001 - Faust gives no other way to it

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Load what the stage needs and position each partition at the offset that it wants.

        Never raises and never outlasts `ASSIGNMENT_S_MAX`; what could not be loaded in that time is left to the
        worker's keeper.
        """
        positions: dict[TP, int] = {}
        try:
            await asyncio.wait_for(self._position(positions), ASSIGNMENT_S_MAX)
        except Exception as error:  # noqa: BLE001 - whatever it is, Faust must not see it
            _log.warning("positioning_failed", error=repr(error))
        return positions

    async def _position(self, positions: dict[TP, int]) -> None:
        positions.update({_faust(partition): wanted for partition, wanted in (await self.feed.load()).items()})
        if positions:
            await self.seek_wait(positions)
        _log.info("partitions_positioned", positions={f"{tp.topic}/{tp.partition}": at for tp, at in positions.items()})

    async def seek_to(self, partition: Partition, offset: int) -> None:
        """Read on at `offset`; also wakes a partition that Faust has left paused."""
        # Not for a partition that has just been taken away: aiokafka would raise.
        if partition in self.held:
            self.resume_partitions({_faust(partition)})
            await asyncio.wait_for(self.seek_wait({_faust(partition): offset}), _REQUEST_S_MAX)

    def known_end(self, partition: Partition) -> int | None:
        """Return the end of a partition as the latest fetch saw it, without asking the broker."""
        return self.highwater(_faust(partition)) if partition in self.held else None

    def reading(self, partition: Partition) -> Reading | None:
        """Return how far a partition has been fetched; None before its first fetch. Asks no broker."""
        where = TopicPartition(*partition)
        assignment = self._driver._subscription.subscription.assignment  # noqa: SLF001 - not in aiokafka's interface
        if partition not in self.held or assignment is None:
            return None
        state = assignment.state_value(where)
        if state is None or not state.has_valid_position or state.highwater is None or state.timestamp is None:
            return None
        return Reading(state.position, self._thread.behind.get(where), state.highwater, state.timestamp)

    def is_hole(self, partition: Partition, wanted: int, offset: int) -> bool:
        """Return whether the log holds nothing from `wanted` to before `offset`, where this consumer reads it.

        What retention has deleted looks the same.
        """
        return self._thread.holes.get(TopicPartition(*partition), {}).get(wanted) == offset

    def pause(self, partition: Partition) -> None:
        """Fetch no more of a partition until `seek_to`; to be said again after the group has changed."""
        self.pause_partitions({_faust(partition)})

    async def commit_position(self, partition: Partition, offset: int, metadata: str = "") -> None:
        """Write the group's position in a partition.

        Raises:
            KafkaError: If that fails, as while the group is changing. Faust's own commit would crash the worker.
        """
        where = {TopicPartition(*partition): OffsetAndMetadata(offset, metadata)}
        async with self._commits:
            if self.app.rebalancing:
                raise RebalanceInProgressError
            await asyncio.wait_for(self._thread.call_thread(self._driver.commit, where), _REQUEST_S_MAX)

    async def settle_commits(self) -> None:
        """Return when no commit is on its way: one that reaches a group that has just changed costs its place in it.

        aiokafka then forgets who it is and joins as another member. The group changes once more, with the next commit
        on its way, and so on: two workers were seen at that for a minute.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._commits.acquire(), _SETTLED_S_MAX)
            self._commits.release()

    async def committed_position(self, partition: Partition) -> tuple[int, str] | None:
        """Return the group's position in a partition with its metadata; None if there is none yet."""
        coordinator = self._driver._coordinator  # noqa: SLF001 - aiokafka's public answer has no metadata
        where = TopicPartition(*partition)
        found = await asyncio.wait_for(
            self._thread.call_thread(coordinator.fetch_committed_offsets, [where]), _REQUEST_S_MAX
        )
        committed = found.get(where)
        return None if committed is None or committed.offset < 0 else (committed.offset, committed.metadata)


def consumer_of(feed: Feed) -> type[StageConsumer]:
    """Return the class of consumer that reads where this feed says."""
    return type("ConsumerOfStage", (StageConsumer,), {"feed": feed})


def _faust(partition: Partition) -> TP:
    return TP(partition.topic, partition.number)
