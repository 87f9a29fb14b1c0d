"""The intake stage on Kafka: messages of the topics of posts and of control in, frames and dead letters out.

It keeps nothing but where it is, which is the group's committed position. What one input does stands in
`intake_partition`; here is when it is done, and what happens when it fails: the input is dropped and begins again at
the committed position.

Control is one more input, whose frames tell of no time. That an input shall be resumed concerns whichever worker holds
it, so each reads that by a feed of its own.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any, Final

from models.assign import partition_of, rules_version
from models.control import Control, Resume
from models.control_intake import ControlIntake
from models.flood import FloodGate
from models.intake import DeadLetter, Intake
from streams import clock, topics
from streams.dead_letters import encode_dead_letter
from streams.errors import OutsideError
from streams.logs import get_logger
from streams.metrics import POSTS_ACCEPTED, POSTS_REJECTED, POSTS_UNASSIGNED, REACHED, WorkerMetrics
from streams.settings import Settings
from streams.worker_metrics import FRAMES_SENT, INPUT_IDLE, INPUT_PAUSED, INTAKE_METRICS, MESSAGES_LOST
from streams.workers.control_feed import ControlFeed
from streams.workers.earlier_frames import check_earlier_frames
from streams.workers.idleness import IDLE_AFTER_S, Idleness
from streams.workers.intake_partition import Acknowledgement, InputPartition, SendFailedError
from streams.workers.run import Surroundings, WorkerPlan, WorkerRun
from streams.workers.stage import Bounds, Message, Partition

FLUSH_EVERY_S: Final = 0.125
PROGRESS_EVERY: Final = 4
"""Flushes; so progress goes out every half second."""

CONTROL_PROGRESS_EVERY: Final = 160
"""Nothing waits for progress of control. Every twenty seconds is enough for `earlier_frames` to find it."""

COMMIT_EVERY_S: Final = 1.0
COUNT_EVERY: Final = 64
"""Good messages between two counts, at most; to count each costs a tenth of reading it."""

_COMMIT_S_MAX: Final = 5.0
_SAY_EVERY_S: Final = 60.0

_log = get_logger()


class _Held:
    """One input while this worker has it, and the tasks that flush and commit it."""

    def __init__(self, name: str, number: InputPartition) -> None:
        self.name = name
        self.input = number
        self.idleness = Idleness()
        self.idle_for_ms = 0
        self.tasks: list[asyncio.Task[None]] = []
        self.uncounted = 0
        self._counted = (0, 0, 0)
        self._created = 0

    def count(self) -> tuple[int, int, int]:
        """Return how many posts were accepted, unassigned and rejected since the last call."""
        now = self.input.accepted, self.input.unassigned, self.input.rejected
        before, self._counted, self.uncounted = self._counted, now, 0
        return now[0] - before[0], now[1] - before[1], now[2] - before[2]

    def has_new_posts(self) -> bool:
        """Return whether a post has come since the last call. Updates and deletes move no time, so must not hold it."""
        before, self._created = self._created, self.input.created
        return self._created > before


class _Pause:
    """Since when an input is paused, and why, in words."""

    def __init__(self, since_s: float, reason: str) -> None:
        self.since_s = self.said_s = since_s
        self.reason = reason


class IntakeStage:
    """See the module's description, and `Stage`.

    Args:
        settings: As loaded.
        surroundings: Of the worker.
        metrics: Where it is counted.
    """

    topics: Collection[str] = (topics.POSTS.name, topics.CONTROL.name)
    # Markers of transactions take offsets and are no messages.
    may_have_holes = True

    def __init__(self, settings: Settings, surroundings: Surroundings, metrics: WorkerMetrics) -> None:
        self._settings = settings
        self._surroundings = surroundings
        self._metrics = metrics
        self._outputs = surroundings.partitions[topics.COMMUNITY_POSTS.name]
        self._dead_letters = surroundings.partitions[topics.DEAD_LETTERS.name]
        self._inputs = surroundings.partitions[topics.POSTS.name]
        self._metadata = f"rules={rules_version(settings)}"
        self._held: dict[Partition, _Held] = {}
        self._gates: dict[Partition, FloodGate] = {}
        self._pauses: dict[Partition, _Pause] = {}
        self._control: asyncio.Task[None] | None = None
        self._resuming: set[asyncio.Task[None]] = set()

    async def assigned(self, partitions: set[Partition]) -> Mapping[Partition, int]:
        """See `Stage`."""
        if self._control is None:
            feed = ControlFeed(self._settings.kafka.bootstrap, self._obey)
            self._control = asyncio.get_running_loop().create_task(feed.run())
        for partition in [*self._held, *self._pauses]:
            if partition not in partitions:
                self._forget(partition)
                self._unpause(partition)
        consumer = self._surroundings.consumer
        missing = [partition for partition in sorted(partitions) if self.next_of(partition) is None]
        found = await asyncio.gather(*map(consumer.committed_position, missing))
        new = [_name(partition) for partition, committed in zip(missing, found, strict=True) if committed is None]
        if new:
            await check_earlier_frames(self._settings.kafka.bootstrap, new, self._surroundings.bounds.read)
        for partition, committed in zip(missing, found, strict=True):
            # A group that has committed nothing begins where the log does, of which `out_of_bounds` will tell.
            self._hold(partition, committed[0] if committed else 0)
        return {partition: held.input.next for partition, held in self._held.items()}

    async def revoked(self, partitions: set[Partition]) -> None:
        """See `Stage`. Others may go on with them meanwhile, so each begins again where the group has committed."""
        for partition in partitions:
            self._forget(partition)

    def next_of(self, partition: Partition) -> int | None:
        """See `Stage`."""
        held = self._held.get(partition)
        return None if held is None or held.input.failure is not None else held.input.next

    async def take(self, message: Message) -> None:
        """See `Stage`."""
        held = self._held.get(message.partition)
        if held is None or message.partition in self._pauses:
            return
        rejected = held.input.rejected
        is_backfill = any(name == topics.BACKFILL_HEADER for name, _ in message.headers)
        try:
            # A message without a value is as little a post as one of no bytes.
            await held.input.take(message.offset, message.value or b"", message.timestamp_ms, is_backfill=is_backfill)
        except SendFailedError:
            self._forget(message.partition)
            raise
        held.uncounted += 1
        if held.uncounted >= COUNT_EVERY or held.input.rejected > rejected:
            self._count(message.partition, held)

    async def out_of_bounds(self, partition: Partition, bounds: Bounds) -> None:
        """See `Stage`. What the log has lost is told and left behind; a log that has become shorter ends it all."""
        wanted = self.next_of(partition)
        if wanted is None:
            return
        if wanted > bounds.end:
            raise OutsideError(
                f"{partition.topic}, partition {partition.number}, ends at offset {bounds.end:,}, but intake has read "
                f"up to {wanted:,}: the topic was made anew or cut, and what it holds now would be taken for read."
            )
        if wanted:
            lost = bounds.beginning - wanted
            self._metrics.count(MESSAGES_LOST, by=lost)
            _log.error("messages_lost", input=_name(partition), after=wanted, through=bounds.beginning, messages=lost)
        self._hold(partition, bounds.beginning, is_reset=True)

    async def tick(self) -> None:
        """See `Stage`."""
        now_s = clock.monotonic_s()
        for partition, pause in self._pauses.items():
            if now_s - pause.said_s >= _SAY_EVERY_S:
                pause.said_s = now_s
                _log.warning("input_paused", input=_name(partition), reason=pause.reason)
        reached_ms = max((held.input.reached_ms for held in self._held.values()), default=-1)
        if reached_ms >= 0:
            self._metrics.show(REACHED, reached_ms / 1000)
        for partition, held in self._held.items():
            if not _is_control(partition):
                self._metrics.show(INPUT_IDLE, held.idle_for_ms / 1000, held.name)

    async def stop(self) -> None:
        """See `Stage`."""
        commits = [self._commit(partition, held) for partition, held in self._held.items()]
        if commits:
            await asyncio.wait([asyncio.ensure_future(commit) for commit in commits], timeout=_COMMIT_S_MAX)
        for partition in list(self._held):
            self._forget(partition)
        for task in [self._control, *self._resuming]:
            if task is not None:
                task.cancel()

    def holds_back(self, partition: Partition) -> bool:
        """See `Stage`."""
        return partition in self._pauses

    def waiting_for(self) -> str | None:
        """See `Stage`."""
        for partition, pause in list(self._pauses.items()):
            name = _name(partition)
            return f"input {name} is paused: {pause.reason}; `undercurrent control resume {name}` reads on"
        return None

    def _hold(self, partition: Partition, offset: int, *, is_reset: bool = False) -> None:
        self._forget(partition)
        name = _name(partition)
        intake: Intake | ControlIntake
        if _is_control(partition):
            intake = ControlIntake(name, self._inputs, self._outputs, (offset, 0))
        else:
            # Partitions may have been added to the topic since this began.
            inputs = max(self._inputs, partition.number + 1)
            intake = Intake(name, inputs, self._outputs, self._settings, (offset, 0))
        held = _Held(
            name,
            InputPartition(
                intake, send_frame=self._send_frame, send_dead_letter=self._send_dead_letter, is_reset=is_reset
            ),
        )
        self._held[partition] = held
        self._metrics.show(INPUT_PAUSED, partition in self._pauses, name)
        loop = asyncio.get_running_loop()
        held.tasks = [loop.create_task(each(partition, held)) for each in (self._flush_on, self._commit_on)]

    def _forget(self, partition: Partition) -> None:
        held = self._held.pop(partition, None)
        for task in held.tasks if held else ():
            if task is not asyncio.current_task():
                task.cancel()

    def _count(self, partition: Partition, held: _Held) -> None:
        accepted, unassigned, rejected = held.count()
        self._metrics.count(POSTS_ACCEPTED, by=accepted)
        self._metrics.count(POSTS_UNASSIGNED, by=unassigned)
        gate = self._gates.setdefault(partition, FloodGate())
        if gate.observe(round(clock.monotonic_s() * 1000), accepted, rejected) and partition not in self._pauses:
            self._pause(partition, gate)

    async def _flush_on(self, partition: Partition, held: _Held) -> None:
        flushes, progress_every = 0, CONTROL_PROGRESS_EVERY if _is_control(partition) else PROGRESS_EVERY
        while True:
            await asyncio.sleep(FLUSH_EVERY_S)
            flushes += 1
            if held.uncounted:
                self._count(partition, held)
            held.idle_for_ms = self._idle_for_ms(partition, held)
            try:
                await held.input.flush(progress=flushes % progress_every == 0, idle_for_ms=held.idle_for_ms)
            except SendFailedError as error:
                self._drop(partition, held, error)
                return

    async def _commit_on(self, partition: Partition, held: _Held) -> None:
        while True:
            await asyncio.sleep(COMMIT_EVERY_S)
            try:
                await self._commit(partition, held)
            except SendFailedError as error:
                self._drop(partition, held, error)
                return
            except Exception as error:  # noqa: BLE001 - the next one will commit more
                _log.warning("commit_failed", input=held.name, error=repr(error))

    async def _commit(self, partition: Partition, held: _Held) -> None:
        if held.input.next > held.input.committed:
            offset = await held.input.settle(idle_for_ms=held.idle_for_ms)
            await self._surroundings.consumer.commit_position(partition, offset, self._metadata)
            held.input.committed = offset

    def _drop(self, partition: Partition, held: _Held, error: SendFailedError) -> None:
        _log.warning("input_dropped", input=held.name, committed=held.input.committed, error=str(error))
        if self._held.get(partition) is held:
            self._forget(partition)

    def _idle_for_ms(self, partition: Partition, held: _Held) -> int:
        now_s = clock.monotonic_s()
        pause = self._pauses.get(partition)
        if pause is not None:
            # Faust wakes every partition when the group has changed.
            self._surroundings.consumer.pause(partition)
            return round(max(IDLE_AFTER_S, now_s - pause.since_s) * 1000)
        if held.has_new_posts():
            held.idleness.reset()
        reading = self._surroundings.consumer.reading(partition)
        is_at_end = reading is not None and reading.has_none_after(held.input.next)
        return held.idleness.look(now_s, fetched=reading.fetched if reading else None, is_at_end=is_at_end)

    async def _send_frame(self, output: int, raw: bytes) -> Acknowledgement:
        self._metrics.count(FRAMES_SENT)
        return await self._send(topics.COMMUNITY_POSTS.name, output, None, raw, [])

    async def _send_dead_letter(self, letter: DeadLetter, appended_ms: int | None) -> Acknowledgement:
        self._metrics.count(POSTS_REJECTED, letter.reason.value)
        key, raw, headers = encode_dead_letter(letter, appended_ms)
        output = partition_of(key.decode(), self._dead_letters)
        return await self._send(topics.DEAD_LETTERS.name, output, key, raw, headers)

    async def _send(
        self, topic: str, output: int, key: bytes | None, raw: bytes, headers: list[tuple[str, bytes]]
    ) -> Acknowledgement:
        producer: Any = self._surroundings.app.producer
        sent: Acknowledgement = await producer.send(topic, key, raw, output, None, headers)
        return sent

    def _pause(self, partition: Partition, gate: FloodGate) -> None:
        reason = f"{gate.rejected:,} of the last {gate.total:,} posts were none"
        self._pauses[partition] = _Pause(clock.monotonic_s(), reason)
        self._surroundings.consumer.pause(partition)
        self._metrics.show(INPUT_PAUSED, 1, _name(partition))
        _log.warning("input_paused", input=_name(partition), reason=reason)

    def _unpause(self, partition: Partition) -> bool:
        self._gates.pop(partition, None)
        self._metrics.show(INPUT_PAUSED, 0, _name(partition))
        return self._pauses.pop(partition, None) is not None

    def _obey(self, control: Control) -> None:
        if not isinstance(control, Resume):
            return
        topic, number = topics.parse_input(control.input)
        partition = Partition(topic.name, number)
        held = self._held.get(partition)
        if partition in self._pauses and self._unpause(partition) and held is not None:
            _log.info("input_resumed", input=held.name, by=control.by, at=held.input.next)
            held.idleness.reset()
            task = asyncio.get_running_loop().create_task(self._read_on(partition, held))
            self._resuming.add(task)
            task.add_done_callback(self._resuming.discard)

    async def _read_on(self, partition: Partition, held: _Held) -> None:
        try:
            await self._surroundings.consumer.seek_to(partition, held.input.next)
        except Exception as error:  # noqa: BLE001 - the worker's keeper will find the partition at a standstill
            _log.warning("resume_failed", input=held.name, error=repr(error))


def _name(partition: Partition) -> str:
    return f"{'control' if _is_control(partition) else 'posts'}/{partition.number}"


def _is_control(partition: Partition) -> bool:
    return partition.topic == topics.CONTROL.name


def run_intake(settings: Settings) -> int:
    """Run the worker until a signal stops it; return what the process ends with."""
    metrics = WorkerMetrics([POSTS_ACCEPTED, POSTS_REJECTED, POSTS_UNASSIGNED, REACHED, *INTAKE_METRICS])
    plan = WorkerPlan(
        name="worker intake",
        group=topics.INTAKE_GROUP,
        topics=[each.name for each in (topics.POSTS, topics.DEAD_LETTERS, topics.COMMUNITY_POSTS, topics.CONTROL)],
        port=settings.workers.intake_port,
        make_stage=lambda surroundings: IntakeStage(settings, surroundings, metrics),
    )
    return WorkerRun(plan, settings, metrics).run()
