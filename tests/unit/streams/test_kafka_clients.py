import logging
import socket
from types import SimpleNamespace

import pytest
from kafka import errors

from streams.errors import OutsideError, Status
from streams.kafka_clients import (
    admin_client,
    consumer_client,
    describe_kafka_error,
    look_up_topic,
    partition_of_key,
    producer_client,
)
from tests.support.kafka_fakes import FakeAdmin


@pytest.fixture
def listening():
    """The address of a port at which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def clients(monkeypatch):
    """What kafka-python's clients are asked to be, instead of the clients."""
    made = []

    class Fake(FakeAdmin):
        def __init__(self, **config):
            super().__init__(posts=(3, 1, {"max.message.bytes": "10000"}))
            made.append(config)
            sender = SimpleNamespace(force_close=lambda: made.append("given up"), join=lambda _: made.append("joined"))
            self._sender = sender

        def close(self, timeout=None):
            made.append(f"closed {timeout}")

    for name in ("admin.KafkaAdminClient", "consumer.KafkaConsumer", "producer.KafkaProducer"):
        monkeypatch.setattr(f"kafka.{name}", Fake)
    return made


@pytest.mark.parametrize("make", [admin_client, consumer_client, lambda bootstrap: producer_client(bootstrap, 9.0)])
def test_a_client_is_closed_whatever_happens_inside(listening, clients, make):
    with pytest.raises(ZeroDivisionError), make(f"127.0.0.1:1, {listening}"):
        raise ZeroDivisionError
    assert clients[0]["bootstrap_servers"] == ["127.0.0.1:1", listening]
    assert str(clients[-1]).startswith("closed")
    assert logging.getLogger("kafka").level == logging.CRITICAL


def test_a_producer_writes_nothing_twice_and_is_given_up_when_it_is_left(listening, clients):
    with producer_client(listening, 9.0):
        pass
    config, *rest = clients
    assert (config["acks"], config["enable_idempotence"], config["allow_auto_create_topics"]) == ("all", True, False)
    assert config["delivery_timeout_ms"] == 9_000 >= config["request_timeout_ms"] + config["linger_ms"]
    assert rest == ["given up", "joined", "closed 0"]


def test_where_nothing_listens_is_said_at_once():
    with pytest.raises(OutsideError) as caught, admin_client("127.0.0.1:1,127.0.0.1:2"):
        pass
    assert caught.value.sentence == (
        "no broker answers at 127.0.0.1:1,127.0.0.1:2 (connection refused); `make up` starts one, "
        "UNDERCURRENT_KAFKA_BOOTSTRAP names another."
    )
    assert caught.value.status is Status.UNUSABLE


def test_a_machine_that_is_not_known_is_named(monkeypatch):
    def refuse(address, _timeout):
        raise socket.gaierror(-2, f"no {address}")

    monkeypatch.setattr(socket, "create_connection", refuse)
    with (
        pytest.raises(OutsideError, match=r"\(no machine is known as kafka\.invalid\)"),
        admin_client("kafka.invalid:1"),
    ):
        pass


@pytest.mark.parametrize(
    ("error", "sentence", "status"),
    [
        (errors.KafkaTimeoutError("Unable to bootstrap from x"), "is no broker of Kafka, or one that is not ready", 2),
        (errors.KafkaTimeoutError("Timed out after 5 ms"), "answered once and then no more; if it names itself", 1),
        (errors.KafkaConnectionError("closed"), "`advertised.listeners`), that one must be reachable", 1),
        (errors.ClusterAuthorizationFailedError("no"), "refuses: cluster authorization failed: no.", 2),
    ],
)
def test_what_a_broker_does_wrong_is_one_sentence(listening, clients, error, sentence, status):
    with pytest.raises(OutsideError) as caught, admin_client(listening):
        raise error
    assert sentence in caught.value.sentence
    assert listening in caught.value.sentence
    assert caught.value.status == status
    assert clients[-1] == "closed None"


def test_an_error_of_kafka_is_a_few_words_without_its_request():
    assert describe_kafka_error(errors.NotLeaderForPartitionError()) == "not leader for partition"
    assert describe_kafka_error(errors.KafkaConnectionError("refused\x1b[2J.")) == "connection: refused"
    assert describe_kafka_error(errors.InvalidTopicError("Request 'X" * 100)) == "invalid topic"


@pytest.mark.usefixtures("clients")
def test_what_a_sender_has_to_know_of_a_topic(listening):
    assert look_up_topic(listening, "posts") == (3, 10_000 - 4_096)
    with pytest.raises(OutsideError, match=r"there is no topic alerts at 127.*; `undercurrent topics create` makes it"):
        look_up_topic(listening, "alerts")


# As Kafka's own tests have them for its Java client.
@pytest.mark.parametrize(
    ("key", "murmur2"),
    [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536), (b"abc", 479470107)],
)
def test_the_partition_of_a_key_is_that_of_other_clients(key, murmur2):
    assert partition_of_key(key, 12) == (murmur2 & 0x7FFFFFFF) % 12
