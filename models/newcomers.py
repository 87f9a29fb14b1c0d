"""Who has posted in a community before, which tells the authors that are new to it.

Of each author a hash of 32 bits is kept with the minute of the first post, while the author is among the `AUTHORS_MAX`
who posted last; beyond that an eighth is forgotten at once. An author who was silent for longer is as good as new, and
at most one in 200,000 is taken for another. A post that is deleted has made its author known all the same.
"""

from itertools import islice
from typing import Final
from zlib import crc32

from models.terms import cut_name

AUTHORS_MAX: Final = 20_000
_MINUTE_MS: Final = 60_000
_FORGOTTEN_PART: Final = 8
"""An eighth at once: to find the first of a dict from which the first was taken each time takes ever longer."""


class KnownAuthors:
    """See the module's description.

    Args:
        authors_max: How many are remembered.

    >>> known = KnownAuthors()
    >>> known.note("ann", 60_000)
    >>> known.is_new("ann", since_ms=0), known.is_new("ann", since_ms=120_000)
    (True, False)
    """

    def __init__(self, authors_max: int = AUTHORS_MAX) -> None:
        self._authors_max = authors_max
        self._first_minutes: dict[int, int] = {}
        """By hash; who posted longest ago comes first."""

    def __len__(self) -> int:
        """Return how many authors are remembered."""
        return len(self._first_minutes)

    def note(self, author: str, event_time_ms: int) -> None:
        """Take note of a post by an author who is known by name."""
        number, minute = _hash_of(author), event_time_ms // _MINUTE_MS
        first = self._first_minutes.pop(number, minute)
        self._first_minutes[number] = min(first, minute)
        if len(self._first_minutes) > self._authors_max:
            forgotten = islice(self._first_minutes, max(1, self._authors_max // _FORGOTTEN_PART))
            for number in list(forgotten):
                del self._first_minutes[number]

    def is_new(self, author: str, since_ms: int) -> bool:
        """Return whether an author's first post, as far as it is remembered, came no earlier than `since_ms`.

        Of an author who is not remembered nobody knows, so that one is not called new.
        """
        first = self._first_minutes.get(_hash_of(author))
        return first is not None and first >= since_ms // _MINUTE_MS

    def snapshot(self) -> dict[int, int]:
        """Return the state: minutes of first posts by hash; shares it, so encode it before going on."""
        return self._first_minutes

    def restore(self, state: dict[int, int]) -> None:
        """Take over a state."""
        self._first_minutes = state


def _hash_of(author: str) -> int:
    return crc32(cut_name(author).encode())
