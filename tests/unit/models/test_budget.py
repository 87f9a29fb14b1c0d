import math
import random

import msgspec
import pytest

from models.budget import BudgetState, find_bar
from models.mentions import HOUR_MS
from models.scoring import BarInputs
from models.significance import CHATTER_SIZE, surprise

BALANCED = 3.0


def after(hours, tests=100, maximum=0.0, learnt=None):
    """Returns the state after so many hours, each with so many tests and this largest significance."""
    state = BudgetState(0)
    for hour in range(hours):
        state.tested = tests
        state.observe("ferry", maximum if learnt is None else learnt[hour])
        state.advance((hour + 1) * HOUR_MS)
    return state


def test_the_bar_rises_with_the_number_of_tests_by_a_decade_for_ten_times_as_many():
    few, many = (after(100, tests).bar_for(BALANCED) for tests in (100, 1000))
    assert many - few == pytest.approx(1)


def test_the_bar_falls_with_the_budget():
    bars = [after(100).bar_for(per_week) for per_week in (1.0, 3.0, 10.0)]
    assert bars == sorted(bars, reverse=True)
    assert bars[0] - bars[2] == pytest.approx(1)


def test_the_bar_allows_for_five_times_as_many_tests_as_there_were():
    assert after(168, tests=600).bar_for(BALANCED) == pytest.approx(5.225, abs=1e-3)  # log10(5 x 168 x 600 / 3)


def test_the_bar_is_decades_higher_at_first_and_falls_for_a_day():
    settled = after(24).bar_for(BALANCED)
    raises = [after(hours).bar_for(BALANCED) - settled for hours in (6, 12, 18)]
    assert raises == pytest.approx([3 * 0.75, 3 * 0.5, 3 * 0.25])
    assert after(30).bar_for(BALANCED) == pytest.approx(settled)


def test_the_bar_of_a_community_where_nothing_was_tested_is_still_a_bar():
    assert after(100, tests=0).bar_for(10.0) == 2.0


def test_the_bar_stays_the_same_for_an_hour():
    state = after(100)
    bar = state.bar_for(BALANCED)
    state.tested = 100_000
    state.observe("ferry", 50.0)
    assert state.bar_for(BALANCED) == bar
    state.advance(101 * HOUR_MS)
    assert state.bar_for(BALANCED) > bar


def test_looking_at_the_bar_does_not_fix_it():
    state = after(100)
    seen = state.find(BALANCED).value
    assert state.bar is None
    state.tested = 100_000
    assert state.bar_for(BALANCED) > seen
    assert state.find(BALANCED).value == state.bar


def test_maxima_beyond_the_model_raise_the_bar_but_by_no_more_than_two_and_a_half():
    by_tests = after(200).bar_for(BALANCED)
    chance = random.Random(1)
    raised = after(200, learnt=[by_tests + chance.expovariate(3) for _ in range(200)]).bar_for(BALANCED)
    assert by_tests + 0.5 < raised < by_tests + 2.5
    assert after(200, maximum=50.0).bar_for(BALANCED) == pytest.approx(by_tests + 2.5)


def test_low_maxima_do_not_lower_the_bar():
    assert after(200, maximum=0.1).bar_for(BALANCED) == after(200).bar_for(BALANCED)


def test_maxima_count_from_the_hour_with_four_peaks_above_the_line():
    # Those of the first twelve hours are left out, and of seven that are left three fifths are above it.
    assert after(18, maximum=9.0).bar_for(BALANCED) == after(18).bar_for(BALANCED)
    assert after(19, maximum=9.0).bar_for(BALANCED) > after(19).bar_for(BALANCED)


def test_what_has_turned_out_to_be_a_story_is_left_out_and_the_next_largest_counts():
    state = BudgetState(0)
    for term, score in (("ferry", 2.0), ("zeppelin", 9.0), ("ferry", 1.0)):
        state.observe(term, score)
    assert state.maximum == 9.0
    state.leave_out("zeppelin")
    assert state.maximum == 2.0


def test_of_an_hour_the_largest_scores_are_kept():
    state = BudgetState(0)
    for number in range(1_000):
        state.observe(f"word{number}", float(number % 500))
    assert len(state.peaks) <= 32
    assert state.maximum == 499.0


def test_a_tail_that_is_cut_off_at_the_bar_is_taken_for_longer_than_it_looks():
    # Of what passes the bar nothing is left in the maxima: it opens stories.
    chance = random.Random(3)
    bar = after(672).bar_for(BALANCED)
    learnt = [min(chance.expovariate(1 / 1.2), bar - chance.random() / 10) for _ in range(672)]
    least = sorted(learnt)[-168]
    plain = least + math.log(42 / BALANCED) * (sum(own for own in learnt if own >= least) / 168 - least)
    assert after(672, learnt=learnt).bar_for(BALANCED) > max(bar, plain)


