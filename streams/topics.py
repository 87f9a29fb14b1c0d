"""Every name that outlives a process: Kafka topics, and keys and channels in Redis.

They are contracts. A changed name loses what stands under the old one, so each is written here once, and a
change of one belongs in the changelog.
"""

from typing import Final, Literal

import msgspec

_DAY_MS: Final = 86_400_000
_KIB: Final = 1024
_MIB: Final = 1024 * _KIB

POST_MESSAGE_BYTES_MAX: Final = _MIB
DEAD_LETTER_BYTES_MAX: Final = POST_MESSAGE_BYTES_MAX + 64 * _KIB
"""Room for the headers beside the original bytes: else the largest bad message could not be kept."""

SNAPSHOT_BYTES_MAX: Final = 8 * _MIB


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """One Kafka topic as it is provisioned.

    Attributes:
        name: With the version of its contract at the end.
        key: What its messages are keyed by, in words.
        partitions: How many it is made with.
        cleanup: Kafka's ``cleanup.policy``.
        retention_ms: How long messages are kept; -1 for no limit.
        config: Further settings of the topic, in Kafka's words.
        about: What travels in it.
        fixed: Why the number of partitions may not change once there are messages; empty if it may grow.
    """

    name: str
    key: str
    partitions: int
    cleanup: Literal["delete", "compact", "compact,delete"]
    retention_ms: int
    config: dict[str, str] = msgspec.field(default_factory=dict)
    about: str
    fixed: str = ""

    def settings(self) -> dict[str, str]:
        """Return all its settings as Kafka takes them."""
        return {"cleanup.policy": self.cleanup, "retention.ms": str(self.retention_ms), **self.config}


POSTS: Final = Topic(
    name="undercurrent.posts.v1",
    key="any",
    partitions=4,
    cleanup="delete",
    retention_ms=7 * _DAY_MS,
    # No post is later than its appending; with the producer's clock a wrong one would pass as event time.
    config={"message.timestamp.type": "LogAppendTime", "max.message.bytes": str(POST_MESSAGE_BYTES_MAX)},
    about="one post a message, or an envelope of posts",
)
DEAD_LETTERS: Final = Topic(
    name="undercurrent.posts.v1.dlq",
    key="origin",
    partitions=1,
    cleanup="delete",
    retention_ms=14 * _DAY_MS,
    config={"max.message.bytes": str(DEAD_LETTER_BYTES_MAX)},
    about="messages that are no posts: their original bytes, the reason in headers",
)
COMMUNITY_POSTS: Final = Topic(
    name="undercurrent.community-posts.v1",
    key="none",
    # For life: the partition of a community is a hash over this number, and its state stands there.
    partitions=12,
    cleanup="delete",
    retention_ms=7 * _DAY_MS,
    about="frames: posts by community, and progress",
    fixed="the partition of a community is a hash over this number, and its state stands there",
)
SNAPSHOTS: Final = Topic(
    name="undercurrent.snapshots.v1",
    key="offset at which a community's life began, a slash and the community; or `header`",
    partitions=COMMUNITY_POSTS.partitions,
    cleanup="compact",
    retention_ms=-1,
    # Only closed segments are compacted: with Kafka's usual 1 GiB a restart would read hours of old states.
    config={
        "max.message.bytes": str(SNAPSHOT_BYTES_MAX),
        "segment.bytes": str(64 * _MIB),
        "segment.ms": "600000",
    },
    about="what the trackers remember",
    fixed="a community's state stands in the partition of its posts",
)
CONTROL: Final = Topic(
    name="undercurrent.control.v1",
    key="none",
    partitions=1,
    cleanup="delete",
    retention_ms=-1,
    about="rules, budgets, mutes, feedback with undo, annotations",
    fixed="what operators say takes effect in the order in which they said it",
)
TRENDS: Final = Topic(
    name="undercurrent.trends.v1",
    key="narrative id",
    partitions=12,
    cleanup="compact,delete",
    retention_ms=30 * _DAY_MS,
    about="how each narrative stands; a tombstone when it fades",
    fixed="a tombstone in another partition than a narrative's messages would not end them",
)
ALERTS: Final = Topic(
    name="undercurrent.alerts.v1",
    key="alert id",
    partitions=12,
    cleanup="delete",
    retention_ms=90 * _DAY_MS,
    about="alert messages",
    fixed="the messages of one alert would stand in two partitions, in no order",
)
AUTHORS: Final = Topic(
    name="undercurrent.authors.v1",
    key="author",
    partitions=12,
    cleanup="delete",
    retention_ms=_DAY_MS,
    about="who posted where, for finding communities",
    fixed="what is known of one author would stand in two partitions, in no order",
)

