import copy
import pickle
import subprocess
import sys

import msgspec
import pytest

from models.clusterer import NarrativeClusterer
from models.clusterer_state import ClustererState
from models.lineage import LineageEvent
from tests.support.eventful import CROWDED, FADING, eventful_posts, kinds_of
from tests.support.narratives import assign_all, made_up_posts


def again(clusterer):
    """Return what is restored of a clusterer's snapshot, written and read back."""
    encoded = msgspec.msgpack.encode(clusterer.snapshot())
    return NarrativeClusterer.restore(msgspec.msgpack.decode(encoded, type=ClustererState))


def to_the_bit(clusterer):
    return msgspec.msgpack.encode(clusterer.snapshot())


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
    queue = ["tickets", "refund"]
    for key in "abcd":
        clusterer.assign(["rain", "mud"], 0, key)
    for number in range(12):  # two just under and over each 200 half-lives
        at_ms = number // 2 * 201_000 + (199_900, 201_000)[number % 2]
        assert clusterer.assign(["rain", *queue] if not number else queue, at_ms, str(number)) == 0
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
