"""What holds for the narrative clusterer whatever it is given."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from models.clusterer import CUT_OFF_RANGE, NarrativeClusterer
from models.clusterer_state import ClustererState
from models.features import POST_TERMS_MAX
from models.term_matrix import NO_MICRO_CLUSTER

words = st.sampled_from([f"word{number}" for number in range(25)]) | st.text(max_size=3)
leaps_ms = st.sampled_from([0, 1, 1_000, 60_000, -60_000, 3_600_000, 10**8, 10**10, 10**14])
posts = st.lists(st.tuples(st.lists(words, max_size=12), leaps_ms), max_size=80)
settings = st.fixed_dictionaries(
    {
        "cut_off": st.sampled_from([0.01, 0.12, 0.5]),
        "split_similarity_max": st.sampled_from([0.0, 0.1, 0.29]),
        "recency": st.sampled_from([0.0, 0.25]),
        "micro_clusters_max": st.integers(1, 8),
        "terms_max": st.integers(1, 8),
        "posting_max": st.integers(1, 5),
        "terms_bytes_max": st.integers(1, 500),
        "recent_terms_max": st.integers(POST_TERMS_MAX, 100),
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


def restored(clusterer):
    encoded = msgspec.msgpack.encode(clusterer.snapshot())
    return NarrativeClusterer.restore(msgspec.msgpack.decode(encoded, type=ClustererState))


def bytes_of(rows):
    return sum(len(term.encode()) + 8 for terms in rows for term in terms)


@given(posts, settings)
def test_no_cap_is_exceeded(some_posts, some_settings):
    clusterer = NarrativeClusterer(**some_settings)
    time_ms = 0
    for position, (terms, leap_ms) in enumerate(some_posts):
        time_ms += leap_ms
        clusterer.assign(terms, time_ms, str(position))
        state = clusterer.snapshot()
        holders = [term for row in state.rows for term in row.terms]
        assert len(state.clusters) == len(state.rows) <= clusterer.micro_clusters_max
        assert all(len(row.terms) <= clusterer.terms_max for row in state.rows)
        assert all(holders.count(term) <= clusterer.posting_max for term in holders)
        assert sum(len(post.counts) for post in state.recent) <= clusterer.recent_terms_max
        assert len(state.lineage.merged) <= clusterer.lineage_max
        assert len(state.lineage.pending) <= clusterer.lineage_max
        assert len(state.touched) <= clusterer.merge_posts
        assert clusterer.cut_off / CUT_OFF_RANGE <= state.cut_off <= clusterer.cut_off * CUT_OFF_RANGE


@given(posts, settings)
def test_terms_take_up_no_more_bytes_than_allowed_before_the_latest_post(some_posts, some_settings):
    # Without splits: what a part has in common with the whole is counted in both.
    clusterer = NarrativeClusterer(**(some_settings | {"split_similarity_max": 0.0}))
    for terms in [terms for terms, _ in some_posts if terms]:
        clusterer.assign(terms, 0, "")
        held = bytes_of(row.terms for row in clusterer.snapshot().rows)
        assert held <= clusterer.terms_bytes_max + bytes_of([set(terms)])


@given(posts, posts, settings)
def test_a_snapshot_anywhere_changes_nothing(before, after, some_settings):
    whole = NarrativeClusterer(**some_settings)
    _, time_ms = assign_all(whole, before)
    again = restored(whole)
    assert assign_all(again, after, time_ms) == assign_all(whole, after, time_ms)
    assert msgspec.msgpack.encode(again.snapshot()) == msgspec.msgpack.encode(whole.snapshot())


@given(posts, settings)
def test_a_snapshot_after_each_post_can_be_restored(some_posts, some_settings):
    whole, again = NarrativeClusterer(**some_settings), NarrativeClusterer(**some_settings)
    time_ms = 0
    for terms, leap_ms in some_posts:
        time_ms += leap_ms
        assert again.assign(terms, time_ms, "") == whole.assign(terms, time_ms, "")
        again = restored(again)
    assert msgspec.msgpack.encode(again.snapshot()) == msgspec.msgpack.encode(whole.snapshot())


@given(posts, st.dictionaries(anything, anything, max_size=8), st.none() | leaps_ms)
def test_predicting_changes_nothing_and_takes_anything(some_posts, x, event_time_ms):
    clusterer = NarrativeClusterer()
    assign_all(clusterer, some_posts)
    before = clusterer.snapshot()
    predicted = clusterer.predict_one(x, event_time_ms)
    assert NO_MICRO_CLUSTER <= predicted <= before.next_id
    assert clusterer.snapshot() == before


@given(posts, settings)
def test_predicting_tells_what_learning_at_that_time_will_do(some_posts, some_settings):
    # Time stands still, or what fades would leave between the two.
    clusterer = NarrativeClusterer(**(some_settings | {"terms_bytes_max": 10**6}))
    for terms, _ in some_posts:
        x = dict.fromkeys(terms, 1)
        assert clusterer.predict_one(x, 1_000) == clusterer.assign(sorted(x), 1_000, "")


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


@given(posts, settings)
def test_each_micro_cluster_begins_once_and_is_live_or_ended_once(some_posts, some_settings):
    clusterer = NarrativeClusterer(**(some_settings | {"lineage_max": 10_000}))
    ids, _ = assign_all(clusterer, some_posts)
    events = clusterer.drain_lineage()
    begun = [event.micro_cluster_id for event in events if not event.is_end]
    ended = [event.micro_cluster_id for event in events if event.is_end]
    assert begun == list(range(len(begun)))
    assert set(ids) - {NO_MICRO_CLUSTER} <= set(begun)
    assert sorted(ended + clusterer.live_ids()) == begun
    assert [event.at_ms for event in events] == sorted(event.at_ms for event in events)
    for event in events:
        assert event.into is None or event.into < event.micro_cluster_id
        assert event.split_from is None or event.split_from < event.micro_cluster_id


@given(posts, settings)
def test_of_each_live_micro_cluster_there_is_evidence(some_posts, some_settings):
    clusterer = NarrativeClusterer(**some_settings)
    assign_all(clusterer, some_posts)
    keys = [str(position) for position in range(len(some_posts))]
    for number in clusterer.live_ids():
        summary = clusterer.summary(number)
        assert (summary.micro_cluster_id, summary.founder in keys) == (number, True)
        assert summary.posts >= 1
        assert summary.weight > 0
        assert summary.growth > 0
        assert summary.first_seen_ms <= summary.last_seen_ms
        assert all(0 <= part <= 1 for _, part in summary.terms)
        assert set(summary.typical) <= set(keys)


@given(posts)
def test_a_post_with_terms_has_an_id_and_one_without_has_none(some_posts):
    ids, _ = assign_all(NarrativeClusterer(), some_posts)
    for (terms, _), number in zip(some_posts, ids, strict=True):
        assert (number == NO_MICRO_CLUSTER) is (not terms)
