"""The only place that makes clients of Kafka by kafka-python: for commands; workers have Faust's.

Each is a context manager. Whatever the brokers do wrong, inside the context too, ends in one sentence, and no wait
is longer than `REQUEST_S`, or than what the caller asks for. kafka-python's own log is switched off: it repeats with
every attempt what is said here once.
"""

import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from streams.errors import OutsideError, Status, describe_os_error
from streams.safe_text import one_line

ANSWER_S: Final = 10.0
"""How long a broker may take to answer. A healthy one takes milliseconds, one that has just started some seconds."""

REQUEST_S: Final = 30.0
"""How long one request may take: making many topics is one."""

BLOCK_S: Final = 1.0
"""How long `send` of a producer may block; it then raises KafkaTimeoutError and has not taken the message."""

LINGER_MS: Final = 50
BATCH_BYTES: Final = 256 * 1024
"""With 16 KiB and no linger, kafka-python's defaults, the same posts cost half as much again."""

REQUEST_BYTES_MAX: Final = 2 * 1024 * 1024
"""Above the largest message of any topic that commands write to: the topic's own limit decides."""

_MESSAGE_BYTES_MAX: Final = "max.message.bytes"
_HEAD_BYTES: Final = 4 * 1024
"""Beside its value, a message holds a head, a key (2 KiB at most), and what packing adds where it saves none."""

_CLIENT_ID: Final = "undercurrent"
_WORD_START: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS_MAX: Final = 200
_REMEDY: Final = "`make up` starts one, UNDERCURRENT_KAFKA_BOOTSTRAP names another"


class TopicFacts(NamedTuple):
    """What whoever sends to a topic has to know of it.

    Attributes:
        partitions: How many it has.
        value_bytes_max: How long a value may be, so that the message is not too long with any key.
    """

    partitions: int
    value_bytes_max: int


@contextmanager
def admin_client(bootstrap: str) -> Iterator[Any]:
    """Give a `KafkaAdminClient`.

    Args:
        bootstrap: Brokers as host:port, separated by commas.

    Raises:
        OutsideError: If no broker answers, or one refuses what is asked of it.
    """
    from kafka.admin import KafkaAdminClient  # type: ignore[import-untyped]  # noqa: PLC0415 - costs 0.2 s

    with _plainly_spoken(bootstrap):
        client = KafkaAdminClient(**_common(bootstrap), request_timeout_ms=round(REQUEST_S * 1000))
        try:
            yield client
        finally:
            client.close()


@contextmanager
def consumer_client(bootstrap: str) -> Iterator[Any]:
    """Give a `KafkaConsumer` of no group, which is to be assigned its partitions; see `admin_client`."""
    from kafka.consumer import KafkaConsumer  # type: ignore[import-untyped]  # noqa: PLC0415

    with _plainly_spoken(bootstrap):
        client = KafkaConsumer(
            **_common(bootstrap),
            request_timeout_ms=round(REQUEST_S * 1000),
            group_id=None,
            enable_auto_commit=False,
            allow_auto_create_topics=False,
        )
        try:
            yield client
        finally:
            client.close()


