import random
from itertools import pairwise
from math import pi, sin

import msgspec
import pytest
from river.drift import PageHinkley

from models.baseline import (
    HOUR_MS,
    TEST_HOURS_MIN,
    TEST_IGNORED,
    TEST_THRESHOLD,
    WEEK_HOURS,
    WEEK_MS,
    ChangeTest,
    Volume,
)
from tests.support.chatter import DAY_MS, NOON_MS


def hourly(hours, usual, *, seed=1, from_ms=NOON_MS):
    """Returns event times: in each hour about as many as `usual` says for it, in bursts."""
    chance = random.Random(seed)
    times = []
    for hour in range(hours):
        mean = usual(hour) * chance.gammavariate(4, 0.25)
        times += [from_ms + hour * HOUR_MS + chance.randrange(HOUR_MS) for _ in range(round(mean))]
    return sorted(times)


def learn(times, volume=None):
    volume = volume or Volume()
    for at_ms in times:
        volume.add(at_ms)
    return volume


def per_hour(volume, at_ms):
    return volume.per_ms(at_ms) * HOUR_MS


def by_day(mean):
    """Returns a day cycle of ±70 %, at its highest six hours after the start."""
    return lambda hour: mean * (1 + 0.7 * sin(2 * pi * hour / 24))


def test_in_the_first_hour_the_posts_so_far_are_usual():
    assert Volume().per_ms(NOON_MS) == 0.0
    assert per_hour(learn([NOON_MS + 1_000 * number for number in range(30)]), NOON_MS + HOUR_MS) == 30.0


def test_the_mean_is_known_after_hours_and_the_time_of_day_after_days():
    volume = learn(hourly(10, lambda _: 50))
    assert per_hour(volume, NOON_MS + 10 * HOUR_MS) == pytest.approx(50, rel=0.35)
    volume = learn(hourly(5 * 24, by_day(100)))
    high, low = (per_hour(volume, NOON_MS + 5 * DAY_MS + hour * HOUR_MS) for hour in (6, 18))
    assert high == pytest.approx(170, rel=0.25)
    assert 30 < low < 60


def test_the_hour_of_the_week_is_known_after_weeks():
    def usual(hour):
        return 20 if hour // 24 % 7 >= 5 else 100

    volume = learn(hourly(3 * WEEK_HOURS, usual))
    start_ms = NOON_MS + 3 * WEEK_MS
    assert per_hour(volume, start_ms + 12 * HOUR_MS) == pytest.approx(100, rel=0.3)
    assert 20 < per_hour(volume, start_ms + 5 * DAY_MS + 12 * HOUR_MS) < 50


def test_where_little_is_posted_the_mean_stays_the_guess():
    volume = learn(hourly(3 * WEEK_HOURS, by_day(1)))
    means = [per_hour(volume, NOON_MS + 3 * WEEK_MS + hour * HOUR_MS) for hour in range(WEEK_HOURS)]
    assert max(means) < 1.6 * min(means)


def test_what_is_usual_in_a_window_is_that_of_all_its_hours():
    volume = learn(hourly(3 * WEEK_HOURS, by_day(100)))
    until_ms = NOON_MS + 3 * WEEK_MS + 12 * HOUR_MS
    assert volume.posts_within(5 * 60_000, until_ms) == pytest.approx(per_hour(volume, until_ms) / 12, rel=0.1)
    assert volume.posts_within(24 * HOUR_MS, until_ms) == pytest.approx(24 * 100, rel=0.15)
    minutes = [volume.per_ms(until_ms - minute * 60_000) * 60_000 for minute in range(6 * 60)]
    assert volume.posts_within(6 * HOUR_MS, until_ms) == pytest.approx(sum(minutes), rel=0.01)
    assert Volume().posts_within(HOUR_MS, until_ms) == 0.0


def test_what_is_usual_never_jumps():
    volume = learn(hourly(2 * WEEK_HOURS, by_day(100)))
    steps = [per_hour(volume, NOON_MS + 2 * WEEK_MS + minute * 60_000) for minute in range(7 * 24 * 60)]
    assert max(abs(second - first) for first, second in pairwise(steps)) < 5


@pytest.mark.parametrize("shift_ms", [1, 17 * 60_000, 11 * HOUR_MS + 5, 3 * DAY_MS + 12 * HOUR_MS])
def test_the_calendar_means_nothing(shift_ms):
    times = hourly(9 * 24, by_day(40))
    one, other = learn(times), learn([at_ms + shift_ms for at_ms in times])
    assert other.factors == one.factors
    at_ms = times[-1] + HOUR_MS
    assert other.per_ms(at_ms + shift_ms) == one.per_ms(at_ms)


