"""The duties of intake against an adversary, with the real object that the worker runs.

What it sends waits in a producer that keeps the order of one output partition and nothing else: a message may arrive,
be lost while those behind it arrive, or arrive with its acknowledgement lost. Owners crash and old ones go on.
"""

import asyncio
import random
from collections import Counter, defaultdict, deque
from contextlib import contextmanager, suppress

import pytest

from models.assign import partition_of
from models.frame import decode_frame
from models.intake import Intake
from models.log import Header, Verdict
from models.post import Post, decode_message
from streams.workers.intake_partition import InputPartition, SendFailedError
from tests.support.adversary import PARTITIONS, SETTINGS, make_input
from tests.support.turns import turn

CALM_AFTER = 300
ROUNDS_MAX = 20_000


class NoOpening(InputPartition):
    """Sends posts before every output partition has acknowledged where the input begins."""

    def __init__(self, *args, **changes):
        super().__init__(*args, **changes)
        self._is_open = True


class NoFailing(InputPartition):
    """Goes on after a send that failed."""

    def _check(self):
        pass


class Producer:
    """Holds what one owner has sent until the adversary lets it arrive or loses it."""

    def __init__(self, world):
        self.world = world
        self.queues = [deque() for _ in range(PARTITIONS + 1)]

    async def send_frame(self, output, raw):
        return self._put(output, raw)

    async def send_dead_letter(self, letter, appended_ms):
        return self._put(PARTITIONS, (letter.position, letter.raw, appended_ms))

    def _put(self, queue, what):
        if self.world.chance.random() < self.world.loss / 4:
            raise TimeoutError("the buffer is full")
        acknowledgement = asyncio.get_running_loop().create_future()
        self.queues[queue].append((what, acknowledgement))
        return acknowledgement

    def step(self):
        number = self.world.chance.randrange(PARTITIONS + 1)
        if not self.queues[number]:
            return
        what, acknowledgement = self.queues[number].popleft()
        # The first frames of an input are the most precious: before them there is no hole to be seen.
        loss = self.world.loss if self.world.logs[number] else min(1.0, 20 * self.world.loss)
        fate = self.world.chance.random()
        if fate >= loss:
            self.world.logs[number].append(what)
            acknowledgement.set_result(None)
            return
        if fate < self.world.loss / 3 and self.world.logs[number]:
            self.world.logs[number].append(what)  # it arrives, but nobody hears of that
        acknowledgement.set_exception(ConnectionError("lost"))


class Owner:
    """One incarnation of the worker for the input: it reads, flushes and commits in tasks of their own."""

    def __init__(self, world):
        self.world = world
        self.producer = Producer(world)
        intake = Intake("posts/0", 1, PARTITIONS, SETTINGS, (world.committed, 0))
        sends = {"send_frame": self.producer.send_frame, "send_dead_letter": self.producer.send_dead_letter}
        self.input = world.kind(intake, **sends)
        self.tasks = set()
        self.may_commit = True

    @property
    def has_failed(self):
        return self.input.failure is not None

    def step(self):
        self.tasks = {task for task in self.tasks if not task.done()}
        if self.has_failed or len(self.tasks) > 2:
            return
        act = self.world.chance.choice([self._read, self._read, self._flush, self._commit])
        self.tasks.add(asyncio.get_running_loop().create_task(act()))

    async def _read(self):
        try:
            for _ in range(self.world.chance.randrange(8)):
                offset = self.input.next
                # Only the reader that is first may take a message; the others wait for their turn.
                if offset < len(self.world.messages) and not self.world.is_reading(self):
                    with self.world.reading(self):
                        await self.input.take(offset, self.world.messages[offset], None)
        except SendFailedError:
            pass

    async def _flush(self):
        with suppress(SendFailedError):
            await self.input.flush(progress=self.world.chance.random() < 0.3)

    async def _commit(self):
        try:
            offset = await self.input.settle()
        except SendFailedError:
            return
        if self.may_commit:
            self.world.committed = max(self.world.committed, offset)


