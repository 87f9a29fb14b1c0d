import asyncio
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from models.control import Mute, Resume, encode_control
from models.frame import decode_frame
from streams import topics
from streams.errors import OutsideError
from streams.metrics import WorkerMetrics
from streams.settings import Settings
from streams.worker_metrics import INTAKE_METRICS
from streams.workers import intake
from streams.workers.consumer import Reading
from streams.workers.intake import IntakeStage
from streams.workers.stage import Bounds, Message, Partition
from tests.support.framed import NOON_MS, make_raw
from tests.support.turns import turn

ZERO, ONE = (Partition(topics.POSTS.name, number) for number in range(2))
CONTROL = Partition(topics.CONTROL.name, 0)
TURNS = 20


class Broker:
    """A consumer and a producer: what is sent arrives at once, or never if it is away."""

    def __init__(self):
        self.committed, self.metadata = {}, None
        self.sent, self.paused, self.sought = [], [], []
        self.is_away = self.is_refusing_commits = False
        self.readings = {}

    async def committed_position(self, partition):
        return (self.committed[partition], "") if partition in self.committed else None

    async def commit_position(self, partition, offset, metadata):
        if self.is_refusing_commits:
            raise ConnectionError("not now")
        self.committed[partition], self.metadata = offset, metadata

    def reading(self, partition):
        return self.readings.get(partition)

    def pause(self, partition):
        self.paused.append(partition)

    async def seek_to(self, partition, offset):
        self.sought.append((partition, offset))

    async def send(self, topic, key, value, partition, *_):
        acknowledgement = asyncio.get_running_loop().create_future()
        if self.is_away:
            acknowledgement.set_exception(ConnectionError("away"))
        else:
            self.sent.append((topic, partition, key, value))
            acknowledgement.set_result(None)
        return acknowledgement

    def framed(self):
        frames = [decode_frame(value) for topic, _, _, value in self.sent if topic == topics.COMMUNITY_POSTS.name]
        return [framed for frame in frames for framed in frame.posts]

    def posts(self):
        return [framed.post.id for framed in self.framed()]

    def letters(self):
        return [value for topic, _, _, value in self.sent if topic == topics.DEAD_LETTERS.name]


class Control:
    """In the place of the feed of control messages: lets the test say something."""

    def __init__(self, bootstrap, on_control):
        assert bootstrap == Settings().kafka.bootstrap
        Control.say = on_control

    async def run(self):
        await asyncio.get_running_loop().create_future()


async def no_earlier_frames(bootstrap, inputs, read_bounds):
    """All inputs are new."""
    assert bootstrap == Settings().kafka.bootstrap
    assert read_bounds
    no_earlier_frames.asked = inputs


class Scene:
    def __init__(self):
        self.broker = Broker()
        counts = {topics.POSTS.name: 2, topics.COMMUNITY_POSTS.name: 3, topics.DEAD_LETTERS.name: 1}
        self.surroundings = SimpleNamespace(
            partitions=counts,
            consumer=self.broker,
            app=SimpleNamespace(producer=self.broker),
            bounds=SimpleNamespace(read=self.broker.committed_position),
        )
        definitions = (intake.POSTS_ACCEPTED, intake.POSTS_REJECTED, intake.POSTS_UNASSIGNED, intake.REACHED)
        self.metrics = WorkerMetrics([*definitions, *INTAKE_METRICS])
        self.stage = IntakeStage(Settings(), self.surroundings, self.metrics)

    async def take(self, partition, *values):
        for value in values:
            await self.stage.take(Message(partition, self.stage.next_of(partition), None, value, NOON_MS))

    def metric(self, name):
        lines = self.metrics.render().decode().splitlines()
        return next(float(line.split(" ")[-1]) for line in lines if line.startswith(name))


@pytest.fixture
def play(monkeypatch):
    """Plays a scene to its end in an event loop; flushes and commits come at every turn of it."""
    monkeypatch.setattr(intake, "ControlFeed", Control)
    monkeypatch.setattr(intake, "check_earlier_frames", no_earlier_frames)
    monkeypatch.setattr(intake, "FLUSH_EVERY_S", 0)
    monkeypatch.setattr(intake, "COMMIT_EVERY_S", 0)

    def play_scene(act):
        async def run():
            scene = Scene()
            await act(scene)
            await scene.stage.stop()

        asyncio.run(asyncio.wait_for(run(), 30))

    return play_scene


def test_an_input_begins_where_the_group_has_committed_else_at_the_beginning(play):
    async def act(scene):
        scene.broker.committed[ONE] = 7
        assert await scene.stage.assigned({ZERO, ONE}) == {ZERO: 0, ONE: 7}
        assert no_earlier_frames.asked == ["posts/0"]

    play(act)