@pytest.mark.parametrize("change", [5.0, 1 / 5, 1 / 20])
def test_a_change_for_good_is_found_and_the_level_begins_anew(change):
    times = hourly(5 * WEEK_HOURS, lambda hour: 200 * (1.0 if hour < 3 * WEEK_HOURS else change))
    volume = Volume()
    found_ms = None
    for at_ms in times:
        volume.add(at_ms)
        if volume.drain_change():
            found_ms = found_ms or at_ms
    change_ms = NOON_MS + 3 * WEEK_MS
    assert volume.changes == 1
    assert change_ms < found_ms < change_ms + 30 * HOUR_MS
    assert volume.level == pytest.approx(200 * change, rel=0.5)


@pytest.mark.parametrize("days", [9, 21])
@pytest.mark.parametrize("change", [5.0, 1 / 5, 1 / 10])
def test_a_change_is_told_with_what_was_usual_before_it_began_and_is_now(days, change):
    usual, change_ms = by_day(200), NOON_MS + days * DAY_MS
    times = hourly((days + 4) * 24, lambda hour: usual(hour) * (1.0 if hour < days * 24 else change))
    found = learn(times).change_before(times[-1])
    assert change_ms < found.found_ms < change_ms + 40 * HOUR_MS
    assert (found.found_ms - times[0]) % HOUR_MS == 0
    assert found.before == pytest.approx(200, rel=0.2)
    assert found.now == pytest.approx(200 * change, rel=0.3)


def test_after_a_change_in_the_first_week_each_hour_keeps_its_own_factor():
    usual = by_day(200)
    volume = learn(hourly(6 * 24, lambda hour: usual(hour) * (1 if hour < 3 * 24 else 10)))
    assert (volume.changes, len(volume.factors)) == (1, volume.hour)


def test_a_change_is_told_for_a_week():
    volume = learn(hourly(4 * WEEK_HOURS, lambda hour: 40 if hour < 3 * WEEK_HOURS else 200))
    assert volume.changed_ms > NOON_MS + 3 * WEEK_MS
    assert volume.change_before(volume.changed_ms + WEEK_MS - 1) is not None
    assert volume.change_before(volume.changed_ms + WEEK_MS) is None
    assert Volume().change_before(NOON_MS) is None


@pytest.mark.parametrize(
    "usual",
    [
        by_day(100),
        lambda hour: 50 if hour // 24 % 7 >= 5 else 100,
        lambda hour: 100 * (6 if hour in range(400, 405) else 1),
        lambda _: 0.3,
    ],
    ids=["days", "weekends", "a story of five hours", "a post in three hours"],
)
def test_what_comes_and_goes_is_no_change(usual):
    assert [learn(hourly(6 * WEEK_HOURS, usual, seed=seed)).changes for seed in range(5)] == [0] * 5


def test_changes_are_found_where_river_finds_them():
    chance = random.Random(1)
    theirs = PageHinkley(min_instances=TEST_HOURS_MIN, delta=TEST_IGNORED, threshold=TEST_THRESHOLD, alpha=1.0)
    ours, found = ChangeTest(), []
    for number in range(3_000):
        value = chance.gauss((0, 2, -1, -3, 0)[number // 600], 1)
        theirs.update(value)
        has_changed = ours.update(value)
        assert has_changed == theirs.drift_detected
        if has_changed:
            ours = ChangeTest()
            found.append(number)
    assert len(found) >= 4


def test_silence_is_learnt_as_it_passes_in_one_step_or_many():
    one, many = learn(hourly(50, by_day(40))), learn(hourly(50, by_day(40)))
    end_ms = NOON_MS + 4 * DAY_MS
    one.advance(end_ms)
    for at_ms in range(NOON_MS, end_ms + 1, 1_234_567):
        many.advance(at_ms)
    many.advance(end_ms)
    assert msgspec.msgpack.encode(one) == msgspec.msgpack.encode(many)
    assert one.level < learn(hourly(50, by_day(40))).level


def test_going_on_from_what_was_saved_is_the_same_to_the_byte():
    times = hourly(3 * WEEK_HOURS, lambda hour: 60 * (1 if hour < 2 * WEEK_HOURS else 6))
    whole = learn(times)
    volume = Volume()
    for at_ms in times:
        volume = msgspec.msgpack.decode(msgspec.msgpack.encode(volume), type=Volume) if at_ms % 100 == 0 else volume
        volume.add(at_ms)
    assert msgspec.msgpack.encode(volume) == msgspec.msgpack.encode(whole)
    assert whole.changes == 1


def test_it_is_bounded():
    volume = learn(hourly(3 * WEEK_HOURS, by_day(100)))
    assert len(volume.factors) == WEEK_HOURS
    assert len(msgspec.msgpack.encode(volume)) < 2_000
