import math

import numpy as np
import pytest

from models.counts import (
    DEFAULTS,
    BlockMaxima,
    CountConstants,
    CountSeries,
    Prior,
    UsualCounts,
)
from models.mentions import DAY_MS, HOUR_MS, MINUTE_MS
from tests.support.counts import BURSTS, DAY_ROWS, KINDS, STEP_MS, brand, made

NEVER_MET = Prior(mean=0.0, spread=1.0, blocks=1.0)


def scores_of(counts, step_ms=STEP_MS, start_ms=0, series=None):
    series = series or CountSeries()
    return [series.score(start_ms + step_ms * row, count) for row, count in enumerate(counts)]


def chatter(mean, rows, seed=1):
    return [float(count) for count in np.random.default_rng(seed).poisson(mean, rows)]


def test_the_mean_of_block_maxima_is_learnt():
    maxima = BlockMaxima(HOUR_MS, 10**6 * DAY_MS, NEVER_MET)
    for _ in range(500):
        maxima.learn(2.0, 30 * MINUTE_MS)
        maxima.learn(3.0, 30 * MINUTE_MS)
    assert maxima.surprise(3.0) == pytest.approx(0.0, abs=0.1)
    assert maxima.surprise(3.1) == pytest.approx(0.5, abs=0.3)


def test_a_block_teaches_at_its_end_and_not_before():
    maxima = BlockMaxima(HOUR_MS, DAY_MS, NEVER_MET)
    maxima.learn(5.0, 59 * MINUTE_MS)
    assert maxima.surprise(5.0) == 5.0
    maxima.learn(0.0, MINUTE_MS)
    assert maxima.surprise(5.0) < 5.0


def test_one_giant_teaches_no_more_than_the_cap():
    def after(highest):
        maxima = BlockMaxima(HOUR_MS, DAY_MS, NEVER_MET, spreads_max=3.0)
        maxima.learn(highest, HOUR_MS)
        return maxima.surprise(4.0)

    assert after(3.0) == after(1e9) < after(1.0)


def test_an_hour_of_the_day_has_its_own_usual():
    usual = UsualCounts(100.0, 14 * DAY_MS)
    for day in range(60 * 24):
        usual.learn(day % 24, 300.0 if day % 24 == 9 else 100.0, HOUR_MS)
    assert usual.per_hour(9) == pytest.approx(300, rel=0.1)
    assert usual.per_hour(10) == pytest.approx(100, rel=0.1)


def test_the_score_is_half_for_what_chance_brings_once_a_week():
    chance = 12 * HOUR_MS / (7 * DAY_MS)
    surprise = (-math.log(-math.log(1 - chance)) - 0.57722) / (math.pi / math.sqrt(6))
    assert CountSeries()._score_of(surprise) == 0.5  # noqa: SLF001 - the scale is a promise of its own


