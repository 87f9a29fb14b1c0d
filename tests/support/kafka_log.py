"""What stands in topics of a real broker, read by a client of the tests' own."""

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType

from deploy.local.ready import until
from streams import topics


def ends(bootstrap, topic) -> dict[int, int]:
    """Returns the end of each partition of a topic."""
    with KafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        places = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        return {place.partition: end for place, end in consumer.end_offsets(places).items()}


def read(bootstrap, topic, after=None) -> list:
    """Returns the messages of a topic behind the ends that it had before; all of them if none are given."""
    until = ends(bootstrap, topic)
    places = {TopicPartition(topic, number): end for number, end in until.items()}
    found = []
    with KafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        consumer.assign(list(places))
        for place in places:
            consumer.seek(place, (after or {}).get(place.partition, 0))
        while any(consumer.position(place) < end for place, end in places.items()):
            for records in consumer.poll(timeout_ms=10_000).values():
                found.extend(records)
    return found


def count(bootstrap, topic=topics.POSTS.name) -> int:
    """Returns how many messages a topic has, if none was ever deleted."""
    return sum(ends(bootstrap, topic).values())


def values(bootstrap, topic=topics.POSTS.name) -> list[bytes]:
    """Returns the values of the messages of a topic."""
    return [record.value for record in read(bootstrap, topic)]


def send(bootstrap, topic, messages) -> None:
    """Sends messages, each a tuple of key, value and headers, and returns when all have arrived."""
    with KafkaProducer(bootstrap_servers=bootstrap, max_request_size=2**24) as producer:
        futures = [producer.send(topic, value, key, headers=list(headers)) for key, value, headers in messages]
        for future in futures:
            future.get(10)


def remove_topics(bootstrap) -> None:
    """Removes all topics, and returns when they are gone."""
    with KafkaAdminClient(bootstrap_servers=bootstrap) as admin:
        if names := _own(admin.list_topics()):
            admin.delete_topics(names)
            assert until(lambda: not _own(admin.list_topics()), 30)


def alter(bootstrap, topic, **settings) -> None:
    """Changes settings of a topic, `_` for `.`, and returns when the broker goes by them."""
    settings = {name.replace("_", "."): value for name, value in settings.items()}

    def is_done():
        found = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)], config_filter="all")
        return all(found["topic"][topic][name]["value"] == value for name, value in settings.items())

    with KafkaAdminClient(bootstrap_servers=bootstrap) as admin:
        result = admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, settings)])
        assert result == {"topic": {topic: "OK"}}
        assert until(is_done, 30)


def make_topics(bootstrap, **partitions) -> None:
    """Makes topics with so many partitions each; `_` in a name stands for `-`, `__` for `.`."""
    wanted = {
        name.replace("__", ".").replace("_", "-"): {"num_partitions": count, "replication_factor": 1}
        for name, count in partitions.items()
    }
    with KafkaAdminClient(bootstrap_servers=bootstrap) as admin:
        admin.create_topics(wanted, wait_for_metadata=True)


def _own(names):
    return [name for name in names if not name.startswith("__")]
