import copy
import math
import pickle
import subprocess
import sys
from collections import Counter
from unittest import mock

import msgspec
import pytest
from river import checks

import models.clusterer
import models.population
from models.clusterer import CUT_OFF_POSTS, NarrativeClusterer
from models.clusterer_state import CUT_OFF_RANGE, ClustererState
from models.fading import RESCALE_HALF_LIVES
from models.features import POST_TERMS_MAX
from models.lineage import LineageEvent
from models.population import GAP_GAPS, SPLIT_POSTS_MIN
from models.splitting import two_groups
from models.term_matrix import NO_MICRO_CLUSTER, TermMatrix
from tests.support.eventful import CROWDED, FADING, eventful_posts, kinds_of
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


def again(clusterer):
    """Return what is restored of a clusterer's snapshot, written and read back."""
    encoded = msgspec.msgpack.encode(clusterer.snapshot())
    return NarrativeClusterer.restore(msgspec.msgpack.decode(encoded, type=ClustererState))


def to_the_bit(clusterer):
    return msgspec.msgpack.encode(clusterer.snapshot())


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


def drift_together(clusterer):
    """Make two micro-clusters that begin apart and come to share their words."""
    clusterer.assign(["vault", "opens"], 0, "first")
    clusterer.assign(["museum", "robbed"], 1_000, "second")
    for minute in range(1, 20):
        clusterer.assign(["vault", "opens", "alarm", "guard", "night"], minute * MINUTE_MS, "a")
        clusterer.assign(["museum", "robbed", "alarm", "guard", "night"], minute * MINUTE_MS + 1, "b")


def test_each_beginning_is_reported():
    clusterer = NarrativeClusterer()
    for second, terms in enumerate((["vault"], ["rain"], ["vault"])):
        clusterer.assign(terms, second * 1_000, "a")
    assert clusterer.drain_lineage() == [LineageEvent("born", 0, None, 0), LineageEvent("born", 1, None, 1_000)]
    assert clusterer.drain_lineage() == []


def test_a_late_beginning_is_reported_at_the_time_reached():
    clusterer = NarrativeClusterer()
    clusterer.assign(["vault"], 5_000, "a")
    clusterer.assign(["rain"], 1_000, "late")
    assert [event.at_ms for event in clusterer.drain_lineage()] == [5_000, 5_000]


def test_close_micro_clusters_are_merged_into_the_older_and_reported():
    clusterer = NarrativeClusterer(cut_off=0.5, merge_posts=40)
    drift_together(clusterer)
    assert clusterer.resolve(1) == 0
    assert [event for event in clusterer.drain_lineage() if event.is_end] == [
        LineageEvent("merged", 1, 0, 19 * MINUTE_MS + 1)
    ]
    assert clusterer.drain_lineage() == []
    assert clusterer.live_ids() == [0]


def test_evidence_follows_a_merge():
    clusterer = NarrativeClusterer(cut_off=0.5, merge_posts=40)
    drift_together(clusterer)
    summary = clusterer.summary(1)
    assert summary == clusterer.summary(0)
    assert (summary.founder, summary.posts) == ("first", 40)
    assert (summary.first_seen_ms, summary.last_seen_ms) == (0, 19 * MINUTE_MS + 1)
    assert clusterer.leading_terms(1, 3) == summary.terms[:3]
    assert set(clusterer.summary(1, typical_max=16).typical) == {"a", "b"}


def test_a_pass_comes_by_event_time_where_posts_are_few():
    clusterer = NarrativeClusterer(cut_off=0.5, merge_interval_ms=19 * MINUTE_MS)
    drift_together(clusterer)
    assert clusterer.resolve(1) == 0


QUEUE, WEATHER = ["tickets", "refund", "queue"], ["rain", "mud", "tent"]


def two_talks(count, at_ms=MINUTE_MS):
    """Return posts, a minute apart, of two talks in turn that share no word."""
    return [
        ([*QUEUE, *WEATHER][number % 2 * 3 :][:3], at_ms + number * MINUTE_MS, f"p{number}") for number in range(count)
    ]


def fall_apart(clusterer, count=SPLIT_POSTS_MIN, bridge=("festival", "tickets", "rain")):
    """Make a micro-cluster whose first post holds two talks together, and both talks, of `count` posts each."""
    clusterer.assign(bridge, 0, "first")
    return [clusterer.assign(*post) for post in two_talks(2 * count)]


def after_split(**settings):
    clusterer = NarrativeClusterer(cut_off=0.12, merge_posts=2 * SPLIT_POSTS_MIN + 1, **settings)
    assert set(fall_apart(clusterer)) == {0}
    return clusterer


