"""Output as whole lines: whenever the process is killed, the last line that is there is complete."""

import io
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from streams.errors import OutsideError, Status, describe_os_error

STANDARD_OUTPUT: Final = "-"


class LineOutput:
    """A file, or standard output, that takes each piece of text in one write, unbuffered.

    Args:
        path: The file, which is overwritten; ``-`` is standard output.

    Attributes:
        name: What messages to people call it.
        pieces: Written so far.

    Raises:
        OutsideError: If it cannot be opened or written; BrokenPipeError is passed on.
    """

    def __init__(self, path: str = STANDARD_OUTPUT) -> None:
        self.name = "standard output" if path == STANDARD_OUTPUT else path
        self.pieces = 0
        try:
            if path == STANDARD_OUTPUT:
                sys.stdout.flush()
                self._raw = io.FileIO(sys.stdout.fileno(), "w", closefd=False)
            else:
                self._raw = io.FileIO(path, "w")
        except OSError as error:
            raise OutsideError(f"{self.name} cannot be written: {describe_os_error(error)}.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._raw.close()

    def write_line(self, line: bytes) -> None:
        """Write a line and its line end."""
        self.write(line + b"\n")

    def write(self, text: bytes) -> None:
        """Write a piece of text that ends with a line end."""
        rest = memoryview(text)
        try:
            # A pipe may take less than all at a time.
            while rest:
                rest = rest[self._raw.write(rest) or 0 :]
        except BrokenPipeError:
            raise
        except OSError as error:
            sentence = f"{self.name} cannot be written any further: {describe_os_error(error)}."
            raise OutsideError(sentence, Status.INCOMPLETE) from None
        self.pieces += 1


def check_distinct(inputs: tuple[str, ...], outputs: tuple[str | None, ...]) -> None:
    """Refuse an output that would overwrite an input, or another output.

    Raises:
        OutsideError: If one would.
    """
    taken = [_identity(path) for path in inputs]
    for path in outputs:
        if path is None or path == STANDARD_OUTPUT:
            continue
        if _identity(path) in taken:
            raise OutsideError(f"{path} is named twice; writing it would destroy what stands there.")
        taken.append(_identity(path))


def _identity(path: str) -> object:
    try:
        found = Path(path).stat()
    except OSError:
        return str(Path(path).absolute())
    # /dev/null and its kind can be written any number of times.
    return (found.st_dev, found.st_ino) if Path(path).is_file() else object()
