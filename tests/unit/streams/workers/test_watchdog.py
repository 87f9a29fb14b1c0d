import threading

import pytest

from streams.errors import Status
from streams.workers.watchdog import BUSY_STALL_S, SILENCE_S_MAX, STALL_S, DeadMansSwitch, Stalls
from tests.support.stages import FRAMES, OTHER, Clock


@pytest.fixture
def clock():
    return Clock()


def test_a_partition_is_looked_at_when_it_has_not_moved_for_a_while_and_then_as_often_again(clock):
    stalls = Stalls(clock)
    assert not stalls.is_due(FRAMES, 3)
    clock.pass_by(STALL_S - 0.1)
    assert not stalls.is_due(FRAMES, 3)
    clock.pass_by(0.1)
    assert stalls.is_due(FRAMES, 3)
    assert not stalls.is_due(FRAMES, 3)
    clock.pass_by(STALL_S)
    assert stalls.is_due(FRAMES, 3)


def test_a_partition_that_moves_is_left_alone(clock):
    stalls = Stalls(clock)
    for position in range(10):
        assert not stalls.is_due(FRAMES, position)
        clock.pass_by(STALL_S - 1)


def test_while_others_move_a_partition_may_have_to_wait_for_its_turn(clock):
    stalls = Stalls(clock)
    looked_at = []
    for second in range(80):
        clock.pass_by(1)
        if stalls.is_due(FRAMES, 3):
            looked_at.append(second)
        # Moves for 50 seconds, then no more.
        stalls.is_due(OTHER, min(second, 50))
    assert looked_at[0] == BUSY_STALL_S
    assert looked_at[1] == 51 + STALL_S - 1


def test_a_stalled_partition_stays_so_until_it_moves(clock):
    stalls = Stalls(clock)
    stalls.is_due(FRAMES, 3)
    stalls.note(FRAMES)
    clock.pass_by(1)
    assert not stalls.is_due(FRAMES, 3)
    assert stalls.is_stalled(FRAMES)
    assert not stalls.is_stalled(OTHER)
    stalls.is_due(FRAMES, 4)
    assert not stalls.is_stalled(FRAMES)


def test_a_partition_that_left_begins_anew_when_it_comes_back(clock):
    stalls = Stalls(clock)
    stalls.is_due(FRAMES, 3)
    stalls.note(FRAMES)
    stalls.keep({OTHER})
    assert not stalls.is_stalled(FRAMES)
    clock.pass_by(STALL_S)
    assert not stalls.is_due(FRAMES, 3)


def ended(clock, *waits):
    """Returns with what the process was ended when checks come after these waits in seconds."""
    statuses = []
    switch = DeadMansSwitch(clock, statuses.append)
    for wait_s in waits:
        clock.pass_by(wait_s)
        switch.check()
    return statuses


def test_the_process_ends_after_too_long_a_silence(clock):
    seconds = int(SILENCE_S_MAX)
    assert ended(clock, *[1] * seconds) == []
    assert ended(clock, *[1] * (seconds + 1)) == [Status.STALLED]


def test_time_in_which_the_process_was_stopped_does_not_count(clock):
    assert ended(clock, *[1] * 60, 3_600, *[1] * 29) == []
    assert ended(clock, *[1] * 60, 3_600, *[1] * 31) == [Status.STALLED]


def test_a_sign_of_life_begins_the_silence_anew(clock):
    statuses = []
    switch = DeadMansSwitch(clock, statuses.append)
    for _ in range(5):
        clock.pass_by(4)
        switch.check()
    assert switch.silence_s == 20
    switch.all_is_well()
    assert switch.silence_s == 0
    assert statuses == []


def test_it_watches_from_a_thread_of_its_own_until_it_is_stopped(clock):
    has_ended = threading.Event()
    switch = DeadMansSwitch(clock, lambda _: has_ended.set())
    switch.start()
    for _ in range(100):
        clock.pass_by(1)
        switch.check()
    assert has_ended.wait(5)
    switch.stop()
    assert not any(thread.name == "dead-mans-switch" for thread in threading.enumerate())
