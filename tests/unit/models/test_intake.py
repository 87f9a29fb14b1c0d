import pytest

from models.assign import partition_of
from models.configuration import CommunityRule, CoreSettings
from models.frame import FRAME_BYTES_MAX, POST_BYTES_MAX, encode_frame
from models.intake import DeadLetter, Intake
from models.post import Reason, encode_post
from tests.support.framed import NOON_MS, make_post, make_raw

LATER_MS = NOON_MS + 86_400_000


def make_intake(settings=None, *, partitions=1, after=(0, 0), inputs=1):
    return Intake("posts/3", inputs, partitions, settings or CoreSettings(), after)


def read_all(intake, raws, first=0, latest_ms=LATER_MS):
    """Reads messages at offsets that follow one another; returns the dead letters."""
    return [dead for offset, raw in enumerate(raws, first) for dead in intake.read(offset, raw, latest_ms)]


def only_frame(intake, **changes):
    [(_, frame)] = intake.cut(**({"progress": True} | changes))
    return frame


def envelope(*raws):
    return b'{"posts":[' + b",".join(raws) + b"]}"


def test_a_frame_holds_what_was_read_since_the_last():
    intake = make_intake(inputs=4)
    read_all(intake, [make_raw(1, NOON_MS), make_raw(2, NOON_MS + 5)])
    frame = only_frame(intake)
    assert (frame.input, frame.inputs, frame.after, frame.through) == ("posts/3", 4, (0, 0), (2, 0))
    assert [framed.post for framed in frame.posts] == [make_post(1, NOON_MS), make_post(2, NOON_MS + 5)]
    assert frame.reached_ms == NOON_MS + 5
    read_all(intake, [make_raw(3)], first=2)
    frame = only_frame(intake)
    assert (frame.after, frame.through, len(frame.posts)) == ((2, 0), (3, 0), 1)


def test_each_post_says_what_the_input_had_reached():
    intake = make_intake()
    read_all(intake, [make_raw(number, NOON_MS + at) for number, at in enumerate([5, 3, 9, 1])])
    posts = only_frame(intake).posts
    assert [framed.event_time_ms - NOON_MS for framed in posts] == [5, 3, 9, 1]
    assert [framed.reached_ms - NOON_MS for framed in posts] == [5, 5, 9, 9]


def test_posts_for_other_partitions_count_in_what_was_reached():
    here, there = two_communities_apart()
    intake = make_intake(partitions=12)
    read_all(
        intake,
        [
            make_raw(1, NOON_MS, communities=[here]),
            make_raw(2, NOON_MS + 9, communities=[there]),
            make_raw(3, NOON_MS + 1, communities=[here]),
        ],
    )
    frames = dict(intake.cut())
    assert [framed.reached_ms - NOON_MS for framed in frames[partition_of(here, 12)].posts] == [0, 9]


def two_communities_apart():
    names = [f"c{number}" for number in range(20)]
    other = next(name for name in names if partition_of(name, 12) != partition_of(names[0], 12))
    return names[0], other


def test_a_post_goes_once_to_each_partition_of_its_communities():
    here, there = two_communities_apart()
    twin = next(
        name for name in (f"d{number}" for number in range(1_000)) if partition_of(name, 12) == partition_of(here, 12)
    )
    intake = make_intake(partitions=12)
    intake.read(0, make_raw(communities=[here, there, twin]), LATER_MS)
    assert intake.waiting == 2
    frames = intake.cut()
    assert [partition for partition, _ in frames] == sorted({partition_of(here, 12), partition_of(there, 12)})
    assert all(frame.posts[0].communities == [here, there, twin] for _, frame in frames)
    assert all(len(frame.posts) == 1 for _, frame in frames)


def test_progress_goes_to_every_partition():
    intake = make_intake(partitions=12)
    intake.read(0, make_raw(), LATER_MS)
    assert len(intake.cut()) == 1
    assert intake.cut() == []
    frames = intake.cut(progress=True, idle_for_ms=2_500)
    assert [partition for partition, _ in frames] == list(range(12))
    assert {(frame.through, frame.reached_ms, frame.idle_for_ms) for _, frame in frames} == {((1, 0), NOON_MS, 2_500)}
    assert sum(len(frame.posts) for _, frame in frames) == 0


def test_before_the_first_post_nothing_is_reached():
    intake = make_intake()
    intake.read(0, b"no post", LATER_MS)
    frame = only_frame(intake)
    assert (frame.after, frame.through, frame.reached_ms, frame.posts) == ((0, 0), (1, 0), -1, [])


