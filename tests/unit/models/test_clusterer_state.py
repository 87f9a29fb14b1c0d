import math

import msgspec
import pytest

from models.clusterer import NarrativeClusterer
from models.clusterer_state import ClustererState, check_state, copy_of
from tests.support.narratives import made_up_posts


def written_state():
    clusterer = NarrativeClusterer()
    for post in made_up_posts(50):
        clusterer.assign(post.terms, post.event_time_ms, post.key)
    return clusterer.snapshot()


def test_msgpack_gives_back_the_same_state():
    state = written_state()
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=ClustererState) == state


def test_json_gives_back_the_same_state():
    state = written_state()
    assert msgspec.json.decode(msgspec.json.encode(state), type=ClustererState) == state


def test_a_copy_shares_nothing():
    cluster = written_state().clusters[0]
    copy = copy_of(cluster)
    assert copy == cluster
    copy.terms.clear()
    assert cluster.terms


def spoil(state, spoiled):
    """Change one thing in a state."""
    match spoiled:
        case "version":
            state.version = 99
        case "parameters":
            del state.parameters["damping"]
        case "ids":
            state.clusters.reverse()
        case "next_id":
            state.next_id = 1
        case "count":
            state.clusters[0].terms["vault"] = math.nan
        case "scale":
            state.clusters[0].scale = math.inf
        case "time":
            state.time_ms = -1
        case "far time":
            state.time_ms = 10**15
        case cap:
            state.parameters[cap] = 1
    return state


@pytest.mark.parametrize(
    ("spoiled", "message"),
    [
        ("version", "of version 1, got 99"),
        ("parameters", "the parameters"),
        ("ids", "ids that rise"),
        ("next_id", "below next_id"),
        ("count", "positive, finite"),
        ("scale", "finite lengths"),
        ("time", "its origin allows"),
        ("far time", "its origin allows"),
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
