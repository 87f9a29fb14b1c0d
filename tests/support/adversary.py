"""An adversary of the log: intakes that crash, are replaced while they still write, and lose what they send."""

import random
from collections import deque
from typing import NamedTuple

from models.configuration import CoreSettings
from models.frame import Frame, Position, decode_frame, encode_frame
from models.intake import Intake
from tests.support.framed import NOON_MS, make_raw

PARTITIONS = 3
SETTINGS = CoreSettings(catch_all="")
_COMMUNITIES = [f"c{number}" for number in range(6)]
_JUNK = [b"", b"hello", b"{}", b'{"posts": 3}', b'{"id": "1", "text": "x"}', b'{"id": 1, "text": "x", "created_at": 0}']
_STEPS_MAX = 20_000
_CRASHES_UNTIL = 400


class Accepted(NamedTuple):
    """What intake should make of a post: `reached_ms` is the largest event time of the input up to and with it."""

    position: Position
    post_id: str
    communities: list[str]
    reached_ms: int


class Input(NamedTuple):
    """The messages of one input, one an offset, and the posts in them."""

    messages: list[bytes]
    accepted: list[Accepted]


def make_input(chance, count=120, prefix="p") -> Input:
    """Returns posts out of order, alone and in envelopes, with junk, bad posts and posts of no community between."""
    communities = _COMMUNITIES[:1] if chance.random() < 0.3 else _COMMUNITIES  # one: the other partitions starve
    messages, accepted, reached_ms = [], [], -1
    for offset in range(count):
        parts = []
        for index in range(chance.choice([1, 1, 1, 1, 1, 4])):
            if chance.random() < 0.2:
                parts.append(chance.choice(_JUNK[2:]))
                continue
            at_ms = NOON_MS + 1_000 * offset + chance.randrange(-8_000, 8_000)
            own = chance.sample(communities, chance.choice([0, 0, 0, 1, 1, min(2, len(communities))]))
            post_id = f"{prefix}{offset}.{index}"
            parts.append(make_raw(at_ms=at_ms, id=post_id, communities=own))
            reached_ms = max(reached_ms, at_ms)
            accepted.append(Accepted((offset, index), post_id, own, reached_ms))
        messages.append(parts[0] if len(parts) == 1 else b'{"posts":[' + b",".join(parts) + b"]}")
        if chance.random() < 0.1:
            # In the place of the message, so that its posts never were.
            messages[-1] = chance.choice(_JUNK)
            accepted = [each for each in accepted if each.position[0] != offset]
            reached_ms = max((each.reached_ms for each in accepted), default=-1)
    return Input(messages, accepted)


