import pytest

from models.post import Post, decode_message
from models.simulator import SimulatedPost
from streams.playback import play

START_MS = 1_000_000


class Clock:
    """A clock that only moves when it is waited for."""

    def __init__(self, *, stops_after=1_000):
        self.time_s = 50.0
        self.waits = []
        self._stops_after = stops_after

    def elapsed_s(self):
        return self.time_s

    def wait(self, longest_s):
        self.waits.append(longest_s)
        self.time_s += longest_s
        return len(self.waits) >= self._stops_after


def posts(*arrivals_s):
    """Returns made-up posts that arrive so many seconds after the start."""
    return [
        SimulatedPost(START_MS + round(arrival_s * 1000), Post(id=str(n), text="hello", created_at=START_MS))
        for n, arrival_s in enumerate(arrivals_s)
    ]


def played(clock, *arrivals_s, speed):
    """Yields the number of each post, and when it came."""
    for item in play(posts(*arrivals_s), START_MS, speed, elapsed_s=clock.elapsed_s, wait=clock.wait):
        [(_, post)] = decode_message(item.raw)
        yield int(post.id), pytest.approx(clock.time_s - 50.0)


def test_an_hour_passes_in_a_second():
    assert list(played(Clock(), 0, 1_800, 3_600, 7_200, speed=3_600)) == [(0, 0), (1, 0.5), (2, 1), (3, 2)]


def test_posts_of_a_blink_come_together():
    clock = Clock()
    assert [number for number, _ in played(clock, 0, 36, 72, 108, speed=3_600)] == [0, 1, 2, 3]
    assert clock.waits == []


def test_a_slow_taker_gets_what_is_late_at_once():
    clock = Clock()
    feed = played(clock, 0, 1, 2, 10, speed=1)
    assert next(feed) == (0, 0)
    clock.time_s += 5
    assert list(feed) == [(1, 5), (2, 5), (3, 10)]


def test_it_ends_when_it_is_told_to():
    assert list(played(Clock(stops_after=2), 0, 1, 2, 3, speed=1)) == [(0, 0), (1, 1)]


def test_items_carry_their_arrival():
    clock = Clock()
    [item] = play(posts(3), START_MS, 1, elapsed_s=clock.elapsed_s, wait=clock.wait)
    assert item.latest_ms == START_MS + 3_000
