"""Posts from files: .jsonl, gzip of it, or standard input; one raw message a line.

Memory is bounded whatever the file holds: it is read in pieces, and of a line that is too long only the
beginning is kept.
"""

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Final, NamedTuple, Self

from streams.errors import OutsideError, Status, describe_os_error

STANDARD_INPUT: Final = "-"
LINE_BYTES_MAX: Final = 1024 * 1024
"""Five times the largest post. A longer line is none, and a file without line ends would fill the memory."""

_KEPT_BYTES_MAX: Final = 1024
_PIECE_BYTES: Final = 64 * 1024
_GZIP_MAGIC: Final = b"\x1f\x8b"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """One line that is not blank.

    Attributes:
        number: Its place in the file, from 1, blank lines counted.
        raw: Its bytes without the line end; the first 1,024 if it is too long.
        is_too_long: Whether it is longer than `LINE_BYTES_MAX`.
    """

    number: int
    raw: bytes
    is_too_long: bool


class LineFile:
    """A file of lines, read once from its beginning to its end. A context manager that closes it.

    Whether it is packed is seen from its first bytes, not from its name.

    Args:
        path: The file; ``-`` is standard input.
        waiting: Makes a context in which the file is read, so that a caller can let a signal end the wait
            for more input and nothing else.

    Attributes:
        name: What messages to people call it.
        lines: Lines read so far.
        position_bytes: How far the file was read, in bytes on disk; 0 for what is no regular file.
        size_bytes: Size on disk, None for what is no regular file.

    Raises:
        OutsideError: If it cannot be opened; and from the iteration, with the status INCOMPLETE and after all
            that could be read, if it breaks off.
    """

    def __init__(self, path: str, *, waiting: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
        self.name = "standard input" if path == STANDARD_INPUT else path
        self.lines = 0
        self.position_bytes = 0
        self._waiting = waiting
        self._raw = _open(path)
        self._buffered = io.BufferedReader(self._raw, _PIECE_BYTES)
        status = os.fstat(self._raw.fileno())
        self.size_bytes = status.st_size if stat.S_ISREG(status.st_mode) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._buffered.close()

    def __iter__(self) -> Iterator[Line]:
        rest = b""
        is_skipping = False
        for piece in self._pieces():
            *complete, rest_of_piece = piece.split(b"\n")
            for part in complete:
                self.lines += 1
                raw = rest if is_skipping else rest + part
                if is_skipping or len(raw) > LINE_BYTES_MAX:
                    yield Line(self.lines, raw[:_KEPT_BYTES_MAX], is_too_long=True)
                elif raw and not raw.isspace():
                    yield Line(self.lines, raw, is_too_long=False)
                rest, is_skipping = b"", False
            if not is_skipping:
                rest += rest_of_piece
                is_skipping = len(rest) > LINE_BYTES_MAX
                rest = rest[:_KEPT_BYTES_MAX] if is_skipping else rest
        if rest and not rest.isspace():
            self.lines += 1
            yield Line(self.lines, rest, is_too_long=is_skipping)

    def _pieces(self) -> Iterator[bytes]:
        is_first = True
        read = self._reader()
        while piece := self._read(read):
            yield piece.removeprefix(_BYTE_ORDER_MARK) if is_first else piece
            is_first = False

    def _reader(self) -> Callable[[int], bytes]:
        with self._waiting():
            is_packed = self._buffered.peek(len(_GZIP_MAGIC)).startswith(_GZIP_MAGIC)
        # `read1` of both: what there is comes at once, and nothing read is lost when the next read fails.
        return gzip.GzipFile(fileobj=self._buffered).read1 if is_packed else self._buffered.read1

    def _read(self, read: Callable[[int], bytes]) -> bytes:
        after = f"after {self.lines:,} lines"
        try:
            with self._waiting():
                piece = read(_PIECE_BYTES)
            if self.size_bytes is not None:
                self.position_bytes = self._raw.tell()
        except EOFError:
            problem = f"the gzip stream ends too early ({after}); the file is truncated."
        except (gzip.BadGzipFile, zlib.error):
            problem = f"the gzip stream cannot be unpacked any further ({after}); the file is damaged."
        except OSError as error:
            problem = f"it cannot be read any further ({after}): {describe_os_error(error)}."
        else:
            return piece
        raise OutsideError(f"{self.name}: {problem}", Status.INCOMPLETE)


def check_files(paths: tuple[str, ...]) -> None:
    """Open each file and close it again, so that the last of many is not found missing after an hour.

    Raises:
        OutsideError: If one cannot be opened, or standard input is named twice.
    """
    if paths.count(STANDARD_INPUT) > 1:
        raise OutsideError("standard input can be read once only; give `-` once.")
    for path in paths:
        if path != STANDARD_INPUT:
            _open(path).close()


def _open(path: str) -> io.FileIO:
    try:
        if path == STANDARD_INPUT:
            return io.FileIO(sys.stdin.fileno(), closefd=False)
        return io.FileIO(path)
    except IsADirectoryError:
        wanted = "expected a file with one post a line, as .jsonl or .jsonl.gz"
        raise OutsideError(f"{path} is a directory; {wanted}.") from None
    except OSError as error:
        raise OutsideError(f"{path} cannot be read: {describe_os_error(error)}.") from None
