import gzip
import os
import signal

import pytest

from models.post import Reason
from streams.commands.inputs import Inputs, Rejections, nothing_usable
from streams.commands.interrupts import Interrupts
from streams.errors import OutsideError, Status
from tests.support.posts import make_lines


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").write_bytes(b"one\n\ntwo\n")
    (tmp_path / "b").write_bytes(b"three\n")
    return tmp_path


def test_several_files_are_one_input_in_the_order_given():
    inputs = Inputs(("b", "a"), Interrupts())
    assert inputs.place() == "before the first line"
    seen = [(line.raw, inputs.place()) for line in inputs]
    assert seen == [(b"three", "b, line 1"), (b"one", "a, line 1"), (b"two", "a, line 3")]
    assert inputs.lines == 4
    assert inputs.total_bytes == inputs.done_bytes() == 15


def test_a_missing_file_is_found_before_the_first_is_read():
    with pytest.raises(OutsideError, match="missing"):
        Inputs(("a", "missing"), Interrupts())


def test_an_input_that_breaks_off_ends_the_reading(folder):
    (folder / "broken").write_bytes(gzip.compress(make_lines(3_000))[:-500])
    inputs = Inputs(("broken", "a"), Interrupts())
    assert len(list(inputs)) > 100
    assert inputs.broken.status is Status.INCOMPLETE
    assert inputs.place().startswith("broken")


def test_a_signal_ends_the_reading_between_two_lines():
    with Interrupts() as interrupts:
        inputs = Inputs(("a", "b"), interrupts)
        for _ in inputs:
            os.kill(os.getpid(), signal.SIGINT)
        assert inputs.is_stopped
        assert inputs.place() == "a, line 1"


def test_the_size_of_standard_input_is_not_known(folder, monkeypatch):
    with (folder / "a").open("rb") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        inputs = Inputs(("-", "b"), Interrupts())
        assert inputs.total_bytes is None
        assert len(list(inputs)) == 3


def test_rejections_are_counted_by_reason_with_the_first_as_examples():
    rejections = Rejections()
    for number in range(1, 6):
        rejections.add(Reason.NOT_JSON, "JSON is \x1b[2Jmalformed", f"line {number}")
    rejections.add_too_long("line 9")
    assert rejections.total() == 6
    assert rejections.first() == "line 1: JSON is malformed"
    assert rejections.summary() == (
        "left out, as they are no posts: 6 (5 not json, 1 too large); the first of them:\n"
        "  line 1: JSON is malformed\n  line 2: JSON is malformed\n  line 3: JSON is malformed"
    )


EMPTY = "posts: there is nothing in it, so there was nothing to do."
CSV = "posts: there is no post in it, none of its 3 lines is one; expected one JSON object a line, but line 1: bad."
LIST = "it seems to be one JSON list; `jq -c '.[]' FILE` turns that into one post a line."
BINARY = "it seems to be a binary file, or text that is not UTF-8."


@pytest.mark.parametrize(
    ("lines", "first", "sentence"),
    [
        (0, None, EMPTY),
        (3, b"id,text", CSV),
        (1, b"[{}]", f"posts: there is no post in it, its only line is none; {LIST}"),
        (2, b"\x7fELF\0", f"posts: there is no post in it, none of its 2 lines is one; {BINARY}"),
        (2, '"ä"'.encode("utf-16"), f"posts: there is no post in it, none of its 2 lines is one; {BINARY}"),
    ],
)
def test_an_input_without_a_post_is_one_sentence(lines, first, sentence):
    error = nothing_usable(("posts",), lines, first, "line 1: bad")
    assert (error.sentence, error.status) == (sentence, Status.INCOMPLETE)
