"""What the shared base of the workers asks of a stage, and what it promises.

The base brings messages and membership and is trusted with nothing else: a stage says itself which offset of a
partition it wants next. It is handed a message if and only if that is the one; what Faust skips, repeats or clears is
healed by seeking.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol


class Partition(NamedTuple):
    """One partition of a topic that a stage reads."""

    topic: str
    number: int


class Message(NamedTuple):
    """One message of the log as it is handed to a stage.

    Attributes:
        partition: Where it stands.
        offset: Its place there.
        key: As written.
        value: As written; None for a tombstone.
        timestamp_ms: The log's own time of it.
        headers: As written.
    """

    partition: Partition
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp_ms: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


class Bounds(NamedTuple):
    """What the log of a partition holds: offsets from `beginning` to before `end`."""

    beginning: int
    end: int


class Stage(Protocol):
    """One stage of the product in a Faust worker. All calls come from the worker's event loop."""

    @property
    def topics(self) -> Collection[str]:
        """Names of the topics it reads."""
        ...

    @property
    def may_have_holes(self) -> bool:
        """Whether offsets may be missing in them, because they are compacted."""
        ...

    async def assigned(self, partitions: set[Partition]) -> Mapping[Partition, int]:
        """Take over the partitions that this worker now holds; forget all others.

        It is broken off after some seconds and may then be called again, as with any later change of the group.

        Returns:
            The offset wanted next for each partition that is loaded.
        """
        ...

    async def revoked(self, partitions: set[Partition]) -> None:
        """Hear that Kafka takes partitions away for now. Most come back at once, so nothing is forgotten here."""
        ...

    def next_of(self, partition: Partition) -> int | None:
        """Return the offset wanted next; None if the partition is not loaded, or has been dropped after an error."""
        ...

    async def take(self, message: Message) -> None:
        """Take the message at `next_of` its partition, which is above it when this returns.

        If it raises, the stage has forgotten what it knew of the partition: `next_of` is None, and `assigned` is
        called again.
        """
        ...

    async def out_of_bounds(self, partition: Partition, bounds: Bounds) -> None:
        """Hear that the log does not hold the offset wanted next: change it, or end all with `OutsideError`."""
        ...

    async def tick(self) -> None:
        """Do what is due by time. Called about once a second; one call ends before the next begins."""
        ...

    async def stop(self) -> None:
        """Bring out what can be brought out within a few seconds: no message comes any more."""
        ...

    def holds_back(self, partition: Partition) -> bool:
        """Return whether the partition stands still on purpose: what it depends on is away, or it is paused."""
        ...

    def waiting_for(self) -> str | None:
        """Return why the stage is not ready, in words; None if it is. Asked from another thread."""
        ...