def test_a_micro_cluster_that_falls_apart_is_split_and_that_is_reported():
    clusterer = after_split()
    assert clusterer.drain_lineage() == [
        LineageEvent("born", 0, None, 0),
        LineageEvent("split", 1, None, 8 * MINUTE_MS, split_from=0),
    ]
    assert clusterer.live_ids() == [0, 1]
    assert [clusterer.resolve(number) for number in (0, 1)] == [0, 1]


def test_after_a_split_each_part_has_its_own_posts():
    clusterer = after_split()
    assert [clusterer.assign(*post) for post in two_talks(6, 9 * MINUTE_MS)] == [1, 0] * 3
    assert clusterer.assign(["vault"], 15 * MINUTE_MS, "new") == 2


def test_evidence_follows_a_split():
    clusterer = after_split()
    whole, piece = clusterer.summary(0), clusterer.summary(1)
    assert (whole.founder, whole.posts, whole.first_seen_ms, whole.last_seen_ms) == ("first", 5, 0, 8 * MINUTE_MS)
    assert (piece.founder, piece.posts, piece.first_seen_ms, piece.last_seen_ms) == (
        "p0",
        4,
        MINUTE_MS,
        7 * MINUTE_MS,
    )
    assert {term for term, _ in piece.terms} == set(QUEUE)
    assert {term for term, _ in whole.terms} == {"festival", "tickets", *WEATHER}
    assert piece.typical == ["p6", "p4", "p2"]
    assert whole.typical == ["p7", "p5", "p3"]


def test_by_a_split_each_part_gets_the_weight_of_its_posts():
    clusterer = after_split(half_life_ms=2 * MINUTE_MS)
    faded = [2.0 ** -((8 - minute) / 2) for minute in range(9)]
    weights = [clusterer.summary(number).weight for number in (0, 1)]
    assert weights == pytest.approx([sum(faded[::2]), sum(faded[1::2])])


def test_what_is_left_after_a_split_can_be_split_again():
    clusterer = NarrativeClusterer(cut_off=0.12, merge_posts=13)
    clusterer.assign(["tickets", "rain", "band"], 0, "first")
    talks = [QUEUE, WEATHER, ["band", "stage", "encore"]]
    for number in range(13 * 5 - 1):
        clusterer.assign(talks[number % 3], number * MINUTE_MS, f"p{number}")
    splits = [event for event in clusterer.drain_lineage() if event.kind == "split"]
    assert [event.micro_cluster_id for event in splits] == [1, 2]
    assert {clusterer.assign(talk, 66 * MINUTE_MS, "later") for talk in talks} == {0, 1, 2}


def test_a_large_micro_cluster_is_looked_at_again_only_when_it_has_grown(monkeypatch):
    looks = Counter()

    class CountingMatrix(TermMatrix):
        def closest(self, number):
            looks["merge"] += 1
            return super().closest(number)

    def counting_groups(vectors):
        looks["split"] += 1
        return two_groups(vectors)

    monkeypatch.setattr(models.clusterer, "TermMatrix", CountingMatrix)
    monkeypatch.setattr(models.population, "two_groups", counting_groups)
    clusterer = NarrativeClusterer(merge_posts=1)
    for minute in range(1_000):
        clusterer.assign(["vault", "opens"], minute * MINUTE_MS, "a")
    assert 20 < looks["merge"] < 40
    assert looks["split"] == 7  # at 8, 16, 32 posts and so on


@pytest.mark.parametrize(
    ("settings", "count", "bridge"),
    [
        ({"merge_posts": 2 * SPLIT_POSTS_MIN - 1}, SPLIT_POSTS_MIN - 1, ("festival", "tickets", "rain")),
        ({"merge_posts": 9}, SPLIT_POSTS_MIN, ("tickets", "refund", "queue", "rain", "mud", "tent")),
        ({"merge_posts": 9, "split_similarity_max": 0.0}, SPLIT_POSTS_MIN, ("festival", "tickets", "rain")),
        ({"merge_posts": 9, "micro_clusters_max": 1}, SPLIT_POSTS_MIN, ("festival", "tickets", "rain")),
        ({"merge_posts": 9, "recent_terms_max": 21}, SPLIT_POSTS_MIN, ("festival", "tickets", "rain")),
        ({"merge_posts": 10}, SPLIT_POSTS_MIN, ("festival", "tickets", "rain")),
    ],
    ids=["few posts", "not apart", "never", "no room", "posts not kept", "no pass"],
)
def test_otherwise_nothing_is_split(settings, count, bridge):
    clusterer = NarrativeClusterer(cut_off=0.12, **settings)
    assert set(fall_apart(clusterer, count, bridge)) == {0}
    assert "split" not in kinds_of(clusterer.drain_lineage())


