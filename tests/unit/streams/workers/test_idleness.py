import pytest

from streams.workers.idleness import FETCH_EVERY_S_MAX, IDLE_AFTER_S, PAUSE_S, Idleness


def look(idleness, *looks):
    """Returns what each look says; a look is (time, whether there is a new fetch, whether at the end)."""
    fetches, said = 0, []
    for now_s, is_fetched, is_at_end in looks:
        fetches += is_fetched
        said.append(idleness.look(now_s, fetched=fetches or None, is_at_end=is_at_end))
    return said


def every_half_second(seconds, *, start_s=0.0):
    return [(start_s + step / 2, True, True) for step in range(int(seconds * 2) + 1)]


def test_an_input_is_idle_after_two_seconds_of_fetches_that_found_its_end():
    said = look(Idleness(), *every_half_second(3))
    assert said == [0, 0, 0, 0, 2_000, 2_500, 3_000]
    assert IDLE_AFTER_S == 2.0


def test_between_two_fetches_time_does_not_go_on():
    idleness = Idleness()
    look(idleness, *every_half_second(2.5))
    assert idleness.look(2.9, fetched=6, is_at_end=True) == 2_500


def test_a_message_begins_it_again():
    idleness = Idleness()
    look(idleness, *every_half_second(3))
    assert idleness.look(3.1, fetched=8, is_at_end=False) == 0
    assert idleness.look(3.5, fetched=9, is_at_end=True) == 0
    assert idleness.look(4.0, fetched=10, is_at_end=True) == 0


def test_a_message_that_was_taken_between_two_looks_does_too():
    idleness = Idleness()
    look(idleness, *every_half_second(3))
    idleness.reset()
    # The fetch that was known before says nothing of what is behind the message.
    assert idleness.look(3.1, fetched=7, is_at_end=True) == 0
    assert [idleness.look(3.5 + step / 2, fetched=8 + step, is_at_end=True) for step in range(5)] == [0] * 4 + [2_000]


def test_without_fetches_an_input_is_not_idle_however_long_it_takes():
    idleness = Idleness()
    look(idleness, *every_half_second(5))
    said = [idleness.look(5 + step / 2, fetched=11, is_at_end=True) for step in range(1, 20)]
    assert said[: int(FETCH_EVERY_S_MAX * 2)] == [5_000] * int(FETCH_EVERY_S_MAX * 2)
    assert set(said[int(FETCH_EVERY_S_MAX * 2) :]) == {0}
    assert idleness.look(15, fetched=12, is_at_end=True) == 0


def test_a_look_that_comes_late_begins_it_again():
    idleness = Idleness()
    look(idleness, *every_half_second(5))
    assert idleness.look(5 + PAUSE_S + 0.1, fetched=12, is_at_end=True) == 0
    assert idleness.look(5 + PAUSE_S + 0.6, fetched=12, is_at_end=True) == 0


@pytest.mark.parametrize("is_at_end", [True, False])
def test_before_the_first_fetch_nothing_is_known(is_at_end):
    idleness = Idleness()
    assert [idleness.look(step / 2, fetched=None, is_at_end=is_at_end) for step in range(9)] == [0] * 9
