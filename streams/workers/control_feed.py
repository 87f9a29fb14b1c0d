"""What operators say to the running workers: each worker reads all of the topic of control, from now on.

A consumer group would give each message to one worker only, so this is a plain consumer. What was said before the
worker began concerns nothing that it remembers.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from models.control import Control, decode_control
from streams import topics
from streams.logs import get_logger

RETRY_S: Final = 5.0

_log = get_logger()


class ControlFeed:
    """Reads the topic of control.

    Args:
        bootstrap: The brokers as host:port, separated by commas.
        on_control: Told of each control message that this version knows.
    """

    def __init__(self, bootstrap: str, on_control: Callable[[Control], None]) -> None:
        self._bootstrap = bootstrap
        self._on_control = on_control
        self._next: int | None = None

    async def run(self) -> None:
        """Read on, also after the broker was away, until this is cancelled."""
        while True:
            try:
                await self._read()
            except (KafkaError, OSError) as error:
                _log.warning("control_lost", error=repr(error))
            await asyncio.sleep(RETRY_S)

    def take(self, offset: int, raw: bytes | None) -> None:
        """Pass on one message of the topic; one that is none is told of and left out."""
        self._next = offset + 1
        try:
            control = decode_control(raw or b"")
        except ValueError as error:
            _log.warning("control_refused", offset=offset, error=str(error))
            return
        if control is None:
            _log.warning("control_unknown", offset=offset)
        else:
            self._on_control(control)

    async def _read(self) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        try:
            await consumer.start()
            partition = TopicPartition(topics.CONTROL.name, 0)
            consumer.assign([partition])
            if self._next is None:
                self._next = (await consumer.end_offsets([partition]))[partition]
            consumer.seek(partition, self._next)
            async for message in consumer:
                self.take(message.offset, message.value)
        finally:
            await consumer.stop()
