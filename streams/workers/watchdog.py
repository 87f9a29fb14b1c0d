"""What notices that a worker has stopped working: first a partition that stalls, then all of it.

Faust has states in which a worker keeps its partitions and its place in the group but never processes again. A
partition that has messages waiting and takes none for `STALL_S` is sought. When nothing helps for `SILENCE_S_MAX`, a
thread ends the process with status 70, and whatever runs the worker starts it again.
"""

import os
import threading
from collections.abc import Callable
from typing import Final

from streams import clock
from streams.errors import Status
from streams.logs import get_logger
from streams.workers.stage import Partition

STALL_S: Final = 5.0
SILENCE_S_MAX: Final = 90.0
_CHECK_EVERY_S: Final = 1.0
_PAUSED_S: Final = 5.0
"""A check that comes so late means that the process was stopped or the machine was away, which counts for nothing."""

_log = get_logger()


class Stalls:
    """Notices partitions whose position has not changed for `STALL_S`.

    Args:
        elapsed_s: Seconds since an arbitrary moment.
    """

    def __init__(self, elapsed_s: Callable[[], float]) -> None:
        self._elapsed_s = elapsed_s
        self._seen: dict[Partition, tuple[int | None, float]] = {}
        self._stalled: set[Partition] = set()

    def is_due(self, partition: Partition, position: int | None) -> bool:
        """Return whether it is time to look why a partition is where it was; at most once in `STALL_S`."""
        now_s = self._elapsed_s()
        before, since_s = self._seen.get(partition, (None, now_s))
        if partition not in self._seen or before != position:
            self._seen[partition] = (position, now_s)
            self._stalled.discard(partition)
            return False
        if now_s - since_s < STALL_S:
            return False
        self._seen[partition] = (position, now_s)
        self._stalled.discard(partition)
        return True

    def note(self, partition: Partition) -> None:
        """Note that a partition stands still though messages wait: it is stalled until its position changes."""
        self._stalled.add(partition)

    def is_stalled(self, partition: Partition) -> bool:
        """Return whether a partition was found stalled, and has been where it was since then."""
        return partition in self._stalled

    def keep(self, partitions: set[Partition]) -> None:
        """Forget all partitions but these."""
        self._seen = {partition: seen for partition, seen in self._seen.items() if partition in partitions}
        self._stalled &= partitions


class DeadMansSwitch:
    """Ends the process when nobody has said for `SILENCE_S_MAX` that all is well.

    Args:
        elapsed_s: Seconds since an arbitrary moment.
        end: Ends the process at once, whatever its threads do.
    """

    def __init__(
        self, elapsed_s: Callable[[], float] = clock.monotonic_s, end: Callable[[int], object] = os._exit
    ) -> None:
        self._elapsed_s = elapsed_s
        self._end = end
        self._well_s = self._checked_s = elapsed_s()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="dead-mans-switch", daemon=True)

    @property
    def silence_s(self) -> float:
        """Seconds since the last `all_is_well`."""
        return max(0.0, self._elapsed_s() - self._well_s)

    def all_is_well(self) -> None:
        """Say that every partition held is loaded, and has progressed or has nothing waiting."""
        self._well_s = self._elapsed_s()

    def check(self) -> None:
        """End the process if the silence has been too long."""
        now_s = self._elapsed_s()
        late_s, self._checked_s = now_s - self._checked_s, now_s
        if late_s > _PAUSED_S:
            self._well_s += late_s
        if self.silence_s > SILENCE_S_MAX:
            _log.error("worker_stalled", silence_s=round(self.silence_s), status=Status.STALLED.value)
            self._end(Status.STALLED)

    def start(self) -> None:
        """Begin to watch, in a thread of its own: the event loop may be what does not work."""
        self.all_is_well()
        self._checked_s = self._elapsed_s()
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(_CHECK_EVERY_S):
            self.check()
