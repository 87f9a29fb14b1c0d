from collections import Counter

from tests.support.simulated import MINUTE_MS, own_text, plain


def test_decoys_are_one_text_by_dozens_or_one_author_dozens_of_times(busy):
    shapes = Counter()
    for decoy in busy.decoys:
        posts = busy.of(decoy)
        if not busy.is_whole(decoy):
            continue
        assert decoy.kind == "decoy"
        assert len({post.author for post in posts}) == decoy.authors
        assert len(posts) >= 24
        shape = "flood" if decoy.authors == 1 else "reposts" if posts[-1].is_repost else "copies"
        shapes[shape] += 1
        if shape != "flood":
            assert len({own_text(post) for post in posts}) == 1
    assert set(shapes) == {"flood", "reposts", "copies"}


def test_the_word_of_a_decoy_is_nobody_elses(busy):
    decoys = {decoy.terms[0]: decoy for decoy in busy.decoys}
    for post in busy.posts:
        for term in decoys.keys() & set(plain(post.text).split()):
            assert post.communities == [decoys[term].community]
            assert post.created_at >= decoys[term].onset_ms


def test_a_decoy_is_over_within_forty_minutes(busy):
    for decoy in busy.decoys:
        assert all(post.created_at - decoy.onset_ms <= 40 * MINUTE_MS for post in busy.of(decoy))
