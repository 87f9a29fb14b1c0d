"""Reads a source in a thread of its own, so that the pipeline goes on while the source has nothing to say."""

import threading
from collections.abc import Iterator
from queue import Empty, Full, Queue
from typing import Final, Generic, NamedTuple, TypeVar

WAITING_MAX: Final = 1_000
"""Items read ahead. When so many wait the source is not read, as while the pipeline waits for Redis."""

_LOOK_S: Final = 0.1


class Item(NamedTuple):
    """One message of a source.

    Attributes:
        raw: Its bytes; the first ones only if it is too long.
        latest_ms: When it was taken in: no post in it is later than that.
        place: The file it comes from, and the line.
        is_too_long: Whether it is too long to be read.
        is_backfill: Whether its posts are to be learnt from only.
    """

    raw: bytes
    latest_ms: int
    place: tuple[str, int] = ("", 0)
    is_too_long: bool = False
    is_backfill: bool = False


Read = TypeVar("Read")


class Reader(Generic[Read]):
    """Hands on the items of a source in their order. A thread reads, another takes.

    Args:
        items: The source.
        waiting_max: Items read ahead.

    Attributes:
        error: What the source broke off with, once it did; all that came before it is handed on.
    """

    def __init__(self, items: Iterator[Read], waiting_max: int = WAITING_MAX) -> None:
        self._items = items
        self._queue: Queue[Read] = Queue(waiting_max)
        self._is_stopped = threading.Event()
        self._has_ended = threading.Event()
        self.error: BaseException | None = None
        # A daemon: a read from a pipe that nobody writes to ends with the process only.
        self._thread = threading.Thread(target=self._read, name="reader", daemon=True)

    @property
    def is_behind(self) -> bool:
        """Whether an item waits to be taken."""
        return not self._queue.empty()

    @property
    def has_ended(self) -> bool:
        """Whether all items were taken and no other will come."""
        return self._has_ended.is_set() and self._queue.empty()

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Read no further; what is read ahead is forgotten."""
        self._is_stopped.set()

    def take(self, longest_s: float) -> Read | None:
        """Return the next item, or None if there is none within so many seconds, or none any more."""
        try:
            return self._queue.get(timeout=0 if self._has_ended.is_set() else longest_s)
        except Empty:
            return None

    def _read(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to whoever takes
            self.error = error
        finally:
            self._has_ended.set()

    def _put(self, item: Read) -> bool:
        while not self._is_stopped.is_set():
            try:
                self._queue.put(item, timeout=_LOOK_S)
            except Full:
                continue
            return True
        return False
