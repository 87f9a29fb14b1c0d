"""What is promised of messages whatever its parts suffer (README, "What is promised"), on the whole product."""

import random
import threading
from collections import Counter

import pytest
import redis
from kafka import KafkaProducer

from models.message import AlertMessage, decode_alert, encode_alert
from models.post import encode_post
from models.simulator import Simulation
from streams import topics
from streams.pipeline import Pipeline
from streams.redis_store import STREAM_START, RedisStore, connect
from streams.settings import Settings
from tests.support.oracle import alerts_in_topic, judge
from tests.support.product import Product

START_MS = 1_736_121_600_000
POSTS = 12_000
OUTAGE_S = 20.0
SETTINGS = Settings()


@pytest.fixture(scope="module")
def posts():
    """Posts of two days, as they would arrive, with launches among them."""
    simulated = Simulation(seed=11, start_ms=START_MS, communities=4, launches_per_week=20).posts()
    return [encode_post(next(simulated).post) for _ in range(POSTS)]


@pytest.fixture(scope="module")
def replayed(posts):
    """The alert messages of a replay of these posts, by their ids, and the largest event time."""
    messages = {}

    def take(message):
        if isinstance(message, AlertMessage):
            messages[message.message_id] = encode_alert(message)

    pipeline = Pipeline(SETTINGS, on_message=take, on_dead_letter=lambda dead: pytest.fail(dead.detail))
    for raw in posts:
        pipeline.feed(raw, None)
    pipeline.finish()
    assert len(messages) > 10
    return messages, pipeline.counts.reached_ms


@pytest.fixture
def chance():
    """Chance whose seed a failing test prints, so that its schedule can be run again."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201
    return random.Random(seed)


def send(bootstrap, raws, partitions):
    """Writes posts to the topic, to these partitions in turn."""
    with KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=20) as producer:
        for number, raw in enumerate(raws):
            producer.send(topics.POSTS.name, raw, partition=partitions[number % len(partitions)])


def wait(seconds):
    threading.Event().wait(seconds)


def torment(product, chance, names, kills):
    """Kills workers at random moments and starts them again."""
    for _ in range(kills):
        wait(chance.uniform(0.5, 3.0))
        victim = product.workers[chance.choice(names)]
        victim.kill()
        victim.start()


def in_redis(product):
    """Returns the alert messages in the stream by id, how often each stands there, and the latest of each alert."""
    client = connect(product.redis.url)
    store = RedisStore(client)
    found, position = [], STREAM_START
    while page := store.messages_after(position):
        found += [entry.message for entry in page]
        position = page[-1].stream_id
    latest = {alert: store.alert(alert).revision for alert in {message.alert_id for message in found}}
    client.close()
    return (
        {message.message_id: encode_alert(message) for message in found},
        Counter(m.message_id for m in found),
        latest,
    )


def assert_redis_has(product, said):
    stored, counts, latest = in_redis(product)
    assert stored == {name: contents[0] for name, contents in said.items()}
    assert set(counts.values()) <= {1}
    revisions = {}
    for name in said:
        alert, _, revision = name.partition(":")
        revisions[alert] = max(revisions.get(alert, 0), int(revision))
    assert latest == revisions


def test_one_input_gives_the_messages_of_a_replay_whatever_is_killed(tmp_path, posts, replayed, chance):
    expected, reached_ms = replayed
    with Product(tmp_path) as product:
        send(product.kafka.bootstrap, posts, [0])
        torment(product, chance, ["intake", "track-0", "sink"], kills=6)
        assert product.wait_until_through()
        verdict = judge(product.kafka.bootstrap, SETTINGS)
        assert verdict.is_exact, verdict
        said = alerts_in_topic(product.kafka.bootstrap)
        # Time goes on while the input is idle, so more may be said of what comes after the last post.
        assert {name: contents[0] for name, contents in said.items() if _at_ms(contents[0]) <= reached_ms} == expected
        assert_redis_has(product, said)


def test_several_inputs_lose_no_post_and_say_nothing_in_two_ways_whatever_is_killed(tmp_path, posts, chance):
    with Product(tmp_path, trackers=2) as product:
        send(product.kafka.bootstrap, posts, range(topics.POSTS.partitions))
        torment(product, chance, list(product.workers), kills=5)
        product.workers["track-1"].stop()
        wait(chance.uniform(1.0, 3.0))
        product.workers["track-1"].start()
        assert product.wait_until_through()
        verdict = judge(product.kafka.bootstrap, SETTINGS)
        assert verdict.is_exact, verdict
        assert verdict.messages > 10
        assert_redis_has(product, alerts_in_topic(product.kafka.bootstrap))


def test_redis_may_be_silent_and_be_emptied_and_the_broker_be_restarted(tmp_path, posts, chance):
    with Product(tmp_path) as product:
        half = len(posts) // 2
        send(product.kafka.bootstrap, posts[:half], [0])
        product.redis.pause()
        wait(OUTAGE_S)
        product.redis.resume()
        product.kafka.kill()
        wait(chance.uniform(0.0, 2.0))
        product.kafka.start()
        send(product.kafka.bootstrap, posts[half:], [0])
        assert product.wait_until_through()
        with redis.Redis.from_url(product.redis.url) as client:
            client.flushall()
        said = alerts_in_topic(product.kafka.bootstrap)
        sink = product.workers["sink"]
        sink.wait(lambda: sink.is_ready and in_redis(product)[0].keys() == said.keys(), 60)
        verdict = judge(product.kafka.bootstrap, SETTINGS)
        assert verdict.is_exact, verdict
        assert_redis_has(product, said)


def _at_ms(raw):
    return decode_alert(raw).at_ms
