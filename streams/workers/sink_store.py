"""Redis as the sink writes it: messages together with how far their partitions have been written, or not at all.

So Redis itself says where to go on. After it was emptied, or came back with what it held some time ago, its positions
tell so, and nothing is skipped that it does not hold.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
import redis

from models.control import Feedback, Undo
from models.message import decode_trend
from streams import topics
from streams.redis_store import RedisStore
from streams.workers.sink_entries import Alert, Entry, Gone, Said, Trend, ended
from streams.workers.sink_feedback import follow
from streams.workers.stage import Partition


class Progress(msgspec.Struct, frozen=True):
    """How far Redis has a partition.

    Attributes:
        next: Offset of the first message that it does not have.
        rebuilt_to: Offset up to which it had all of it before it was emptied; 0 if it never was.
    """

    next: int
    rebuilt_to: int = 0

    @property
    def is_rebuilding(self) -> bool:
        """Whether some of what Redis had is not back yet."""
        return self.next < self.rebuilt_to


class Written(msgspec.Struct, frozen=True):
    """How much was written.

    Attributes:
        alerts: Alert messages that were new to Redis.
        trends: Narratives.
        feedback: Alerts of which people now say something else.
    """

    alerts: int
    trends: int
    feedback: int = 0


class MovedError(Exception):
    """Redis has another position of a partition than its writer thinks: it was emptied, went back, or another writes.

    Args:
        partitions: Which.
    """

    def __init__(self, partitions: Collection[Partition]) -> None:
        super().__init__(", ".join(f"{each.topic}/{each.number}" for each in sorted(partitions)))
        self.partitions = frozenset(partitions)


class SinkStore:
    """See the module's description. Not for several threads at once.

    Args:
        client: The connection, which must not decode responses.
        store: Writes messages over it.
    """

    def __init__(self, client: redis.Redis, store: RedisStore) -> None:
        # The client's types cover its asynchronous twin too, and fit neither.
        self._client: Any = client
        self._store = store

    def ping(self) -> None:
        """Return if Redis answers; raise `redis.RedisError` if not."""
        self._store.ping()

    def positions(self, partitions: Iterable[Partition]) -> dict[Partition, Progress | None]:
        """Return how far Redis has each of some partitions; None for one that it knows nothing of."""
        asked = list(partitions)
        return dict(zip(asked, self._read(self._client, asked), strict=True))

    def set_position(self, partition: Partition, progress: Progress) -> bool:
        """Say how far Redis has a partition, whatever it said before; return whether Redis took it."""
        return bool(self._client.set(topics.position_key(*partition), msgspec.json.encode(progress)))

    def write(
        self, entries: Collection[Entry], before: Mapping[Partition, Progress], after: Mapping[Partition, Progress]
    ) -> Written:
        """Write messages of some partitions, and how far these are then: all or nothing.

        Args:
            entries: In the order of each partition.
            before: What Redis must say of each partition.
            after: What it says then.

        Raises:
            MovedError: If it says something else.
        """
        while True:
            with self._client.pipeline(transaction=True) as pipeline:
                try:
                    return self._write(pipeline, entries, before, after)
                except redis.WatchError:
                    # Somebody has changed a position in between: it is looked at again.
                    continue

    def _write(
        self,
        pipeline: Any,  # noqa: ANN401 - see the client
        entries: Collection[Entry],
        before: Mapping[Partition, Progress],
        after: Mapping[Partition, Progress],
    ) -> Written:
        pipeline.watch(*(topics.position_key(*partition) for partition in before))
        found = self._read(pipeline, before)
        moved = [partition for partition, own in zip(before, found, strict=True) if before[partition] != own]
        if moved:
            raise MovedError(moved)
        trends = self._latest(pipeline, entries)
        feedback = self._feedback(pipeline, [entry for entry in entries if isinstance(entry, Said)])
        alerts = [entry for entry in entries if isinstance(entry, Alert) and entry.kept_ms > 0]
        pipeline.multi()
        for alert in alerts:
            self._store.queue_alert(pipeline, alert.message, alert.kept_ms)
        for trend in trends:
            self._store.queue_trend(pipeline, trend.message, trend.kept_ms)
        for alert_id, said in feedback.items():
            self._store.queue_feedback(pipeline, alert_id, said)
        for partition, progress in after.items():
            pipeline.set(topics.position_key(*partition), msgspec.json.encode(progress))
        answers = pipeline.execute()
        return Written(sum(answer is not None for answer in answers[: len(alerts)]), len(trends), len(feedback))

    @staticmethod
    def _read(pipeline: Any, partitions: Collection[Partition]) -> list[Progress | None]:  # noqa: ANN401 - see the client
        keys = [topics.position_key(*partition) for partition in partitions]
        found = pipeline.mget(keys) if keys else []
        return [None if raw is None else msgspec.json.decode(raw, type=Progress) for raw in found]

    @staticmethod
    def _feedback(pipeline: Any, said: Collection[Said]) -> dict[str, bytes]:  # noqa: ANN401 - see the client
        """Return of which alerts it changes what people said of them, and what that is then."""
        judged = list(dict.fromkeys(each.control.alert_id for each in said if isinstance(each.control, Feedback)))
        if any(isinstance(each.control, Undo) for each in said):
            # It names a number only, and is too rare for an index of them.
            found = pipeline.hgetall(topics.FEEDBACK)
            held = {alert_id.decode(): raw for alert_id, raw in found.items()}
        else:
            held = dict(zip(judged, pipeline.hmget(topics.FEEDBACK, judged), strict=True)) if judged else {}
        return follow(said, {alert_id: raw for alert_id, raw in held.items() if raw is not None})

    @staticmethod
    def _latest(pipeline: Any, entries: Iterable[Entry]) -> list[Trend]:  # noqa: ANN401 - see the client
        """Return the last of each narrative; the end of one is made out of what Redis holds of it."""
        latest: dict[str, Trend] = {}
        for entry in entries:
            if isinstance(entry, Trend):
                is_kept = entry.kept_ms > 0 or entry.message.is_gone
                latest[entry.message.narrative_id] = entry if is_kept else ended(entry.message)
            elif isinstance(entry, Gone):
                last = latest.get(entry.narrative_id)
                raw = None if last else pipeline.hget(topics.narrative_key(entry.narrative_id), topics.DATA_FIELD)
                if last or raw:
                    latest[entry.narrative_id] = ended(last.message if last else decode_trend(raw or b""))
        return list(latest.values())
