"""One duty at a time; all of them against an adversary stand in `tests/property/test_intake_partition.py`."""

import asyncio

import pytest

from models.configuration import CoreSettings
from models.frame import decode_frame
from models.intake import Intake
from streams.workers import intake_partition
from streams.workers.intake_partition import InputPartition, SendFailedError
from tests.support.framed import NOON_MS, make_raw
from tests.support.turns import turn


class Scene:
    """An input of two output partitions, and what it sends. Nothing arrives before the test says so."""

    def __init__(self, after=0, *, is_reset=False):
        self.sent, self.letters, self.open = [], [], []
        self.is_stuck = False
        intake = Intake("posts/0", 1, 2, CoreSettings(catch_all="everyone"), (after, 0))
        self.input = InputPartition(
            intake, send_frame=self._send_frame, send_dead_letter=self._send_dead_letter, is_reset=is_reset
        )

    async def _send_frame(self, output, raw):
        if self.is_stuck:
            await asyncio.get_running_loop().create_future()
        self.sent.append((output, decode_frame(raw)))
        return self._acknowledgement()

    async def _send_dead_letter(self, letter, appended_ms):
        self.letters.append((letter, appended_ms))
        return self._acknowledgement()

    def _acknowledgement(self):
        self.open.append(asyncio.get_running_loop().create_future())
        return self.open[-1]

    def arrive(self):
        for acknowledgement in self.open:
            if not acknowledgement.done():
                acknowledgement.set_result(None)

    async def opened(self):
        opening = asyncio.create_task(self.input.open())
        await turn(3)
        self.arrive()
        await opening
        self.sent.clear()
        return self


def test_it_opens_with_an_empty_frame_to_every_partition_and_sends_nothing_before_all_have_it():
    async def run():
        scene = Scene(after=7)
        taking = asyncio.create_task(scene.input.take(7, make_raw(), NOON_MS))
        flushing = asyncio.create_task(scene.input.flush(progress=True))
        await turn(5)
        assert [(output, frame.after, frame.through, frame.posts) for output, frame in scene.sent] == [
            (0, (7, 0), (7, 0), []),
            (1, (7, 0), (7, 0), []),
        ]
        assert not any(frame.reset for _, frame in scene.sent)
        scene.open[0].set_result(None)
        await turn(5)
        assert len(scene.sent) == 2
        assert not taking.done()
        scene.arrive()
        await asyncio.gather(taking, flushing)
        assert scene.input.next == 8

    asyncio.run(run())


def test_after_a_loss_of_its_own_the_opening_says_so_and_nothing_else_does():
    async def run():
        scene = Scene(after=7, is_reset=True)
        opening = asyncio.create_task(scene.input.open())
        await turn(3)
        assert [frame.reset for _, frame in scene.sent] == [True, True]
        scene.arrive()
        await opening
        await scene.input.take(9, make_raw(), NOON_MS)
        await scene.input.flush(progress=True)
        assert [frame.reset for _, frame in scene.sent[2:]] == [False, False]

    asyncio.run(run())


def test_what_may_be_committed_was_told_to_every_partition_and_has_arrived():
    async def run():
        scene = await Scene().opened()
        await scene.input.take(0, make_raw(), NOON_MS)
        await scene.input.take(1, b"junk", NOON_MS)
        settling = asyncio.create_task(scene.input.settle())
        await turn(3)
        assert [(output, frame.through) for output, frame in scene.sent] == [(0, (2, 0)), (1, (2, 0))]
        assert sum(len(frame.posts) for _, frame in scene.sent) == 1
        [(letter, appended_ms)] = scene.letters
        assert (letter.raw, letter.position, appended_ms) == (b"junk", (1, 0), NOON_MS)
        for acknowledgement in scene.open[2:-1]:
            acknowledgement.set_result(None)
        await turn(3)
        assert not settling.done()
        await scene.input.take(2, make_raw(2), NOON_MS)  # meanwhile reading goes on
        scene.arrive()
        assert await settling == 2

    asyncio.run(run())


@pytest.mark.parametrize("is_dead_letter", [False, True])
def test_after_a_send_that_failed_nothing_goes_on(is_dead_letter):
    async def run():
        scene = await Scene().opened()
        await scene.input.take(0, b"junk" if is_dead_letter else make_raw(), NOON_MS)
        await scene.input.flush()
        scene.open[-1].set_exception(ConnectionError("lost"))
        await turn(3)
        sent = len(scene.sent)
        for act in (scene.input.take(1, make_raw(1), NOON_MS), scene.input.flush(progress=True), scene.input.settle()):
            with pytest.raises(SendFailedError, match="lost"):
                await act
        assert len(scene.sent) == sent
        assert scene.input.next == 1

    asyncio.run(run())


def test_a_flush_that_is_cancelled_half_way_is_a_failure():
    async def run():
        scene = await Scene().opened()
        scene.is_stuck = True
        await scene.input.take(0, make_raw(), NOON_MS)
        flushing = asyncio.create_task(scene.input.flush())
        await turn(3)
        flushing.cancel()
        await asyncio.gather(flushing, return_exceptions=True)
        assert isinstance(scene.input.failure, asyncio.CancelledError)

    asyncio.run(run())


def test_reading_waits_while_too_much_is_on_its_way(monkeypatch):
    monkeypatch.setattr(intake_partition, "UNACKNOWLEDGED_BYTES_MAX", 1_000)
    monkeypatch.setattr(intake_partition, "WAITING_POSTS_MAX", 1)

    async def run():
        scene = await Scene().opened()
        taking = asyncio.create_task(scene.input.take(0, make_raw(text="x" * 2_000), NOON_MS))
        await turn(5)
        assert not taking.done()
        scene.arrive()
        await taking

    asyncio.run(run())


def test_many_posts_are_sent_before_their_time(monkeypatch):
    monkeypatch.setattr(intake_partition, "WAITING_POSTS_MAX", 3)

    async def run():
        scene = await Scene().opened()
        for offset in range(7):
            await scene.input.take(offset, make_raw(offset), NOON_MS)
        assert [len(frame.posts) for _, frame in scene.sent] == [3, 3]

    asyncio.run(run())


def test_idleness_stands_in_the_frames():
    async def run():
        scene = await Scene().opened()
        await scene.input.flush(progress=True, idle_for_ms=2_500)
        assert [frame.idle_for_ms for _, frame in scene.sent] == [2_500, 2_500]

    asyncio.run(run())
