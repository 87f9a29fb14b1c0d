"""A stage, a log and a clock that tests of the workers' base play with."""

from streams.workers.stage import Bounds, Message, Partition

FRAMES = Partition("frames", 0)
OTHER = Partition("frames", 1)


def make_message(offset, partition=FRAMES, **changes) -> Message:
    """Returns a message whose value is its offset."""
    return Message(partition, offset, None, b"%d" % offset)._replace(**changes)


class FakeStage:
    """Takes what it is given; its positions can be set.

    Attributes:
        next: Offsets wanted next; a partition without one is not loaded.
        taken: Offsets taken.
        refuses: An exception that `take` raises once.
    """

    topics = ("frames",)
    may_have_holes = False

    def __init__(self, **next_offsets):
        self.next = {FRAMES: 0} | next_offsets
        self.loads = {}
        self.taken = []
        self.refuses = None
        self.held_back = set()
        self.told = []
        self.ends_at = None
        self.ticks = 0

    async def assigned(self, partitions):
        for partition in partitions - self.next.keys():
            if partition in self.loads:
                self.next[partition] = self.loads[partition]
        return self.next

    async def revoked(self, partitions):
        self.told.append(partitions)

    def next_of(self, partition):
        return self.next.get(partition)

    async def take(self, message):
        if self.refuses is not None:
            error, self.refuses = self.refuses, None
            del self.next[message.partition]
            raise error
        self.taken.append(message.offset)
        self.next[message.partition] = message.offset + 1

    async def out_of_bounds(self, partition, bounds):
        self.told.append((partition, bounds))
        if self.ends_at is not None:
            raise self.ends_at
        self.next[partition] = bounds.beginning

    def holds_back(self, partition):
        return partition in self.held_back

    async def tick(self):
        self.ticks += 1

    async def stop(self):
        self.told.append("stop")

    def waiting_for(self):
        return None


class FakeLog:
    """What a consumer says of the log, and the seeks that it was told."""

    def __init__(self, *held, beginning=0, end=100):
        self.held = set(held or [FRAMES])
        self.inside = dict.fromkeys(self.held, Bounds(beginning, end))
        self.seeks = []
        self.holes = set()
        self.at_end = None
        self.is_away = False

    async def seek_to(self, partition, offset):
        self.seeks.append((partition, offset))

    async def read_bounds(self, partitions):
        if self.is_away:
            raise ConnectionError("refused")
        return {partition: self.inside[partition] for partition in partitions}

    def known_end(self, partition):
        return self.inside[partition].end

    def reading(self, partition):  # noqa: ARG002
        return self.at_end

    def is_hole(self, partition, wanted, offset):
        return (partition, wanted, offset) in self.holes


class Clock:
    """Seconds that a test moves."""

    def __init__(self):
        self.now_s = 1_000.0

    def __call__(self):
        return self.now_s

    def pass_by(self, seconds):
        self.now_s += seconds
