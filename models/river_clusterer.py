"""What River's clusterers lack for the protocol of `models.clusterers`, once for all of them."""

import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Self

import msgspec

from models.features import counts_of_terms
from models.lineage import Lineage, LineageEvent, LineageState
from models.term_matrix import NO_MICRO_CLUSTER

SECOND_MS: Final = 1_000

STATE_VERSION: Final = 1


class RiverState(msgspec.Struct, kw_only=True):
    """What snapshots of all of them hold: plain values, since unpickling could run what it is given.

    Attributes:
        version: Of the layout.
        parameters: The constructor's arguments.
        time_s: Event time reached, in seconds; None before the first post.
        next_id: Id of the next micro-cluster.
        lineage: Merges, and events not drained yet.
    """

    version: int
    parameters: dict[str, int | float]
    time_s: float | None
    next_id: int
    lineage: LineageState


class RiverClusterer(ABC):
    """One of River's clusterers as the tracker asks for it; a subclass says how it learns and what it keeps.

    Fading is by event time; a late post counts at the time already reached. When more than `micro_clusters_max` are
    live, the one with the least faded weight leaves.

    Args:
        parameters: The constructor's arguments of the subclass; `radius`, `half_life_ms`, `micro_clusters_max` and
            `lineage_max` are among them.
        radius_max: Greatest `radius` that means something.

    Raises:
        ValueError: If the radius is outside its range, or a whole number less than 1.
    """

    NAME: ClassVar[str]
    """How River calls it."""

    def __init__(self, parameters: dict[str, int | float], *, radius_max: float = 1.0) -> None:
        if not 0 < parameters["radius"] <= radius_max:
            raise ValueError(f"radius must be in (0, {radius_max:g}], got {parameters['radius']}")
        for name, value in parameters.items():
            if isinstance(value, int) and value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        self._parameters = parameters
        self._micro_clusters_max = int(parameters["micro_clusters_max"])
        self._fading_factor = SECOND_MS / parameters["half_life_ms"]
        self._lineage = Lineage(int(parameters["lineage_max"]))
        self._time_s: float | None = None

    def assign(self, terms: Sequence[str], event_time_ms: int, key: str) -> int:  # noqa: ARG002
        """Learn one post and return the id of its micro-cluster at arrival, `NO_MICRO_CLUSTER` without terms.

        Args:
            terms: Terms in the order of the text; the first `POST_TERMS_MAX` distinct ones count.
            event_time_ms: When it was posted, in milliseconds.
            key: Part of the protocol; who founded what is not kept.
        """
        counts = counts_of_terms(terms)
        if not counts:
            return NO_MICRO_CLUSTER
        time_s = event_time_ms / SECOND_MS
        self._time_s = time_s = time_s if self._time_s is None else max(time_s, self._time_s)
        taken = self._learn(counts, time_s)
        live = self._live()
        if len(live) > self._micro_clusters_max:
            weights = [(self._faded_weight(found, time_s), number) for number, found in live.items() if number != taken]
            self._remove(min(weights)[1], time_s)
        return self._narrative_of(taken)

    def resolve(self, micro_cluster_id: int) -> int:
        """Return the id that stands for this one now, merges followed; an unknown id stands for itself."""
        return self._lineage.resolve(micro_cluster_id)

    def drain_lineage(self) -> list[LineageEvent]:
        """Return the merges and ends since the last call, oldest first."""
        return self._lineage.drain()

    def leading_terms(self, micro_cluster_id: int, count: int) -> list[tuple[str, float]]:
        """Return the heaviest terms against the other micro-clusters, each with its part of the whole."""
        vectors = self._vectors()
        own = vectors.get(self.resolve(micro_cluster_id), {})
        holders = Counter(term for vector in vectors.values() for term in vector)
        weights = [
            (term, (weight * (1.0 + math.log(len(vectors) / holders[term]))) ** 2) for term, weight in own.items()
        ]
        whole = math.fsum(weight for _, weight in weights)
        weights.sort(key=lambda pair: (-pair[1], pair[0]))
        return [(term, weight / whole) for term, weight in weights[:count]]

    @classmethod
    def restore(cls, state: RiverState) -> Self:
        """Return a clusterer that goes on exactly as the one the snapshot was taken of.

        Raises:
            ValueError: If the state is of another version or holds more than its own parameters allow.
        """
        if state.version != STATE_VERSION:
            raise ValueError(f"{cls.NAME} state must be of version {STATE_VERSION}, got {state.version}")
        clusterer = cls(**state.parameters)  # type: ignore[arg-type]  # the constructor of a subclass checks them
        clusterer._time_s = state.time_s
        clusterer._lineage = Lineage.restore(state.lineage, clusterer._lineage.entries_max)
        clusterer._take_over(state)
        if len(clusterer._live()) > clusterer._micro_clusters_max:
            raise ValueError(f"{cls.NAME} state must have at most micro_clusters_max micro-clusters")
        return clusterer

    def _common_state(self, next_id: int) -> dict[str, Any]:
        """Return the fields of a `RiverState`."""
        return {
            "version": STATE_VERSION,
            "parameters": dict(self._parameters),
            "time_s": self._time_s,
            "next_id": next_id,
            "lineage": self._lineage.snapshot(),
        }

    def _narrative_of(self, micro_cluster_id: int) -> int:
        return micro_cluster_id

    def _fade(self, narrative: int, time_s: float) -> None:
        self._lineage.fade(narrative, at_ms=round(time_s * SECOND_MS))

    @abstractmethod
    def _learn(self, counts: Mapping[str, float], time_s: float) -> int:
        """Learn a post at an event time in seconds; return the id of the micro-cluster that took it."""

    @abstractmethod
    def _take_over(self, state: Any) -> None:  # noqa: ANN401  # the state of the subclass
        """Go on with what a state holds beside what is common."""

    @abstractmethod
    def _live(self) -> Mapping[int, Any]:
        """Return River's live micro-clusters by their ids."""

    @abstractmethod
    def _faded_weight(self, found: Any, time_s: float) -> float:  # noqa: ANN401  # River annotates none of it
        """Return the weight of a live micro-cluster at a time."""

    @abstractmethod
    def _remove(self, micro_cluster_id: int, time_s: float) -> None:
        """Forget a live micro-cluster, and report what ended with it."""

    @abstractmethod
    def _vectors(self) -> Mapping[int, Mapping[str, float]]:
        """Return the weights of the terms of each live narrative."""


def unit_vector(counts: Mapping[str, float]) -> dict[str, float]:
    """Return a post as a vector of length 1, so that the distance of two posts says how many words they share.

    >>> unit_vector({"vault": 3, "opens": 4})
    {'vault': 0.6, 'opens': 0.8}
    """
    length = math.sqrt(math.fsum(count * count for count in counts.values()))
    return {term: count / length for term, count in counts.items()}


def heaviest(terms: Mapping[str, float], terms_max: int) -> dict[str, float]:
    """Return the terms of most weight, in the order they have; of equals the first by name.

    >>> heaviest({"rain": 0.1, "vault": 0.5, "opens": 0.4}, 2)
    {'vault': 0.5, 'opens': 0.4}
    """
    if len(terms) <= terms_max:
        return dict(terms)
    kept = set(sorted(terms, key=lambda term: (-terms[term], term))[:terms_max])
    return {term: weight for term, weight in terms.items() if term in kept}
