import os
import signal

import pytest

from streams.commands.interrupts import Interrupted, Interrupts
from streams.errors import Status


def send(number):
    os.kill(os.getpid(), number)


def test_without_a_signal_nothing_happens():
    with Interrupts() as interrupts, interrupts.waiting():
        pass
    assert (interrupts.signal, interrupts.status) == (None, Status.DONE)


@pytest.mark.parametrize(
    ("number", "status", "name"),
    [
        (signal.SIGINT, Status.INTERRUPTED, "Ctrl-C"),
        (signal.SIGTERM, Status.TERMINATED, "SIGTERM"),
    ],
)
def test_the_first_signal_is_noted_and_breaks_nothing_off(number, status, name):
    with Interrupts() as interrupts:
        send(number)
        assert interrupts.signal == number
    assert (interrupts.status, interrupts.name) == (status, name)


def test_a_wait_for_input_is_broken_off():
    with Interrupts() as interrupts, pytest.raises(Interrupted), interrupts.waiting():
        send(signal.SIGINT)


def test_a_wait_that_begins_after_the_signal_ends_at_once():
    with Interrupts() as interrupts:
        send(signal.SIGINT)
        with pytest.raises(Interrupted), interrupts.waiting():
            pytest.fail("waited")


def test_a_signal_after_the_wait_breaks_nothing_off():
    with Interrupts() as interrupts:
        with interrupts.waiting():
            pass
        send(signal.SIGTERM)
    assert interrupts.status is Status.TERMINATED


def test_a_second_signal_ends_everything():
    with Interrupts():
        send(signal.SIGINT)
        with pytest.raises(Interrupted) as ended:
            send(signal.SIGINT)
    assert ended.value.status is Status.INTERRUPTED


def test_the_handlers_of_before_come_back():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with Interrupts():
        pass
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
