"""How the past fades: event time reached, and what a post weighs at it.

Weights are *inflated*: a post at a later event time adds more, instead of all that is older being multiplied down, so
fading costs nothing per post; the cosine of vectors does not change when one is scaled as a whole. Rarely, all weights
are brought back to ordinary numbers.
"""

from typing import Final

RESCALE_HALF_LIVES: Final = 200
"""Half-lives after which that is done: 2**200, squared, is far from the largest float."""


class FadingClock:
    """Event time, which never goes back, and the inflated weight `gain` of a post at it.

    Args:
        half_life_ms: Event time in which the past loses half its weight, in milliseconds.
        origin_ms: Event time at which a post weighs 1; None before the first post.
        time_ms: Event time reached.

    Example:
        >>> clock = FadingClock(half_life_ms=60_000)
        >>> clock.advance(0), clock.gain
        (0, 1.0)
        >>> clock.advance(120_000), clock.gain, clock.gain_at(60_000)
        (0, 4.0, 2.0)
        >>> clock.advance(12_060_000), clock.gain
        (201, 1.0)
    """

    def __init__(self, half_life_ms: int, origin_ms: int | None = None, time_ms: int = 0) -> None:
        self.half_life_ms = half_life_ms
        self.origin_ms = origin_ms
        self.time_ms = time_ms
        self.gain = self.gain_at(time_ms)

    def advance(self, event_time_ms: int) -> int:
        """Move on to an event time, if it is later.

        Returns:
            Half-lives by which the origin moved, mostly 0: all weights are to be halved so often.
        """
        half_lives = 0
        if self.origin_ms is None:
            self.origin_ms = self.time_ms = event_time_ms
        if event_time_ms > self.time_ms:
            self.time_ms = event_time_ms
            if event_time_ms - self.origin_ms > RESCALE_HALF_LIVES * self.half_life_ms:
                half_lives = (event_time_ms - self.origin_ms) // self.half_life_ms
                self.origin_ms += half_lives * self.half_life_ms
            self.gain = self.gain_at(event_time_ms)
        return half_lives

    def gain_at(self, time_ms: int) -> float:
        """Return the inflated weight of a post of that time."""
        return 1.0 if self.origin_ms is None else 2.0 ** ((time_ms - self.origin_ms) / self.half_life_ms)
