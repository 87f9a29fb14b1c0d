import math

import msgspec
import pytest

from models.clusterer import NarrativeClusterer
from models.clusterer_state import ClustererState, check_state
from tests.support.eventful import CROWDED, eventful_posts
from tests.support.narratives import assign_all


def written_state():
    clusterer = NarrativeClusterer(**CROWDED)
    assign_all(clusterer, eventful_posts(1_000))
    return clusterer.snapshot()


@pytest.mark.parametrize("codec", [msgspec.msgpack, msgspec.json], ids=["msgpack", "json"])
def test_what_is_encoded_is_decoded_without_loss(codec):
    state = written_state()
    assert state.recent
    assert state.lineage.pending
    assert codec.decode(codec.encode(state), type=ClustererState) == state


def spoil(state, spoiled):  # noqa: C901, PLR0912, PLR0915  # one case a claim
    """Change one thing in a state."""
    cluster, row, post = state.clusters[0], state.rows[0], state.recent[1]
    match spoiled:
        case "version":
            state.version = 1
        case "parameters":
            del state.parameters["damping"]
        case "rows":
            state.rows.pop()
        case "ids":
            state.clusters.reverse()
        case "negative id":
            cluster.id = -2
        case "next_id":
            state.next_id = 1
        case "count":
            row.terms["vault"] = math.nan
        case "no count":
            row.terms["vault"] = 0.0
        case "weight":
            cluster.weight = math.inf
        case "length":
            row.length_squared = math.inf
        case "negative length":
            row.length_squared = -1.0
        case "no length":
            row.length_squared = 0.0
        case "gap":
            cluster.log_gap = math.nan
        case "usual gap":
            state.log_gap = 1e9
        case "preference":
            row.preference = 0.5
        case "pace":
            row.pace = math.inf
        case "cut_off":
            state.cut_off = math.nan
        case "wide cut_off":
            state.cut_off = 0.99
        case "touched":
            state.touched = [state.next_id]
        case "recent id":
            live = {cluster.id for cluster in state.clusters}
            post.micro_cluster_id = next(number for number in range(state.next_id) if number not in live)
        case "time":
            state.time_ms = -1
        case "far time":
            state.time_ms = 10**15
        case "recent count":
            post.counts = {"vault": math.nan}
        case "recent terms":
            post.counts = dict.fromkeys(map(str, range(CROWDED["recent_terms_max"] + 1)), 1.0)
        case "recent order":
            state.recent.reverse()
        case cap:
            state.parameters[cap] = 1
    return state


@pytest.mark.parametrize(
    ("spoiled", "message"),
    [
        ("version", "of version 3, got 1"),
        ("parameters", "the parameters"),
        ("rows", "a row for each micro-cluster"),
        ("ids", "ids that rise"),
        ("negative id", "ids from 0"),
        ("next_id", "below next_id"),
        ("count", "positive, finite"),
        ("no count", "positive, finite"),
        ("weight", "positive, finite"),
        ("length", "finite lengths"),
        ("negative length", "finite lengths"),
        ("no length", "lengths"),
        ("gap", "finite gaps"),
        ("usual gap", "finite gaps"),
        ("preference", "preferences of at least 1"),
        ("pace", "paces of at least 0"),
        ("cut_off", "a cut-off within its range"),
        ("wide cut_off", "a cut-off within its range"),
        ("time", "none later than its time"),
        ("touched", "touched ids below next_id"),
        ("recent id", "recent posts of its micro-clusters"),
        ("far time", "its origin allows"),
        ("recent count", "recent"),
        ("recent terms", "recent"),
        ("recent order", "recent posts in their order"),
        ("micro_clusters_max", "at most micro_clusters_max"),
        ("terms_max", "at most terms_max"),
        ("posting_max", "at most posting_max"),
    ],
)
def test_a_state_that_cannot_have_been_written_is_refused(spoiled, message):
    state = written_state()
    names = set(state.parameters)
    check_state(state, names)
    with pytest.raises(ValueError, match=message):
        check_state(spoil(state, spoiled), names)


def test_a_state_from_before_the_first_post_is_accepted():
    state = NarrativeClusterer().snapshot()
    assert state.origin_ms is None
    check_state(state, set(state.parameters))
