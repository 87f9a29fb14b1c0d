import json

import pytest

from models.configuration import CoreSettings, TimeSettings
from models.post import Reason
from models.simulator import Simulation
from streams.embedded import Embedded
from streams.errors import OutsideError
from streams.metrics import Metrics
from streams.playback import play
from streams.reader import Item, Reader
from streams.redis_store import RedisStore, connect
from streams.sink import Sink

START_MS = 1_736_121_600_000
NOW_MS = 1_800_000_000_000


class Scene:
    """The embedded product with a Redis in this process, and what came out of it."""

    def __init__(self, *, is_live=False, now_ms=lambda: NOW_MS):
        self.alerts = []
        self.rejections = []
        self.metrics = Metrics(["islanders"])
        self.store = RedisStore(connect())
        sink = Sink(self.store, self.metrics, place="Redis", say=self.alerts.append, wait=lambda _: True)
        self.embedded = Embedded(
            CoreSettings(time=TimeSettings(disorder_s=0)),
            sink,
            self.metrics,
            on_alert=self.alerts.append,
            on_rejection=lambda *rejection: self.rejections.append(rejection),
            is_live=is_live,
            now_ms=now_ms,
        )

    def run(self, items, is_stopped=lambda: False):
        reader = Reader(iter(items))
        self.embedded.run(reader, is_stopped, lambda: None)
        return reader


def item(number, **changes):
    """Returns a post as an item."""
    post = {"id": str(number), "text": "no boat today", "created_at": START_MS + number * 1000, **changes}
    return Item(json.dumps(post).encode(), NOW_MS, ("posts.jsonl", number))


@pytest.fixture(scope="module")
def scene():
    """What comes of a made-up day of one community, in which at least one story breaks."""
    simulation = Simulation(seed=3, start_ms=START_MS, communities=1, launches_per_week=40, duration_ms=24 * 3_600_000)
    scene = Scene()
    scene.run(play(simulation.posts(), START_MS, 1e12, elapsed_s=lambda: 0.0, wait=lambda _: False))
    return scene


def test_alerts_are_in_redis_when_they_are_shown(scene):
    opened = [message for message in scene.alerts if message.type == "opened"]
    assert opened
    assert {message.alert_id for message in scene.store.alerts(1_000)} == {m.alert_id for m in opened}
    assert scene.alerts[-1] == scene.store.messages_after("0-0", 10_000)[-1].message


def test_alerts_carry_their_processing_times(scene):
    delivery = scene.alerts[0].delivery
    assert (delivery.ingested_ms, delivery.scored_ms, delivery.delivered_ms) == (NOW_MS, NOW_MS, NOW_MS)


def test_narratives_and_metrics_are_there_in_the_end(scene):
    [community] = scene.store.communities()
    assert scene.store.top_of_mind([community])[community].narratives
    text = scene.metrics.render().decode()
    assert f"undercurrent_posts_accepted_total {float(scene.embedded.counts.posts)}" in text
    assert "undercurrent_alert_delay_seconds_count 0.0" not in text


def test_what_is_no_post_is_told_with_its_place():
    scene = Scene()
    scene.run([item(1), Item(b"hello", NOW_MS, ("posts.jsonl", 2)), item(3)])
    [(reason, detail, where)] = scene.rejections
    assert (reason, where.place) == (Reason.NOT_JSON, ("posts.jsonl", 2))
    assert detail
    assert scene.embedded.counts.posts == 2
    assert 'undercurrent_posts_rejected_total{reason="not_json"} 1.0' in scene.metrics.render().decode()


def test_a_line_that_is_too_long_is_not_decoded():
    scene = Scene()
    scene.run([Item(b'{"id": "1', NOW_MS, ("posts.jsonl", 1), is_too_long=True)])
    assert [reason for reason, _, _ in scene.rejections] == [Reason.TOO_LARGE]


def test_a_source_that_breaks_off_is_processed_up_to_there():
    def broken():
        yield item(1)
        raise OutsideError("the file is truncated.")

    scene = Scene()
    reader = scene.run(broken())
    assert scene.embedded.counts.applied == 1
    assert isinstance(reader.error, OutsideError)


def test_a_stop_takes_no_further_post():
    scene = Scene()
    answers = iter([False, False, True, True])
    scene.run((item(number) for number in range(100)), lambda: next(answers))
    assert scene.embedded.counts.posts <= 2


def test_time_goes_on_without_posts_in_a_live_source_only():
    for is_live in (True, False):
        now_ms = iter(range(NOW_MS, NOW_MS + 10**9, 3_000))
        scene = Scene(is_live=is_live, now_ms=lambda times=now_ms: next(times))
        seen = []

        def silent(scene=scene, seen=seen):
            yield item(1)
            while len(seen) < 2:
                seen.append(scene.embedded.counts.applied)
            yield item(2)

        scene.run(silent())
        assert scene.embedded.counts.applied == 2


def test_updates_and_deletes_do_not_keep_time_from_going_on():
    now_ms, seen = [NOW_MS], [(0, 0)]
    scene = Scene(is_live=True, now_ms=lambda: now_ms[0])

    def note():
        counts = scene.embedded.counts
        seen.append((counts.messages, counts.applied))

    def changes():
        yield item(1)
        for number in range(1, 5):
            while seen[-1][0] < number:
                pass
            now_ms[0] += 1_000
            yield item(2, op="delete")
        while seen[-1][0] < 5:
            pass

    scene.run(changes(), note)
    assert {(1, 0), (5, 1)} <= set(seen)
