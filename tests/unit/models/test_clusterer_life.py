from collections import Counter

import pytest

import models.clusterer
import models.population
from models.clusterer import NarrativeClusterer
from models.lineage import LineageEvent
from models.population import SPLIT_POSTS_MIN
from models.splitting import two_groups
from models.term_matrix import TermMatrix
from tests.support.eventful import kinds_of
from tests.support.narratives import assign_all, made_up_posts

MINUTE_MS = 60_000
DAY_MS = 86_400_000


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
