"""River's DenStream behind the same protocol as the narrative clusterer."""

import math
from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec
from river import cluster

from models.river_clusterer import RiverClusterer, RiverState, heaviest, unit_vector

BETA: Final = 0.75
"""Part of `mu` from which a micro-cluster is taken for more than noise; River's default."""

_RIVER_DENSTREAM: Any = cluster.DenStream
"""River annotates none of it, so all that is taken from it is of type Any."""

_RIVER_MICRO_CLUSTER: Any = cluster.denstream.DenStreamMicroCluster


class DenstreamMicroCluster(msgspec.Struct, array_like=True):
    """One of DenStream's micro-clusters, as River names its parts; times are event time in seconds."""

    id: int
    posts: int
    creation_time: float
    last_edit_time: float
    linear_sum: dict[str, float]
    squared_sum: dict[str, float]


class DenstreamState(RiverState, tag="denstream", kw_only=True):
    """A snapshot of a `DenstreamClusterer`.

    Attributes:
        passed_s: Event time of the last clean-up, in seconds; None before the first post.
        potential: Micro-clusters that DenStream takes for more than noise, in its order.
        outliers: The others, in its order.
    """

    passed_s: float | None
    potential: list[DenstreamMicroCluster]
    outliers: list[DenstreamMicroCluster]


class _NumberedMicroCluster(_RIVER_MICRO_CLUSTER):  # type: ignore[misc]
    """A micro-cluster with an id, and with the radius of DenStream's paper.

    River takes the length of the vector of squared sums where the paper means their sum. In two or three dimensions
    that hardly matters; of two posts that share none of their eight words it makes the radius 0.
    """

    __slots__ = ("id",)

    def __init__(self, number: int, x: dict[str, float], timestamp: float, decaying_factor: float) -> None:
        super().__init__(x, timestamp, decaying_factor)
        self.id = number

    def radius_with(self, x: dict[str, float]) -> float:
        """Return the radius it would have with one post more."""
        sums, posts = self.linear_sum, self.N + 1
        squares = math.fsum(self.squared_sum.values()) + math.fsum(value * value for value in x.values())
        length_squared = math.fsum(value * value for value in sums.values())
        length_squared += math.fsum(value * (value + 2 * sums.get(term, 0.0)) for term, value in x.items())
        spread: float = squares / posts - length_squared / (posts * posts)
        return math.sqrt(max(0.0, spread))


class _WatchedDenstream(_RIVER_DENSTREAM):  # type: ignore[misc]
    """DenStream in event time that tells which micro-cluster took a post.

    River holds the first posts back until it has `n_samples_init`; here a micro-cluster begins with the first post,
    as it does in River after that. `_merge` is private in River, which is why its version is pinned.
    """

    def __init__(self, terms_max: int, **parameters: Any) -> None:  # noqa: ANN401  # River's own
        super().__init__(**parameters)
        self.terms_max = terms_max
        self.next_id = 0
        self._looked_at: Any = None

    def learn_at(self, x: dict[str, float], time_s: float) -> int:
        """Learn a post; return the micro-cluster that took it."""
        self.timestamp = time_s  # River counts posts
        outliers = len(self.o_micro_clusters)
        self._merge(x)
        if len(self.o_micro_clusters) > outliers:
            founded = _NumberedMicroCluster(self.next_id, x, time_s, self.decaying_factor)
            self.o_micro_clusters[outliers] = founded
            self.next_id += 1
            return founded.id
        taken = self._looked_at
        if len(taken.linear_sum) > self.terms_max:
            taken.linear_sum = heaviest(taken.linear_sum, self.terms_max)
            taken.squared_sum = {term: taken.squared_sum[term] for term in taken.linear_sum}
        if len(self.o_micro_clusters) < outliers:
            self.keep(self.p_micro_clusters.values(), self.o_micro_clusters.values())
        number: int = taken.id
        return number

    def _get_closest_cluster_key(self, point: Any, clusters: Any) -> Any:  # noqa: ANN401
        found = super()._get_closest_cluster_key(point, clusters)
        self._looked_at = clusters[found]  # River looks on among the outliers if this one is too far
        return found

    def keep(self, potential: Collection[Any], outliers: Collection[Any]) -> None:
        """Go on with these micro-clusters.

        River numbers the next of a kind by how many there are, so with a gap it would take the place of another.
        """
        self.p_micro_clusters = dict(enumerate(potential))
        self.o_micro_clusters = dict(enumerate(outliers))

    def live(self) -> dict[int, Any]:
        """Return the live micro-clusters by their ids."""
        both = (self.p_micro_clusters, self.o_micro_clusters)
        return {found.id: found for some in both for found in some.values()}

    def clean_up(self, time_s: float) -> None:
        """Let those go that have too little weight for their kind and age; as in River's `learn_one`."""
        enough = self.mu * self.beta
        fading, period = -self.decaying_factor, self._time_period

        def is_enough(found: Any) -> bool:  # noqa: ANN401
            least = (2 ** (fading * (time_s - found.creation_time + period)) - 1) / (2 ** (fading * period) - 1)
            return bool(found.calc_weight(time_s) >= least)

        self.keep(
            [found for found in self.p_micro_clusters.values() if found.calc_weight(time_s) >= enough],
            [found for found in self.o_micro_clusters.values() if is_enough(found)],
        )


