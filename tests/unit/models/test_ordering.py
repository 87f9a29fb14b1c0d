import msgspec
import pytest

import models.ordering
from models.ordering import Arrival, Ordering, OrderingState, identity_of
from models.post import key_of
from tests.support.framed import NOON_MS, make_framed

MINUTE_MS = 60_000
LATENESS_MS = 10 * MINUTE_MS


def make_ordering(watermark_ms=NOON_MS, **changes):
    ordering = Ordering(LATENESS_MS, **changes)
    ordering.move(watermark_ms)
    return ordering


def pop_all(ordering):
    popped = []
    while ordering.next_ms is not None:
        popped.append(ordering.pop().post.id)
    return popped


def test_posts_are_let_go_in_the_order_of_event_time_then_source_then_id():
    ordering = make_ordering()
    posts = [
        make_framed(1, NOON_MS + 5),
        make_framed(2, NOON_MS + 3, source="reddit"),
        make_framed(9, NOON_MS + 3, source="bluesky"),
        make_framed(3, NOON_MS + 3, source="bluesky"),
        make_framed(4, NOON_MS),
    ]
    assert {ordering.judge(framed) for framed in posts} == {Arrival.WAITS}
    assert ordering.next_ms == NOON_MS
    assert pop_all(ordering) == ["p4", "p3", "p9", "p2", "p1"]
    assert ordering.next_ms is None


def test_what_happened_to_a_post_in_one_moment_is_let_go_as_create_update_delete():
    ordering = make_ordering()
    for op in ("delete", "update", "create"):
        assert ordering.judge(make_framed(op=op)) is Arrival.WAITS
    assert [ordering.pop().post.op for _ in range(3)] == ["create", "update", "delete"]


def test_a_post_at_the_watermark_is_not_late_and_one_before_it_is():
    ordering = make_ordering()
    assert ordering.judge(make_framed(1, NOON_MS)) is Arrival.WAITS
    assert ordering.judge(make_framed(2, NOON_MS - 1)) is Arrival.LATE
    assert pop_all(ordering) == ["p1"]


def test_a_post_is_too_late_once_its_slice_is_final():
    ordering = make_ordering(NOON_MS + LATENESS_MS - 1)
    assert ordering.judge(make_framed(1, NOON_MS - 1)) is Arrival.LATE
    assert ordering.judge(make_framed(2, NOON_MS - MINUTE_MS)) is Arrival.LATE
    assert ordering.judge(make_framed(3, NOON_MS - MINUTE_MS - 1)) is Arrival.TOO_LATE
    ordering.move(NOON_MS + LATENESS_MS)
    assert ordering.judge(make_framed(4, NOON_MS - 1)) is Arrival.TOO_LATE


def test_a_post_that_is_too_late_changes_nothing():
    ordering = make_ordering()
    ordering.judge(make_framed(1))
    before = msgspec.msgpack.encode(ordering.state)
    for _ in range(2):
        assert ordering.judge(make_framed(2, NOON_MS - 2 * LATENESS_MS)) is Arrival.TOO_LATE
    assert msgspec.msgpack.encode(ordering.state) == before


@pytest.mark.parametrize(
    "at_ms", [NOON_MS, NOON_MS - 1, NOON_MS - 5 * MINUTE_MS, NOON_MS - LATENESS_MS - MINUTE_MS + 1]
)
def test_a_post_seen_before_is_a_duplicate_waiting_or_late(at_ms):
    ordering = make_ordering(NOON_MS - 1)
    assert ordering.judge(make_framed(1, at_ms)) in (Arrival.WAITS, Arrival.LATE)
    assert ordering.judge(make_framed(1, at_ms)) is Arrival.DUPLICATE
    ordering.judge(make_framed(2, at_ms))
    assert ordering.judge(make_framed(1, at_ms)) is Arrival.DUPLICATE


def test_a_post_is_a_duplicate_though_it_claims_another_time_or_text():
    ordering = make_ordering()
    ordering.judge(make_framed(1))
    assert ordering.judge(make_framed(1, NOON_MS + MINUTE_MS, text="another")) is Arrival.DUPLICATE
    assert pop_all(ordering) == ["p1"]


@pytest.mark.parametrize(
    ("changes", "arrival"),
    [
        ({"source": "other"}, Arrival.WAITS),
        ({"id": "p2"}, Arrival.WAITS),
        ({"op": "update"}, Arrival.WAITS),
        ({"op": "delete"}, Arrival.WAITS),
        ({"author": "other"}, Arrival.DUPLICATE),
    ],
)
def test_source_id_and_op_make_a_post(changes, arrival):
    ordering = make_ordering()
    ordering.judge(make_framed(1))
    assert ordering.judge(make_framed(1, **changes)) is arrival