def test_a_frame_is_never_larger_than_the_limit_and_nothing_is_left_out():
    intake = make_intake()
    texts = ["x" * 60_000, 'é"\\' * 15_000, "y", "あ" * 20_000] * 8
    read_all(intake, [make_raw(number, NOON_MS + number, text=text) for number, text in enumerate(texts)])
    frames = [frame for _, frame in intake.cut(idle_for_ms=3_000)]
    assert len(frames) > 4
    assert all(len(encode_frame(frame)) <= FRAME_BYTES_MAX for frame in frames)
    assert [framed.post.text for frame in frames for framed in frame.posts] == texts
    assert [frame.after for frame in frames] == [(0, 0), *(frame.through for frame in frames[:-1])]
    assert [frame.through for frame in frames[:-1]] == [frame.posts[0].position for frame in frames[1:]]
    assert [frame.reached_ms for frame in frames[:-1]] == [frame.posts[-1].reached_ms for frame in frames[:-1]]
    assert frames[-1].through == intake.next == (32, 0)
    assert [frame.idle_for_ms for frame in frames] == [0] * (len(frames) - 1) + [3_000]


def test_frames_are_as_large_as_they_may_be():
    intake = make_intake()
    read_all(intake, [make_raw(number, text="x" * 1_000) for number in range(500)])
    sizes = [len(encode_frame(frame)) for _, frame in intake.cut()]
    assert min(sizes[:-1]) > 0.85 * FRAME_BYTES_MAX


def test_a_frame_may_end_within_an_envelope():
    intake = make_intake()
    raws = [make_raw(number, text="x" * 60_000) for number in range(10)]
    intake.read(7, envelope(*raws), LATER_MS)
    frames = [frame for _, frame in intake.cut()]
    assert [frame.through for frame in frames] == [(7, 4), (7, 8), (8, 0)]
    assert [framed.position for frame in frames for framed in frame.posts] == [(7, index) for index in range(10)]


def test_reading_may_begin_within_an_envelope():
    intake = make_intake(after=(7, 2))
    raws = [make_raw(0), b"0", make_raw(2), b"null", make_raw(4)]
    dead = intake.read(7, envelope(*raws), LATER_MS)
    assert [each.position for each in dead] == [(7, 3)]
    frame = only_frame(intake)
    assert (frame.after, frame.through) == ((7, 2), (8, 0))
    assert [framed.post.id for framed in frame.posts] == ["p2", "p4"]


def test_a_bad_post_of_an_envelope_is_a_dead_letter_alone_with_its_own_bytes():
    intake = make_intake()
    bad = b'{"id": 7, "text": "x"}'
    dead = intake.read(5, envelope(make_raw(0), bad, make_raw(2)), LATER_MS)
    assert dead == [DeadLetter(bad, Reason.WRONG_FIELD, "Expected `str`, got `int` - at `$.id`", "posts/3", (5, 1))]
    assert [framed.position for framed in only_frame(intake).posts] == [(5, 0), (5, 2)]


def test_an_envelope_that_cannot_be_read_is_a_dead_letter_whole():
    raw = envelope(make_raw(0), b"{")
    [dead] = make_intake().read(5, raw, LATER_MS)
    assert (dead.raw, dead.reason, dead.position) == (raw, Reason.NOT_JSON, (5, 0))


def test_a_post_from_the_future_is_a_dead_letter_and_moves_no_time():
    intake = make_intake()
    raws = [make_raw(1, NOON_MS), make_raw(2, NOON_MS + 60_001), make_raw(3, NOON_MS + 60_000)]
    [dead] = read_all(intake, raws, latest_ms=NOON_MS)
    assert (dead.raw, dead.reason) == (raws[1], Reason.IN_THE_FUTURE)
    assert dead.detail == "`created_at` is more than 60 s after the post was taken in"
    frame = only_frame(intake)
    assert [framed.event_time_ms for framed in frame.posts] == [NOON_MS, NOON_MS]
    assert frame.reached_ms == NOON_MS


def test_an_update_that_was_observed_in_the_future_is_a_dead_letter():
    intake = make_intake()
    [dead] = intake.read(0, make_raw(1, op="update", observed_at=NOON_MS + 60_001), NOON_MS)
    assert dead.detail == "`observed_at` is more than 60 s after the post was taken in"


def test_updates_and_deletes_go_to_every_output_partition():
    intake = Intake("posts/0", inputs=1, partitions=3, settings=CoreSettings(catch_all=""))
    for offset, op in enumerate(["create", "update", "delete"]):
        intake.read(offset, make_raw(1, op=op, communities=["islanders"]), None)
    framed = dict(intake.cut(progress=True))
    assert {
        partition: [(own.post.op, own.communities) for own in frame.posts] for partition, frame in framed.items()
    } == {
        own: [
            *([("create", ["islanders"])] if own == partition_of("islanders", 3) else []),
            ("update", []),
            ("delete", []),
        ]
        for own in range(3)
    }
    assert intake.unassigned == 0


def test_without_a_limit_no_post_is_from_the_future():
    intake = make_intake()
    assert intake.read(0, make_raw(1, LATER_MS), None) == []
    assert only_frame(intake).reached_ms == LATER_MS


def test_the_largest_post_that_is_framed():
    at_most = make_post(links=["x" * (POST_BYTES_MAX - len(encode_post(make_post(links=[""]))))])
    too_large = make_post(links=[at_most.links[0] + "x"])
    intake = make_intake()
    assert intake.read(0, encode_post(at_most), LATER_MS) == []
    [dead] = intake.read(1, encode_post(too_large), LATER_MS)
    assert (dead.reason, dead.detail) == (Reason.TOO_LARGE, "196609 bytes; at most 196608")
    assert dead.raw == encode_post(too_large)
    assert [framed.post for framed in only_frame(intake).posts] == [at_most]


