"""What the order of arrival may and may not change, against an oracle that forgets nothing."""

from typing import NamedTuple

import msgspec
from hypothesis import given
from hypothesis import strategies as st

import models.ordering
from models.ordering import Arrival, Ordering, OrderingState
from models.windows import SLICE_MS
from tests.support.framed import NOON_MS, make_framed

DISORDER_MS = 5_000
LATENESS_MS = 2 * SLICE_MS


class Arriving(NamedTuple):
    """A post, and how long after its event time it arrives."""

    at_ms: int
    source: str
    number: int
    op: str
    delay_ms: int

    @property
    def identity(self):
        return self.source, self.number, self.op, self.at_ms if self.op == "update" else None

    @property
    def place(self):
        return self.at_ms, self.source, f"p{self.number}", ["create", "update", "delete"].index(self.op)

    @property
    def framed(self):
        at_ms = NOON_MS + self.at_ms
        return make_framed(self.number, at_ms, source=self.source, op=self.op, observed_at=at_ms)


def posts(delay_ms_max, spread_ms=20_000):
    """Returns posts that arrive in the order of event time plus delay, some of them more than once."""
    one = st.builds(
        Arriving,
        st.integers(0, spread_ms),
        st.sampled_from(["", "a", "a/b"]),
        st.integers(1, 8),
        st.sampled_from(["create", "create", "update", "delete"]),
        st.integers(0, delay_ms_max),
    )
    return st.lists(one, max_size=30)


def arrange(some_posts):
    return sorted(some_posts, key=lambda post: post.at_ms + post.delay_ms)


def run(arriving, **changes):
    """Lets posts arrive, each moving the watermark first as the track stage does.

    Returns what became of each, and the posts in the order in which they were let go, late ones included.
    """
    ordering, reached_ms = Ordering(LATENESS_MS, **changes), 0
    arrivals, let_go = [], []

    def release():
        while ordering.next_ms is not None and (ordering.next_ms < ordering.state.watermark_ms or ordering.is_crowded):
            ordering.move(ordering.next_ms)
            let_go.append(ordering.pop())

    for post in arriving:
        reached_ms = max(reached_ms, post.at_ms)
        ordering.move(NOON_MS + reached_ms - DISORDER_MS)
        release()
        arrivals.append(ordering.judge(post.framed))
        if arrivals[-1] is Arrival.LATE:
            let_go.append(post.framed)
        release()
    while ordering.next_ms is not None:
        let_go.append(ordering.pop())
    return arrivals, let_go


def first_of_each(some_posts):
    """Returns the posts without those whose identity an earlier one has."""
    found = {}
    for post in some_posts:
        found.setdefault(post.identity, post)
    return list(found.values())


@given(posts(DISORDER_MS).map(first_of_each))
def test_within_the_disorder_bound_arrival_does_not_matter(some_posts):
    arrivals, let_go = run(arrange(some_posts))
    assert set(arrivals) <= {Arrival.WAITS}
    assert let_go == [post.framed for post in sorted(some_posts, key=lambda post: post.place)]


@given(posts(DISORDER_MS).map(first_of_each), st.data())
def test_copies_within_the_allowed_lateness_change_nothing(some_posts, data):
    copies = data.draw(st.lists(st.sampled_from(some_posts), max_size=10)) if some_posts else []
    # The posts span 20 s, so that no slice becomes final however late a copy comes.
    late = [copy._replace(delay_ms=copy.delay_ms + data.draw(st.integers(0, LATENESS_MS))) for copy in copies]
    arrivals, let_go = run(arrange([*some_posts, *late]))
    assert let_go == run(arrange(some_posts))[1]
    assert arrivals.count(Arrival.DUPLICATE) == len(copies)


def judge_all(arriving):
    """Returns what becomes of each post, by the rules as they are written and with all of the past at hand."""
    watermark_ms, accepted, found = 0, [], []
    for post in arriving:
        watermark_ms = max(watermark_ms, NOON_MS + post.at_ms - DISORDER_MS)
        at_ms = NOON_MS + post.at_ms
        if at_ms < watermark_ms and not _is_open(at_ms, watermark_ms) and post.op != "delete":
            found.append(Arrival.TOO_LATE)
        elif any(post.identity == other and _is_open(first_ms, watermark_ms) for other, first_ms in accepted):
            found.append(Arrival.DUPLICATE)
        else:
            found.append(Arrival.LATE if at_ms < watermark_ms else Arrival.WAITS)
            accepted.append((post.identity, at_ms))
    return found


def _is_open(at_ms, watermark_ms):
    end_ms = at_ms - at_ms % SLICE_MS + SLICE_MS
    return watermark_ms < end_ms + LATENESS_MS


@given(posts(6 * SLICE_MS, 6 * SLICE_MS))
def test_whatever_the_order_each_post_is_judged_by_the_rules(some_posts):
    arriving = arrange(some_posts)
    arrivals, let_go = run(arriving)
    assert arrivals == judge_all(arriving)
    kept = [post for post, arrival in zip(arriving, arrivals, strict=True) if arrival in (Arrival.WAITS, Arrival.LATE)]
    assert sorted(map(_key, let_go)) == sorted(_key(post.framed) for post in kept)


def _key(framed):
    return framed.event_time_ms, framed.post.source, framed.post.id, framed.post.op


@given(posts(6 * SLICE_MS, 6 * SLICE_MS))
def test_what_is_too_late_might_as_well_not_have_come(some_posts):
    arriving = arrange(some_posts)
    arrivals, let_go = run(arriving)
    in_time = [post for post, each in zip(arriving, arrivals, strict=True) if each is not Arrival.TOO_LATE]
    assert run(in_time)[1] == let_go


@given(posts(6 * SLICE_MS, 6 * SLICE_MS), st.integers(1, 5))
def test_with_little_room_no_post_is_lost_and_none_comes_twice(some_posts, room):
    arrivals, let_go = run(arrange(some_posts), waiting_max=room)
    assert len(let_go) == sum(each in (Arrival.WAITS, Arrival.LATE) for each in arrivals)


@given(posts(6 * SLICE_MS, 6 * SLICE_MS), st.integers(0, 30))
def test_a_snapshot_anywhere_changes_nothing(some_posts, where):
    one, other = Ordering(LATENESS_MS), Ordering(LATENESS_MS)
    for index, post in enumerate(arrange(some_posts)):
        if index == where:
            other.state = msgspec.msgpack.decode(msgspec.msgpack.encode(one.state), type=OrderingState)
        one.move(NOON_MS + post.at_ms - DISORDER_MS)
        arrival = one.judge(post.framed)
        if index >= where:
            other.move(NOON_MS + post.at_ms - DISORDER_MS)
            assert other.judge(post.framed) is arrival
            assert other.state == one.state


def test_the_state_stays_bounded_whatever_comes(monkeypatch):
    monkeypatch.setattr(models.ordering, "RECENT_MAX", 20)
    ordering = Ordering(LATENESS_MS, waiting_max=10)
    for number in range(500):
        ordering.judge(make_framed(number, NOON_MS + number * 7_919 % 1_000))
        while ordering.is_crowded:
            ordering.pop()
        assert len(ordering.state.recent) == len(ordering.state.expiry) <= 20
        assert len(ordering.state.waiting) <= 10
