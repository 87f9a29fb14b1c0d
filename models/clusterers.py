"""Which clusterer finds the sub-narratives: what one must be able to do, and the choice by name."""

from collections.abc import Sequence
from typing import Final, Protocol

from models.clusterer import NarrativeClusterer
from models.clusterer_state import ClustererState
from models.dbstream import DbstreamClusterer, DbstreamState
from models.denstream import DenstreamClusterer, DenstreamState
from models.lineage import LineageEvent
from models.textclust import TextClustClusterer, TextClustState

AnyClustererState = ClustererState | TextClustState | DbstreamState | DenstreamState
"""A snapshot of any clusterer; msgspec tells them apart by their tags."""


class Clusterer(Protocol):
    """What the tracker asks of a clusterer.

    It is a function of the posts it was given: no clock, no chance. Ids are counted up from 0; the id a post
    gets is the one at arrival, and `resolve` follows later merges, always into an older id.
    """

    def assign(self, terms: Sequence[str], event_time_ms: int, key: str) -> int:
        """Learn one post and return the id of its micro-cluster, `NO_MICRO_CLUSTER` without terms."""
        ...

    def resolve(self, micro_cluster_id: int) -> int:
        """Return the id that stands for this one now; an unknown id stands for itself."""
        ...

    def drain_lineage(self) -> list[LineageEvent]:
        """Return what became of micro-clusters since the last call, oldest first; merges and ends at the least."""
        ...

    def leading_terms(self, micro_cluster_id: int, count: int) -> list[tuple[str, float]]:
        """Return the terms that set a micro-cluster apart, best first, each with its part of the whole."""
        ...

    def snapshot(self) -> AnyClustererState:
        """Return the whole state; `restore_clusterer` goes on from it exactly."""
        ...


_CLUSTERERS: Final[dict[str, type[Clusterer]]] = {
    "undercurrent": NarrativeClusterer,
    "textclust": TextClustClusterer,
    "dbstream": DbstreamClusterer,
    "denstream": DenstreamClusterer,
}

CLUSTERER_NAMES: Final = tuple(_CLUSTERERS)


def make_clusterer(name: str) -> Clusterer:
    """Return a new clusterer with its default settings.

    Args:
        name: One of `CLUSTERER_NAMES`.

    Raises:
        ValueError: If no clusterer has that name.

    Example:
        >>> make_clusterer("undercurrent").assign(["vault", "opening"], event_time_ms=0, key="a")
        0
    """
    if name not in _CLUSTERERS:
        raise ValueError(f"clusterer must be one of {', '.join(CLUSTERER_NAMES)}, got {name!r}")
    return _CLUSTERERS[name]()


def restore_clusterer(state: AnyClustererState) -> Clusterer:
    """Return the clusterer that a snapshot was taken of.

    Raises:
        ValueError: If the state is of another version or breaks its own bounds.
    """
    match state:
        case TextClustState():
            return TextClustClusterer.restore(state)
        case DbstreamState():
            return DbstreamClusterer.restore(state)
        case DenstreamState():
            return DenstreamClusterer.restore(state)
        case _:
            return NarrativeClusterer.restore(state)
