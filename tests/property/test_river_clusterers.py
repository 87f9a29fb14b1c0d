"""What holds for River's clusterers behind the protocol whatever they are given."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clusterers import AnyClustererState, restore_clusterer
from models.dbstream import DbstreamClusterer
from models.denstream import DenstreamClusterer
from models.term_matrix import NO_MICRO_CLUSTER
from models.textclust import TextClustClusterer

words = st.sampled_from([f"word{number}" for number in range(15)]) | st.text(max_size=3)
leaps_ms = st.sampled_from([0, 1, 1_000, 60_000, -60_000, 3_600_000, 10**8, 10**10, 10**14])
posts = st.lists(st.tuples(st.lists(words, max_size=8), leaps_ms), max_size=60)
settings = st.fixed_dictionaries(
    {
        "micro_clusters_max": st.integers(1, 6),
        "lineage_max": st.integers(1, 5),
        "half_life_ms": st.sampled_from([1, 1_000, 86_400_000]),
        "radius": st.sampled_from([0.3, 0.7, 1.0]),
    }
)
each_kind = pytest.mark.parametrize("kind", [TextClustClusterer, DbstreamClusterer, DenstreamClusterer])


def assign_all(clusterer, some_posts, time_ms=0):
    ids = []
    for terms, leap_ms in some_posts:
        time_ms += leap_ms
        ids.append(clusterer.assign(terms, time_ms, ""))
    return ids, time_ms


@each_kind
@given(before=posts, after=posts, some_settings=settings)
def test_a_snapshot_anywhere_changes_nothing(kind, before, after, some_settings):
    whole = kind(**some_settings)
    _, time_ms = assign_all(whole, before)
    encoded = msgspec.msgpack.encode(whole.snapshot())
    again = restore_clusterer(msgspec.msgpack.decode(encoded, type=AnyClustererState))
    assert assign_all(again, after, time_ms) == assign_all(whole, after, time_ms)
    assert msgspec.msgpack.encode(again.snapshot()) == msgspec.msgpack.encode(whole.snapshot())


@each_kind
@given(some_posts=posts, some_settings=settings)
def test_ids_are_counted_up_and_none_is_given_after_its_end(kind, some_posts, some_settings):
    clusterer = kind(**some_settings | {"lineage_max": 1_000})
    ended, highest, time_ms = set(), NO_MICRO_CLUSTER, 0
    for terms, leap_ms in some_posts:
        time_ms += leap_ms
        number = clusterer.assign(terms, time_ms, "")
        assert (number == NO_MICRO_CLUSTER) is (not terms)
        assert number not in ended
        assert number <= highest + 1
        highest = max(highest, number)
        ended |= {event.micro_cluster_id for event in clusterer.drain_lineage()}
        parts = [part for _, part in clusterer.leading_terms(number, 1_000)]
        assert not parts or sum(parts) == pytest.approx(1.0)


@each_kind
@given(some_posts=posts, some_settings=settings)
def test_no_cap_is_exceeded(kind, some_posts, some_settings):
    clusterer = kind(**some_settings)
    assign_all(clusterer, some_posts)
    state = clusterer.snapshot()
    live = state.potential + state.outliers if kind is DenstreamClusterer else state.clusters
    assert len(live) <= some_settings["micro_clusters_max"]
    assert max(len(state.lineage.merged), len(state.lineage.pending)) <= some_settings["lineage_max"]
