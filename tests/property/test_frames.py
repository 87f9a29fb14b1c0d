"""The frame rule against an adversary, with the real intake and the real track stage.

It is exact; with any of its rules weakened the same adversary must be seen to win, or these tests show nothing.
"""

import random
from collections import Counter, defaultdict

import msgspec
import pytest

import models.track
from models.assign import partition_of
from models.intake import Intake
from models.log import Header, InputState, Verdict
from models.message import AlertMessage, encode_alert, encode_trend
from models.track import TrackStage
from tests.support.adversary import PARTITIONS, SETTINGS, Input, World
from tests.support.framed import NOON_MS, make_frame, make_framed
from tests.support.story import MINUTE_MS, tell_a_story


class Recorder:
    """In the place of a tracker: notes what it is offered, at which watermark."""

    next_due_ms = None

    def __init__(self, community, *_):
        self.community = community
        self.offered = []

    def offer(self, framed, watermark_ms):
        self.offered.append((framed.post.id, watermark_ms))
        return []


class NoHoleCheck(Header):
    """Takes a frame though something is missing before it."""

    def judge(self, frame):
        verdict = super().judge(frame)
        return Verdict.TAKEN if verdict is Verdict.HOLE else verdict


class NoPositions(Header):
    """Trusts the log's own offsets: what stands in it once is new."""

    def judge(self, frame):
        self.inputs[frame.input] = InputState((0, 0))
        return Verdict.TAKEN


@pytest.fixture
def _recorders(monkeypatch):
    monkeypatch.setattr(models.track, "CommunityTracker", Recorder)


def offered(world, header=Header):
    """Returns what each community was offered, out of the logs of all partitions."""
    found = {}
    for partition in range(PARTITIONS):
        stage = TrackStage(SETTINGS, partition, PARTITIONS)
        stage.header = header()
        for frame in world.frames(partition):
            stage.apply(frame)
        assert not found.keys() & stage.trackers.keys()
        found |= {community: recorder.offered for community, recorder in stage.trackers.items()}
    return found


def expected(each: Input):
    """Returns what each community should be offered of one input, with the watermark of an input that is alone."""
    by_community = defaultdict(list)
    for accepted in each.accepted:
        for community in accepted.communities:
            by_community[community].append((accepted.post_id, accepted.reached_ms - SETTINGS.time.disorder_ms))
    return by_community


def outcome(world, header=Header):
    """Returns ``exact``, ``twice``, ``lost`` or ``disorder``."""
    found = {community: [post_id for post_id, _ in posts] for community, posts in offered(world, header).items()}
    wanted = {community: [post_id for post_id, _ in posts] for community, posts in expected(world.inputs[0]).items()}
    if found == wanted:
        return "exact"
    counts, needed = (Counter(each for posts in side.values() for each in posts) for side in (found, wanted))
    return "twice" if counts - needed else "lost" if needed - counts else "disorder"


@pytest.mark.usefixtures("_recorders")
@pytest.mark.parametrize("seeds", [range(start, start + 40) for start in range(0, 240, 40)], ids=str)
def test_every_post_is_offered_once_in_order_and_at_the_watermark_of_an_undisturbed_input(seeds):
    for seed in seeds:
        world = World(seed)
        assert offered(world) == expected(world.inputs[0]), f"seed {seed}"


@pytest.mark.usefixtures("_recorders")
def test_several_inputs_do_not_disturb_one_another():
    for seed in range(40):
        world = World(seed, inputs=3)
        found = offered(world)
        for number, each in enumerate(world.inputs):
            own = {
                community: [post_id for post_id, _ in posts if post_id.startswith(f"i{number}p")]
                for community, posts in found.items()
            }
            wanted = {community: [post_id for post_id, _ in posts] for community, posts in expected(each).items()}
            assert {community: posts for community, posts in own.items() if posts} == wanted, f"seed {seed}"


@pytest.mark.usefixtures("_recorders")
@pytest.mark.parametrize(
    ("rules", "header", "harm"),
    [
        ({"has_abort": False}, NoHoleCheck, "lost"),
        ({"has_abort": False}, Header, "lost"),  # nothing stands before an input's first frame, so its loss is no hole
        ({"has_empty_frames": False}, Header, "lost"),
        ({}, NoPositions, "twice"),
    ],
    ids=["no hole check", "going on after a lost send", "no empty frames", "skipping by log offsets alone"],
)
def test_with_a_rule_weakened_posts_are_lost_or_come_twice(rules, header, harm):
    outcomes = Counter(outcome(World(seed, **rules), header) for seed in range(80))
    assert outcomes[harm] > 2
    assert set(outcomes) <= {"exact", harm}


@pytest.mark.usefixtures("_recorders")
@pytest.mark.parametrize(
    ("frame", "verdict"),
    [
        (make_frame(5, 9, [make_framed(6, NOON_MS * 2)]), Verdict.HOLE),
        (make_frame(5, 5, reached_ms=NOON_MS * 2, idle_for_ms=9_000), Verdict.HOLE),
        (make_frame(0, 3, [make_framed(1, NOON_MS * 2)]), Verdict.REPLAY),
    ],
    ids=["hole", "progress beyond a hole", "replay"],
)
def test_a_frame_that_is_not_taken_changes_nothing(frame, verdict):
    stage = TrackStage(SETTINGS)
    stage.apply(make_frame(0, 4, [make_framed(1), make_framed(3)]))
    before = msgspec.json.encode(stage.header), stage.trackers["islanders"].offered.copy()
    assert stage.apply(frame) == models.track.Outcome(verdict, [])
    assert (msgspec.json.encode(stage.header), stage.trackers["islanders"].offered) == before


