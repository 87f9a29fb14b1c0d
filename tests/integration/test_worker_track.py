"""`undercurrent worker track` as a real process on a real broker.

T1 of what is promised, and T2 from the frames of intake on.
"""

import json
import random
import time
from collections import Counter
from contextlib import closing

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient

from deploy.local.ready import until
from models.assign import partition_of_key
from models.configuration import CoreSettings
from models.frame import encode_frame
from models.intake import Intake
from models.message import AlertMessage, decode_alert, decode_trend, encode_alert
from models.snapshots import HEADER_KEY
from streams import topics
from streams.errors import Status
from streams.pipeline import Pipeline
from tests.support.framed import make_frame
from tests.support.reading import read_topic
from tests.support.story import tell_a_story
from tests.support.workers import Worker, make_topics

PARTITIONS = 3
COMMUNITIES = [f"harbour {number}" for number in range(9)]
SETTINGS = "[workers]\nsnapshot_interval_s = 1\n"
IDLE_MS = 3 * 24 * 3_600_000
"""Enough for every open alert to be resolved, and every narrative to fade."""


@pytest.fixture
def start(server, tmp_path):
    """Starts a worker; every one that was started is stopped in the end."""
    workers = []

    def start_worker(*arguments):
        folder = tmp_path / str(len(workers))
        environment = {"UNDERCURRENT_KAFKA_BOOTSTRAP": server.bootstrap}
        workers.append(Worker("track", folder, environment, SETTINGS, arguments))
        return workers[-1].start()

    yield start_worker
    for worker in workers:
        worker.stop()


class Log:
    """A story as frames, written to the log in portions."""

    def __init__(self, server, story, *, frame_posts=40, seed=1):
        self._server = server
        chance = random.Random(seed)
        intake = Intake("posts/0", 1, PARTITIONS, CoreSettings())
        self.frames = []
        for offset, raw in enumerate(story):
            intake.read(offset, raw, None)
            if chance.randrange(frame_posts) == 0:
                self.frames += intake.cut(progress=chance.random() < 0.3)
        self.frames += intake.cut(progress=True)
        self.frames += intake.cut(progress=True, idle_for_ms=IDLE_MS)
        self._written = 0

    def write(self, share=1.0):
        """Writes a share of all frames, or what is left."""
        until_ = min(len(self.frames), self._written + max(1, round(share * len(self.frames))))
        producer = KafkaProducer(bootstrap_servers=self._server.bootstrap, acks="all", enable_idempotence=True)
        with closing(producer):
            for partition, frame in self.frames[self._written : until_]:
                producer.send(topics.COMMUNITY_POSTS.name, encode_frame(frame), partition=partition)
            producer.flush(30)
        self._written = until_

    @property
    def is_written(self):
        return self._written == len(self.frames)


def replayed(story):
    """Returns the alert messages that `replay` of the same posts gives, by their ids."""
    found = []
    pipeline = Pipeline(CoreSettings(), on_message=found.append, on_dead_letter=pytest.fail)
    for raw in story:
        pipeline.feed(raw, None)
    pipeline.flush()
    pipeline.flush(IDLE_MS)
    return {message.message_id: encode_alert(message) for message in found if isinstance(message, AlertMessage)}


def alerts(server):
    """Returns the messages in the topic of alerts."""
    return read_topic(server.bootstrap, topics.ALERTS)


def said(server):
    """Returns the alert messages by their ids, and asserts that no id stands for two contents."""
    found = {}
    for message in map(decode_alert, (each.value for each in alerts(server))):
        raw = encode_alert(message)
        assert found.setdefault(message.message_id, raw) == raw, f"{message.message_id} says two things"
    return found


def fresh_topics(server):
    make_topics(server.bootstrap, COMMUNITY_POSTS=PARTITIONS, SNAPSHOTS=PARTITIONS)


def is_done(*workers):
    """Whether all partitions are held, all frames are applied, and all of it is saved."""
    held = sum(
        worker.metric(f'undercurrent_worker_partitions{{topic="{topics.COMMUNITY_POSTS.name}"}}') for worker in workers
    )
    lag = sum(
        worker.metric(f'undercurrent_worker_lag_messages{{topic="{topics.COMMUNITY_POSTS.name}"}}')
        for worker in workers
    )
    behind = sum(worker.metric("undercurrent_snapshot_behind_messages") for worker in workers)
    return held == PARTITIONS and lag == behind == 0 and all(worker.is_ready for worker in workers)


def applied(worker):
    return sum(worker.metric(f'undercurrent_frames_total{{verdict="{verdict}"}}') for verdict in ("taken", "progress"))


