"""The simulator played at a chosen speed: made-up posts that come as from a live source."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from models.post import encode_post
from models.simulator import SimulatedPost
from streams.reader import Item

_STEP_S: Final = 0.05
"""Posts of so short a while come together: waiting for each would cost more than the rest of the work."""


def play(
    posts: Iterable[SimulatedPost],
    start_ms: int,
    speed: float,
    *,
    elapsed_s: Callable[[], float],
    wait: Callable[[float], bool],
) -> Iterator[Item]:
    """Yield made-up posts when it is time for them; late ones at once, if the taker is too slow.

    Args:
        posts: By arrival.
        start_ms: The arrival time at which it begins.
        speed: Seconds of arrival time that pass in one second, above 0.
        elapsed_s: Seconds since an arbitrary moment.
        wait: Waits for so many seconds and returns whether to stop.
    """
    started_s = elapsed_s()
    for simulated in posts:
        due_s = started_s + (simulated.arrival_ms - start_ms) / 1000 / speed
        ahead_s = due_s - elapsed_s()
        if ahead_s > _STEP_S and wait(ahead_s):
            return
        yield Item(encode_post(simulated.post), simulated.arrival_ms)
