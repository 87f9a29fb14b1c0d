import copy
import pickle
import subprocess
import sys
from collections import Counter
from unittest import mock

import msgspec
import pytest
from river import checks

from models.clusterer import POST_TERMS_MAX, TERMS_BYTES_MAX, NarrativeClusterer
from models.clusterer_state import RESCALE_HALF_LIVES, ClustererState
from models.lineage import LineageEvent
from models.microcluster import NO_MICRO_CLUSTER
from tests.support.narratives import made_up_posts

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


def assign_all(clusterer, posts):
    return [clusterer.assign(post.terms, post.event_time_ms, post.key) for post in posts]


def test_narratives_without_common_words_come_apart_exactly():
    posts = made_up_posts(600, shared=0)
    clusterer = NarrativeClusterer()
    ids = assign_all(clusterer, posts)
    assert len({(post.narrative, clusterer.resolve(number)) for post, number in zip(posts, ids, strict=True)}) == 12


def test_common_words_hardly_mislead_once_they_are_known_to_be_common():
    posts = made_up_posts(1_500, narratives=40)
    clusterer = NarrativeClusterer()
    ids = assign_all(clusterer, posts)
    later = [(post.narrative, clusterer.resolve(number)) for post, number in zip(posts, ids, strict=True)][500:]
    main = {narrative: number for (narrative, number), _ in reversed(Counter(later).most_common())}
    assert sum(main[narrative] == number for narrative, number in later) > 0.95 * len(later)


def test_ids_are_counted_up_from_zero():
    clusterer = NarrativeClusterer()
    assert [clusterer.assign([word], 0, word) for word in "abc"] == [0, 1, 2]


def test_a_post_without_terms_changes_nothing():
    clusterer = NarrativeClusterer()
    before = clusterer.snapshot()
    assert clusterer.assign([], 5_000, "empty") == NO_MICRO_CLUSTER
    assert clusterer.predict_one({}) == NO_MICRO_CLUSTER
    assert clusterer.snapshot() == before


def test_predicting_tells_what_learning_will_do():
    clusterer = NarrativeClusterer()
    for post in made_up_posts(300):
        predicted = clusterer.predict_one(dict.fromkeys(post.terms, 1))
        assert predicted == clusterer.assign(sorted(post.terms), post.event_time_ms, post.key)


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
        clusterer.assign(["vault", "opens", "alarm", "guard", "night"], minute * 60_000, "a")
        clusterer.assign(["museum", "robbed", "alarm", "guard", "night"], minute * 60_000 + 1, "b")


def test_close_micro_clusters_are_merged_into_the_older_and_reported():
    clusterer = NarrativeClusterer(similarity_min=0.5, merge_posts=40)
    drift_together(clusterer)
    assert clusterer.resolve(1) == 0
    assert clusterer.drain_lineage() == [LineageEvent("merged", 1, 0, 19 * 60_000 + 1)]
    assert clusterer.drain_lineage() == []
    assert clusterer.live_ids() == [0]


def test_evidence_follows_a_merge():
    clusterer = NarrativeClusterer(similarity_min=0.5, merge_posts=40)
    drift_together(clusterer)
    summary = clusterer.summary(1)
    assert summary == clusterer.summary(0)
    assert (summary.founder, summary.posts) == ("first", 40)
    assert (summary.first_seen_ms, summary.last_seen_ms) == (0, 19 * 60_000 + 1)
    assert clusterer.leading_terms(1, 3) == summary.terms[:3]


def test_a_pass_comes_by_event_time_where_posts_are_few():
    clusterer = NarrativeClusterer(similarity_min=0.5, merge_interval_ms=19 * 60_000)
    drift_together(clusterer)
    assert clusterer.resolve(1) == 0


def test_a_faded_micro_cluster_leaves_and_is_reported():
    clusterer = NarrativeClusterer(half_life_ms=DAY_MS, weight_min=0.1)
    clusterer.assign(["vault", "opens"], 0, "a")
    clusterer.assign(["rain"], 3 * DAY_MS, "b")
    assert clusterer.live_ids() == [0, 1]
    clusterer.assign(["rain"], 4 * DAY_MS, "c")
    assert clusterer.live_ids() == [1]
    assert clusterer.drain_lineage() == [LineageEvent("faded", 0, None, 4 * DAY_MS)]
    assert (clusterer.leading_terms(0, 5), clusterer.summary(0)) == ([], None)


