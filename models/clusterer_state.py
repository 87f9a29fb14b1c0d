"""What a snapshot of the narrative clusterer holds; what must be true of one that is read back, and of parameters."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from models.fading import RESCALE_HALF_LIVES
from models.lineage import LineageState
from models.microcluster import MicroCluster
from models.recent import RecentPost
from models.term_matrix import Row

STATE_VERSION: Final = 3

CUT_OFF_RANGE: Final = 2.0
"""Factor by which the cut-off may leave where it began: no stream makes all posts one, or each its own."""

GAP_LOG_MAX: Final = 50.0
"""Logarithm of more milliseconds than event time has; of any gap in reach, its inverse is an ordinary number."""


class ClustererState(msgspec.Struct, tag="undercurrent", kw_only=True):
    """A snapshot of a `NarrativeClusterer`; msgspec encodes and decodes it without loss.

    Attributes:
        version: Of this layout.
        parameters: The constructor's arguments.
        origin_ms: Event time at which a post weighs 1; None before the first post.
        time_ms: Event time reached.
        next_id: Id of the next micro-cluster.
        cut_off: Similarity of the second-best that is usual.
        log_gap: Mean of the logarithm of the milliseconds between the posts of a micro-cluster; None before any.
        posts_since_pass: Posts since the last pass of merging.
        passed_ms: Event time of the last pass.
        touched: Micro-clusters that changed since the last pass, in the order of their first change.
        clusters: Live micro-clusters, oldest first.
        rows: Their terms, in the same order.
        recent: Their latest posts, oldest first.
        lineage: Merges, and events not drained yet.
    """

    version: int
    parameters: dict[str, int | float]
    origin_ms: int | None
    time_ms: int
    next_id: int
    cut_off: float
    log_gap: float | None
    posts_since_pass: int
    passed_ms: int
    touched: list[int]
    clusters: list[MicroCluster]
    rows: list[Row]
    recent: list[RecentPost]
    lineage: LineageState


def check_parameters(parameters: Mapping[str, int | float]) -> None:
    """Check the arguments of a clusterer's constructor.

    Raises:
        ValueError: If one is outside its range; names it, what is allowed and what came.
    """
    for name, (allowed, fits) in _RANGES.items():
        if not fits(parameters[name]):
            raise ValueError(f"{name} must be {allowed}, got {parameters[name]!r}")
    if parameters["split_similarity_max"] >= parameters["merge_similarity_min"]:
        raise ValueError(
            f"split_similarity_max must be less than merge_similarity_min, got {parameters['split_similarity_max']!r}"
            f" and {parameters['merge_similarity_min']!r}"
        )


_SHARE: Final = ("in (0, 1]", lambda value: 0 < value <= 1)
_POWER: Final = ("at least 0 and finite", lambda value: 0 <= value < math.inf)
_NUMBER: Final = ("an integer of at least 1", lambda value: isinstance(value, int) and value >= 1)
_RANGES: Final[dict[str, tuple[str, Callable[[int | float], bool]]]] = {
    "cut_off": _SHARE,
    "merge_similarity_min": _SHARE,
    "split_similarity_max": ("in [0, 1)", lambda value: 0 <= value < 1),
    "half_life_ms": _NUMBER,
    "preference": _POWER,
    "damping": _SHARE,
    "novelty": ("in [0, 1]", lambda value: 0 <= value <= 1),
    "recency": _POWER,
    "merge_posts": _NUMBER,
    "merge_interval_ms": _NUMBER,
    "weight_min": ("in (0, 1)", lambda value: 0 < value < 1),
    "micro_clusters_max": _NUMBER,
    "terms_max": _NUMBER,
    "posting_max": _NUMBER,
    "terms_bytes_max": _NUMBER,
    "recent_terms_max": _NUMBER,
    "lineage_max": _NUMBER,
}


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
    at_ms = [post.at_ms for post in state.recent]
    holders = Counter(term for row in state.rows for term in row.terms)
    return {
        "a row for each micro-cluster": len(state.rows) == len(ids),
        "ids that rise": ids == sorted(set(ids)),
        "ids from 0 to below next_id": not ids or (ids[0] >= 0 and ids[-1] < state.next_id),
        "at most micro_clusters_max micro-clusters": len(ids) <= limits["micro_clusters_max"],
        "at most terms_max terms each": all(len(row.terms) <= limits["terms_max"] for row in state.rows),
        "touched ids below next_id": all(0 <= number < state.next_id for number in state.touched),
        "recent posts of its micro-clusters": {post.micro_cluster_id for post in state.recent} <= set(ids),
        "recent posts in their order, none later than its time": at_ms == sorted(at_ms)
        and (not at_ms or at_ms[-1] <= state.time_ms),
        "at most recent_terms_max terms in recent posts": len(at_ms) <= 1
        or sum(len(post.counts) for post in state.recent) <= limits["recent_terms_max"],
        "at most posting_max micro-clusters a term": max(holders.values(), default=0) <= limits["posting_max"],
    }


def _numbers_of(state: ClustererState) -> dict[str, bool]:
    limits = state.parameters
    passed_ms = 0 if state.origin_ms is None else state.time_ms - state.origin_ms
    return {
        "positive, finite weights and counts": all(
            0 < number < math.inf
            for one, row in zip(state.clusters, state.rows, strict=False)
            for number in (one.weight, *row.terms.values())
        ),
        "finite lengths, positive where there are terms": all(
            (row.length_squared > 0 or not row.terms) and 0 <= row.length_squared < math.inf for row in state.rows
        ),
        "fewer gaps than posts": all(0 <= one.gaps < one.posts for one in state.clusters),
        "finite gaps": all(abs(one.log_gap) < GAP_LOG_MAX for one in state.clusters)
        and abs(state.log_gap or 0.0) < GAP_LOG_MAX,
        "preferences of at least 1 and paces of at least 0": all(
            1 <= row.preference < math.inf and 0 <= row.pace < math.inf for row in state.rows
        ),
        "positive, finite counts in recent posts": all(
            0 < count < math.inf for post in state.recent for count in post.counts.values()
        ),
        "a cut-off within its range": limits["cut_off"] / CUT_OFF_RANGE
        <= state.cut_off
        <= limits["cut_off"] * CUT_OFF_RANGE,
        "a time that its origin allows": 0 <= passed_ms <= RESCALE_HALF_LIVES * state.parameters["half_life_ms"],
    }
