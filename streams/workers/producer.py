"""What a stage writes to Kafka, and when it has arrived."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from faust.transport.drivers.aiokafka import Producer

PENDING_MAX: Final = 5_000


class IdempotentProducer(Producer):
    """Faust's producer, but what it sends again after a fault stands in the log once, and in order."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}


class Sender(Protocol):
    """The part of Faust's producer that is used here."""

    async def send(  # noqa: PLR0917 - as in Faust
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: Any,  # noqa: ANN401 - as in Faust
    ) -> "asyncio.Future[Any]":
        """Put a message into the producer's buffer; what is returned ends when it is acknowledged."""
        ...


class Outbox:
    """Messages on their way out, of one partition or one input. What is behind one that failed may have arrived.

    At most `PENDING_MAX` are on their way; beyond that sending waits. Once one has failed all calls raise: who sends
    must begin again, with a new outbox, at a point before it.

    Args:
        producer: Sends them.
    """

    def __init__(self, producer: Callable[[], Sender]) -> None:
        self._producer = producer
        self._pending: list[asyncio.Future[Any]] = []
        self._waiting = asyncio.Lock()
        self._failure: BaseException | None = None

    def __len__(self) -> int:
        return len(self._pending)

    async def send(self, topic: str, partition: int, key: bytes | None, value: bytes | None) -> None:
        """Send a message; returns when it waits in the producer's buffer, not when it has arrived.

        The partition is always ours to choose: clients' own partitioners differ.
        """
        if len(self._pending) >= PENDING_MAX:
            await self.acknowledged()
        self._pending.append(await self._producer().send(topic, key, value, partition, None, None))

    async def acknowledged(self) -> None:
        """Return when all that was sent before this call has arrived.

        Raises:
            KafkaError: If something has not; it is up to the caller to send again all that it may concern.
        """
        # One after the other: who comes second waits for what the first has taken out.
        async with self._waiting:
            pending, self._pending = self._pending, []
            # All are awaited, also behind one that failed: an error nobody looks at would be reported some time later.
            for result in await asyncio.gather(*pending, return_exceptions=True):
                if isinstance(result, BaseException):
                    self._failure = result
            if self._failure is not None:
                raise self._failure
