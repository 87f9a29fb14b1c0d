import math
from collections import Counter
from unittest import mock

import pytest
from river import checks

from models.clusterer import CUT_OFF_POSTS, NarrativeClusterer
from models.clusterer_state import CUT_OFF_RANGE
from models.fading import RESCALE_HALF_LIVES
from models.features import POST_TERMS_MAX
from models.population import GAP_GAPS
from models.term_matrix import NO_MICRO_CLUSTER
from tests.support.narratives import assign_all, made_up_posts

MINUTE_MS = 60_000
DAY_MS = 86_400_000


def features(posts):
    return [(dict.fromkeys(post.terms, 1), post.narrative) for post in posts]


def river_checks():
    """Return River's own checks, those that need data included.

    For a clusterer River has no data set, and would so leave those out without a word. It is given one.
    """
    posts = features(made_up_posts(200))
    with mock.patch.object(checks, "_yield_datasets", lambda _model, scale=1: [posts * scale]):
        return list(checks.yield_checks(NarrativeClusterer()))


@pytest.mark.parametrize("check", river_checks(), ids=lambda check: check.__name__)
def test_river_check(check):
    check(NarrativeClusterer())


def test_river_checks_include_those_that_need_data():
    assert {"check_shuffle_features_no_impact", "check_bounded_memory_growth"} <= {
        check.__name__ for check in river_checks()
    }


def held_by(clusterer, posts, ids):
    """Return how many posts of each narrative each micro-cluster holds now."""
    return Counter((post.narrative, clusterer.resolve(number)) for post, number in zip(posts, ids, strict=True))


def purity(held):
    """Return the share of the posts that are in the micro-cluster which most of their narrative are in."""
    main = {narrative: count for (narrative, _), count in reversed(held.most_common())}
    return sum(main.values()) / held.total()


def test_narratives_without_common_words_are_never_mixed():
    posts = made_up_posts(600, shared=0)
    clusterer = NarrativeClusterer()
    held = held_by(clusterer, posts, assign_all(clusterer, posts))
    assert len({number for _, number in held}) == len(held)
    assert purity(held) > 0.9


def test_common_words_hardly_mislead_once_they_are_known_to_be_common():
    posts = made_up_posts(1_500, narratives=40)
    clusterer = NarrativeClusterer()
    ids = assign_all(clusterer, posts)
    assert purity(held_by(clusterer, posts[500:], ids[500:])) > 0.95


def test_ids_are_counted_up_from_zero():
    clusterer = NarrativeClusterer()
    assert [clusterer.assign([word], 0, word) for word in "abc"] == [0, 1, 2]


def test_a_post_without_terms_changes_nothing():
    clusterer = NarrativeClusterer()
    before = clusterer.snapshot()
    assert clusterer.assign([], 5_000, "empty") == NO_MICRO_CLUSTER
    assert clusterer.predict_one({}) == NO_MICRO_CLUSTER
    assert clusterer.snapshot() == before


def test_predicting_tells_what_learning_at_that_time_will_do():
    clusterer = NarrativeClusterer(recency=2.0)
    posts = made_up_posts(300)
    for post in [*posts, *(post._replace(event_time_ms=post.event_time_ms * 100) for post in posts)]:
        x = dict.fromkeys(post.terms, 1)
        predicted = clusterer.predict_one(x, post.event_time_ms)
        assert predicted == clusterer.assign(sorted(post.terms), post.event_time_ms, post.key)


def test_predicting_without_a_time_is_predicting_for_a_second_later():
    clusterer = NarrativeClusterer(recency=2.0)
    for x, _ in features(made_up_posts(300)):
        next_id = clusterer.snapshot().next_id
        predicted = clusterer.predict_one(x)
        clusterer.learn_one(x)
        assert (predicted == next_id) == (clusterer.snapshot().next_id > next_id)


def test_what_is_predicted_depends_on_the_silence_before():
    clusterer = NarrativeClusterer(cut_off=0.5, recency=0.5)
    for minute in range(10):
        clusterer.assign(["vault", "opens"], minute * MINUTE_MS, "a")
    x = {"vault": 1, "opens": 1}
    assert clusterer.predict_one(x, 10 * MINUTE_MS) == 0
    assert clusterer.predict_one(x, 60 * MINUTE_MS) == 1
    assert clusterer.predict_one(x, 0) == 0  # late: it would count at the time reached


def test_without_times_the_order_is_time():
    timed, untimed = NarrativeClusterer(), NarrativeClusterer()
    for position, (x, _) in enumerate(features(made_up_posts(100)), start=1):
        untimed.learn_one(x)
        timed.learn_one(x, event_time_ms=position * 1_000)
    assert timed.snapshot() == untimed.snapshot()


def test_features_that_are_no_positive_numbers_are_left_out():
    clusterer = NarrativeClusterer()
    clusterer.learn_one({"vault": 1, "minus": -1.0, "zero": 0, "nan": float("nan"), "text": "yes"})
    assert clusterer.leading_terms(0, 10) == [("vault", 1.0)]


