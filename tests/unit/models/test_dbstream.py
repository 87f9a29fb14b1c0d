import pytest

from models.dbstream import DbstreamClusterer
from models.lineage import LineageEvent
from models.term_matrix import NO_MICRO_CLUSTER
from tests.support.narratives import assign_all, made_up_posts

HOUR_MS = 3_600_000


def test_narratives_without_common_words_are_never_mixed():
    posts = made_up_posts(300, shared=0)
    clusterer = DbstreamClusterer()
    ids = assign_all(clusterer, posts)
    found = {}
    for post, number in zip(posts, ids, strict=True):
        found.setdefault(clusterer.resolve(number), set()).add(post.narrative)
    assert all(len(narratives) == 1 for narratives in found.values())
    assert len(found) < len(posts) / 3


def test_a_post_without_terms_changes_nothing():
    clusterer = DbstreamClusterer()
    before = clusterer.snapshot()
    assert clusterer.assign([], 0, "empty") == NO_MICRO_CLUSTER
    assert clusterer.snapshot() == before


def test_a_centre_moves_towards_the_words_of_its_posts_and_away_from_others():
    clusterer = DbstreamClusterer()
    clusterer.assign(["vault", "opens", "early"], 0, "")
    for second in range(1, 200):
        assert clusterer.assign(["vault", "opens", "delayed"], 1_000 * second, "") == 0
    (found,) = clusterer.snapshot().clusters
    assert found.center["delayed"] > 0.5
    assert "early" not in found.center


def test_what_lies_between_makes_one_narrative_of_two_under_the_older_id():
    clusterer = DbstreamClusterer()
    both = ["vault", "opens", "alarm", "guard", "museum", "robbed"]
    for minute in range(60):
        assert clusterer.assign(both[:3], minute * 60_000, "") == 0
        assert clusterer.assign(both[3:], minute * 60_000, "") == 1
        clusterer.assign(both, minute * 60_000, "")
    clusterer.assign(["rain"], HOUR_MS, "")
    assert clusterer.drain_lineage() == [LineageEvent("merged", 1, 0, HOUR_MS)]
    assert clusterer.assign(both[3:], HOUR_MS, "") == 0
    assert clusterer.leading_terms(1, 6) == clusterer.leading_terms(0, 6)
    assert {term for term, _ in clusterer.leading_terms(0, 6)} == set(both)
    assert clusterer.drain_lineage() == []


def test_a_narrative_fades_with_its_last_micro_cluster():
    clusterer = DbstreamClusterer()
    for minute in range(60):
        for terms in (["vault", "opens", "alarm"], ["guard", "museum", "robbed"]):
            clusterer.assign(terms, minute * 60_000, "")
        clusterer.assign(["vault", "opens", "alarm", "guard", "museum", "robbed"], minute * 60_000, "")
    clusterer.assign(["rain"], HOUR_MS, "")
    clusterer.drain_lineage()
    clusterer.assign(["snow"], 1_000 * HOUR_MS, "")
    assert clusterer.drain_lineage() == [
        LineageEvent("faded", 0, None, 1_000 * HOUR_MS),
        LineageEvent("faded", 2, None, 1_000 * HOUR_MS),
    ]


def test_an_id_is_never_given_twice():
    clusterer = DbstreamClusterer()
    ids = [clusterer.assign([word], day * 24 * HOUR_MS, "") for day, word in enumerate("abcdef")]
    assert ids == [0, 1, 2, 3, 4, 5]
    assert len(clusterer.snapshot().clusters) == 1


def test_what_is_held_is_bounded():
    clusterer = DbstreamClusterer(micro_clusters_max=10, terms_max=6, cleanup_ms=60_000)
    for post in made_up_posts(600, shared=3):
        clusterer.assign(post.terms, post.event_time_ms, post.key)
        state = clusterer.snapshot()
        live = {found.id for found in state.clusters}
        assert len(live) <= 10
        assert all(len(found.center) <= 10 for found in state.clusters)  # the first post has eight terms
        assert all(i in live and j in live for i, j, _, _ in state.shared)


@pytest.mark.parametrize(
    ("argument", "message"),
    [({"radius": 1.5}, "radius must be in"), ({"intersection": 0.0}, "intersection must be in")],
)
def test_an_argument_outside_its_range_is_refused(argument, message):
    with pytest.raises(ValueError, match=message):
        DbstreamClusterer(**argument)
