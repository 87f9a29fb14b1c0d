import json
from itertools import count

import pytest

from models.configuration import CoreSettings
from models.frame import OtherVersionError, encode_frame
from models.log import Verdict
from models.message import AlertMessage, encode_alert
from models.partition import TrackPartition
from models.snapshots import Life, Records, choose_start, encode_record, pack
from tests.support.chatter import SETTINGS, arrive, by_time, chatter, cut, launch
from tests.support.framed import NOON_MS, make_frame, make_framed

MINUTE_MS = 60_000


def frames_of(*communities):
    """Returns encoded frames with one post each, a minute apart."""
    return [
        encode_frame(make_frame(number, number + 1, [make_framed(number, at_ms, communities=[name])]))
        for number, (at_ms, name) in enumerate(zip(count(NOON_MS, MINUTE_MS), communities, strict=False))
    ]


def apply(track, frames):
    return [message for raw in frames[track.next :] for message in track.apply(raw).messages]


def write(records, cut_):
    """Writes a cut as a worker does."""
    header = pack(cut_.header)
    for life, state in cut_.states.items():
        records.put(life.key, encode_record(cut_.tracker_record(header, pack(state))))
    records.put(b"header", encode_record(cut_.header_record(pack(cut_.begin_header))))
    for life in cut_.removals:
        records.put(life.key, None)


def save(track, records, communities=None):
    cut_ = track.cut(track.dirty if communities is None else communities)
    write(records, cut_)
    track.done(cut_)
    return cut_


def followed(track):
    return {tracker.community: tracker.counts.applied for tracker in track.trackers}


def test_it_counts_the_frames_and_what_is_no_frame_changes_nothing():
    track = TrackPartition(CoreSettings())
    first, second = frames_of("ants", "bees")
    assert track.apply(first).verdict is Verdict.TAKEN
    before = track.cut([]).header
    for raw in (b"", None, b"junk", b"[]", b"[" * 100_000, b'{"v":1}', b"\xff", b'{"v":true}'):
        assert track.apply(raw) is None
    assert track.next == 9
    assert track.dirty == {"ants": 0}
    assert track.apply(second).verdict is Verdict.TAKEN
    assert before != b""


def test_a_frame_of_another_version_is_not_passed_over():
    track = TrackPartition(CoreSettings())
    other = json.dumps(json.loads(frames_of("ants")[0]) | {"v": 2, "posts": "in another form"}).encode()
    with pytest.raises(OtherVersionError, match="frame of version 2; this program reads version 1"):
        track.apply(other)
    assert track.next == 0


def test_going_on_from_what_was_saved_says_what_one_reading_says():
    posts = arrive(by_time(chatter(7), launch()))
    frames = [encode_frame(frame) for frame in cut(posts, range(0, len(posts), 9))]
    whole = TrackPartition(SETTINGS)
    expected = [encode_alert(message) for message in apply(whole, frames) if isinstance(message, AlertMessage)]
    assert expected

    said, records, track = [], Records(), TrackPartition(SETTINGS)
    for number, raw in enumerate(frames):
        said += [encode_alert(each) for each in track.apply(raw).messages if isinstance(each, AlertMessage)]
        if number % 7 == 0:
            save(track, records)
            track = TrackPartition(SETTINGS, start=choose_start(records))
            assert track.next == number + 1
    assert said == expected
    assert [tracker.snapshot() for tracker in track.trackers] == [tracker.snapshot() for tracker in whole.trackers]
    assert track.counts() == whole.counts()


def test_reading_begins_again_at_the_mark_before_the_first_frame_that_a_record_lacks():
    track, records = TrackPartition(CoreSettings()), Records()
    frames = frames_of("ants", "bees", "ants", "cats", "bees", "ants")
    for number, raw in enumerate(frames):
        track.apply(raw)
        if number in (1, 2, 4):
            track.mark()
    assert track.dirty == {"ants": 0, "bees": 1, "cats": 3}
    assert save(track, records, ["ants"]).begin == 0
    assert save(track, records, ["bees"]).begin == 3
    assert save(track, records, ["cats"]).begin == 6
    assert track.dirty == {}
    assert choose_start(records).next == 6


