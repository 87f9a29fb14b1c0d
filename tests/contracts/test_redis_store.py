"""What `RedisStore` promises, on fakeredis and on a real Redis server."""

import threading

import pytest
import redis

from deploy.local.ready import free_port
from streams import topics
from streams.redis_store import DAY_MS, HOUR_MS, STREAM_START, RedisStore, connect
from tests.support.messages import NOON_MS, make_alert, make_trend


@pytest.fixture
def store(client):
    """A store in it."""
    return RedisStore(client)


def ids(alerts):
    """Returns the message ids of alerts."""
    return [message.message_id for message in alerts]


def test_a_message_is_written_once(store, client):
    assert store.write_alert(make_alert())
    assert not store.write_alert(make_alert())
    assert client.xlen(topics.ALERT_STREAM) == 1


def test_an_overtaken_message_changes_nothing(store, client):
    assert store.write_alert(make_alert(revision=2, headline="second"))
    assert not store.write_alert(make_alert(revision=1, headline="first"))
    assert store.alert("a1").headline == "second"
    assert client.xlen(topics.ALERT_STREAM) == 1


def test_many_writers_of_one_message_write_it_once(store, client):
    results = []
    writers = [threading.Thread(target=lambda: results.append(store.write_alert(make_alert()))) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(results) == [False] * 7 + [True]
    assert client.xlen(topics.ALERT_STREAM) == 1


def test_the_latest_message_of_an_alert_is_kept_with_its_revision(store, client):
    store.write_alert(make_alert())
    store.write_alert(make_alert(revision=2))
    assert store.alert("a1").revision == 2
    assert client.hget(topics.alert_key("a1"), topics.REVISION_FIELD) == b"2"
    assert set(client.hkeys(topics.alert_key("a1"))) == {b"revision", b"data"}
    assert client.pttl(topics.alert_key("a1")) > 80 * DAY_MS


def feedback_of(client, alert_id="a1"):
    """Returns what an alert says that people said of it."""
    return client.hget(topics.alert_key(alert_id), topics.FEEDBACK_FIELD)


def test_what_people_say_of_an_alert_stands_in_it_until_they_take_it_back(store, client):
    store.write_alert(make_alert())
    store.queue_feedback(client, "a1", b"[1]")
    store.write_alert(make_alert(revision=2))
    assert (feedback_of(client), client.hgetall(topics.FEEDBACK)) == (b"[1]", {b"a1": b"[1]"})
    store.queue_feedback(client, "a1", b"[1,2]")
    assert (feedback_of(client), store.alert("a1").revision) == (b"[1,2]", 2)
    store.queue_feedback(client, "a1", b"")
    assert (feedback_of(client), client.exists(topics.FEEDBACK)) == (None, 0)
    assert store.alert("a1").revision == 2


def test_what_people_said_before_an_alert_came_stands_in_it_too_and_makes_none(store, client):
    store.queue_feedback(client, "a1", b"[1]")
    store.queue_feedback(client, "a2", b"[2]")
    store.queue_feedback(client, "a3", b"")
    assert client.keys(topics.alert_key("*")) == []
    store.write_alert(make_alert(revision=3))
    store.write_alert(make_alert("a3"))
    assert (feedback_of(client), feedback_of(client, "a3")) == (b"[1]", None)
    assert client.keys(topics.alert_key("a2")) == []
    assert client.pttl(topics.alert_key("a1")) > 80 * DAY_MS


def test_what_is_not_there_is_none(store):
    assert store.alert("nobody") is None
    assert store.alerts(10) == []
    assert store.communities() == []
    assert store.reached_ms() is None
    assert store.last_stream_id() == STREAM_START


def test_alerts_come_once_each_the_latest_message_first(store):
    for message in (make_alert("a"), make_alert("b"), make_alert("a", 2), make_alert("c")):
        store.write_alert(message)
    assert ids(store.alerts(10)) == ["c:1", "a:2", "b:1"]
    assert ids(store.alerts(2)) == ["c:1", "a:2"]


def test_alerts_of_one_community(store):
    store.write_alert(make_alert("a", community="x"))
    store.write_alert(make_alert("b", community="y"))
    assert ids(store.alerts(10, "x")) == ["a:1"]


def test_a_long_stream_is_read_page_by_page(store):
    for revision in range(1, 520):
        store.write_alert(make_alert("chatty", revision))
    store.write_alert(make_alert("first", community="x"))
    assert ids(store.alerts(2)) == ["first:1", "chatty:519"]


def test_the_messages_of_one_alert_are_found_the_first_ones_first(store):
    for message in (make_alert("a"), make_alert("b", headline="a1, not a"), make_alert("a", 2), make_alert("a", 3)):
        store.write_alert(message)
    assert ids(store.messages_of("a")) == ["a:1", "a:2", "a:3"]
    assert ids(store.messages_of("b")) == ["b:1"]
    assert store.messages_of("nobody") == []


def test_of_an_alert_that_the_stream_has_pushed_out_its_latest_message_is_left(store, client):
    for revision in (1, 2):
        store.write_alert(make_alert("old", revision))
    for number in range(1_200):
        store.write_alert(make_alert(f"n{number}"))
    assert ids(store.messages_of("old")) == ["old:1", "old:2"]
    client.xtrim(topics.ALERT_STREAM, maxlen=10, approximate=False)
    assert ids(store.messages_of("old")) == ["old:2"]


def test_a_reader_goes_on_behind_what_it_had(store):
    store.write_alert(make_alert("a"))
    position = store.last_stream_id()
    store.write_alert(make_alert("b"))
    store.write_alert(make_alert("a", 2))
    stored = store.messages_after(position)
    assert ids(entry.message for entry in stored) == ["b:1", "a:2"]
    assert stored[-1].stream_id == store.last_stream_id()
    assert ids(entry.message for entry in store.messages_after(STREAM_START, 1)) == ["a:1"]


def test_writing_wakes_who_listens(store, client):
    with client.pubsub(ignore_subscribe_messages=True) as listener:
        listener.subscribe(topics.ALERT_HINTS)
        listener.get_message(timeout=5)
        store.write_alert(make_alert())
        hint = listener.get_message(timeout=5) or listener.get_message(timeout=5)
    assert hint["data"].decode() == store.last_stream_id()


def test_old_messages_and_alerts_make_room(client):
    store = RedisStore(client, messages_kept=10, alerts_kept=3)
    for number in range(300):
        store.write_alert(make_alert(f"a{number}"))
    assert client.xlen(topics.ALERT_STREAM) < 200
    assert store.alert("a296") is None
    assert store.alert("a297") is not None
    assert len(client.keys(topics.alert_key("*"))) == 3


def test_narratives_rank_by_authors_of_the_last_hour(store):
    store.write_trends([make_trend("n1", hour=2), make_trend("n2", hour=7), make_trend("n3", hour=0)])
    top = store.top_of_mind(["islanders"])["islanders"]
    assert top.length_ms == HOUR_MS
    assert [trend.narrative_id for trend in top.narratives] == ["n2", "n1"]


def test_a_quiet_community_shows_its_last_day(store):
    store.write_trends([make_trend("n1", hour=0, day=4), make_trend("n2", hour=0, day=6)])
    top = store.top_of_mind(["islanders"])["islanders"]
    assert top.length_ms == DAY_MS
    assert [trend.narrative_id for trend in top.narratives] == ["n2", "n1"]


def test_a_narrative_that_was_not_heard_of_for_an_hour_no_longer_counts_for_it(store):
    store.write_trends([make_trend("n1", hour=5)])
    store.write_trends([make_trend("n2", community="others", at_ms=NOON_MS + 2 * HOUR_MS)])
    assert store.top_of_mind(["islanders"])["islanders"].length_ms == DAY_MS
    store.write_trends([make_trend("n2", community="others", at_ms=NOON_MS + 2 * DAY_MS)])
    assert store.top_of_mind(["islanders"])["islanders"].narratives == []


def test_a_narrative_leaves_with_its_last_hour(store, client):
    store.write_trends([make_trend("n1", hour=5)])
    store.write_trends([make_trend("n1", hour=0, day=5)])
    assert client.zcard(topics.top_key("islanders")) == 0
    assert client.zcard(topics.top_day_key("islanders")) == 1


def test_a_narrative_that_is_gone_leaves_nothing(store, client):
    store.write_trends([make_trend("n1")])
    store.write_trends([make_trend("n1", windows=[], is_gone=True)])
    assert not client.exists(topics.narrative_key("n1"))
    assert store.top_of_mind(["islanders"])["islanders"].narratives == []


def test_fifty_narratives_of_a_community_are_ranked(store, client):
    store.write_trends(make_trend(f"n{number}", hour=number, day=number) for number in range(1, 61))
    assert client.zcard(topics.top_key("islanders")) == 50
    assert client.zscore(topics.top_key("islanders"), "n10") is None
    assert client.zscore(topics.top_key("islanders"), "n11") == 11


def test_communities_are_known_by_alerts_and_trends(store):
    store.write_alert(make_alert(community="b/ü", at_ms=NOON_MS + 5))
    store.write_trends([make_trend(community="a")])
    assert store.communities() == ["a", "b/ü"]
    assert store.reached_ms() == NOON_MS + 5


def test_a_server_that_is_not_there_is_told_at_once():
    store = RedisStore(connect(f"redis://127.0.0.1:{free_port()}/0"))
    with pytest.raises(redis.ConnectionError):
        store.ping()
