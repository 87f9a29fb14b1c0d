from collections import defaultdict
from itertools import pairwise

import msgspec

from models.post import Post, encode_post
from tests.support.simulated import MINUTE_MS


def test_every_post_is_one_by_the_contract(busy):
    for simulated in busy.feed:
        wire = encode_post(simulated.post)
        assert msgspec.json.decode(wire, type=Post) == simulated.post
        fields = msgspec.json.decode(wire)
        assert {"id", "text", "created_at", "author", "communities", "lang", "url", "engagement"} <= set(fields)
        assert fields["source"] == "simulated"
        assert "{" not in simulated.post.text
        assert "[" not in simulated.post.text


def test_posts_come_in_the_order_of_arrival_and_never_before_they_were_written(busy):
    assert all(before.arrival_ms <= after.arrival_ms for before, after in pairwise(busy.feed))
    assert all(simulated.arrival_ms > simulated.post.created_at for simulated in busy.feed)


def test_a_few_posts_are_late_and_fewer_too_late(busy):
    first = {simulated.post.id: simulated for simulated in reversed(busy.feed)}.values()
    delays = [simulated.arrival_ms - simulated.post.created_at for simulated in first]
    assert 0.02 < sum(1_000 <= delay <= 5 * MINUTE_MS for delay in delays) / len(delays) < 0.04
    assert 0.001 < sum(delay > 10 * MINUTE_MS for delay in delays) / len(delays) < 0.004
    assert max(delays) <= 20 * MINUTE_MS


def test_a_few_posts_come_twice_and_are_the_same(busy):
    seen = defaultdict(list)
    for simulated in busy.feed:
        seen[simulated.post.id].append(simulated.post)
    twice = [posts for posts in seen.values() if len(posts) > 1]
    assert 0.006 < len(twice) / len(seen) < 0.01
    assert all(posts == [posts[0]] * 2 for posts in twice)
