import asyncio

import pytest

from streams.errors import OutsideError
from streams.workers.feed import SEEK_EVERY_S, SHORT_LOG_CHECKS, Cause, Feed
from streams.workers.stage import Bounds
from tests.support.stages import FRAMES, OTHER, Clock, FakeLog, FakeStage, make_message


class Scene:
    def __init__(self, *held, **log):
        self.stage, self.log, self.clock = FakeStage(), FakeLog(*held, **log), Clock()
        self.seeks, self.failures = [], []
        self.feed = Feed(
            self.stage,
            lambda: self.log,
            self.log.read_bounds,
            on_seek=self.seeks.append,
            on_failure=lambda: self.failures.append(1),
            elapsed_s=self.clock,
        )

    def take(self, *offsets, partition=FRAMES):
        for offset in offsets:
            asyncio.run(self.feed.take(make_message(offset, partition)))


def test_a_message_is_taken_only_if_it_is_the_one_wanted():
    scene = Scene()
    scene.take(0, 1, 0, 1, 2)
    assert scene.stage.taken == [0, 1, 2]
    assert scene.log.seeks == []


def test_where_one_is_missing_it_is_sought_once_until_what_is_buffered_has_drained():
    scene = Scene()
    scene.take(0, 2, 3, 4)
    assert scene.stage.taken == [0]
    assert scene.log.seeks == [(FRAMES, 1)]
    scene.clock.pass_by(SEEK_EVERY_S)
    scene.take(5)
    assert scene.log.seeks == [(FRAMES, 1)] * 2
    assert scene.seeks == [Cause.GAP] * 2
    scene.take(1, 2)
    assert scene.stage.taken == [0, 1, 2]


def test_one_partition_does_not_hold_up_the_seek_of_another():
    scene = Scene(FRAMES, OTHER)
    scene.stage.next[OTHER] = 0
    scene.take(5)
    scene.take(5, partition=OTHER)
    assert scene.log.seeks == [(FRAMES, 0), (OTHER, 0)]


def test_a_hole_is_passed_over_only_where_there_may_be_holes():
    scene = Scene()
    scene.log.holes.add((FRAMES, 0, 3))
    scene.take(3)
    assert (scene.stage.taken, scene.log.seeks) == ([], [(FRAMES, 0)])
    scene.stage.may_have_holes = True
    scene.take(4)
    assert scene.stage.taken == []
    scene.take(3)
    assert scene.stage.taken == [3]


def test_what_retention_took_is_no_hole_to_be_passed_over_in_silence():
    scene = Scene(beginning=3)
    scene.stage.may_have_holes = True
    scene.log.holes.add((FRAMES, 0, 3))
    scene.take(3)
    assert scene.stage.told == [(FRAMES, Bounds(3, 100))]
    assert scene.stage.taken == [3]


def test_after_an_exception_the_partition_takes_nothing_until_it_is_loaded_anew():
    scene = Scene()
    scene.stage.refuses = ValueError("no")
    scene.take(0, 1)
    assert (scene.stage.taken, scene.failures, scene.log.seeks) == ([], [1], [])
    scene.stage.loads[FRAMES] = 0
    assert asyncio.run(scene.feed.load()) == {FRAMES: 0}
    scene.take(0, 1)
    assert scene.stage.taken == [0, 1]


def test_what_only_a_person_can_mend_is_not_swallowed():
    scene = Scene()
    scene.stage.refuses = OutsideError("another version")
    with pytest.raises(OutsideError, match="another version"):
        scene.take(0)
    assert scene.failures == []


def test_loading_says_where_to_read_and_leaves_out_what_is_not_loaded():
    scene = Scene(FRAMES, OTHER)
    scene.stage.next[FRAMES] = 7
    assert asyncio.run(scene.feed.load()) == {FRAMES: 7}


def test_a_position_before_the_log_is_told_at_once_and_the_answer_is_read_from():
    scene = Scene(beginning=40)
    assert asyncio.run(scene.feed.load()) == {FRAMES: 40}
    assert scene.stage.told == [(FRAMES, Bounds(40, 100))]


def test_a_position_behind_the_log_is_believed_only_when_it_stays():
    scene = Scene(end=5)
    scene.stage.next[FRAMES] = 9
    scene.stage.ends_at = OutsideError("cut off")
    for _ in range(SHORT_LOG_CHECKS - 1):
        asyncio.run(scene.feed.keep_within(FRAMES))
    assert scene.stage.told == []
    with pytest.raises(OutsideError, match="cut off"):
        asyncio.run(scene.feed.keep_within(FRAMES))
    scene.stage.next[FRAMES] = 5
    asyncio.run(scene.feed.keep_within(FRAMES))
    scene.stage.next[FRAMES] = 9
    asyncio.run(scene.feed.keep_within(FRAMES))
    assert len(scene.stage.told) == 1


def test_what_stands_still_on_purpose_is_not_sought():
    scene = Scene()
    scene.stage.held_back.add(FRAMES)
    scene.take(5)
    assert scene.log.seeks == []


def test_what_was_dropped_while_its_bounds_were_asked_for_is_not_sought():
    scene = Scene()

    async def drop(partitions):
        scene.stage.next.clear()
        return {partition: scene.log.inside[partition] for partition in partitions}

    scene.feed._read_bounds = drop  # noqa: SLF001 - what happens meanwhile
    scene.take(5)
    assert scene.log.seeks == []