@pytest.mark.parametrize("step_ms", [10_000, MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, DAY_MS])
def test_a_burst_is_told_at_any_step(step_ms):
    before = chatter(20, max(100, DAY_MS // step_ms))
    scores = scores_of([*before, *[400.0] * max(1, 10 * MINUTE_MS // step_ms)], step_ms)
    assert max(scores[len(before) :]) > max(0.5, *scores[: len(before)])


def test_the_same_counts_are_no_burst_at_an_hour_that_is_always_busy():
    def days(busy_hour):
        return [30.0 if row // 12 % 24 == busy_hour else 10.0 for row in range(56 * DAY_ROWS)]

    midnight = [30.0] * 12
    usual, unusual = scores_of(days(busy_hour=0) + midnight), scores_of(days(busy_hour=12) + midnight)
    assert max(usual[-12:]) < 0.5 < max(unusual[-12:])


def test_one_story_is_told_once_and_again_when_it_grows():
    before = chatter(20, 3 * DAY_ROWS)
    scores = scores_of([*before, 200.0, 200.0, 180.0, 150.0, 2000.0])
    first, *same, larger = scores[len(before) :]
    assert first > 0.5
    assert sum(score > 0.5 for score in same) <= 1
    assert larger > first


def test_what_was_told_is_forgotten():
    before, burst = chatter(20, 3 * DAY_ROWS), [150.0] * 3
    told = scores_of([*before, *burst, *chatter(20, 4 * DAY_ROWS, seed=2), *burst])[len(before) :]
    assert max(told[:3]) > 0.5
    assert max(told[-3:]) > 0.5


@pytest.mark.parametrize("counts", [[0.0] * 2000, [7.0] * 2000, [1e15] * 2000])
def test_what_never_moves_is_never_told(counts):
    assert max(scores_of(counts)) < 0.5


def test_two_posts_after_a_silent_day_are_no_news():
    assert max(scores_of([0.0] * DAY_ROWS + [2.0])) < 0.5


def test_missing_rows_count_as_zero():
    counts = [float(row % 3) for row in range(900)] + [60.0]
    series = CountSeries()
    kept = [(row, count) for row, count in enumerate(counts) if count or row < 2]
    sparse = {row: series.score(STEP_MS * row, count) for row, count in kept}
    assert sparse == {row: score for row, score in enumerate(scores_of(counts)) if row in sparse}


def test_after_an_outage_the_windows_begin_anew_and_what_is_usual_is_kept():
    series = CountSeries()
    scores_of(chatter(20, 7 * DAY_ROWS), series=series)
    after_ms = 12 * DAY_MS
    scores = scores_of([*chatter(20, 100, seed=3), 300.0], start_ms=after_ms, series=series)
    assert max(scores[:-1]) < 0.5 < scores[-1]


def test_rows_within_ten_seconds_are_taken_together():
    before = chatter(20, 1000)
    whole, parts = CountSeries(), CountSeries()
    scores_of(before, series=whole)
    scores_of(before, series=parts)
    at_ms = STEP_MS * len(before)
    parts.score(at_ms, 100.0)
    parts.score(at_ms + 9_999, 50.0)
    whole.score(at_ms, 150.0)
    following = [float(count) for count in range(100)]
    assert scores_of(following, start_ms=at_ms + STEP_MS, series=parts)[-1] == pytest.approx(
        scores_of(following, start_ms=at_ms + STEP_MS, series=whole)[-1], abs=0.05
    )


def test_a_row_of_an_earlier_time_is_scored_zero_and_teaches_nothing():
    left, right = CountSeries(), CountSeries()
    before = chatter(20, 500)
    scores_of(before, series=left)
    scores_of(before, series=right)
    assert right.is_late(STEP_MS * 490)
    assert right.score(STEP_MS * 490, 1e6) == 0.0
    following = chatter(30, 50, seed=4)
    after_ms = STEP_MS * 500
    assert scores_of(following, start_ms=after_ms, series=left) == scores_of(following, start_ms=after_ms, series=right)


def test_the_step_is_the_shortest_that_is_seen():
    series = CountSeries()
    series.score(0, 20.0)
    series.score(3 * STEP_MS, 20.0)
    scores = scores_of([*chatter(20, 1000), 300.0], start_ms=4 * STEP_MS, series=series)
    assert max(scores[:-1]) < 0.5 < scores[-1]


def test_a_constant_can_be_another():
    counts = [*chatter(20, 1000), 60.0]
    rarely = CountSeries(CountConstants(score_half_ms=70 * DAY_MS))
    usually = CountSeries(DEFAULTS)
    assert 0 < scores_of(counts, series=rarely)[-1] < scores_of(counts, series=usually)[-1]


def test_most_bursts_are_told_in_any_chatter_and_little_else():
    found, outside = 0, 0
    for kind in KINDS:
        series = made(kind, seed=0)
        told = [row for row, score in enumerate(scores_of(series.counts)) if score >= 0.5]
        hit = {window for window in series.windows for row in told if window[0] <= row <= window[1]}
        found += len(hit)
        outside += sum(not any(first <= row <= last for first, last in series.windows) for row in told)
    assert found >= 0.75 * BURSTS * len(KINDS)
    assert outside <= 55 / 7 * len(KINDS)


def test_a_quiet_series_is_told_less_than_once_a_week():
    weeks = [scores_of(made(kind, seed=10, bursts=0).counts) for kind in KINDS]
    told = sum(score >= 0.5 for scores in weeks for score in scores)
    assert told / len(KINDS) <= 55 / 7


def test_memory_is_bounded_whatever_comes():
    series = CountSeries()
    scores_of(brand(0).counts[:2000], 10_000, series=series)
    scores_of(brand(1).counts[:6000], 10_000, start_ms=DAY_MS, series=series)
    assert len(series._sums) <= 3841  # noqa: SLF001 - what is bounded
