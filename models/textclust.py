"""River's TextClust behind the same protocol as the narrative clusterer."""

from collections.abc import Mapping
from typing import Any

import msgspec
from river import cluster

from models.lineage import Lineage
from models.river_clusterer import SECOND_MS, RiverClusterer, RiverState
from models.term_matrix import NO_MICRO_CLUSTER

_RIVER_TEXTCLUST: Any = cluster.TextClust
"""River annotates none of it, so all that is taken from it is of type Any."""


class TextClustMicroCluster(msgspec.Struct, array_like=True):
    """One of TextClust's micro-clusters, as River names its parts; `time` is event time in seconds."""

    id: int
    weight: float
    time: float
    oldweight: float
    deltaweight: float
    n: int
    terms: dict[str, float]


class TextClustState(RiverState, tag="textclust", kw_only=True):
    """A snapshot of a `TextClustClusterer`.

    Attributes:
        last_cleanup_s: Event time of TextClust's last clean-up, in seconds.
        seen: TextClust's own count of posts, which begins with 1.
        clusters: Its micro-clusters, in its order.
    """

    last_cleanup_s: float
    seen: int
    clusters: list[TextClustMicroCluster]


class _WatchedTextClust(_RIVER_TEXTCLUST):  # type: ignore[misc]
    """TextClust that tells which micro-cluster took the last post, and what became of the others.

    River returns neither. The three methods are private there, which is why River's version is pinned.
    """

    def __init__(self, lineage: Lineage, **parameters: Any) -> None:  # noqa: ANN401  # River's own
        super().__init__(**parameters)
        self.lineage = lineage
        self.assigned = NO_MICRO_CLUSTER

    def _get_closest_mc(self, mc: Any, idf: Any, distance: Any) -> tuple[int | None, float]:  # noqa: ANN401
        found, least = super()._get_closest_mc(mc, idf, distance)
        self.assigned = self._cluster_id if found is None else found
        return found, least

    def _updateweights(self) -> None:
        before = list(self.micro_clusters)
        super()._updateweights()
        for micro_cluster_id in before:
            if micro_cluster_id not in self.micro_clusters:
                self.lineage.fade(micro_cluster_id, at_ms=round(self.t * SECOND_MS))

    def _mergemicroclusters(self) -> None:
        super()._mergemicroclusters()
        for micro_cluster_id, micro_cluster in self.micro_clusters.items():
            for merged in micro_cluster.merged_ids:
                self.lineage.merge(merged, into=micro_cluster_id, at_ms=round(self.t * SECOND_MS))
            micro_cluster.merged_ids.clear()


class TextClustClusterer(RiverClusterer):
    """Sub-narratives by River's TextClust, to compare with or to fall back on.

    It compares each post with every micro-cluster, so it is one to two orders of magnitude slower than
    `NarrativeClusterer`, and slower the more are live. A micro-cluster's terms are bounded only by fading: a term
    leaves once its count faded below what one post keeps for `cleanup_ms`.

    Args:
        radius: Cosine distance up to which a post joins and micro-clusters are merged, in (0, 1].
        half_life_ms: Event time in which the past loses half its weight, in milliseconds.
        cleanup_ms: Event time between clean-ups, in milliseconds; a post without a like lives as long.
        micro_clusters_max: Live micro-clusters.
        lineage_max: Merges remembered, and events that wait to be drained.

    Raises:
        ValueError: If an argument is outside its range.

    Example:
        >>> clusterer = TextClustClusterer()
        >>> posts = [["vault", "opening"], ["rain", "tomorrow"], ["vault", "opening", "delayed"]]
        >>> [clusterer.assign(terms, 1_000 * i, str(i)) for i, terms in enumerate(posts)]
        [0, 1, 0]
    """

    NAME = "TextClust"

    def __init__(
        self,
        *,
        radius: float = 0.8,
        half_life_ms: int = 86_400_000,
        cleanup_ms: int = 3_600_000,
        micro_clusters_max: int = 500,
        lineage_max: int = 10_000,
    ) -> None:
        super().__init__(
            {
                "radius": radius,
                "half_life_ms": half_life_ms,
                "cleanup_ms": cleanup_ms,
                "micro_clusters_max": micro_clusters_max,
                "lineage_max": lineage_max,
            }
        )
        self._model = _WatchedTextClust(
            self._lineage,
            radius=radius,
            fading_factor=self._fading_factor,
            tgap=cleanup_ms / SECOND_MS,
            real_time_fading=True,
        )

    def snapshot(self) -> TextClustState:
        """Return the whole state, sharing nothing with the clusterer."""
        model = self._model
        return TextClustState(
            **self._common_state(model._cluster_id),  # noqa: SLF001
            last_cleanup_s=float(model.last_cleanup),
            seen=model.n,
            clusters=[_state_of(number, found) for number, found in model.micro_clusters.items()],
        )

    def _take_over(self, state: Any) -> None:  # noqa: ANN401
        model = self._model
        model.t, model.last_cleanup, model.n = state.time_s, state.last_cleanup_s, state.seen
        model._cluster_id = state.next_id  # noqa: SLF001
        model.micro_clusters = {found.id: _micro_cluster_of(found) for found in state.clusters}
        model.lineage = self._lineage

    def _learn(self, counts: Mapping[str, float], time_s: float) -> int:
        self._model.learn_one(counts, t=time_s)
        assigned: int = self._model.assigned
        return assigned

    def _live(self) -> Mapping[int, Any]:
        live: dict[int, Any] = self._model.micro_clusters
        return live

    def _faded_weight(self, found: Any, time_s: float) -> float:  # noqa: ANN401
        weight: float = found.weight * 2 ** (-self._fading_factor * (time_s - found.time))
        return weight

    def _remove(self, micro_cluster_id: int, time_s: float) -> None:
        del self._model.micro_clusters[micro_cluster_id]
        self._fade(micro_cluster_id, time_s)

    def _vectors(self) -> Mapping[int, Mapping[str, float]]:
        live = self._model.micro_clusters
        return {number: {term: entry["tf"] for term, entry in found.tf.items()} for number, found in live.items()}


def _state_of(number: int, found: Any) -> TextClustMicroCluster:  # noqa: ANN401  # River's MicroCluster
    # River counts in integers where it can; read back they are floats, and one state must have one encoding.
    return TextClustMicroCluster(
        id=number,
        weight=float(found.weight),
        time=float(found.time),
        oldweight=float(found.oldweight),
        deltaweight=float(found.deltaweight),
        n=found.n,
        terms={term: float(entry["tf"]) for term, entry in found.tf.items()},
    )


def _micro_cluster_of(state: TextClustMicroCluster) -> Any:  # noqa: ANN401  # River's MicroCluster
    terms = {term: {"tf": count} for term, count in state.terms.items()}
    found = _RIVER_TEXTCLUST.MicroCluster(terms, state.time, state.weight, None, state.id)
    found.oldweight, found.deltaweight, found.n = state.oldweight, state.deltaweight, state.n
    return found
