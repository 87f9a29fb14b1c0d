"""What ends a command when the outside world fails it: one sentence, and the status the process ends with."""

import sys
from enum import IntEnum


class Status(IntEnum):
    """Exit statuses of every command; each means one thing.

    Attributes:
        DONE: The command did what was asked.
        INCOMPLETE: It began, and could not do all of it: an input broke off, or held nothing usable.
        UNUSABLE: It did not begin: wrong usage, settings that are refused, a file that cannot be read.
        STALLED: A worker did no work for too long and ended itself, to be started again.
        INTERRUPTED: Ctrl-C, as shells report it.
        PIPE_CLOSED: Whoever read the output went away, as with ``| head``.
        TERMINATED: SIGTERM, as shells report it.
    """

    DONE = 0
    INCOMPLETE = 1
    UNUSABLE = 2
    STALLED = 70
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    TERMINATED = 143


class OutsideError(Exception):
    """Something outside the program is not as needed, and people can do something about it.

    Args:
        sentence: What is wrong and, where it is not obvious, what to do; it needs no traceback beside it.
        status: What the process ends with.
    """

    def __init__(self, sentence: str, status: Status = Status.UNUSABLE) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def say(sentence: str) -> None:
    """Print a sentence for people to stderr, marked as this program's."""
    sys.stderr.write(f"undercurrent: {sentence}\n")
    sys.stderr.flush()


def describe_os_error(error: OSError) -> str:
    """Return why the system refused, in lower case and without its number.

    >>> describe_os_error(PermissionError(13, "Permission denied"))
    'permission denied'
    """
    reason = error.strerror or str(error)
    return reason[0].lower() + reason[1:] if reason else type(error).__name__
