"""Reading from a real broker is shown by `tests/integration/test_worker_sink.py`: the rebuilding of Redis."""

import asyncio

from streams.workers.log_reader import merge
from streams.workers.stage import Message, Partition


async def source(number, *times):
    for offset, time_ms in enumerate(times):
        yield Message(Partition("t", number), offset, None, b"", time_ms)


def merged(*sources):
    async def run():
        return [(each.partition.number, each.timestamp_ms) async for each in merge(sources)]

    return asyncio.run(run())


def test_the_earlier_of_several_partitions_comes_first():
    assert merged(source(0, 1, 5, 9), source(1, 2, 3), source(2), source(3, 4)) == [
        (0, 1),
        (1, 2),
        (1, 3),
        (3, 4),
        (0, 5),
        (0, 9),
    ]


def test_a_partition_keeps_its_order_where_its_times_do_not():
    assert merged(source(0, 5, 1, 6), source(1, 5, 5)) == [(0, 5), (0, 1), (1, 5), (1, 5), (0, 6)]


def test_nothing_is_nothing():
    assert merged() == []
    assert merged(source(0)) == []