class World:
    """An input that is read to its end.

    Args:
        seed: Of all chance.
        kind: What reads it.
        loss: How much of what is sent is lost, until the adversary tires.
        pace: How much of what is sent goes on its way in a turn.
    """

    def __init__(self, seed, kind=InputPartition, *, loss=0.03, pace=4):
        self.chance = random.Random(seed)
        self.kind = kind
        self.input = make_input(self.chance)
        self.messages = self.input.messages
        self.logs = [[] for _ in range(PARTITIONS + 1)]
        self.committed = 0
        self.loss, self.pace = loss, pace
        self._readers = set()
        asyncio.run(self._run())

    def is_reading(self, owner):
        return owner in self._readers

    @contextmanager
    def reading(self, owner):
        self._readers.add(owner)
        try:
            yield
        finally:
            self._readers.discard(owner)

    async def _run(self):
        owner, old, rounds = Owner(self), [], 0
        owners = [owner]
        while self.committed < len(self.messages):
            rounds += 1
            assert rounds < ROUNDS_MAX, "the end is never reached"
            if rounds > CALM_AFTER:
                self.loss = 0.0
            owner.step()
            for each in [owner, *old]:
                for _ in range(self.chance.randrange(self.pace)):
                    each.producer.step()
            if old and self.chance.random() < 0.3:
                self.chance.choice(old).step()
            has_failed = owner.has_failed and (self.kind is not NoFailing or self.loss == 0.0)
            if has_failed or (rounds < CALM_AFTER and self.chance.random() < 0.04):
                owner.may_commit = False  # Kafka refuses a commit of who no longer holds the partition
                old = [*old[-2:], owner]
                owner = Owner(self)
                owners.append(owner)
            await turn()
        tasks = [task for each in owners for task in each.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def taken(world, output):
    """Returns the ids of the posts that a reader of an output partition takes, and how far it comes."""
    header, found = Header(), []
    for raw in world.logs[output]:
        frame = decode_frame(raw)
        if header.judge(frame) is Verdict.TAKEN:
            state = header.inputs[frame.input]
            found += [framed.post.id for framed in frame.posts if framed.position >= state.applied]
            state.applied = frame.through
    return found, header.inputs["posts/0"].applied


def expected(world):
    posts = defaultdict(list)
    for accepted in world.input.accepted:
        for output in {partition_of(community, PARTITIONS) for community in accepted.communities}:
            posts[output].append(accepted.post_id)
    return posts


def outcome(world):
    """Returns ``exact``, ``lost``, ``twice`` or ``disorder``."""
    wanted = expected(world)
    verdicts = set()
    for output in range(PARTITIONS):
        found, _ = taken(world, output)
        if found != wanted[output]:
            counts, needed = Counter(found), Counter(wanted[output])
            verdicts.add("twice" if counts - needed else "lost" if needed - counts else "disorder")
    return verdicts.pop() if verdicts else "exact"


@pytest.mark.parametrize("seeds", [range(start, start + 40) for start in range(0, 240, 40)], ids=str)
@pytest.mark.parametrize(("loss", "pace"), [(0.03, 4), (0.3, 2)])
def test_every_post_is_taken_once_in_order_and_the_end_is_reached(seeds, loss, pace):
    for seed in seeds:
        world = World(seed, loss=loss, pace=pace)
        wanted = expected(world)
        for output in range(PARTITIONS):
            assert taken(world, output) == (wanted[output], (len(world.messages), 0)), f"seed {seed}"


def test_every_dead_letter_arrives_with_its_own_bytes():
    for seed in range(40):
        world = World(seed)
        wanted = {
            ((offset, index), own)
            for offset, message in enumerate(world.messages)
            for index, (own, decoded) in enumerate(decode_message(message))
            if not isinstance(decoded, Post)
        }
        assert {(position, raw) for position, raw, _ in world.logs[PARTITIONS]} == wanted, f"seed {seed}"


@pytest.mark.parametrize(
    ("kind", "loss", "pace"), [(NoOpening, 0.03, 2), (NoFailing, 0.03, 4)], ids=["NoOpening", "NoFailing"]
)
def test_with_a_duty_left_out_posts_are_lost(kind, loss, pace):
    outcomes = Counter(outcome(World(seed, kind, loss=loss, pace=pace)) for seed in range(80))
    assert outcomes["lost"] > 2
    assert set(outcomes) <= {"exact", "lost"}
