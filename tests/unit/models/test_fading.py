import pytest

from models.fading import RESCALE_HALF_LIVES, FadingClock

HALF_LIFE_MS = 1_000


def test_a_post_weighs_double_after_each_half_life():
    clock = FadingClock(HALF_LIFE_MS)
    gains = []
    for half_life in range(4):
        clock.advance(half_life * HALF_LIFE_MS)
        gains.append(clock.gain)
    assert gains == [1.0, 2.0, 4.0, 8.0]


def test_time_never_goes_back():
    clock = FadingClock(HALF_LIFE_MS)
    clock.advance(5_000)
    clock.advance(3_000)
    assert (clock.time_ms, clock.gain) == (5_000, 1.0)


def test_what_weighed_double_does_so_after_the_origin_has_moved():
    clock = FadingClock(HALF_LIFE_MS)
    clock.advance(0)
    clock.advance(7 * HALF_LIFE_MS + 300)
    before = clock.gain
    half_lives = clock.advance((RESCALE_HALF_LIVES + 10) * HALF_LIFE_MS)
    assert half_lives == RESCALE_HALF_LIVES + 10
    assert before * 2.0**-half_lives == pytest.approx(clock.gain_at(7 * HALF_LIFE_MS + 300))


def test_the_origin_moves_rarely():
    clock = FadingClock(HALF_LIFE_MS)
    moves = [clock.advance(time_ms) for time_ms in range(0, 1_000 * HALF_LIFE_MS, 300)]
    assert sum(move > 0 for move in moves) == 4
    assert max(moves) <= RESCALE_HALF_LIVES + 1


def test_a_gap_of_ages_is_no_error():
    clock = FadingClock(HALF_LIFE_MS)
    clock.advance(0)
    assert clock.advance(10**15) == 10**12
    assert clock.gain == 1.0


def test_it_goes_on_from_where_it_was():
    clock = FadingClock(HALF_LIFE_MS)
    clock.advance(400)
    clock.advance(2_900)
    again = FadingClock(HALF_LIFE_MS, clock.origin_ms, clock.time_ms)
    assert (again.gain, again.gain_at(5_000)) == (clock.gain, clock.gain_at(5_000))