def test_the_weight_fades_by_half_in_a_half_life():
    clusterer = NarrativeClusterer(half_life_ms=DAY_MS)
    clusterer.assign(["vault"], 0, "a")
    clusterer.assign(["rain"], DAY_MS, "b")
    assert [clusterer.summary(number).weight for number in (0, 1)] == [0.5, 1.0]


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
    held = sum(len(term) + 8 for cluster in state.clusters for term in cluster.terms)
    assert TERMS_BYTES_MAX * 0.9 < held <= TERMS_BYTES_MAX + 60 * 72
    live = clusterer.live_ids()
    assert live == list(range(live[0], 1_000))
    assert all(len(cluster.founder.encode()) <= 64 for cluster in state.clusters)
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
            clusterer.assign(["vault", "opens"], month * 30 * DAY_MS + minute * 60_000, "a")
    assert clusterer.summary(clusterer.live_ids()[-1]).weight == pytest.approx(2.0, abs=0.01)


def test_narratives_keep_their_ids_when_inflated_weights_are_brought_back():
    posts = made_up_posts((RESCALE_HALF_LIVES + 50) * 20, narratives=3, shared=0)
    clusterer = NarrativeClusterer(half_life_ms=20_000)
    ids = [clusterer.resolve(number) for number in assign_all(clusterer, posts)]
    assert clusterer.snapshot().origin_ms > 0
    assert len({(post.narrative, number) for post, number in zip(posts, ids, strict=True)}) == 3


def test_a_restored_clusterer_goes_on_with_the_same_ids_and_state():
    posts = made_up_posts(1_500, narratives=60)
    settings = {"micro_clusters_max": 40, "terms_max": 20, "posting_max": 10, "merge_posts": 100}
    whole, cut = NarrativeClusterer(**settings), NarrativeClusterer(**settings)
    assign_all(whole, posts[:777])
    assign_all(cut, posts[:777])
    encoded = msgspec.msgpack.encode(cut.snapshot())
    again = NarrativeClusterer.restore(msgspec.msgpack.decode(encoded, type=ClustererState))
    assert assign_all(again, posts[777:]) == assign_all(whole, posts[777:])
    assert again.snapshot() == whole.snapshot()


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
    clusterer = NarrativeClusterer(similarity_min=0.3, terms_max=7)
    assign_all(clusterer, made_up_posts(50))
    clone = clusterer.clone()
    assert (clone.similarity_min, clone.terms_max, clone.live_ids()) == (0.3, 7, [])


IN_ANOTHER_PROCESS = """
import hashlib, msgspec
from models.clusterer import NarrativeClusterer
from tests.support.narratives import made_up_posts
clusterer = NarrativeClusterer(micro_clusters_max=40, terms_max=20, posting_max=10, merge_posts=100)
for post in made_up_posts(1_000, narratives=60):
    clusterer.assign(post.terms, post.event_time_ms, post.key)
print(hashlib.sha256(msgspec.msgpack.encode(clusterer.snapshot())).hexdigest())
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
    state = clusterer.snapshot()
    clusterer.assign(["vault"], 1_700_000_000_123, "a" * 40)
    (cluster,) = clusterer.snapshot().clusters
    words = {f"w{number:07}": 1.0 / 3 for number in range(clusterer.terms_max)}
    state.clusters = [
        msgspec.structs.replace(cluster, id=number, terms=words) for number in range(clusterer.micro_clusters_max)
    ]
    state.lineage.merged = {number + 1_000_000: number for number in range(clusterer.lineage_max)}
    assert len(msgspec.msgpack.encode(state)) < 8 * 1024 * 1024


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"similarity_min": 0.0}, r"similarity_min must be in \(0, 1\], got 0.0"),
        ({"merge_similarity_min": 1.1}, "merge_similarity_min"),
        ({"damping": float("nan")}, "damping"),
        ({"novelty": -0.1}, "novelty"),
        ({"weight_min": 1.0}, "weight_min"),
        ({"preference": float("inf")}, "preference"),
        ({"half_life_ms": 0}, "half_life_ms must be an integer of at least 1, got 0"),
        ({"micro_clusters_max": 1.5}, "micro_clusters_max"),
        ({"terms_max": 0}, "terms_max"),
        ({"posting_max": 0}, "posting_max"),
        ({"merge_posts": 0}, "merge_posts"),
        ({"merge_interval_ms": 0}, "merge_interval_ms"),
        ({"lineage_max": 0}, "lineage_max"),
    ],
)
def test_an_argument_outside_its_range_is_refused(argument, message):
    with pytest.raises(ValueError, match=message):
        NarrativeClusterer(**argument)
