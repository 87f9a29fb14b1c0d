"""The only place that reads clocks. Whatever needs the time is given one of these functions."""

import time


def now_ms() -> int:
    """Return the processing time as epoch milliseconds. It jumps, also backwards, when the clock is set."""
    return time.time_ns() // 1_000_000


def monotonic_s() -> float:
    """Return seconds since an arbitrary moment. Never goes back: for durations and deadlines."""
    return time.monotonic()