def test_only_the_first_terms_of_a_very_long_post_count():
    clusterer = NarrativeClusterer()
    clusterer.assign([f"word{number}" for number in range(10_000)], 0, "long")
    terms = {term for term, _ in clusterer.leading_terms(0, 10_000)}
    assert terms == {f"word{number}" for number in range(POST_TERMS_MAX)}


def test_the_weight_fades_by_half_in_a_half_life():
    clusterer = NarrativeClusterer(half_life_ms=DAY_MS)
    clusterer.assign(["vault"], 0, "a")
    clusterer.assign(["rain"], DAY_MS, "b")
    assert [clusterer.summary(number).weight for number in (0, 1)] == [0.5, 1.0]


def test_the_cut_off_is_the_mean_similarity_of_the_second_best():
    clusterer = NarrativeClusterer(cut_off=0.5)
    for terms in (["vault"], ["rain"]):
        clusterer.assign(terms, 0, "a")
    assert clusterer.snapshot().cut_off == pytest.approx(0.5 * (1 - 1 / CUT_OFF_POSTS) ** 2)
    before = clusterer.snapshot().cut_off
    clusterer.assign(["vault", "rain"], 0, "b")  # as like the one as the other
    expected = before + (math.sqrt(0.5) - before) / CUT_OFF_POSTS
    assert clusterer.snapshot().cut_off == pytest.approx(expected, rel=1e-4)


def test_where_posts_resemble_much_the_cut_off_rises_to_its_double_and_no_further():
    clusterer = NarrativeClusterer(cut_off=0.15, recency=0.0, merge_similarity_min=1.0)
    for name in ("a", "b"):
        clusterer.assign([name], 0, name)
    for number in range(3 * CUT_OFF_POSTS):
        clusterer.assign(["a", "b"], 1_000 * number, "more")
    assert clusterer.snapshot().cut_off == 0.15 * CUT_OFF_RANGE


def test_where_no_post_resembles_another_the_cut_off_falls_to_its_half_and_no_further():
    clusterer = NarrativeClusterer(cut_off=0.2)
    for number in range(2 * CUT_OFF_POSTS):
        clusterer.assign([f"word{number}"], number, "lonely")
    assert clusterer.snapshot().cut_off == 0.2 / CUT_OFF_RANGE


def test_what_joined_once_joins_no_more_when_the_cut_off_has_risen():
    clusterer = NarrativeClusterer(cut_off=0.4, recency=0.0)
    like_a_little = {"vault": 1, "rain": 1, "mud": 1}
    clusterer.assign(["vault"], 0, "a")
    state = clusterer.snapshot()
    assert clusterer.predict_one(like_a_little) == 0
    state.cut_off = 0.8
    assert NarrativeClusterer.restore(state).predict_one(like_a_little) == 1


def test_a_post_is_typical_if_it_is_most_like_the_others():
    clusterer = NarrativeClusterer()
    posts = {"a": "vault", "b": "vault opens", "c": "vault opens today", "d": "vault opens today at nine sharp"}
    for second, (key, text) in enumerate(posts.items()):
        clusterer.assign(text.split(), second * 1_000, key)
    assert clusterer.summary(0, typical_max=2).typical == ["b", "c"]
    assert set(clusterer.summary(0, typical_max=9).typical) == set(posts)
    assert clusterer.summary(0, typical_max=0).typical == []


def test_only_recent_posts_are_typical():
    clusterer = NarrativeClusterer(recent_terms_max=64)
    for number in range(100):
        clusterer.assign(["vault", "opens"], number, f"p{number}")
    assert clusterer.summary(0, typical_max=2).typical == ["p99", "p98"]
    for number in range(32):
        clusterer.assign(["rain", "mud"], number, "other")
    assert clusterer.summary(0).typical == []


def test_the_usual_gap_is_the_mean_of_the_logarithm_of_all_gaps():
    clusterer = NarrativeClusterer()
    clusterer.assign(["vault"], 0, "a")
    assert clusterer.snapshot().log_gap is None
    clusterer.assign(["vault"], 1_000, "a")
    assert clusterer.snapshot().log_gap == math.log(1_000)
    clusterer.assign(["vault"], 51_000, "a")
    clusterer.assign(["rain"], 60_000, "first of its own")
    clusterer.assign(["vault"], 30_000, "late")
    assert clusterer.snapshot().log_gap == pytest.approx(math.log(1_000) + math.log(50) / GAP_GAPS)


def test_growth_tells_whether_a_narrative_comes_or_goes():
    clusterer = NarrativeClusterer()
    for hour in range(10):
        clusterer.assign(["vault"], hour * 60 * MINUTE_MS, "a")
    assert clusterer.summary(0).growth == pytest.approx(1.0)
    for minute in range(10):
        clusterer.assign(["vault"], 540 * MINUTE_MS + minute * MINUTE_MS, "b")
    assert clusterer.summary(0).growth > 5
    clusterer.assign(["rain"], DAY_MS, "c")  # time goes on without it
    assert clusterer.summary(0).growth < 0.1


