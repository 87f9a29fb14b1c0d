"""The stage alone, on a Redis inside the process; with real servers: `tests/integration/test_worker_sink.py`."""

import asyncio
from types import SimpleNamespace

import msgspec
import pytest
import redis
from structlog.testing import capture_logs

from models.control import Feedback, Undo, encode_control
from models.message import decode_alert, encode_alert, encode_trend
from streams import topics
from streams.errors import OutsideError
from streams.metrics import SinkWorkerMetrics
from streams.redis_store import RedisStore, connect
from streams.settings import Settings
from streams.workers import sink
from streams.workers.sink import SinkStage, run_sink
from streams.workers.sink_store import Progress, SinkStore
from streams.workers.stage import Bounds, Message, Partition
from tests.support.messages import make_alert, make_trend
from tests.support.turns import turn

ALERT, TREND, SAID = (Partition(topic.name, 0) for topic in (topics.ALERTS, topics.TRENDS, topics.CONTROL))
ANSWER_S = 10.0


class Flaky:
    """A client of Redis that raises what the test wants instead of answering."""

    def __init__(self, client):
        self.client = client
        self.error = None

    def __getattr__(self, name):
        if self.error is not None and name in {"mget", "pipeline", "set", "ping"}:
            raise self.error
        return getattr(self.client, name)


class Scene:
    """A sink on topics of one partition each, which hold what the test has put there."""

    def __init__(self, monkeypatch, client):
        self.client = client
        self.committed, self.sought, self.problems, self.read = {}, [], [], []
        self.log = {ALERT: [], TREND: [], SAID: []}
        self.beginning = 0
        self.gates = {}
        monkeypatch.setattr(sink, "connect", lambda _: client)
        monkeypatch.setattr(sink, "read_again", self._read_again)
        surroundings = SimpleNamespace(
            partitions=dict.fromkeys(SinkStage.topics, 1),
            consumer=self,
            bounds=SimpleNamespace(read=self._bounds),
            stop=self.problems.append,
        )
        self.metrics = SinkWorkerMetrics()
        self.stage = SinkStage(Settings(), surroundings, self.metrics)

    async def _bounds(self, partitions):
        return {partition: Bounds(self.beginning, len(self.log[partition])) for partition in partitions}

    async def _read_again(self, bootstrap, spans):
        self.read.append((bootstrap, dict(spans)))
        for partition, span in spans.items():
            if partition in self.gates:
                await self.gates[partition].wait()
            for message in self.log[partition][span.beginning : span.end]:
                yield message, True

    async def committed_position(self, partition):
        return (self.committed[partition], "") if partition in self.committed else None

    async def commit_position(self, partition, offset):
        self.committed[partition] = offset

    async def seek_to(self, partition, offset):
        self.sought.append((partition, offset))

    def put(self, partition, *values):
        for value in values:
            key = b"n1" if partition == TREND else b"a1"
            self.log[partition].append(Message(partition, len(self.log[partition]), key, value, None))

    async def feed(self):
        """Hands the stage all that it wants of the log."""
        for partition, messages in self.log.items():
            while (wanted := self.stage.next_of(partition)) is not None and wanted < len(messages):
                await self.stage.take(messages[wanted])

    async def until(self, condition):
        async def look():
            while not condition():
                await turn()

        await asyncio.wait_for(look(), ANSWER_S)

    def position(self, partition=ALERT):
        return SinkStore(self.client, RedisStore(self.client)).positions([partition])[partition]

    def stream(self):
        return [decode_alert(fields[b"data"]) for _, fields in self.client.xrange(topics.ALERT_STREAM)]

    def feedback(self, alert_id="a1"):
        raw = self.client.hget(topics.alert_key(alert_id), topics.FEEDBACK_FIELD)
        return raw and [(each["number"], each["verdict"]) for each in msgspec.json.decode(raw)]

    def metric(self, name):
        lines = self.metrics.render().decode().splitlines()
        return next(float(line.split(" ")[-1]) for line in lines if line.startswith(name))


@pytest.fixture
def play(monkeypatch):
    """Plays a scene to its end in an event loop."""

    def play_scene(act, client=None):
        async def run():
            scene = Scene(monkeypatch, client or connect())
            await act(scene)
            await scene.stage.stop()

        asyncio.run(asyncio.wait_for(run(), 60))

    return play_scene


def alerts(*revisions, alert_id="a1"):
    return [encode_alert(make_alert(alert_id, revision)) for revision in revisions]


def test_messages_come_to_redis_with_their_position_and_then_the_group_is_told(play):
    async def act(scene):
        scene.put(ALERT, *alerts(1, 2))
        scene.put(TREND, encode_trend(make_trend("n1")), None, encode_trend(make_trend("n2")))
        assert await scene.stage.assigned({ALERT, TREND}) == {ALERT: 0, TREND: 0}
        await scene.feed()
        await scene.until(lambda: scene.position() == Progress(2) and scene.position(TREND) == Progress(3))
        assert [(each.message_id, each.delivery.offset) for each in scene.stream()] == [("a1:1", 0), ("a1:2", 1)]
        assert not any(each.delivery.rebuilt for each in scene.stream())
        await scene.stage.stop()
        assert scene.committed == {ALERT: 2, TREND: 3}
        assert scene.metric('undercurrent_sink_messages_total{kind="alert"}') == 2
        assert scene.metric("undercurrent_sink_up") == 1

    play(act)


