"""Reads parts of topics once, from offset to offset, in the order of time: what a consumer group cannot do."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from heapq import heapify, heappop, heappush
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]

from streams.workers.stage import Bounds, Message, Partition

SILENCE_S_MAX: Final = 30.0
_PAGE: Final = 500
_WAIT_MS: Final = 500


async def read_in_order(bootstrap: str, spans: Mapping[Partition, Bounds]) -> AsyncGenerator[Message, None]:
    """Yield the messages of some partitions, each partition in its order and the earlier one of several first.

    Args:
        bootstrap: The brokers as host:port, separated by commas.
        spans: From where to before where each is read; all of it must have been written.

    Raises:
        KafkaError, TimeoutError: If the broker does not answer.
    """
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await asyncio.wait_for(consumer.start(), SILENCE_S_MAX)
        places = {TopicPartition(*partition): partition for partition in spans}
        consumer.assign(list(places))
        for place, partition in places.items():
            consumer.seek(place, spans[partition].beginning)
        async with aclosing(merge([_pages(consumer, place, spans[places[place]].end) for place in places])) as merged:
            async for message in merged:
                yield message
    finally:
        await consumer.stop()


async def merge(sources: Sequence[AsyncIterator[Message]]) -> AsyncGenerator[Message, None]:
    """Yield what several sources have, the one with the earlier time first; none is read ahead by more than one."""
    heads = []
    for number, source in enumerate(sources):
        message = await anext(source, None)
        if message is not None:
            heads.append((message.timestamp_ms or 0, number, message))
    heapify(heads)
    while heads:
        _, number, message = heappop(heads)
        yield message
        following = await anext(sources[number], None)
        if following is not None:
            # A partition keeps its order, also where its times do not.
            heappush(heads, (max(following.timestamp_ms or 0, message.timestamp_ms or 0), number, following))


async def _pages(consumer: Any, place: Any, end: int) -> AsyncIterator[Message]:  # noqa: ANN401 - aiokafka's own
    partition = Partition(place.topic, place.partition)
    page: deque[Any] = deque()
    silent_s = 0.0
    # The position passes what compaction has left out, also at the end.
    while page or await asyncio.wait_for(consumer.position(place), SILENCE_S_MAX) < end:
        if not page:
            page.extend((await consumer.getmany(place, timeout_ms=_WAIT_MS, max_records=_PAGE)).get(place, ()))
            silent_s = 0.0 if page else silent_s + _WAIT_MS / 1000
            if silent_s > SILENCE_S_MAX:
                raise TimeoutError(f"{place.topic}, partition {place.partition}: nothing came for {silent_s:.0f} s")
            continue
        record = page.popleft()
        if record.offset >= end:
            return
        yield Message(partition, record.offset, record.key, record.value, record.timestamp)
