"""`undercurrent worker sink` as a real process between a real broker and a real Redis."""

import json
import random
import zlib
from collections import Counter
from itertools import count

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.local.ready import until
from models.control import Feedback, Undo, encode_control
from models.message import decode_alert, encode_alert, encode_trend
from streams import clock, topics
from streams.errors import Status
from streams.redis_store import RedisStore, connect
from tests.support.messages import make_alert, make_trend
from tests.support.reading import read_topic
from tests.support.servers import KafkaServer, RedisServer
from tests.support.workers import Worker, make_topics

DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A broker of this module's own, whose topics are made anew for each test."""
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as server:
        yield server


@pytest.fixture
def redis_server(tmp_path):
    """A Redis of the test's own, which keeps what it holds when it is stopped."""
    with RedisServer(tmp_path / "redis", is_kept=True) as server:
        yield server


@pytest.fixture
def client(redis_server):
    client = connect(redis_server.url)
    yield client
    client.close()


@pytest.fixture
def worker(server, redis_server, tmp_path):
    """A worker on fresh topics, not started yet."""
    make_topics(server.bootstrap)
    places = {"UNDERCURRENT_KAFKA_BOOTSTRAP": server.bootstrap, "UNDERCURRENT_REDIS_URL": redis_server.url}
    worker = Worker("sink", tmp_path / "worker", places)
    yield worker
    worker.stop()


@pytest.fixture
def send(server):
    """Sends messages as track does, and returns when the broker has them."""
    producer = KafkaProducer(bootstrap_servers=server.bootstrap, acks="all")

    def send_messages(*messages, at_ms=None):
        sent = []
        for message in messages:
            topic, key, value = message if isinstance(message, tuple) else encoded(message)
            place = zlib.crc32(key.encode()) % topic.partitions
            sent.append(producer.send(topic.name, value, key.encode(), partition=place, timestamp_ms=at_ms))
        for each in sent:
            each.get(30)

    yield send_messages
    producer.close()


def encoded(message):
    if hasattr(message, "alert_id") and hasattr(message, "revision"):
        return topics.ALERTS, message.alert_id, encode_alert(message)
    return topics.TRENDS, message.narrative_id, encode_trend(message)


def in_stream(client):
    """Returns the alert messages of Redis' stream, in its order."""
    return [decode_alert(fields[b"data"]) for _, fields in client.xrange(topics.ALERT_STREAM)]


def written(worker, kind="alert"):
    return worker.metric(f'undercurrent_sink_messages_total{{kind="{kind}"}}')


def lag(worker):
    return sum(
        worker.metric(f'undercurrent_worker_lag_messages{{topic="{topic.name}"}}')
        for topic in (topics.ALERTS, topics.TRENDS, topics.CONTROL)
    )


def noise(alert_id):
    return (
        topics.CONTROL,
        "",
        encode_control(Feedback(alert_id=alert_id, community="islanders", verdict="noise", at_ms=0)),
    )


def undone(number):
    return topics.CONTROL, "", encode_control(Undo(number=number, at_ms=0))


def say(alert_id, opinions, number, chance):
    """Returns a control message of this number: on an alert, or to take back one of the opinions, which it notes."""
    if opinions and chance.random() < 0.4:
        of = chance.choice(list(opinions))
        del opinions[of]
        return [undone(of)]
    opinions[number] = alert_id
    return [noise(alert_id)]


def judged(client):
    """Returns the numbers of what was said of each alert, where anything was."""
    fields = {key: client.hget(key, topics.FEEDBACK_FIELD) for key in client.scan_iter(topics.alert_key("*"))}
    return {
        key.decode().removeprefix(topics.alert_key("")): [each["number"] for each in json.loads(raw)]
        for key, raw in fields.items()
        if raw
    }


