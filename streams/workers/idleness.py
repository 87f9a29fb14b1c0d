"""For how long an input has had nothing to read, as successful fetches have found it, and not as a clock says."""

from typing import Final

IDLE_AFTER_S: Final = 2.0
"""An input that is silent for so long lets event time go on without it."""

FETCH_EVERY_S_MAX: Final = 2.0
"""A fetch that finds nothing returns after half a second; without one for so long the broker is away, or slow."""

PAUSE_S: Final = 1.0
"""A look that comes so late means that the process was stopped or the machine was away: what was seen is old."""


class Idleness:
    """Looks at one input several times a second.

    Only the time between fetches that succeeded counts: while a broker is away posts may wait behind it, and an input
    called idle would have its posts late.

    >>> idleness = Idleness()
    >>> [idleness.look(now_s, fetched=now_s, is_at_end=True) for now_s in (0.0, 1.0, 2.0, 2.5)]
    [0, 0, 2000, 2500]
    >>> idleness.look(3.0, fetched=2.5, is_at_end=True), idleness.look(3.5, fetched=3.5, is_at_end=False)
    (2500, 0)
    """

    def __init__(self) -> None:
        self._began_s: float | None = None
        self._fetched: float | None = None
        self._fetched_s = 0.0
        self._looked_s: float | None = None

    def look(self, now_s: float, *, fetched: float | None, is_at_end: bool) -> int:
        """Return for how many milliseconds fetches have found the input's end; 0 while it is less than two seconds.

        Args:
            now_s: Seconds since an arbitrary moment.
            fetched: Tells one successful fetch from the next; None before the first.
            is_at_end: Whether that fetch found the end, and all before it has been taken.
        """
        is_late = self._looked_s is not None and now_s - self._looked_s > PAUSE_S
        self._looked_s = now_s
        if is_late or not is_at_end or fetched is None:
            self.reset()
            # What was fetched before does not count again.
            self._fetched = fetched if is_late or not is_at_end else None
            return 0
        if fetched != self._fetched:
            self._fetched, self._fetched_s = fetched, now_s
            if self._began_s is None:
                self._began_s = now_s
        elif self._began_s is not None and now_s - self._fetched_s > FETCH_EVERY_S_MAX:
            self.reset()
        if self._began_s is None:
            return 0
        idle_s = self._fetched_s - self._began_s
        return round(idle_s * 1000) if idle_s >= IDLE_AFTER_S else 0

    def reset(self) -> None:
        """Begin again: what was known of the input's end is not known any more."""
        self._began_s = None
