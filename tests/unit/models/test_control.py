import json

import pytest

from models.control import Resume, decode_control, encode_control


def test_a_control_message_is_read_as_it_was_written():
    resume = Resume(input="posts/3", at_ms=1_767_614_400_000, by="lena")
    raw = encode_control(resume)
    assert json.loads(raw) == {"kind": "resume", "v": 1, "input": "posts/3", "at_ms": 1_767_614_400_000, "by": "lena"}
    assert decode_control(raw) == resume


def test_what_a_later_version_adds_is_ignored():
    raw = b'{"v":1,"kind":"resume","input":"posts/3","at_ms":1,"until_ms":[1]}'
    assert decode_control(raw) == Resume(input="posts/3", at_ms=1)


@pytest.mark.parametrize("raw", [b'{"v":1,"kind":"mute","term":"a"}', b'{"v":2,"kind":"resume","input":7}'])
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
    ],
)
def test_what_is_no_control_message_is_refused(raw):
    with pytest.raises(ValueError, match=r"."):
        decode_control(raw)
