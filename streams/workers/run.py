"""Runs one worker from start to end: logs, HTTP, waiting for Kafka, the Faust app with its stage, a clean stop."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Collection, Mapping
from types import FrameType
from typing import Any, Final

import faust
import msgspec
import uvloop

from streams import clock, logs
from streams.errors import OutsideError, Status
from streams.metrics import WorkerMetrics
from streams.settings import Settings
from streams.worker_metrics import FAILURES, LAG, PARTITIONS, POSITION, SEEKS
from streams.workers.app import make_app
from streams.workers.bounds import BoundsReader
from streams.workers.broker import wait_for_topics
from streams.workers.consumer import StageConsumer
from streams.workers.feed import Feed
from streams.workers.health import Health
from streams.workers.keeper import Keeper
from streams.workers.producer import Outbox
from streams.workers.stage import Message, Partition, Stage
from streams.workers.watchdog import DeadMansSwitch, Stalls

STOP_S_MAX: Final = 9.0
"""After SIGTERM the process is gone within 10 s; whatever it has not brought out then is read again."""

_FOREIGN_CHARACTERS_MAX: Final = 500
_FOREIGN_EVERY_S: Final = 10.0
_FOREIGN_KINDS_MAX: Final = 1_000

_log = logs.get_logger()


class Surroundings:
    """What a stage is given by its worker.

    Args:
        partitions: How many partitions each topic has that the stage reads or writes.
        bounds: Says what the log holds.
        stop: Ends the worker for a reason that only a person can mend.

    Attributes:
        app: The Faust app; there from the first call of the stage on.
    """

    app: faust.App

    def __init__(
        self, partitions: Mapping[str, int], bounds: BoundsReader, stop: Callable[[OutsideError], None]
    ) -> None:
        self.partitions = partitions
        self.bounds = bounds
        self.stop = stop

    def outbox(self) -> Outbox:
        """Return a new outbox."""
        return Outbox(lambda: self.app.producer)  # type: ignore[return-value,arg-type] # Faust's type is wider

    @property
    def consumer(self) -> StageConsumer:
        """The consumer, as soon as Faust has made it."""
        assert isinstance(self.app.consumer, StageConsumer), "the app has another consumer"
        return self.app.consumer


class WorkerPlan(msgspec.Struct, frozen=True):
    """What is to be run.

    Attributes:
        name: ``worker track``, as people call it.
        group: Id of the app and of its consumer group.
        topics: Names of all topics that the stage reads or writes; it starts when they are there.
        port: Where its metrics and health are served.
        make_stage: Makes the stage.
    """

    name: str
    group: str
    topics: Collection[str]
    port: int
    make_stage: Callable[[Surroundings], Stage]


class WorkerRun:
    """One run of a worker.

    Args:
        plan: What is to be run.
        settings: As loaded.
        metrics: Shown at ``/metrics``.
    """

    def __init__(self, plan: WorkerPlan, settings: Settings, metrics: WorkerMetrics) -> None:
        self._plan = plan
        self._settings = settings
        self._metrics = metrics
        self._switch = DeadMansSwitch()
        self._health = Health(plan.name, metrics, self._silence_s, host=settings.workers.host, port=plan.port)
        self._is_watched = False
        self._problem: OutsideError | None = None
        self._signal: signal.Signals | None = None
        self._on_signal: Callable[[], object] = lambda: None

    def run(self) -> Status:
        """Return when the worker has been stopped by a signal.

        Raises:
            OutsideError: If it cannot go on, and only a person can mend that.
        """
        logs.configure()
        _send_foreign_logs_to_ours()
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        self._health.start()
        _log.info(
            "worker_started", worker=self._plan.name, port=self._health.port, kafka=self._settings.kafka.bootstrap
        )
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self._hear)
            partitions = asyncio.run(self._wait())
            status = Status.DONE if partitions is None else self._work(partitions)
        finally:
            self._health.stop()
        if self._problem is not None:
            raise self._problem
        if self._signal is None:
            return status
        _log.info("worker_stopped", signal=self._signal.name)
        return Status.INTERRUPTED if self._signal is signal.SIGINT else Status.TERMINATED

    async def _wait(self) -> dict[str, int] | None:
        is_stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._on_signal = lambda: loop.call_soon_threadsafe(is_stopped.set)
        if self._signal is not None:
            return None
        try:
            return await wait_for_topics(self._settings.kafka.bootstrap, self._plan.topics, is_stopped, self._wait_for)
        finally:
            self._on_signal = lambda: None

    def _wait_for(self, problem: str) -> None:
        self._health.waiting_for = lambda: problem

    def _silence_s(self) -> float:
        return self._switch.silence_s if self._is_watched else 0.0

    def _work(self, partitions: Mapping[str, int]) -> Status:
        # Faust attaches what is made below to the loop that is current.
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        bounds = BoundsReader(self._settings.kafka.bootstrap)
        surroundings = Surroundings(partitions, bounds, self._stop)
        stage = self._plan.make_stage(surroundings)
        feed = Feed(
            stage,
            lambda: surroundings.consumer,
            bounds.read,
            on_seek=lambda cause: self._metrics.count(SEEKS, cause.value),
            on_failure=lambda: self._metrics.count(FAILURES),
            elapsed_s=clock.monotonic_s,
        )
        app = make_app(self._plan.group, self._settings.kafka, stage.topics, feed, self._taker(feed))
        surroundings.app = app
        keeper = Keeper(
            stage,
            feed,
            lambda: surroundings.consumer,
            switch=self._switch,
            stalls=Stalls(clock.monotonic_s),
            is_rebalancing=lambda: app.rebalancing,
            on_lag=self._show_lag,
            on_position=lambda partition, at: self._metrics.show(POSITION, at, partition.topic, str(partition.number)),
            stop_all=self._stop,
        )
        _connect(app, stage, keeper, bounds, lambda: surroundings.consumer)
        self._health.waiting_for = lambda: stage.waiting_for() or keeper.waiting_for()
        self._switch.start()
        self._is_watched = True
        worker = _QuietWorker(app, keeper, loop=loop, on_signal=self._note_signal)
        try:
            if self._signal is not None:
                return Status.DONE
            worker.execute_from_commandline()
        except SystemExit as ended:
            return Status.DONE if ended.code == 0 else Status.INCOMPLETE
        finally:
            self._switch.stop()

    def _taker(self, feed: Feed) -> Callable[[Message], Any]:
        async def take(message: Message) -> None:
            try:
                await feed.take(message)
            except OutsideError as error:
                self._stop(error)
            except Exception as error:  # noqa: BLE001 - the keeper seeks again
                _log.warning("message_skipped", error=repr(error))

        return take

    def _show_lag(self, topic: str, waiting: int, held: int) -> None:
        self._metrics.show(LAG, waiting, topic)
        self._metrics.show(PARTITIONS, held, topic)

    def _stop(self, problem: OutsideError) -> None:
        if self._problem is None:
            self._problem = problem
            os.kill(os.getpid(), signal.SIGTERM)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        # Not the loop's own handlers: a signal that comes as a loop ends, or before the next one runs, would be lost.
        self._note_signal(signal.Signals(number))
        self._on_signal()

    def _note_signal(self, number: signal.Signals) -> None:
        if self._signal is None:
            self._signal = number
            # What hangs may not keep the process: a stop is never worse than a kill, which loses nothing either.
            timer = threading.Timer(STOP_S_MAX, os._exit, [Status.TERMINATED.value])
            timer.daemon = True
            timer.start()


class _QuietWorker(faust.Worker):
    """Faust's worker without its spinner, its words on stdout and its own set-up of logging."""

    def __init__(
        self,
        app: faust.App,
        *services: Any,  # noqa: ANN401 - Faust's own
        on_signal: Callable[[signal.Signals], None],
        **options: Any,  # noqa: ANN401 - Faust's own
    ) -> None:
        super().__init__(
            app, *services, quiet=True, override_logging=False, redirect_stdouts=False, workdir=None, **options
        )
        self.spinner = None
        self._on_signal = on_signal

    def _schedule_shutdown(self, signal: signal.Signals) -> None:
        self._on_signal(signal)
        super()._schedule_shutdown(signal)


