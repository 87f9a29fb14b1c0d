import pytest

from models.intake import DeadLetter
from models.post import Reason
from streams import topics
from streams.dead_letters import DETAIL_BYTES_MAX, KeptDeadLetter, decode_dead_letter, encode_dead_letter

RAW = b'{"id": 1, \xff\x00\r\n'
DEAD = DeadLetter(RAW, Reason.WRONG_FIELD, "Expected `str`, got `int` - at `$.id`", "posts/3", (17, 2))


def test_a_dead_letter_is_read_as_it_was_written():
    key, value, headers = encode_dead_letter(DEAD, 1_767_614_400_000)
    assert key == b"undercurrent.posts.v1/3/17/2"
    assert value == RAW
    kept = decode_dead_letter(value, headers)
    assert kept == KeptDeadLetter(RAW, "wrong_field", DEAD.detail, topics.POSTS.name, 3, 17, 2, at_ms=1_767_614_400_000)
    assert kept.origin.encode() == key


def test_the_headers_are_text_under_the_names_of_the_contract():
    _, _, headers = encode_dead_letter(DEAD, 5)
    assert dict(headers) == {
        "undercurrent-version": b"1",
        "undercurrent-reason": b"wrong_field",
        "undercurrent-detail": DEAD.detail.encode(),
        "undercurrent-topic": b"undercurrent.posts.v1",
        "undercurrent-partition": b"3",
        "undercurrent-offset": b"17",
        "undercurrent-index": b"2",
        "undercurrent-at-ms": b"5",
    }


def test_without_a_time_none_is_claimed():
    _, value, headers = encode_dead_letter(DEAD, None)
    assert topics.AT_HEADER not in dict(headers)
    assert decode_dead_letter(value, headers).at_ms is None


@pytest.mark.parametrize("character", ["a", "é", "漢", "🚀", "\ud800"])
def test_a_detail_that_quotes_a_whole_post_is_cut_between_two_characters(character):
    dead = DeadLetter(RAW, Reason.WRONG_FIELD, "x" + character * 100_000, "posts/0", (0, 0))
    detail = dict(encode_dead_letter(dead, 0)[2])[topics.DETAIL_HEADER]
    assert DETAIL_BYTES_MAX - 6 < len(detail) <= DETAIL_BYTES_MAX
    assert detail.decode().startswith("x")


def test_headers_of_others_are_ignored():
    _, value, headers = encode_dead_letter(DEAD, 5)
    assert decode_dead_letter(value, [("trace", b"\xff"), *headers, ("empty", None)]).index == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({topics.VERSION_HEADER: None}, "no header `undercurrent-version`"),
        ({topics.VERSION_HEADER: b"2"}, "version 2; this program reads version 1"),
        ({topics.REASON_HEADER: None}, "no header `undercurrent-reason`"),
        ({topics.OFFSET_HEADER: b"-1"}, "`undercurrent-offset` is '-1'; expected a whole number"),
        ({topics.INDEX_HEADER: "²".encode()}, "expected a whole number"),
    ],
)
def test_what_is_no_dead_letter_is_refused(changes, sentence):
    headers = dict(encode_dead_letter(DEAD, 5)[2]) | changes
    kept = [(name, text) for name, text in headers.items() if text is not None]
    with pytest.raises(ValueError, match=sentence):
        decode_dead_letter(RAW, kept)


def test_an_input_that_is_none_of_kafka_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="'file/0' is no input"):
        encode_dead_letter(DeadLetter(RAW, Reason.NOT_JSON, "", "file/0", (0, 0)), 0)