def test_what_is_taken_is_sent_and_then_committed_with_the_rules_in_force(play):
    async def act(scene):
        await scene.stage.assigned({ZERO})
        await scene.take(ZERO, make_raw(1), b"junk", None, make_raw(2))
        await turn(TURNS)
        assert scene.broker.posts() == ["p1", "p2"]
        assert scene.broker.letters() == [b"junk", b""]
        assert scene.broker.committed == {ZERO: 4}
        assert scene.broker.metadata.startswith("rules=")
        assert scene.metric("undercurrent_posts_accepted_total") == 2
        assert scene.metric('undercurrent_posts_rejected_total{reason="not_json"}') == 2
        await scene.stage.tick()
        assert scene.metric("undercurrent_event_time_reached_timestamp_seconds") == NOON_MS / 1000

    play(act)


def test_a_stop_brings_out_what_was_taken(play, monkeypatch):
    monkeypatch.setattr(intake, "FLUSH_EVERY_S", 3_600)
    monkeypatch.setattr(intake, "COMMIT_EVERY_S", 3_600)

    async def act(scene):
        await scene.stage.assigned({ZERO})
        await scene.take(ZERO, make_raw(1))
        assert scene.broker.posts() == []
        await scene.stage.stop()
        assert scene.broker.posts() == ["p1"]
        assert scene.broker.committed == {ZERO: 1}

    play(act)


def test_an_input_whose_send_failed_begins_again_where_the_group_has_committed(play):
    async def act(scene):
        await scene.stage.assigned({ZERO})
        await scene.take(ZERO, make_raw(1))
        await turn(TURNS)
        scene.broker.is_away = True
        await scene.take(ZERO, make_raw(2))
        await turn(TURNS)
        assert scene.stage.next_of(ZERO) is None
        scene.broker.is_away = False
        assert await scene.stage.assigned({ZERO}) == {ZERO: 1}
        await scene.take(ZERO, make_raw(2))
        await turn(TURNS)
        assert scene.broker.posts() == ["p1", "p2"]
        assert scene.broker.committed == {ZERO: 2}

    play(act)


def test_a_commit_that_failed_is_made_up_for_by_the_next(play):
    async def act(scene):
        await scene.stage.assigned({ZERO})
        scene.broker.is_refusing_commits = True
        await scene.take(ZERO, make_raw(1))
        await turn(TURNS)
        assert scene.broker.committed == {}
        assert scene.stage.next_of(ZERO) == 1
        scene.broker.is_refusing_commits = False
        await turn(TURNS)
        assert scene.broker.committed == {ZERO: 1}

    play(act)


def test_after_the_group_has_changed_it_begins_again_where_the_group_is(play):
    async def act(scene):
        await scene.stage.assigned({ZERO, ONE})
        await scene.stage.revoked({ZERO, ONE})
        assert scene.stage.next_of(ZERO) is None
        scene.broker.committed[ZERO] = 50
        assert await scene.stage.assigned({ZERO}) == {ZERO: 50}
        assert scene.stage.next_of(ONE) is None

    play(act)


def test_what_the_log_has_lost_is_told_and_left_behind(play):
    async def act(scene):
        scene.broker.committed[ZERO] = 5
        await scene.stage.assigned({ZERO})
        with capture_logs() as logs:
            await scene.stage.out_of_bounds(ZERO, Bounds(9, 20))
        assert logs == [
            {
                "event": "messages_lost",
                "log_level": "error",
                "input": "posts/0",
                "after": 5,
                "through": 9,
                "messages": 4,
            }
        ]
        assert scene.stage.next_of(ZERO) == 9
        await turn(TURNS)
        frames = [decode_frame(value) for _, _, _, value in scene.broker.sent]
        assert {(frame.after, frame.reset) for frame in frames if frame.reset} == {((9, 0), True)}
        assert scene.metric("undercurrent_input_lost_messages_total") == 4

    play(act)


def test_a_group_without_a_position_begins_where_the_log_does_and_tells_of_no_loss(play):
    async def act(scene):
        await scene.stage.assigned({ZERO})
        with capture_logs() as logs:
            await scene.stage.out_of_bounds(ZERO, Bounds(9, 20))
        assert logs == []
        assert scene.stage.next_of(ZERO) == 9

    play(act)


def test_a_log_that_has_become_shorter_ends_it(play):
    async def act(scene):
        scene.broker.committed[ZERO] = 50
        await scene.stage.assigned({ZERO})
        with pytest.raises(OutsideError, match="partition 0, ends at offset 20, but intake has read up to 50"):
            await scene.stage.out_of_bounds(ZERO, Bounds(0, 20))

    play(act)


