"""The metrics of the workers on Kafka, as definitions; `streams.metrics` makes them."""

from typing import Final, Literal

import msgspec


class MetricDefinition(msgspec.Struct, frozen=True):
    """One metric, as Prometheus shows it.

    Attributes:
        kind: What Prometheus takes it for.
        name: With its unit, and ``_total`` for a counter.
        about: What it counts or measures.
        labels: Names of its labels.
        values: All values of the one label, where it has one and they are few.
    """

    kind: Literal["counter", "gauge", "histogram"]
    name: str
    about: str
    labels: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


READY: Final = MetricDefinition(
    "gauge", "undercurrent_worker_ready", "1 when every partition held is loaded and what it depends on answers."
)
SILENCE: Final = MetricDefinition(
    "gauge",
    "undercurrent_worker_silence_seconds",
    "How long ago the worker last found all its partitions in order; above 90 it ends itself.",
)
PARTITIONS: Final = MetricDefinition(
    "gauge", "undercurrent_worker_partitions", "Partitions held of each topic that is read.", ("topic",)
)
LAG: Final = MetricDefinition(
    "gauge", "undercurrent_worker_lag_messages", "Messages that wait in the partitions held.", ("topic",)
)
POSITION: Final = MetricDefinition(
    "gauge",
    "undercurrent_worker_position",
    "Offset of the message wanted next, of each partition that the worker holds or has held.",
    ("topic", "partition"),
)
SEEKS: Final = MetricDefinition(
    "counter",
    "undercurrent_worker_seeks_total",
    "Partitions read on from the stage's own position, by cause: messages missing, a standstill, loaded anew.",
    ("cause",),
    ("gap", "stall", "reload"),
)
FAILURES: Final = MetricDefinition(
    "counter",
    "undercurrent_worker_failures_total",
    "Messages that raised; the partition is loaded anew and they are read again.",
)

FRAMES_READ: Final = MetricDefinition(
    "counter",
    "undercurrent_frames_total",
    "Frames read, by what the frame rule made of them; unreadable ones change nothing.",
    ("verdict",),
    ("taken", "progress", "replay", "hole", "unreadable"),
)
WATERMARK: Final = MetricDefinition(
    "gauge",
    "undercurrent_watermark_timestamp_seconds",
    "Least watermark of the partitions held, 0 for none; time() minus this is how far a live source is behind.",
)
SNAPSHOT_BYTES: Final = MetricDefinition(
    "counter", "undercurrent_snapshot_bytes_total", "Bytes of saved state that were written, packed."
)
SNAPSHOT_RECORDS: Final = MetricDefinition(
    "counter", "undercurrent_snapshot_records_total", "Records of saved state that were written."
)
SNAPSHOT_SECONDS: Final = MetricDefinition(
    "counter", "undercurrent_snapshot_seconds_total", "Time in which state was being saved."
)
SNAPSHOT_AGE: Final = MetricDefinition(
    "gauge",
    "undercurrent_snapshot_age_seconds",
    "Time since the last save of the partition that has waited longest for one; 0 if nothing has changed.",
)
SNAPSHOT_BEHIND: Final = MetricDefinition(
    "gauge", "undercurrent_snapshot_behind_messages", "Frames that would be read again if the worker ended now."
)
LOADS: Final = MetricDefinition(
    "counter", "undercurrent_snapshot_loads_total", "Partitions loaded: at the start, when taken over, after errors."
)
LOAD_SECONDS: Final = MetricDefinition(
    "counter", "undercurrent_snapshot_load_seconds_total", "Time in which partitions were being loaded."
)

TRACK_METRICS: Final = (
    FRAMES_READ,
    WATERMARK,
    SNAPSHOT_BYTES,
    SNAPSHOT_RECORDS,
    SNAPSHOT_SECONDS,
    SNAPSHOT_AGE,
    SNAPSHOT_BEHIND,
    LOADS,
    LOAD_SECONDS,
)
"""Those of `worker track` alone."""

FRAMES_SENT: Final = MetricDefinition(
    "counter", "undercurrent_frames_sent_total", "Frames that intake has sent, those without posts included."
)
INPUT_PAUSED: Final = MetricDefinition(
    "gauge",
    "undercurrent_input_paused",
    "1 while an input is paused because most of what it brings is no post.",
    ("input",),
)
INPUT_IDLE: Final = MetricDefinition(
    "gauge", "undercurrent_input_idle_seconds", "For how long an input has had no post to read; 0 below 2.", ("input",)
)
MESSAGES_LOST: Final = MetricDefinition(
    "counter", "undercurrent_input_lost_messages_total", "Messages that Kafka deleted before intake had read them."
)
SINK_WRITTEN: Final = MetricDefinition(
    "counter",
    "undercurrent_sink_messages_total",
    "Messages that Redis has taken; one that it had already is not counted.",
    ("kind",),
    ("alert", "trend", "feedback"),
)
SINK_REFUSED: Final = MetricDefinition(
    "counter",
    "undercurrent_sink_refused_total",
    "Messages of the topics of alerts, trends and control that are none, and were left out.",
)
SINK_REBUILDS: Final = MetricDefinition(
    "counter", "undercurrent_sink_rebuilds_total", "How often Redis was found empty and was filled from the topics."
)
SINK_METRICS: Final = (SINK_WRITTEN, SINK_REFUSED, SINK_REBUILDS)
"""Those of the sink alone."""

INTAKE_METRICS: Final = (FRAMES_SENT, INPUT_PAUSED, INPUT_IDLE, MESSAGES_LOST)
"""Those of intake alone."""

WORKER_METRICS: Final = (READY, SILENCE, PARTITIONS, LAG, POSITION, SEEKS, FAILURES)
"""Those of every worker."""
