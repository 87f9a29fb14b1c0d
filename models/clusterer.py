"""The narrative clusterer: sparse term vectors in, stable narrative ids out, one pass, in event time.

How it goes, post by post:

1. time moves to the post's event time, never back;
2. the post joins the most similar live micro-cluster, or founds one if none is similar enough;
3. at fixed points (`merge_posts` posts or `merge_interval_ms` of event time after the last one, whichever
   comes first) faded micro-clusters leave, and those that changed are merged with their nearest if it is
   close enough.

Nothing depends on a clock, on chance or on the order of a hash table, and ties go to the oldest, so the same
posts give the same ids in every process.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import islice
from numbers import Real
from typing import Any, Final, Self

from river import base

from models.clusterer_state import (
    RESCALE_HALF_LIVES,
    STATE_VERSION,
    ClustererState,
    check_state,
    copy_of,
)
from models.lineage import Lineage, LineageEvent
from models.microcluster import NO_MICRO_CLUSTER, MicroCluster, MicroClusterIndex, MicroClusterSummary
from models.terms import cut_name

ARRIVAL_STEP_MS: Final = 1_000
"""Event time between two posts of which only the order is known."""

POST_TERMS_MAX: Final = 64
"""Distinct terms of one post that are looked at, so that the cost of a long text is bounded."""

FEATURE_MIN: Final = 1e-3
FEATURE_MAX: Final = 1e3
"""Features of less weight are left out and of more cut, so that squares neither vanish nor overflow."""

COMPARED_GROWTH: Final = 1.25
"""Growth from which a micro-cluster is again compared with the others: one post more hardly moves a large one."""

TERMS_BYTES_MAX: Final = 2_000_000
"""Bytes of the terms of all micro-clusters, their counts included: 60 words in each of 2,000."""

COUNT_MIN: Final = 1e-9
"""Faded count at which a rescaling drops a term: 30 half-lives after its only post."""

EVICTED_SHARE: Final = 0.05
"""Share of the micro-clusters that leave at once when there is no more room, so that ranking them is rare."""


class NarrativeClusterer(base.Clusterer):
    """Groups the posts of one community into sub-narratives as they come.

    A post goes to the micro-cluster with the greatest cosine similarity of term counts times rarity (idf over
    the live micro-clusters). The past fades by half every `half_life_ms` of event time. Ids are counted up
    from 0, never used again, and an id once given is stable: a merge keeps the older id and is reported. A
    late post counts at the event time already reached.

    Memory is bounded whatever comes: `micro_clusters_max` micro-clusters of `terms_max` terms, `posting_max`
    micro-clusters a term, `lineage_max` merges and events, `TERMS_BYTES_MAX` bytes of terms before the latest
    post. A micro-cluster that faded below `weight_min` posts leaves at the next pass; when a new one, or the terms
    of a post, find no room, the most faded twentieth leaves at once. The time a post takes does not depend on
    how many micro-clusters are live.

    The scheme is that of River's TextClust (micro-clusters of term vectors that fade and merge), with an
    index in place of a comparison with each. The defaults come from two archives of labelled short texts;
    `tests/benchmarks/bench_clusterer.py` shows what half and double of each does.

    Not to be mistaken: the id returned is the one at arrival. A later merge may pass it on to an older one:
    `resolve` says which, `drain_lineage` when.

    Args:
        similarity_min: Similarity from which a post joins, in (0, 1].
        merge_similarity_min: Cosine from which two micro-clusters are merged, in (0, 1].
        half_life_ms: Event time in which the past loses half its weight, in milliseconds.
        preference: Mild preference for larger micro-clusters, at least 0: times 1 + preference x ln(1 +
            weight).
        damping: Power of the counts in a micro-cluster, in (0, 1].
        novelty: Part with which terms that no micro-cluster holds lengthen a post, in [0, 1].
        merge_posts: Posts after which a pass of merging is due.
        merge_interval_ms: Event time after which one is due, in milliseconds.
        weight_min: Faded weight, in posts, below which a micro-cluster leaves; in (0, 1).
        micro_clusters_max: Live micro-clusters.
        terms_max: Terms a micro-cluster.
        posting_max: Micro-clusters a term.
        lineage_max: Merges remembered, and events that wait to be drained.

    Raises:
        ValueError: If an argument is outside its range.

    Example:
        >>> clusterer = NarrativeClusterer()
        >>> clusterer.assign(["vault", "opening", "hours"], event_time_ms=0, key="a")
        0
        >>> clusterer.assign(["rain", "tomorrow"], event_time_ms=1_000, key="b")
        1
        >>> clusterer.assign(["vault", "opening", "delayed"], event_time_ms=2_000, key="c")
        0
        >>> clusterer.predict_one({"rain": 1})
        1
        >>> [term for term, _ in clusterer.leading_terms(0, 2)]
        ['opening', 'vault']
    """

    def __init__(
        self,
        *,
        similarity_min: float = 0.18,
        merge_similarity_min: float = 0.3,
        half_life_ms: int = 86_400_000,
        preference: float = 0.05,
        damping: float = 0.7,
        novelty: float = 0.5,
        merge_posts: int = 500,
        merge_interval_ms: int = 4 * 3_600_000,
        weight_min: float = 0.25,
        micro_clusters_max: int = 2_000,
        terms_max: int = 128,
        posting_max: int = 128,
        lineage_max: int = 10_000,
    ) -> None:
        self.similarity_min = similarity_min
        self.merge_similarity_min = merge_similarity_min
        self.half_life_ms = half_life_ms
        self.preference = preference
        self.damping = damping
        self.novelty = novelty
        self.merge_posts = merge_posts
        self.merge_interval_ms = merge_interval_ms
        self.weight_min = weight_min
        self.micro_clusters_max = micro_clusters_max
        self.terms_max = terms_max
        self.posting_max = posting_max
        self.lineage_max = lineage_max
        self._check_parameters()
        self._index = MicroClusterIndex(
            terms_max=terms_max,
            posting_max=posting_max,
            damping=damping,
            preference=preference,
            novelty=novelty,
        )
        self._lineage = Lineage(lineage_max)
        self._origin_ms: int | None = None
        self._time_ms = 0
        self._gain = 1.0
        self._next_id = 0
        self._posts_since_pass = 0
        self._passed_ms = 0
        self._touched: dict[int, None] = {}

    def learn_one(self, x: Mapping[Any, Any], event_time_ms: int | None = None) -> None:
        """Learn one post given as features, whatever their order.

        Args:
            x: Term to weight. Weights that are no positive number are left out; the `POST_TERMS_MAX` heaviest
                count.
            event_time_ms: Milliseconds; None makes the order of arrival time, one second a post.
        """
        if event_time_ms is None:
            event_time_ms = self._time_ms + ARRIVAL_STEP_MS
        self._learn(_counts_of_features(x), event_time_ms, "")

    def predict_one(self, x: Mapping[Any, Any]) -> int:
        """Return the id that `learn_one` of the same post would give it now; changes nothing.

        Returns:
            A micro-cluster's id: that of the next new one if none is similar enough, `NO_MICRO_CLUSTER`
            without terms.
        """
        counts = _counts_of_features(x)
        if not counts:
            return NO_MICRO_CLUSTER
        found, similarity = self._index.nearest(self._index.weigh(counts))
        return found if similarity >= self.similarity_min else self._next_id

    def assign(self, terms: Sequence[str], event_time_ms: int, key: str) -> int:
        """Learn one post and return the id of its micro-cluster at arrival.

        Args:
            terms: Terms in the order of the text, repeated ones repeated; the first `POST_TERMS_MAX` distinct
                ones count.
            event_time_ms: When it was posted, in milliseconds.
            key: Names the post; kept, cut by `cut_name`, as `founder` if it founds a micro-cluster.

        Returns:
            The id, or `NO_MICRO_CLUSTER` for a post without terms, which changes nothing.
        """
        counts: dict[str, float] = {}
        for term in terms:
            counts[term] = counts.get(term, 0.0) + 1.0
        if len(counts) > POST_TERMS_MAX:
            counts = dict(islice(counts.items(), POST_TERMS_MAX))
        return self._learn(counts, event_time_ms, key)

    def resolve(self, micro_cluster_id: int) -> int:
        """Return the id that stands for this one now, merges followed; an unknown id stands for itself."""
        return self._lineage.resolve(micro_cluster_id)

    def drain_lineage(self) -> list[LineageEvent]:
        """Return the merges and ends since the last call, oldest first.

        If more than `lineage_max` wait, the oldest of them are lost.
        """
        return self._lineage.drain()

    def leading_terms(self, micro_cluster_id: int, count: int) -> list[tuple[str, float]]:
        """Return the terms that set a micro-cluster apart, best first, each with its part of the whole.

        Merges are followed; a micro-cluster that is no more has no terms.
        """
        cluster = self._index.clusters.get(self.resolve(micro_cluster_id))
        return self._index.leading_terms(cluster, count) if cluster else []

    def summary(self, micro_cluster_id: int, terms_max: int = 8) -> MicroClusterSummary | None:
        """Return the evidence on a micro-cluster, merges followed, or None if it is no more."""
        cluster = self._index.clusters.get(self.resolve(micro_cluster_id))
        if cluster is None:
            return None
        return self._index.summary(cluster, terms_max, self._gain)

    def live_ids(self) -> list[int]:
        """Return the ids of the live micro-clusters, oldest first."""
        return list(self._index.clusters)

    def snapshot(self) -> ClustererState:
        """Return the whole state, sharing nothing with the clusterer."""
        return ClustererState(
            version=STATE_VERSION,
            parameters=self._get_params(),
            origin_ms=self._origin_ms,
            time_ms=self._time_ms,
            next_id=self._next_id,
            posts_since_pass=self._posts_since_pass,
            passed_ms=self._passed_ms,
            touched=list(self._touched),
            clusters=[copy_of(cluster) for cluster in self._index.clusters.values()],
            lineage=self._lineage.snapshot(),
        )

    @classmethod
    def restore(cls, state: ClustererState) -> Self:
        """Return a clusterer that goes on exactly as the one the snapshot was taken of.

        Raises:
            ValueError: If the state is of another version or breaks what its own parameters promise.
        """
        blank = cls()
        check_state(state, set(blank._get_params()))
        clusterer = cls(**state.parameters)  # type: ignore[arg-type]  # the constructor checks them
        clusterer._origin_ms, clusterer._time_ms = state.origin_ms, state.time_ms
        clusterer._next_id = state.next_id
        clusterer._posts_since_pass, clusterer._passed_ms = state.posts_since_pass, state.passed_ms
        clusterer._touched = dict.fromkeys(state.touched)
        clusterer._gain = 2.0 ** clusterer._half_lives()
        clusterer._index.clusters = {cluster.id: copy_of(cluster) for cluster in state.clusters}
        clusterer._index.rebuild()
        clusterer._lineage = Lineage.restore(state.lineage, clusterer.lineage_max)
        return clusterer

    def _learn(self, counts: dict[str, float], event_time_ms: int, key: str) -> int:
        if not counts:
            return NO_MICRO_CLUSTER
        self._advance(event_time_ms)
        index = self._index
        while index.bytes > TERMS_BYTES_MAX:
            self._make_room()
        query = index.weigh(counts)
        found, similarity = index.nearest(query)
        is_near = similarity >= self.similarity_min
        cluster = index.clusters[found] if is_near else self._found(event_time_ms, key)
        index.learn(cluster, query, self._gain)
        cluster.posts += 1
        cluster.first_seen_ms = min(cluster.first_seen_ms, event_time_ms)
        cluster.last_seen_ms = max(cluster.last_seen_ms, event_time_ms)
        self._touched[cluster.id] = None
        self._posts_since_pass += 1
        if self._posts_since_pass >= self.merge_posts or self._time_ms - self._passed_ms >= self.merge_interval_ms:
            self._pass()
        return cluster.id

    def _advance(self, event_time_ms: int) -> None:
        if self._origin_ms is None:
            self._origin_ms = self._time_ms = self._passed_ms = event_time_ms
        if event_time_ms <= self._time_ms:
            return
        self._time_ms = event_time_ms
        if self._half_lives() > RESCALE_HALF_LIVES:
            self._rescale()
        self._gain = 2.0 ** self._half_lives()

    def _half_lives(self) -> float:
        """Half-lives between the time at which a post weighs 1 and the time reached."""
        return 0.0 if self._origin_ms is None else (self._time_ms - self._origin_ms) / self.half_life_ms

    def _rescale(self) -> None:
        """Bring inflated weights back to ordinary numbers; by a power of two, so that no digit is lost."""
        assert self._origin_ms is not None, "nothing can be rescaled before the first post"
        half_lives = (self._time_ms - self._origin_ms) // self.half_life_ms
        factor = 2.0**-half_lives
        self._evict_below(self.weight_min / factor if factor else math.inf)
        self._origin_ms += half_lives * self.half_life_ms
        self._index.rescale(factor, COUNT_MIN, 2.0 ** self._half_lives())

    def _found(self, event_time_ms: int, key: str) -> MicroCluster:
        clusters = self._index.clusters
        if len(clusters) >= self.micro_clusters_max:
            self._make_room()
        cluster = MicroCluster(
            id=self._next_id, founder=cut_name(key), first_seen_ms=event_time_ms, last_seen_ms=event_time_ms
        )
        self._next_id += 1
        clusters[cluster.id] = cluster
        return cluster

    def _make_room(self) -> None:
        lightest_first = sorted(self._index.clusters.values(), key=lambda cluster: (cluster.weight, cluster.id))
        for cluster in lightest_first[: max(1, int(len(lightest_first) * EVICTED_SHARE))]:
            self._evict(cluster)

    def _evict_below(self, weight: float) -> None:
        for cluster in [cluster for cluster in self._index.clusters.values() if cluster.weight < weight]:
            self._evict(cluster)

    def _evict(self, cluster: MicroCluster) -> None:
        self._index.remove(cluster)
        self._lineage.fade(cluster.id, at_ms=self._time_ms)

    def _pass(self) -> None:
        """Let faded micro-clusters go, then merge those that changed with their nearest if close enough."""
        self._evict_below(self.weight_min * self._gain)
        touched, self._touched = sorted(self._touched), {}
        self._posts_since_pass, self._passed_ms = 0, self._time_ms
        clusters = self._index.clusters
        for micro_cluster_id in touched:
            cluster = clusters.get(micro_cluster_id)
            if cluster is None or cluster.posts < cluster.compared_posts * COMPARED_GROWTH:
                continue
            cluster.compared_posts = cluster.posts
            other_id, cosine = self._index.closest(cluster, self._gain)
            if cosine >= self.merge_similarity_min:
                self._merge(cluster, clusters[other_id])

    def _merge(self, one: MicroCluster, other: MicroCluster) -> None:
        older, younger = (one, other) if one.id < other.id else (other, one)
        self._index.join(older, younger, self._gain)
        self._lineage.merge(younger.id, into=older.id, at_ms=self._time_ms)

    def _check_parameters(self) -> None:
        for name in ("similarity_min", "merge_similarity_min", "damping"):
            self._check(name, "in (0, 1]", fits=0 < getattr(self, name) <= 1)
        self._check("novelty", "in [0, 1]", fits=0 <= self.novelty <= 1)
        self._check("weight_min", "in (0, 1)", fits=0 < self.weight_min < 1)
        self._check("preference", "at least 0 and finite", fits=0 <= self.preference < math.inf)
        for name in (
            "half_life_ms",
            "merge_posts",
            "merge_interval_ms",
            "micro_clusters_max",
            "terms_max",
            "posting_max",
            "lineage_max",
        ):
            value = getattr(self, name)
            self._check(name, "an integer of at least 1", fits=isinstance(value, int) and value >= 1)

    def _check(self, name: str, allowed: str, *, fits: bool) -> None:
        if not fits:
            raise ValueError(f"{name} must be {allowed}, got {getattr(self, name)!r}")


def _counts_of_features(x: Mapping[Any, Any]) -> dict[str, float]:
    """Return the heaviest positive features, in an order that does not depend on that of the mapping."""
    weights = [
        (str(name), float(min(weight, FEATURE_MAX)))
        for name, weight in x.items()
        if _is_number(weight) and weight >= FEATURE_MIN
    ]
    weights.sort(key=lambda pair: (-pair[1], pair[0]))
    return dict(weights[:POST_TERMS_MAX])


def _is_number(value: Any) -> bool:  # noqa: ANN401  # River's features are of any type
    return isinstance(value, Real)
