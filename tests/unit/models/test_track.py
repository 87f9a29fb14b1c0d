import pytest

from models.assign import partition_of
from models.configuration import CoreSettings, TimeSettings
from models.log import Verdict
from models.mentions import HOUR_MS
from models.message import AlertMessage
from models.track import TrackStage
from tests.support.chatter import (
    DISORDER_MS,
    LAUNCH_MS,
    MINUTE_MS,
    NOON_MS,
    SETTINGS,
    alerts_of,
    arrive,
    by_time,
    chatter,
    cut,
    follow,
    launch,
    make_post,
)


def stage_of(frames, settings=SETTINGS, **changes):
    """Returns a stage that was given these frames, and what it said."""
    stage = TrackStage(settings, **changes)
    return stage, [message for frame in frames for message in stage.apply(frame).messages]


def test_the_stage_says_what_the_tracker_of_its_one_community_says():
    posts = by_time(chatter(7), launch())
    _, messages = stage_of(cut(arrive(posts)))
    assert messages == follow(posts)[1]
    assert any(isinstance(message, AlertMessage) for message in messages)


def test_each_community_has_a_tracker_of_its_own():
    both = [
        make_post(1, communities=["islanders", "sailors"]),
        make_post(2, communities=["sailors"], at_ms=NOON_MS + 1),
    ]
    stage, _ = stage_of(cut(arrive(both)))
    stage.finish()
    assert {name: tracker.counts.applied for name, tracker in stage.trackers.items()} == {"islanders": 1, "sailors": 2}


def test_a_partition_follows_its_own_communities_only():
    names = [f"community{number}" for number in range(20)]
    frames = cut(arrive([make_post(1, communities=names)]))
    followed = [set(stage_of(frames, partition=own, partitions=3)[0].trackers) for own in range(3)]
    assert [sorted(names_of) for names_of in followed] == [
        sorted(name for name in names if partition_of(name, 3) == own) for own in range(3)
    ]


def test_a_replayed_frame_and_a_hole_change_nothing():
    first, second, third = cut(arrive(chatter(1)), [10, 20])
    stage, _ = stage_of([first])
    outcome = stage.apply(third)
    assert (outcome.verdict, outcome.messages, stage.header.inputs["file/0"].applied) == (Verdict.HOLE, [], (10, 0))
    assert stage.apply(second).verdict is Verdict.TAKEN
    assert (stage.apply(first).verdict, stage.apply(second).verdict) == (Verdict.REPLAY, Verdict.PROGRESS)
    stage.apply(third)
    stage.finish()
    assert stage.trackers["islanders"].counts.applied == 30


def test_of_a_frame_that_overlaps_only_the_new_posts_are_taken():
    framed = arrive(chatter(1))
    stage, _ = stage_of([cut(framed[:20])[0], cut(framed)[0]])
    stage.finish()
    counts = stage.trackers["islanders"].counts
    assert (counts.applied, counts.duplicates) == (30, 0)


def test_the_watermark_is_what_was_reached_less_the_disorder_and_never_goes_back():
    posts = [make_post(1, at_ms=NOON_MS + MINUTE_MS), make_post(2, at_ms=NOON_MS)]
    stage, _ = stage_of(cut(arrive(posts)))
    assert stage.header.watermark_ms == NOON_MS + MINUTE_MS - DISORDER_MS
    assert stage.trackers["islanders"].counts.late == 1


def test_idleness_lets_go_what_waits():
    posts = arrive([make_post(1)])
    (frame,) = cut(posts, idle_for_ms=2_000)
    stage, _ = stage_of([frame])
    assert stage.trackers["islanders"].counts.applied == 1


def test_no_message_waits_for_the_next_post_of_its_community():
    posts = by_time(chatter(4.3), launch())
    others = [make_post(f"other{n}", at_ms=LAUNCH_MS + n * HOUR_MS, communities=["sailors"]) for n in range(1, 5)]
    _, messages = stage_of(cut(arrive(by_time(posts, others))))
    assert [alert.type for alert in alerts_of(messages)][-1] == "resolved"


def test_the_disorder_of_the_settings_is_used():
    settings = CoreSettings(time=TimeSettings(disorder_s=120))
    stage, _ = stage_of(cut(arrive([make_post(1, at_ms=NOON_MS + MINUTE_MS), make_post(2)])), settings)
    stage.finish()
    assert (stage.trackers["islanders"].counts.late, stage.trackers["islanders"].counts.applied) == (0, 2)


def test_at_a_full_hour_the_communities_not_touched_for_longest_are_forgotten():
    posts = [make_post(n, at_ms=NOON_MS + n * MINUTE_MS, communities=[f"community{n}"]) for n in range(10)]
    back = make_post(10, at_ms=NOON_MS + 11 * MINUTE_MS, communities=["community0"])
    stage, _ = stage_of(cut(arrive([*posts, back])), communities_max=4)
    assert len(stage.trackers) == 10
    late = make_post(11, at_ms=NOON_MS + 2 * MINUTE_MS, communities=["community9"])
    end = make_post(12, at_ms=NOON_MS + HOUR_MS + DISORDER_MS, communities=["new"])
    stage, _ = stage_of(cut(arrive([*posts, back, late, end])), communities_max=4)
    assert list(stage.trackers) == ["community0", "community7", "community8", "community9", "new"]
    assert set(stage.header.touched) == set(stage.trackers)


def test_a_forgotten_community_starts_anew():
    posts = [make_post(n, at_ms=NOON_MS + n * MINUTE_MS, communities=[f"community{n}"]) for n in range(3)]
    later = [
        make_post(n + 5, at_ms=NOON_MS + (n + 1) * HOUR_MS + 1_000, communities=[f"community{n}"]) for n in range(3)
    ]
    stage, _ = stage_of(cut(arrive([*posts, *later])), communities_max=1)
    stage.finish()
    assert len(stage.trackers) <= 2
    assert stage.trackers["community2"].counts.applied == 1


@pytest.mark.parametrize("boundaries", [range(400), range(0, 400, 7), [1, 130]])
def test_where_frames_are_cut_changes_no_message(boundaries):
    framed = arrive(by_time(chatter(7), launch()))
    _, whole = stage_of(cut(framed))
    _, messages = stage_of(cut(framed, boundaries))
    assert messages == whole
