"""Every metric of this program: one list, and the registry made from it.

Labels have few values, known before the first post: never a term, a narrative, an author or a post. A
community is a label value only if the settings name it, else ``other``: no stream can fill Prometheus.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import product
from typing import Final, Protocol, TypeVar, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from models.feedback import Standing
from models.message import AlertMessage, AlertType
from models.post import Reason
from streams.worker_metrics import INTAKE_METRICS, SINK_METRICS, TRACK_METRICS, WORKER_METRICS, MetricDefinition

OTHER: Final = "other"
CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4

_DELAYS_S: Final = (30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0, 7_200.0, 21_600.0, 86_400.0)
_MEDIUM_FROM: Final = 4
_HIGH_FROM: Final = 7


class Band(StrEnum):
    """A severity of 1 to 10, coarse enough for a label and for a glance."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def severity_band(severity: int) -> Band:
    """Return the band of a severity: low up to 3, medium up to 6, high above.

    >>> severity_band(7).value
    'high'
    """
    if severity >= _HIGH_FROM:
        return Band.HIGH
    return Band.MEDIUM if severity >= _MEDIUM_FROM else Band.LOW


POSTS_ACCEPTED: Final = MetricDefinition(
    "counter", "undercurrent_posts_accepted_total", "Posts that were read and are in order."
)
POSTS_REJECTED: Final = MetricDefinition(
    "counter",
    "undercurrent_posts_rejected_total",
    "Dead letters, by what is wrong with them.",
    ("reason",),
    tuple(reason.value for reason in Reason),
)
POSTS_UNASSIGNED: Final = MetricDefinition(
    "counter", "undercurrent_posts_unassigned_total", "Posts of no community while the catch-all is off."
)
POSTS_DUPLICATE: Final = MetricDefinition(
    "counter", "undercurrent_posts_duplicate_total", "Posts that had come before and were not counted again."
)
POSTS_LATE: Final = MetricDefinition(
    "counter", "undercurrent_posts_late_total", "Posts behind the watermark that were still counted."
)
POSTS_TOO_LATE: Final = MetricDefinition(
    "counter", "undercurrent_posts_too_late_total", "Posts behind the allowed lateness, which change nothing."
)
POSTS_BACKFILLED: Final = MetricDefinition(
    "counter", "undercurrent_posts_backfilled_total", "Posts of a backfill that were learnt from, without a word."
)
BASELINE_CHANGES: Final = MetricDefinition(
    "counter",
    "undercurrent_baseline_changes_total",
    "How often the usual volume of a community was found to have changed for good.",
)
POSTS_MUTED: Final = MetricDefinition(
    "counter", "undercurrent_posts_muted_total", "Posts that were left out for a muted author, once for each community."
)
REACHED: Final = MetricDefinition(
    "gauge",
    "undercurrent_event_time_reached_timestamp_seconds",
    "Largest event time read; time() minus this is how far a live source is behind.",
)
COMMUNITIES: Final = MetricDefinition("gauge", "undercurrent_communities", "Micro-communities followed.")
EVICTED: Final = MetricDefinition(
    "counter",
    "undercurrent_communities_evicted_total",
    "Micro-communities that were given up, with their open alerts, for want of room.",
)
TRENDS: Final = MetricDefinition("counter", "undercurrent_trend_messages_total", "Trend messages.")
ALERT_MESSAGES: Final = MetricDefinition(
    "counter",
    "undercurrent_alert_messages_total",
    "Alert messages; each alert has one of type opened.",
    ("community", "severity", "type"),
)
ALERTS_OPEN: Final = MetricDefinition("gauge", "undercurrent_alerts_open", "Alerts that are open now.", ("community",))
ALERT_BAR: Final = MetricDefinition(
    "gauge",
    "undercurrent_alert_bar",
    "Significance (-log10 p) that an alert needs now; for other the greatest of them, 0 for none.",
    ("community",),
)
BAR_RAISED: Final = MetricDefinition(
    "gauge",
    "undercurrent_alert_bar_raised",
    "By how much feedback has moved the bar; for other the greatest.",
    ("community",),
)
DISMISSED: Final = MetricDefinition(
    "gauge",
    "undercurrent_alerts_dismissed_ratio",
    "Share of the latest judged alerts that people dismissed as noise or duplicates; 0 for none judged.",
    ("community",),
)
ASKED: Final = MetricDefinition(
    "gauge",
    "undercurrent_alerts_asked_per_week",
    "Alerts a week that the budget allows when nothing happens; for other the greatest.",
    ("community",),
)
EXPECTED: Final = MetricDefinition(
    "gauge",
    "undercurrent_alerts_expected_per_week",
    "Alerts a week that chance will bring over the bar; for other the greatest.",
    ("community",),
)
STANDING_METRICS: Final = (ALERT_BAR, BAR_RAISED, DISMISSED, ASKED, EXPECTED)
ALERT_DELAY: Final = MetricDefinition(
    "histogram",
    "undercurrent_alert_delay_seconds",
    "Event time from the first post of a story to the opening of its alert.",
)
SINK_RETRIES: Final = MetricDefinition(
    "counter", "undercurrent_sink_retries_total", "Writes to Redis that failed and were tried again."
)
SINK_UP: Final = MetricDefinition(
    "gauge", "undercurrent_sink_up", "1 while Redis takes what is written, 0 while it does not."
)
CONSOLE_STREAMS: Final = MetricDefinition(
    "gauge", "undercurrent_console_streams", "Open connections to the stream of alerts."
)

