import msgspec
import pytest

from models.log import DELETED_MAX, NO_WATERMARK, Header, InputState, Verdict
from tests.support.framed import make_frame

DISORDER_MS = 500


def header_at(applied, **inputs):
    """Returns a header that has applied `posts/0` up to an offset."""
    return Header({"posts/0": InputState((applied, 0), 1_000), **inputs})


@pytest.mark.parametrize(
    ("after", "through", "verdict"),
    [
        (0, 4, Verdict.REPLAY),
        (0, (4, 9), Verdict.REPLAY),
        (3, 3, Verdict.REPLAY),
        (0, 5, Verdict.PROGRESS),
        (5, 5, Verdict.PROGRESS),
        (0, (5, 1), Verdict.TAKEN),
        (0, 9, Verdict.TAKEN),
        (5, 9, Verdict.TAKEN),
        ((5, 1), 9, Verdict.HOLE),
        (6, 6, Verdict.HOLE),
        (6, 9, Verdict.HOLE),
    ],
)
def test_what_becomes_of_a_frame_when_the_first_five_messages_are_applied(after, through, verdict):
    header = header_at(5)
    before = msgspec.json.encode(header)
    assert header.judge(make_frame(after, through)) is verdict
    assert msgspec.json.encode(header) == before


def test_positions_within_an_envelope_count():
    header = Header({"posts/0": InputState((5, 2))})
    assert header.judge(make_frame((5, 2), (5, 4))) is Verdict.TAKEN
    assert header.judge(make_frame((5, 0), (5, 2))) is Verdict.PROGRESS
    assert header.judge(make_frame((5, 3), (5, 4))) is Verdict.HOLE
    assert header.judge(make_frame((5, 0), (5, 1))) is Verdict.REPLAY


def test_the_first_frame_of_an_input_says_where_it_begins():
    header = Header()
    assert header.judge(make_frame(7, 9)) is Verdict.TAKEN
    assert header.inputs["posts/0"] == InputState((7, 0))
    assert Header().judge(make_frame(7, 7)) is Verdict.PROGRESS


def test_each_input_has_a_position_of_its_own():
    header = header_at(5)
    assert header.judge(make_frame(70, 90, input="posts/1")) is Verdict.TAKEN
    assert header.judge(make_frame(70, 90)) is Verdict.HOLE


def test_a_reset_leaps_over_what_the_input_lost():
    header = header_at(5)
    assert header.judge(make_frame(8, 9, reset=True)) is Verdict.TAKEN
    assert header.inputs["posts/0"].applied == (8, 0)
    assert header.judge(make_frame(8, 8, reset=True)) is Verdict.PROGRESS


def test_a_reset_never_goes_back():
    header = header_at(5)
    assert header.judge(make_frame(2, 4, reset=True)) is Verdict.REPLAY
    assert header.judge(make_frame(2, 9, reset=True)) is Verdict.TAKEN
    assert header.inputs["posts/0"].applied == (5, 0)


def test_an_old_owner_that_knows_fewer_inputs_lowers_nothing():
    header = Header()
    header.judge(make_frame(0, 1, inputs=4))
    header.judge(make_frame(0, 1, inputs=2))
    assert header.inputs_expected == 4


def watermark(*states, expected=None, before=NO_WATERMARK):
    """Returns the watermark of inputs given as (reached, idle for), in ms."""
    inputs = {f"posts/{number}": InputState((1, 0), *state) for number, state in enumerate(states)}
    header = Header(inputs, expected or len(states), before)
    assert header.advance_watermark(DISORDER_MS) == header.watermark_ms
    return header.watermark_ms


@pytest.mark.parametrize(
    ("states", "expected_ms"),
    [
        ([(9_000, 0)], 8_500),
        ([(9_000, 0), (7_000, 0), (8_000, 0)], 6_500),
        ([(9_000, 0), (7_000, 2_000)], 8_500),
        ([(9_000, 0), (-1, 0)], 8_500),
        ([(9_000, 3_000)], 11_500),
        ([(9_000, 3_000), (7_000, 2_000)], 11_500),
        ([(9_000, 2_000), (7_000, 5_000)], 11_500),
        ([(9_000, 2_000), (-1, 60_000)], 10_500),
        ([(-1, 0)], NO_WATERMARK),
        ([(-1, 60_000)], NO_WATERMARK),
        ([(0, 0)], NO_WATERMARK),
        ([(400, 0)], NO_WATERMARK),
        ([(500, 0)], 0),
    ],
)
def test_the_watermark_is_the_least_that_busy_inputs_reached_else_the_greatest_of_the_idle(states, expected_ms):
    assert watermark(*states) == expected_ms


def test_an_input_not_heard_of_yet_holds_the_watermark():
    assert watermark((9_000, 0), expected=2) == NO_WATERMARK
    assert watermark((9_000, 60_000), expected=2, before=4_000) == 4_000
    assert watermark((9_000, 0), (8_000, 0), expected=2) == 7_500


def test_the_watermark_never_goes_back():
    assert watermark((9_000, 0), (2_000, 0), before=8_000) == 8_000
    header = Header({"posts/0": InputState((1, 0), 9_000, 5_000)})
    assert header.advance_watermark(DISORDER_MS) == 13_500
    header.inputs["posts/0"] = InputState((2, 0), 9_200, 0)
    assert header.advance_watermark(DISORDER_MS) == 13_500


def test_control_counts_in_no_watermark():
    header = Header({"posts/0": InputState((1, 0), 9_000), "control/0": InputState((1, 0), 5)})
    assert header.advance_watermark(DISORDER_MS) == 8_500
    del header.inputs["posts/0"]
    header.watermark_ms = NO_WATERMARK
    assert header.advance_watermark(DISORDER_MS) == NO_WATERMARK


def test_a_header_survives_the_way_there_and_back():
    header = header_at(5, **{"control/0": InputState((9, 1), -1, 7)})
    header.advance_watermark(DISORDER_MS)
    header.touched["islanders"] = 77
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(header), type=Header) == header


def test_the_last_deletes_are_known():
    header = Header()
    for number in range(DELETED_MAX + 10):
        header.note_deleted(number, 1_000)
    assert len(header.deleted) == DELETED_MAX
    assert not header.is_deleted(9, 1_000)
    assert header.is_deleted(10, 1_000)
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(header), type=Header)
    for each in (header, again):
        each.note_deleted(0, 1_000)
        assert not each.is_deleted(10, 1_000)


def test_what_is_posted_long_after_a_delete_is_another_post():
    header = Header()
    header.note_deleted(1, 1_000)
    assert header.is_deleted(1, 1_000 + 3_599_999)
    assert not header.is_deleted(1, 1_000 + 3_600_000)