def test_what_is_left_out_of_a_frame_does_not_count_in_its_size():
    padded = make_raw()[:-1] + b',"unknown":"' + b"x" * 300_000 + b'"}'
    intake = make_intake()
    assert intake.read(0, padded + b" " * 300_000, LATER_MS) == []
    assert len(only_frame(intake).posts) == 1


def test_updates_and_deletes_happen_when_they_were_observed_and_not_before_they_were_made():
    intake = make_intake()
    latest_ms = NOON_MS + 1_000
    raws = [
        make_raw(1, op="update"),
        make_raw(1, op="delete", observed_at=NOON_MS + 400),
        make_raw(1, op="delete", text="", observed_at=NOON_MS + 9_999),
    ]
    assert read_all(intake, raws, latest_ms=latest_ms) == []
    times = [framed.event_time_ms - NOON_MS for framed in only_frame(intake).posts]
    assert times == [0, 400, 1_000]


def test_sources_that_declare_so_count_from_when_they_were_observed():
    intake = make_intake(CoreSettings(observed_sources=["feeds"]))
    read_all(
        intake,
        [
            make_raw(1, observed_at=NOON_MS + 7_000, source="feeds"),
            make_raw(2, observed_at=NOON_MS + 7_000, source="bluesky"),
            make_raw(3, source="feeds"),
        ],
    )
    times = [framed.event_time_ms - NOON_MS for framed in only_frame(intake).posts]
    assert times == [7_000, 0, 0]


def test_posts_of_no_community_are_counted_move_time_and_are_left_out():
    rules = [CommunityRule(name="coffee", words=["espresso"])]
    intake = make_intake(CoreSettings(catch_all="", communities=rules))
    read_all(intake, [make_raw(1, text="Tea"), make_raw(2, text="Espresso"), make_raw(3, NOON_MS + 5, text="Tea")])
    assert (intake.accepted, intake.unassigned, intake.waiting) == (3, 2, 1)
    frame = only_frame(intake)
    assert [(framed.post.id, framed.communities) for framed in frame.posts] == [("p2", ["coffee"])]
    assert frame.reached_ms == NOON_MS + 5


def test_the_catch_all_takes_what_belongs_to_no_other():
    intake = make_intake(CoreSettings(catch_all="the rest"))
    read_all(intake, [make_raw(1), make_raw(2, communities=["islanders"])])
    assert [framed.communities for framed in only_frame(intake).posts] == [["the rest"], ["islanders"]]


def test_rules_assign_by_text():
    rules = [
        CommunityRule(name="coffee", words=["espresso"]),
        CommunityRule(name="barista", phrases=["flat white"]),
        CommunityRule(name="art", hashtags=["latteart"]),
    ]
    intake = make_intake(CoreSettings(communities=rules))
    intake.read(0, make_raw(text="Espresso or flat white? #LatteArt", communities=["islanders"]), LATER_MS)
    assert only_frame(intake).posts[0].communities == ["islanders", "coffee", "barista", "art"]


def test_what_it_writes_depends_on_what_it_reads_only():
    raws = [make_raw(number, NOON_MS + number % 7, communities=[f"c{number % 5}"]) for number in range(50)]
    one, other = make_intake(partitions=3), make_intake(partitions=3)
    read_all(one, raws)
    read_all(other, raws)
    assert one.cut(progress=True) == other.cut(progress=True)


def test_a_message_is_not_read_twice():
    intake = make_intake(after=(7, 2))
    intake.read(7, make_raw(), LATER_MS)
    with pytest.raises(AssertionError, match=r"message 7 was read before; next is \(8, 0\)"):
        intake.read(7, make_raw(), LATER_MS)


def test_an_input_may_leave_offsets_out():
    intake = make_intake()
    intake.read(3, make_raw(1), LATER_MS)
    intake.read(90, make_raw(2), LATER_MS)
    frame = only_frame(intake)
    assert [framed.position for framed in frame.posts] == [(3, 0), (90, 0)]
    assert (frame.after, frame.through) == ((0, 0), (91, 0))


@pytest.mark.parametrize(("partitions", "inputs"), [(0, 1), (1, 0), (-1, 1)])
def test_impossible_numbers_are_refused(partitions, inputs):
    with pytest.raises(ValueError, match=f"partitions={partitions} and inputs={inputs}; expected at least 1 of each"):
        make_intake(partitions=partitions, inputs=inputs)


def test_posts_of_a_backfill_say_so_in_any_frame():
    intake = make_intake()
    intake.read(0, make_raw(0), LATER_MS, is_backfill=True)
    intake.read(1, envelope(make_raw(1), make_raw(2)), LATER_MS, is_backfill=True)
    intake.read(2, make_raw(3), LATER_MS)
    assert [framed.is_backfill for framed in only_frame(intake).posts] == [True, True, True, False]
