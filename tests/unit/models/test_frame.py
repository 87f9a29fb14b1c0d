import msgspec
import pytest

from models.frame import FORMAT_VERSION, FRAME_BYTES_MAX, POST_BYTES_MAX, Frame, decode_frame, encode_frame
from tests.support.framed import NOON_MS, make_frame, make_framed


def test_what_was_encoded_is_decoded_to_the_same():
    frame = make_frame(
        (3, 1),
        (9, 0),
        [make_framed(4, lang="en"), make_framed(7, NOON_MS - 5, reached_ms=NOON_MS, communities=["a", "ü"])],
        inputs=4,
        idle_for_ms=2_500,
        rules=7,
        reset=True,
    )
    assert decode_frame(encode_frame(frame)) == frame


def test_the_bytes_are_those_that_other_versions_must_read():
    frame = make_frame(4, (5, 1), [make_framed(4, communities=["islanders"])])
    assert encode_frame(frame) == (
        b'{"v":1,"input":"posts/0","inputs":1,"after":[4,0],"through":[5,1],"reached_ms":1767614400000,'
        b'"posts":[[[4,0],1767614400000,1767614400000,["islanders"],{"id":"p4","text":"The ferry is late again",'
        b'"created_at":1767614400000,"author":"author4","source":"test"},false]]}'
    )


def test_a_post_of_a_frame_that_says_nothing_of_a_backfill_is_of_none():
    frame = make_frame(4, 5, [make_framed(4)])
    assert decode_frame(encode_frame(frame).replace(b",false]", b"]")) == frame


def test_a_frame_of_progress_says_its_version_too():
    raw = encode_frame(make_frame(5, 5))
    assert raw == b'{"v":1,"input":"posts/0","inputs":1,"after":[5,0],"through":[5,0],"reached_ms":-1}'


def test_a_frame_of_another_version_is_refused():
    raw = encode_frame(make_frame(5, 5)).replace(b'"v":1', b'"v":2')
    with pytest.raises(ValueError, match=f"frame of version 2; this program reads version {FORMAT_VERSION}"):
        decode_frame(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        encode_frame(make_frame(5, 5)).replace(b"[5,0]", b"[5]"),
        encode_frame(make_frame(5, 5)).replace(b"[5,0]", b"5"),
        encode_frame(make_frame(5, 5)).replace(b'"reached_ms":-1', b'"reached_ms":null'),
        encode_frame(make_frame(5, 6, [make_framed(5)])).replace(b'"id":"p5"', b'"id":5'),
        encode_frame(make_frame(5, 6, [make_framed(5)]))[:-1],
    ],
)
def test_what_is_no_frame_is_refused(raw):
    with pytest.raises(ValueError, match=r"\w"):
        decode_frame(raw)


def test_fields_of_a_later_version_that_only_adds_are_ignored():
    raw = encode_frame(make_frame(5, 6, [make_framed(5)]))
    assert decode_frame(raw[:-1] + b',"colour":"blue"}') == decode_frame(raw)


def test_positions_are_compared_by_offset_first():
    after, through = decode_frame(encode_frame(make_frame((9, 3), (10, 0)))).after, (10, 0)
    assert after < through


def test_a_frame_of_one_post_stays_below_the_limit():
    names = [f"{number:02}" + "\x00" * 510 for number in range(16)]  # each letter takes six bytes in JSON
    framed = make_framed(2**62, communities=names, text="x" * (POST_BYTES_MAX - 1_000))
    assert len(encode_frame(make_frame(2**62, 2**62 + 1, [framed]))) < FRAME_BYTES_MAX


def test_a_frame_cannot_be_changed():
    with pytest.raises(AttributeError):
        make_frame(5, 5).through = (6, 0)
    assert msgspec.structs.replace(make_frame(5, 5), through=(6, 0)) == make_frame(5, 6)
    assert isinstance(make_frame(5, 6), Frame)
