import re
import statistics
from collections import Counter, defaultdict

from tests.support.simulated import DAY_MS, HOUR_MS, START_MS, plain


def test_reposts_and_replies_name_an_earlier_post_of_somebody_else(busy):
    by_id = {post.id: post for post in busy.posts}
    reposts = [post for post in busy.posts if post.is_repost]
    replies = [post for post in busy.posts if post.reply_to]
    for post in reposts:
        original = by_id[post.repost_of]
        assert post.text == f"RT @{original.author}: {original.text}"
    for post in (*reposts, *replies):
        original = by_id[post.repost_of or post.reply_to]
        assert original.created_at <= post.created_at
        assert original.author != post.author
    assert 0.08 < len(reposts) / len(busy.posts) < 0.2
    assert 0.1 < len(replies) / len(busy.posts) < 0.2


def test_volume_is_over_dispersed(quiet):
    counts = quiet.hourly("trail-running")
    by_hour = [statistics.mean(counts[hour::24]) for hour in range(24)]
    excess = [((n - mean) ** 2 - mean) / mean**2 for n, mean in zip(counts, by_hour * 28, strict=True)]
    assert 1.2 < 1 / statistics.mean(excess) < 3


def test_words_come_in_bursts(quiet):
    posts, hits = Counter(), Counter()
    for post in quiet.posts:
        if post.communities == ["trail-running"] and not post.is_repost:
            hour = (post.created_at - START_MS) // HOUR_MS
            posts[hour] += 1
            hits[hour] += "trail" in post.text.lower().split()
    rate = hits.total() / posts.total()
    excess = sum((hits[h] - rate * n) ** 2 - rate * n for h, n in posts.items())
    assert 1 < sum((rate * n) ** 2 for n in posts.values()) / excess < 4


def test_nothing_new_breaks_out_in_ordinary_chatter(quiet):
    seen, authors = set(), defaultdict(set)
    for post in quiet.posts:
        words = {word for word in re.findall(r"(?<!@)\b\w+", plain(post.text)) if not word.isdigit()}
        if post.created_at < START_MS + 7 * DAY_MS:
            seen |= words
            continue
        for word in words - seen:
            authors[word, post.created_at // HOUR_MS].add(post.author)
    assert max(map(len, authors.values()), default=0) < 6
