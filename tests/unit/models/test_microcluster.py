import math

import pytest

from models.microcluster import NO_MICRO_CLUSTER, MicroCluster, MicroClusterIndex


def index_of(*posts, **settings):
    """Make an index in which each post is a micro-cluster of its own."""
    defaults = {"terms_max": 100, "posting_max": 100, "damping": 1.0, "preference": 0.0, "novelty": 1.0}
    index = MicroClusterIndex(**(defaults | settings))
    for number, post in enumerate(posts):
        index.clusters[number] = MicroCluster(number, f"post{number}", number, number)
        learn(index, number, post)
    return index


def learn(index, number, post, gain=1.0):
    index.learn(index.clusters[number], index.weigh(dict.fromkeys(post.split(), 1.0)), gain)


def nearest(index, post):
    return index.nearest(index.weigh(dict.fromkeys(post.split(), 1.0)))


def cosine(index, post, number):
    """The definition, computed plainly: rarities as they are, no preference."""

    def rarity(term):
        return 1 + math.log((len(index.clusters) + 1) / max(1, len(index.postings.get(term, {}))))

    terms = index.clusters[number].terms
    dot = sum(rarity(term) ** 2 * terms.get(term, 0) for term in post.split())
    length = math.hypot(*(rarity(term) for term in post.split()))
    return dot / (length * math.hypot(*(count * rarity(term) for term, count in terms.items())))


def assert_index_matches_terms(index):
    expected = {}
    for number, cluster in index.clusters.items():
        for term, count in cluster.terms.items():
            expected.setdefault(term, {})[number] = count**index.damping
    assert index.postings == expected
    assert index.bytes == sum(len(term.encode()) + 8 for cluster in index.clusters.values() for term in cluster.terms)


def test_a_post_is_nearest_to_what_shares_its_rare_words():
    index = index_of("vault opens today", "rain today again", "match today again")
    assert nearest(index, "again vault")[0] == 0


def test_the_similarity_is_the_cosine_of_counts_times_rarity():
    index = index_of("vault opens today", "rain today again")
    index.rescale(1.0, count_min=0.0, gain=1.0)  # computes all lengths with the rarities as they are now
    found, similarity = nearest(index, "vault today unheard")
    assert found == 0
    assert similarity == pytest.approx(cosine(index, "vault today unheard", 0))


def test_a_post_that_shares_no_term_has_no_nearest():
    assert nearest(index_of("vault opens"), "rain again") == (NO_MICRO_CLUSTER, 0.0)


def test_of_equals_the_oldest_is_nearest():
    assert nearest(index_of("vault opens", "vault opens", "vault opens"), "vault")[0] == 0


def test_of_two_alike_the_larger_is_preferred():
    index = index_of("vault opens", "vault opens", preference=0.1)
    learn(index, 1, "vault opens")
    assert nearest(index, "vault")[0] == 1


def test_damping_keeps_a_frequent_word_from_drowning_the_others():
    posts = ["vault opens"] + ["vault"] * 20
    similarities = {}
    for damping in (0.5, 1.0):
        index = index_of(posts[0], damping=damping)
        for post in posts[1:]:
            learn(index, 0, post)
        similarities[damping] = nearest(index, "opens")[1]
    assert similarities[0.5] > similarities[1.0]


def test_words_never_seen_count_less_the_less_novelty_does():
    similarities = [
        nearest(index_of("vault opens", novelty=novelty), "vault unheard unseen")[1] for novelty in (0.0, 0.5, 1.0)
    ]
    assert similarities == sorted(similarities, reverse=True)
    assert len(set(similarities)) == 3


def test_scaling_a_whole_micro_cluster_does_not_change_its_similarity():
    plain, inflated = index_of("vault opens"), index_of()
    inflated.clusters[0] = MicroCluster(0, "", 0, 0)
    learn(inflated, 0, "vault opens", gain=2.0**60)
    assert nearest(plain, "vault")[1] == pytest.approx(nearest(inflated, "vault")[1])


def test_a_micro_cluster_keeps_its_most_frequent_terms():
    index = index_of("vault opens", terms_max=4)
    learn(index, 0, "vault opens")
    learn(index, 0, "these words come once")
    assert set(index.clusters[0].terms) >= {"vault", "opens"}
    assert len(index.clusters[0].terms) <= 4
    assert_index_matches_terms(index)


def test_a_term_is_kept_by_those_that_use_it_most():
    index = index_of("vault a", "vault b", "vault c", posting_max=3)
    learn(index, 1, "vault")
    index.clusters[3] = MicroCluster(3, "", 0, 0)
    learn(index, 3, "vault d")
    assert 1 in index.postings["vault"]
    assert len(index.postings["vault"]) <= 3
    assert_index_matches_terms(index)


def test_a_micro_cluster_that_lost_all_its_terms_is_found_by_none():
    index = index_of("vault", "vault", posting_max=1)
    assert index.clusters[1].terms == {}
    assert nearest(index, "vault")[0] == 0


def test_a_removed_micro_cluster_leaves_no_trace_in_the_index():
    index = index_of("vault opens", "vault closes")
    index.remove(index.clusters[0])
    assert index.postings == {"vault": {1: 1.0}, "closes": {1: 1.0}}
    assert_index_matches_terms(index)


def test_joining_adds_everything_up():
    index = index_of("vault opens", "vault closes")
    index.join(index.clusters[0], index.clusters[1], 1.0)
    joined = index.clusters[0]
    assert list(index.clusters) == [0]
    assert joined.terms == {"vault": 2.0, "opens": 1.0, "closes": 1.0}
    assert (joined.weight, joined.first_seen_ms, joined.last_seen_ms) == (2.0, 0, 1)
    assert_index_matches_terms(index)


def test_the_closest_is_another_one_that_shares_terms():
    index = index_of("vault opens today", "vault opens tomorrow", "rain today")
    number, similarity = index.closest(index.clusters[0], 1.0)
    assert number == 1
    assert 0 < similarity < 1


def test_what_is_like_no_other_has_no_closest():
    index = index_of("vault opens", "rain again")
    assert index.closest(index.clusters[0], 1.0) == (NO_MICRO_CLUSTER, 0.0)


def test_leading_terms_are_frequent_here_and_rare_elsewhere():
    index = index_of("vault today", "rain today", "match today")
    learn(index, 0, "vault today")
    terms = index.leading_terms(index.clusters[0], 5)
    assert [term for term, _ in terms] == ["vault", "today"]
    assert sum(part for _, part in terms) == pytest.approx(1.0)
    assert index.leading_terms(index.clusters[0], 1) == terms[:1]


def test_a_summary_tells_the_weight_in_posts():
    index = index_of("vault opens")
    learn(index, 0, "vault opens", gain=4.0)
    summary = index.summary(index.clusters[0], 1, gain=4.0)
    assert (summary.founder, summary.weight) == ("post0", 1.25)
    assert [term for term, _ in summary.terms] == ["opens"]


def test_rescaling_changes_no_similarity_and_drops_what_faded():
    index = index_of("vault opens")
    learn(index, 0, "vault", gain=2.0**40)
    before = nearest(index, "vault")[1]
    index.rescale(2.0**-40, count_min=1e-9, gain=1.0)
    assert nearest(index, "vault")[1] == pytest.approx(before)
    assert set(index.clusters[0].terms) == {"vault"}
    assert_index_matches_terms(index)
