import pytest

from models.features import POST_TERMS_MAX
from models.lineage import LineageEvent
from models.term_matrix import NO_MICRO_CLUSTER
from models.textclust import TextClustClusterer
from tests.support.narratives import assign_all, made_up_posts

HOUR_MS = 3_600_000


def test_narratives_without_common_words_come_apart_exactly():
    posts = made_up_posts(300, shared=0)
    clusterer = TextClustClusterer()
    ids = assign_all(clusterer, posts)
    assert len({(post.narrative, clusterer.resolve(number)) for post, number in zip(posts, ids, strict=True)}) == 12


def test_a_post_without_terms_changes_nothing():
    clusterer = TextClustClusterer()
    before = clusterer.snapshot()
    assert clusterer.assign([], 0, "empty") == NO_MICRO_CLUSTER
    assert clusterer.snapshot() == before


def test_merges_go_into_the_older_and_are_reported():
    clusterer = TextClustClusterer(radius=0.7, cleanup_ms=HOUR_MS)
    clusterer.assign(["vault", "opens"], 0, "first")
    clusterer.assign(["museum", "robbed"], 0, "second")
    for minute in range(1, 60):
        clusterer.assign(["vault", "opens", "alarm", "guard", "night"], minute * 60_000, "a")
        clusterer.assign(["museum", "robbed", "alarm", "guard", "night"], minute * 60_000, "b")
    clusterer.assign(["rain"], HOUR_MS, "c")
    assert clusterer.drain_lineage() == [LineageEvent("merged", 1, 0, HOUR_MS)]
    assert clusterer.resolve(1) == 0
    assert clusterer.leading_terms(1, 2) == clusterer.leading_terms(0, 2)


def test_what_found_no_like_until_the_clean_up_fades():
    clusterer = TextClustClusterer(cleanup_ms=HOUR_MS)
    clusterer.assign(["vault", "opens"], 0, "a")
    clusterer.assign(["rain"], 2 * HOUR_MS, "b")
    assert clusterer.drain_lineage() == [LineageEvent("faded", 0, None, 2 * HOUR_MS)]
    assert clusterer.leading_terms(0, 5) == []


def test_when_there_is_no_room_the_most_faded_leaves():
    clusterer = TextClustClusterer(micro_clusters_max=2)
    for position, word in enumerate(["a", "b", "a", "c"]):
        clusterer.assign([word], position * 60_000, word)
    assert [event.micro_cluster_id for event in clusterer.drain_lineage()] == [1]


def test_a_late_post_counts_at_the_time_reached():
    late, punctual = TextClustClusterer(), TextClustClusterer()
    for clusterer, time_ms in ((late, 0), (punctual, HOUR_MS)):
        clusterer.assign(["vault"], HOUR_MS, "a")
        clusterer.assign(["vault"], time_ms, "b")
    assert late.snapshot() == punctual.snapshot()


def test_leading_terms_are_frequent_here_and_rare_elsewhere():
    clusterer = TextClustClusterer(radius=0.5)
    for terms in (["vault", "opens"], ["rain", "today"], ["match", "today"], ["vault", "opens", "today"]):
        clusterer.assign(terms, 0, "")
    terms = clusterer.leading_terms(0, 3)
    assert [term for term, _ in terms] == ["opens", "vault", "today"]
    assert sum(part for _, part in terms) == pytest.approx(1.0)


def test_only_the_first_terms_of_a_very_long_post_count():
    clusterer = TextClustClusterer()
    clusterer.assign([f"word{number}" for number in range(1_000)], 0, "long")
    assert len(clusterer.leading_terms(0, 1_000)) == POST_TERMS_MAX


@pytest.mark.parametrize(
    ("argument", "message"),
    [({"radius": 0.0}, "radius must be in"), ({"cleanup_ms": 0}, "cleanup_ms must be at least 1, got 0")],
)
def test_an_argument_outside_its_range_is_refused(argument, message):
    with pytest.raises(ValueError, match=message):
        TextClustClusterer(**argument)
