"""Micro-clusters and the inverted index through which the nearest one is found.

A micro-cluster is the sum of the term counts of its posts. Rules that hold between any two calls:

* `postings[term][id]` exists if and only if term is in that micro-cluster's `terms`, and equals its count to
  the power `damping`: the index holds nothing that the micro-clusters do not, so a snapshot needs only them;
* no micro-cluster holds more than `terms_max` terms, and no term is held by more than `posting_max`
  micro-clusters;
* `bytes` is the room that the terms of all micro-clusters take up, a term counted in each that holds it.

Counts are *inflated*: a post at a later event time adds more, instead of all that is older being multiplied
down. Since the cosine does not change when a whole micro-cluster is scaled, fading so costs nothing per post.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from models.terms import size_in_bytes

NO_MICRO_CLUSTER: Final = -1
"""Stands for none: a post without terms, a search without result."""

KEPT_SHARE: Final = 0.75
"""What a full list is cut back to: cutting a quarter at once makes the sort behind it rare."""

REWEIGH_POSTS: Final = 8
"""Posts after which a micro-cluster's length is computed anew, since rarities move."""

MERGE_TERMS_MAX: Final = 12
"""Leading terms by which a micro-cluster looks for one to merge with; the others hardly move the cosine."""

_COUNT_BYTES: Final = 8
"""What a term's count takes up beside the term itself."""

Query = list[tuple[str, float, float]]
"""A post to compare: term, count in the post, squared rarity of the term."""


class MicroCluster(msgspec.Struct, array_like=True):
    """Posts taken to be about the same, as one sum.

    Attributes:
        id: Counted up from 0 in order of creation.
        founder: Key of the post that created it.
        first_seen_ms: Least event time of its posts.
        last_seen_ms: Greatest event time of its posts.
        posts: Posts that it took, those of micro-clusters merged into it included.
        weight: Inflated number of posts.
        terms: Inflated count of each term.
        length_squared: Squared Euclidean length of the damped counts times rarity, as far as known.
        scale: What a dot product is multiplied by to give the similarity: preference / length; 0 without
            terms.
        posts_since_weighing: Posts since the length was last computed anew.
        compared_posts: Posts it had when it was last compared with the others.
    """

    id: int
    founder: str
    first_seen_ms: int
    last_seen_ms: int
    posts: int = 0
    weight: float = 0.0
    terms: dict[str, float] = msgspec.field(default_factory=dict)
    length_squared: float = 0.0
    scale: float = 0.0
    posts_since_weighing: int = 0
    compared_posts: int = 1


class MicroClusterSummary(msgspec.Struct, frozen=True):
    """What a live micro-cluster is, for evidence.

    Attributes:
        micro_cluster_id: Its id, merges followed.
        founder: Key of the post that created it.
        weight: Posts, each faded by its age at the clusterer's time.
        posts: Posts it ever took, unfaded.
        first_seen_ms: Least event time of its posts.
        last_seen_ms: Greatest event time of its posts.
        terms: Leading terms, best first, each with its part of the whole, between 0 and 1.
    """

    micro_cluster_id: int
    founder: str
    weight: float
    posts: int
    first_seen_ms: int
    last_seen_ms: int
    terms: list[tuple[str, float]]


