"""Launches placed in chatter are what they say, and change nothing else."""

import re

import msgspec

from tests.support.chatter import COMMUNITY, by_time, chatter
from tests.support.injected import PLACES, busiest, inject


def test_the_chatter_stays_and_each_launch_is_told_by_its_authors_within_ten_minutes():
    before = chatter(40)
    posts, events = inject(before, {COMMUNITY}, authors=6)
    assert len(events) == len(PLACES)
    assert [post for post in posts if post.source == "test"] == before
    assert posts == sorted(posts, key=lambda post: post.created_at)
    for event in events:
        own = [post for post in posts if post.source != "test" and 0 <= post.created_at - event.onset_ms <= 10 * 60_000]
        assert len({post.author for post in own}) == 6
        assert own[0].created_at == event.onset_ms
        said = sum(bool(re.search(event.pattern, post.text.lower().replace("#", ""))) for post in own)
        assert said >= len(own) / 2


def test_communities_that_get_no_launch_are_left_out():
    others = [msgspec.structs.replace(post, communities=["others"]) for post in chatter(20, seed=3)]
    posts, _ = inject(by_time(chatter(40), others), {COMMUNITY}, authors=4)
    assert {name for post in posts for name in post.communities} == {COMMUNITY}


def test_the_busiest_communities_have_most_posts():
    others = [msgspec.structs.replace(post, communities=["others"]) for post in chatter(2, seed=3)]
    assert busiest([*chatter(3), *others], 1) == {COMMUNITY}
