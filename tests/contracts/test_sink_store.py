"""What `SinkStore` promises, on fakeredis and on a real Redis server."""

import pytest

from streams import topics
from streams.redis_store import RedisStore
from streams.workers.sink_entries import Alert, Gone, Trend
from streams.workers.sink_store import MovedError, Progress, SinkStore, Written
from streams.workers.stage import Partition
from tests.support.messages import make_alert, make_trend

A, B = (Partition(topics.ALERTS.name, number) for number in range(2))
KEPT_MS = 60_000


@pytest.fixture
def store(client):
    """A store that has partition A up to offset 5."""
    store = SinkStore(client, RedisStore(client))
    store.set_position(A, Progress(5))
    return store


def alert(alert_id="a1", revision=1, kept_ms=KEPT_MS):
    return Alert(make_alert(alert_id, revision), kept_ms)


def test_messages_are_written_with_how_far_their_partition_is(store, client):
    written = store.write(
        [alert(), alert("a1", 2), Trend(make_trend("n1"), KEPT_MS)], {A: Progress(5)}, {A: Progress(8)}
    )
    assert written == Written(alerts=2, trends=1)
    assert store.positions([A, B]) == {A: Progress(8), B: None}
    assert client.xlen(topics.ALERT_STREAM) == 2
    assert 0 < client.pttl(topics.alert_key("a1")) <= KEPT_MS
    assert 0 < client.pttl(topics.narrative_key("n1")) <= KEPT_MS


def test_what_redis_had_is_not_counted_as_written(store):
    store.write([alert()], {A: Progress(5)}, {A: Progress(6)})
    assert store.write([alert(), alert("a2")], {A: Progress(6)}, {A: Progress(8)}) == Written(alerts=1, trends=0)


@pytest.mark.parametrize("before", [Progress(4), Progress(6), Progress(5, 9)])
def test_if_redis_is_elsewhere_nothing_is_written(store, client, before):
    with pytest.raises(MovedError, match="alerts") as raised:
        store.write([alert()], {A: before}, {A: Progress(6)})
    assert raised.value.partitions == {A}
    assert client.xlen(topics.ALERT_STREAM) == 0
    assert store.positions([A]) == {A: Progress(5)}


def test_an_emptied_redis_is_noticed_before_anything_is_written(store, client):
    client.flushall()
    with pytest.raises(MovedError):
        store.write([alert()], {A: Progress(5)}, {A: Progress(6)})
    assert client.keys("*") == []


def test_a_redis_that_is_emptied_between_the_look_and_the_write_is_noticed_too(store, client, monkeypatch):
    queue_alert = RedisStore.queue_alert

    def emptied(*arguments):
        client.flushall()
        return queue_alert(*arguments)

    monkeypatch.setattr(RedisStore, "queue_alert", emptied)
    with pytest.raises(MovedError):
        store.write([alert()], {A: Progress(5)}, {A: Progress(6)})
    assert client.keys("*") == []


def test_several_partitions_are_written_together_or_not_at_all(store, client):
    store.set_position(B, Progress(1))
    with pytest.raises(MovedError) as raised:
        store.write([alert()], {A: Progress(5), B: Progress(2)}, {A: Progress(6), B: Progress(3)})
    assert raised.value.partitions == {B}
    assert store.positions([A, B]) == {A: Progress(5), B: Progress(1)}
    assert client.xlen(topics.ALERT_STREAM) == 0


def test_the_end_of_a_narrative_removes_it_whoever_wrote_it(store, client):
    store.write([Trend(make_trend("n1", hour=4), KEPT_MS)], {A: Progress(5)}, {A: Progress(6)})
    assert client.zcard(topics.top_key("islanders")) == 1
    store.write([Gone("n1"), Gone("unknown")], {A: Progress(6)}, {A: Progress(8)})
    assert client.zcard(topics.top_key("islanders")) == 0
    assert not client.exists(topics.narrative_key("n1"))


def test_of_a_narrative_its_last_message_counts(store, client):
    entries = [Trend(make_trend("n1", hour=4), KEPT_MS), Gone("n1"), Trend(make_trend("n2", hour=5), KEPT_MS)]
    entries += [Gone("n3"), Trend(make_trend("n3", hour=6), KEPT_MS), Trend(make_trend("n2", is_gone=True), KEPT_MS)]
    assert store.write(entries, {A: Progress(5)}, {A: Progress(11)}) == Written(alerts=0, trends=3)
    assert client.zrange(topics.top_key("islanders"), 0, -1) == [b"n3"]


def test_what_would_be_kept_no_longer_is_not_written(store, client):
    entries = [alert(kept_ms=0), Trend(make_trend("n1"), -5)]
    assert store.write(entries, {A: Progress(5)}, {A: Progress(7)}).alerts == 0
    assert client.xlen(topics.ALERT_STREAM) == 0
    assert not client.exists(topics.narrative_key("n1"))
    assert store.positions([A]) == {A: Progress(7)}