@pytest.mark.usefixtures("_recorders")
def test_an_intake_that_begins_again_lowers_nothing_that_was_reached():
    stage = TrackStage(SETTINGS)
    stage.apply(make_frame(0, 4, [make_framed(1)]))
    for frame in (make_frame(4, 4), make_frame(4, 6, [make_framed(5, NOON_MS - MINUTE_MS)]), make_frame(2, 6)):
        stage.apply(frame)
        assert stage.header.inputs["posts/0"].reached_ms == NOON_MS
        assert stage.header.watermark_ms == NOON_MS - SETTINGS.time.disorder_ms


@pytest.mark.usefixtures("_recorders")
def test_a_post_ends_the_idleness_of_its_input_before_it_is_offered():
    stage = TrackStage(SETTINGS)
    stage.apply(make_frame(0, 2, [make_framed(1)]))
    stage.apply(make_frame(2, 2, idle_for_ms=MINUTE_MS))
    assert stage.header.watermark_ms == NOON_MS + MINUTE_MS - SETTINGS.time.disorder_ms
    stage.apply(make_frame(2, 3, [make_framed(2, NOON_MS + 2 * MINUTE_MS)]))
    assert stage.trackers["islanders"].offered[-1] == ("p2", NOON_MS + 2 * MINUTE_MS - SETTINGS.time.disorder_ms)


# Below, the real trackers: boundaries of frames change neither what is late nor any message.


def one_community_a_partition():
    names = [f"islanders{number}" for number in range(50)]
    return [next(name for name in names if partition_of(name, PARTITIONS) == q) for q in range(PARTITIONS)]


def track(logs):
    """Returns the messages of each community as bytes, and what became of its posts."""
    messages, counts = defaultdict(list), {}
    for partition, frames in enumerate(logs):
        stage = TrackStage(SETTINGS, partition, PARTITIONS)
        said = [message for frame in frames for message in stage.apply(frame).messages] + stage.finish()
        for message in said:
            encode = encode_alert if isinstance(message, AlertMessage) else encode_trend
            messages[message.community].append(encode(message))
        counts |= {community: tracker.counts for community, tracker in stage.trackers.items()}
    return messages, counts


def cut_after(story, cuts):
    """Returns the logs of an undisturbed intake that cuts after so many messages, over and over."""
    intake = Intake("posts/0", 1, PARTITIONS, SETTINGS)
    logs, left = [[] for _ in range(PARTITIONS)], 0
    for offset, raw in enumerate(story):
        intake.read(offset, raw, None)
        left = left - 1 if left else cuts()
        if not left:
            for partition, frame in intake.cut(progress=offset % 3 == 0):
                logs[partition].append(frame)
    for partition, frame in intake.cut(progress=True):
        logs[partition].append(frame)
    return logs


STORY = tell_a_story(7, one_community_a_partition())


@pytest.fixture(scope="module")
def undisturbed():
    """What the story gives when each message is a frame."""
    return track(cut_after(STORY, lambda: 0))


def test_the_story_has_alerts_and_late_posts_in_it(undisturbed):
    messages, counts = undisturbed
    for community in one_community_a_partition():
        assert sum(b'"alert_id":"' in raw and b'"revision"' in raw for raw in messages[community]) >= 2
        assert min(counts[community].late, counts[community].too_late, counts[community].applied) > 0


def test_what_a_late_post_gives_rise_to_is_dated_by_the_watermark_when_it_came():
    late = 0
    for partition, log in enumerate(cut_after(STORY, lambda: 0)):
        stage = TrackStage(SETTINGS, partition, PARTITIONS)
        for frame in log:
            for message in stage.apply(frame).messages:
                is_late = message.at_ms == stage.header.watermark_ms + SETTINGS.time.disorder_ms
                assert is_late or message.at_ms <= stage.header.watermark_ms
                late += is_late and isinstance(message, AlertMessage)
    assert late


@pytest.mark.parametrize("seed", range(3))
def test_where_frames_are_cut_changes_no_message_and_no_lateness(undisturbed, seed):
    chance = random.Random(seed)
    size_max = [3, 40, 400][seed]
    assert track(cut_after(STORY, lambda: chance.randrange(size_max))) == undisturbed


@pytest.mark.parametrize("seed", range(3))
def test_crashes_old_owners_and_lost_sends_change_no_message_and_no_lateness(undisturbed, seed):
    world = World(seed, [Input(STORY, [])])
    assert track([world.frames(partition) for partition in range(PARTITIONS)]) == undisturbed


def test_if_time_moved_by_frames_instead_of_posts_lateness_would_depend_on_the_cuts(undisturbed):
    def by_frame(frame):
        posts = [msgspec.structs.replace(framed, reached_ms=frame.reached_ms) for framed in frame.posts]
        return msgspec.structs.replace(frame, posts=posts)

    logs = [[by_frame(frame) for frame in log] for log in cut_after(STORY, lambda: 40)]
    assert track(logs)[1] != undisturbed[1]