def test_a_post_rather_joins_what_is_not_silent_for_longer_than_usual():
    clusterer = NarrativeClusterer(cut_off=0.12, merge_similarity_min=1.0)
    for hour in range(10):
        clusterer.assign(["vault", "seldom"] if hour else ["seldom"], hour * 60 * MINUTE_MS, "a")
    clusterer.assign(["often"], 541 * MINUTE_MS, "b")
    for minute in range(542, 562):
        clusterer.assign(["vault", "often"], minute * MINUTE_MS, "b")
    assert clusterer.live_ids() == [0, 1]
    x = {"vault": 2, "often": 1}
    assert clusterer.predict_one(x, 562 * MINUTE_MS) == 1
    assert clusterer.predict_one(x, 1_200 * MINUTE_MS) == 0


def test_a_late_post_counts_at_the_time_reached():
    clusterer = NarrativeClusterer()
    clusterer.assign(["vault"], DAY_MS, "a")
    clusterer.assign(["vault"], DAY_MS - 60_000, "late")
    summary = clusterer.summary(0)
    assert summary.weight == 2.0
    assert (summary.first_seen_ms, summary.last_seen_ms) == (DAY_MS - 60_000, DAY_MS)


def test_years_pass_without_numbers_running_over():
    clusterer = NarrativeClusterer(half_life_ms=60_000)
    for month in range(60):
        for minute in range(10):
            clusterer.assign(["vault", "opens"], month * 30 * DAY_MS + minute * MINUTE_MS, "a")
    assert clusterer.summary(clusterer.live_ids()[-1]).weight == pytest.approx(2.0, abs=0.01)


def test_narratives_keep_their_ids_when_inflated_weights_are_brought_back():
    posts = made_up_posts((RESCALE_HALF_LIVES + 50) * 20, narratives=3, shared=0)
    clusterer = NarrativeClusterer(half_life_ms=20_000)
    ids = [clusterer.resolve(number) for number in assign_all(clusterer, posts)]
    assert clusterer.snapshot().origin_ms > 0
    assert len({(post.narrative, number) for post, number in zip(posts, ids, strict=True)}) == 3


def test_a_clone_has_the_settings_and_nothing_learnt():
    clusterer = NarrativeClusterer(cut_off=0.3, terms_max=7)
    assign_all(clusterer, made_up_posts(50))
    clone = clusterer.clone()
    assert (clone.cut_off, clone.terms_max, clone.live_ids()) == (0.3, 7, [])


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"cut_off": 0.0}, r"cut_off must be in \(0, 1\], got 0.0"),
        ({"cut_off": 1.1}, "cut_off"),
        ({"merge_similarity_min": 1.1}, "merge_similarity_min"),
        ({"split_similarity_max": -0.1}, "split_similarity_max must be .*got -0.1"),
        ({"split_similarity_max": 0.3, "merge_similarity_min": 0.3}, "less than merge_similarity_min, got 0.3"),
        ({"split_similarity_max": float("nan")}, "split_similarity_max"),
        ({"damping": float("nan")}, "damping"),
        ({"damping": 0.0}, "damping"),
        ({"novelty": -0.1}, "novelty"),
        ({"novelty": 1.1}, "novelty"),
        ({"weight_min": 1.0}, "weight_min"),
        ({"weight_min": 0.0}, "weight_min"),
        ({"preference": float("inf")}, "preference"),
        ({"recency": -0.1}, "recency must be at least 0 and finite, got -0.1"),
        ({"recency": float("inf")}, "recency"),
        ({"half_life_ms": 0}, "half_life_ms must be an integer of at least 1, got 0"),
        ({"micro_clusters_max": 1.5}, "micro_clusters_max"),
        ({"terms_max": 0}, "terms_max"),
        ({"posting_max": 0}, "posting_max"),
        ({"terms_bytes_max": 0}, "terms_bytes_max"),
        ({"recent_terms_max": 0}, "recent_terms_max"),
        ({"merge_posts": 0}, "merge_posts"),
        ({"merge_interval_ms": 0}, "merge_interval_ms"),
        ({"lineage_max": 0}, "lineage_max"),
    ],
)
def test_an_argument_outside_its_range_is_refused(argument, message):
    with pytest.raises(ValueError, match=message):
        NarrativeClusterer(**argument)


def test_arguments_at_the_ends_of_their_ranges_are_taken():
    least = {"split_similarity_max": 0.0, "novelty": 0.0, "preference": 0.0, "recency": 0.0}
    most = {"cut_off": 1.0, "merge_similarity_min": 1.0, "damping": 1.0, "novelty": 1.0}
    for arguments in (least, most):
        assert set(assign_all(NarrativeClusterer(**arguments), made_up_posts(50))) <= set(range(50))
