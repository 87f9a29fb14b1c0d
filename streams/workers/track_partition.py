"""One partition in the hands of `worker track`: its state, its messages on their way out, and when it is saved.

Effects come in this order: messages acknowledged, states acknowledged, header acknowledged. If one of them fails the
partition is of no use any more, and is loaded anew.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from models.assign import partition_of_key
from models.frame import OtherVersionError
from models.log import Verdict
from models.message import AlertMessage, Delivery, Message, encode_delivered, encode_trend
from models.partition import Cut, TrackPartition
from streams.errors import OutsideError
from streams.logs import get_logger
from streams.metrics import TRENDS, TrackMetrics
from streams.topics import ALERTS
from streams.topics import TRENDS as TREND_TOPIC
from streams.worker_metrics import FRAMES_READ, SNAPSHOT_BYTES, SNAPSHOT_RECORDS, SNAPSHOT_SECONDS
from streams.workers import stage
from streams.workers.producer import Outbox
from streams.workers.snapshot_store import Written, write_header, write_states

_STATES_AT_ONCE: Final = 16
"""Snapshots taken in one go, in which no frame is applied; each takes milliseconds."""

_ROUNDS: Final = 10
"""Rounds of saving in each interval."""

_MARKS: Final = 6
"""Marks in each interval: reading begins again at one of them."""

_PHASES: Final = 1_024

_log = get_logger()


class HeldPartition:
    """See the module's description.

    Args:
        place: Which partition it is.
        track: Its state.
        partitions: How many partitions each topic has.
        new_outbox: Makes an outbox.
        metrics: Counts.
        interval_s: How often a state that changes is saved.
        now_ms: The processing time.
        elapsed_s: Seconds since an arbitrary moment.

    Attributes:
        track: Its state.
        behind_since_s: Since when the header that was saved is behind; None if it is not.
        begin: Where reading would begin again.
        committed: What the group knows of `track.next`.
    """

    def __init__(
        self,
        place: stage.Partition,
        track: TrackPartition,
        partitions: Mapping[str, int],
        new_outbox: Callable[[], Outbox],
        metrics: TrackMetrics,
        *,
        interval_s: float,
        now_ms: Callable[[], int],
        elapsed_s: Callable[[], float],
    ) -> None:
        self.place = place
        self.track = track
        self.begin = track.next
        self.committed = -1
        self.behind_since_s: float | None = None
        self._partitions = partitions
        self._messages = new_outbox()
        self._records = new_outbox()
        self._metrics = metrics
        self._interval_s = interval_s
        self._now_ms = now_ms
        self._elapsed_s = elapsed_s
        self._applying = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._due_s: dict[str, float] = {}
        self._round_s = self._marked_s = elapsed_s()
        self._counts = self._count()
        self._lost_from_ms: int | None = None

    async def take(self, message: stage.Message) -> None:
        """Apply the frame of a message, and send what it gives rise to.

        Raises:
            OutsideError: If the frame is of another version.
            KafkaError: If something could not be sent.
        """
        async with self._applying:
            try:
                outcome = self.track.apply(message.value)
            except OtherVersionError as error:
                where = f"{message.partition.topic}, partition {message.partition.number}, offset {message.offset}"
                raise OutsideError(f"{where}: {error}; run the program that wrote it, or a later one.") from None
            if outcome is None:
                _log.error("frame_unreadable", partition=message.partition.number, offset=message.offset)
            elif self._lost_from_ms is not None and outcome.verdict is Verdict.TAKEN:
                self._tell_of_loss()
            self._metrics.count(FRAMES_READ, outcome.verdict.value if outcome else "unreadable")
            for each in outcome.messages if outcome else ():
                await self._send(each, message)

    def skip_to(self, offset: int) -> None:
        """Go on at `offset` without what is lost before it, and say what that is as soon as it is known."""
        self._lost_from_ms = self.track.header.watermark_ms
        self.track.skip_to(offset)

    def _tell_of_loss(self) -> None:
        from_ms, self._lost_from_ms = self._lost_from_ms or 0, None
        until_ms = self.track.header.watermark_ms
        lost_s = max(0, until_ms - from_ms) // 1000 if from_ms >= 0 else None
        _log.warning(
            "log_resumed", partition=self.place.number, lost_from_ms=from_ms, lost_until_ms=until_ms, lost_s=lost_s
        )

    async def _send(self, message: Message, cause: stage.Message) -> None:
        if isinstance(message, AlertMessage):
            self._metrics.count_alert(message)
            delivery = Delivery(
                ingested_ms=cause.timestamp_ms,
                scored_ms=self._now_ms(),
                topic=cause.partition.topic,
                partition=cause.partition.number,
                offset=cause.offset,
            )
            raw = encode_delivered(msgspec.structs.replace(message, delivery=delivery))
            await self._put(ALERTS.name, message.alert_id, raw)
            return
        self._metrics.count(TRENDS)
        await self._put(TREND_TOPIC.name, message.narrative_id, encode_trend(message))
        if message.is_gone:
            # Behind its last message, which says so to who reads along: the topic keeps nothing of it.
            await self._put(TREND_TOPIC.name, message.narrative_id, None)

    async def _put(self, topic: str, key: str, value: bytes | None) -> None:
        await self._messages.send(topic, partition_of_key(key, self._partitions[topic]), key.encode(), value)

    async def save_what_is_due(self) -> None:
        """Save the states that changed long enough ago, and the header; call it about once a second."""
        now_s = self._elapsed_s()
        if now_s - self._marked_s >= self._interval_s / _MARKS:
            self._marked_s = now_s
            self.track.mark()
        dirty = self.track.dirty
        self._due_s = {name: self._due_s.get(name) or self._due_of(name, now_s) for name in dirty}
        if self.behind_since_s is None and self.begin < self.track.next:
            self.behind_since_s = now_s
        due = [name for name in dirty if self._due_s[name] <= now_s]
        is_header_due = self.behind_since_s is not None and now_s - self.behind_since_s >= self._interval_s
        if now_s - self._round_s >= self._interval_s / _ROUNDS and (due or is_header_due):
            await self.save(due)

    def _due_of(self, community: str, now_s: float) -> float:
        # Communities that began to change in one moment are not all saved in one moment.
        phase = partition_of_key(community, _PHASES) / _PHASES
        return now_s + self._interval_s * (1 + phase) / 2

    async def save(self, communities: list[str]) -> None:
        """Save the states of some communities, then the header.

        Raises:
            KafkaError: If something was not acknowledged; the partition must be given up.
            OutsideError: If a state is too large.
        """
        async with self._saving:
            started_s = self._round_s = self._elapsed_s()
            written = Written()
            *first, last = [
                communities[start : start + _STATES_AT_ONCE]
                for start in range(0, max(1, len(communities)), _STATES_AT_ONCE)
            ]
            for some in first:
                cut = await self._cut(some)
                await self._messages.acknowledged()
                await write_states(self._records, self.place.number, cut, written)
                # Its header is not written, so nothing may be removed by it.
                self.track.done(msgspec.structs.replace(cut, removals=[]))
            cut = await self._cut(last)
            await self._messages.acknowledged()
            await write_states(self._records, self.place.number, cut, written)
            await write_header(self._records, self.place.number, cut, written)
            self.track.done(cut)
            self.begin = cut.begin
            self.behind_since_s = None if cut.begin == self.track.next else started_s
            self._metrics.count(SNAPSHOT_BYTES, by=written.bytes)
            self._metrics.count(SNAPSHOT_RECORDS, by=written.records)
            self._metrics.count(SNAPSHOT_SECONDS, by=self._elapsed_s() - started_s)

    async def _cut(self, communities: list[str]) -> Cut:
        async with self._applying:
            for name in communities:
                # What changes from here on is due anew.
                self._due_s.pop(name, None)
            return self.track.cut(communities)

    def count_posts(self) -> dict[str, int]:
        """Return what happened since the last call, by the name of its counter."""
        before, self._counts = self._counts, self._count()
        return {name: max(0, now - before[name]) for name, now in self._counts.items()}

    def _count(self) -> dict[str, int]:
        counts = self.track.counts()
        return {
            "duplicates": counts.duplicates,
            "late": counts.late,
            "too_late": counts.too_late,
            "backfilled": counts.backfilled,
            "baseline_changes": counts.baseline_changes,
            "evicted": self.track.evicted,
            "muted": self.track.muted,
        }