def noise(alert_id="a1"):
    return encode_control(Feedback(alert_id=alert_id, community="islanders", verdict="noise", at_ms=0))


def test_what_people_say_of_an_alert_comes_to_it_and_stands_there_again_after_redis_was_emptied(play):
    async def act(scene):
        scene.put(SAID, noise(), b"junk", encode_control(Undo(number=0, at_ms=0)), noise(), noise("a2"))
        scene.put(ALERT, *alerts(1, 2))
        for _ in range(2):
            # The topic of control may be read long before that of alerts, and after it.
            await scene.stage.assigned({SAID, ALERT})
            await scene.until(lambda: not scene.stage.holds_back(SAID) and not scene.stage.holds_back(ALERT))
            await scene.feed()
            await scene.until(lambda: scene.position() is not None and scene.position().next == 2)
            await scene.until(lambda: scene.position(SAID) is not None and scene.position(SAID).next == 5)
            assert (scene.feedback(), scene.feedback("a2")) == ([(3, "noise")], None)
            assert scene.metric("undercurrent_sink_refused_total") >= 1
            await scene.until(lambda: scene.metric('undercurrent_sink_messages_total{kind="feedback"}') >= 2)
            scene.committed = {ALERT: 2, SAID: 5}
            scene.client.flushall()
            await scene.stage.tick()
        assert scene.metric("undercurrent_sink_rebuilds_total") == 1

    play(act)


def test_it_goes_on_where_redis_is_and_not_where_the_group_is(play):
    async def act(scene):
        scene.put(ALERT, *alerts(1, 2, 3))
        scene.committed[ALERT] = 3
        SinkStore(scene.client, RedisStore(scene.client)).set_position(ALERT, Progress(1))
        assert await scene.stage.assigned({ALERT}) == {ALERT: 1}
        await scene.feed()
        await scene.until(lambda: scene.position() == Progress(3))
        assert [(each.revision, each.delivery.rebuilt) for each in scene.stream()] == [(2, False), (3, False)]

    play(act)


def test_what_is_no_message_is_told_and_left_out(play):
    async def act(scene):
        scene.put(ALERT, b"junk", *alerts(1))
        await scene.stage.assigned({ALERT})
        with capture_logs() as logs:
            await scene.feed()
        assert [(log["event"], log["offset"]) for log in logs] == [("message_refused", 0)]
        await scene.until(lambda: scene.position() == Progress(2))
        assert scene.metric("undercurrent_sink_refused_total") == 1
        assert len(scene.stream()) == 1

    play(act)


def test_an_empty_redis_is_rebuilt_up_to_where_the_group_is(play):
    async def act(scene):
        scene.put(ALERT, *alerts(1, 2, 3))
        scene.committed[ALERT] = 2
        assert await scene.stage.assigned({ALERT}) == {}
        assert scene.stage.holds_back(ALERT)
        assert scene.stage.next_of(ALERT) is None
        assert scene.stage.waiting_for() == "Redis was empty; 1 partitions are being rebuilt"
        await scene.until(lambda: scene.sought == [(ALERT, 2)])
        assert scene.read == [(Settings().kafka.bootstrap, {ALERT: Bounds(0, 2)})]
        assert not scene.stage.holds_back(ALERT)
        assert scene.stage.waiting_for() is None
        await scene.feed()
        await scene.until(lambda: scene.position() == Progress(3, 2))
        assert [each.delivery.rebuilt for each in scene.stream()] == [True, True, False]
        assert scene.metric("undercurrent_sink_rebuilds_total") == 1

    play(act)


def test_a_rebuilding_that_was_broken_off_goes_on_where_it_was(play):
    async def act(scene):
        scene.put(ALERT, *alerts(1, 2, 3))
        scene.committed[ALERT] = 3
        SinkStore(scene.client, RedisStore(scene.client)).set_position(ALERT, Progress(1, 3))
        await scene.stage.assigned({ALERT})
        await scene.until(lambda: scene.sought == [(ALERT, 3)])
        assert [(each.revision, each.delivery.rebuilt) for each in scene.stream()] == [(2, True), (3, True)]
        assert scene.metric("undercurrent_sink_rebuilds_total") == 0

    play(act)


