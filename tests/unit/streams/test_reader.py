import threading

import pytest

from streams.errors import OutsideError
from streams.reader import WAITING_MAX, Item, Reader

SOON_S = 10


def numbered(count):
    """Yields items that can be told apart."""
    for number in range(count):
        yield Item(str(number).encode(), number)


def take_all(reader):
    """Returns what a reader hands on until it ends."""
    taken = []
    while not reader.has_ended:
        item = reader.take(SOON_S)
        if item:
            taken.append(item.latest_ms)
    return taken


def test_items_come_in_their_order_and_then_it_ends():
    reader = Reader(numbered(5))
    reader.start()
    assert take_all(reader) == [0, 1, 2, 3, 4]
    assert reader.take(SOON_S) is None
    assert reader.error is None


def test_what_came_before_an_error_is_handed_on():
    def broken():
        yield from numbered(3)
        raise OutsideError("the file is truncated.")

    reader = Reader(broken())
    reader.start()
    assert take_all(reader) == [0, 1, 2]
    assert isinstance(reader.error, OutsideError)


def test_an_error_of_the_program_is_kept_too():
    def faulty():
        raise ZeroDivisionError
        yield

    reader = Reader(faulty())
    reader.start()
    assert take_all(reader) == []
    assert isinstance(reader.error, ZeroDivisionError)


def test_it_reads_a_bounded_way_ahead():
    reached = []
    is_full = threading.Event()

    def noted():
        for item in numbered(3 * WAITING_MAX):
            reached.append(item.latest_ms)
            if len(reached) > WAITING_MAX:
                is_full.set()
            yield item

    reader = Reader(noted())
    reader.start()
    assert is_full.wait(SOON_S)
    assert len(reached) == WAITING_MAX + 1
    assert take_all(reader) == list(range(3 * WAITING_MAX))


def test_it_can_be_stopped_while_nobody_takes():
    reader = Reader(numbered(10**9))
    reader.start()
    assert reader.take(SOON_S) == Item(b"0", 0)
    reader.stop()
    [thread] = [thread for thread in threading.enumerate() if thread.name == "reader"]
    thread.join(SOON_S)
    assert not thread.is_alive()


def test_a_silent_source_is_waited_for_so_long_only():
    release = threading.Event()

    def silent():
        release.wait(SOON_S)
        yield Item(b"late", 1)

    reader = Reader(silent())
    reader.start()
    assert reader.take(0.001) is None
    assert not reader.has_ended
    assert not reader.is_behind
    release.set()
    assert reader.take(SOON_S) == Item(b"late", 1)


@pytest.mark.parametrize("count", [0, 1])
def test_a_short_source_ends_without_a_wait(count):
    reader = Reader(numbered(count))
    reader.start()
    assert len(take_all(reader)) == count
