"""The servers that tests use: they start, stop, come back with what they had, and freeze."""

import json
import os
import urllib.request
from uuid import uuid4

import pytest
import redis
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

from deploy.local import kafka
from deploy.local.ready import free_port, is_free, redis_answers, until
from tests.support.servers import KafkaServer, PrometheusServer, RedisServer


def exists(pid):
    """Whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def create_topic(bootstrap, name):
    """Makes a topic of one partition."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    admin.close()


def send(bootstrap, topic, value):
    """Sends one message, and returns when the broker has it."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    producer.send(topic, value).get(30)
    producer.close()


def read(bootstrap, topic, count):
    """Returns the first messages of a topic of one partition."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, consumer_timeout_ms=30_000)
    consumer.assign([TopicPartition(topic, 0)])
    consumer.seek_to_beginning()
    values = [next(consumer).value for _ in range(count)]
    consumer.close()
    return values


def get_json(url):
    """Returns what a server says, as JSON."""
    with urllib.request.urlopen(url) as answer:  # noqa: S310 — a server of the test
        return json.load(answer)


def test_the_shared_broker_takes_and_gives_messages(kafka_bootstrap):
    topic = f"test-{uuid4()}"
    create_topic(kafka_bootstrap, topic)
    send(kafka_bootstrap, topic, b"one")
    assert read(kafka_bootstrap, topic, 1) == [b"one"]


def test_the_shared_broker_makes_no_topic_by_itself(kafka_bootstrap):
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    admin.describe_topics(["not-there"])
    assert "not-there" not in admin.list_topics()
    admin.close()


def test_a_broker_comes_back_with_what_it_had(tmp_path):
    with KafkaServer(tmp_path / "kafka") as server:
        create_topic(server.bootstrap, "kept")
        send(server.bootstrap, "kept", b"before")
        first = server.pid
        server.kill()
        assert not exists(first)
        assert not kafka.answers(server.port)
        server.start()
        assert server.pid != first
        send(server.bootstrap, "kept", b"after")
        assert read(server.bootstrap, "kept", 2) == [b"before", b"after"]
    assert not exists(server.pid)
    assert is_free(server.port)


def test_a_paused_redis_answers_nobody_until_it_is_resumed(tmp_path):
    with RedisServer(tmp_path) as server:
        client = redis.Redis.from_url(server.url, socket_timeout=0.2, retry=None)
        client.set("key", "value")
        server.pause()
        with pytest.raises(redis.TimeoutError):
            client.get("key")
        server.resume()
        assert redis.Redis.from_url(server.url).get("key") == b"value"


@pytest.mark.parametrize(("is_kept", "found"), [(True, b"value"), (False, None)])
def test_redis_comes_back_with_what_it_had_if_it_is_to_keep_it(tmp_path, is_kept, found):
    with RedisServer(tmp_path, is_kept=is_kept) as server:
        redis.Redis.from_url(server.url).set("key", "value")
        server.stop()
        assert not redis_answers(server.port)
        server.start()
        assert redis.Redis.from_url(server.url).get("key") == found


def test_prometheus_scrapes_what_the_test_names(tmp_path):
    port = free_port()
    scrape = {"job_name": "itself", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}
    # JSON is YAML.
    configuration = json.dumps({"global": {"scrape_interval": "1s"}, "scrape_configs": [scrape]})
    with PrometheusServer(tmp_path, port, configuration=configuration) as server:
        assert until(lambda: get_json(f"{server.url}/api/v1/query?query=up")["data"]["result"], 10)
        labels = get_json(f"{server.url}/api/v1/query?query=up")["data"]["result"][0]["metric"]
    assert labels == {"__name__": "up", "instance": f"127.0.0.1:{port}", "job": "itself"}


def test_a_server_that_cannot_start_says_why(tmp_path):
    server = PrometheusServer(tmp_path, configuration="scrape_confgis: []")
    with pytest.raises(AssertionError, match="field scrape_confgis not found"):
        server.start()
    assert not server.is_running


def test_a_server_does_not_take_another_for_itself(tmp_path):
    with RedisServer(tmp_path / "first") as first:
        second = RedisServer(tmp_path / "second", first.port)
        with pytest.raises(AssertionError, match=f"another server has port {first.port}"):
            second.start()