@pytest.fixture(scope="module")
def story():
    return tell_a_story(11, COMMUNITIES)


@pytest.fixture(scope="module")
def expected(story):
    messages = replayed(story)
    assert Counter(decode_alert(raw).type for raw in messages.values())["opened"] >= 6
    return messages


def test_it_says_what_replay_says_and_goes_on_from_what_it_saved(server, start, story, expected):
    fresh_topics(server)
    log = Log(server, story)
    log.write()
    worker = start()
    worker.wait(lambda: applied(worker) == len(log.frames) and is_done(worker))
    assert said(server) == expected

    ends = Counter(partition for partition, _ in log.frames)
    for each in alerts(server):
        message = decode_alert(each.value)
        assert each.key.decode() == message.alert_id
        assert each.partition == partition_of_key(message.alert_id, topics.ALERTS.partitions)
        delivery = message.delivery
        assert (delivery.topic, delivery.delivered_ms) == (topics.COMMUNITY_POSTS.name, None)
        assert 0 <= delivery.offset < ends[delivery.partition]
        assert delivery.ingested_ms <= delivery.scored_ms
    trends = read_topic(server.bootstrap, topics.TRENDS)
    gone = [each for each in trends if each.value is not None and decode_trend(each.value).is_gone]
    assert Counter(each.key for each in trends if each.value is None) == Counter(each.key for each in gone)
    assert gone

    assert worker.metric("undercurrent_communities") == len(COMMUNITIES)
    opened = sum(
        float(line.split()[-1])
        for line in worker.get("/metrics").decode().splitlines()
        if line.startswith("undercurrent_alert_messages_total") and 'type="opened"' in line
    )
    assert opened == sum(decode_alert(raw).type == "opened" for raw in expected.values())
    assert worker.metric("undercurrent_posts_late_total") > 0
    bar = worker.metric('undercurrent_alert_bar{community="other"}')
    assert bar > 0

    before_s = time.monotonic()
    assert worker.stop() == Status.TERMINATED
    assert time.monotonic() - before_s < 10
    messages = len(alerts(server))
    again = start()
    again.wait(lambda: is_done(again))
    again.wait(lambda: again.metric("undercurrent_communities") == len(COMMUNITIES))
    assert applied(again) == 0
    assert again.metric('undercurrent_alert_bar{community="other"}') == bar
    assert len(alerts(server)) == messages


def test_whatever_kills_track_its_messages_are_those_of_an_undisturbed_run(server, start, story, expected):
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - to run a schedule that failed again
    chance = random.Random(seed)
    fresh_topics(server)
    log = Log(server, story, frame_posts=8, seed=seed)
    worker = start()
    for _ in range(5):
        worker.wait_until_ready()
        done = applied(worker)
        log.write(0.15)
        worker.wait(lambda done=done: applied(worker) > done)
        pause_s = chance.random() * 1.5
        until(lambda: False, pause_s)
        fault = chance.choice(["kill", "kill", "stop", "freeze"])
        if fault == "kill":
            worker.kill()
            worker.start()
        elif fault == "stop":
            assert worker.stop() == Status.TERMINATED
            worker.start()
        else:
            worker.pause()
            until(lambda: False, 2.5)
            worker.resume()
    log.write()
    assert log.is_written
    worker.wait(lambda: is_done(worker))
    assert said(server) == expected


def test_a_second_worker_that_comes_and_goes_changes_no_message(server, start, story, expected):
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - to run a schedule that failed again
    chance = random.Random(seed)
    fresh_topics(server)
    log = Log(server, story, frame_posts=8, seed=seed)
    first = start()
    log.write(0.2)
    first.wait_until_ready()
    second = start()
    for ending in ("stop", "freeze", "kill"):
        second.wait_until_ready()
        log.write(0.2)
        second.wait(lambda: second.metric("undercurrent_communities") > 0)
        until(lambda: False, chance.random())
        if ending == "freeze":
            # Long enough for the first to take over all; then this one still writes what it meant to write.
            second.pause()
            first.wait(lambda: is_done(first), 60)
            log.write(0.1)
            second.resume()
            continue
        second.stop() if ending == "stop" else second.kill()
        log.write(0.05)
        second.start()
    log.write()
    first.wait(lambda: is_done(first, second), 60)
    assert said(server) == expected


def test_a_restart_of_the_broker_costs_no_message(server, start, story, expected):
    fresh_topics(server)
    log = Log(server, story, frame_posts=8)
    worker = start()
    log.write(0.5)
    worker.wait(lambda: applied(worker) > 0)
    server.kill()
    server.start()
    log.write()
    worker.wait(lambda: is_done(worker), 60)
    assert said(server) == expected


