import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.significance import CHATTER_SIZE, size_for, surprise, usual_range, voices

counts = st.integers(0, 10_000)
means = st.floats(1e-3, 200)
sizes = st.floats(0.2, 5)


def probability(count, mean, size):
    log = math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
    return math.exp(log + size * math.log(size / (mean + size)) + count * math.log(mean / (mean + size)))


def summed_surprise(count, mean, size):
    tail, own = 0.0, probability(count, mean, size)
    while own > 1e-9 * tail:
        tail += own
        own *= (count + size) / (count + 1) * mean / (mean + size)
        count += 1
    return -math.log10(tail)


@given(counts, counts, counts)
def test_voices_are_at_most_twice_the_authors_and_never_more_than_authors_and_texts(authors, texts, reposted):
    assume(reposted <= texts)
    assert min(authors, texts) <= voices(authors, texts, reposted) <= 2 * authors
    assert voices(authors, texts, reposted) <= authors + texts


@given(st.integers(1, 1000))
def test_copies_of_one_text_are_one_voice_however_many_pass_it_on(authors):
    assert voices(authors, texts=1, reposted_texts=0) == 1
    assert voices(authors, texts=1, reposted_texts=1) == 1


@given(st.integers(1, 1000))
def test_an_author_who_floods_is_one_voice(texts):
    assert voices(authors=1, texts=texts, reposted_texts=0) == 1


def test_an_author_who_passes_on_texts_of_unseen_authors_adds_at_most_one_voice():
    assert voices(authors=3, texts=3, reposted_texts=3) == 3
    assert voices(authors=3, texts=5, reposted_texts=5) == 5
    assert voices(authors=3, texts=50, reposted_texts=50) == 6


@given(st.integers(0, 500), means, sizes)
def test_more_voices_are_never_less_surprising(count, mean, size):
    assert surprise(count + 1, mean, size) >= surprise(count, mean, size)


@given(st.integers(0, 500), means, st.floats(1, 10), sizes)
def test_more_that_is_expected_is_never_more_surprising(count, mean, factor, size):
    assert surprise(count, mean * factor, size) <= surprise(count, mean, size) + 1e-9


@given(st.floats(0, 1), means, sizes)
def test_what_does_not_exceed_the_mean_is_no_surprise(share, mean, size):
    assert surprise(share * mean, mean, size) == 0.0


def test_where_nothing_is_expected_there_is_no_surprise():
    assert surprise(10, 0.0, 2.0) == 0.0


@given(st.integers(1, 120), st.floats(1e-3, 30), sizes)
def test_surprise_is_never_above_the_summed_tail_and_close_to_it_where_alerts_are(count, mean, size):
    own = surprise(count, mean, size)
    assume(own < 250)  # beyond, the sum itself has no digits left
    exact = summed_surprise(count, mean, size)
    assert own <= exact + 1e-6
    if exact > 5 and count > 5 * mean:
        assert own >= exact - 0.2


@pytest.mark.parametrize(("count", "mean"), [(3, 0.01), (5, 0.1), (10, 1.0), (40, 4.0)])
def test_chatter_is_burstier_than_poisson(count, mean):
    poisson = -math.log10(
        math.fsum(math.exp(-mean + own * math.log(mean) - math.lgamma(own + 1)) for own in range(count, 400))
    )
    assert 0 < surprise(count, mean, CHATTER_SIZE) < poisson


def test_what_is_less_known_may_spread_more():
    assert size_for(0) < size_for(1) < size_for(100) < CHATTER_SIZE
    assert size_for(1e9) == pytest.approx(CHATTER_SIZE)


@given(st.floats(1e-6, 400), sizes)
def test_nine_windows_in_ten_lie_in_the_usual_range(mean, size):
    low, high = usual_range(mean, size)
    chances = [probability(count, mean, size) for count in range(high + 1)]
    assert 0 <= low <= high
    assert math.fsum(chances) >= 0.95 - 1e-9
    assert high == 0 or math.fsum(chances[:high]) < 0.95 + 1e-9
    assert math.fsum(chances[:low]) < 0.05 + 1e-9
    assert math.fsum(chances[: low + 1]) >= 0.05 - 1e-9