class DenstreamClusterer(RiverClusterer):
    """Sub-narratives by the micro-clusters of River's DenStream, to compare with.

    A post is a vector of term counts of length 1. DenStream's second step, which joins micro-clusters that touch, is
    left out: radii of short texts are near 1, so all would touch. Hence nothing is ever merged. It compares each
    post with every micro-cluster, so it is slow.

    Memory: `micro_clusters_max` micro-clusters of `terms_max` terms, `lineage_max` events.

    Args:
        radius: Greatest radius that a micro-cluster may have with a post to take it, in (0, 1].
        half_life_ms: Event time in which the past loses half its weight, in milliseconds.
        mu: Weight, in posts, of a micro-cluster that is a core to DenStream; above 4/3.
        micro_clusters_max: Live micro-clusters.
        terms_max: Terms of a micro-cluster; the lightest leave.
        lineage_max: Events that wait to be drained.

    Raises:
        ValueError: If an argument is outside its range.

    Example:
        >>> clusterer = DenstreamClusterer()
        >>> posts = [["vault", "opening"], ["rain", "tomorrow"], ["vault", "opening", "delayed"]]
        >>> [clusterer.assign(terms, 1_000 * i, str(i)) for i, terms in enumerate(posts)]
        [0, 1, 0]
    """

    NAME = "DenStream"

    def __init__(
        self,
        *,
        radius: float = 0.7,
        half_life_ms: int = 86_400_000,
        mu: float = 3.0,
        micro_clusters_max: int = 500,
        terms_max: int = 128,
        lineage_max: int = 10_000,
    ) -> None:
        super().__init__(
            {
                "radius": radius,
                "half_life_ms": half_life_ms,
                "mu": mu,
                "micro_clusters_max": micro_clusters_max,
                "terms_max": terms_max,
                "lineage_max": lineage_max,
            }
        )
        if not mu * BETA > 1:
            raise ValueError(f"mu must be above {1 / BETA:g}, got {mu}")
        self._passed_s: float | None = None
        self._model = _WatchedDenstream(
            terms_max, decaying_factor=self._fading_factor, beta=BETA, mu=mu, epsilon=radius
        )

    def snapshot(self) -> DenstreamState:
        """Return the whole state, sharing nothing with the clusterer."""
        return DenstreamState(
            **self._common_state(self._model.next_id),
            passed_s=self._passed_s,
            potential=[_state_of(found) for found in self._model.p_micro_clusters.values()],
            outliers=[_state_of(found) for found in self._model.o_micro_clusters.values()],
        )

    def _take_over(self, state: Any) -> None:  # noqa: ANN401
        self._passed_s = state.passed_s
        model = self._model
        model.next_id = state.next_id
        model.keep(
            [_micro_cluster_of(found, model.decaying_factor) for found in state.potential],
            [_micro_cluster_of(found, model.decaying_factor) for found in state.outliers],
        )

    def _learn(self, counts: Mapping[str, float], time_s: float) -> int:
        taken = self._model.learn_at(unit_vector(counts), time_s)
        if self._passed_s is None:
            self._passed_s = time_s
        if time_s - self._passed_s >= self._model._time_period:  # noqa: SLF001
            self._passed_s = time_s
            before = self._live()
            self._model.clean_up(time_s)
            after = self._live()
            for number in before:
                if number not in after:
                    self._fade(number, time_s)
        return taken

    def _live(self) -> Mapping[int, Any]:
        return self._model.live()

    def _faded_weight(self, found: Any, time_s: float) -> float:  # noqa: ANN401
        weight: float = found.calc_weight(time_s)
        return weight

    def _remove(self, micro_cluster_id: int, time_s: float) -> None:
        model = self._model
        model.keep(
            [found for found in model.p_micro_clusters.values() if found.id != micro_cluster_id],
            [found for found in model.o_micro_clusters.values() if found.id != micro_cluster_id],
        )
        self._fade(micro_cluster_id, time_s)

    def _vectors(self) -> Mapping[int, Mapping[str, float]]:
        vectors: dict[int, Mapping[str, float]] = {
            number: found.linear_sum for number, found in self._model.live().items()
        }
        return vectors


def _state_of(found: Any) -> DenstreamMicroCluster:  # noqa: ANN401  # River's micro-cluster, numbered
    return DenstreamMicroCluster(
        id=found.id,
        posts=found.N,
        creation_time=found.creation_time,
        last_edit_time=found.last_edit_time,
        linear_sum=dict(found.linear_sum),
        squared_sum=dict(found.squared_sum),
    )


def _micro_cluster_of(state: DenstreamMicroCluster, decaying_factor: float) -> _NumberedMicroCluster:
    found = _NumberedMicroCluster(state.id, dict(state.linear_sum), state.creation_time, decaying_factor)
    found.squared_sum = dict(state.squared_sum)
    found.N, found.last_edit_time = state.posts, state.last_edit_time
    return found
