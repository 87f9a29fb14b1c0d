"""What needs no Redis; the rest is in tests/contracts/test_redis_store.py, on fakeredis and on a server."""

from streams.redis_store import DAY_MS, HOUR_MS, RedisStore, authors_within, connect
from tests.support.messages import make_alert, make_trend


def test_authors_are_those_of_the_window_of_that_length():
    trend = make_trend(hour=5, day=9)
    assert (authors_within(trend, HOUR_MS), authors_within(trend, DAY_MS)) == (5, 9)


def test_without_such_a_window_the_next_shorter_one_counts():
    trend = make_trend(hour=5, day=9)
    assert authors_within(trend, DAY_MS - 1) == 5
    assert authors_within(make_trend(windows=[]), HOUR_MS) == 0


def test_without_an_address_redis_is_in_this_process_and_empty():
    first, second = RedisStore(connect()), RedisStore(connect())
    first.write_alert(make_alert())
    assert first.alert("a1") == make_alert()
    assert second.alert("a1") is None
