import pytest

from models.denstream import DenstreamClusterer
from models.lineage import LineageEvent
from models.term_matrix import NO_MICRO_CLUSTER
from tests.support.narratives import assign_all, made_up_posts

DAY_MS = 86_400_000


def test_narratives_without_common_words_are_hardly_mixed():
    posts = made_up_posts(300, shared=0)
    ids = assign_all(DenstreamClusterer(), posts)
    assert len({(post.narrative, number) for post, number in zip(posts, ids, strict=True)}) < 2 * len(set(ids))


def test_a_post_without_terms_changes_nothing():
    clusterer = DenstreamClusterer()
    before = clusterer.snapshot()
    assert clusterer.assign([], 0, "empty") == NO_MICRO_CLUSTER
    assert clusterer.snapshot() == before


def test_posts_that_share_no_word_are_apart_however_long_they_are():
    clusterer = DenstreamClusterer()
    ids = [clusterer.assign([f"{name}{number}" for number in range(40)], 0, "") for name in "abc"]
    assert ids == [0, 1, 2]


def test_what_is_said_twice_is_potential_and_keeps_its_id():
    clusterer = DenstreamClusterer(radius=0.5, mu=2.0)
    posts = [["vault", "opens"], ["rain"], ["vault", "opens"], ["snow"], ["rain"], ["hail"], ["snow"], ["vault"]]
    assert [clusterer.assign(terms, 0, "") for terms in posts] == [0, 1, 0, 2, 1, 3, 2, 0]
    state = clusterer.snapshot()
    assert [found.id for found in state.potential] == [0, 1, 2]
    assert [found.id for found in state.outliers] == [3]


def test_what_is_not_said_again_in_time_fades_first():
    clusterer = DenstreamClusterer(radius=0.5)
    for terms in (["vault"], ["rain"], ["vault"], ["vault"], ["vault"]):
        clusterer.assign(terms, 0, "")
    clusterer.assign(["snow"], 2 * DAY_MS, "")
    assert clusterer.drain_lineage() == [
        LineageEvent("faded", 0, None, 2 * DAY_MS),  # of four posts one is left, and it takes 2.25
        LineageEvent("faded", 1, None, 2 * DAY_MS),
    ]
    assert clusterer.assign(["hail"], 2 * DAY_MS, "") == 3


def test_one_that_leaves_does_not_give_its_place_to_another_that_stays():
    clusterer = DenstreamClusterer(radius=0.5, mu=2.0, micro_clusters_max=3)
    for terms in (["a"], ["b"], ["c"], ["b"], ["c"], ["d"], ["d"], ["e"]):
        clusterer.assign(terms, 0, "")
    state = clusterer.snapshot()
    assert len(state.potential) + len(state.outliers) == 3
    faded = [event.micro_cluster_id for event in clusterer.drain_lineage()]
    live = [found.id for found in state.potential + state.outliers]
    assert sorted(faded + live) == [0, 1, 2, 3, 4]


def test_what_is_held_is_bounded():
    clusterer = DenstreamClusterer(micro_clusters_max=10, terms_max=9)
    for post in made_up_posts(600, shared=3, step_ms=600_000):
        clusterer.assign(post.terms, post.event_time_ms, post.key)
        state = clusterer.snapshot()
        live = state.potential + state.outliers
        assert len(live) <= 10
        assert all(len(found.linear_sum) <= 9 for found in live)
        assert all(found.linear_sum.keys() == found.squared_sum.keys() for found in live)


@pytest.mark.parametrize(
    ("argument", "message"),
    [({"radius": 1.1}, "radius must be in"), ({"mu": 1.3}, "mu must be above 1.33333, got 1.3")],
)
def test_an_argument_outside_its_range_is_refused(argument, message):
    with pytest.raises(ValueError, match=message):
        DenstreamClusterer(**argument)
