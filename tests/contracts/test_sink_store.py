"""What `SinkStore` promises, on fakeredis and on a real Redis server."""

import itertools
import random

import msgspec
import pytest

from models.control import Feedback, Undo
from streams import topics
from streams.redis_store import RedisStore
from streams.workers.sink_entries import Alert, Gone, Said, Trend
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


def said(number, verdict="noise", alert_id="a1"):
    return Said(number, Feedback(alert_id=alert_id, community="islanders", verdict=verdict, at_ms=number, by="lena"))


def undone(number, of):
    return Said(number, Undo(number=of, at_ms=number))


def verdicts(client):
    """Returns number and verdict of all that stands in each alert."""
    found = {key: client.hget(key, topics.FEEDBACK_FIELD) for key in client.scan_iter(topics.alert_key("*"))}
    return {
        key.decode().removeprefix(topics.alert_key("")): [
            (each["number"], each["verdict"]) for each in msgspec.json.decode(raw)
        ]
        for key, raw in found.items()
        if raw
    }


def test_what_people_say_is_written_with_how_far_the_topic_of_control_is(store, client):
    entries = [alert(), alert("a2"), said(0), said(1, "useful"), said(2, "duplicate", "a2"), undone(3, of=9)]
    assert store.write(entries, {A: Progress(5)}, {A: Progress(11)}) == Written(alerts=2, trends=0, feedback=2)
    assert verdicts(client) == {"a1": [(0, "noise"), (1, "useful")], "a2": [(2, "duplicate")]}
    assert client.hget(topics.alert_key("a2"), topics.FEEDBACK_FIELD) == (
        b'[{"number":2,"verdict":"duplicate","by":"lena","at_ms":2}]'
    )
    written = store.write([undone(4, of=2), undone(5, of=1), said(6)], {A: Progress(11)}, {A: Progress(14)})
    assert written.feedback == 2
    assert verdicts(client) == {"a1": [(0, "noise"), (6, "noise")]}
    assert client.hkeys(topics.FEEDBACK) == [b"a1"]


@pytest.mark.parametrize("seed", range(3))
def test_alerts_and_what_was_said_of_them_may_come_in_any_order(client, seed):
    chance = random.Random(seed)
    alerts = [alert("a1"), alert("a2"), alert("a1", 2)]
    control = [
        said(0),
        said(1, "useful", "a2"),
        said(2, "duplicate"),
        undone(3, of=0),
        undone(4, of=1),
        said(5, alert_id="a4"),
    ]
    found = []
    for _ in range(6):
        client.flushall()
        store = SinkStore(client, RedisStore(client))
        for partition in (A, B):
            store.set_position(partition, Progress(0))
        left = {A: alerts.copy(), B: control.copy()}
        place = dict.fromkeys(left, 0)
        while any(left.values()):
            partition = chance.choice([each for each in left if left[each]])
            count = chance.randrange(1, 3)
            entries, left[partition] = left[partition][:count], left[partition][count:]
            before, place[partition] = Progress(place[partition]), place[partition] + len(entries)
            store.write(entries, {partition: before}, {partition: Progress(place[partition])})
        hashes = itertools.chain([topics.FEEDBACK], sorted(client.scan_iter(topics.alert_key("*"))))
        found.append([client.hgetall(key) for key in hashes])
    assert verdicts(client) == {"a1": [(2, "duplicate")]}
    assert all(each == found[0] for each in found)


def test_what_was_said_of_many_alerts_is_read_and_written_together(store, client):
    entries = [said(number, alert_id=f"a{number}") for number in range(100)]
    store.write(entries, {A: Progress(5)}, {A: Progress(105)})
    written = store.write(
        [undone(100 + number, of=number) for number in range(99)], {A: Progress(105)}, {A: Progress(204)}
    )
    assert written.feedback == 99
    assert client.hkeys(topics.FEEDBACK) == [b"a99"]
