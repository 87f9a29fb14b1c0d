import asyncio

import pytest

from streams.errors import OutsideError
from streams.workers.consumer import Reading
from streams.workers.feed import Cause, Feed
from streams.workers.keeper import Keeper
from streams.workers.stage import Bounds
from streams.workers.watchdog import STALL_S, DeadMansSwitch, Stalls
from tests.support.stages import FRAMES, OTHER, Clock, FakeLog, FakeStage


class Scene:
    def __init__(self, *held, end=0):
        self.stage, self.log, self.clock = FakeStage(), FakeLog(*held, end=end), Clock()
        self.causes, self.lags, self.positions, self.stops = [], {}, {}, []
        self.is_rebalancing = False
        self.switch = DeadMansSwitch(self.clock, lambda _: None)
        feed = Feed(
            self.stage,
            lambda: self.log,
            self.log.read_bounds,
            on_seek=self.causes.append,
            on_failure=lambda: None,
            elapsed_s=self.clock,
        )
        self.keeper = Keeper(
            self.stage,
            feed,
            lambda: self.log,
            switch=self.switch,
            stalls=Stalls(self.clock),
            is_rebalancing=lambda: self.is_rebalancing,
            on_lag=lambda topic, waiting, held: self.lags.update({topic: (waiting, held)}),
            on_position=self.positions.__setitem__,
            stop_all=self.stops.append,
            elapsed_s=self.clock,
        )
        self.keeper.joined()

    def look(self, seconds=1):
        """Looks once a second; returns whether all was well at the last."""
        for _ in range(seconds):
            self.clock.pass_by(1)
            asyncio.run(self.keeper.look())
        return self.switch.silence_s == 0


def test_all_is_well_with_nothing_to_read_and_while_positions_move():
    scene = Scene(end=0)
    assert scene.look(20)
    scene.log.inside[FRAMES] = Bounds(0, 100)
    for position in range(1, 20):
        scene.stage.next[FRAMES] = position
        assert scene.look()
    assert scene.causes == []
    assert scene.lags == {"frames": (81, 1)}
    assert scene.positions == {FRAMES: 19}


def test_a_partition_that_stands_still_before_messages_is_sought_and_nothing_is_well_until_it_moves():
    scene = Scene(end=9)
    scene.look(int(STALL_S))
    assert scene.causes == []
    assert not scene.look()
    assert scene.causes == [Cause.STALL]
    assert scene.log.seeks == [(FRAMES, 0)]
    assert not scene.look(20)
    assert len(scene.log.seeks) == 5
    scene.stage.next[FRAMES] = 1
    assert scene.look()


def test_what_is_no_message_at_the_end_of_the_log_is_no_stall():
    scene = Scene(end=9)
    scene.stage.next[FRAMES] = 8
    scene.log.at_end = Reading(position=9, behind=8, end=9, fetched=1.0)
    assert scene.look(20)
    assert scene.log.seeks == []


def test_what_stands_still_on_purpose_is_well():
    scene = Scene(end=9)
    scene.stage.held_back.add(FRAMES)
    assert scene.look(100)
    assert scene.log.seeks == []


def test_what_was_dropped_is_loaded_and_sought():
    scene = Scene(FRAMES, OTHER, end=9)
    scene.stage.loads[OTHER] = 4
    assert not scene.look()
    assert (scene.causes, scene.log.seeks) == ([Cause.RELOAD], [(OTHER, 4)])
    assert scene.look()


def test_while_the_broker_does_not_answer_nothing_is_well_though_nothing_may_be_waiting():
    scene = Scene()
    scene.log.is_away = True
    with pytest.raises(ConnectionError):
        scene.look(int(STALL_S) + 1)
    assert scene.keeper.waiting_for() == "the broker does not answer: refused"
    for _ in range(10):
        with pytest.raises(ConnectionError):
            scene.look()
    assert scene.switch.silence_s > 10
    scene.log.is_away = False
    assert scene.look()
    assert scene.keeper.waiting_for() is None


def test_nothing_is_looked_at_before_the_group_has_its_members():
    scene = Scene()
    scene.is_rebalancing = True
    assert not scene.look(3)
    assert scene.keeper.waiting_for() == "the group is changing"
    scene.is_rebalancing = False
    assert scene.look()
    assert scene.keeper.waiting_for() is None
    scene.keeper._has_joined = False  # noqa: SLF001 - as at the start
    assert not scene.look()
    assert scene.keeper.waiting_for() == "the worker has no place in its group yet"


def test_a_stage_whose_ticks_fail_or_hang_is_not_well():
    scene = Scene()
    scene.look(59)
    assert not scene.look(2)
    asyncio.run(scene.keeper._tick())  # noqa: SLF001
    assert scene.look()
    assert scene.stage.ticks == 1


def test_what_only_a_person_can_mend_stops_the_worker():
    scene = Scene()
    error = OutsideError("cut off")

    async def fail():
        raise error

    asyncio.run(scene.keeper._repeat(fail, "check_failed"))  # noqa: SLF001
    assert scene.stops == [error]


def test_whatever_else_goes_wrong_is_tried_again():
    scene = Scene()
    tries = []

    async def fail():
        tries.append(1)
        if len(tries) < 3:
            raise ConnectionError("away")
        scene.keeper.set_shutdown()
        scene.keeper._stopped.set()  # noqa: SLF001 - as when mode stops it

    async def repeat():
        scene.keeper.sleep = wait_not
        await scene.keeper._repeat(fail, "check_failed")  # noqa: SLF001

    async def wait_not(_):
        """Lets no time pass."""

    asyncio.run(repeat())
    assert len(tries) == 3
