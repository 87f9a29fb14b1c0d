import asyncio

import pytest

from models.assign import partition_of
from models.configuration import CoreSettings
from models.frame import encode_frame
from models.partition import TrackPartition
from models.snapshots import FORMAT_VERSION, HeaderRecord, Life, Records, TrackerRecord, encode_record, pack
from streams import topics
from streams.errors import OutsideError
from streams.metrics import TrackMetrics
from streams.settings import Settings
from streams.workers.stage import Bounds, Message, Partition
from streams.workers.track import Track
from tests.support.framed import make_frame, make_framed

PARTITIONS = {topic.name: 3 for topic in (topics.COMMUNITY_POSTS, topics.SNAPSHOTS, topics.ALERTS, topics.TRENDS)}
ANTS, BEES = [name for name in map("community {}".format, range(20)) if partition_of(name, 3) == 0][:2]
ZERO, ONE = (Partition(topics.COMMUNITY_POSTS.name, number) for number in range(2))


class Surroundings:
    """Nothing is ever away, and all is written."""

    partitions = PARTITIONS

    def __init__(self):
        self.beginning = 0
        self.committed = []
        self.written = {}
        self.is_away = False
        self.bounds = self
        self.consumer = self

    def outbox(self):
        return self

    async def read(self, partitions):
        return {partition: Bounds(self.beginning, 100) for partition in partitions}

    async def send(self, topic, partition, key, value):
        if self.is_away:
            raise ConnectionError("away")
        self.written[topic, partition, key] = value

    async def acknowledged(self):
        """All has arrived."""

    async def commit_position(self, partition, offset):
        self.committed.append((partition.number, offset))
        if self.is_away:
            raise ConnectionError("away")


class Scene:
    def __init__(self, *, skip_lost=False, partitions=None):
        self.surroundings, self.metrics = Surroundings(), TrackMetrics()
        self.surroundings.partitions = partitions or PARTITIONS
        self.records = {}
        self.reads = []
        self.may_read = None
        self.stage = Track(Settings(), self.surroundings, self.metrics, skip_lost=skip_lost, read=self.read)

    async def read(self, bootstrap, number):
        assert bootstrap == Settings().kafka.bootstrap
        self.reads.append(number)
        if self.may_read is not None:
            await self.may_read.wait()
        records = self.records.get(number, Records())
        if isinstance(records, Exception):
            raise records
        return records


def message(offset, *communities, partition=ZERO):
    frame = make_frame(offset, offset + 1, [make_framed(offset, communities=communities)])
    return Message(partition, offset, None, encode_frame(frame))


def saved_records(*communities):
    """Returns what a worker would have saved after a frame with posts in these communities."""
    track = TrackPartition(CoreSettings(), 0, 1)
    track.apply(message(0, *communities).value)
    cut = track.cut(communities)
    records = Records(cut.header_record(pack(cut.begin_header)))
    for life, state in cut.states.items():
        records.trackers[life] = cut.tracker_record(pack(cut.header), pack(state))
    return records


def test_frames_and_snapshots_need_as_many_partitions():
    with pytest.raises(OutsideError, match=r"has 3 partitions and undercurrent\.snapshots\.v1 4; expected as many"):
        Scene(partitions=PARTITIONS | {topics.SNAPSHOTS.name: 4})


def test_what_is_assigned_is_loaded_once_and_what_has_gone_is_forgotten():
    scene = Scene()

    async def play():
        assert await scene.stage.assigned({ZERO, ONE}) == {ZERO: 0, ONE: 0}
        await scene.stage.take(message(0, ANTS))
        assert await scene.stage.assigned({ZERO}) == {ZERO: 1}
        assert scene.stage.next_of(ONE) is None
        await scene.stage.assigned({ZERO, ONE})

    asyncio.run(play())
    assert scene.reads == [0, 1, 1]


def test_with_nothing_saved_it_begins_where_the_log_does():
    scene = Scene()
    scene.surroundings.beginning = 40
    assert asyncio.run(scene.stage.assigned({ZERO})) == {ZERO: 40}


def test_it_goes_on_from_what_was_saved():
    scene = Scene()
    scene.surroundings.beginning = 40
    scene.records[0] = saved_records(ANTS, BEES)
    assert asyncio.run(scene.stage.assigned({ZERO})) == {ZERO: 1}


def test_loading_outlasts_the_call_that_began_it_and_is_not_begun_twice():
    scene = Scene()

    async def play():
        scene.may_read = asyncio.Event()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(scene.stage.assigned({ZERO}), 0.01)
        assert scene.stage.waiting_for() == "1 of 1 partitions are being loaded"
        again = asyncio.ensure_future(scene.stage.assigned({ZERO}))
        await asyncio.wait([again], timeout=0)
        scene.may_read.set()
        assert await again == {ZERO: 0}
        assert scene.stage.waiting_for() is None

    asyncio.run(play())
    assert scene.reads == [0]


