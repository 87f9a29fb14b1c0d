import asyncio
from contextlib import asynccontextmanager

import pytest
import redis

from models.message import decode_alert
from streams.alert_feed import AlertFeed, is_stream_id
from streams.metrics import Metrics
from streams.redis_store import RedisStore, connect
from tests.support.messages import make_alert


class Feed(AlertFeed):
    """A feed with its store and metrics at hand."""

    def __init__(self, store=None):
        self.store = store or RedisStore(connect())
        self.metrics = Metrics()
        super().__init__(self.store, self.metrics)


@asynccontextmanager
async def watching(feed):
    """Keeps a feed looking for new messages."""
    watch = asyncio.create_task(feed.watch())
    yield
    feed.close()
    await watch


async def next_message(events):
    """Returns the next event's id and message, comments skipped."""
    async for event in events:
        if event.startswith(b"id: "):
            first, second, *rest = event.decode().split("\n")
            assert rest == ["", ""]
            return first.removeprefix("id: "), decode_alert(second.removeprefix("data: "))
    return None


def test_a_client_gets_what_comes_after_it():
    async def scenario():
        feed = Feed()
        feed.store.write_alert(make_alert("old"))
        async with watching(feed):
            events = feed.events(None)
            assert await anext(events) == b"retry: 2000\n\n"
            feed.store.write_alert(make_alert("new"))
            stream_id, message = await next_message(events)
            assert (stream_id, message.alert_id) == (feed.store.last_stream_id(), "new")

    asyncio.run(scenario())


def test_what_comes_between_the_first_byte_and_the_next_read_is_not_lost():
    async def scenario():
        feed = Feed()
        events = feed.events(None)
        await anext(events)
        for alert_id in ("a", "b"):
            feed.store.write_alert(make_alert(alert_id))
        assert [(await next_message(events))[1].alert_id for _ in range(2)] == ["a", "b"]
        await events.aclose()

    asyncio.run(scenario())


def test_a_client_that_comes_back_misses_nothing():
    async def scenario():
        feed = Feed()
        feed.store.write_alert(make_alert("a"))
        position = feed.store.last_stream_id()
        feed.store.write_alert(make_alert("b"))
        events = feed.events(position)
        assert (await next_message(events))[1].alert_id == "b"
        await events.aclose()

    asyncio.run(scenario())


def test_silence_is_broken_by_comments():
    async def scenario():
        events = Feed().events("0-0", heartbeat_s=0.001)
        await anext(events)
        assert await anext(events) == b": nothing new\n\n"
        await events.aclose()

    asyncio.run(scenario())


def test_closing_ends_the_streams():
    async def scenario():
        feed = Feed()
        watch = asyncio.create_task(feed.watch())
        events = feed.events("0-0")
        await anext(events)
        rest = asyncio.create_task(next_message(events))
        feed.close()
        assert await rest is None
        await watch

    asyncio.run(scenario())


def test_clients_are_counted():
    async def scenario():
        feed = Feed()
        events = feed.events("0-0")
        await anext(events)
        assert feed.clients == 1
        assert b"undercurrent_console_streams 1.0" in feed.metrics.render()
        await events.aclose()
        assert feed.clients == 0

    asyncio.run(scenario())


def test_an_outage_of_redis_is_silence():
    class Down(RedisStore):
        def messages_after(self, *_):
            raise redis.ConnectionError

        def last_stream_id(self):
            raise redis.ConnectionError

    async def scenario():
        feed = Feed(Down(connect()))
        async with watching(feed):
            events = feed.events("0-0", heartbeat_s=0.001)
            await anext(events)
            assert await anext(events) == b": nothing new\n\n"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("0-0", True), ("1700000000000-12", True), ("", False), ("$", False), ("1-", False), ("1-1\n", False)],
)
def test_ids_of_the_stream_are_recognised(text, is_one):
    assert is_stream_id(text) is is_one