def test_redis_gets_each_message_of_the_topics_once_whatever_kills_the_sink(server, client, worker, send):
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - to run a schedule that failed again
    chance = random.Random(seed)
    revisions, trends, opinions, numbers = Counter(), {}, {}, count()
    worker.start()
    for _ in range(5):
        for _ in range(chance.randrange(2, 8)):
            batch = []
            for _ in range(chance.randrange(40)):
                alert_id = f"a{chance.randrange(12)}"
                revisions[alert_id] += 1
                batch.append(make_alert(alert_id, revisions[alert_id]))
                if chance.random() < 0.2:
                    batch.append(make_alert(alert_id, chance.randrange(1, revisions[alert_id] + 1)))  # repeated
                narrative_id = f"n{chance.randrange(12)}"
                trends[narrative_id] = chance.randrange(1, 100) if chance.random() < 0.8 else None
                if trends[narrative_id]:
                    batch.append(make_trend(narrative_id, hour=trends[narrative_id]))
                elif chance.random() < 0.5:
                    batch.append((topics.TRENDS, narrative_id, None))
                else:
                    batch.append(make_trend(narrative_id, is_gone=True))
                if chance.random() < 0.05:
                    batch.append((topics.ALERTS, alert_id, b"\xff no alert"))
                batch += say(alert_id, opinions, next(numbers), chance)
            send(*batch)
            until(lambda: False, chance.random() / 3)
        worker.kill()
        worker.start()
    total = sum(revisions.values())
    worker.wait(lambda: client.xlen(topics.ALERT_STREAM) >= total and lag(worker) == 0 and worker.is_ready)
    found = in_stream(client)
    sent = {each.value for each in read_topic(server.bootstrap, topics.ALERTS) if each.value.startswith(b"{")}
    assert Counter(map(encode_alert, found)) == Counter(sent), f"seed {seed}"
    for alert_id, revision in revisions.items():
        assert [each.revision for each in found if each.alert_id == alert_id] == list(range(1, revision + 1))
        assert RedisStore(client).alert(alert_id).revision == revision
    assert not any(each.delivery.rebuilt for each in found)
    assert all(each.delivery.topic == topics.ALERTS.name and each.delivery.delivered_ms for each in found)
    alive = {narrative_id: hour for narrative_id, hour in trends.items() if hour}
    assert dict(client.zrange(topics.top_key("islanders"), 0, -1, withscores=True)) == {
        narrative_id.encode(): hour for narrative_id, hour in alive.items()
    }
    assert sum(1 for _ in client.scan_iter(topics.narrative_key("*"))) == len(alive), f"seed {seed}"
    standing = {alert_id: [each for each in opinions if opinions[each] == alert_id] for alert_id in revisions}
    assert judged(client) == {alert_id: own for alert_id, own in standing.items() if own}, f"seed {seed}"


def test_redis_away_for_20_s_is_waited_for(client, worker, send, redis_server):
    worker.start()
    send(make_alert("a1"))
    worker.wait(lambda: written(worker) == 1 and worker.is_ready)
    redis_server.stop()
    send(make_alert("a2"), make_alert("a1", 2))
    worker.wait(lambda: worker.readiness() == {"ready": False, "reason": f"{place(redis_server)} takes nothing"})
    worker.wait(lambda: worker.metric("undercurrent_sink_up") == 0 < worker.metric("undercurrent_sink_retries_total"))
    until(lambda: False, 20)
    redis_server.start()
    worker.wait(lambda: written(worker) == 3 and worker.is_ready)
    assert Counter(each.message_id for each in in_stream(client)) == Counter(["a1:1", "a2:1", "a1:2"])
    assert not any(each.delivery.rebuilt for each in in_stream(client))
    assert worker.metric("undercurrent_sink_up") == 1

    redis_server.stop()
    send(make_alert("a3"))
    worker.wait(lambda: worker.metric("undercurrent_sink_up") == 0)
    begun_s = clock.monotonic_s()
    assert worker.stop() == Status.TERMINATED
    assert clock.monotonic_s() - begun_s < 10
    # It may begin before Redis does.
    worker.start()
    worker.wait(lambda: not worker.is_ready and worker.metric("undercurrent_sink_retries_total") > 0)
    redis_server.start()
    worker.wait(lambda: client.xlen(topics.ALERT_STREAM) == 4 and worker.is_ready)


def place(redis_server):
    return f"Redis at 127.0.0.1:{redis_server.port}"