def test_a_tracker_that_is_ahead_takes_part_only_from_there_and_says_nothing_twice():
    track, records = TrackPartition(CoreSettings()), Records()
    frames = frames_of("ants", "bees", "ants", "bees", "ants", "ants")
    apply(track, frames[:4])
    save(track, records, ["ants"])
    again = TrackPartition(CoreSettings(), start=choose_start(records))
    assert again.next == 0
    assert followed(again) == {}
    apply(again, frames[:3])
    assert set(followed(again)) == {"bees"}
    assert again.header.touched.keys() == {"ants", "bees"}
    apply(again, frames)
    whole = TrackPartition(CoreSettings())
    apply(whole, frames)
    assert {each.community: each.snapshot() for each in again.trackers} == {
        each.community: each.snapshot() for each in whole.trackers
    }


def test_a_record_is_removed_only_when_reading_begins_behind_the_end_of_its_life():
    track, records = TrackPartition(CoreSettings(), communities_max=2), Records()
    frames = frames_of("ants", "bees", "cats", "bees")
    apply(track, frames[:2])
    save(track, records)
    apply(track, frames[:3])
    assert set(followed(track)) == {"bees", "cats"}
    track.mark()
    assert track.evicted == 1
    apply(track, frames)
    assert save(track, records, []).removals == []
    assert Life("ants", 0) in records.trackers
    assert save(track, records).removals == [Life("ants", 0)]
    assert Life("ants", 0) not in records.trackers
    assert save(track, records).removals == []


def test_who_is_given_up_without_a_record_leaves_nothing_to_remove():
    track = TrackPartition(CoreSettings(), communities_max=2)
    apply(track, frames_of("ants", "bees", "cats"))
    assert track.cut(["bees", "cats"]).removals == []


def test_what_became_of_posts_is_counted_once_given_up_or_ahead():
    track, records = TrackPartition(CoreSettings(), communities_max=2), Records()
    frames = frames_of("ants", "bees", "cats", "bees")
    apply(track, frames)
    apply_all = track.counts()
    save(track, records, ["bees"])
    again = TrackPartition(CoreSettings(), start=choose_start(records), communities_max=2)
    assert again.counts().applied == next(each.counts.applied for each in track.trackers if each.community == "bees")
    apply(again, frames)
    assert again.counts() == apply_all


def test_what_is_lost_tears_each_input_once():
    track, records = TrackPartition(CoreSettings()), Records()
    frames = frames_of("ants", "bees", "ants", "bees", "ants", "bees")
    apply(track, frames[:2])
    save(track, records)
    again = TrackPartition(CoreSettings(), start=choose_start(records))
    again.skip_to(4)
    assert again.next == 4
    assert again.apply(frames[4]).verdict is Verdict.TAKEN
    assert not again.header.inputs["posts/0"].is_torn
    # A hole behind that is one again.
    assert again.apply(encode_frame(make_frame(9, 10, [make_framed(9)]))).verdict is Verdict.HOLE


def test_that_an_input_is_torn_outlives_a_restart():
    track, records = TrackPartition(CoreSettings()), Records()
    frames = frames_of("ants", "bees", "ants", "bees", "ants")
    apply(track, frames[:2])
    track.skip_to(4)
    save(track, records)
    again = TrackPartition(CoreSettings(), start=choose_start(records))
    assert again.apply(frames[4]).verdict is Verdict.TAKEN


def test_over_what_is_lost_lives_that_are_ahead_go_on():
    track, records = TrackPartition(CoreSettings()), Records()
    frames = frames_of("ants", "bees", "ants", "bees", "ants", "bees")
    apply(track, frames[:4])
    save(track, records, ["bees"])
    again = TrackPartition(CoreSettings(), start=choose_start(records))
    assert again.next == 0
    again.skip_to(5)
    assert again.apply(frames[5]).verdict is Verdict.TAKEN
    assert set(followed(again)) == {"bees"}
    assert again.header.touched.keys() == {"bees"}


def test_a_record_that_holds_anothers_state_is_refused():
    track, records = TrackPartition(CoreSettings()), Records()
    apply(track, frames_of("ants"))
    save(track, records)
    records.trackers = {Life("bees", 0): records.trackers[Life("ants", 0)]}
    with pytest.raises(ValueError, match="the record of 'bees' holds the state of 'ants'"):
        TrackPartition(CoreSettings(), start=choose_start(Records(None, records.trackers)))


def test_two_cuts_at_once_are_an_error_of_the_program():
    track = TrackPartition(CoreSettings())
    track.cut([])
    with pytest.raises(AssertionError, match="the last cut is not done"):
        track.cut([])
