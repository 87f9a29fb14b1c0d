"""What holds for the narrative clusterer whatever it is given."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from models.clusterer import NarrativeClusterer
from models.clusterer_state import ClustererState
from models.microcluster import NO_MICRO_CLUSTER

words = st.sampled_from([f"word{number}" for number in range(25)]) | st.text(max_size=3)
leaps_ms = st.sampled_from([0, 1, 1_000, 60_000, -60_000, 3_600_000, 10**8, 10**10, 10**14])
posts = st.lists(st.tuples(st.lists(words, max_size=12), leaps_ms), max_size=80)
settings = st.fixed_dictionaries(
    {
        "micro_clusters_max": st.integers(1, 8),
        "terms_max": st.integers(1, 8),
        "posting_max": st.integers(1, 5),
        "lineage_max": st.integers(1, 5),
        "merge_posts": st.integers(1, 20),
        "half_life_ms": st.sampled_from([1, 1_000, 86_400_000]),
    }
)
anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)


def assign_all(clusterer, some_posts, time_ms=0):
    ids = []
    for position, (terms, leap_ms) in enumerate(some_posts):
        time_ms += leap_ms
        ids.append(clusterer.assign(terms, time_ms, str(position)))
    return ids, time_ms


@given(posts, settings)
def test_no_cap_is_exceeded(some_posts, some_settings):
    clusterer = NarrativeClusterer(**some_settings)
    time_ms = 0
    for position, (terms, leap_ms) in enumerate(some_posts):
        time_ms += leap_ms
        clusterer.assign(terms, time_ms, str(position))
        state = clusterer.snapshot()
        holders = [term for cluster in state.clusters for term in cluster.terms]
        assert len(state.clusters) <= clusterer.micro_clusters_max
        assert all(len(cluster.terms) <= clusterer.terms_max for cluster in state.clusters)
        assert all(holders.count(term) <= clusterer.posting_max for term in holders)
        assert len(state.lineage.merged) <= clusterer.lineage_max
        assert len(state.lineage.pending) <= clusterer.lineage_max
        assert len(state.touched) <= clusterer.merge_posts


@given(posts, posts, settings)
def test_a_snapshot_anywhere_changes_nothing(before, after, some_settings):
    whole = NarrativeClusterer(**some_settings)
    _, time_ms = assign_all(whole, before)
    encoded = msgspec.msgpack.encode(whole.snapshot())
    again = NarrativeClusterer.restore(msgspec.msgpack.decode(encoded, type=ClustererState))
    assert assign_all(again, after, time_ms) == assign_all(whole, after, time_ms)
    assert msgspec.msgpack.encode(again.snapshot()) == msgspec.msgpack.encode(whole.snapshot())


@given(posts, st.dictionaries(anything, anything, max_size=8))
def test_predicting_changes_nothing_and_takes_anything(some_posts, x):
    clusterer = NarrativeClusterer()
    assign_all(clusterer, some_posts)
    before = clusterer.snapshot()
    predicted = clusterer.predict_one(x)
    assert NO_MICRO_CLUSTER <= predicted <= before.next_id
    assert clusterer.snapshot() == before


@given(st.lists(st.dictionaries(anything, anything, max_size=8), max_size=20))
def test_learning_takes_any_features(several):
    clusterer = NarrativeClusterer(merge_posts=3, terms_max=4)
    for x in several:
        clusterer.learn_one(x)
    assert NarrativeClusterer.restore(clusterer.snapshot()).snapshot() == clusterer.snapshot()


@given(posts, settings, st.integers())
def test_resolving_is_total_and_idempotent_and_never_leads_to_a_younger_one(some_posts, some_settings, any_id):
    clusterer = NarrativeClusterer(**some_settings)
    ids, _ = assign_all(clusterer, some_posts)
    for number in [*ids, any_id]:
        resolved = clusterer.resolve(number)
        assert resolved <= number
        assert clusterer.resolve(resolved) == resolved


@given(posts)
def test_every_id_given_is_live_or_its_end_was_reported(some_posts):
    clusterer = NarrativeClusterer(micro_clusters_max=3, merge_posts=5)
    ids, _ = assign_all(clusterer, some_posts)
    ended = {event.micro_cluster_id for event in clusterer.drain_lineage()}
    given_ids = set(ids) - {NO_MICRO_CLUSTER}
    assert given_ids == ended | set(clusterer.live_ids())
    assert not ended & set(clusterer.live_ids())


@given(posts)
def test_a_post_with_terms_has_an_id_and_one_without_has_none(some_posts):
    ids, _ = assign_all(NarrativeClusterer(), some_posts)
    for (terms, _), number in zip(some_posts, ids, strict=True):
        assert (number == NO_MICRO_CLUSTER) is (not terms)
