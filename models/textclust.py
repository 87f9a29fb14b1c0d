"""River's TextClust behind the same protocol as the narrative clusterer."""

from collections.abc import Sequence
from typing import Any, Final, Self

import msgspec
from river import cluster

from models.lineage import Lineage, LineageEvent, LineageState
from models.microcluster import NO_MICRO_CLUSTER

SECOND_MS: Final = 1_000

POST_TERMS_MAX: Final = 64
"""Distinct terms of one post that are looked at, so that the cost of a long text is bounded."""

STATE_VERSION: Final = 1

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


class TextClustState(msgspec.Struct, tag="textclust", kw_only=True):
    """A snapshot of a `TextClustClusterer`: plain values, since unpickling could run what it is given.

    Attributes:
        version: Of this layout.
        parameters: The constructor's arguments.
        time_s: Event time reached, in seconds; None before the first post.
        last_cleanup_s: Event time of TextClust's last clean-up, in seconds.
        next_id: Id of the next micro-cluster.
        seen: TextClust's own count of posts, which begins with 1.
        clusters: Its micro-clusters, in its order.
        lineage: Merges, and events not drained yet.
    """

    version: int
    parameters: dict[str, int | float]
    time_s: float | None
    last_cleanup_s: float
    next_id: int
    seen: int
    clusters: list[TextClustMicroCluster]
    lineage: LineageState


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


class TextClustClusterer:
    """Sub-narratives by River's TextClust, to compare with or to fall back on.

    It compares each post with every micro-cluster, so it is one to two orders of magnitude slower than
    `NarrativeClusterer`, and slower the more are live. Fading is by event time; a late post counts at the
    time already reached. When more than `micro_clusters_max` are live, the one with the least faded weight
    leaves. A micro-cluster's terms are bounded only by fading: a term leaves once its count faded below what
    one post keeps for `cleanup_ms`.

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

    def __init__(
        self,
        *,
        radius: float = 0.8,
        half_life_ms: int = 86_400_000,
        cleanup_ms: int = 3_600_000,
        micro_clusters_max: int = 500,
        lineage_max: int = 10_000,
    ) -> None:
        if not 0 < radius <= 1:
            raise ValueError(f"radius must be in (0, 1], got {radius}")
        integers = {
            "half_life_ms": half_life_ms,
            "cleanup_ms": cleanup_ms,
            "micro_clusters_max": micro_clusters_max,
            "lineage_max": lineage_max,
        }
        for name, value in integers.items():
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        self._parameters: dict[str, int | float] = {"radius": radius, **integers}
        self._micro_clusters_max = micro_clusters_max
        self._fading_factor = SECOND_MS / half_life_ms
        self._lineage = Lineage(lineage_max)
        self._model = _WatchedTextClust(
            self._lineage,
            radius=radius,
            fading_factor=self._fading_factor,
            tgap=cleanup_ms / SECOND_MS,
            real_time_fading=True,
        )

    def assign(self, terms: Sequence[str], event_time_ms: int, key: str) -> int:  # noqa: ARG002
        """Learn one post and return the id of its micro-cluster at arrival, `NO_MICRO_CLUSTER` without terms.

        Args:
            terms: Terms in the order of the text; the first `POST_TERMS_MAX` distinct ones count.
            event_time_ms: When it was posted, in milliseconds.
            key: Part of the protocol; TextClust does not keep who founded what.
        """
        counts: dict[str, int] = {}
        for term in terms:
            if term in counts or len(counts) < POST_TERMS_MAX:
                counts[term] = counts.get(term, 0) + 1
        if not counts:
            return NO_MICRO_CLUSTER
        time_s = event_time_ms / SECOND_MS
        self._model.learn_one(counts, t=time_s if self._model.t is None else max(time_s, self._model.t))
        assigned: int = self._model.assigned
        if len(self._model.micro_clusters) > self._micro_clusters_max:
            self._evict_lightest()
        return assigned

    def resolve(self, micro_cluster_id: int) -> int:
        """Return the id that stands for this one now, merges followed; an unknown id stands for itself."""
        return self._lineage.resolve(micro_cluster_id)

    def drain_lineage(self) -> list[LineageEvent]:
        """Return the merges and ends since the last call, oldest first."""
        return self._lineage.drain()

    def leading_terms(self, micro_cluster_id: int, count: int) -> list[tuple[str, float]]:
        """Return the heaviest terms against the other micro-clusters, each with its part of the whole."""
        found = self._model.micro_clusters.get(self.resolve(micro_cluster_id))
        if found is None:
            return []
        rarity = self._model._calculate_idf(self._model.micro_clusters.values())  # noqa: SLF001
        weights = [(term, (entry["tf"] * rarity[term]) ** 2) for term, entry in found.tf.items()]
        whole = sum(weight for _, weight in weights)
        weights.sort(key=lambda pair: (-pair[1], pair[0]))
        return [(term, weight / whole) for term, weight in weights[:count]]

    def snapshot(self) -> TextClustState:
        """Return the whole state, sharing nothing with the clusterer."""
        model = self._model
        return TextClustState(
            version=STATE_VERSION,
            parameters=dict(self._parameters),
            time_s=None if model.t is None else float(model.t),
            last_cleanup_s=float(model.last_cleanup),
            next_id=model._cluster_id,  # noqa: SLF001
            seen=model.n,
            clusters=[_state_of(number, found) for number, found in model.micro_clusters.items()],
            lineage=self._lineage.snapshot(),
        )

    @classmethod
    def restore(cls, state: TextClustState) -> Self:
        """Return a clusterer that goes on exactly as the one the snapshot was taken of.

        Raises:
            ValueError: If the state is of another version or holds more than its own parameters allow.
        """
        if state.version != STATE_VERSION:
            raise ValueError(f"TextClust state must be of version {STATE_VERSION}, got {state.version}")
        clusterer = cls(**state.parameters)  # type: ignore[arg-type]  # the constructor checks them
        if len(state.clusters) > clusterer._micro_clusters_max:
            raise ValueError("TextClust state must have at most micro_clusters_max micro-clusters")
        model = clusterer._model
        model.t, model.last_cleanup, model.n = state.time_s, state.last_cleanup_s, state.seen
        model._cluster_id = state.next_id  # noqa: SLF001
        model.micro_clusters = {found.id: _micro_cluster_of(found) for found in state.clusters}
        model.lineage = clusterer._lineage = Lineage.restore(state.lineage, clusterer._lineage.entries_max)
        return clusterer

    def _evict_lightest(self) -> None:
        model = self._model

        def faded_weight(number: int) -> tuple[float, int]:
            found = model.micro_clusters[number]
            weight: float = found.weight * 2 ** (-self._fading_factor * (model.t - found.time))
            return weight, number

        others = (number for number in model.micro_clusters if number != model.assigned)
        lightest = min(others, key=faded_weight)
        del model.micro_clusters[lightest]
        self._lineage.fade(lightest, at_ms=round(model.t * SECOND_MS))


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
