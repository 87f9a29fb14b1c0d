import pytest

from models.control import Mute, Undo, encode_control
from streams.commands.control_file import read_control
from streams.errors import OutsideError


def test_each_takes_effect_at_its_time_but_none_before_one_above_it(tmp_path):
    mute, undo = Mute(what="word", name="ferry", at_ms=70), Undo(number=2, at_ms=60)
    lines = [encode_control(mute), b"", b'{"v":1,"kind":"later"}', encode_control(undo)]
    (tmp_path / "said").write_bytes(b"\n".join(lines) + b"\n")
    found = read_control(str(tmp_path / "said"))
    assert [(each.at_ms, each.number) for each in found] == [(70, 0), (70, 3)]
    assert [each.raw for each in found] == [lines[0], lines[3]]


def test_a_line_that_is_no_control_message_is_told(tmp_path):
    (tmp_path / "said").write_bytes(b'{"v":1,"kind":"later"}\n{"v":1,"kind":"undo","at_ms":1}\n')
    with pytest.raises(OutsideError, match="line 2: no control message: Object missing required field `number`"):
        read_control(str(tmp_path / "said"))


def test_a_file_that_is_missing_is_told(tmp_path):
    with pytest.raises(OutsideError, match="nowhere"):
        read_control(str(tmp_path / "nowhere"))