def test_older_than_the_log_it_stops_with_one_line_and_goes_on_when_told_so(server, start, story):
    fresh_topics(server)
    log = Log(server, story)
    log.write(0.4)
    worker = start()
    worker.wait(lambda: applied(worker) > 0 and is_done(worker))
    worker.stop()
    log.write(0.4)
    admin = KafkaAdminClient(bootstrap_servers=server.bootstrap)
    with closing(admin):
        ends = [sum(partition == own for partition, _ in log.frames[: log._written]) for own in range(PARTITIONS)]  # noqa: SLF001
        admin.delete_records({TopicPartition(topics.COMMUNITY_POSTS.name, 1): ends[1] - 3})
    stopped = start()
    assert stopped.end() == Status.UNUSABLE
    line = next(line for line in stopped.said().splitlines() if line.startswith("undercurrent: "))
    assert f"{topics.COMMUNITY_POSTS.name}, partition 1: the saved state goes on at offset" in line
    assert f"but the log begins at {ends[1] - 3}" in line
    assert "--skip-lost" in line
    assert "Traceback" not in stopped.said()

    log.write()
    skipping = start("--skip-lost")
    skipping.wait(lambda: is_done(skipping))
    assert "are lost; going on without them." in skipping.said()
    [lost] = skipping.events("log_lost")
    [resumed] = skipping.events("log_resumed")
    assert (lost["partition"], lost["beyond"]) == (1, ends[1] - 3)
    assert lost["frames"] == lost["beyond"] - lost["first"] > 0
    assert resumed["lost_s"] > 0
    # What comes after the loss is taken, and what others hold was not touched.
    assert skipping.metric('undercurrent_frames_total{verdict="hole"}') == 0
    assert applied(skipping) > 3
    assert skipping.stop() == Status.TERMINATED
    after = start()
    after.wait(lambda: is_done(after))


def test_ahead_of_the_log_it_stops_with_one_line(server, start, story):
    fresh_topics(server)
    log = Log(server, story)
    log.write()
    worker = start()
    worker.wait(lambda: applied(worker) > 0 and is_done(worker))
    worker.stop()
    states = [each for each in read_topic(server.bootstrap, topics.SNAPSHOTS, PARTITIONS) if each.value]
    assert sum(each.key == HEADER_KEY for each in states) >= PARTITIONS
    fresh_topics(server)
    producer = KafkaProducer(bootstrap_servers=server.bootstrap, max_request_size=topics.SNAPSHOT_BYTES_MAX)
    with closing(producer):
        for each in states:
            producer.send(topics.SNAPSHOTS.name, each.value, key=each.key, partition=each.partition)
    stopped = start()
    assert stopped.end(60) == Status.UNUSABLE
    assert "but the log ends at 0: it was made anew or cut off" in stopped.said()
    assert "Traceback" not in stopped.said()


def test_what_is_no_frame_is_skipped_and_a_frame_of_another_version_is_not(server, start, story):
    fresh_topics(server)
    log = Log(server, story)
    log.write(0.1)
    other = json.loads(encode_frame(make_frame(0, 1))) | {"v": 2}
    producer = KafkaProducer(bootstrap_servers=server.bootstrap)
    with closing(producer):
        for value in (b"no frame", b"", None, b"[" * 100_000, b'{"v":1}'):
            producer.send(topics.COMMUNITY_POSTS.name, value, b"key", partition=0)
    log.write(0.1)
    worker = start()
    worker.wait(lambda: is_done(worker) and applied(worker) > 0)
    assert worker.metric('undercurrent_frames_total{verdict="unreadable"}') == 5
    assert len(worker.events("frame_unreadable")) == 5
    producer = KafkaProducer(bootstrap_servers=server.bootstrap)
    with closing(producer):
        producer.send(topics.COMMUNITY_POSTS.name, json.dumps(other).encode(), partition=0)
    assert worker.end() == Status.UNUSABLE
    assert "frame of version 2; this program reads version 1" in worker.said()


def test_without_topics_it_waits_and_says_what_to_do(server, start):
    admin = KafkaAdminClient(bootstrap_servers=server.bootstrap)
    fresh_topics(server)
    with closing(admin):
        admin.delete_topics([topics.SNAPSHOTS.name])
        worker = start()
        reason = f"topic {topics.SNAPSHOTS.name} is not there: run `undercurrent topics create`"
        worker.wait(lambda: worker.readiness() == {"ready": False, "reason": reason})
        assert json.loads(worker.get("/healthz")) == {"healthy": True}
        assert [event["reason"] for event in worker.events("worker_waits")][-1] == reason
        assert worker.stop() == Status.TERMINATED