def test_hours_without_posts_count_as_hours_without_a_score():
    state = after(12, tests=1)
    state.tested = 100
    state.observe("ferry", 4.0)
    state.advance(17 * HOUR_MS)
    assert state.maxima[12:] == [4.0, 0.0, 0.0, 0.0, 0.0]
    assert state.tests[12:] == [100, 0, 0, 0, 0]


def test_an_hour_that_went_by_is_not_begun_again():
    state = after(5)
    before = msgspec.msgpack.encode(state)
    state.advance(3 * HOUR_MS)
    assert msgspec.msgpack.encode(state) == before


@pytest.mark.parametrize(
    ("weeks", "days"), [(4, 1), (4, 7), (4, 10), (4, 14), (4, 20), (1, 10), (2 / 7, 6), (2 / 7, 19)]
)
def test_after_a_silence_the_bar_is_that_of_the_weeks_before_it(weeks, days):
    state = after(round(weeks * 168), tests=500)
    before = state.bar_for(BALANCED)
    state.advance(round(weeks * 168 + days * 24) * HOUR_MS)
    assert state.bar_for(BALANCED) == pytest.approx(before)


def test_the_bar_follows_a_week_that_is_busier_than_those_before_it():
    state = after(3 * 168, tests=100)
    for hour in range(3 * 168, 4 * 168):
        state.tested = 1_000
        state.advance((hour + 1) * HOUR_MS)
    assert state.bar_for(BALANCED) == pytest.approx(math.log10(5 * 168 * 1_000 / 3))


def test_memory_is_four_weeks():
    state = after(2000)
    state.advance(10**6 * HOUR_MS)
    assert (len(state.maxima), len(state.tests)) == (28 * 24, 28 * 24)


def negative_binomial(chance, mean):
    """Returns a count of chatter: Poisson, with a rate that is itself drawn."""
    rate = chance.gammavariate(CHATTER_SIZE, mean / CHATTER_SIZE)
    count, left = -1, 1.0
    while left > math.exp(-rate):
        count, left = count + 1, left * chance.random()
    return count


def test_a_stream_of_nothing_passes_the_bar_no_more_often_than_the_budget_allows():
    chance = random.Random(7)
    state, weeks, passed, mean = BudgetState(0), 12, 0, 0.4
    for hour in range(weeks * 168):
        for number in range(60):
            score = surprise(negative_binomial(chance, mean), mean, CHATTER_SIZE)
            state.tested += 1
            state.observe(str(number), score)
            passed += score >= state.bar_for(BALANCED)
        state.advance((hour + 1) * HOUR_MS)
    assert 0 < passed <= BALANCED * weeks


def test_the_bar_can_be_found_again_from_what_it_was_computed_from():
    state = after(200, maximum=9.0)
    bar = state.bar_for(BALANCED)
    state.tested, inputs = 100_000, msgspec.json.decode(msgspec.json.encode(state.inputs), type=BarInputs)
    assert find_bar(inputs, BALANCED).value == bar
    state.advance(201 * HOUR_MS)
    assert (state.bar, state.inputs) == (None, None)


def test_what_a_bar_was_computed_from_is_the_same_bytes_after_it_was_saved():
    state = after(200)
    # So many that the last week's number counts, which is whole.
    state.tested = 100_000
    state.bar_for(BALANCED)
    raw = msgspec.msgpack.encode(state)
    restored = msgspec.msgpack.decode(raw, type=BudgetState)
    assert msgspec.msgpack.encode(restored) == raw
    assert msgspec.json.encode(restored.inputs) == msgspec.json.encode(state.inputs)


def test_after_a_change_of_volume_only_the_tests_of_the_last_day_count():
    busy, quiet = after(500, tests=1_000), after(500, tests=10)
    for hour in range(500, 524):
        busy.tested = 10
        busy.advance((hour + 1) * HOUR_MS)
        quiet.tested = 10
        quiet.advance((hour + 1) * HOUR_MS)
    assert busy.bar_for(BALANCED) > quiet.bar_for(BALANCED) + 1.5
    busy.forget_tests()
    # Onlookers, too, must not be told of what it was.
    assert busy.find(BALANCED) == quiet.find(BALANCED)
    assert busy.bar_for(BALANCED) == quiet.bar_for(BALANCED)


def test_over_its_own_bar_chance_brings_what_was_asked_for_and_a_decade_higher_a_tenth():
    state = after(100)
    bar = state.bar_for(BALANCED)
    assert state.expected_per_week(BALANCED, bar) == pytest.approx(BALANCED)
    assert state.expected_per_week(BALANCED, bar + 1) == pytest.approx(BALANCED / 10)


def test_where_the_cap_or_the_floor_holds_the_bar_more_or_less_is_expected_than_was_asked_for():
    capped = after(200, maximum=50.0)
    assert capped.expected_per_week(BALANCED, capped.bar_for(BALANCED)) > 10 * BALANCED
    floored = after(100, tests=0)
    assert floored.expected_per_week(10.0, floored.bar_for(10.0)) == pytest.approx(1.0)
