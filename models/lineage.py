"""What became of micro-clusters: when they were born or split off, what they were merged into, when they faded away.

Rules:

* a micro-cluster is only ever merged into an older one, so ids fall along a chain of merges and no chain is a
  ring;
* an id that was never merged, or whose merge was forgotten, stands for itself;
* what happens is kept for the caller until drained, in the order in which it happened.
"""

from collections import deque
from typing import Literal, Self

import msgspec


class LineageEvent(msgspec.Struct, frozen=True, gc=False):
    """A beginning of a micro-cluster, born of a post or split off, or its end, merged into an older one or faded.

    Attributes:
        kind: `born`, `split`, `merged` or `faded`.
        micro_cluster_id: The micro-cluster that begins or is no more.
        into: The older micro-cluster that took its posts; None unless it was merged.
        at_ms: Event time at which it happened, in milliseconds.
        split_from: The older micro-cluster that it was a part of; None unless it was split off.
    """

    kind: Literal["born", "split", "merged", "faded"]
    micro_cluster_id: int
    into: int | None
    at_ms: int
    split_from: int | None = None

    @property
    def is_end(self) -> bool:
        """Whether the micro-cluster is no more."""
        return self.kind in ("merged", "faded")


class LineageState(msgspec.Struct):
    """A snapshot of a `Lineage`: merges still known, oldest first, and events not drained yet."""

    merged: dict[int, int]
    pending: list[LineageEvent]


class Lineage:
    """Beginnings, merges and ends of micro-clusters.

    Memory is bounded: at most `entries_max` merges are remembered and at most as many events wait to be
    drained; of both the oldest are forgotten first. An id whose merge is forgotten stands for itself again.

    Args:
        entries_max: Merges remembered, and events that may wait; at least 1.

    Raises:
        ValueError: If `entries_max` is less than 1.

    Example:
        >>> lineage = Lineage(entries_max=100)
        >>> lineage.merge(7, into=3, at_ms=1_000)
        >>> lineage.merge(3, into=1, at_ms=2_000)
        >>> lineage.resolve(7), lineage.resolve(5)
        (1, 5)
        >>> [event.into for event in lineage.drain()], lineage.drain()
        ([3, 1], [])
    """

    def __init__(self, entries_max: int) -> None:
        if entries_max < 1:
            raise ValueError(f"entries_max must be at least 1, got {entries_max}")
        self.entries_max = entries_max
        self._merged: dict[int, int] = {}
        self._pending: deque[LineageEvent] = deque(maxlen=entries_max)

    def bear(self, micro_cluster_id: int, *, at_ms: int) -> None:
        """Note that a post founded a micro-cluster."""
        self._pending.append(LineageEvent("born", micro_cluster_id, None, at_ms))

    def split(self, micro_cluster_id: int, *, split_from: int, at_ms: int) -> None:
        """Note that a part of a micro-cluster became one of its own."""
        self._pending.append(LineageEvent("split", micro_cluster_id, None, at_ms, split_from))

    def merge(self, micro_cluster_id: int, *, into: int, at_ms: int) -> None:
        """Note that a micro-cluster was merged into an older one."""
        assert into < micro_cluster_id, f"{micro_cluster_id} cannot be merged into {into}, which is not older"
        self._merged[micro_cluster_id] = into
        if len(self._merged) > self.entries_max:
            del self._merged[next(iter(self._merged))]
        self._pending.append(LineageEvent("merged", micro_cluster_id, into, at_ms))

    def fade(self, micro_cluster_id: int, *, at_ms: int) -> None:
        """Note that a micro-cluster faded, or had to make room for younger ones."""
        self._pending.append(LineageEvent("faded", micro_cluster_id, None, at_ms))

    def resolve(self, micro_cluster_id: int) -> int:
        """Return the id that stands for this one now: the end of its chain of merges, or the id itself."""
        merged = self._merged
        while micro_cluster_id in merged:
            micro_cluster_id = merged[micro_cluster_id]
        return micro_cluster_id

    def drain(self) -> list[LineageEvent]:
        """Return the events since the last call, oldest first, and forget them."""
        pending = list(self._pending)
        self._pending.clear()
        return pending

    def snapshot(self) -> LineageState:
        """Return the state, sharing nothing with this object."""
        return LineageState(merged=dict(self._merged), pending=list(self._pending))

    @classmethod
    def restore(cls, state: LineageState, entries_max: int) -> Self:
        """Return the lineage that a snapshot was taken of.

        Raises:
            ValueError: If the state holds more than `entries_max` merges or events, or a merge into a younger
                micro-cluster.
        """
        if max(len(state.merged), len(state.pending)) > entries_max:
            raise ValueError(f"lineage holds more than {entries_max} merges or events")
        for micro_cluster_id, into in state.merged.items():
            if into >= micro_cluster_id:
                raise ValueError(f"lineage merges {micro_cluster_id} into {into}, which is not older")
        lineage = cls(entries_max)
        lineage._merged = dict(state.merged)
        lineage._pending.extend(state.pending)
        return lineage
