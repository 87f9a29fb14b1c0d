"""Posts, and settings of the narrative clusterer, with which everything happens to it that can happen."""

from models.lineage import LineageEvent
from tests.support.drifting import drifting_stream
from tests.support.narratives import MadeUpPost

CROWDED = {
    "half_life_ms": 3_600_000,
    "cut_off": 0.06,
    "merge_similarity_min": 0.25,
    "split_similarity_max": 0.2,
    "preference": 0.05,
    "damping": 0.7,
    "novelty": 0.5,
    "recency": 0.25,
    "merge_posts": 100,
    "merge_interval_ms": 4 * 3_600_000,
    "weight_min": 0.25,
    "micro_clusters_max": 60,
    "terms_max": 30,
    "posting_max": 30,
    "terms_bytes_max": 18_000,
    "recent_terms_max": 3_000,
}
"""Settings under which each cap is reached: of terms, of micro-clusters, of bytes, of recent posts."""

FADING = CROWDED | {"half_life_ms": 300_000}
"""Settings under which the past fades so soon that inflated weights are brought back."""

_ACCENTS = str.maketrans("az", "å東")


def eventful_posts(count: int) -> list[MadeUpPost]:
    """Return posts of topics that come and go, many of their words not in ASCII; fewer are the beginning of more."""
    stream = drifting_stream(count, topics=60, step_ms=20_000)
    return [
        MadeUpPost(post.topic, post.text.translate(_ACCENTS).split(), post.event_time_ms, f"post{position}")
        for position, post in enumerate(stream)
    ]


def kinds_of(events: list[LineageEvent]) -> set[str]:
    """Return what kinds of events there are."""
    return {event.kind for event in events}
