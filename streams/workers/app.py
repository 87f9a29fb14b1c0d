"""The Faust app of a stage: one app and one consumer group a stage, and Faust's own guarantees switched off."""

import tempfile
from collections.abc import Awaitable, Callable, Collection, Iterable
from pathlib import Path
from typing import Any, Final

import faust

from streams.settings import KafkaSettings
from streams.workers.consumer import consumer_of
from streams.workers.feed import Feed
from streams.workers.producer import IdempotentProducer
from streams.workers.stage import Message, Partition

BUFFERED_MAX: Final = 1_000_000
"""Never reached: while `WAITING_MAX` messages wait the consumer fetches no more. Faust itself goes on one by one."""

FETCH_BYTES_MAX: Final = 256 * 1024
"""Of each partition at once: what has been fetched of one is worked off before the next has its turn, so with more they
would wait for seconds. A larger message is fetched all the same."""

_REQUEST_TIMEOUT_S: Final = 30.0
_REBALANCE_TIMEOUT_S: Final = 15.0
_HEARTBEATS_A_SESSION: Final = 6
_METADATA_MS_MAX: Final = 5_000
_REQUEST_BYTES_MAX: Final = 8 * 1024 * 1024 + 64 * 1024
"""The largest snapshot, with room for its key and head."""

_LINGER_S: Final = 0.005
"""Sends of one moment travel as one batch; for a message alone that is the delay."""


def make_app(
    group: str,
    kafka: KafkaSettings,
    topics: Collection[str],
    feed: Feed,
    take: Callable[[Message], Awaitable[None]],
) -> faust.App:
    """Return an app that reads `topics` and hands each message to `take`.

    Args:
        group: Its id, which is that of the consumer group.
        kafka: Where the brokers are.
        topics: Names of the topics that are read.
        feed: Says where to read.
        take: Takes each message that Faust delivers: some more than once, some never.
    """
    app = _App(
        group,
        # Faust would also read WEB_PORT, BROKER_URL and eighty more from the environment.
        env={},
        broker=[f"kafka://{broker.strip()}" for broker in kafka.bootstrap.split(",")],
        store="memory://",
        datadir=Path(tempfile.gettempdir()) / group,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        broker_session_timeout=kafka.session_timeout_s,
        broker_heartbeat_interval=kafka.session_timeout_s / _HEARTBEATS_A_SESSION,
        broker_rebalance_timeout=_REBALANCE_TIMEOUT_S,
        broker_request_timeout=_REQUEST_TIMEOUT_S,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=FETCH_BYTES_MAX,
        consumer_metadata_max_age_ms=_METADATA_MS_MAX,
        producer_acks=-1,
        producer_linger=_LINGER_S,
        producer_max_request_size=_REQUEST_BYTES_MAX,
        stream_buffer_maxsize=BUFFERED_MAX,
        stream_wait_empty=False,
        worker_redirect_stdouts=False,
    )
    app.transport.Consumer = consumer_of(feed)  # type: ignore[misc] # Faust's way to choose it
    app.transport.Producer = IdempotentProducer  # type: ignore[misc]
    for topic in topics:
        _add_agent(app, topic, take)
    return app


class _App(faust.App):
    """An app without Faust's own monitor, which nobody here looks at: a twentieth of the time of each message."""

    def on_init_dependencies(self) -> Iterable[Any]:
        dependencies: Iterable[Any] = super().on_init_dependencies()
        self.sensors.remove(self.monitor)
        return dependencies

    def on_rebalance_start(self) -> None:
        super().on_rebalance_start()
        # Else it complains at each rebalance that no sensor has said anything.
        self._rebalancing_sensor_state = {"monitor": None}


def _add_agent(app: faust.App, topic: str, take: Callable[[Message], Awaitable[None]]) -> None:
    # Without acks Faust neither tracks nor commits what was read.
    source = app.topic(
        topic, acks=False, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
    )

    async def agent(stream: Any) -> None:  # noqa: ANN401 - Faust looks at the annotation
        async for _ in stream:
            await take(_message_of(stream.current_event.message))

    app.agent(source, name=f"{app.conf.id}-{topic}")(agent)


def _message_of(message: Any) -> Message:  # noqa: ANN401 - Faust's own
    timestamp_ms = None if message.timestamp is None else round(message.timestamp * 1000)
    headers = message.headers or ()
    return Message(
        Partition(message.topic, message.partition),
        message.offset,
        message.key,
        message.value,
        timestamp_ms,
        tuple(headers.items() if isinstance(headers, dict) else headers),
    )
