"""River's DBSTREAM behind the same protocol as the narrative clusterer."""

import math
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from river import cluster

from models.river_clusterer import SECOND_MS, RiverClusterer, RiverState, heaviest, unit_vector
from models.term_matrix import NO_MICRO_CLUSTER

RADIUS_MAX: Final = 1.4

TERM_WEIGHT_MIN: Final = 1e-3
"""Of a term in a centre of length 1 or less; what moved further away than that is left out."""

_RIVER_DBSTREAM: Any = cluster.DBSTREAM
"""River annotates little of it, so all that is taken from it is of type Any."""

_RIVER_MICRO_CLUSTER: Any = cluster.dbstream.DBSTREAMMicroCluster


class DbstreamMicroCluster(msgspec.Struct, array_like=True):
    """One of DBSTREAM's micro-clusters, as River names its parts; `last_update` is event time in seconds."""

    id: int
    narrative: int
    last_update: float
    weight: float
    center: dict[str, float]


class DbstreamState(RiverState, tag="dbstream", kw_only=True):
    """A snapshot of a `DbstreamClusterer`.

    Attributes:
        passed_s: Event time of the last clean-up, in seconds; None before the first post.
        clusters: Live micro-clusters, oldest first, each with the narrative that it belongs to.
        shared: Posts shared by an older and a younger micro-cluster, faded, and when last, in seconds.
    """

    passed_s: float | None
    clusters: list[DbstreamMicroCluster]
    shared: list[tuple[int, int, float, float]]


class _WatchedDbstream(_RIVER_DBSTREAM):  # type: ignore[misc]
    """DBSTREAM in event time, on sparse vectors, that tells which micro-cluster took a post.

    The methods and attributes with an underscore are private in River, which is why its version is pinned.
    """

    def __init__(self, terms_max: int, **parameters: Any) -> None:  # noqa: ANN401  # River's own
        super().__init__(**parameters)
        self.terms_max = terms_max
        self.next_id = 0
        self.s: dict[int, dict[int, float]]
        self.s_t: dict[int, dict[int, float]]
        self._neighbours: dict[int, Any] = {}
        self._nearest = NO_MICRO_CLUSTER

    def learn_at(self, x: dict[str, float], time_s: float) -> int:
        """Learn a post; return the micro-cluster that was nearest to it, else the new one."""
        self._time_stamp = time_s  # River counts posts
        self._update(x)
        if self._neighbours:
            for found in self._neighbours.values():
                terms = {term: weight for term, weight in found.center.items() if weight >= TERM_WEIGHT_MIN}
                found.center = heaviest(terms, self.terms_max)
            return self._nearest
        # River numbers it by the greatest live number, which one that is gone may have had.
        _, founded = self._micro_clusters.popitem()
        self._micro_clusters[self.next_id] = founded
        self.next_id += 1
        return self.next_id - 1

    def _find_fixed_radius_nn(self, x: dict[str, float]) -> dict[int, Any]:
        near = {}
        nearest = math.inf
        for number, found in self._micro_clusters.items():
            distance = self._distance(found.center, x)
            if distance < self.clustering_threshold:
                near[number] = found
                if distance < nearest:
                    nearest, self._nearest = distance, number
        # River moves a centre along the terms that both name, and drops the others: so both name all.
        for found in near.values():
            found.center = dict.fromkeys(x, 0.0) | found.center
        for found in near.values():
            for term in found.center:
                x.setdefault(term, 0.0)
        self._neighbours = near
        return near

    def clean_up(self, time_s: float) -> list[int]:
        """Let weak micro-clusters go; return which."""
        before = list(self._micro_clusters)
        self._time_stamp = time_s
        self._cleanup()
        gone = [number for number in before if number not in self._micro_clusters]
        self._forget_shared(set(gone))
        return gone

    def remove(self, number: int) -> None:
        """Forget a micro-cluster."""
        del self._micro_clusters[number]
        self._forget_shared({number})

    def _forget_shared(self, gone: set[int]) -> None:
        # River leaves entries of 0 behind, and some of those that are gone.
        rows = {
            i: {j: value for j, value in row.items() if value and j not in gone}
            for i, row in self.s.items()
            if i not in gone
        }
        self.s = {i: row for i, row in rows.items() if row}
        self.s_t = {i: {j: self.s_t[i][j] for j in row} for i, row in self.s.items()}

    def connected(self) -> list[tuple[int, int]]:
        """Return the pairs of micro-clusters that share so many posts that they are one to DBSTREAM."""
        return [(i, j) for i, row in self._generate_weighted_adjacency_matrix().items() for j in row]