class _Owner:
    """One incarnation of the intake of one input: it reads, cuts when it likes, and sends in order to each partition.

    Sending takes time: a frame that was cut waits in `outbox` until it reaches the log, or is lost.
    """

    def __init__(self, world, number):
        self.world, self.chance = world, world.chance
        self.number, self.messages = number, world.inputs[number].messages
        start = (world.committed[number], 0)
        self.intake = Intake(f"posts/{number}", len(world.inputs), PARTITIONS, world.settings, start)
        self.outbox = [deque() for _ in range(PARTITIONS)]
        self.acknowledged = [start] * PARTITIONS
        self.has_lost = [False] * PARTITIONS
        self.to_commit = None
        self.is_dead = False

    @property
    def is_at_the_end(self):
        return self.intake.next[0] >= len(self.messages)

    def step(self, *, may_commit):
        for _ in range(self.chance.randrange(9)):
            if not self.is_at_the_end:
                offset = self.intake.next[0]
                self.intake.read(offset, self.messages[offset], None)
        if self.chance.random() < 0.5:
            self._cut(progress=self.world.has_empty_frames and self.chance.random() < 0.3)
        if self.to_commit is None and self.chance.random() < 0.3:
            self._cut(progress=self.world.has_empty_frames)
            self.to_commit = self.intake.next
        for _ in range(self.chance.randrange(6)):
            self._send(self.chance.randrange(PARTITIONS))
        if may_commit:
            self._commit()

    def _cut(self, *, progress):
        for partition, frame in self.intake.cut(progress=progress):
            self.outbox[partition].append(frame)

    def _send(self, partition):
        if self.is_dead or not self.outbox[partition]:
            return
        frame = self.outbox[partition].popleft()
        if self.chance.random() < self.world.loss:
            self.has_lost[partition] = True
            if self.world.has_abort:
                self._die(partition)
            return
        self.world.logs[partition].append(encode_frame(frame))
        if not self.has_lost[partition]:
            self.acknowledged[partition] = frame.through

    def _die(self, lost):
        """Ends it: what was on its way to the other partitions may arrive, what follows the lost frame may not."""
        self.is_dead = True
        for partition in range(PARTITIONS):
            if partition != lost:
                for frame in list(self.outbox[partition])[: self.chance.randrange(3)]:
                    self.world.logs[partition].append(encode_frame(frame))

    def _commit(self):
        if self.to_commit is None or self.is_dead:
            return
        if self._has_arrived():
            self.world.committed[self.number] = max(self.world.committed[self.number], self.to_commit[0])
            self.to_commit = None

    def _has_arrived(self):
        if self.world.has_empty_frames:
            return min(self.acknowledged) >= self.to_commit
        return not any(self.outbox)  # a partition without posts acknowledges nothing: all that was sent must do


class World:
    """Inputs that are read to their end by intakes that an adversary torments.

    Args:
        seed: Of all chance.
        inputs: How many there are, or the inputs themselves.
        has_abort: Whether a lost send sends the intake back to what was committed.
        has_empty_frames: Whether frames without posts are sent: to every partition before a commit, and now and then.
        settings: Of the intakes.
    """

    def __init__(self, seed, inputs=1, *, has_abort=True, has_empty_frames=True, settings=SETTINGS):
        self.chance = random.Random(seed)
        if isinstance(inputs, int):
            inputs = [make_input(self.chance, prefix=f"i{number}p") for number in range(inputs)]
        self.inputs: list[Input] = inputs
        self.settings = settings
        self.has_abort, self.has_empty_frames = has_abort, has_empty_frames
        self.loss = 0.06
        self.logs: list[list[bytes]] = [[] for _ in range(PARTITIONS)]
        self.committed = [0] * len(self.inputs)
        self._owners = [_Owner(self, number) for number in range(len(self.inputs))]
        self._old_owners: list[_Owner] = []
        self._run()

    def frames(self, partition) -> list[Frame]:
        """Returns the log of one partition."""
        return [decode_frame(raw) for raw in self.logs[partition]]

    def _run(self):
        steps = 0
        while any(done < len(each.messages) for done, each in zip(self.committed, self.inputs, strict=True)):
            steps += 1
            assert steps < _STEPS_MAX, "the end is never reached"
            if self._old_owners and self.chance.random() < 0.3:
                self._let_an_old_owner_write()
            else:
                self._let_an_owner_write(may_crash=steps < _CRASHES_UNTIL)
            if self.chance.random() < 0.05:
                self._repeat_a_frame()

    def _let_an_old_owner_write(self):
        owner = self.chance.choice(self._old_owners)
        owner.step(may_commit=False)
        if owner.is_dead or self.chance.random() < 0.3:
            self._old_owners.remove(owner)

    def _let_an_owner_write(self, *, may_crash):
        owner = self.chance.choice(self._owners)
        owner.step(may_commit=True)
        crashes = may_crash and self.chance.random() < 0.08
        is_stuck = any(owner.has_lost) and owner.is_at_the_end
        if owner.is_dead or crashes or is_stuck:
            if crashes and self.chance.random() < 0.6:
                self._old_owners.append(owner)
            self._owners[owner.number] = _Owner(self, owner.number)

    def _repeat_a_frame(self):
        log = self.chance.choice(self.logs)
        if log:
            log.append(self.chance.choice(log))