@pytest.mark.parametrize("is_running", [True, False], ids=["under a running sink", "before it starts"])
def test_an_empty_redis_is_filled_again_and_people_are_not_told_twice(server, client, worker, send, is_running):
    now_ms = clock.now_ms()
    worker.start()
    send(make_alert("old"), at_ms=now_ms - 10 * DAY_MS)
    for number in range(30):
        send(make_alert(f"a{number}", at_ms=now_ms), at_ms=now_ms - DAY_MS + number * 1_000)
    send(make_alert("a3", 2), at_ms=now_ms - DAY_MS + 60_000)
    send(*(make_trend(f"n{number}", hour=number + 1) for number in range(20)), make_trend("n1", hour=70))
    send((topics.TRENDS, "n2", None), make_trend("n3", is_gone=True))
    send(noise("a3"), noise("gone"), noise("a5"), undone(2))
    worker.wait(lambda: written(worker) == 32 and lag(worker) == 0 and worker.is_ready)
    worker.wait(lambda: is_committed(server, 32 + 23 + 4))
    before = {key: client.dump(key) for key in client.scan_iter("*") if client.type(key) != b"stream"}
    if not is_running:
        worker.stop()
    client.flushall()
    if not is_running:
        worker.start()
    worker.wait(lambda: client.xlen(topics.ALERT_STREAM) == 32 and worker.is_ready, 40)
    assert judged(client) == {"a3": [0]}
    assert worker.metric("undercurrent_sink_rebuilds_total") == 1
    found = in_stream(client)
    assert all(each.delivery.rebuilt for each in found)
    # In the order of their time, whatever partitions they are in.
    assert [each.message_id for each in found] == ["old:1", *(f"a{number}:1" for number in range(30)), "a3:2"]
    narratives = {f"n{number}".encode() for number in range(20)} - {b"n2", b"n3"}
    assert set(client.zrange(topics.top_key("islanders"), 0, -1)) == narratives
    assert client.zscore(topics.top_key("islanders"), "n1") == 70
    assert {key for key in client.scan_iter("*") if client.type(key) != b"stream"} == set(before)
    # What is kept for so long is kept from when it was said, and not from now.
    left_ms = client.pttl(topics.alert_key("a5"))
    assert 88 * DAY_MS < left_ms < 89 * DAY_MS + 60_000
    send(make_alert("new"))
    worker.wait(lambda: client.xlen(topics.ALERT_STREAM) == 33)
    assert not in_stream(client)[-1].delivery.rebuilt


def is_committed(server, messages):
    """Whether the group has committed so many messages in all."""
    admin = KafkaAdminClient(bootstrap_servers=server.bootstrap)
    try:
        groups = admin.list_group_offsets(topics.SINK_GROUP)
    except KafkaError:
        return False
    finally:
        admin.close()
    return sum(max(0, found.offset) for found in groups.get(topics.SINK_GROUP, groups).values()) >= messages


def test_a_redis_that_came_back_with_what_it_held_before_gets_what_it_lost(client, worker, send):
    worker.start()
    send(make_alert("a1"))
    worker.wait(lambda: written(worker) == 1)
    send(make_alert("a2"))
    worker.wait(lambda: written(worker) == 2)
    # As after a crash: the last second is gone, and the position with it.
    place = topics.position_key(topics.ALERTS.name, zlib.crc32(b"a2") % topics.ALERTS.partitions)
    assert client.get(place) == b'{"next":1,"rebuilt_to":0}'
    client.set(place, b'{"next":0,"rebuilt_to":0}')
    client.delete(topics.alert_key("a2"))
    client.xdel(topics.ALERT_STREAM, client.xrevrange(topics.ALERT_STREAM, count=1)[0][0])
    send(make_alert("a2", 2))
    worker.wait(lambda: [each.message_id for each in in_stream(client)] == ["a1:1", "a2:1", "a2:2"])
    assert not any(each.delivery.rebuilt for each in in_stream(client))


def test_a_wrong_password_ends_it_with_one_sentence(server, client, redis_server, tmp_path):
    make_topics(server.bootstrap)
    client.config_set("requirepass", "secret")
    places = {
        "UNDERCURRENT_KAFKA_BOOTSTRAP": server.bootstrap,
        "UNDERCURRENT_REDIS_URL": redis_server.url.replace("redis://", "redis://:wrong@"),
    }
    worker = Worker("sink", tmp_path / "worker", places)
    try:
        worker.start()
        assert worker.end() == Status.UNUSABLE
    finally:
        worker.stop()
    [sentence] = [line for line in worker.said().splitlines() if line.startswith("undercurrent: ")]
    assert sentence.startswith(f"undercurrent: {place(redis_server)} refuses this program: ")
    assert "wrong" not in sentence
    client.execute_command("AUTH", "secret")
