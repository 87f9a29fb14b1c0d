"""The track stage on Kafka: frames in, alerts and trends out, state in snapshots."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from models.partition import TrackPartition
from models.snapshots import Records, choose_start
from streams import clock
from streams.errors import OutsideError, Status, say
from streams.logs import get_logger
from streams.metrics import (
    BASELINE_CHANGES,
    COMMUNITIES,
    EVICTED,
    POSTS_BACKFILLED,
    POSTS_DUPLICATE,
    POSTS_LATE,
    POSTS_MUTED,
    POSTS_TOO_LATE,
    TrackMetrics,
)
from streams.settings import Settings
from streams.topics import ALERTS, COMMUNITY_POSTS, SNAPSHOTS, TRACK_GROUP, TRENDS
from streams.worker_metrics import LOAD_SECONDS, LOADS, SNAPSHOT_AGE, SNAPSHOT_BEHIND, WATERMARK
from streams.workers.run import Surroundings, WorkerPlan, WorkerRun
from streams.workers.snapshot_store import read_records, unusable
from streams.workers.stage import Bounds, Message, Partition
from streams.workers.track_partition import HeldPartition

_LAST_SAVE_S_MAX: Final = 5.0
_COMMIT_EVERY_S: Final = 5.0
_COUNTERS: Final = {
    "duplicates": POSTS_DUPLICATE,
    "late": POSTS_LATE,
    "too_late": POSTS_TOO_LATE,
    "backfilled": POSTS_BACKFILLED,
    "baseline_changes": BASELINE_CHANGES,
    "evicted": EVICTED,
    "muted": POSTS_MUTED,
}

_log = get_logger()


def run_track(settings: Settings, *, skip_lost: bool) -> Status:
    """Run the worker until it is stopped; `OutsideError` if it cannot go on, and only a person can mend that.

    Args:
        settings: As loaded.
        skip_lost: Whether to go on without what the log no longer holds.
    """
    metrics = TrackMetrics(rule.name for rule in settings.communities)
    plan = WorkerPlan(
        name="worker track",
        group=TRACK_GROUP,
        topics=[COMMUNITY_POSTS.name, SNAPSHOTS.name, ALERTS.name, TRENDS.name],
        port=settings.workers.track_port,
        make_stage=lambda surroundings: Track(settings, surroundings, metrics, skip_lost=skip_lost),
    )
    return WorkerRun(plan, settings, metrics).run()


class Track:
    """The track stage; see `streams.workers.stage.Stage`.

    Args:
        settings: As loaded.
        surroundings: What the worker gives it.
        metrics: Counts.
        skip_lost: Whether to go on without what the log no longer holds.
        read: Reads the records of a partition.

    Raises:
        OutsideError: If the topics of frames and snapshots do not go together.
    """

    topics = (COMMUNITY_POSTS.name,)
    may_have_holes = False

    def __init__(
        self,
        settings: Settings,
        surroundings: Surroundings,
        metrics: TrackMetrics,
        *,
        skip_lost: bool,
        read: Callable[[str, int], Coroutine[Any, Any, Records]] = read_records,
    ) -> None:
        frames, snapshots = surroundings.partitions[COMMUNITY_POSTS.name], surroundings.partitions[SNAPSHOTS.name]
        if frames != snapshots:
            counts = f"{COMMUNITY_POSTS.name} has {frames} partitions and {SNAPSHOTS.name} {snapshots}"
            raise OutsideError(f"{counts}; expected as many, because each saves the other's state.")
        self._settings = settings
        self._surroundings = surroundings
        self._metrics = metrics
        self._skip_lost = skip_lost
        self._read = read
        self._held: dict[Partition, HeldPartition] = {}
        self._loading: dict[Partition, asyncio.Task[HeldPartition]] = {}
        self._assigned: set[Partition] = set()
        self._committed_s = clock.monotonic_s()

    async def assigned(self, partitions: set[Partition]) -> Mapping[Partition, int]:
        """Load what is new, forget what has gone."""
        self._assigned = set(partitions)
        for gone in self._held.keys() - partitions:
            del self._held[gone]
        missing = sorted(partitions - self._held.keys())
        # Shielded: what takes longer than this call may goes on, and the next call waits for it.
        await asyncio.gather(*(asyncio.shield(self._load_once(partition)) for partition in missing))
        return {partition: held.track.next for partition, held in self._held.items()}

    def _load_once(self, partition: Partition) -> "asyncio.Task[HeldPartition]":
        task = self._loading.get(partition)
        if task is None:
            task = self._loading[partition] = asyncio.create_task(self._load(partition))
            task.add_done_callback(lambda done: self._loaded(partition, done))
        return task

    def _loaded(self, partition: Partition, task: "asyncio.Task[HeldPartition]") -> None:
        self._loading.pop(partition, None)
        if not task.cancelled() and task.exception() is None and partition in self._assigned:
            self._held[partition] = task.result()

    async def _load(self, partition: Partition) -> HeldPartition:
        started_s = clock.monotonic_s()
        records = await self._read(self._settings.kafka.bootstrap, partition.number)
        beginning = 0
        if records.header is None and not records.trackers:
            beginning = (await self._surroundings.bounds.read([partition]))[partition].beginning
        try:
            # Restoring takes long, and the worker must go on answering meanwhile.
            track = await asyncio.to_thread(self._restore, partition, records, beginning)
        except ValueError as error:
            raise unusable(partition.number, error) from None
        seconds = clock.monotonic_s() - started_s
        self._metrics.count(LOADS)
        self._metrics.count(LOAD_SECONDS, by=seconds)
        _log.info(
            "partition_loaded",
            partition=partition.number,
            next=track.next,
            seconds=round(seconds, 3),
            records=len(records.trackers),
        )
        return HeldPartition(
            partition,
            track,
            self._surroundings.partitions,
            self._surroundings.outbox,
            self._metrics,
            interval_s=self._settings.workers.snapshot_interval_s,
            now_ms=clock.now_ms,
            elapsed_s=clock.monotonic_s,
        )

    def _restore(self, partition: Partition, records: Records, beginning: int) -> TrackPartition:
        start = choose_start(records)
        start.next = max(start.next, beginning)
        partitions = self._surroundings.partitions[COMMUNITY_POSTS.name]
        return TrackPartition(self._settings, partition.number, partitions, start)

    async def revoked(self, partitions: set[Partition]) -> None:
        """Nothing: what comes back goes on as it is, and what does not is dropped by `assigned`."""

    def next_of(self, partition: Partition) -> int | None:
        """Return the offset wanted next; None if the partition is not loaded."""
        held = self._held.get(partition)
        return None if held is None else held.track.next

    async def take(self, message: Message) -> None:
        """Apply one frame; whatever goes wrong, the partition's state is dropped."""
        held = self._held[message.partition]
        try:
            await held.take(message)
        except BaseException:
            self._drop(held)
            raise

    async def out_of_bounds(self, partition: Partition, bounds: Bounds) -> None:
        """Stop, or with `skip_lost` go on where the log begins."""
        held = self._held[partition]
        wanted, topic = held.track.next, f"{partition.topic}, partition {partition.number}"
        if wanted > bounds.end:
            raise OutsideError(
                f"{topic}: the saved state goes on at offset {wanted:,}, but the log ends at {bounds.end:,}: it was "
                f"made anew or cut off. Bring it back, or make {SNAPSHOTS.name} anew too."
            )
        lost = f"offsets {wanted:,} to {bounds.beginning - 1:,}, {bounds.beginning - wanted:,} frames, are lost"
        if not self._skip_lost:
            raise OutsideError(
                f"{topic}: the saved state goes on at offset {wanted:,}, but the log begins at {bounds.beginning:,}: "
                f"{lost}. `undercurrent worker track --skip-lost` goes on without them."
            )
        say(f"{topic}: {lost}; going on without them.")
        _log.warning(
            "log_lost",
            partition=partition.number,
            first=wanted,
            beyond=bounds.beginning,
            frames=bounds.beginning - wanted,
            watermark_ms=held.track.header.watermark_ms,
        )
        held.skip_to(bounds.beginning)

    def holds_back(self, partition: Partition) -> bool:  # noqa: ARG002 - the signature is the stage's
        """Return False: everything it depends on is the broker that it reads from."""
        return False

    async def tick(self) -> None:
        """Save what is due, and show how things are."""
        for held in list(self._held.values()):
            await self._save(held, held.save_what_is_due())
        if clock.monotonic_s() - self._committed_s >= _COMMIT_EVERY_S:
            self._committed_s = clock.monotonic_s()
            for held in list(self._held.values()):
                await self._commit(held)
        self._show()

    async def stop(self) -> None:
        """Save all that has changed, as far as time allows."""
        saves = [self._save(held, held.save(sorted(held.track.dirty))) for held in list(self._held.values())]
        try:
            await asyncio.wait_for(asyncio.gather(*saves), _LAST_SAVE_S_MAX)
        except Exception as error:  # noqa: BLE001 - it is read again instead
            _log.warning("last_save_failed", error=repr(error))

    def waiting_for(self) -> str | None:
        """Return which partitions are not loaded."""
        missing = len(self._assigned - self._held.keys())
        return f"{missing} of {len(self._assigned)} partitions are being loaded" if missing else None

    async def _save(self, held: HeldPartition, saving: Coroutine[Any, Any, None]) -> None:
        try:
            await saving
        except BaseException:
            # What is counted as saved may not be.
            self._drop(held)
            raise

    async def _commit(self, held: HeldPartition) -> None:
        """Write the group's position, for those who look at its lag; nothing here reads it."""
        position = held.track.next
        if position == held.committed:
            return
        try:
            await self._surroundings.consumer.commit_position(held.place, position)
            held.committed = position
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing depends on it
            _log.debug("commit_failed", error=repr(error))

    def _drop(self, held: HeldPartition) -> None:
        if self._held.get(held.place) is held:
            del self._held[held.place]
            _log.warning("partition_dropped", partition=held.place.number, next=held.track.next)

    def _show(self) -> None:
        now_s = clock.monotonic_s()
        held = list(self._held.values())
        trackers = [tracker for each in held for tracker in each.track.trackers]
        watermarks = [each.track.header.watermark_ms for each in held if each.track.header.watermark_ms >= 0]
        self._metrics.show(COMMUNITIES, len(trackers))
        self._metrics.show(WATERMARK, min(watermarks, default=0) / 1000)
        self._metrics.show(SNAPSHOT_BEHIND, sum(each.track.next - each.begin for each in held))
        ages_s = [now_s - each.behind_since_s for each in held if each.behind_since_s is not None]
        self._metrics.show(SNAPSHOT_AGE, max(ages_s, default=0))
        self._metrics.show_alerts((tracker.community, tracker.open_alerts, tracker.standing) for tracker in trackers)
        for each in held:
            for name, more in each.count_posts().items():
                self._metrics.count(_COUNTERS[name], by=more)
