"""The drifting stream is what it says: else a clusterer that is flat over it would say little."""

import math
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from tests.support.drifting import LIFE_RISES, NO_TOPIC, RISE_S, drifting_stream, word

COUNT = 60_000


@pytest.fixture(scope="module")
def posts():
    return list(drifting_stream(COUNT, topics=100))


def test_the_same_arguments_give_the_same_posts_and_fewer_are_the_beginning():
    posts = list(drifting_stream(1_000, seed=7))
    assert list(drifting_stream(500, seed=7)) == posts[:500]
    assert list(drifting_stream(1_000, seed=8)) != posts


def test_posts_come_one_by_one_with_a_share_of_chatter(posts):
    assert [post.event_time_ms for post in posts[:3]] == [0, 1_000, 2_000]
    assert sum(post.topic == NO_TOPIC for post in posts) / COUNT == pytest.approx(0.2, abs=0.01)
    assert all(5 <= len(post.text.split()) <= 10 for post in posts)


def test_words_of_chatter_follow_zipfs_law(posts):
    counts = Counter(word for post in posts if post.topic == NO_TOPIC for word in post.text.split())
    by_rank = [count for _, count in counts.most_common()]
    slope = math.log(by_rank[1_500] / by_rank[300]) / math.log((1_500 + 60) / (300 + 60))
    assert slope == pytest.approx(-1.0, abs=0.2)


def test_topics_are_born_grow_and_are_gone(posts):
    times = defaultdict(list)
    for post in posts:
        times[post.topic].append(post.event_time_ms / 1_000)
    del times[NO_TOPIC]
    assert max(max(spoken) - min(spoken) for spoken in times.values()) <= LIFE_RISES * RISE_S[1] + 1_000
    assert len(times) > 200
    large = [
        spoken for spoken in times.values() if len(spoken) > 300 and 1_000 < spoken[0] < spoken[-1] < COUNT - 1_000
    ]
    assert large
    for spoken in large:
        middle = spoken[len(spoken) // 2]
        assert middle - spoken[0] < spoken[-1] - middle  # it rises faster than it falls


def test_new_words_keep_coming(posts):
    seen, new = set(), []
    for first, end in pairwise(range(0, COUNT + 1, COUNT // 4)):
        words = {word for post in posts[first:end] if post.topic != NO_TOPIC for word in post.text.split()}
        new.append(len(words - seen))
        seen |= words
    assert min(new[1:]) > 300


def test_no_two_numbers_have_the_same_word():
    assert len({word(number) for number in range(300_000)}) == 300_000
