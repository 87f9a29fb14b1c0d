"""Several files read as one input, and what of it could not be used, in words."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from models.post import Reason
from streams.commands.interrupts import Interrupted, Interrupts
from streams.errors import OutsideError, Status, say
from streams.safe_text import cut, one_line
from streams.sources import LINE_BYTES_MAX, STANDARD_INPUT, Line, LineFile, check_files

_EXAMPLES_MAX: Final = 3
_DETAIL_WIDTH: Final = 120
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


class Inputs:
    """The lines of several files in the order given, up to their end, a break or a signal.

    Args:
        paths: The files; all are opened once at the start, so that none is found missing later.
        interrupts: What ends the reading early.

    Attributes:
        total_bytes: Size of all files on disk; None if one of them has none.
        number: Which of the files is read, from 0.
        lines: Lines read so far.
        broken: Why an input broke off, once it did; what follows it is not read.

    Raises:
        OutsideError: If a file cannot be opened.
    """

    def __init__(self, paths: tuple[str, ...], interrupts: Interrupts) -> None:
        check_files(paths)
        self._paths = paths
        self._interrupts = interrupts
        self._done_bytes = 0
        self._done_lines = 0
        self._file: LineFile | None = None
        self.number = 0
        sizes = [Path(path).stat().st_size if _is_regular(path) else None for path in paths]
        self.total_bytes = None if None in sizes else sum(size or 0 for size in sizes)
        self.broken: OutsideError | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether a signal ended the reading."""
        return self._interrupts.signal is not None

    @property
    def lines(self) -> int:
        """Lines read so far, blank ones counted."""
        return self._done_lines + (self._file.lines if self._file else 0)

    @property
    def name(self) -> str:
        """What messages to people call the file that is read; empty before the first."""
        return one_line(self._file.name) if self._file else ""

    def done_bytes(self) -> int:
        """Return how much was read, in bytes on disk."""
        return self._done_bytes + (self._file.position_bytes if self._file else 0)

    def place(self) -> str:
        """Return where the reading is: ``posts.jsonl, line 17``."""
        if self._file is None:
            return "before the first line"
        return f"{self.name}, line {self._file.lines:,}"

    def conclude(self) -> Status:
        """Say why the reading ended, if not at the end of all files; return what the process then ends with."""
        if self._interrupts.signal:
            say(f"stopped by {self._interrupts.name} at {self.place()}.")
            return self._interrupts.status
        if self.broken:
            say(self.broken.sentence)
            return Status.INCOMPLETE
        return Status.DONE

    def __iter__(self) -> Iterator[Line]:
        with suppress(Interrupted):
            for number, path in enumerate(self._paths):
                self.number = number
                yield from self._lines_of(path)
                if self.broken or self._interrupts.signal:
                    return

    def _lines_of(self, path: str) -> Iterator[Line]:
        self._done_bytes, self._done_lines = self.done_bytes(), self.lines
        with LineFile(path, waiting=self._interrupts.waiting) as self._file:
            try:
                for line in self._file:
                    yield line
                    if self._interrupts.signal:
                        return
            except OutsideError as error:
                self.broken = error


class Rejections:
    """What could not be a post: counted by reason, with the first few as examples.

    Attributes:
        by_reason: How many there were, by the reason's code.
    """

    def __init__(self) -> None:
        self.by_reason: Counter[str] = Counter()
        self._examples: list[str] = []

    def add(self, reason: Reason, detail: str, place: str) -> None:
        """Count one, which stood at `place`."""
        self.by_reason[reason] += 1
        if len(self._examples) < _EXAMPLES_MAX:
            self._examples.append(f"{place}: {cut(one_line(detail), _DETAIL_WIDTH)}")

    def add_too_long(self, place: str) -> None:
        """Count a line of which not even all was read."""
        self.add(Reason.TOO_LARGE, f"the line is longer than {LINE_BYTES_MAX:,} bytes", place)

    def total(self) -> int:
        """Return how many there were."""
        return self.by_reason.total()

    def summary(self, what: str = "left out, as they are no posts") -> str:
        """Return how many there were, why, and the first ones, in a few lines.

        Args:
            what: What was done with them.
        """
        reasons = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in self.by_reason.most_common())
        which = "" if self.total() <= len(self._examples) else "; the first of them"
        first = "".join(f"\n  {example}" for example in self._examples)
        return f"{what}: {self.total():,} ({reasons}){which}:{first}"

    def first(self) -> str:
        """Return the first example."""
        return self._examples[0] if self._examples else ""


def nothing_usable(
    paths: tuple[str, ...], lines: int, first: bytes | None, example: str, wanted: str = "post"
) -> OutsideError:
    """Return the error for an input in which nothing could be used.

    Args:
        paths: What was read.
        lines: How many lines it had.
        first: The first line that was not blank, if there was one.
        example: Where and why that one cannot be used.
        wanted: What was looked for.
    """
    names = ", ".join("standard input" if path == STANDARD_INPUT else one_line(path) for path in paths)
    if first is None:
        return OutsideError(f"{names}: there is nothing in it, so there was nothing to do.", Status.INCOMPLETE)
    counted = "its only line is none" if lines == 1 else f"none of its {lines:,} lines is one"
    hint = _seems_to_be(first) or f"expected one JSON object a line{f', but {example}' if example else ''}"
    return OutsideError(f"{names}: there is no {wanted} in it, {counted}; {hint}.", Status.INCOMPLETE)


def _seems_to_be(first: bytes) -> str:
    if b"\0" in first or first.startswith(_UTF_16_MARKS):
        return "it seems to be a binary file, or text that is not UTF-8"
    if first.lstrip().startswith(b"["):
        return "it seems to be one JSON list; `jq -c '.[]' FILE` turns that into one post a line"
    return ""


def _is_regular(path: str) -> bool:
    return path != STANDARD_INPUT and Path(path).is_file()
