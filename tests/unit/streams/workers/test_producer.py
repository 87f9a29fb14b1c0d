import asyncio

import pytest

from streams.workers import producer
from streams.workers.producer import IdempotentProducer, Outbox


class FakeProducer:
    def __init__(self):
        self.sent = []
        self.futures = []

    async def send(self, *message):
        self.sent.append(message)
        self.futures.append(asyncio.get_running_loop().create_future())
        return self.futures[-1]


def outbox_of(fake):
    return Outbox(lambda: fake)


def test_what_faust_sends_again_stands_in_the_log_once():
    assert IdempotentProducer._settings_extra(None) == {"acks": "all", "enable_idempotence": True}  # noqa: SLF001


def test_it_returns_when_all_that_was_sent_has_arrived():
    async def play():
        fake = FakeProducer()
        outbox = outbox_of(fake)
        await outbox.send("alerts", 3, b"key", b"value")
        await outbox.send("alerts", 4, b"key", None)
        waiting = asyncio.ensure_future(outbox.acknowledged())
        fake.futures[1].set_result(None)
        await asyncio.wait([waiting], timeout=0)
        assert not waiting.done()
        fake.futures[0].set_result(None)
        await waiting
        assert len(outbox) == 0
        return fake.sent

    assert asyncio.run(play()) == [
        ("alerts", b"key", b"value", 3, None, None),
        ("alerts", b"key", None, 4, None, None),
    ]


def test_once_something_has_failed_nothing_counts_as_arrived_any_more():
    async def play():
        fake = FakeProducer()
        outbox = outbox_of(fake)
        for _ in range(2):
            await outbox.send("alerts", 0, None, b"value")
        fake.futures[0].set_exception(ConnectionError("away"))
        fake.futures[1].set_result(None)
        for _ in range(2):
            with pytest.raises(ConnectionError, match="away"):
                await outbox.acknowledged()

    asyncio.run(play())


def test_who_asks_second_waits_for_what_the_first_waits_for():
    async def play():
        fake = FakeProducer()
        outbox = outbox_of(fake)
        await outbox.send("alerts", 0, None, b"value")
        both = [asyncio.ensure_future(outbox.acknowledged()) for _ in range(2)]
        await asyncio.wait(both, timeout=0)
        assert not any(each.done() for each in both)
        fake.futures[0].set_result(None)
        await asyncio.gather(*both)

    asyncio.run(play())


def test_sending_waits_when_too_much_is_on_its_way(monkeypatch):
    monkeypatch.setattr(producer, "PENDING_MAX", 2)

    async def play():
        fake = FakeProducer()
        outbox = outbox_of(fake)
        for _ in range(2):
            await outbox.send("alerts", 0, None, b"value")
        third = asyncio.ensure_future(outbox.send("alerts", 0, None, b"value"))
        await asyncio.wait([third], timeout=0)
        assert not third.done()
        for future in fake.futures:
            future.set_result(None)
        await third
        assert len(fake.sent) == 3

    asyncio.run(play())