def test_a_partition_that_is_rebuilt_before_others_is_not_set_back_when_they_are(play):
    async def act(scene):
        scene.put(ALERT, *alerts(1, 2, 3))
        scene.put(TREND, encode_trend(make_trend("n1")))
        scene.committed = {ALERT: 2, TREND: 1}
        scene.gates[TREND] = asyncio.Event()
        await scene.stage.assigned({ALERT, TREND})
        await scene.until(lambda: scene.sought == [(ALERT, 2)])
        await scene.feed()
        await scene.until(lambda: scene.position() == Progress(3, 2))
        scene.gates[TREND].set()
        await scene.until(lambda: scene.sought == [(ALERT, 2), (TREND, 1)])
        assert (scene.stage.next_of(ALERT), scene.position()) == (3, Progress(3, 2))

    play(act)


def test_a_redis_that_is_emptied_is_noticed_by_the_next_look_or_the_next_message(play):
    async def act(scene):
        scene.put(ALERT, *alerts(1))
        await scene.stage.assigned({ALERT})
        await scene.feed()
        await scene.until(lambda: scene.position() == Progress(1))
        scene.client.flushall()
        await scene.stage.tick()
        assert scene.stage.next_of(ALERT) is None
        await scene.stage.assigned({ALERT})
        await scene.feed()
        scene.client.flushall()
        scene.put(ALERT, *alerts(2))
        await scene.feed()
        await scene.until(lambda: scene.stage.next_of(ALERT) is None)
        assert scene.stream() == []

    play(act)


def test_after_redis_was_emptied_under_several_messages_of_a_partition_they_are_written_all_the_same(play):
    async def act(scene):
        scene.put(ALERT, *alerts(1))
        scene.put(TREND, encode_trend(make_trend("n1")))
        for last in (3, 5):
            await scene.stage.assigned({ALERT, TREND})
            await scene.feed()
            await scene.until(lambda: scene.position() == Progress(len(scene.log[ALERT])))
            scene.client.flushall()
            scene.put(ALERT, *alerts(last - 1, last))
            scene.put(TREND, *(encode_trend(make_trend("n1")) for _ in range(2)))
            # Nobody writes between two of them: they are one batch.
            await scene.feed()
            await scene.until(lambda: {scene.stage.next_of(ALERT), scene.stage.next_of(TREND)} == {None})
        await scene.stage.assigned({ALERT, TREND})
        await scene.feed()
        await scene.until(lambda: scene.position() == Progress(5) and scene.position(TREND) == Progress(5))
        assert [each.revision for each in scene.stream()] == [1, 2, 3, 4, 5]

    play(act)


def test_while_redis_is_away_everything_waits(play):
    async def act(scene):
        scene.put(ALERT, *alerts(1))
        await scene.stage.assigned({ALERT})
        scene.client.error = redis.ConnectionError("connection refused")
        await scene.feed()
        await scene.until(lambda: scene.stage.holds_back(ALERT))
        assert scene.stage.waiting_for() == "the Redis in this process takes nothing"
        assert scene.metric("undercurrent_sink_up") == 0
        scene.client.error = None
        await scene.until(lambda: not scene.stage.holds_back(ALERT))
        await scene.until(lambda: len(scene.stream()) == 1)
        assert scene.problems == []

    play(act, Flaky(connect()))


def test_without_redis_at_the_start_nothing_is_loaded_and_the_group_does_not_wait(play, monkeypatch):
    monkeypatch.setattr(sink, "_LOAD_S_MAX", 0.01)

    async def act(scene):
        scene.client.error = redis.ConnectionError("connection refused")
        assert await scene.stage.assigned({ALERT}) == {}
        await scene.until(lambda: scene.stage.holds_back(ALERT))
        assert await scene.stage.assigned({ALERT}) == {}
        scene.client.error = None
        await scene.until(lambda: not scene.stage.holds_back(ALERT))
        await scene.stage.assigned({ALERT})
        await scene.until(lambda: scene.position() is not None or scene.stage.next_of(ALERT) == 0)

    play(act, Flaky(connect()))


def test_a_wrong_password_ends_it(play):
    async def act(scene):
        scene.client.error = redis.AuthenticationError("invalid username-password pair")
        await scene.stage.assigned({ALERT})
        [problem] = scene.problems
        assert problem.sentence == "the Redis in this process refuses this program: invalid username-password pair."

    play(act, Flaky(connect()))


def test_what_was_deleted_is_left_behind_and_a_new_topic_is_read_from_its_beginning(play):
    async def act(scene):
        await scene.stage.assigned({ALERT})
        with capture_logs() as logs:
            await scene.stage.out_of_bounds(ALERT, Bounds(5, 9))
        assert [log["event"] for log in logs] == ["messages_lost"]
        assert scene.stage.next_of(ALERT) == 5
        assert scene.position() == Progress(5)

    play(act)


def test_what_has_gone_to_another_worker_is_forgotten(play):
    async def act(scene):
        await scene.stage.assigned({ALERT, TREND})
        await scene.stage.assigned({TREND})
        assert scene.stage.next_of(ALERT) is None
        await scene.stage.take(Message(ALERT, 0, b"a1", alerts(1)[0]))
        assert scene.stream() == []

    play(act)


def test_without_a_server_there_is_no_sink():
    with pytest.raises(OutsideError, match="needs a Redis server, and the settings name none"):
        run_sink(Settings())
