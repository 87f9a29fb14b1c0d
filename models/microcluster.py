"""Micro-clusters: posts of one community taken to be about the same, all but their terms, which `term_matrix` holds.

Weights are inflated, see `fading`.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

GAP_PRIOR: Final = 2
"""Gaps that what is usual elsewhere counts as, in the usual gap of a micro-cluster."""

GAPS_MAX: Final = 10
"""Gaps over which the mean is taken, so that it follows the narrative's pace."""

LOST_SHARE_MIN: Final = 1e-9
"""Least part of its weight that a micro-cluster keeps when a part leaves it: none weighs nothing."""


class MicroCluster(msgspec.Struct, array_like=True, gc=False):
    """Posts taken to be about the same.

    Attributes:
        id: Counted up from 0 in order of creation.
        founder: Key of the post that created it.
        first_seen_ms: Least event time of its posts.
        last_seen_ms: Greatest event time of its posts.
        gaps: Gaps between its posts, as far as they count.
        log_gap: Mean of the logarithm of the milliseconds between its posts, the latest counting most.
        posts: Posts that it took, those of micro-clusters merged into it included.
        weight: Inflated number of posts.
        compared_posts: Posts it had when it was last compared with the others.
    """

    id: int
    founder: str
    first_seen_ms: int
    last_seen_ms: int
    gaps: int = 0
    log_gap: float = 0.0
    posts: int = 0
    weight: float = 0.0
    compared_posts: int = 1

    def usual_log_gap(self, elsewhere: float) -> float:
        """Return the logarithm of its usual gap, what is usual elsewhere counting as `GAP_PRIOR` gaps."""
        return (GAP_PRIOR * elsewhere + self.gaps * self.log_gap) / (GAP_PRIOR + self.gaps)

    def see(self, event_time_ms: int) -> float | None:
        """Count a post, and return the logarithm of the gap before it; None if no time has passed."""
        self.posts += 1
        gap_ms = event_time_ms - self.last_seen_ms
        if gap_ms <= 0:
            self.first_seen_ms = min(self.first_seen_ms, event_time_ms)
            return None
        log_gap = math.log(gap_ms)
        if self.gaps < GAPS_MAX:
            self.gaps += 1
        self.log_gap += (log_gap - self.log_gap) / self.gaps
        self.last_seen_ms = event_time_ms
        return log_gap

    def take_over(self, younger: "MicroCluster") -> None:
        """Add up with a younger one, all but the terms."""
        if younger.gaps > self.gaps:
            self.gaps, self.log_gap = younger.gaps, younger.log_gap
        self.weight += younger.weight
        self.posts += younger.posts
        self.first_seen_ms = min(self.first_seen_ms, younger.first_seen_ms)
        self.last_seen_ms = max(self.last_seen_ms, younger.last_seen_ms)

    def lose(self, piece: "MicroCluster", staying_ms: Sequence[int]) -> None:
        """Take away what a part had that is one of its own now.

        Args:
            piece: The part.
            staying_ms: Event times of the latest posts that stay, oldest first; at least one.
        """
        self.weight = max(self.weight - piece.weight, self.weight * LOST_SHARE_MIN)
        self.posts -= piece.posts
        self.compared_posts = self.posts
        self.last_seen_ms = staying_ms[-1]
        gaps = [math.log(later - sooner) for sooner, later in pairwise(staying_ms) if later > sooner][-GAPS_MAX:]
        self.gaps = len(gaps)
        self.log_gap = math.fsum(gaps) / len(gaps) if gaps else 0.0

    def growth(self, now_ms: int) -> float:
        """Return how many times the mean pace of its life it has now; 1 before its third post.

        Now is the mean gap between its latest posts, or the silence since the last one if that is longer.
        """
        life_ms = self.last_seen_ms - self.first_seen_ms
        if self.gaps < GAP_PRIOR or not life_ms:
            return 1.0
        gap_ms = max(math.exp(self.log_gap), float(now_ms - self.last_seen_ms))
        return (life_ms / (self.posts - 1)) / gap_ms


class MicroClusterSummary(msgspec.Struct, frozen=True):
    """What a live micro-cluster is, for evidence.

    Attributes:
        micro_cluster_id: Its id, merges followed.
        founder: Key of the post that created it.
        weight: Posts, each faded by its age at the clusterer's time.
        posts: Posts it ever took, unfaded.
        growth: Its pace now over the mean of its life, see `MicroCluster.growth`.
        first_seen_ms: Least event time of its posts.
        last_seen_ms: Greatest event time of its posts.
        terms: Leading terms, best first, each with its part of the whole, between 0 and 1.
        typical: Keys of its latest posts, the one most like all of it first (a medoid); few.
    """

    micro_cluster_id: int
    founder: str
    weight: float
    posts: int
    growth: float
    first_seen_ms: int
    last_seen_ms: int
    terms: list[tuple[str, float]]
    typical: list[str]