@pytest.mark.parametrize(("posts", "live_ids"), [(SPLIT_POSTS_MIN - 1, [0]), (SPLIT_POSTS_MIN, [0, 1])])
def test_a_part_is_split_off_from_so_many_posts_on(posts, live_ids):
    clusterer = NarrativeClusterer(cut_off=0.12, merge_posts=12)
    talks = [["festival", "tickets", "rain", "mud"], *[QUEUE] * posts, *[WEATHER] * (11 - posts)]
    for minute, terms in enumerate(talks):
        clusterer.assign(terms, minute * MINUTE_MS, f"p{minute}")
    assert clusterer.live_ids() == live_ids


def test_one_narrative_of_many_words_is_not_split():
    clusterer = NarrativeClusterer()
    assign_all(clusterer, made_up_posts(5_000, narratives=1))
    assert clusterer.drain_lineage() == [LineageEvent("born", 0, None, 0)]


def test_a_faded_micro_cluster_leaves_and_is_reported():
    clusterer = NarrativeClusterer(half_life_ms=DAY_MS, weight_min=0.1)
    clusterer.assign(["vault", "opens"], 0, "a")
    clusterer.assign(["rain"], 3 * DAY_MS, "b")
    assert clusterer.live_ids() == [0, 1]
    clusterer.assign(["rain"], 4 * DAY_MS, "c")
    assert clusterer.live_ids() == [1]
    assert clusterer.drain_lineage()[-1] == LineageEvent("faded", 0, None, 4 * DAY_MS)
    assert (clusterer.leading_terms(0, 5), clusterer.summary(0)) == ([], None)


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


def test_when_there_is_no_room_the_most_faded_leaves():
    clusterer = NarrativeClusterer(micro_clusters_max=3)
    for hour, word in enumerate(["a", "b", "a", "c"]):
        clusterer.assign([word], hour * 600_000, word)
    assert clusterer.assign(["d"], 2_400_000, "d") == 3
    assert clusterer.live_ids() == [0, 2, 3]


def test_when_the_terms_take_up_too_many_bytes_the_most_faded_leave():
    clusterer = NarrativeClusterer()
    for number in range(1_000):
        terms = [f"{number:05}{term:02}".ljust(64, "x") for term in range(60)]
        assert clusterer.assign(terms, number * 1_000, "k" * 500) == number
    state = clusterer.snapshot()
    held = sum(len(term) + 8 for row in state.rows for term in row.terms)
    assert clusterer.terms_bytes_max * 0.9 < held <= clusterer.terms_bytes_max + 60 * 72
    live = clusterer.live_ids()
    assert live == list(range(live[0], 1_000))
    names = [*(cluster.founder for cluster in state.clusters), *(post.key for post in state.recent)]
    assert all(len(name.encode()) <= 64 for name in names)
    assert NarrativeClusterer.restore(state).snapshot() == state


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


@pytest.mark.parametrize("settings", [CROWDED, FADING], ids=["crowded", "fading"])
@pytest.mark.parametrize("cut", [1, 500, 2_345])
def test_a_restored_clusterer_goes_on_with_the_same_ids_events_and_state(settings, cut):
    posts = eventful_posts(4_000)
    whole = NarrativeClusterer(**settings)
    assign_all(whole, posts[:cut])
    restored = again(whole)
    assert assign_all(restored, posts[cut:]) == assign_all(whole, posts[cut:])
    assert to_the_bit(restored) == to_the_bit(whole)
    events = whole.drain_lineage()
    assert restored.drain_lineage() == events
    assert kinds_of(events) == {"born", "split", "merged", "faded"}


def test_a_clusterer_restored_after_each_post_is_the_same():
    posts = eventful_posts(600)
    whole, restored = NarrativeClusterer(**FADING), NarrativeClusterer(**FADING)
    assign_all(whole, posts)
    for post in posts:
        restored.assign(post.terms, post.event_time_ms, post.key)
        restored = again(restored)
    assert to_the_bit(restored) == to_the_bit(whole)


def test_it_goes_on_the_same_though_no_recent_post_could_be_kept():
    whole = NarrativeClusterer(recent_terms_max=1)
    whole.assign(["vault", "opens"], 0, "a")
    restored = again(whole)
    for one in (whole, restored):
        one.assign(["vault"], 1_000, "b")
    assert to_the_bit(restored) == to_the_bit(whole)


