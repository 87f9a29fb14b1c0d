"""The topics as they are in a cluster, compared with what they should be, and brought there.

Nothing is taken away: no topic and no setting is removed, and partitions are only added, where that is harmless.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from streams.errors import OutsideError
from streams.kafka_clients import describe_kafka_error
from streams.topics import Topic

PARTITIONS: Final = "partitions"
REPLICAS_MAX: Final = 3
"""Beyond that each copy costs disk and gives little."""

_ALREADY_EXISTS: Final = 36
_UNKNOWN_TOPIC: Final = 3
_OF_THE_TOPIC: Final = "DYNAMIC_TOPIC_CONFIG"


class TopicState(msgspec.Struct, frozen=True, kw_only=True):
    """How a topic is.

    Attributes:
        name: Of the topic.
        partitions: How many it has; 0 if there is no such topic.
        replicas: How many copies of each partition there are.
        settings: All its settings in Kafka's words, those of the broker included.
        own: Those of them that were set for this topic.
        messages: End minus beginning of each partition; of a compacted topic fewer may be there.
    """

    name: str
    partitions: int = 0
    replicas: int = 0
    settings: dict[str, str] = msgspec.field(default_factory=dict)
    own: dict[str, str] = msgspec.field(default_factory=dict)
    messages: int = 0

    @property
    def is_missing(self) -> bool:
        """Whether there is no such topic."""
        return self.partitions == 0


class Difference(NamedTuple):
    """One thing that is otherwise than it should be; `setting` is `PARTITIONS` or one in Kafka's words."""

    setting: str
    found: str
    wanted: str


def differences(topic: Topic, state: TopicState, partitions: int) -> list[Difference]:
    """Return what is otherwise than it should be of a topic that exists.

    Args:
        topic: As it should be.
        state: As it is.
        partitions: How many it should have; more are fine where the number may grow.
    """
    has_other_count = state.partitions != partitions if topic.fixed else state.partitions < partitions
    found = [Difference(PARTITIONS, str(state.partitions), str(partitions))] if has_other_count else []
    return found + [
        Difference(name, state.settings.get(name, ""), wanted)
        for name, wanted in topic.settings().items()
        if not _are_equal(state.settings.get(name, ""), wanted)
    ]


def _are_equal(found: str, wanted: str) -> bool:
    # Kafka returns the list of clean-up policies in the order in which it was given.
    return sorted(found.split(",")) == sorted(wanted.split(","))


class Provisioner:
    """Looks at topics and changes them.

    Args:
        admin: Of `streams.kafka_clients.admin_client`.
    """

    def __init__(self, admin: Any) -> None:  # noqa: ANN401 - kafka-python has no types
        self._admin = admin

    def replicas(self) -> int:
        """Return how many copies a new topic should have: one on each broker, three at most."""
        return max(1, min(len(self._admin.describe_cluster()["brokers"]), REPLICAS_MAX))

    def states(self, topics: Iterable[Topic]) -> list[TopicState]:
        """Return how topics are, in the order given."""
        names = [topic.name for topic in topics]
        described = {each["name"]: each for each in self._admin.describe_topics(names)}
        present = [name for name in names if described[name]["error_code"] != _UNKNOWN_TOPIC]
        settings = self._settings(present)
        messages = self._messages({name: len(described[name]["partitions"]) for name in present})
        return [
            TopicState(
                name=name,
                partitions=len(described[name]["partitions"]),
                replicas=max((len(each["replica_nodes"]) for each in described[name]["partitions"]), default=0),
                settings={key: each["value"] or "" for key, each in settings[name].items()},
                own={key: each["value"] or "" for key, each in settings[name].items() if _is_own(each)},
                messages=messages[name],
            )
            if name in present
            else TopicState(name=name)
            for name in names
        ]

    def create(self, topics: Sequence[tuple[Topic, int]], replicas: int) -> None:
        """Make topics with so many partitions each; one that somebody else has made meanwhile is left alone.

        Raises:
            OutsideError: If the cluster refuses one.
        """
        if not topics:
            return
        # With all copies but one in step, a broker may be lost without a pause and without a loss.
        safety = {"min.insync.replicas": str(replicas - 1)} if replicas >= REPLICAS_MAX else {}
        wanted = {
            topic.name: {
                "num_partitions": partitions,
                "replication_factor": replicas,
                "configs": topic.settings() | safety,
            }
            for topic, partitions in topics
        }
        for result in self._admin.create_topics(wanted, raise_errors=False)["topics"]:
            if result["error_code"] not in {0, _ALREADY_EXISTS}:
                reason = (result["error_message"] or f"error {result['error_code']}").rstrip(".")
                raise OutsideError(f"the topic {result['name']} cannot be made: {reason}.")
        self._admin.wait_for_topics(list(wanted))

    def grow(self, name: str, partitions: int) -> None:
        """Give a topic more partitions."""
        self._admin.create_partitions({name: partitions})

    def change(self, name: str, settings: dict[str, str]) -> None:
        """Change settings of a topic; all others stay.

        Raises:
            OutsideError: If the cluster refuses.
        """
        try:
            results = self._admin.alter_configs([_resource(name, settings)])
        except ValueError as error:
            raise OutsideError(f"{name} cannot be changed: {describe_kafka_error(error)}.") from None
        if results["topic"][name] != "OK":
            raise OutsideError(f"{name} cannot be changed: {results['topic'][name].rstrip('.')}.")

    def _settings(self, names: list[str]) -> dict[str, dict[str, dict[str, Any]]]:
        if not names:
            return {}
        found: dict[str, dict[str, dict[str, Any]]] = self._admin.describe_configs(
            [_resource(name, None) for name in names], config_filter="all"
        )["topic"]
        return found

    def _messages(self, partitions: dict[str, int]) -> dict[str, int]:
        from kafka.protocol.consumer import OffsetSpec  # type: ignore[import-untyped]  # noqa: PLC0415
        from kafka.structs import TopicPartition  # type: ignore[import-untyped]  # noqa: PLC0415

        places = [TopicPartition(name, number) for name, count in partitions.items() for number in range(count)]
        ends = self._admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
        beginnings = self._admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.EARLIEST))
        messages = dict.fromkeys(partitions, 0)
        for place in places:
            messages[place.topic] += ends[place].offset - beginnings[place].offset
        return messages


def _is_own(setting: dict[str, Any]) -> bool:
    return bool(setting["config_source"] == _OF_THE_TOPIC)


def _resource(name: str, settings: dict[str, str] | None) -> Any:  # noqa: ANN401
    from kafka.admin import ConfigResource, ConfigResourceType  # type: ignore[import-untyped]  # noqa: PLC0415

    return ConfigResource(ConfigResourceType.TOPIC, name, settings)
