import msgspec
import pytest

from models.assign import partition_of
from models.configuration import CommunityRule, CoreSettings, TimeSettings
from models.control import Feedback, Mute, Undo, encode_control
from models.feedback import STEP
from models.frame import Frame, FramedControl
from models.log import Verdict
from models.message import AlertMessage, FeedbackNote
from models.ordering import identity_of
from models.post import key_of
from models.track import STALE_MAX, TrackStage
from tests.support.chatter import (
    DISORDER_MS,
    HOUR_MS,
    LAUNCH_MS,
    MINUTE_MS,
    NOON_MS,
    SECOND_MS,
    SETTINGS,
    alerts_of,
    arrive,
    by_time,
    chatter,
    cut,
    follow,
    launch,
    make_post,
    trends_of,
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


def of_many(numbers, at_ms=NOON_MS, **changes):
    """Returns posts a minute apart, each of the community of its number."""
    return [make_post(n, at_ms=at_ms + n * MINUTE_MS, communities=[f"community{n}"], **changes) for n in numbers]


def test_before_one_community_more_than_may_be_the_one_not_touched_for_longest_is_given_up():
    back = make_post(10, at_ms=NOON_MS + 4 * MINUTE_MS, communities=["community0"])
    stage, _ = stage_of(cut(arrive([*of_many(range(4)), back, *of_many([5])])), communities_max=4)
    assert list(stage.trackers) == ["community0", "community2", "community3", "community5"]
    assert set(stage.header.touched) == set(stage.trackers)
    assert stage.evicted == 1


def test_a_flood_of_names_never_fills_more_than_the_room_there_is_nor_drives_out_what_the_settings_name():
    settings = CoreSettings(communities=[CommunityRule(name="community0", words=["ferry"])])
    stage = TrackStage(settings, communities_max=40)
    most = 0
    for frame in cut(arrive(of_many(range(500))), range(500)):
        stage.apply(frame)
        most = max(most, len(stage.trackers))
    assert most == 40
    assert "community0" in stage.trackers
    assert stage.evicted + len(stage.trackers) == 500


def test_what_became_of_the_posts_of_communities_given_up_is_not_forgotten():
    stage, _ = stage_of(cut(arrive(of_many(range(20)))), communities_max=3)
    stage.finish()
    live = sum(tracker.counts.applied for tracker in stage.trackers.values())
    assert live + stage.counts_of_evicted.applied == 20


@pytest.mark.parametrize("op", ["update", "delete"])
@pytest.mark.parametrize("boundaries", [[], range(10)])
def test_a_post_that_waited_while_time_went_on_elsewhere_is_changed_wherever_frames_are_cut(op, boundaries):
    post, other = make_post(1), make_post(2, at_ms=NOON_MS + 20 * MINUTE_MS, communities=["sailors"])
    change = msgspec.structs.replace(post, text="no comment", op=op, communities=[])
    stage, _ = stage_of(cut(arrive([post, other, change]), boundaries))
    stage.finish()
    assert stage.trackers["islanders"].counts.applied == 2


def test_a_post_that_comes_after_its_own_delete_is_not_taken():
    delete = make_post(1, "", NOON_MS + SECOND_MS, op="delete", communities=[])
    posts = [make_post(0), delete, make_post(1), make_post(2, at_ms=NOON_MS + MINUTE_MS)]
    stage, _ = stage_of(cut(arrive(posts), range(4)))
    stage.finish()
    tracker = stage.trackers["islanders"]
    assert tracker.counts.applied == 2
    assert not tracker.has(key_of(posts[2]), identity_of(key_of(posts[2])), NOON_MS)


def test_the_alerts_of_a_community_given_up_are_resolved():
    others = of_many(range(3), LAUNCH_MS + 10 * MINUTE_MS)
    _, messages = stage_of(cut(arrive([*by_time(chatter(4.1), launch()), *others])), communities_max=2)
    assert [(alert.type, alert.reason) for alert in alerts_of(messages)][-1] == ("resolved", "evicted")


def test_a_community_that_comes_back_has_narratives_of_its_own():
    ours = [make_post(number, "zeppelin crash airfield", NOON_MS + number) for number in range(5)]
    others, again = of_many(range(2), NOON_MS + MINUTE_MS), [*ours, make_post("end", at_ms=NOON_MS + HOUR_MS)]
    _, messages = stage_of(cut(arrive([*ours, *others, *again])), communities_max=2)
    ids = [trend.narrative_id for trend in trends_of(messages) if not trend.is_gone]
    assert len(ids) == len(set(ids)) == 2


def test_a_community_given_up_starts_anew():
    stage, _ = stage_of(cut(arrive([*of_many(range(3)), *of_many([2, 0], NOON_MS + HOUR_MS)])), communities_max=2)
    stage.finish()
    assert stage.trackers["community0"].counts.applied == 1


def test_a_delete_goes_to_the_communities_that_have_the_post_and_founds_none():
    posts = [
        make_post(1, communities=["islanders", "sailors"]),
        make_post(2, communities=["sailors"], at_ms=NOON_MS + 1),
    ]
    delete = make_post(1, "", NOON_MS + SECOND_MS, op="delete", communities=["nobody"])
    stage, _ = stage_of(cut(arrive([*posts, delete])))
    stage.finish()
    assert {name: tracker.counts.applied for name, tracker in stage.trackers.items()} == {"islanders": 2, "sailors": 3}


@pytest.mark.parametrize("op", ["update", "delete"])
def test_of_which_nobody_says_when_it_happened_it_happens_where_it_stands(op):
    posts = by_time(chatter(7), launch())
    plain = stage_of(cut(arrive(posts)))[1]
    # The change of an early post, with the early post's own time, in the middle: late or too late, if that counted.
    middle = len(posts) // 2
    change = msgspec.structs.replace(posts[middle - 5], op=op)
    stage, messages = stage_of(cut(arrive([*posts[:middle], change, *posts[middle:]])))
    assert [alert.at_ms for alert in alerts_of(messages)] == [alert.at_ms for alert in alerts_of(plain)]
    counts = stage.trackers["islanders"].counts
    assert (counts.late, counts.too_late) == (0, 0)


@pytest.mark.parametrize("boundaries", [range(400), range(0, 400, 7), [1, 130]])
def test_where_frames_are_cut_changes_no_message(boundaries):
    framed = arrive(by_time(chatter(7), launch()))
    _, whole = stage_of(cut(framed))
    _, messages = stage_of(cut(framed, boundaries))
    assert messages == whole


def test_what_is_planned_takes_no_more_room_the_more_posts_there_are():
    names = [f"community{number}" for number in range(100)]
    posts = [
        make_post(number, f"tea word{number}", NOON_MS + number * SECOND_MS, communities=[names[number * 7 % 100]])
        for number in range(3_000)
    ]
    stage, most = TrackStage(SETTINGS), 0
    for frame in cut(arrive(posts), range(0, 3_000, 50)):
        stage.apply(frame)
        most = max(most, stage.planned)
    assert 1_000 < most <= 2 * 100 + STALE_MAX


def say(number, control):
    """Returns a frame with one control message."""
    message = FramedControl((number, 0), msgspec.Raw(encode_control(control)))
    return Frame(
        input="control/0", inputs=1, after=(number, 0), through=(number + 1, 0), reached_ms=-1, control=[message]
    )


def after_saying(before, said, posts):
    """Returns a stage that was told something between two groups of posts, and what it said after that."""
    framed = arrive([*before, *posts])
    first, last = cut(framed, [len(before)])
    stage, _ = stage_of([first])
    told = [message for number, control in enumerate(said) for message in stage.apply(say(number, control)).messages]
    assert alerts_of(told) == []
    return stage, stage.apply(last).messages


def at_launch(*said):
    """Returns a stage that was told something right before a launch, and what it said from there on."""
    posts = by_time(launch(), [make_post("last", "good night", LAUNCH_MS + HOUR_MS)])
    return after_saying(chatter(3.99), said, posts)


def word(name, **changes):
    return Mute(what="word", name=name, at_ms=0, **changes)


def noise(alert_id, community="islanders"):
    return Feedback(alert_id=alert_id, community=community, verdict="noise", at_ms=0)


def test_feedback_raises_the_bar_of_its_community_and_alerts_show_it():
    [quiet, *_] = alerts_of(at_launch()[1])
    assert quiet.feedback is msgspec.UNSET
    stage, messages = at_launch(noise("a1"), noise("a2"), noise("a3", "sailors"))
    [alert, *_] = alerts_of(messages)
    assert alert.feedback == FeedbackNote(judged=2, dismissed=2, bar_before=quiet.bar, version=2)
    assert alert.bar == pytest.approx(quiet.bar + 2 * STEP)
    assert alert.budget.expected_per_week == pytest.approx(quiet.budget.expected_per_week * 10 ** (-2 * STEP), rel=0.01)
    assert f"The bar was raised {quiet.bar:.1f} to {alert.bar:.1f} after 2 of 2 alerts were dismissed." in alert.summary
    assert stage.trackers["islanders"].standing.raised == pytest.approx(2 * STEP)


def test_dismissals_hold_an_alert_back_until_it_is_surer():
    [quiet, *_] = alerts_of(at_launch()[1])
    [alert, *_] = alerts_of(at_launch(*(noise(f"a{number}") for number in range(10)))[1])
    assert (alert.type, alert.terms[0]) == (quiet.type, quiet.terms[0]) == ("opened", "zeppelin")
    assert alert.observed.authors > quiet.observed.authors
    assert alert.significance >= quiet.bar + 2


def test_feedback_that_was_undone_moves_nothing():
    [quiet, *_] = alerts_of(at_launch()[1])
    [alert, *_] = alerts_of(at_launch(noise("a1"), Undo(number=0, at_ms=0), Undo(number=0, at_ms=0))[1])
    assert (alert.bar, alert.feedback.judged, alert.feedback.version) == (quiet.bar, 0, 2)


def test_a_muted_word_opens_nothing_until_it_is_undone():
    assert alerts_of(at_launch(word("#Zeppelin"))[1]) == []
    assert alerts_of(at_launch(word("zeppelin"), Undo(number=0, at_ms=0))[1]) == alerts_of(at_launch()[1])
    assert alerts_of(at_launch(word("zeppelin", community="sailors"))[1]) == alerts_of(at_launch()[1])
    assert alerts_of(at_launch(word("zeppelin", until_ms=LAUNCH_MS))[1]) == alerts_of(at_launch()[1])


def test_a_muted_word_is_in_no_trend():
    posts = [make_post(number, "the ferry is late", NOON_MS + number * SECOND_MS) for number in range(60)]
    for said, terms in (([], {"ferry", "late"}), ([word("ferry")], {"late"})):
        _, messages = after_saying([make_post(99, "tea")], said, posts)
        assert {term for trend in trends_of(messages) for term in trend.terms} == terms


def test_a_mute_everywhere_holds_in_communities_that_come_later():
    posts = [make_post(2, author="dealbot", communities=["sailors"]), make_post(3, communities=["sailors"])]
    stage, _ = after_saying([make_post(1)], [Mute(what="author", name="dealbot", at_ms=0)], posts)
    stage.finish()
    assert stage.muted == 1
    assert stage.trackers["sailors"].counts.applied == 1


def test_posts_of_a_muted_author_are_as_if_they_had_not_been():
    posts = by_time(chatter(7), launch())
    stage = TrackStage(SETTINGS)
    stage.apply(say(0, Mute(what="author", name="fan3-zeppelin", at_ms=0)))
    stage.apply(say(1, Mute(what="author", name="regular7", community="islanders", at_ms=0)))
    framed = arrive(posts)
    messages = [message for frame in cut(framed) for message in stage.apply(frame).messages]
    muted = {"fan3-zeppelin", "regular7"}
    left = TrackStage(SETTINGS)
    kept = [one for one in framed if one.post.author not in muted]
    frames = cut(kept, reset=True)
    assert messages == [message for frame in frames for message in left.apply(frame).messages]
    assert stage.trackers["islanders"].snapshot() == left.trackers["islanders"].snapshot()
    assert stage.muted == len(framed) - len(kept) > 1


def test_control_that_this_program_does_not_know_changes_nothing():
    stage, _ = stage_of(cut(arrive([make_post(1)])))
    before = stage.trackers["islanders"].snapshot()
    for number, raw in enumerate([b'{"v":1,"kind":"later"}', b'{"v":1,"kind":"undo","number":"all"}']):
        frame = msgspec.structs.replace(
            say(number, Undo(number=0, at_ms=0)), control=[FramedControl((number, 0), msgspec.Raw(raw))]
        )
        assert stage.apply(frame).messages == []
    assert stage.trackers["islanders"].snapshot() == before
    assert stage.header.inputs["control/0"].applied == (2, 0)


def test_a_control_message_that_comes_twice_counts_once():
    stage, _ = stage_of(cut(arrive([make_post(1)])))
    frame = say(0, noise("a1"))
    assert [stage.apply(frame).verdict for _ in range(2)] == [Verdict.TAKEN, Verdict.PROGRESS]
    assert stage.trackers["islanders"].standing.judged == 1


def test_control_moves_no_watermark_and_holds_none():
    posts = [make_post(2, at_ms=NOON_MS + 1), make_post(3, at_ms=NOON_MS + HOUR_MS)]
    stage, _ = after_saying([make_post(1)], [word("ferry")], posts)
    assert stage.header.watermark_ms == NOON_MS + HOUR_MS - DISORDER_MS
    assert stage.apply(say(1, word("boat"))).verdict is Verdict.TAKEN
    assert stage.header.watermark_ms == NOON_MS + HOUR_MS - DISORDER_MS
