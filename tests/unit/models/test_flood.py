import random
from collections import deque

import pytest

from models.flood import POSTS_MIN, WINDOW_MS, FloodGate


@pytest.mark.parametrize(
    ("accepted", "rejected", "is_flood"),
    [
        (0, 999, False),
        (0, 1_000, True),
        (499, 500, False),
        (499, 501, True),
        (500, 500, False),
        (500, 501, True),
        (100_000, 90_000, False),
    ],
)
def test_more_than_half_of_at_least_a_thousand_is_a_flood(accepted, rejected, is_flood):
    gate = FloodGate()
    assert gate.observe(1_000, accepted, rejected) is is_flood
    assert (gate.total, gate.rejected) == (accepted + rejected, rejected)


def test_what_is_older_than_five_minutes_does_not_count():
    gate = FloodGate()
    gate.observe(0, 0, 900)
    assert not gate.observe(WINDOW_MS + 5_000, 0, 100)
    assert gate.total == 100


def test_what_comes_slowly_adds_up_within_five_minutes():
    gate = FloodGate()
    verdicts = [gate.observe(second * 200, 0, 1) for second in range(POSTS_MIN)]
    assert verdicts == [False] * (POSTS_MIN - 1) + [True]


def test_good_posts_end_a_flood():
    gate = FloodGate()
    assert gate.observe(0, 0, 1_000)
    assert not gate.observe(1, 1_000, 0)


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_a_count_of_all_that_came_but_for_the_five_seconds_of_a_slice(seed):
    chance = random.Random(seed)
    gate, came, at_ms = FloodGate(), deque(), 0
    for _ in range(2_000):
        at_ms += chance.randrange(2_000)
        accepted, rejected = chance.randrange(4), chance.randrange(4)
        gate.observe(at_ms, accepted, rejected)
        came.append((at_ms, accepted + rejected))
        least = sum(count for moment, count in came if moment > at_ms - WINDOW_MS + 5_000)
        most = sum(count for moment, count in came if moment > at_ms - WINDOW_MS)
        assert least <= gate.total <= most
