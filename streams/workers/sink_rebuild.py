"""What Redis had before it was emptied, out of the topics of alerts, trends and control."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing

from streams.topics import TRENDS
from streams.workers.log_reader import read_in_order
from streams.workers.stage import Bounds, Message, Partition

Reader = Callable[[str, Mapping[Partition, Bounds]], AsyncGenerator[Message, None]]


async def read_again(
    bootstrap: str, spans: Mapping[Partition, Bounds], read: Reader = read_in_order
) -> AsyncGenerator[tuple[Message, bool], None]:
    """Yield each message, and whether it is to be written, in the order of time over all partitions.

    Alerts all are: so the stream has them as before. So is all that people said of them. Of a narrative only the last
    message is: one that is over must not come to life, not even for a moment. To know which that is, trends are read
    twice.

    Args:
        bootstrap: The brokers as host:port, separated by commas.
        spans: From where to before where each partition is read.
        read: Reads them.
    """
    last: dict[bytes | None, tuple[Partition, int]] = {}
    trends = {partition: span for partition, span in spans.items() if partition.topic == TRENDS.name}
    if trends:
        async with aclosing(read(bootstrap, trends)) as messages:
            async for message in messages:
                last[message.key] = message.partition, message.offset
    async with aclosing(read(bootstrap, spans)) as messages:
        async for message in messages:
            place = message.partition, message.offset
            yield message, message.partition not in trends or last.get(message.key) == place
