import gzip
import os

import pytest

from streams.errors import OutsideError, Status
from streams.sources import LINE_BYTES_MAX, LineFile, check_files
from tests.support.posts import make_lines


def read(path):
    with LineFile(str(path)) as file:
        return list(file)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lines_come_with_their_numbers_and_blank_ones_are_passed_over(tmp_path, pack):
    (tmp_path / "posts").write_bytes(pack(b"one\n\n  \r\ntwo\r\nthree"))
    lines = [(line.number, line.raw) for line in read(tmp_path / "posts")]
    assert lines == [(1, b"one"), (4, b"two\r"), (5, b"three")]


def test_a_byte_order_mark_is_dropped_at_the_beginning_only(tmp_path):
    (tmp_path / "posts").write_bytes(b"\xef\xbb\xbfone\n\xef\xbb\xbftwo\n")
    assert [line.raw for line in read(tmp_path / "posts")] == [b"one", b"\xef\xbb\xbftwo"]


def test_several_gzip_members_are_one_file(tmp_path):
    (tmp_path / "posts").write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    assert [line.raw for line in read(tmp_path / "posts")] == [b"one", b"two"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_that_is_too_long_is_kept_in_part_and_the_next_is_whole(tmp_path, pack, end):
    text = b"first\n" + b"x" * (3 * LINE_BYTES_MAX) + end + (b"last" if end else b"")
    (tmp_path / "posts").write_bytes(pack(text))
    first, long, *rest = read(tmp_path / "posts")
    assert first.raw == b"first"
    assert (long.is_too_long, long.number, long.raw) == (True, 2, b"x" * 1024)
    assert [line.raw for line in rest] == ([b"last"] if end else [])


@pytest.mark.parametrize("length", [LINE_BYTES_MAX, LINE_BYTES_MAX + 1])
def test_the_longest_line_is_exactly_that_long(tmp_path, length):
    (tmp_path / "posts").write_bytes(b"x" * length + b"\n")
    [line] = read(tmp_path / "posts")
    assert line.is_too_long is (length > LINE_BYTES_MAX)


def test_lines_do_not_depend_on_how_they_fall_into_pieces(tmp_path):
    lines = [b"x" * length for length in (1, 65_535, 65_536, 65_537, 200_000, 3)]
    (tmp_path / "posts").write_bytes(b"\n".join(lines))
    assert [line.raw for line in read(tmp_path / "posts")] == lines


def test_a_truncated_gzip_gives_what_it_holds_and_then_says_so(tmp_path):
    (tmp_path / "posts.jsonl.gz").write_bytes(gzip.compress(make_lines(5_000))[:-2000])
    path = str(tmp_path / "posts.jsonl.gz")
    lines = []
    with LineFile(path) as file, pytest.raises(OutsideError) as caught:
        # `extend` keeps what came before the error.
        lines.extend(line.raw for line in file)
    sentence = f"{path}: the gzip stream ends too early (after {len(lines):,} lines); the file is truncated."
    assert (caught.value.sentence, caught.value.status) == (sentence, Status.INCOMPLETE)
    assert lines == make_lines(5_000).split(b"\n")[: len(lines)]
    assert len(lines) > 1000


def test_a_damaged_gzip_says_so(tmp_path):
    packed = bytearray(gzip.compress(os.urandom(300_000)))
    packed[150_000:150_100] = bytes(100)
    (tmp_path / "posts.gz").write_bytes(bytes(packed))
    with LineFile(str(tmp_path / "posts.gz")) as file, pytest.raises(OutsideError, match="damaged"):
        list(file)


def test_progress_is_in_bytes_on_disk(tmp_path):
    (tmp_path / "posts.gz").write_bytes(gzip.compress(make_lines(100)))
    with LineFile(str(tmp_path / "posts.gz")) as file:
        assert file.position_bytes == 0
        list(file)
        assert file.position_bytes == file.size_bytes == (tmp_path / "posts.gz").stat().st_size


def test_standard_input_has_no_size(monkeypatch):
    reader, writer = os.pipe()
    os.write(writer, b"one\ntwo\n")
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        with LineFile("-") as file:
            assert (file.size_bytes, file.name) == (None, "standard input")
            assert [line.raw for line in file] == [b"one", b"two"]
            assert file.position_bytes == 0


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    missing = str(tmp_path / "missing")
    with pytest.raises(OutsideError, match="cannot be read: no such file or directory"):
        LineFile(missing)
    with pytest.raises(OutsideError, match="is a directory; expected a file with one post a line"):
        LineFile(str(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    (tmp_path / "posts").write_bytes(b"")
    (tmp_path / "posts").chmod(0)
    with pytest.raises(OutsideError, match="permission denied"):
        LineFile(str(tmp_path / "posts"))


def test_all_files_are_looked_for_before_the_first_is_read(tmp_path):
    (tmp_path / "posts").write_bytes(b"")
    check_files((str(tmp_path / "posts"), "-"))
    with pytest.raises(OutsideError, match="no such file"):
        check_files((str(tmp_path / "posts"), str(tmp_path / "missing")))
    with pytest.raises(OutsideError, match="once only"):
        check_files(("-", "-"))
