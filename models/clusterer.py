"""The narrative clusterer: sparse term vectors in, stable narrative ids out, one pass, in event time.

How it goes, post by post:

1. time moves to the post's event time, never back;
2. the post joins the most similar live micro-cluster, or founds one if none is similar enough;
3. at fixed points (`merge_posts` posts or `merge_interval_ms` of event time after the last one, whichever
   comes first) faded micro-clusters leave; of those that changed, some are merged with their nearest, which
   is close enough, and some split, whose posts fall apart.

Nothing depends on a clock, on chance or on the order of a hash table, and ties go to the oldest, so the same
posts give the same ids in every process.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Self

from msgspec.structs import replace
from river import base

from models.clusterer_state import CUT_OFF_RANGE, STATE_VERSION, ClustererState, check_parameters, check_state
from models.fading import FadingClock
from models.features import counts_of_features, counts_of_terms
from models.lineage import Lineage, LineageEvent
from models.microcluster import MicroClusterSummary
from models.population import Population
from models.recent import RecentPosts
from models.term_matrix import NO_MICRO_CLUSTER
from models.terms import cut_name

try:
    from models._term_matrix import TermMatrix
except ModuleNotFoundError:  # not compiled here
    from models.term_matrix import TermMatrix  # type: ignore[assignment]

ARRIVAL_STEP_MS: Final = 1_000
"""Event time between two posts of which only the order is known."""

COMPARED_GROWTH: Final = 1.25
"""Growth from which a micro-cluster is again compared with the others: one post more hardly moves a large one."""

CUT_OFF_POSTS: Final = 2_000
"""Posts over which the cut-off follows the stream."""


class NarrativeClusterer(base.Clusterer):
    """Groups the posts of one community into sub-narratives as they come.

    A post goes to the micro-cluster with the greatest cosine similarity of term counts times rarity (idf over the live
    micro-clusters), lowered the more of its usual gaps between posts the micro-cluster has been silent for. It founds
    one of its own if that similarity is below the cut-off, which follows the stream: the mean similarity of the
    second-best micro-cluster, to which a post does not belong. The past fades by half every `half_life_ms` of event
    time. Ids are counted up from 0, never used again, and an id once given is stable: a merge keeps the older id, a
    split gives the smaller part a new one, and both are reported. A late post counts at the event time already reached.

    Memory is bounded whatever comes: `micro_clusters_max` micro-clusters of `terms_max` terms, `posting_max`
    micro-clusters a term, `lineage_max` merges and events, `recent_terms_max` terms of recent posts, `terms_bytes_max`
    bytes of terms before the latest post. A micro-cluster that faded below `weight_min` posts leaves at the next pass;
    when a new one, or the terms of a post, find no room, the most faded tenth leaves at once. How long the search
    for the nearest takes does not depend on how many micro-clusters are live; a pass walks all of them.

    The scheme is that of River's TextClust (micro-clusters of term vectors that fade and merge, a cut-off taken from
    the similarities themselves), with an index in place of a comparison with each. The defaults come from two archives
    of labelled short texts; `tests/benchmarks/bench_clusterer.py` shows what half and double of each does.

    Not to be mistaken: the id returned is the one at arrival. A later merge may pass it on to an older one:
    `resolve` says which, `drain_lineage` when.

    Args:
        cut_off: Similarity from which a post joins, in (0, 1], before the stream has shown what is usual; later it
            stays between half and double of this.
        merge_similarity_min: Cosine from which two micro-clusters are merged, in (0, 1].
        split_similarity_max: Cosine of two parts of a micro-cluster below which they are split, in [0, 1) and less than
            `merge_similarity_min`.
        half_life_ms: Event time in which the past loses half its weight, in milliseconds.
        preference: Mild preference for larger micro-clusters, at least 0: times 1 + preference x ln(1 + weight), the
            weight in posts as of its latest one.
        damping: Power of the counts in a micro-cluster, in (0, 1].
        novelty: Part with which terms that no micro-cluster holds lengthen a post, in [0, 1].
        recency: Power with which silence counts against a micro-cluster, at least 0: times (1 + silence / usual
            gap)^-recency.
        merge_posts: Posts after which a pass of merging and splitting is due.
        merge_interval_ms: Event time after which one is due, in milliseconds.
        weight_min: Faded weight, in posts, below which a micro-cluster leaves; in (0, 1).
        micro_clusters_max: Live micro-clusters.
        terms_max: Terms a micro-cluster.
        posting_max: Micro-clusters a term.
        terms_bytes_max: Bytes of the terms of all micro-clusters, their counts included.
        recent_terms_max: Terms of the latest posts, which are kept to find splits and typical posts by.
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
        cut_off: float = 0.18,
        merge_similarity_min: float = 0.3,
        split_similarity_max: float = 0.1,
        half_life_ms: int = 86_400_000,
        preference: float = 0.05,
        damping: float = 0.7,
        novelty: float = 0.5,
        recency: float = 0.25,
        merge_posts: int = 500,
        merge_interval_ms: int = 4 * 3_600_000,
        weight_min: float = 0.25,
        micro_clusters_max: int = 2_000,
        terms_max: int = 128,
        posting_max: int = 128,
        terms_bytes_max: int = 2_000_000,
        recent_terms_max: int = 2_000,
        lineage_max: int = 10_000,
    ) -> None:
        self.cut_off = cut_off
        self.merge_similarity_min = merge_similarity_min
        self.split_similarity_max = split_similarity_max
        self.half_life_ms = half_life_ms
        self.preference = preference
        self.damping = damping
        self.novelty = novelty
        self.recency = recency
        self.merge_posts = merge_posts
        self.merge_interval_ms = merge_interval_ms
        self.weight_min = weight_min
        self.micro_clusters_max = micro_clusters_max
        self.terms_max = terms_max
        self.posting_max = posting_max
        self.terms_bytes_max = terms_bytes_max
        self.recent_terms_max = recent_terms_max
        self.lineage_max = lineage_max
        check_parameters(self._get_params())
        self._cut_off = cut_off
        self._posts_since_pass = 0
        self._passed_ms = 0
        self._touched: dict[int, None] = {}
        self._assemble(FadingClock(half_life_ms), RecentPosts(recent_terms_max), Lineage(lineage_max))

    def _assemble(self, clock: FadingClock, recent: RecentPosts, lineage: Lineage) -> None:
        self._clock = clock
        self._matrix = TermMatrix(
            terms_max=self.terms_max,
            posting_max=self.posting_max,
            damping=self.damping,
            novelty=self.novelty,
            preference=self.preference,
            recency=self.recency,
        )
        self._recent = recent
        self._lineage = lineage
        self._population = Population(
            clock=clock,
            matrix=self._matrix,
            recent=recent,
            lineage=lineage,
            micro_clusters_max=self.micro_clusters_max,
            weight_min=self.weight_min,
        )

    def learn_one(self, x: Mapping[Any, Any], event_time_ms: int | None = None) -> None:
        """Learn one post given as features, whatever their order.

        Args:
            x: Term to weight. Weights that are no positive number are left out; the `POST_TERMS_MAX` heaviest
                count.
            event_time_ms: Milliseconds; None makes the order of arrival time, one second a post.
        """
        self._learn(counts_of_features(x), self._time_of(event_time_ms), "")

    def predict_one(self, x: Mapping[Any, Any], event_time_ms: int | None = None) -> int:
        """Return the id that `learn_one` of the same post, at the same time, would give it now; changes nothing.

        A micro-cluster that would leave just before, faded for ages or for want of room, is still found.

        Returns:
            A micro-cluster's id: that of the next new one if none is similar enough, `NO_MICRO_CLUSTER`
            without terms.
        """
        counts = counts_of_features(x)
        if not counts:
            return NO_MICRO_CLUSTER
        now_ms = max(self._clock.time_ms, self._time_of(event_time_ms))
        found, similarity, _ = self._matrix.nearest(counts, now_ms)
        return found if similarity >= self._cut_off else self._population.next_id

    def assign(self, terms: Sequence[str], event_time_ms: int, key: str) -> int:
        """Learn one post and return the id of its micro-cluster at arrival.

        Args:
            terms: Terms in the order of the text, repeated ones repeated; the first `POST_TERMS_MAX` distinct
                ones count. Each a plain `str`.
            event_time_ms: When it was posted, in milliseconds.
            key: Names the post; kept, cut by `cut_name`, as `founder` if it founds a micro-cluster.

        Returns:
            The id, or `NO_MICRO_CLUSTER` for a post without terms, which changes nothing.
        """
        return self._learn(counts_of_terms(terms), event_time_ms, cut_name(key))

    def resolve(self, micro_cluster_id: int) -> int:
        """Return the id that stands for this one now, merges followed; an unknown id stands for itself."""
        return self._lineage.resolve(micro_cluster_id)

    def drain_lineage(self) -> list[LineageEvent]:
        """Return the beginnings, merges and ends since the last call, oldest first.

        If more than `lineage_max` wait, the oldest of them are lost.
        """
        return self._lineage.drain()

    def leading_terms(self, micro_cluster_id: int, count: int) -> list[tuple[str, float]]:
        """Return the terms that set a micro-cluster apart, best first, each with its part of the whole.

        Merges are followed; a micro-cluster that is no more has no terms.
        """
        cluster = self._population.live.get(self.resolve(micro_cluster_id))
        return self._population.leading_terms(cluster, count) if cluster else []

    def summary(self, micro_cluster_id: int, terms_max: int = 8, typical_max: int = 3) -> MicroClusterSummary | None:
        """Return the evidence on a micro-cluster, merges followed, or None if it is no more."""
        cluster = self._population.live.get(self.resolve(micro_cluster_id))
        return self._population.summary(cluster, terms_max, typical_max) if cluster else None

    def live_ids(self) -> list[int]:
        """Return the ids of the live micro-clusters, oldest first."""
        return list(self._population.live)

    def snapshot(self) -> ClustererState:
        """Return the whole state, sharing nothing with the clusterer."""
        population, clock = self._population, self._clock
        return ClustererState(
            version=STATE_VERSION,
            parameters=self._get_params(),
            origin_ms=clock.origin_ms,
            time_ms=clock.time_ms,
            next_id=population.next_id,
            cut_off=self._cut_off,
            log_gap=population.log_gap,
            posts_since_pass=self._posts_since_pass,
            passed_ms=self._passed_ms,
            touched=list(self._touched),
            clusters=list(map(replace, population.live.values())),
            rows=list(map(self._matrix.row, population.live)),
            recent=list(self._recent),
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
        clusterer._assemble(
            FadingClock(clusterer.half_life_ms, state.origin_ms, state.time_ms),
            RecentPosts(clusterer.recent_terms_max, state.recent),
            Lineage.restore(state.lineage, clusterer.lineage_max),
        )
        clusterer._population.take_in(state.clusters, state.rows)
        clusterer._population.next_id, clusterer._population.log_gap = state.next_id, state.log_gap
        clusterer._cut_off = state.cut_off
        clusterer._posts_since_pass, clusterer._passed_ms = state.posts_since_pass, state.passed_ms
        clusterer._touched = dict.fromkeys(state.touched)
        return clusterer

    def __reduce__(self) -> tuple[Callable[[ClustererState], Self], tuple[ClustererState]]:
        """Pickle and copy by way of a snapshot: parameters and what was learnt, whoever has the matrix compiled."""
        return type(self).restore, (self.snapshot(),)

    def _learn(self, counts: dict[str, float], event_time_ms: int, key: str) -> int:
        if not counts:
            return NO_MICRO_CLUSTER
        population, clock = self._population, self._clock
        self._advance(event_time_ms)
        while self._matrix.bytes > self.terms_bytes_max:
            population.make_room()
        found, similarity, second = self._matrix.nearest(counts, clock.time_ms)
        cluster = population.live[found] if similarity >= self._cut_off else population.found(event_time_ms, key)
        self._follow(second)
        population.learn(cluster, counts, event_time_ms, key)
        self._touched[cluster.id] = None
        self._posts_since_pass += 1
        if self._posts_since_pass >= self.merge_posts or clock.time_ms - self._passed_ms >= self.merge_interval_ms:
            self._pass()
        return cluster.id

    def _advance(self, event_time_ms: int) -> None:
        if self._clock.origin_ms is None:
            self._passed_ms = event_time_ms
        half_lives = self._clock.advance(event_time_ms)
        if half_lives:
            self._population.rescale(half_lives)

    def _follow(self, second: float) -> None:
        """Let the cut-off follow the similarity of the second-best micro-cluster."""
        cut_off = self._cut_off + (second - self._cut_off) / CUT_OFF_POSTS
        self._cut_off = min(max(cut_off, self.cut_off / CUT_OFF_RANGE), self.cut_off * CUT_OFF_RANGE)

    def _time_of(self, event_time_ms: int | None) -> int:
        return self._clock.time_ms + ARRIVAL_STEP_MS if event_time_ms is None else event_time_ms

    def _pass(self) -> None:
        """Let faded micro-clusters go, then merge those that changed with their nearest, or split them."""
        population = self._population
        population.evict_faded()
        touched, self._touched = sorted(self._touched), {}
        self._posts_since_pass, self._passed_ms = 0, self._clock.time_ms
        for micro_cluster_id in touched:
            cluster = population.live.get(micro_cluster_id)
            if cluster is None or cluster.posts < cluster.compared_posts * COMPARED_GROWTH:
                continue
            # More rarely than it is compared: at 8, 16, 32 posts and so on.
            is_split_due = cluster.posts.bit_length() > cluster.compared_posts.bit_length()
            cluster.compared_posts = cluster.posts
            other_id, cosine = self._matrix.closest(micro_cluster_id)
            if cosine >= self.merge_similarity_min:
                population.merge(cluster, population.live[other_id])
            elif is_split_due:
                population.split(cluster, self.split_similarity_max)
