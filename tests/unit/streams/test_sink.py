import pytest
import redis

from streams.errors import OutsideError
from streams.metrics import Metrics
from streams.redis_store import RedisStore, connect
from streams.sink import PAUSE_S_MAX, TRENDS_HELD_MAX, Sink, describe_place
from tests.support.messages import make_alert, make_trend


class FlakyStore(RedisStore):
    """Fails each write with the next of some errors, and then takes it."""

    def __init__(self, *errors):
        super().__init__(connect())
        self.errors = list(errors)
        self.batches = []

    def ping(self):
        self._fail()

    def write_alert(self, message):
        self._fail()
        return super().write_alert(message)

    def write_trends(self, trends):
        self._fail()
        self.batches.append([trend.headline for trend in trends])

    def _fail(self):
        if self.errors:
            raise self.errors.pop(0)


class Scene:
    """A sink, and what it said and how long it waited."""

    def __init__(self, *errors, patience=1_000):
        self.store = FlakyStore(*errors)
        self.metrics = Metrics()
        self.said = []
        self.pauses_s = []
        self.patience = patience
        self.sink = Sink(self.store, self.metrics, place="Redis at x:1", say=self.said.append, wait=self._wait)

    def _wait(self, pause_s):
        self.pauses_s.append(pause_s)
        return len(self.pauses_s) >= self.patience


def test_an_alert_is_there_when_the_call_returns():
    scene = Scene()
    scene.sink.write_alert(make_alert())
    assert scene.store.alert("a1") == make_alert()
    assert scene.said == []


def test_of_a_narrative_only_its_latest_state_is_written():
    scene = Scene()
    for headline in ("old", "new"):
        scene.sink.write_trend(make_trend(headline=headline))
    scene.sink.write_trend(make_trend("n2", headline="other"))
    scene.sink.flush()
    scene.sink.flush()
    assert scene.store.batches == [["new", "other"]]


def test_many_trends_do_not_wait_for_the_flush():
    scene = Scene()
    for number in range(TRENDS_HELD_MAX):
        scene.sink.write_trend(make_trend(f"n{number}"))
    assert [len(batch) for batch in scene.store.batches] == [TRENDS_HELD_MAX]


def test_an_outage_is_waited_out_and_told_once():
    outage = [redis.ConnectionError("refused"), redis.TimeoutError("slow"), redis.OutOfMemoryError("full")]
    scene = Scene(*outage)
    scene.sink.write_alert(make_alert())
    assert scene.store.alert("a1") == make_alert()
    assert len(scene.pauses_s) == 3
    assert len(scene.said) == 2
    assert scene.said[0] == "Redis at x:1 takes nothing now (refused); reading pauses until it does."
    assert scene.said[1].startswith("Redis at x:1 is back after ")


def test_pauses_grow_up_to_a_bound_and_differ():
    scene = Scene(*[redis.ConnectionError("gone")] * 30)
    scene.sink.write_alert(make_alert())
    assert scene.pauses_s[0] < 0.3
    assert all(PAUSE_S_MAX / 2 <= pause_s <= PAUSE_S_MAX for pause_s in scene.pauses_s[10:])
    assert len(set(scene.pauses_s)) == 30


def test_outages_are_metrics():
    scene = Scene(redis.ConnectionError("gone"), redis.ConnectionError("gone"))
    scene.sink.write_alert(make_alert())
    text = scene.metrics.render().decode()
    assert "undercurrent_sink_retries_total 2.0" in text
    assert "undercurrent_sink_up 1.0" in text


def test_what_is_given_up_is_counted():
    scene = Scene(*[redis.ConnectionError("gone")] * 9, patience=2)
    scene.sink.write_alert(make_alert())
    for number in range(3):
        scene.sink.write_trend(make_trend(f"n{number}"))
    scene.sink.flush()
    assert scene.sink.unwritten == 4
    assert "undercurrent_sink_up 0.0" in scene.metrics.render().decode()


@pytest.mark.parametrize(
    "error",
    [redis.AuthenticationError("invalid password"), redis.ResponseError("WRONGTYPE of key")],
)
def test_what_no_waiting_helps_ends_in_one_sentence(error):
    scene = Scene(error)
    with pytest.raises(OutsideError, match=r"^Redis at x:1 refuses .*\.$"):
        scene.sink.write_alert(make_alert())
    assert scene.pauses_s == []


def test_a_server_that_does_not_answer_at_the_start_is_no_outage():
    scene = Scene(redis.ConnectionError("Connection refused."))
    with pytest.raises(OutsideError, match=r"^Redis at x:1 cannot be used: Connection refused\.$"):
        scene.sink.check()


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("", "the Redis in this process"),
        ("redis://user:pass@h:6379/0", "Redis at h:6379"),
        ("unix:///run/redis.sock", "Redis at /run/redis.sock"),
    ],
)
def test_a_place_is_told_without_its_password(url, place):
    assert describe_place(url) == place
