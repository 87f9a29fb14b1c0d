import asyncio
import json

import pytest

from models.configuration import CoreSettings
from models.frame import encode_frame
from models.log import Verdict
from models.message import TrendMessage, decode_alert, decode_trend, encode_alert
from models.partition import TrackPartition
from models.snapshots import Records, choose_start
from models.track import Outcome
from streams import topics
from streams.errors import OutsideError
from streams.metrics import TrackMetrics
from streams.workers.track_partition import HeldPartition
from tests.support.framed import NOON_MS, make_frame, make_framed
from tests.support.messages import make_alert, make_trend
from tests.support.stages import FRAMES, Clock, make_message

PARTITIONS = {topics.ALERTS.name: 12, topics.TRENDS.name: 12}


class Kafka:
    """Takes what outboxes send; what they wait for arrives unless `is_away`."""

    def __init__(self):
        self.steps = []
        self.is_away = False

    def outbox(self):
        return _Outbox(self)

    def sent(self, topic):
        return [step[1:] for step in self.steps if step[0] == topic.name]


class _Outbox:
    def __init__(self, kafka):
        self._kafka = kafka

    async def send(self, topic, partition, key, value):
        self._kafka.steps.append((topic, partition, key, value))

    async def acknowledged(self):
        if self._kafka.is_away:
            raise ConnectionError("away")
        self._kafka.steps.append(("acknowledged",))


class Scene:
    def __init__(self, track=None):
        self.kafka, self.clock, self.metrics = Kafka(), Clock(), TrackMetrics()
        self.held = HeldPartition(
            FRAMES,
            track or TrackPartition(CoreSettings()),
            PARTITIONS,
            self.kafka.outbox,
            self.metrics,
            interval_s=30,
            now_ms=lambda: 777,
            elapsed_s=self.clock,
        )

    def take(self, *values):
        for value in values:
            message = make_message(self.held.track.next, value=value, timestamp_ms=555)
            asyncio.run(self.held.take(message))

    def pass_by(self, seconds):
        for _ in range(seconds):
            self.clock.pass_by(1)
            asyncio.run(self.held.save_what_is_due())

    def shown(self, line):
        return line in self.metrics.render().decode().splitlines()

    def saved(self):
        """Returns where one would go on from."""
        records = Records()
        for _, key, value in self.kafka.sent(topics.SNAPSHOTS):
            records.put(key, value)
        return choose_start(records)


def frame_of(number, *communities):
    return encode_frame(make_frame(number, number + 1, [make_framed(number, communities=communities)]))


@pytest.fixture
def saying(monkeypatch):
    """Makes every frame say some messages."""

    def say(*messages):
        monkeypatch.setattr(TrackPartition, "apply", lambda *_: Outcome(Verdict.TAKEN, list(messages)))

    return say


def test_an_alert_goes_out_under_its_id_with_its_way_beside_it(saying):
    scene, alert = Scene(), make_alert(severity=2, type="opened")
    saying(alert)
    scene.take(b"frame")
    [(partition, key, value)] = scene.kafka.sent(topics.ALERTS)
    message = decode_alert(value)
    assert (key, encode_alert(message)) == (alert.alert_id.encode(), encode_alert(alert))
    assert 0 <= partition < 12
    delivery = json.loads(value)["delivery"]
    assert delivery == {"ingested_ms": 555, "scored_ms": 777, "topic": "frames", "partition": 0, "offset": 0}
    assert scene.shown('undercurrent_alert_messages_total{community="other",severity="low",type="opened"} 1.0')


def test_behind_the_last_message_of_a_narrative_the_topic_keeps_nothing_of_it(saying):
    scene = Scene()
    saying(make_trend("n1"), make_trend("n1", is_gone=True))
    scene.take(b"frame")
    first, last, gone = scene.kafka.sent(topics.TRENDS)
    assert {partition for partition, _, _ in (first, last, gone)} == {first[0]}
    assert [isinstance(decode_trend(each[2]), TrendMessage) for each in (first, last)] == [True, True]
    assert gone[1:] == (b"n1", None)


def test_frames_are_counted_by_what_becomes_of_them():
    scene = Scene()
    scene.take(frame_of(0, "ants"), b"junk", frame_of(0, "ants"), frame_of(5, "ants"))
    for verdict in ("taken", "unreadable", "progress", "hole"):
        assert scene.shown(f'undercurrent_frames_total{{verdict="{verdict}"}} 1.0'), verdict


