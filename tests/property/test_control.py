"""What holds for feedback and mutes, wherever they stand in the log and however frames are cut around them."""

import random
from functools import cache

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from models.control import Feedback, Mute, Undo, encode_control
from models.feedback import COUNTED, LOWER_MAX, RAISE_MAX, FeedbackState, Judgement
from models.frame import Frame, FramedControl
from models.mutes import Mutes
from models.partition import TrackPartition
from models.snapshots import Records, choose_start, encode_record, pack
from models.track import TrackStage
from tests.support.chatter import (
    COMMUNITY,
    HOUR_MS,
    LAUNCH_MS,
    MINUTE_MS,
    SETTINGS,
    alerts_of,
    arrive,
    by_time,
    chatter,
    cut,
    launch,
    make_post,
)

# An example follows some hours of posts.
few = settings(max_examples=25)

verdicts = st.sampled_from(["useful", "noise", "duplicate"])
control = st.one_of(
    st.builds(
        Feedback,
        alert_id=st.sampled_from(["a1", "a2", "a3"]),
        community=st.sampled_from([COMMUNITY, "sailors"]),
        verdict=verdicts,
        at_ms=st.just(0),
    ),
    st.builds(
        Mute,
        what=st.just("word"),
        name=st.sampled_from(["zeppelin", "airship"]),
        until_ms=st.sampled_from([None, LAUNCH_MS + 5 * MINUTE_MS]),
        community=st.sampled_from([None, COMMUNITY, "sailors"]),
        at_ms=st.just(0),
    ),
    st.builds(
        Mute,
        what=st.just("author"),
        name=st.sampled_from(["fan1-zeppelin", "fan2-airship", "regular3"]),
        at_ms=st.just(0),
    ),
    st.builds(Undo, number=st.integers(0, 4), at_ms=st.just(0)),
)


@cache
def story():
    """Returns framed posts: chatter, then two launches in it."""
    groups = (chatter(5.5), launch(), launch("airship", from_ms=LAUNCH_MS + 20 * MINUTE_MS, seed=3))
    return arrive(by_time(*groups, [make_post("last", "good night", LAUNCH_MS + 3 * HOUR_MS)]))


LAUNCHES_FROM = 100
"""Posts before which nothing happens that could be judged."""


def say(number, message):
    framed = FramedControl((number, 0), msgspec.Raw(encode_control(message)))
    return Frame(
        input="control/0", inputs=1, after=(number, 0), through=(number + 1, 0), reached_ms=-1, control=[framed]
    )


def make_log(said, boundaries=()):
    """Returns frames of the story, with control messages after so many posts each, cut there and elsewhere."""
    places = sorted(place for place, _ in said)
    frames = cut(story(), [*places, *boundaries])
    messages = [message for _, message in sorted(said, key=lambda item: item[0])]
    log, number = [], 0
    for frame in frames:
        while number < len(places) and places[number] <= frame.after[0]:
            log.append(say(number, messages[number]))
            number += 1
        log.append(frame)
    return log


sayings = st.lists(st.tuples(st.integers(LAUNCHES_FROM, 180), control), max_size=5)


def encode(messages):
    return [msgspec.msgpack.encode(message) for message in messages]


def follow(log, stage=None):
    stage = stage or TrackStage(SETTINGS)
    return stage, [message for frame in log for message in stage.apply(frame).messages]


@few
@given(sayings, st.lists(st.integers(1, 190), max_size=12))
def test_where_frames_are_cut_around_control_changes_no_message_and_no_state(said, boundaries):
    whole, messages = follow(make_log(said))
    pieces, in_pieces = follow(make_log(said, boundaries))
    assert encode(in_pieces) == encode(messages)
    assert pieces.trackers[COMMUNITY].snapshot() == whole.trackers[COMMUNITY].snapshot()
    assert msgspec.json.encode(pieces.header.mutes) == msgspec.json.encode(whole.header.mutes)


@few
@given(sayings, st.integers(0, 20))
def test_going_on_from_what_was_saved_anywhere_changes_no_message_and_no_byte(said, place):
    log = [msgspec.json.encode(frame) for frame in make_log(said, [LAUNCHES_FROM, 130, 150])]
    whole = TrackPartition(SETTINGS)
    messages = [message for raw in log for message in whole.apply(raw).messages]
    first = TrackPartition(SETTINGS)
    told = [message for raw in log[:place] for message in first.apply(raw).messages]
    records = Records()
    saved = first.cut(first.dirty)
    for life, state in saved.states.items():
        records.put(life.key, encode_record(saved.tracker_record(pack(saved.header), pack(state))))
    records.put(b"header", encode_record(saved.header_record(pack(saved.begin_header))))
    second = TrackPartition(SETTINGS, start=choose_start(records))
    told += [message for raw in log[second.next :] for message in second.apply(raw).messages]
    assert encode(told) == encode(messages)
    assert [tracker.snapshot() for tracker in second.trackers] == [tracker.snapshot() for tracker in whole.trackers]
    assert msgspec.json.encode(second.header) == msgspec.json.encode(whole.header)