class MicroClusterIndex:
    """The live micro-clusters of one clusterer, found by their terms.

    The similarity of a post and a micro-cluster is the cosine of their term vectors times a mild preference
    for larger micro-clusters. A term's part of a vector is its count, damped in a micro-cluster, times its
    rarity `1 + ln(N / micro-clusters that hold it)`, N being the live ones plus one. Only micro-clusters that
    share a term are looked at, at most `posting_max` a term, so a search costs the same however many there
    are. Lengths are kept, not computed anew for each search: they follow the rarities with a delay.

    Args:
        terms_max: Terms a micro-cluster may hold; the least frequent go first. At least 1.
        posting_max: Micro-clusters that may hold one term; those that use it least lose it first. At least 1.
        damping: Power of a micro-cluster's counts, in (0, 1]; below 1 its few most frequent words do not
            drown the others.
        preference: The similarity is multiplied by 1 + preference x ln(1 + weight); at least 0.
        novelty: How much of a term that no micro-cluster holds counts in the length of a post, in [0, 1].
    """

    def __init__(self, *, terms_max: int, posting_max: int, damping: float, preference: float, novelty: float) -> None:
        self.terms_max = terms_max
        self.posting_max = posting_max
        self.damping = damping
        self.preference = preference
        self.novelty = novelty
        self.clusters: dict[int, MicroCluster] = {}
        self.postings: dict[str, dict[int, float]] = {}
        self.bytes = 0

    def weigh(self, counts: Mapping[str, float]) -> Query:
        """Return the terms of a post with their counts and squared rarities as they are now."""
        number, postings, log = len(self.clusters) + 1, self.postings, math.log
        query: Query = []
        for term, count in counts.items():
            posting = postings.get(term)
            rarity = 1.0 + log(number / len(posting) if posting else number)
            query.append((term, count, rarity * rarity))
        return query

    def nearest(self, query: Query) -> tuple[int, float]:
        """Return the most similar micro-cluster and the similarity; of equals the oldest.

        Returns:
            The id and the similarity, or (`NO_MICRO_CLUSTER`, 0.0) if no micro-cluster shares a term.
        """
        dots: dict[int, float] = {}
        dot_of, postings, clusters = dots.get, self.postings, self.clusters
        length_squared = 0.0
        for term, count, rarity_squared in query:
            weight = count * rarity_squared
            posting = postings.get(term)
            if posting is None:
                length_squared += self.novelty * weight * count
                continue
            length_squared += weight * count
            for found, damped in posting.items():
                dots[found] = dot_of(found, 0.0) + weight * damped
        best, best_score = NO_MICRO_CLUSTER, 0.0
        for found, dot in dots.items():
            score = dot * clusters[found].scale
            if score > best_score or (score == best_score and found < best):
                best, best_score = found, score
        return (best, best_score / math.sqrt(length_squared)) if best_score else (NO_MICRO_CLUSTER, 0.0)

    def learn(self, cluster: MicroCluster, query: Query, gain: float) -> None:
        """Add a post to a micro-cluster.

        Args:
            cluster: One of `clusters`.
            query: The post, from `weigh`.
            gain: Inflated weight of one post at its event time.
        """
        own, terms, postings, damping = cluster.id, cluster.terms, self.postings, self.damping
        crowded = []
        added = 0.0
        for term, count, rarity_squared in query:
            total = terms.get(term, 0.0) + count * gain
            damped = total**damping
            posting = postings.get(term)
            if posting is None:
                posting = postings[term] = {}
            before = posting.get(own, 0.0)
            if not before:
                self.bytes += _size_of(term)
            terms[term] = total
            posting[own] = damped
            added += (damped * damped - before * before) * rarity_squared
            if len(posting) > self.posting_max:
                crowded.append(term)
        cluster.weight += gain
        cluster.length_squared += added
        cluster.posts_since_weighing += 1
        self._settle(cluster, crowded, gain, anew=cluster.posts_since_weighing >= REWEIGH_POSTS)

    def join(self, older: MicroCluster, younger: MicroCluster, gain: float) -> None:
        """Merge a micro-cluster into an older one; only the older stays."""
        self.remove(younger)
        crowded = []
        for term, count in younger.terms.items():
            total = older.terms[term] = older.terms.get(term, 0.0) + count
            posting = self.postings.setdefault(term, {})
            if older.id not in posting:
                self.bytes += _size_of(term)
            posting[older.id] = total**self.damping
            if len(posting) > self.posting_max:
                crowded.append(term)
        older.weight += younger.weight
        older.posts += younger.posts
        older.first_seen_ms = min(older.first_seen_ms, younger.first_seen_ms)
        older.last_seen_ms = max(older.last_seen_ms, younger.last_seen_ms)
        self._settle(older, crowded, gain, anew=True)

    def remove(self, cluster: MicroCluster) -> None:
        """Take a micro-cluster out; it keeps its own terms."""
        for term in cluster.terms:
            self._unpost(term, cluster.id)
        del self.clusters[cluster.id]

    def closest(self, cluster: MicroCluster, gain: float) -> tuple[int, float]:
        """Return the other micro-cluster nearest to this one, by its leading terms, and their cosine.

        Returns:
            The id and the cosine, without preference; (`NO_MICRO_CLUSTER`, 0.0) if none shares a term.
        """
        self._reweigh(cluster, gain)
        dots: dict[int, float] = {}
        dot_of, clusters = dots.get, self.clusters
        for term, weight in self._heaviest_terms(cluster, MERGE_TERMS_MAX):
            factor = weight * self._rarity(term)
            for found, damped in self.postings[term].items():
                dots[found] = dot_of(found, 0.0) + factor * damped
        dots.pop(cluster.id, None)
        best, best_square = NO_MICRO_CLUSTER, 0.0
        for found, dot in dots.items():
            square = dot * dot / clusters[found].length_squared
            if square > best_square or (square == best_square and found < best):
                best, best_square = found, square
        return (best, math.sqrt(best_square / cluster.length_squared)) if best_square else (best, 0.0)

    def leading_terms(self, cluster: MicroCluster, count: int) -> list[tuple[str, float]]:
        """Return the terms that set a micro-cluster apart from the others, best first.

        Args:
            cluster: One of `clusters`.
            count: At most so many terms.

        Returns:
            Each term with its part of the squared length: between 0 and 1, together 1 for all terms.
        """
        heaviest = self._heaviest_terms(cluster, len(cluster.terms))
        whole = sum(weight * weight for _, weight in heaviest)
        return [(term, weight * weight / whole) for term, weight in heaviest[:count]]

    def summary(self, cluster: MicroCluster, terms_max: int, gain: float) -> MicroClusterSummary:
        """Return what a micro-cluster is, its weight in posts of which each counts `gain` now."""
        return MicroClusterSummary(
            micro_cluster_id=cluster.id,
            founder=cluster.founder,
            weight=cluster.weight / gain,
            posts=cluster.posts,
            first_seen_ms=cluster.first_seen_ms,
            last_seen_ms=cluster.last_seen_ms,
            terms=self.leading_terms(cluster, terms_max),
        )

    def rescale(self, factor: float, count_min: float, gain: float) -> None:
        """Multiply every weight and count, dropping terms that fall below a least count.

        Args:
            factor: Positive.
            count_min: Least count kept, after scaling.
            gain: Inflated weight of one post, after scaling.
        """
        for cluster in self.clusters.values():
            cluster.weight *= factor
            scaled = ((term, count * factor) for term, count in cluster.terms.items())
            cluster.terms = {term: count for term, count in scaled if count >= count_min}
        self.rebuild()
        for cluster in self.clusters.values():
            self._reweigh(cluster, gain)

    def rebuild(self) -> None:
        """Make the index anew from the micro-clusters' terms."""
        self.postings = {}
        self.bytes = 0
        for cluster in self.clusters.values():
            for term, count in cluster.terms.items():
                self.bytes += _size_of(term)
                self.postings.setdefault(term, {})[cluster.id] = count**self.damping

    def _rarity(self, term: str) -> float:
        return 1.0 + math.log((len(self.clusters) + 1) / len(self.postings[term]))

    def _heaviest_terms(self, cluster: MicroCluster, count: int) -> list[tuple[str, float]]:
        own, postings = cluster.id, self.postings
        weights = [(term, postings[term][own] * self._rarity(term)) for term in cluster.terms]
        weights.sort(key=lambda pair: (-pair[1], pair[0]))
        return weights[:count]

    def _settle(self, cluster: MicroCluster, crowded: Iterable[str], gain: float, *, anew: bool) -> None:
        """Bring a micro-cluster that grew, and the terms it crowded, back under their caps."""
        if len(cluster.terms) > self.terms_max:
            self._cut_terms(cluster)
            anew = True
        for term in crowded:
            self._cut_posting(term, gain)
        if anew:
            self._reweigh(cluster, gain)
        else:
            self._rescore(cluster, gain)

    def _cut_terms(self, cluster: MicroCluster) -> None:
        ranked = sorted(cluster.terms.items(), key=lambda pair: (-pair[1], pair[0]))
        kept = _kept(self.terms_max)
        for term, _ in ranked[kept:]:
            self._unpost(term, cluster.id)
        cluster.terms = dict(ranked[:kept])

    def _cut_posting(self, term: str, gain: float) -> None:
        posting = self.postings.get(term)
        if posting is None or len(posting) <= self.posting_max:
            return
        ranked = sorted(posting.items(), key=lambda pair: (-pair[1], pair[0]))
        kept = _kept(self.posting_max)
        self.postings[term] = dict(ranked[:kept])
        for loser, _ in ranked[kept:]:
            cluster = self.clusters[loser]
            del cluster.terms[term]
            self.bytes -= _size_of(term)
            self._reweigh(cluster, gain)

    def _unpost(self, term: str, micro_cluster_id: int) -> None:
        posting = self.postings[term]
        del posting[micro_cluster_id]
        self.bytes -= _size_of(term)
        if not posting:
            del self.postings[term]

    def _reweigh(self, cluster: MicroCluster, gain: float) -> None:
        own, postings, log, number = cluster.id, self.postings, math.log, len(self.clusters) + 1
        length_squared = 0.0
        for term in cluster.terms:
            posting = postings[term]
            part = posting[own] * (1.0 + log(number / len(posting)))
            length_squared += part * part
        cluster.length_squared = length_squared
        cluster.posts_since_weighing = 0
        self._rescore(cluster, gain)

    def _rescore(self, cluster: MicroCluster, gain: float) -> None:
        if not cluster.length_squared:
            cluster.scale = 0.0
            return
        preference = 1.0 + self.preference * math.log1p(cluster.weight / gain)
        cluster.scale = preference / math.sqrt(cluster.length_squared)


def _size_of(term: str) -> int:
    return size_in_bytes(term) + _COUNT_BYTES


def _kept(limit: int) -> int:
    return max(1, int(limit * KEPT_SHARE))
