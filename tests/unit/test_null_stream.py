"""The stream in which nothing happens is what it says: else it would say nothing of false alerts."""

from collections import Counter
from statistics import fmean, pvariance

import pytest

from tests.support.null_stream import COMMUNITY, HOUR_MS, MINUTE_MS, START_MS, null_stream, planted, told_by_counts

HOURS = 240


@pytest.fixture(scope="module")
def counts():
    """Posts by hour and word, without the day cycle."""
    found = Counter()
    for post in null_stream(1, words=20, swing=0.0, hours=HOURS):
        found[(post.created_at - START_MS) // HOUR_MS, post.text.split()[0]] += 1
    words = {word for _, word in found}
    return [found[hour, word] for hour in range(HOURS) for word in sorted(words)]


def test_each_word_comes_as_often_as_asked(counts):
    assert len(counts) == 20 * HOURS
    assert fmean(counts) == pytest.approx(5, rel=0.05)


def test_counts_are_over_dispersed_with_the_size_that_was_asked_for(counts):
    # Of a negative binomial: mean + mean squared / size.
    assert pvariance(counts) == pytest.approx(5 + 25 / 2, rel=0.1)


def test_volume_follows_the_day():
    hours = Counter((post.created_at - START_MS) // HOUR_MS % 24 for post in null_stream(2, words=50, hours=96))
    assert hours[6] / hours[18] == pytest.approx(1.7 / 0.3, rel=0.2)


def test_posts_come_by_event_time_and_no_id_and_no_text_twice():
    posts = list(null_stream(3, words=50, hours=24))
    assert [post.created_at for post in posts] == sorted(post.created_at for post in posts)
    assert len({post.id for post in posts}) == len({post.text for post in posts}) == len(posts)


def test_launches_are_planted_one_after_the_other_half_of_them_of_known_words():
    posts, events = planted(4)
    known = {post.text.split()[0] for post in null_stream(4, hours=12)}
    assert sum(event.pattern[1:-1] in known for event in events) == 20
    assert len(events) == 40
    for event in events:
        own = [post for post in posts if post.text.split()[0] == event.pattern[1:-1]]
        assert 14 <= len(own) == len({post.author for post in own}) <= 30
        assert [own[0].created_at - event.onset_ms, own[-1].created_at - event.onset_ms] == [0, 20 * MINUTE_MS]
        assert own[0].communities == [COMMUNITY]


def test_counts_tell_the_less_the_more_is_asked():
    shares = [told_by_counts(bar, launches=2_000) for bar in (0.1, 3.0, 5.6, 30.0)]
    assert shares[0] > 0.99
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0.0
