"""The live micro-clusters of a clusterer: how they begin, learn, merge, split and end.

Each has a `MicroCluster` with what is counted of it, a row in the term matrix, and its latest posts. Merges keep the
older one; a split gives the smaller part a new id. All of it is written into the lineage.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from models.fading import FadingClock
from models.lineage import Lineage
from models.microcluster import MicroCluster, MicroClusterSummary
from models.recent import RecentPost, RecentPosts
from models.splitting import most_typical, two_groups
from models.term_matrix import Row, TermMatrix

GAP_GAPS: Final = 1_000
"""Gaps between posts over which is averaged what is usual in all micro-clusters."""

SPLIT_POSTS_MIN: Final = 4
"""Posts that a part must have to become a micro-cluster of its own."""

LATEST_POSTS: Final = 16
"""Latest posts of a micro-cluster that are looked at, for splits and for typical ones."""

COUNT_MIN: Final = 1e-9
"""Faded count below which a term is dropped at a rescaling or a split: 30 half-lives after its only post."""

EVICTED_SHARE: Final = 0.1
"""Share of the micro-clusters that leave at once when there is no more room, so that ranking them is rare."""


class Population:
    """See the module's description.

    Args:
        clock: Event time and what a post weighs; the owner moves it.
        matrix: The terms of the micro-clusters.
        recent: The latest posts.
        lineage: Where beginnings, merges and ends are noted.
        micro_clusters_max: Live micro-clusters; the most faded leave first. At least 1.
        weight_min: Weight, in posts of now, below which one is not kept; in (0, 1).
    """

    def __init__(
        self,
        *,
        clock: FadingClock,
        matrix: TermMatrix,
        recent: RecentPosts,
        lineage: Lineage,
        micro_clusters_max: int,
        weight_min: float,
    ) -> None:
        self.clock = clock
        self.matrix = matrix
        self.recent = recent
        self.lineage = lineage
        self.micro_clusters_max = micro_clusters_max
        self.weight_min = weight_min
        self.live: dict[int, MicroCluster] = {}
        self.next_id = 0
        self.log_gap: float | None = None

    def take_in(self, clusters: Iterable[MicroCluster], rows: Iterable[Row]) -> None:
        """Take over what a snapshot held; shares nothing with it."""
        for cluster, row in zip(clusters, rows, strict=True):
            self.live[cluster.id] = replace(cluster)
            self.matrix.enter(cluster.id, row)

    def found(self, event_time_ms: int, key: str) -> MicroCluster:
        """Begin a micro-cluster, without posts yet."""
        if len(self.live) >= self.micro_clusters_max:
            self.make_room()
        cluster = self._begin(event_time_ms, key)
        self.lineage.bear(cluster.id, at_ms=self.clock.time_ms)
        return cluster

    def learn(self, cluster: MicroCluster, counts: Mapping[str, float], event_time_ms: int, key: str) -> None:
        """Add a post to a micro-cluster."""
        gain = self.clock.gain
        log_gap = cluster.see(event_time_ms)
        if log_gap is not None:
            before = log_gap if self.log_gap is None else self.log_gap
            self.log_gap = before + (log_gap - before) / GAP_GAPS
        cluster.weight += gain
        self.matrix.learn(cluster.id, counts, gain)
        self._mark(cluster)
        self.recent.add(cluster.id, key, self.clock.time_ms, counts)

    def make_room(self) -> None:
        """Let the most faded go."""
        lightest_first = sorted(self.live.values(), key=attrgetter("weight"))
        self._evict(lightest_first[: max(1, int(len(lightest_first) * EVICTED_SHARE))])

    def evict_faded(self) -> None:
        """Let those go that weigh too little."""
        self._evict_lighter(self.weight_min * self.clock.gain)

    def rescale(self, half_lives: int) -> None:
        """Halve all weights so often, and let those go that then weigh too little."""
        factor = 2.0**-half_lives
        self._evict_lighter(self.weight_min * self.clock.gain / factor if factor else math.inf)
        for cluster in self.live.values():
            cluster.weight *= factor
        self.matrix.rescale(factor, COUNT_MIN)

    def merge(self, one: MicroCluster, other: MicroCluster) -> None:
        """Merge two micro-clusters into the older one."""
        older, younger = (one, other) if one.id < other.id else (other, one)
        del self.live[younger.id]
        older.take_over(younger)
        terms = self.matrix.row(younger.id).terms
        self.matrix.leave(younger.id)
        self.matrix.learn(older.id, terms, 1.0)
        self.matrix.reweigh(older.id)
        self._mark(older)
        self.recent.move(self.recent.of(younger.id), into=older.id)
        self.lineage.merge(younger.id, into=older.id, at_ms=self.clock.time_ms)

    def split(self, cluster: MicroCluster, similarity_max: float) -> None:
        """Make the smaller part of a micro-cluster's latest posts one of its own, if they fall apart."""
        count_min = COUNT_MIN * self.clock.gain
        posts = [post for post in self._latest(cluster) if self.clock.gain_at(post.at_ms) >= count_min]
        if len(posts) < 2 * SPLIT_POSTS_MIN or len(self.live) >= self.micro_clusters_max:
            return
        groups = two_groups([self._vector(post) for post in posts])
        if groups is None or len(groups.smaller) < SPLIT_POSTS_MIN or groups.cosine >= similarity_max:
            return
        leaving = [posts[place] for place in groups.smaller]
        if math.fsum(self.clock.gain_at(post.at_ms) for post in leaving) < self.weight_min * self.clock.gain:
            return
        piece = self._begin(leaving[0].at_ms, leaving[0].key)
        for post in leaving:
            gain = self.clock.gain_at(post.at_ms)
            piece.see(post.at_ms)
            piece.weight += gain
            self.matrix.learn(piece.id, post.counts, gain)
        self.matrix.take_away(cluster.id, self.matrix.row(piece.id).terms, count_min)
        cluster.lose(piece, [post.at_ms for place, post in enumerate(posts) if place not in groups.smaller])
        self.matrix.reweigh(piece.id)
        self._mark(cluster)
        self._mark(piece)
        self.recent.move(leaving, into=piece.id)
        self.lineage.split(piece.id, split_from=cluster.id, at_ms=self.clock.time_ms)

    def leading_terms(self, cluster: MicroCluster, count: int) -> list[tuple[str, float]]:
        """Return the terms that set a micro-cluster apart, best first, each with its part of the squared length."""
        squares = [(term, weight * weight) for term, weight in self.matrix.heaviest(cluster.id, self.matrix.terms_max)]
        squares.sort(key=lambda pair: (-pair[1], pair[0]))
        whole = math.fsum(square for _, square in squares)
        return [(term, square / whole) for term, square in squares[:count]]

    def summary(self, cluster: MicroCluster, terms_max: int, typical_max: int) -> MicroClusterSummary:
        """Return the evidence on a micro-cluster."""
        posts = self._latest(cluster)
        typical = most_typical([self._vector(post) for post in posts], typical_max)
        return MicroClusterSummary(
            micro_cluster_id=cluster.id,
            founder=cluster.founder,
            weight=cluster.weight / self.clock.gain,
            posts=cluster.posts,
            growth=cluster.growth(self.clock.time_ms),
            first_seen_ms=cluster.first_seen_ms,
            last_seen_ms=cluster.last_seen_ms,
            terms=self.leading_terms(cluster, terms_max),
            typical=[posts[place].key for place in typical],
        )

    def _begin(self, event_time_ms: int, key: str) -> MicroCluster:
        number, self.next_id = self.next_id, self.next_id + 1
        self.matrix.enter(number, Row())
        cluster = self.live[number] = MicroCluster(number, key, event_time_ms, event_time_ms)
        return cluster

    def _mark(self, cluster: MicroCluster) -> None:
        """Let the matrix know how large and how lively a micro-cluster is now."""
        pace = 0.0 if self.log_gap is None else math.exp(-cluster.usual_log_gap(self.log_gap))
        self.matrix.mark(cluster.id, cluster.weight / self.clock.gain, cluster.last_seen_ms, pace)

    def _evict_lighter(self, weight: float) -> None:
        self._evict([cluster for cluster in self.live.values() if cluster.weight < weight])

    def _evict(self, clusters: Sequence[MicroCluster]) -> None:
        if not clusters:
            return
        for cluster in clusters:
            del self.live[cluster.id]
            self.matrix.leave(cluster.id)
            self.lineage.fade(cluster.id, at_ms=self.clock.time_ms)
        self.recent.forget({cluster.id for cluster in clusters})

    def _latest(self, cluster: MicroCluster) -> list[RecentPost]:
        return self.recent.of(cluster.id)[-LATEST_POSTS:]

    def _vector(self, post: RecentPost) -> dict[str, float]:
        return {term: count * self.matrix.rarity(term) for term, count in post.counts.items()}