class DbstreamClusterer(RiverClusterer):
    """Sub-narratives by River's DBSTREAM, to compare with.

    A post is a vector of term counts of length 1. DBSTREAM's macro-clusters are the narratives: River computes and
    numbers them anew for each prediction, which takes long and makes ids that mean nothing a post later. Here they
    are looked for at clean-ups only, and micro-clusters found to be one narrative stay one, under the oldest id.
    It compares each post with every micro-cluster, so it is slow.

    Memory: `micro_clusters_max` micro-clusters of `terms_max` terms, a number for each pair of them that shares
    posts, `lineage_max` merges and events.

    Args:
        radius: Euclidean distance from a centre within which a post belongs to it, in (0, 1.4]; two posts that
            share no word are 1.41 apart.
        half_life_ms: Event time in which the past loses half its weight, in milliseconds.
        cleanup_ms: Event time between clean-ups, in milliseconds; a post without a like lives as long.
        intersection: Posts shared, as a part of the mean weight of two micro-clusters, above which they are one
            narrative; in (0, 1].
        micro_clusters_max: Live micro-clusters.
        terms_max: Terms of a centre; the lightest leave.
        lineage_max: Merges remembered, and events that wait to be drained.

    Raises:
        ValueError: If an argument is outside its range.

    Example:
        >>> clusterer = DbstreamClusterer()
        >>> posts = [["vault", "opening"], ["rain", "tomorrow"], ["vault", "opening", "delayed"]]
        >>> [clusterer.assign(terms, 1_000 * i, str(i)) for i, terms in enumerate(posts)]
        [0, 1, 0]
    """

    NAME = "DBSTREAM"

    def __init__(
        self,
        *,
        radius: float = 1.05,
        half_life_ms: int = 86_400_000,
        cleanup_ms: int = 3_600_000,
        intersection: float = 0.1,
        micro_clusters_max: int = 500,
        terms_max: int = 128,
        lineage_max: int = 10_000,
    ) -> None:
        super().__init__(
            {
                "radius": radius,
                "half_life_ms": half_life_ms,
                "cleanup_ms": cleanup_ms,
                "intersection": intersection,
                "micro_clusters_max": micro_clusters_max,
                "terms_max": terms_max,
                "lineage_max": lineage_max,
            },
            radius_max=RADIUS_MAX,
        )
        if not 0 < intersection <= 1:
            raise ValueError(f"intersection must be in (0, 1], got {intersection}")
        self._cleanup_s = cleanup_ms / SECOND_MS
        self._passed_s: float | None = None
        self._narratives: dict[int, int] = {}
        self._model = _WatchedDbstream(
            terms_max,
            clustering_threshold=radius,
            fading_factor=self._fading_factor,
            cleanup_interval=self._cleanup_s,
            intersection_factor=intersection,
        )

    def snapshot(self) -> DbstreamState:
        """Return the whole state, sharing nothing with the clusterer."""
        model, narratives = self._model, self._narratives
        return DbstreamState(
            **self._common_state(model.next_id),
            passed_s=self._passed_s,
            clusters=[
                DbstreamMicroCluster(
                    number, narratives[number], found.last_update, float(found.weight), dict(found.center)
                )
                for number, found in model.micro_clusters.items()
            ],
            shared=[(i, j, float(value), model.s_t[i][j]) for i, row in model.s.items() for j, value in row.items()],
        )

    def _take_over(self, state: Any) -> None:  # noqa: ANN401
        self._passed_s = state.passed_s
        model = self._model
        model.next_id = state.next_id
        for found in state.clusters:
            self._narratives[found.id] = found.narrative
            model.micro_clusters[found.id] = _RIVER_MICRO_CLUSTER(dict(found.center), found.last_update, found.weight)
        for i, j, value, at_s in state.shared:
            model.s.setdefault(i, {})[j] = value
            model.s_t.setdefault(i, {})[j] = at_s

    def _learn(self, counts: Mapping[str, float], time_s: float) -> int:
        taken = self._model.learn_at(unit_vector(counts), time_s)
        self._narratives.setdefault(taken, taken)
        if self._passed_s is None:
            self._passed_s = time_s
        if time_s - self._passed_s >= self._cleanup_s:
            self._pass(time_s)
        return taken

    def _pass(self, time_s: float) -> None:
        self._passed_s = time_s
        for number in self._model.clean_up(time_s):
            self._end(number, time_s)
        for one, other in self._model.connected():
            older, younger = sorted((self._narratives[one], self._narratives[other]))
            if older == younger:
                continue
            for number, narrative in self._narratives.items():
                if narrative == younger:
                    self._narratives[number] = older
            self._lineage.merge(younger, into=older, at_ms=round(time_s * SECOND_MS))

    def _end(self, micro_cluster_id: int, time_s: float) -> None:
        narrative = self._narratives.pop(micro_cluster_id)
        if narrative not in self._narratives.values():
            self._fade(narrative, time_s)

    def _narrative_of(self, micro_cluster_id: int) -> int:
        return self._narratives[micro_cluster_id]

    def _live(self) -> Mapping[int, Any]:
        live: dict[int, Any] = self._model.micro_clusters
        return live

    def _faded_weight(self, found: Any, time_s: float) -> float:  # noqa: ANN401
        weight: float = found.weight * 2 ** (-self._fading_factor * (time_s - found.last_update))
        return weight

    def _remove(self, micro_cluster_id: int, time_s: float) -> None:
        self._model.remove(micro_cluster_id)
        self._end(micro_cluster_id, time_s)

    def _vectors(self) -> Mapping[int, Mapping[str, float]]:
        vectors: dict[int, dict[str, float]] = {}
        for number, found in self._model.micro_clusters.items():
            vector = vectors.setdefault(self._narratives[number], {})
            for term, weight in found.center.items():
                vector[term] = vector.get(term, 0.0) + weight * found.weight
        return vectors