def test_a_part_that_is_all_but_forgotten_is_not_split_off():
    clusterer = NarrativeClusterer(
        half_life_ms=1_000, merge_posts=16, merge_interval_ms=10**18, cut_off=0.05, recency=0.0
    )
    for key in "abcd":
        clusterer.assign(["rain", "mud"], 0, key)
    for number in range(12):  # two just under and over each 200 half-lives
        at_ms = number // 2 * 201_000 + (199_900, 201_000)[number % 2]
        assert clusterer.assign(["rain", *QUEUE[:2]] if not number else QUEUE[:2], at_ms, str(number)) == 0
    assert to_the_bit(again(clusterer)) == to_the_bit(clusterer)
    assert all(clusterer.summary(number).weight > 0 for number in clusterer.live_ids())


def test_posts_that_are_all_but_forgotten_leave_no_count_of_nothing():
    clusterer = NarrativeClusterer(
        half_life_ms=1_000,
        merge_posts=16,
        merge_interval_ms=10**18,
        cut_off=0.01,
        recency=0.0,
        merge_similarity_min=1.0,
        split_similarity_max=0.99,
    )
    for terms in (["rain", "mud", "ancient"], ["rain", "queue", "refund"]):
        clusterer.assign(terms, 0, "old")
    for number in range(7):  # again two just under and over each 200 half-lives
        clusterer.assign(["rain", "queue"], number * 201_000 + 199_900, "both")
        clusterer.assign((["rain", "mud"], ["queue", "refund"])[number % 2], number * 201_000 + 201_000, "one")
    assert to_the_bit(again(clusterer)) == to_the_bit(clusterer)


def test_a_snapshot_does_not_change_afterwards():
    clusterer = NarrativeClusterer()
    assign_all(clusterer, made_up_posts(50))
    state = clusterer.snapshot()
    frozen = copy.deepcopy(state)
    again = NarrativeClusterer.restore(state)
    assign_all(clusterer, made_up_posts(50))
    assign_all(again, made_up_posts(50))
    assert state == frozen


def test_a_pickled_clusterer_goes_on_the_same():
    clusterer = NarrativeClusterer()
    posts = made_up_posts(200)
    assign_all(clusterer, posts[:100])
    again = pickle.loads(pickle.dumps(clusterer))  # noqa: S301  # written one line above
    assert assign_all(again, posts[100:]) == assign_all(clusterer, posts[100:])


def test_a_clone_has_the_settings_and_nothing_learnt():
    clusterer = NarrativeClusterer(cut_off=0.3, terms_max=7)
    assign_all(clusterer, made_up_posts(50))
    clone = clusterer.clone()
    assert (clone.cut_off, clone.terms_max, clone.live_ids()) == (0.3, 7, [])


IN_ANOTHER_PROCESS = """
import hashlib, msgspec
from models.clusterer import NarrativeClusterer
from tests.support.eventful import CROWDED, eventful_posts
from tests.support.narratives import assign_all
clusterer = NarrativeClusterer(**CROWDED)
assign_all(clusterer, eventful_posts(3_000))
summaries = [clusterer.summary(number) for number in clusterer.live_ids()]
print(hashlib.sha256(msgspec.msgpack.encode([clusterer.snapshot(), summaries])).hexdigest())
"""


def test_the_state_is_the_same_to_the_bit_whatever_the_hash_seed():
    digests = {
        subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(digests) == 1


def test_a_full_state_fits_into_a_snapshot_record():
    """The caps at their defaults, every place taken, with words of eight letters: below 8 MiB."""
    clusterer = NarrativeClusterer()
    for number in range(2):
        clusterer.assign(["vault"], 1_700_000_000_123 + number, "a" * 40)
    state = clusterer.snapshot()
    (cluster,), (row,), (post, _) = state.clusters, state.rows, state.recent
    words = {f"w{number:07}": 1.0 / 3 for number in range(clusterer.terms_max)}
    told = dict(list(words.items())[:8])
    state.clusters = [msgspec.structs.replace(cluster, id=number) for number in range(clusterer.micro_clusters_max)]
    state.rows = [msgspec.structs.replace(row, terms=words)] * clusterer.micro_clusters_max
    state.touched = list(range(clusterer.merge_posts))
    state.recent = [msgspec.structs.replace(post, counts=told)] * (clusterer.recent_terms_max // len(told))
    state.lineage.merged = {number + 1_000_000: number for number in range(clusterer.lineage_max)}
    state.lineage.pending = [LineageEvent("merged", 1_000_000, 0, 1_700_000_000_123)] * clusterer.lineage_max
    assert len(msgspec.msgpack.encode(state)) < 8 * 1024 * 1024


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
