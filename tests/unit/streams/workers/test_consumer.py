import asyncio
from types import SimpleNamespace

import pytest
from aiokafka.client import AIOKafkaClient, CoordinationType
from aiokafka.errors import NodeNotReadyError, RebalanceInProgressError

from streams.workers.consumer import FETCH_MS_MAX, Reading, StageConsumer, consumer_of, look_up_coordinator
from streams.workers.stage import Partition


def test_a_consumer_is_made_for_one_stage():
    feed = object()
    made = consumer_of(feed)
    assert issubclass(made, StageConsumer)
    assert made.feed is feed
    assert not hasattr(StageConsumer, "feed")


def test_a_reading_at_the_end_tells_markers_from_messages():
    assert Reading(position=9, behind=7, end=9, fetched=1.0).has_none_after(7)
    assert not Reading(position=9, behind=8, end=9, fetched=1.0).has_none_after(7)
    assert not Reading(position=8, behind=7, end=9, fetched=1.0).has_none_after(7)
    assert not Reading(position=9, behind=None, end=9, fetched=1.0).has_none_after(7)


def test_a_fetch_waits_no_longer_than_a_stage_may_know_nothing():
    assert FETCH_MS_MAX < 1_500


class CommittingConsumer(StageConsumer):
    """A consumer without Kafka: commits arrive when the test says so."""

    _driver = SimpleNamespace(commit=None)

    def __init__(self):
        self.app = SimpleNamespace(rebalancing=False)
        self.arrive, self.sent = asyncio.Event(), []
        self._commits = asyncio.Lock()
        self._thread = self

    async def call_thread(self, _commit, where):
        self.sent.append(where)
        await self.arrive.wait()


def test_no_commit_goes_out_while_the_group_is_changing_and_those_on_their_way_are_waited_for():
    async def act():
        consumer = CommittingConsumer()
        first = asyncio.ensure_future(consumer.commit_position(Partition("frames", 0), 7))
        second = asyncio.ensure_future(consumer.commit_position(Partition("frames", 1), 8))
        await asyncio.wait({first, second}, timeout=0)
        consumer.app.rebalancing = True
        settled = asyncio.ensure_future(consumer.settle_commits())
        await asyncio.wait({settled}, timeout=0)
        assert not settled.done()
        consumer.arrive.set()
        await asyncio.gather(first, settled)
        with pytest.raises(RebalanceInProgressError):
            await second
        assert len(consumer.sent) == 1

    asyncio.run(act())


def test_where_no_broker_is_known_yet_the_coordinator_is_asked_for_again():
    async def act():
        # As after a bootstrap that was answered without a broker.
        client = AIOKafkaClient(bootstrap_servers="127.0.0.1:1")
        with pytest.raises(NodeNotReadyError) as raised:
            await look_up_coordinator(client.coordinator_lookup, CoordinationType.GROUP, "undercurrent-test")
        assert raised.value.retriable

    asyncio.run(act())