def test_what_was_loaded_for_nothing_is_not_kept():
    scene = Scene()

    async def play():
        scene.may_read = asyncio.Event()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(scene.stage.assigned({ZERO}), 0.01)
        await scene.stage.assigned(set())
        scene.may_read.set()
        while scene.stage._loading:  # noqa: SLF001 - until it is loaded
            await asyncio.wait(scene.stage._loading.values())  # noqa: SLF001
        assert scene.stage.next_of(ZERO) is None

    asyncio.run(play())


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (Records(HeaderRecord(FORMAT_VERSION, 1, b"junk", {})), "damaged"),
        (Records(None, {Life(ANTS, 0): TrackerRecord(FORMAT_VERSION, 1, b"", pack(b"junk"))}), "cannot be used"),
        (OutsideError("record of version 9"), "version 9"),
    ],
)
def test_what_cannot_be_gone_on_from_stops_it_with_a_sentence(records, reason):
    scene = Scene()
    scene.records[0] = records
    with pytest.raises(OutsideError, match=reason):
        asyncio.run(scene.stage.assigned({ZERO}))


def test_a_partition_whose_message_failed_is_dropped_and_loaded_anew():
    scene = Scene()

    async def play():
        await scene.stage.assigned({ZERO, ONE})
        await scene.stage.take(message(0, ANTS))
        with pytest.raises(TypeError):
            await scene.stage.take(Message(ZERO, 1, None, 7))
        assert scene.stage.next_of(ZERO) is None
        assert scene.stage.waiting_for() == "1 of 2 partitions are being loaded"
        assert await scene.stage.assigned({ZERO, ONE}) == {ZERO: 0, ONE: 0}

    asyncio.run(play())


def test_a_partition_that_could_not_be_saved_is_dropped():
    scene = Scene()

    async def play():
        await scene.stage.assigned({ZERO})
        await scene.stage.take(message(0, ANTS))
        scene.surroundings.is_away = True
        await scene.stage.stop()
        assert scene.stage.next_of(ZERO) is None

    asyncio.run(play())


def test_stopping_saves_all_that_has_changed():
    scene = Scene()

    async def play():
        await scene.stage.assigned({ZERO})
        await scene.stage.take(message(0, ANTS))
        await scene.stage.stop()

    asyncio.run(play())
    keys = [key for topic, _, key in scene.surroundings.written if topic == topics.SNAPSHOTS.name]
    assert keys == [f"0/{ANTS}".encode(), b"header"]


def test_before_the_log_it_stops_with_what_is_missing():
    scene = Scene()
    asyncio.run(scene.stage.assigned({ZERO}))
    sentence = (
        "partition 0: the saved state goes on at offset 0, but the log begins at 1,200: offsets 0 to 1,199, 1,200 "
        "frames, are lost. `undercurrent worker track --skip-lost` goes on without them."
    )
    with pytest.raises(OutsideError) as stopped:
        asyncio.run(scene.stage.out_of_bounds(ZERO, Bounds(1_200, 1_500)))
    assert stopped.value.sentence == f"{topics.COMMUNITY_POSTS.name}, {sentence}"


def test_before_the_log_it_goes_on_when_told_so_and_says_what_is_missing(capsys):
    scene = Scene(skip_lost=True)
    asyncio.run(scene.stage.assigned({ZERO}))
    asyncio.run(scene.stage.out_of_bounds(ZERO, Bounds(1_200, 1_500)))
    assert scene.stage.next_of(ZERO) == 1_200
    assert "offsets 0 to 1,199, 1,200 frames, are lost; going on without them." in capsys.readouterr().err


@pytest.mark.parametrize("skip_lost", [False, True])
def test_behind_the_log_it_stops_whatever_it_was_told(skip_lost):
    scene = Scene(skip_lost=skip_lost)
    scene.records[0] = saved_records(ANTS)
    asyncio.run(scene.stage.assigned({ZERO}))
    with pytest.raises(OutsideError, match="goes on at offset 1, but the log ends at 0: it was made anew or cut off"):
        asyncio.run(scene.stage.out_of_bounds(ZERO, Bounds(0, 0)))


def test_each_tick_shows_how_things_are_also_right_after_a_restore():
    scene = Scene()
    scene.records[0] = saved_records(ANTS, BEES)

    async def play():
        await scene.stage.assigned({ZERO})
        await scene.stage.tick()

    asyncio.run(play())
    page = scene.metrics.render().decode()
    assert "undercurrent_communities 2.0" in page
    assert "undercurrent_snapshot_behind_messages 0.0" in page
    assert "undercurrent_snapshot_loads_total 1.0" in page
    assert "undercurrent_watermark_timestamp_seconds 1.76761" in page


def test_the_group_hears_now_and_then_how_far_it_is_and_its_answer_does_not_matter():
    scene = Scene()

    async def play():
        await scene.stage.assigned({ZERO})
        await scene.stage.take(message(0, ANTS))
        scene.stage._committed_s -= 100  # noqa: SLF001 - long ago
        await scene.stage.tick()
        await scene.stage.take(message(1, ANTS))
        scene.stage._committed_s -= 100  # noqa: SLF001
        scene.surroundings.is_away = True
        await scene.stage.tick()
        return scene.stage.next_of(ZERO)

    assert asyncio.run(play()) == 2
    assert scene.surroundings.committed == [(0, 1), (0, 2)]


def test_what_is_revoked_is_kept_until_it_is_known_who_has_it():
    scene = Scene()

    async def play():
        await scene.stage.assigned({ZERO})
        await scene.stage.take(message(0, ANTS))
        await scene.stage.revoked({ZERO})
        assert await scene.stage.assigned({ZERO}) == {ZERO: 1}

    asyncio.run(play())
    assert scene.reads == [0]


def test_records_are_written_as_they_are_read():
    records = saved_records(ANTS)
    again = Records()
    again.put(b"header", encode_record(records.header))
    assert again.header == records.header
