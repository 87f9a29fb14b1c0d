import statistics
from collections import Counter
from itertools import pairwise

import pytest

from models.simulator.chance import Chance, RankedWords, zipf_weights

WORDS = tuple("abcdefghij")


def drawn(draw, count=20_000):
    return [draw() for _ in range(count)]


def test_whole_numbers_reach_both_ends_and_nothing_else():
    chance = Chance(1)
    assert set(drawn(lambda: chance.whole(3, 6))) == {3, 4, 5, 6}


def test_skewed_numbers_have_their_median_at_the_geometric_mean():
    chance = Chance(1)
    numbers = drawn(lambda: chance.skewed(1, 100))
    assert 1 <= min(numbers) < max(numbers) <= 100
    assert statistics.median(numbers) == pytest.approx(10, rel=0.05)


def test_exponential_numbers_have_their_mean_for_a_deviation():
    chance = Chance(1)
    numbers = drawn(lambda: chance.exponential(5))
    assert statistics.mean(numbers) == pytest.approx(5, rel=0.05)
    assert statistics.pstdev(numbers) == pytest.approx(5, rel=0.05)


def test_bursts_have_mean_1_and_variance_one_half():
    numbers = drawn(Chance(1).burst)
    assert statistics.mean(numbers) == pytest.approx(1, rel=0.05)
    assert statistics.pvariance(numbers) == pytest.approx(1 / 2, rel=0.05)


def test_shuffled_items_are_the_same_in_another_order():
    shuffled = Chance(1).shuffled(WORDS)
    assert shuffled != list(WORDS)
    assert sorted(shuffled) == list(WORDS)


def test_a_weighted_pick_follows_the_weights():
    chance = Chance(1)
    counts = Counter(drawn(lambda: chance.pick_weighted("ab", [3.0, 4.0])))
    assert counts["a"] / counts.total() == pytest.approx(0.75, rel=0.03)


def test_zipf_weights_fall_with_the_rank():
    assert zipf_weights(3) == pytest.approx([1 / 3.7, 1 / 4.7, 1 / 5.7])


def test_the_first_words_come_most_often_over_many_hours():
    words, counts = RankedWords(Chance(1), WORDS), Counter()
    for _ in range(2_000):
        words.stir()
        counts.update(drawn(words.draw, 20))
    assert counts.most_common(1)[0][0] == "a"
    assert counts["a"] > 1.5 * counts["j"]


def test_a_word_seldom_follows_itself():
    said = drawn(RankedWords(Chance(1), WORDS).draw)
    repeated = sum(before == after for before, after in pairwise(said)) / len(said)
    assert repeated < sum((count / len(said)) ** 2 for count in Counter(said).values()) / 2