METRICS: Final = (
    POSTS_ACCEPTED,
    POSTS_REJECTED,
    POSTS_UNASSIGNED,
    POSTS_DUPLICATE,
    POSTS_LATE,
    POSTS_TOO_LATE,
    POSTS_BACKFILLED,
    BASELINE_CHANGES,
    POSTS_MUTED,
    REACHED,
    COMMUNITIES,
    EVICTED,
    TRENDS,
    ALERT_MESSAGES,
    ALERTS_OPEN,
    *STANDING_METRICS,
    ALERT_DELAY,
    SINK_RETRIES,
    SINK_UP,
    CONSOLE_STREAMS,
    *WORKER_METRICS,
    *TRACK_METRICS,
    *INTAKE_METRICS,
    *SINK_METRICS,
)


_COUNTERS: Final = {
    "posts": POSTS_ACCEPTED,
    "unassigned": POSTS_UNASSIGNED,
    "duplicates": POSTS_DUPLICATE,
    "late": POSTS_LATE,
    "too_late": POSTS_TOO_LATE,
    "backfilled": POSTS_BACKFILLED,
    "baseline_changes": BASELINE_CHANGES,
    "muted": POSTS_MUTED,
    "evicted": EVICTED,
    "trends": TRENDS,
}
"""The counter that each field of `PipelineCounts` feeds."""

_Metric = TypeVar("_Metric", Counter, Gauge)


class PipelineCounts(Protocol):
    """What a pipeline has counted since it started; nothing of it goes back."""

    posts: int
    unassigned: int
    duplicates: int
    late: int
    too_late: int
    backfilled: int
    baseline_changes: int
    muted: int
    communities: int
    evicted: int
    trends: int
    reached_ms: int


class Metrics:
    """The metrics of one process, in a registry of their own. Safe to read from another thread.

    Every label set exists from the start with the value 0, so that a rule sees the first increase and not a
    series out of nowhere.

    Args:
        communities: Those that the settings name; all others count as ``other``.
    """

    def __init__(self, communities: Iterable[str] = ()) -> None:
        # Else every counter brings a second series with the time of its creation, which nothing here uses.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._communities = {*communities, OTHER}
        self._counters = [(field, self._counter(definition)) for field, definition in _COUNTERS.items()]
        self._counted = dict.fromkeys(_COUNTERS, 0)
        self._rejected = self._bind(self._counter(POSTS_REJECTED), [(reason.value,) for reason in Reason])
        self._reached = self._gauge(REACHED)
        self._followed = self._gauge(COMMUNITIES)
        self._messages = self._bind(self._counter(ALERT_MESSAGES), _each_alert(self._communities))
        each_community = [(community,) for community in sorted(self._communities)]
        self._open = self._bind(self._gauge(ALERTS_OPEN), each_community)
        self._standings = {each: self._bind(self._gauge(each), each_community) for each in STANDING_METRICS}
        self._delay = Histogram(ALERT_DELAY.name, ALERT_DELAY.about, buckets=_DELAYS_S, registry=self._registry)
        self._open_alerts: set[str] = set()
        self.sink_retries = self._counter(SINK_RETRIES)
        self.sink_up = self._gauge(SINK_UP)
        self.console_streams = self._gauge(CONSOLE_STREAMS)

    def observe_counts(self, counts: PipelineCounts) -> None:
        """Take over what the pipeline has counted so far."""
        for field, counter in self._counters:
            value = getattr(counts, field)
            counter.inc(value - self._counted[field])
            self._counted[field] = value
        self._followed.set(counts.communities)
        self._reached.set(max(0, counts.reached_ms) / 1000)

    def observe_rejection(self, reason: Reason) -> None:
        """Count a dead letter."""
        self._rejected[(reason.value,)].inc()

    def observe_alert(self, message: AlertMessage) -> None:
        """Count an alert message."""
        community = self._label(message.community)
        self._messages[_alert_labels(community, message)].inc()
        if message.type == "opened":
            self._delay.observe((message.at_ms - message.onset_ms) / 1000)
            self._open_alerts.add(message.alert_id)
            self._open[(community,)].inc()
        elif message.type in ("resolved", "retracted") and message.alert_id in self._open_alerts:
            self._open_alerts.discard(message.alert_id)
            self._open[(community,)].dec()

    def observe_standings(self, standings: Mapping[str, Standing]) -> None:
        """Take over how the bar stands in each community."""
        greatest = _greatest((self._label(community), standing) for community, standing in standings.items())
        for (definition, label), value in greatest.items():
            self._standings[definition][(label,)].set(value)

    def render(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._registry)

    def _label(self, community: str) -> str:
        return community if community in self._communities else OTHER

    def _counter(self, definition: MetricDefinition) -> Counter:
        return Counter(definition.name, definition.about, definition.labels, registry=self._registry)

    def _gauge(self, definition: MetricDefinition) -> Gauge:
        return Gauge(definition.name, definition.about, definition.labels, registry=self._registry)

    @staticmethod
    def _bind(metric: _Metric, values: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], _Metric]:
        return {each: metric.labels(*each) for each in values}


