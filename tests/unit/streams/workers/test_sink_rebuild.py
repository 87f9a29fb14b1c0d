import asyncio

from streams.topics import ALERTS, TRENDS
from streams.workers.sink_rebuild import read_again
from streams.workers.stage import Bounds, Message, Partition

ALERT, TREND, OTHER_TREND = Partition(ALERTS.name, 0), Partition(TRENDS.name, 0), Partition(TRENDS.name, 1)
LOG = [
    Message(TREND, 0, b"n1", b"rising", 1),
    Message(ALERT, 0, b"a1", b"opened", 2),
    Message(TREND, 1, b"n2", b"rising", 3),
    Message(OTHER_TREND, 0, b"n3", b"rising", 4),
    Message(TREND, 2, b"n1", None, 5),
    Message(ALERT, 1, b"a1", b"resolved", 6),
    Message(TREND, 3, b"n2", b"active", 7),
]


def needed(*partitions):
    reads = []

    async def read(bootstrap, spans):
        reads.append((bootstrap, set(spans)))
        for message in LOG:
            if message.partition in spans:
                yield message

    async def run():
        spans = {partition: Bounds(0, 9) for partition in partitions}
        return [(each.value, is_needed) async for each, is_needed in read_again("broker:1", spans, read)]

    return asyncio.run(run()), reads


def test_all_alerts_are_written_and_of_a_narrative_its_last_message():
    found, reads = needed(ALERT, TREND, OTHER_TREND)
    assert found == [
        (b"rising", False),
        (b"opened", True),
        (b"rising", False),
        (b"rising", True),
        (None, True),
        (b"resolved", True),
        (b"active", True),
    ]
    assert reads == [("broker:1", {TREND, OTHER_TREND}), ("broker:1", {ALERT, TREND, OTHER_TREND})]


def test_alerts_alone_are_read_once():
    found, reads = needed(ALERT)
    assert found == [(b"opened", True), (b"resolved", True)]
    assert len(reads) == 1