def test_updates_are_told_apart_by_their_time():
    ordering = make_ordering()
    first, second = (make_framed(1, NOON_MS + n, op="update", observed_at=NOON_MS + n) for n in range(2))
    assert [ordering.judge(update) for update in (first, second, second)] == [
        Arrival.WAITS,
        Arrival.WAITS,
        Arrival.DUPLICATE,
    ]
    assert ordering.judge(make_framed(1, NOON_MS, op="delete")) is Arrival.WAITS
    assert ordering.judge(make_framed(1, NOON_MS + 1, op="delete")) is Arrival.DUPLICATE


def test_updates_of_which_nobody_says_when_are_no_duplicates():
    ordering = make_ordering()
    assert [ordering.judge(make_framed(1, op="update")) for _ in range(2)] == [Arrival.WAITS, Arrival.WAITS]


def test_a_delete_is_never_too_late():
    ordering = make_ordering()
    ordering.move(NOON_MS + 10 * LATENESS_MS)
    assert ordering.judge(make_framed(1)) is Arrival.TOO_LATE
    assert ordering.judge(make_framed(1, op="update", observed_at=NOON_MS)) is Arrival.TOO_LATE
    assert ordering.judge(make_framed(1, op="delete")) is Arrival.LATE


def test_posts_that_wait_or_came_within_the_lateness_have_been_seen():
    ordering = make_ordering()
    ordering.judge(make_framed(1))
    own, other = (identity_of(key_of(make_framed(number).post)) for number in (1, 2))
    assert ordering.seen_ms(own, NOON_MS + LATENESS_MS) == NOON_MS
    assert ordering.seen_ms(own, NOON_MS + LATENESS_MS + MINUTE_MS) is None
    assert ordering.seen_ms(other, NOON_MS) is None


def test_a_slash_in_a_source_makes_no_two_posts_one():
    ordering = make_ordering()
    assert ordering.judge(make_framed(source="feeds/a", id="b")) is Arrival.WAITS
    assert ordering.judge(make_framed(source="feeds", id="a/b")) is Arrival.WAITS


def test_ids_are_forgotten_when_their_slice_is_final():
    ordering = make_ordering()
    ordering.judge(make_framed(1))
    ordering.judge(make_framed(2, NOON_MS + 30 * MINUTE_MS))
    ordering.move(NOON_MS + LATENESS_MS + MINUTE_MS - 1)
    ordering.judge(make_framed(3, NOON_MS + 30 * MINUTE_MS))
    assert len(ordering.state.recent) == 3
    ordering.move(NOON_MS + LATENESS_MS + MINUTE_MS)
    ordering.judge(make_framed(4, NOON_MS + 30 * MINUTE_MS))
    assert len(ordering.state.recent) == len(ordering.state.expiry) == 3
    assert ordering.judge(make_framed(1)) is Arrival.TOO_LATE


def test_it_says_when_more_posts_wait_than_may():
    ordering = make_ordering(waiting_max=3)
    for number in range(3):
        ordering.judge(make_framed(number))
    assert not ordering.is_crowded
    ordering.judge(make_framed(3))
    assert ordering.is_crowded
    assert ordering.pop().post.id == "p0"
    assert not ordering.is_crowded


def test_no_more_ids_are_known_than_the_cap_and_the_oldest_are_forgotten(monkeypatch):
    monkeypatch.setattr(models.ordering, "RECENT_MAX", 10)
    ordering = make_ordering()
    for number in range(30):
        ordering.judge(make_framed(number, NOON_MS + number))
    assert len(ordering.state.recent) == len(ordering.state.expiry) == 10
    assert ordering.judge(make_framed(29, NOON_MS + 29)) is Arrival.DUPLICATE
    assert ordering.judge(make_framed(19, NOON_MS + 19)) is Arrival.WAITS


def test_the_watermark_never_goes_back():
    ordering = make_ordering()
    ordering.move(NOON_MS - 1)
    assert ordering.state.watermark_ms == NOON_MS


def test_going_on_from_a_saved_state_is_going_on():
    one, other = make_ordering(), Ordering(LATENESS_MS)
    for number in (5, 3, 9, 1, 7):
        one.judge(make_framed(number, NOON_MS + number % 4))
    other.state = msgspec.msgpack.decode(msgspec.msgpack.encode(one.state), type=OrderingState)
    for ordering in (one, other):
        assert ordering.judge(make_framed(9, NOON_MS + 1)) is Arrival.DUPLICATE
        assert ordering.judge(make_framed(2, NOON_MS + 2)) is Arrival.WAITS
    assert pop_all(one) == pop_all(other) == ["p1", "p5", "p9", "p2", "p3", "p7"]
