"""What really happened in a simulation: its launches and its decoys, and how a file of events tells them."""

import re
from collections import deque
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

TRUTH_COLUMNS: Final = ("community", "onset_epoch_s", "pattern", "what")
TRUTH_MAX: Final = 10_000
"""Launches, and as many decoys, that a simulation remembers: some four years; the oldest go first."""


class Launch(msgspec.Struct, frozen=True):
    """The truth about one launch, or one decoy, in one community.

    Attributes:
        community: Where it happens.
        onset_ms: Event time of its first post there.
        pattern: Matches one of its terms in lower case without ``#``.
        terms: The words that rise, best first, in lower case without ``#``.
        what: The story in a few words.
        kind: ``new``: its words were never used before; ``known``: they were common; ``decoy``: no launch.
        authors: Distinct authors who take part, all within an hour of the onset.
        hop_from: The community it came from, or None where it began.
    """

    community: str
    onset_ms: int
    pattern: str
    terms: tuple[str, ...]
    what: str
    kind: Literal["new", "known", "decoy"]
    authors: int
    hop_from: str | None = None


def truth_row(launch: Launch) -> dict[str, str]:
    r"""Return the launch as a row of a file of events, by `TRUTH_COLUMNS`.

    Raises:
        ValueError: If it is a decoy: nobody should be alerted to one, so no file of events holds it.

    >>> launch = Launch("keyboards", 1_500, r"\bkeybora\b", ("keybora",), "Keybora recall", "new", 9)
    >>> ",".join(truth_row(launch).values())
    'keyboards,1.500,\\bkeybora\\b,Keybora recall'
    """
    if launch.kind == "decoy":
        message = f"launch must not be a decoy: {launch.what}"
        raise ValueError(message)
    onset = f"{launch.onset_ms / 1000:.3f}"
    return dict(zip(TRUTH_COLUMNS, (launch.community, onset, launch.pattern, launch.what), strict=True))


def pattern_of(terms: Sequence[str]) -> str:
    """Return a regular expression that finds any of the terms as a whole word."""
    return rf"\b(?:{'|'.join(map(re.escape, terms))})\b"


class Truth:
    """The last `TRUTH_MAX` launches that began before the end."""

    def __init__(self, end_ms: float) -> None:
        self._end_ms = end_ms
        self._launches: deque[Launch] = deque(maxlen=TRUTH_MAX)

    def note(self, launch: Launch) -> None:
        if launch.onset_ms < self._end_ms:
            self._launches.append(launch)

    def until(self, event_time_ms: float) -> tuple[Launch, ...]:
        """Return those with an onset up to then, by onset."""
        begun = [launch for launch in self._launches if launch.onset_ms <= event_time_ms]
        return tuple(sorted(begun, key=lambda launch: launch.onset_ms))