def _each_alert(communities: Iterable[str]) -> list[tuple[str, ...]]:
    return list(product(sorted(communities), [band.value for band in Band], get_args(AlertType)))


def _greatest(standings: Iterable[tuple[str, Standing]]) -> dict[tuple[MetricDefinition, str], float]:
    """Return the greatest value of each of `STANDING_METRICS` and label."""
    greatest: dict[tuple[MetricDefinition, str], float] = {}
    for label, standing in standings:
        share = standing.dismissed / standing.judged if standing.judged else 0.0
        values = (standing.bar, standing.raised, share, standing.asked_per_week, standing.expected_per_week)
        for definition, value in zip(STANDING_METRICS, values, strict=True):
            greatest[definition, label] = max(value, greatest.get((definition, label), value))
    return greatest


def _alert_labels(community: str, message: AlertMessage) -> tuple[str, str, str]:
    return community, severity_band(message.severity).value, message.type


class WorkerMetrics:
    """The metrics of one worker, in a registry of their own. Safe to use from several threads.

    Args:
        definitions: Which there are, beside those of every worker.
    """

    def __init__(self, definitions: Iterable[MetricDefinition] = ()) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        kinds = {"counter": Counter, "gauge": Gauge}
        self._metrics: dict[str, Counter | Gauge] = {}
        for definition in (*WORKER_METRICS, *definitions):
            metric = kinds[definition.kind](
                definition.name, definition.about, definition.labels, registry=self.registry
            )
            for value in definition.values:
                metric.labels(value)
            self._metrics[definition.name] = metric

    def count(self, definition: MetricDefinition, *labels: str, by: float = 1) -> None:
        """Add to a counter."""
        self._of(definition, labels).inc(by)

    def show(self, definition: MetricDefinition, value: float, *labels: str) -> None:
        """Set a gauge."""
        metric = self._of(definition, labels)
        assert isinstance(metric, Gauge), f"{definition.name} is no gauge"
        metric.set(value)

    def render(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)

    def _of(self, definition: MetricDefinition, labels: tuple[str, ...]) -> Counter | Gauge:
        metric = self._metrics[definition.name]
        return metric.labels(*labels) if labels else metric


class SinkWorkerMetrics(WorkerMetrics):
    """The metrics of `worker sink`, in a registry of their own."""

    def __init__(self) -> None:
        super().__init__((*SINK_METRICS, SINK_RETRIES, SINK_UP))
        self.sink_retries = self._of(SINK_RETRIES, ())
        up = self._of(SINK_UP, ())
        assert isinstance(up, Gauge), "whether Redis is up is a gauge"
        self.sink_up = up


class TrackMetrics(WorkerMetrics):
    """The metrics of `worker track`, in a registry of their own.

    Args:
        communities: Those that the settings name; all others count as ``other``.
    """

    def __init__(self, communities: Iterable[str] = ()) -> None:
        posts = (POSTS_DUPLICATE, POSTS_LATE, POSTS_TOO_LATE, POSTS_BACKFILLED, POSTS_MUTED)
        own = (*posts, BASELINE_CHANGES, COMMUNITIES, EVICTED, TRENDS)
        super().__init__((*TRACK_METRICS, *own, ALERT_MESSAGES, ALERTS_OPEN, *STANDING_METRICS))
        self._communities = {*communities, OTHER}
        self._delay = Histogram(ALERT_DELAY.name, ALERT_DELAY.about, buckets=_DELAYS_S, registry=self.registry)
        for labels in _each_alert(self._communities):
            self.count(ALERT_MESSAGES, *labels, by=0)
        self.show_alerts([])

    def count_alert(self, message: AlertMessage) -> None:
        """Count an alert message."""
        self.count(ALERT_MESSAGES, *_alert_labels(self._label(message.community), message))
        if message.type == "opened":
            self._delay.observe((message.at_ms - message.onset_ms) / 1000)

    def show_alerts(self, communities: Iterable[tuple[str, int, Standing]]) -> None:
        """Show how many alerts are open now in each community, and how its bar stands."""
        held = [(self._label(community), open_now, standing) for community, open_now, standing in communities]
        open_alerts = dict.fromkeys(self._communities, 0)
        for label, open_now, _ in held:
            open_alerts[label] += open_now
        greatest = _greatest((label, standing) for label, _, standing in held)
        for label in self._communities:
            self.show(ALERTS_OPEN, open_alerts[label], label)
            for definition in STANDING_METRICS:
                self.show(definition, greatest.get((definition, label), 0.0), label)

    def _label(self, community: str) -> str:
        return community if community in self._communities else OTHER