def test_an_input_full_of_junk_is_paused_and_read_on_when_somebody_says_so(play):
    async def act(scene):
        await scene.stage.assigned({ZERO, ONE})
        assert scene.stage.waiting_for() is None
        await scene.take(ZERO, *[b"junk"] * 1_000, make_raw(1))
        assert scene.stage.next_of(ZERO) == 1_000
        assert scene.stage.holds_back(ZERO)
        assert not scene.stage.holds_back(ONE)
        assert "input posts/0 is paused: 1,000 of the last 1,000 posts were none" in scene.stage.waiting_for()
        assert scene.metric('undercurrent_input_paused{input="posts/0"}') == 1
        await turn(TURNS)
        assert ZERO in scene.broker.paused
        frames = [decode_frame(value) for topic, _, _, value in scene.broker.sent if topic != topics.DEAD_LETTERS.name]
        assert [frame for frame in frames if frame.input == "posts/0"][-1].idle_for_ms >= 2_000
        assert [frame for frame in frames if frame.input == "posts/1"][-1].idle_for_ms == 0

        Control.say(Mute(what="word", name="posts", at_ms=0))
        Control.say(Resume(input="posts/1", at_ms=0))
        assert scene.stage.holds_back(ZERO)
        Control.say(Resume(input="posts/0", at_ms=0))
        await turn(TURNS)
        assert not scene.stage.holds_back(ZERO)
        assert scene.broker.sought == [(ZERO, 1_000)]
        await scene.take(ZERO, *[b"junk"] * 998, make_raw(1))
        assert not scene.stage.holds_back(ZERO)

    play(act)


def test_a_pause_is_told_once_a_minute_and_outlives_a_change_of_the_group(play, monkeypatch):
    async def act(scene):
        now_s = [1_000.0]
        monkeypatch.setattr(intake.clock, "monotonic_s", lambda: now_s[0])
        await scene.stage.assigned({ZERO})
        with capture_logs() as logs:
            await scene.take(ZERO, *[b"junk"] * 1_000)
            for _ in range(125):
                now_s[0] += 1
                await scene.stage.tick()
        assert [log["event"] for log in logs] == ["input_paused"] * 3
        await scene.stage.revoked({ZERO})
        await scene.stage.assigned({ZERO})
        assert scene.stage.holds_back(ZERO)
        await scene.stage.assigned(set())
        await scene.stage.assigned({ZERO})
        assert not scene.stage.holds_back(ZERO)

    play(act)


def test_idleness_counts_from_fetches_that_found_the_end_and_ends_with_a_post(play, monkeypatch):
    async def act(scene):
        now_s = [1_000.0]
        monkeypatch.setattr(intake.clock, "monotonic_s", lambda: now_s[0])
        await scene.stage.assigned({ZERO})
        for step in range(8):
            now_s[0] += 0.5
            scene.broker.readings[ZERO] = Reading(position=1, behind=0, end=1, fetched=step)
            await turn(TURNS)
        await scene.stage.tick()
        assert scene.metric('undercurrent_input_idle_seconds{input="posts/0"}') == 3.5
        await scene.take(ZERO, make_raw(1, op="delete"), make_raw(1, op="update"), b"junk")
        await turn(TURNS)
        await scene.stage.tick()
        assert scene.metric('undercurrent_input_idle_seconds{input="posts/0"}') == 3.5
        await scene.take(ZERO, make_raw(1))
        await turn(TURNS)
        await scene.stage.tick()
        assert scene.metric('undercurrent_input_idle_seconds{input="posts/0"}') == 0

    play(act)


def test_messages_of_a_backfill_are_known_by_their_header(play):
    async def act(scene):
        await scene.stage.assigned({ZERO})
        headers = ((topics.BACKFILL_HEADER, b"1"),)
        await scene.stage.take(Message(ZERO, 0, None, make_raw(1), NOON_MS, headers))
        await scene.take(ZERO, make_raw(2))
        await turn(TURNS)
        assert [(framed.post.id, framed.is_backfill) for framed in scene.broker.framed()] == [
            ("p1", True),
            ("p2", False),
        ]

    play(act)


def test_control_is_an_input_of_its_own_that_goes_to_every_output_partition(play):
    async def act(scene):
        assert set(scene.stage.topics) == {topics.POSTS.name, topics.CONTROL.name}
        await scene.stage.assigned({ZERO, CONTROL})
        assert no_earlier_frames.asked == ["control/0", "posts/0"]
        mute = encode_control(Mute(what="word", name="ferry", at_ms=0))
        await scene.take(CONTROL, b"junk", mute, encode_control(Resume(input="posts/0", at_ms=0)))
        await turn(TURNS)
        frames = [(partition, decode_frame(value)) for _, partition, _, value in scene.broker.sent]
        said = [(partition, frame) for partition, frame in frames if frame.control]
        assert sorted({partition for partition, _ in said}) == [0, 1, 2]
        for _, frame in said:
            assert (frame.input, frame.inputs, frame.idle_for_ms, frame.reached_ms) == ("control/0", 2, 0, -1)
            assert bytes(frame.control[0].message) == mute
        assert scene.broker.committed[CONTROL] == 3
        assert scene.broker.letters() == []

    play(act)


def test_progress_of_control_is_rare(play, monkeypatch):
    monkeypatch.setattr(intake, "CONTROL_PROGRESS_EVERY", 12)

    async def act(scene):
        await scene.stage.assigned({ZERO, CONTROL})
        await turn(60)
        frames = [decode_frame(value).input for _, _, _, value in scene.broker.sent]
        assert 0 < frames.count("control/0") < frames.count("posts/0") / 2

    play(act)
