"""A file of control messages, for a replay of the time in which they were said."""

from models.control import decode_control
from streams.errors import OutsideError
from streams.pipeline import TimedControl
from streams.safe_text import one_line
from streams.sources import LineFile


def read_control(path: str) -> list[TimedControl]:
    """Return the control messages of a file of JSON lines, such as `control list --json` writes.

    The number of each is that of its line, the first being 0. Each takes effect at its `at_ms`, but none before one
    that stands before it. Of a kind that this program does not know nothing is returned.

    Raises:
        OutsideError: If the file cannot be read, or a line is no control message.
    """
    found: list[TimedControl] = []
    at_ms = 0
    with LineFile(path) as file:
        for line in file:
            try:
                control = decode_control(line.raw)
            except ValueError as error:
                place = f"{one_line(file.name)}, line {line.number:,}"
                raise OutsideError(f"{place}: no control message: {one_line(str(error))}.") from None
            if control is not None:
                at_ms = max(at_ms, control.at_ms)
                found.append(TimedControl(at_ms, line.number - 1, line.raw))
    return found