@contextmanager
def producer_client(bootstrap: str, give_up_s: float) -> Iterator[Any]:
    """Give a `KafkaProducer`: idempotent, so that a repeated attempt writes nothing twice; see `admin_client`.

    What is not acknowledged when the context is left is given up: whoever sends waits for what they sent.

    Args:
        bootstrap: Brokers as host:port, separated by commas.
        give_up_s: How long a message is tried before its future fails.
    """
    from kafka.producer import KafkaProducer  # type: ignore[import-untyped]  # noqa: PLC0415

    with _plainly_spoken(bootstrap):
        client = KafkaProducer(
            **_common(bootstrap),
            acks="all",
            enable_idempotence=True,
            compression_type="gzip",
            batch_size=BATCH_BYTES,
            linger_ms=LINGER_MS,
            max_request_size=REQUEST_BYTES_MAX,
            # For the topic's partitions, when they are not known: whoever sends asks again.
            max_block_ms=round(BLOCK_S * 1000),
            # At least one attempt must fit into the whole.
            request_timeout_ms=round(min(REQUEST_S, give_up_s) * 1000) - LINGER_MS,
            delivery_timeout_ms=round(give_up_s * 1000),
            reconnect_backoff_max_ms=2_000,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
        try:
            yield client
        finally:
            _abandon(client)


def partition_of_key(key: bytes, partitions: int) -> int:
    """Return the partition of a key as Kafka's Java client and those after it choose it.

    Args:
        key: Of the message.
        partitions: How many there are.
    """
    from kafka.partitioner.default import murmur2  # type: ignore[import-untyped]  # noqa: PLC0415

    return int(murmur2(key) & 0x7FFF_FFFF) % partitions


def look_up_topic(bootstrap: str, topic: str) -> TopicFacts:
    """Return what whoever sends to a topic has to know of it.

    Raises:
        OutsideError: If there is no such topic, or no broker answers.
    """
    from kafka.admin import ConfigResource, ConfigResourceType  # noqa: PLC0415

    # Not by a producer: it goes on asking, as the topic might yet be made.
    with admin_client(bootstrap) as admin:
        [described] = admin.describe_topics([topic])
        if not described["partitions"]:
            raise OutsideError(f"there is no topic {topic} at {bootstrap}; `undercurrent topics create` makes it.")
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, [_MESSAGE_BYTES_MAX])
        settings = admin.describe_configs([resource], config_filter="all")["topic"][topic]
    return TopicFacts(len(described["partitions"]), int(settings[_MESSAGE_BYTES_MAX]["value"]) - _HEAD_BYTES)


def _common(bootstrap: str) -> dict[str, Any]:
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    _check_reachable(bootstrap)
    return {
        "bootstrap_servers": [server.strip() for server in bootstrap.split(",")],
        "client_id": _CLIENT_ID,
        "bootstrap_timeout_ms": round(ANSWER_S * 1000),
    }


def _check_reachable(bootstrap: str) -> None:
    """Raise at once if nothing listens there; kafka-python would try until its time is over and not say why."""
    reasons = []
    for server in bootstrap.split(","):
        host, _, port = server.strip().rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), ANSWER_S).close()
        except socket.gaierror:
            reasons.append(f"no machine is known as {host}")
        except OSError as error:
            reasons.append(describe_os_error(error))
        else:
            return
    raise OutsideError(f"no broker answers at {bootstrap} ({reasons[0]}); {_REMEDY}.")


@contextmanager
def _plainly_spoken(bootstrap: str) -> Iterator[None]:
    from kafka import errors  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        yield
    except errors.KafkaTimeoutError as error:
        if "bootstrap" in str(error):
            sentence = f"what answers at {bootstrap} is no broker of Kafka, or one that is not ready; {_REMEDY}."
            raise OutsideError(sentence) from None
        raise _lost(bootstrap) from None
    except (errors.KafkaConnectionError, errors.NodeNotReadyError, errors.RequestTimedOutError):
        raise _lost(bootstrap) from None
    except errors.KafkaError as error:
        raise OutsideError(f"the broker at {bootstrap} refuses: {describe_kafka_error(error)}.") from None


def describe_kafka_error(error: BaseException) -> str:
    """Return what an error of kafka-python says, in a few words: its name, and what the broker added to it.

    >>> describe_kafka_error(type("TopicAuthorizationFailedError", (Exception,), {})("posts"))
    'topic authorization failed: posts'
    """
    name = _WORD_START.sub(" ", type(error).__name__.removesuffix("Error")).lower().removeprefix("kafka ")
    added = next((one_line(part).rstrip(".") for part in error.args if isinstance(part, str)), "")
    # Of what it says itself, the longest is the whole request and the whole response.
    return f"{name}: {added}" if added and len(added) <= _WORDS_MAX else name


def _lost(bootstrap: str) -> OutsideError:
    # A broker sends its clients on to the address that it believes to be its own.
    hint = "if it names itself by another address (`advertised.listeners`), that one must be reachable from here"
    return OutsideError(f"the broker at {bootstrap} answered once and then no more; {hint}.", Status.INCOMPLETE)


def _abandon(producer: Any) -> None:  # noqa: ANN401 - kafka-python has no types
    # Its `close` first waits for all that was sent, raises when the time for that is over, and leaves its thread
    # at work; a thread that has given up leaves nothing to wait for.
    producer._sender.force_close()  # noqa: SLF001
    producer._sender.join(ANSWER_S)  # noqa: SLF001
    producer.close(timeout=0)