BACKFILL_HEADER: Final = "undercurrent-backfill"
"""Header of a message whose posts are to be learnt from only; its value does not matter."""

TOPICS: Final = (POSTS, DEAD_LETTERS, COMMUNITY_POSTS, SNAPSHOTS, CONTROL, TRENDS, ALERTS, AUTHORS)

INTAKE_GROUP: Final = "undercurrent-intake"
"""Consumer groups, and ids of the Faust apps. Where intake's stands is all that it remembers; those of others only show
how far they are."""

TRACK_GROUP: Final = "undercurrent-track"
SINK_GROUP: Final = "undercurrent-sink"

INPUTS: Final = {"posts": POSTS, "control": CONTROL}
"""What intake reads. The input ``posts/3`` of a frame or a dead letter is partition 3 of the topic of this name."""

REASON_HEADER: Final = "undercurrent-reason"
"""Headers of a dead letter, beside its original bytes; what they hold stands in `streams.dead_letters`."""

DETAIL_HEADER: Final = "undercurrent-detail"
TOPIC_HEADER: Final = "undercurrent-topic"
PARTITION_HEADER: Final = "undercurrent-partition"
OFFSET_HEADER: Final = "undercurrent-offset"
INDEX_HEADER: Final = "undercurrent-index"
AT_HEADER: Final = "undercurrent-at-ms"
VERSION_HEADER: Final = "undercurrent-version"

REDIS_PREFIX: Final = "{undercurrent}:"
"""With the braces all keys fall into one slot of a Redis cluster, which scripts over several keys need."""

ALERT_STREAM: Final = f"{REDIS_PREFIX}alerts"
COMMUNITIES: Final = f"{REDIS_PREFIX}communities"
COMMUNITY_TIMES: Final = f"{REDIS_PREFIX}community-times"
"""A sorted set: communities by the event time of their latest message."""

ALERT_IDS: Final = f"{REDIS_PREFIX}alert-ids"
"""A list: the ids of the alerts that are kept, by their first message, the latest first."""

FEEDBACK: Final = f"{REDIS_PREFIX}feedback"
"""A hash: what people said of alerts, by alert id, as in `FEEDBACK_FIELD`; also of those that are not there (yet)."""

ALERT_HINTS: Final = f"{REDIS_PREFIX}alert-hints"
"""A Pub/Sub channel. What is published there may be missed: it only says that the stream has grown."""

DATA_FIELD: Final = "data"
"""Field of stream entries and hashes that holds the message as JSON."""

REVISION_FIELD: Final = "revision"
FEEDBACK_FIELD: Final = "feedback"
"""Of an alert's hash: what people said of it, as JSON, see `streams.workers.sink_feedback`; missing if nothing."""


def find_topic(name: str) -> Topic:
    """Return the topic of a name, which may leave out what all names share: ``posts``, ``posts.v1.dlq``.

    Raises:
        ValueError: If there is none, with those that there are.
    """
    for topic in TOPICS:
        short = topic.name.removeprefix("undercurrent.")
        if name in {topic.name, short, short.removesuffix(".v1")}:
            return topic
    message = f"{name!r} is no topic; there are {', '.join(topic.name for topic in TOPICS)}"
    raise ValueError(message)


def parse_input(name: str) -> tuple[Topic, int]:
    """Return the topic and the partition of an input such as ``posts/3``.

    Raises:
        ValueError: If it names no input.
    """
    short, _, partition = name.partition("/")
    if short not in INPUTS or not (partition.isascii() and partition.isdecimal()):
        message = f"{name!r} is no input; expected one like posts/3"
        raise ValueError(message)
    return INPUTS[short], int(partition)


def alert_key(alert_id: str) -> str:
    """Return the key of the hash that holds an alert: its latest message, revision and feedback."""
    return f"{REDIS_PREFIX}alert:{alert_id}"


def position_key(topic: str, partition: int) -> str:
    """Return the key of the string that says how far a partition of Kafka has been written to Redis."""
    return f"{REDIS_PREFIX}position:{topic}/{partition}"


def narrative_key(narrative_id: str) -> str:
    """Return the key of the hash that holds a narrative's latest trend message."""
    return f"{REDIS_PREFIX}narrative:{narrative_id}"


def top_key(community: str) -> str:
    """Return the key of a community's narratives by distinct authors of the last hour."""
    return f"{REDIS_PREFIX}top:{community}"


def top_day_key(community: str) -> str:
    """Return the key of a community's narratives by distinct authors of the last 24 hours."""
    return f"{REDIS_PREFIX}top-day:{community}"
