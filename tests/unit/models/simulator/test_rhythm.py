import cmath
import statistics

import pytest

from models.simulator import VOCABULARIES
from models.simulator.rhythm import day_factor, fading, uptake, week_factor
from tests.support.simulated import DAY_MS, HOUR_MS, START_MS


def test_volume_follows_the_day_cycle_of_its_community(quiet):
    for vocabulary in VOCABULARIES[:2]:
        counts = quiet.hourly(vocabulary.community)
        wave = sum(n * cmath.exp(2j * cmath.pi * (h + 0.5) / 24) for h, n in enumerate(counts)) / sum(counts)
        peak_hour = cmath.phase(wave) * 24 / (2 * cmath.pi) % 24
        assert 2 * abs(wave) == pytest.approx(0.6, abs=0.12)
        assert abs((peak_hour - vocabulary.peak_hour + 12) % 24 - 12) < 1


def test_volume_follows_the_week_cycle_of_its_community(quiet):
    for vocabulary in VOCABULARIES[:2]:
        counts = quiet.hourly(vocabulary.community)
        weekend = [n for hour, n in enumerate(counts) if hour // 24 % 7 >= 5]
        assert statistics.mean(weekend) / statistics.mean(counts) == pytest.approx(vocabulary.weekend, abs=0.15)


def test_a_day_is_loudest_at_its_peak_and_quietest_half_a_day_later():
    assert day_factor(20.5 * HOUR_MS, 20.5) == pytest.approx(1.6)
    assert day_factor(8.5 * HOUR_MS, 20.5) == pytest.approx(0.4)


def test_a_week_keeps_its_mean_whatever_the_weekend():
    days = [week_factor(START_MS + day * DAY_MS, 1.4) for day in range(7)]
    assert days == pytest.approx([0.84] * 5 + [1.4] * 2)


@pytest.mark.parametrize("curve", [uptake, fading])
def test_a_story_begins_at_once_ends_on_time_and_never_turns_back(curve):
    moments = [curve(share / 100) for share in range(101)]
    assert moments[0] == pytest.approx(0, abs=1e-9)
    assert moments[-1] == pytest.approx(1)
    assert moments == sorted(moments)


def test_half_of_the_authors_have_come_at_half_time_and_most_afterthoughts_before():
    assert uptake(0.5) == pytest.approx(0.5)
    assert fading(0.5) < 0.25
