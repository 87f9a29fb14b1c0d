import os

import pytest

from streams.commands.outputs import LineOutput, check_distinct
from streams.errors import OutsideError, Status


def test_each_line_is_in_the_file_at_once(tmp_path):
    path = tmp_path / "out.jsonl"
    path.write_text("what was there before")
    with LineOutput(str(path)) as output:
        assert path.read_bytes() == b""
        output.write_line(b"one")
        assert path.read_bytes() == b"one\n"
        output.write(b"two\nthree\n")
        assert path.read_bytes() == b"one\ntwo\nthree\n"
        assert output.pieces == 2


class Pipe:
    """Takes so many bytes at a time."""

    def __init__(self, width):
        self._width = width
        self.writes = []

    def write(self, text):
        self.writes.append(bytes(text[: self._width]))
        return len(self.writes[-1])


def test_each_piece_is_one_write(tmp_path, monkeypatch):
    pipe = Pipe(1_000_000)
    with LineOutput(str(tmp_path / "out")) as output, monkeypatch.context() as patch:
        patch.setattr(output, "_raw", pipe)
        output.write_line(b"x" * 100_000)
    assert [len(text) for text in pipe.writes] == [100_001]


def test_a_pipe_that_takes_little_gets_all(tmp_path, monkeypatch):
    pipe = Pipe(3)
    with LineOutput(str(tmp_path / "out")) as output, monkeypatch.context() as patch:
        patch.setattr(output, "_raw", pipe)
        output.write_line(b"0123456789")
    assert pipe.writes == [b"012", b"345", b"678", b"9\n"]


def test_standard_output_stays_open(capfd):
    with LineOutput() as output:
        output.write_line(b"one")
    with LineOutput("-") as output:
        output.write_line(b"two")
    assert capfd.readouterr().out == "one\ntwo\n"


class ClosedPipe:
    def write(self, text):
        raise BrokenPipeError(32, f"Broken pipe, {len(text)} bytes")


def test_a_closed_pipe_is_passed_on(tmp_path, monkeypatch):
    with LineOutput(str(tmp_path / "out")) as output, monkeypatch.context() as patch:
        patch.setattr(output, "_raw", ClosedPipe())
        with pytest.raises(BrokenPipeError):
            output.write_line(b"one")


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(OutsideError, match="cannot be written: no such file or directory"):
        LineOutput(str(tmp_path / "missing" / "out"))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")  # noqa: PTH110
def test_a_full_disk_is_one_sentence():
    with LineOutput("/dev/full") as output, pytest.raises(OutsideError, match="no space left") as caught:
        output.write_line(b"one")
    assert caught.value.status is Status.INCOMPLETE


def test_an_output_may_not_be_an_input_or_another_output(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "posts").write_bytes(b"")
    (tmp_path / "link").symlink_to("posts")
    for paths in ((("posts",), ("./posts",)), (("posts",), ("link", None)), ((), ("new", str(tmp_path / "new")))):
        with pytest.raises(OutsideError, match="named twice"):
            check_distinct(*paths)


def test_standard_output_and_devices_may_be_named_again():
    check_distinct(("-",), ("-", "-"))
    check_distinct((), ("/dev/null", "/dev/null", None, None))
