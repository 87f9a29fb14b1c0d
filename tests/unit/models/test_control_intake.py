import json

import pytest

from models.control import CONTROL_BYTES_MAX, Resume, encode_control
from models.control_intake import ControlIntake, is_control
from models.frame import FRAME_BYTES_MAX, decode_frame, encode_frame

SAID = encode_control(Resume(input="posts/3", at_ms=0))


def test_each_message_goes_to_every_output_partition_as_it_is():
    intake = ControlIntake("control/0", 4, 3)
    later = b'{"v": 9, "kind": "of a later version", "x": [1]}'
    for offset, raw in enumerate([SAID, later]):
        assert intake.read(offset, raw, None) == []
    frames = intake.cut()
    assert [partition for partition, _ in frames] == [0, 1, 2]
    for _, frame in frames:
        assert (frame.input, frame.inputs, frame.after, frame.through) == ("control/0", 4, (0, 0), (2, 0))
        again = decode_frame(encode_frame(frame))
        assert [(each.position, bytes(each.message)) for each in again.control] == [((0, 0), SAID), ((1, 0), later)]
        assert (again.reached_ms, again.posts) == (-1, [])
    assert intake.cut() == []


def test_what_is_no_control_message_is_passed_by():
    intake = ControlIntake("control/0", 1, 1, (5, 0))
    for offset, raw in enumerate([b"", b"junk", b'{"kind": "mute"}'], 5):
        intake.read(offset, raw, None)
    [(_, frame)] = intake.cut(progress=True)
    assert (frame.after, frame.through, frame.control) == ((5, 0), (8, 0), [])
    assert (intake.next, intake.waiting) == ((8, 0), 0)


def test_progress_without_a_message_is_told_when_it_is_asked_for():
    intake = ControlIntake("control/0", 1, 2)
    assert intake.cut() == []
    assert [frame.through for _, frame in intake.cut(progress=True)] == [(0, 0), (0, 0)]


def test_many_large_messages_go_into_several_frames_that_follow_one_another():
    raw = json.dumps({"v": 1, "kind": "later", "x": "y" * (CONTROL_BYTES_MAX - 40)}).encode()
    intake = ControlIntake("control/0", 1, 1)
    for offset in range(100):
        intake.read(offset, raw, None)
    frames = [frame for _, frame in intake.cut()]
    assert len(frames) > 1
    assert max(len(encode_frame(frame)) for frame in frames) <= FRAME_BYTES_MAX
    assert [frame.after for frame in frames] == [(0, 0), *[frame.through for frame in frames[:-1]]]
    positions = [each.position for frame in frames for each in frame.control]
    assert positions == [(offset, 0) for offset in range(100)]
    for frame in frames:
        assert all(frame.after <= each.position < frame.through for each in frame.control)


@pytest.mark.parametrize(("size", "is_one"), [(CONTROL_BYTES_MAX, True), (CONTROL_BYTES_MAX + 1, False)])
def test_what_is_too_large_is_none(size, is_one):
    raw = b'{"v":1,"kind":"later"}'
    assert is_control(raw + b" " * (size - len(raw))) == is_one
