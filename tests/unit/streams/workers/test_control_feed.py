import asyncio

from structlog.testing import capture_logs

from models.control import Resume, encode_control
from streams.workers.control_feed import ControlFeed

RESUME = Resume(input="posts/3", at_ms=1, by="lena")


def test_what_operators_say_is_passed_on():
    heard = []
    feed = ControlFeed("127.0.0.1:1", heard.append)
    feed.take(0, encode_control(RESUME))
    assert heard == [RESUME]


def test_what_is_no_control_message_is_told_and_left_out():
    heard = []
    feed = ControlFeed("127.0.0.1:1", heard.append)
    with capture_logs() as logs:
        for offset, raw in enumerate(
            [b"resume", None, b'{"v": 1, "kind": "of a later version"}', encode_control(RESUME)]
        ):
            feed.take(offset, raw)
    assert [(log["event"], log["offset"]) for log in logs] == [
        ("control_refused", 0),
        ("control_refused", 1),
        ("control_unknown", 2),
    ]
    assert heard == [RESUME]


def test_without_a_broker_it_says_so_and_tries_again(monkeypatch):
    monkeypatch.setattr("streams.workers.control_feed.RETRY_S", 0)

    async def run():
        feed = asyncio.create_task(ControlFeed("127.0.0.1:1", print).run())
        while sum(log["event"] == "control_lost" for log in logs) < 2:
            await turn()
        feed.cancel()
        await asyncio.gather(feed, return_exceptions=True)

    async def turn():
        loop = asyncio.get_running_loop()
        turned = loop.create_future()
        loop.call_later(0.01, turned.set_result, None)
        await turned

    with capture_logs() as logs:
        asyncio.run(asyncio.wait_for(run(), 20))
