"""What a snapshot of the narrative clusterer holds, and what must be true of one that is read back."""

import math
from collections import Counter
from typing import Final

import msgspec

from models.lineage import LineageState
from models.microcluster import MicroCluster

STATE_VERSION: Final = 1

RESCALE_HALF_LIVES: Final = 200
"""Half-lives after which inflated weights are brought back: 2**200, squared, is far from the largest
float."""


class ClustererState(msgspec.Struct, tag="undercurrent", kw_only=True):
    """A snapshot of a `NarrativeClusterer`; msgspec encodes and decodes it without loss.

    Attributes:
        version: Of this layout.
        parameters: The constructor's arguments.
        origin_ms: Event time at which a post weighs 1; None before the first post.
        time_ms: Event time reached.
        next_id: Id of the next micro-cluster.
        posts_since_pass: Posts since the last pass of merging.
        passed_ms: Event time of the last pass.
        touched: Micro-clusters that changed since the last pass, in the order of their first change.
        clusters: Live micro-clusters, oldest first, each with its terms in the order they have in memory:
            sums of floats depend on it.
        lineage: Merges, and events not drained yet.
    """

    version: int
    parameters: dict[str, int | float]
    origin_ms: int | None
    time_ms: int
    next_id: int
    posts_since_pass: int
    passed_ms: int
    touched: list[int]
    clusters: list[MicroCluster]
    lineage: LineageState


def copy_of(cluster: MicroCluster) -> MicroCluster:
    """Return a micro-cluster that shares nothing with the one given."""
    return msgspec.structs.replace(cluster, terms=dict(cluster.terms))


def check_state(state: ClustererState, parameter_names: set[str]) -> None:
    """Check that a state is one that a clusterer with its parameters can have written.

    Args:
        state: As read back.
        parameter_names: Names of the constructor's arguments.

    Raises:
        ValueError: If it is of another version or breaks a bound; says which.
    """
    if state.version != STATE_VERSION:
        raise ValueError(f"clusterer state must be of version {STATE_VERSION}, got {state.version}")
    if set(state.parameters) != parameter_names:
        raise ValueError(f"clusterer state must have the parameters {sorted(parameter_names)}")
    for claim, holds in (_bounds_of(state) | _numbers_of(state)).items():
        if not holds:
            raise ValueError(f"clusterer state must have {claim}")


def _bounds_of(state: ClustererState) -> dict[str, bool]:
    limits = state.parameters
    ids = [cluster.id for cluster in state.clusters]
    holders = Counter(term for cluster in state.clusters for term in cluster.terms)
    return {
        "ids that rise": ids == sorted(set(ids)),
        "ids from 0 to below next_id": not ids or (ids[0] >= 0 and ids[-1] < state.next_id),
        "at most micro_clusters_max micro-clusters": len(ids) <= limits["micro_clusters_max"],
        "at most terms_max terms each": all(len(one.terms) <= limits["terms_max"] for one in state.clusters),
        "at most posting_max micro-clusters a term": max(holders.values(), default=0) <= limits["posting_max"],
    }


def _numbers_of(state: ClustererState) -> dict[str, bool]:
    passed_ms = 0 if state.origin_ms is None else state.time_ms - state.origin_ms
    return {
        "positive, finite weights and counts": all(
            0 < number < math.inf for one in state.clusters for number in (one.weight, *one.terms.values())
        ),
        "finite lengths and scales": all(
            0 <= number < math.inf for one in state.clusters for number in (one.length_squared, one.scale)
        ),
        "a time that its origin allows": 0 <= passed_ms <= RESCALE_HALF_LIVES * state.parameters["half_life_ms"],
    }