def test_a_frame_of_another_version_says_where_it_is():
    scene = Scene()
    with pytest.raises(OutsideError, match="frames, partition 0, offset 0: frame of version 3"):
        scene.take(b'{"v":3}')


def test_messages_have_arrived_before_states_and_states_before_the_header():
    scene = Scene()
    scene.take(frame_of(0, "ants"))
    asyncio.run(scene.held.save(["ants"]))
    assert [step[2] if len(step) > 1 else step[0] for step in scene.kafka.steps] == [
        "acknowledged",
        b"0/ants",
        "acknowledged",
        b"header",
        "acknowledged",
        "acknowledged",
    ]
    assert scene.saved().next == scene.held.begin == 1


def test_a_message_that_does_not_arrive_keeps_all_else_from_being_written(saying):
    scene = Scene()
    saying(make_alert())
    scene.take(b"frame")
    scene.kafka.is_away = True
    with pytest.raises(ConnectionError):
        asyncio.run(scene.held.save([]))
    assert scene.kafka.sent(topics.SNAPSHOTS) == []


def test_each_state_that_changes_is_saved_once_an_interval_and_not_all_in_one_moment():
    scene = Scene()
    names = [f"community {number}" for number in range(60)]
    rounds = []
    for number in range(90):
        scene.take(frame_of(number, *names))
        before = len(scene.kafka.sent(topics.SNAPSHOTS))
        scene.pass_by(1)
        rounds.append(len(scene.kafka.sent(topics.SNAPSHOTS)) - before)
    keys = [key for _, key, _ in scene.kafka.sent(topics.SNAPSHOTS)]
    for name in names:
        assert 2 <= keys.count(f"0/{name}".encode()) <= 6
    assert max(rounds) < 40
    assert scene.held.track.next - scene.saved().next <= 40


def test_what_changes_once_is_saved_within_the_interval_and_then_left_alone():
    scene = Scene()
    scene.take(frame_of(0, "ants"))
    scene.pass_by(35)
    assert (scene.saved().next, scene.held.behind_since_s) == (1, None)
    written = len(scene.kafka.steps)
    scene.pass_by(100)
    assert len(scene.kafka.steps) == written


def test_progress_without_posts_moves_where_reading_begins_too():
    scene = Scene()
    scene.take(*[encode_frame(make_frame(0, number, reached_ms=NOON_MS)) for number in range(5)])
    assert scene.held.track.dirty == {}
    scene.pass_by(35)
    assert scene.saved().next == 5


def test_many_states_are_saved_in_several_goes_with_one_header():
    scene = Scene()
    scene.take(frame_of(0, *[f"community {number}" for number in range(16)]))
    scene.take(frame_of(1, *[f"more {number}" for number in range(16)]))
    asyncio.run(scene.held.save(sorted(scene.held.track.dirty)))
    keys = [key for _, key, _ in scene.kafka.sent(topics.SNAPSHOTS)]
    assert (len(keys), keys[-1], keys.count(b"header")) == (33, b"header", 1)
    assert scene.saved().next == 2


def test_what_is_lost_is_told_as_soon_as_it_is_known(capsys):
    track = TrackPartition(CoreSettings())
    scene = Scene(track)
    scene.take(frame_of(0, "ants"))
    scene.held.skip_to(50)
    late = make_framed(60, NOON_MS + 3_600_000, communities=["ants"])
    scene.take(encode_frame(make_frame(60, 61, [late])))
    said = capsys.readouterr().out
    assert "log_resumed" in said
    assert "lost_s=3600" in said


def test_what_became_of_posts_is_counted_since_the_last_time():
    scene = Scene()
    scene.take(frame_of(0, "ants"), frame_of(1, "ants"))
    scene.held.count_posts()
    scene.take(encode_frame(make_frame(2, 3, [make_framed(2, communities=["ants"], id="p1")])))
    counts = scene.held.count_posts()
    kinds = ("late", "too_late", "backfilled", "baseline_changes", "evicted", "muted")
    assert counts == {"duplicates": 1} | dict.fromkeys(kinds, 0)
    assert scene.held.count_posts() == dict.fromkeys(counts, 0)
