"""Everything between a source and those who want its alerts, in one process.

The main thread takes what the reader has read, hands it to the pipeline, and brings its messages to Redis and
to standard output. Twice a second it writes trends, updates metrics, and applies what has become due.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from models.configuration import CoreSettings
from models.message import AlertMessage, Delivery, Message
from models.post import Reason
from streams import clock
from streams.metrics import Metrics
from streams.pipeline import Counts, Pipeline
from streams.reader import Item, Reader
from streams.sink import Sink
from streams.sources import LINE_BYTES_MAX

TICK_S: Final = 0.5
IDLE_AFTER_MS: Final = 2_000
"""A live source that is silent for so long lets time go on without its posts."""


class Embedded:
    """The product in one process, without its web page.

    Args:
        settings: What the core needs to know.
        sink: Takes messages for Redis.
        metrics: Counts.
        on_alert: Takes each alert message after Redis has it, with its processing times.
        on_rejection: Takes why something was no post, as a code and in words, and the item it was in.
        is_live: Whether the source is posted to while it is read, so that its silence means something.
        now_ms: The processing time.
        elapsed_s: Seconds since an arbitrary moment.

    Attributes:
        has_begun: Whether posts are taken, or were.
    """

    def __init__(
        self,
        settings: CoreSettings,
        sink: Sink,
        metrics: Metrics,
        *,
        on_alert: Callable[[AlertMessage], None],
        on_rejection: Callable[[Reason, str, Item], None],
        is_live: bool = False,
        now_ms: Callable[[], int] = clock.now_ms,
        elapsed_s: Callable[[], float] = clock.monotonic_s,
    ) -> None:
        self._pipeline = Pipeline(
            settings, on_message=self._deliver, on_dead_letter=lambda dead: self._reject(dead.reason, dead.detail)
        )
        self._sink = sink
        self._metrics = metrics
        self._on_alert = on_alert
        self._on_rejection = on_rejection
        self._is_live = is_live
        self._now_ms = now_ms
        self._elapsed_s = elapsed_s
        self._read_ms = self._moved_ms = now_ms()
        self._item = Item(b"", 0)
        self._tick_due_s = elapsed_s()
        self.has_begun = False

    @property
    def counts(self) -> Counts:
        """What went in and came out so far."""
        return self._pipeline.counts

    def run(self, reader: Reader[Item], is_stopped: Callable[[], bool], on_tick: Callable[[], None]) -> None:
        """Take all that a reader has, until it ends or is stopped. A source that breaks off ends too.

        Args:
            reader: What is read; started here.
            is_stopped: Asked after every item.
            on_tick: Called about twice a second.
        """
        reader.start()
        self.has_begun = True
        try:
            while not is_stopped() and not reader.has_ended:
                self._take(reader.take(TICK_S), is_more=reader.is_behind)
                if self._elapsed_s() >= self._tick_due_s:
                    self._tick()
                    on_tick()
            if not is_stopped():
                self._pipeline.finish()
        finally:
            reader.stop()
            self._tick()

    def _take(self, item: Item | None, *, is_more: bool) -> None:
        if item is not None:
            self._item, self._read_ms = item, self._now_ms()
            created = self._pipeline.created
            if item.is_too_long:
                self._reject(Reason.TOO_LARGE, f"the line is longer than {LINE_BYTES_MAX:,} bytes")
            else:
                self._pipeline.feed(item.raw, item.latest_ms, is_backfill=item.is_backfill)
            if self._pipeline.created > created:
                # Updates and deletes move no time, so they must not hold it either.
                self._moved_ms = self._read_ms
        if not is_more:
            # Nothing else waits: what has come so far is applied now, and not when a frame is full.
            self._pipeline.flush(self._idle_for_ms())

    def _idle_for_ms(self) -> int:
        idle_for_ms = self._now_ms() - self._moved_ms
        return idle_for_ms if self._is_live and idle_for_ms >= IDLE_AFTER_MS else 0

    def _tick(self) -> None:
        self._tick_due_s = self._elapsed_s() + TICK_S
        self._sink.flush()
        self._metrics.observe_counts(self._pipeline.counts)
        self._metrics.observe_standings(self._pipeline.standings())

    def _deliver(self, message: Message) -> None:
        if not isinstance(message, AlertMessage):
            self._sink.write_trend(message)
            return
        scored_ms = self._now_ms()
        delivery = Delivery(ingested_ms=self._read_ms, scored_ms=scored_ms, delivered_ms=self._now_ms())
        message = msgspec.structs.replace(message, delivery=delivery)
        self._sink.write_alert(message)
        self._metrics.observe_alert(message)
        self._on_alert(message)

    def _reject(self, reason: Reason, detail: str) -> None:
        self._metrics.observe_rejection(reason)
        self._on_rejection(reason, detail, self._item)