def _connect(
    app: faust.App, stage: Stage, keeper: Keeper, bounds: BoundsReader, consumer: Callable[[], StageConsumer]
) -> None:
    # Faust keeps weak references to what it calls.
    async def revoked(_: Any, *arguments: Any, **__: Any) -> None:  # noqa: ANN401 - Faust's own
        await consumer().settle_commits()
        await stage.revoked({Partition(each.topic, each.partition) for each in arguments[0]})

    async def joined(*_: Any, **__: Any) -> None:  # noqa: ANN401 - Faust's own
        keeper.joined()

    async def stop(*_: Any, **__: Any) -> None:  # noqa: ANN401 - Faust's own
        await stage.stop()
        await bounds.close()

    app.on_partitions_revoked.connect(revoked, weak=False)  # type: ignore[arg-type] # its type has no arguments
    app.on_partitions_assigned.connect(joined, weak=False)
    app.on_before_shutdown.connect(stop, weak=False)


class _ForeignLogs(logging.Handler):
    """Passes on what Faust, mode and aiokafka log, cut to a readable length, and each thing once in a while.

    While a broker is away aiokafka says so a hundred times a second.
    """

    def __init__(self, elapsed_s: Callable[[], float] = clock.monotonic_s) -> None:
        super().__init__(logging.WARNING)
        self._elapsed_s = elapsed_s
        self._said_s: dict[tuple[str, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        now_s, what = self._elapsed_s(), (record.name, str(record.msg))
        if now_s - self._said_s.get(what, -_FOREIGN_EVERY_S) < _FOREIGN_EVERY_S:
            return
        if len(self._said_s) >= _FOREIGN_KINDS_MAX:
            self._said_s.clear()
        self._said_s[what] = now_s
        text = record.getMessage()[:_FOREIGN_CHARACTERS_MAX]
        report = _log.error if record.levelno >= logging.ERROR else _log.warning
        error = record.exc_info[1] if record.exc_info else None
        report("library_reported", library=record.name, text=text, **({"error": repr(error)} if error else {}))


def _send_foreign_logs_to_ours() -> None:
    logging.root.handlers = [_ForeignLogs()]
    logging.root.setLevel(logging.WARNING)
