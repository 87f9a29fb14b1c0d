"""What the log holds of each partition, asked over a connection of its own.

Over the one that fetches, a broker answers only after the fetch before: up to a second and a half for each question, as
long as nothing new comes.
"""

import asyncio
from collections.abc import Collection
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]

from streams.workers.stage import Bounds, Partition

_ANSWER_S_MAX: Final = 10.0


class BoundsReader:
    """See the module's description.

    Args:
        bootstrap: The brokers as host:port, separated by commas.
    """

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._client: AIOKafkaConsumer | None = None
        self._asking = asyncio.Lock()

    async def read(self, partitions: Collection[Partition]) -> dict[Partition, Bounds]:
        """Return the bounds of some partitions.

        Raises:
            KafkaError, TimeoutError: If the broker does not answer.
        """
        places = [TopicPartition(*partition) for partition in partitions]
        if not places:
            return {}
        async with self._asking, asyncio.timeout(_ANSWER_S_MAX):
            try:
                client = await self._connected()
                beginnings = await client.beginning_offsets(places)
                ends = await client.end_offsets(places)
            except BaseException:
                # Whatever state it is in, the next question gets a new one.
                await self._close()
                raise
        return {Partition(*place): Bounds(beginnings[place], ends[place]) for place in places}

    async def close(self) -> None:
        """End the connection."""
        async with self._asking:
            await self._close()

    async def _connected(self) -> AIOKafkaConsumer:
        if self._client is None:
            self._client = AIOKafkaConsumer(bootstrap_servers=self._bootstrap)
            await self._client.start()
        return self._client

    async def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.stop()
