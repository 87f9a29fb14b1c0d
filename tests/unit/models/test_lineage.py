import msgspec
import pytest

from models.lineage import Lineage, LineageEvent, LineageState


def test_an_id_that_was_never_merged_stands_for_itself():
    assert Lineage(10).resolve(4) == 4


def test_merges_are_followed_to_the_end():
    lineage = Lineage(10)
    lineage.merge(9, into=5, at_ms=1)
    lineage.merge(5, into=2, at_ms=2)
    assert [lineage.resolve(number) for number in (9, 5, 2)] == [2, 2, 2]


def test_events_are_drained_once_in_order():
    lineage = Lineage(10)
    lineage.bear(9, at_ms=1)
    lineage.split(10, split_from=9, at_ms=2)
    lineage.merge(10, into=5, at_ms=3)
    lineage.fade(5, at_ms=4)
    assert lineage.drain() == [
        LineageEvent("born", 9, into=None, at_ms=1),
        LineageEvent("split", 10, into=None, at_ms=2, split_from=9),
        LineageEvent("merged", 10, into=5, at_ms=3),
        LineageEvent("faded", 5, into=None, at_ms=4),
    ]
    assert lineage.drain() == []


def test_only_a_merge_and_a_fading_are_ends():
    events = [LineageEvent(kind, 9, None, 0) for kind in ("born", "split", "merged", "faded")]
    assert [event.kind for event in events if event.is_end] == ["merged", "faded"]


def test_a_part_that_was_split_off_stands_for_itself():
    lineage = Lineage(10)
    lineage.split(9, split_from=5, at_ms=1)
    assert [lineage.resolve(number) for number in (9, 5)] == [9, 5]


def test_the_oldest_merges_and_events_are_forgotten_first():
    lineage = Lineage(2)
    for number in (5, 6, 7):
        lineage.merge(number, into=1, at_ms=number)
    assert [lineage.resolve(number) for number in (5, 6, 7)] == [5, 1, 1]
    assert [event.micro_cluster_id for event in lineage.drain()] == [6, 7]


def test_a_merge_into_a_younger_one_is_a_programmer_error():
    with pytest.raises(AssertionError, match="not older"):
        Lineage(10).merge(3, into=4, at_ms=0)


def test_what_was_read_back_goes_on_the_same():
    lineage = Lineage(10)
    lineage.bear(8, at_ms=0)
    lineage.split(9, split_from=8, at_ms=0)
    lineage.merge(9, into=5, at_ms=1)
    encoded = msgspec.msgpack.encode(lineage.snapshot())
    again = Lineage.restore(msgspec.msgpack.decode(encoded, type=LineageState), 10)
    events = lineage.drain()
    assert (again.resolve(9), again.drain()) == (5, events)
    assert len(events) == 3


def test_a_snapshot_does_not_change_afterwards():
    lineage = Lineage(10)
    state = lineage.snapshot()
    lineage.bear(9, at_ms=0)
    lineage.merge(9, into=5, at_ms=1)
    assert state == LineageState(merged={}, pending=[])


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (LineageState(merged={3: 1, 4: 1, 5: 1}, pending=[]), "more than 2"),
        (LineageState(merged={}, pending=[LineageEvent("born", 1, None, 0)] * 3), "more than 2"),
        (LineageState(merged={3: 3}, pending=[]), "not older"),
    ],
)
def test_a_state_that_cannot_have_been_written_is_refused(state, message):
    with pytest.raises(ValueError, match=message):
        Lineage.restore(state, 2)


def test_a_cap_below_one_is_refused():
    with pytest.raises(ValueError, match="entries_max must be at least 1, got 0"):
        Lineage(0)
