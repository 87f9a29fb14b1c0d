import json

import pytest

from models.control import CONTROL_BYTES_MAX, Feedback, Mute, Resume, Undo, decode_control, encode_control, term_of


def test_a_control_message_is_read_as_it_was_written():
    resume = Resume(input="posts/3", at_ms=1_767_614_400_000, by="lena")
    raw = encode_control(resume)
    assert json.loads(raw) == {"kind": "resume", "v": 1, "input": "posts/3", "at_ms": 1_767_614_400_000, "by": "lena"}
    assert decode_control(raw) == resume


@pytest.mark.parametrize(
    "control",
    [
        Feedback(alert_id="a1", community="islanders", verdict="duplicate", at_ms=1, by="lena"),
        Mute(what="word", name="#Ferry", at_ms=1),
        Mute(what="author", name="two words", community="islanders", until_ms=2, at_ms=1),
        Undo(number=7, at_ms=1),
    ],
)
def test_each_kind_is_read_as_it_was_written(control):
    assert decode_control(encode_control(control)) == control


def test_the_largest_control_message_is_not_too_large():
    name = "\U0001f600" * 256
    largest = Mute(what="author", name=name, community=name, until_ms=1, at_ms=1, by=name)
    assert len(json.dumps(json.loads(encode_control(largest)))) < CONTROL_BYTES_MAX


def test_a_word_is_the_term_that_alerts_show():
    assert [
        term_of(word) for word in ("#LatteArt", "the", "Koch’s", "@Ann", "#東京都", "Café", "https://News.example/x")
    ] == [
        "latteart",
        "the",
        "koch",
        "@ann",
        "東京都",
        "cafe",
        "/news.example",
    ]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("flat white", "2 words (flat, white)"),
        ("東京 大阪", "2 words (東京, 大阪)"),
        ("ab", "no word that is followed"),
    ],
)
def test_what_is_not_one_word_is_told(word, found):
    with pytest.raises(ValueError, match=r"expected one word") as refused:
        term_of(word)
    assert found in str(refused.value)


def test_what_a_later_version_adds_is_ignored():
    raw = b'{"v":1,"kind":"resume","input":"posts/3","at_ms":1,"until_ms":[1]}'
    assert decode_control(raw) == Resume(input="posts/3", at_ms=1)


@pytest.mark.parametrize("raw", [b'{"v":1,"kind":"annotate","term":"a"}', b'{"v":2,"kind":"resume","input":7}'])
def test_a_kind_or_version_that_is_not_known_is_no_error(raw):
    assert decode_control(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"resume",
        b"[]",
        b'{"kind":"resume"}',
        b'{"v":1,"kind":"resume"}',
        b'{"v":1,"kind":"resume","input":"posts","at_ms":1}',
        b'{"v":1,"kind":"resume","input":"posts/3","at_ms":-1}',
        b'{"v":1,"kind":"resume","input":"\xff/3","at_ms":1}',
        b'{"v":1,"kind":"resume","x":' + b"[" * 100_000,
        b'{"v":1,"kind":"mute","what":"word","name":"two words","at_ms":1}',
        b'{"v":1,"kind":"mute","what":"topic","name":"ferry","at_ms":1}',
        b'{"v":1,"kind":"mute","what":"author","name":"","at_ms":1}',
        b'{"v":1,"kind":"feedback","alert_id":"a1","community":"c","verdict":"meh","at_ms":1}',
        b'{"v":1,"kind":"undo","number":-1,"at_ms":1}',
    ],
)
def test_what_is_no_control_message_is_refused(raw):
    with pytest.raises(ValueError, match=r"."):
        decode_control(raw)


def test_what_is_longer_than_control_may_be_is_none():
    raw = encode_control(Resume(input="posts/3", at_ms=0))
    assert decode_control(raw + b" " * (CONTROL_BYTES_MAX - len(raw))) is not None
    with pytest.raises(ValueError, match=r"16,385 bytes; at most 16,384"):
        decode_control(raw + b" " * (CONTROL_BYTES_MAX + 1 - len(raw)))
