"""The flood rule: when most of what an input brings is no post, reading it any further helps nobody.

Either its sender has changed its format or somebody fills the topic; each message read on would be one more dead
letter, and the posts between would say little. So the input is paused, until an operator says that it is well again.
"""

from collections import deque
from typing import Final

WINDOW_MS: Final = 5 * 60_000
POSTS_MIN: Final = 1_000
"""Below this many, a few bad posts of a quiet input would be most of it."""

_SLICE_MS: Final = 5_000


class FloodGate:
    """Counts what one input brought in the last five minutes, and says whether most of it was no post.

    Bounded: one pair of counts for every five seconds of the window.

    >>> gate = FloodGate()
    >>> gate.observe(0, accepted=500, rejected=500)
    False
    >>> gate.observe(10_000, accepted=0, rejected=1)
    True
    """

    def __init__(self) -> None:
        self._slices: deque[tuple[int, int, int]] = deque()
        self._accepted = 0
        self._rejected = 0

    @property
    def rejected(self) -> int:
        """Dead letters of the window."""
        return self._rejected

    @property
    def total(self) -> int:
        """Posts and dead letters of the window."""
        return self._accepted + self._rejected

    def observe(self, at_ms: int, accepted: int, rejected: int) -> bool:
        """Count what was read; return whether the input is flooded.

        Args:
            at_ms: When it was read, in processing time; it never goes back.
            accepted: How many posts.
            rejected: How many dead letters; each bad post of an envelope is one.
        """
        start_ms = at_ms - at_ms % _SLICE_MS
        if self._slices and self._slices[-1][0] == start_ms:
            _, accepted_before, rejected_before = self._slices.pop()
        else:
            accepted_before = rejected_before = 0
        self._slices.append((start_ms, accepted_before + accepted, rejected_before + rejected))
        self._accepted += accepted
        self._rejected += rejected
        while self._slices[0][0] <= at_ms - WINDOW_MS:
            _, gone_accepted, gone_rejected = self._slices.popleft()
            self._accepted -= gone_accepted
            self._rejected -= gone_rejected
        return self.total >= POSTS_MIN and 2 * self._rejected > self.total