@few
@given(st.integers(LAUNCHES_FROM, 180), st.lists(verdicts, max_size=5), verdicts)
def test_what_is_undone_at_once_changes_no_alert_but_its_version(place, before, verdict):
    earlier = [
        (LAUNCHES_FROM, Feedback(alert_id=f"a{number}", community=COMMUNITY, verdict=each, at_ms=0))
        for number, each in enumerate(before)
    ]
    judgement = Feedback(alert_id="a0", community=COMMUNITY, verdict=verdict, at_ms=0)
    _, plain = follow(make_log(earlier))
    _, undone = follow(make_log([*earlier, (place, judgement), (place, Undo(number=len(before), at_ms=0))]))
    assert [without_version(alert) for alert in alerts_of(undone)] == [without_version(a) for a in alerts_of(plain)]


def without_version(alert):
    judged = alert.feedback
    if judged is not msgspec.UNSET:
        judged = None if judged.judged == 0 else msgspec.structs.replace(judged, version=0)
    return msgspec.structs.replace(alert, feedback=judged or None)


@given(st.lists(verdicts, max_size=70), st.data())
def test_undoing_any_of_the_latest_gives_the_bar_that_there_would_be_without_it(all_verdicts, data):
    feedback, without = FeedbackState(), FeedbackState()
    latest = range(max(0, len(all_verdicts) - COUNTED), len(all_verdicts))
    undone = data.draw(st.sampled_from(latest)) if latest else None
    for number, verdict in enumerate(all_verdicts):
        judgement = Judgement(number, f"a{number % 30}", verdict)
        feedback.judge(judgement)
        if number != undone:
            without.judge(judgement)
    if undone is not None:
        feedback.undo(undone)
        assert feedback.judgements[-49:] == without.judgements[-49:]
    assert -LOWER_MAX <= feedback.bar_over(5.0) - 5.0 <= RAISE_MAX


@few
@given(
    st.integers(LAUNCHES_FROM, 180),
    st.sampled_from(["zeppelin", "airship", "fan1-zeppelin", "regular3"]),
    st.booleans(),
)
def test_a_mute_is_answered_by_no_alert_and_what_it_mutes_is_in_none_after_it(place, name, is_author):
    mute = Mute(what="author" if is_author else "word", name=name, at_ms=0)
    stage = TrackStage(SETTINGS)
    is_said = False
    opened = {}
    for frame in make_log([(place, mute)], range(1, 190)):
        messages = alerts_of(stage.apply(frame).messages)
        if frame.control:
            is_said = True
            assert messages == []
        for alert in messages:
            opened.setdefault(alert.alert_id, is_said)
            if is_said and not is_author and opened[alert.alert_id]:
                assert name not in alert.terms
                assert alert.scoring.term != name
    assert is_said


@few
@given(st.sampled_from(["zeppelin", "airship"]), st.integers(LAUNCHES_FROM, 180))
def test_a_muted_word_opens_no_alert_that_would_not_have_been(name, place):
    _, plain = follow(make_log([]))
    _, muted = follow(make_log([(place, Mute(what="word", name=name, at_ms=0))]))
    # Not by their ids: how many alerts there were before is a part of them.
    opened = [
        {alert.terms[0] for alert in alerts_of(messages) if alert.type == "opened"} for messages in (plain, muted)
    ]
    assert opened[1] <= opened[0]
    if place < LAUNCHES_FROM + 10:
        assert opened[1] == opened[0] - {name}


def test_the_story_has_both_launches_in_it():
    _, messages = follow(make_log([]))
    assert {alert.terms[0] for alert in alerts_of(messages)} == {"zeppelin", "airship"}


def test_mutes_are_bounded_whatever_is_said():
    chance, mutes = random.Random(1), Mutes()
    for number in range(3_000):
        until_ms = None if chance.random() < 0.5 else chance.randrange(3_000)
        mutes.add(number, Mute(what="word", name=f"word{chance.randrange(700)}", until_ms=until_ms, at_ms=0), number)
        assert len(mutes) <= 500
