"""The sink stage on Kafka: alerts, trends and what people said of alerts into Redis.

Redis says how far it has each partition, in one step with the messages; the group's position follows, for those who
look at its lag, and tells after Redis was emptied how much of it people have been told already.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any, Final, TypeVar

import msgspec

from streams import clock
from streams.errors import OutsideError
from streams.logs import get_logger
from streams.metrics import SinkWorkerMetrics
from streams.redis_store import RedisStore, connect
from streams.settings import Settings
from streams.sink import Sink, describe_place
from streams.topics import ALERTS, CONTROL, SINK_GROUP, TRENDS
from streams.worker_metrics import SINK_REBUILDS, SINK_REFUSED, SINK_WRITTEN
from streams.workers.run import Surroundings, WorkerPlan, WorkerRun
from streams.workers.sink_entries import Entry, dated, read_entry
from streams.workers.sink_rebuild import read_again
from streams.workers.sink_store import MovedError, Progress, SinkStore
from streams.workers.stage import Bounds, Message, Partition

WAITING_MAX: Final = 500
"""Messages that wait for Redis; beyond that reading waits too."""

BATCH_MAX: Final = 200
"""Messages written in one step: Redis answers nobody else meanwhile."""

_COMMIT_EVERY_S: Final = 1.0
_STOP_S_MAX: Final = 7.0
_LOAD_S_MAX: Final = 3.0
_ERROR_CHARACTERS_MAX: Final = 500

_log = get_logger()
_Answer = TypeVar("_Answer")


class _Held:
    """A partition while this worker has it.

    Attributes:
        partition: Which.
        written: How far Redis has it.
        next: Offset of the message to be taken next.
        committed: The group's position.
        is_rebuilding: Whether its old messages are being read apart.
    """

    def __init__(self, partition: Partition, written: Progress, committed: int) -> None:
        self.partition = partition
        self.written = written
        self.next = written.next
        self.committed = committed
        self.is_rebuilding = written.is_rebuilding


class _Item(msgspec.Struct, frozen=True):
    """A message on its way to Redis, or None where there is nothing to write of it."""

    held: _Held
    next: int
    entry: Entry | None


class SinkStage:
    """See the module's description, and `Stage`.

    Args:
        settings: As loaded.
        surroundings: Of the worker.
        metrics: Where it is counted.
    """

    topics: Collection[str] = (ALERTS.name, TRENDS.name, CONTROL.name)
    # The topic of trends is compacted.
    may_have_holes = True

    def __init__(self, settings: Settings, surroundings: Surroundings, metrics: SinkWorkerMetrics) -> None:
        client = connect(settings.redis.url)
        store = RedisStore(client)
        self._settings = settings
        self._surroundings = surroundings
        self._metrics = metrics
        self._store = SinkStore(client, store)
        self._is_stopped = threading.Event()
        self._sink = Sink(
            store, metrics, place=describe_place(settings.redis.url), say=self._say, wait=self._is_stopped.wait
        )
        # One thread: what it does to Redis happens in the order in which it was asked for.
        self._thread = ThreadPoolExecutor(1, "redis")
        self._held: dict[Partition, _Held] = {}
        self._waiting: asyncio.Queue[_Item] = asyncio.Queue(WAITING_MAX)
        self._loading: asyncio.Task[dict[Partition, Progress | None]] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._rebuilding: asyncio.Task[None] | None = None
        self._committed_s = clock.monotonic_s()

    async def assigned(self, partitions: set[Partition]) -> Mapping[Partition, int]:
        """See `Stage`."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._write_on())]
        for partition in self._held.keys() - partitions:
            del self._held[partition]
        missing = sorted(partitions - self._held.keys())
        if missing:
            await self._load(missing)
        return {partition: held.next for partition, held in self._held.items() if not held.is_rebuilding}

    async def revoked(self, partitions: set[Partition]) -> None:
        """Nothing: what comes back goes on as it is. If another has written meanwhile, Redis says so."""

    def next_of(self, partition: Partition) -> int | None:
        """See `Stage`."""
        held = self._held.get(partition)
        return None if held is None or held.is_rebuilding else held.next

    async def take(self, message: Message) -> None:
        """See `Stage`."""
        held = self._held.get(message.partition)
        if held is None:
            return
        entry = self._entry_of(message, held)
        held.next = message.offset + 1
        await self._waiting.put(_Item(held, held.next, entry))

    async def out_of_bounds(self, partition: Partition, bounds: Bounds) -> None:
        """See `Stage`. What has been deleted is left behind; a topic that was made anew is read from its beginning."""
        held = self._held.get(partition)
        if held is None:
            return
        _log.warning(
            "messages_lost",
            topic=partition.topic,
            partition=partition.number,
            after=held.next,
            through=bounds.beginning,
            end=bounds.end,
        )
        await self._begin(partition, Progress(bounds.beginning), held.committed)

    def holds_back(self, partition: Partition) -> bool:
        """See `Stage`."""
        held = self._held.get(partition)
        return self._sink.is_waiting or (held is not None and held.is_rebuilding)

    def waiting_for(self) -> str | None:
        """See `Stage`."""
        if self._sink.is_waiting:
            return f"{describe_place(self._settings.redis.url)} takes nothing"
        rebuilding = sum(held.is_rebuilding for held in list(self._held.values()))
        return f"Redis was empty; {rebuilding} partitions are being rebuilt" if rebuilding else None

    async def tick(self) -> None:
        """See `Stage`."""
        held = list(self._held.values())
        # Also while nothing comes: whoever empties Redis expects it to be filled.
        found = await self._ask(lambda: self._store.positions([each.partition for each in held]))
        self._forget_if([each for each in held if found and found[each.partition] is None])
        if clock.monotonic_s() - self._committed_s >= _COMMIT_EVERY_S:
            self._committed_s = clock.monotonic_s()
            for each in list(self._held.values()):
                await self._commit(each)
        if any(each.is_rebuilding for each in self._held.values()):
            self._start_rebuilding()

    async def stop(self) -> None:
        """See `Stage`."""
        if not self._sink.is_waiting:
            try:
                await asyncio.wait_for(self._waiting.join(), _STOP_S_MAX / 2)
                await asyncio.wait_for(asyncio.gather(*map(self._commit, self._held.values())), _STOP_S_MAX / 2)
            except Exception as error:  # noqa: BLE001 - it is read again
                _log.warning("last_write_failed", error=repr(error))
        self._is_stopped.set()
        for task in [*self._tasks, self._rebuilding, self._loading]:
            if task is not None:
                task.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, question: Callable[[], _Answer]) -> _Answer | None:
        """Return what Redis answers, as soon as it does; None if this worker is stopped before."""
        answers: list[_Answer] = []

        def persist() -> None:
            self._sink.persist(lambda: answers.append(question()))

        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, persist)
        except OutsideError as problem:
            self._surroundings.stop(problem)
        self._metrics.sink_up.set(bool(answers))
        return answers[-1] if answers else None

    async def _load(self, partitions: list[Partition]) -> None:
        if self._loading is None:
            self._loading = asyncio.create_task(self._read_positions())
            self._loading.add_done_callback(self._loaded)
        # While Redis is away it goes on waiting; the group does not.
        done, _ = await asyncio.wait({self._loading}, timeout=_LOAD_S_MAX)
        positions = done.pop().result() if done else {}
        if not positions:
            return
        consumer = self._surroundings.consumer
        bounds = await self._surroundings.bounds.read(partitions)
        found = await asyncio.gather(*map(consumer.committed_position, partitions))
        emptied = 0
        for partition, committed in zip(partitions, found, strict=True):
            position, progress, log = committed[0] if committed else 0, positions.get(partition), bounds[partition]
            if progress is None:
                # What the group has committed, Redis had; it must not be told to people again.
                progress = Progress(log.beginning, min(position, log.end))
                emptied += progress.is_rebuilding
                await self._begin(partition, progress, position)
            elif progress.rebuilt_to > max(progress.next, log.end):
                # The topic was made anew while Redis was rebuilt: what is missing there is nowhere any more.
                await self._begin(partition, Progress(log.beginning), position)
            else:
                self._held[partition] = _Held(partition, progress, position)
        if emptied:
            self._metrics.count(SINK_REBUILDS)
            _log.warning("redis_was_empty", partitions=emptied)
        self._start_rebuilding()

    def _loaded(self, _: Any) -> None:  # noqa: ANN401 - the task, which says nothing more
        self._loading = None

    async def _read_positions(self) -> dict[Partition, Progress | None]:
        counts = self._surroundings.partitions
        every = [Partition(topic, number) for topic in self.topics for number in range(counts[topic])]
        return await self._ask(lambda: self._store.positions(every)) or {}

    async def _begin(self, partition: Partition, progress: Progress, committed: int) -> None:
        if await self._ask(lambda: self._store.set_position(partition, progress)):
            self._held[partition] = _Held(partition, progress, committed)

    async def _write_on(self) -> None:
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < BATCH_MAX and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            current = [item for item in batch if self._held.get(item.held.partition) is item.held]
            try:
                if current:
                    await self._write(current)
            except MovedError as error:
                self._forget_if([item.held for item in batch if item.held.partition in error.partitions])
            except Exception as error:  # noqa: BLE001 - whatever it is, the partitions are loaded anew
                _log.exception("write_failed", error=repr(error))
                self._forget_if([item.held for item in batch])
            finally:
                for _ in batch:
                    self._waiting.task_done()

    async def _write(self, batch: list[_Item]) -> None:
        before = {item.held.partition: item.held.written for item in batch}
        after = {item.held.partition: msgspec.structs.replace(item.held.written, next=item.next) for item in batch}
        entries = [item.entry for item in batch if item.entry is not None]
        written = await self._ask(lambda: self._store.write(dated(entries, clock.now_ms()), before, after))
        if written is None:
            return
        for item in batch:
            item.held.written = after[item.held.partition]
        self._metrics.count(SINK_WRITTEN, "alert", by=written.alerts)
        self._metrics.count(SINK_WRITTEN, "trend", by=written.trends)
        self._metrics.count(SINK_WRITTEN, "feedback", by=written.feedback)
        for held in {item.held.partition: item.held for item in batch}.values():
            if held.is_rebuilding and not held.written.is_rebuilding:
                await self._read_on(held)

    async def _read_on(self, held: _Held) -> None:
        held.is_rebuilding = False
        _log.info("partition_rebuilt", topic=held.partition.topic, partition=held.partition.number, next=held.next)
        try:
            await self._surroundings.consumer.seek_to(held.partition, held.next)
        except Exception as error:  # noqa: BLE001 - the worker's keeper will find the partition at a standstill
            _log.warning("seek_failed", error=repr(error))

    def _forget_if(self, moved: Collection[_Held]) -> None:
        # One partition may come with several messages of a batch.
        gone = {each for each in moved if self._held.get(each.partition) is each}
        for each in gone:
            del self._held[each.partition]
        if gone:
            _log.warning("redis_moved", partitions=len(gone))

    def _entry_of(self, message: Message, held: _Held) -> Entry | None:
        try:
            return read_entry(message, held.written.rebuilt_to, clock.now_ms())
        except ValueError as error:
            self._metrics.count(SINK_REFUSED)
            place = {"topic": message.partition.topic, "partition": message.partition.number, "offset": message.offset}
            _log.error("message_refused", **place, error=str(error)[:_ERROR_CHARACTERS_MAX])
            return None

    async def _commit(self, held: _Held) -> None:
        position = held.written.next
        if position <= held.committed or held.written.is_rebuilding:
            return
        try:
            await self._surroundings.consumer.commit_position(held.partition, position)
            held.committed = position
        except Exception as error:  # noqa: BLE001 - the next one will say it again
            _log.debug("commit_failed", error=repr(error))

    def _start_rebuilding(self) -> None:
        if self._rebuilding is None and any(held.is_rebuilding for held in self._held.values()):
            self._rebuilding = asyncio.create_task(self._rebuild())
            self._rebuilding.add_done_callback(self._rebuilt)

    def _rebuilt(self, task: "asyncio.Task[None]") -> None:
        self._rebuilding = None
        if not task.cancelled() and (error := task.exception()) is not None:
            # The next tick tries again, from where it came to.
            _log.warning("rebuild_failed", error=repr(error))

    async def _rebuild(self) -> None:
        rebuilt = {held.partition: held for held in self._held.values() if held.is_rebuilding}
        spans = {each: Bounds(held.next, held.written.rebuilt_to) for each, held in rebuilt.items()}
        _log.info("rebuild_started", messages=sum(span.end - span.beginning for span in spans.values()))
        async with aclosing(read_again(self._settings.kafka.bootstrap, spans)) as messages:
            async for message, is_needed in messages:
                held = rebuilt[message.partition]
                if self._held.get(message.partition) is not held:
                    # Redis was emptied once more, or the group has changed: the next tick begins again.
                    return
                held.next = message.offset + 1
                await self._put(_Item(held, held.next, self._entry_of(message, held) if is_needed else None))
        for held in rebuilt.values():
            # The last ones may be missing. A partition that has them reads on already and must not be set back.
            if held.next < held.written.rebuilt_to:
                held.next = held.written.rebuilt_to
                await self._put(_Item(held, held.next, None))

    async def _put(self, item: _Item) -> None:
        if self._held.get(item.held.partition) is item.held:
            await self._waiting.put(item)

    @staticmethod
    def _say(sentence: str) -> None:
        _log.warning("redis_told", sentence=sentence)


def run_sink(settings: Settings) -> int:
    """Run the worker until a signal stops it; return what the process ends with.

    Raises:
        OutsideError: If the settings name no Redis, or it refuses this program.
    """
    if not settings.redis.url:
        raise OutsideError(
            "`worker sink` needs a Redis server, and the settings name none: set UNDERCURRENT_REDIS_URL or `url` of "
            "`[redis]`, such as redis://127.0.0.1:6379/0."
        )
    metrics = SinkWorkerMetrics()
    plan = WorkerPlan(
        name="worker sink",
        group=SINK_GROUP,
        topics=SinkStage.topics,
        port=settings.workers.sink_port,
        make_stage=lambda surroundings: SinkStage(settings, surroundings, metrics),
    )
    return WorkerRun(plan, settings, metrics).run()
