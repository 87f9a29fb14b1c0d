"""Counts of windows against a batch recount, whatever the order of arrival and the boundaries of frames."""

from collections import Counter

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from models.configuration import CoreSettings, TimeSettings
from models.mentions import WINDOW_MS, MentionWindow
from models.track import TrackStage
from models.tracker import TrackerState
from models.windows import SLICE_MS, SlidingCounts, slice_of
from tests.support.chatter import (
    COMMUNITY,
    HOUR_MS,
    MINUTE_MS,
    NOON_MS,
    arrive,
    cut,
    make_mention,
    make_post,
)

DISORDER_MS = 30_000
SETTINGS = CoreSettings(time=TimeSettings(disorder_s=DISORDER_MS / 1000))
LENGTHS_MS = (MINUTE_MS, 10 * MINUTE_MS, HOUR_MS)
SLICES = (1, 5, 60)

words = st.lists(st.sampled_from(["ferry", "school", "harbour", "zeppelin"]), min_size=1, max_size=3, unique=True)
authors = st.sampled_from(["ann", "bob", "cleo", "dan"])
gaps_ms = st.sampled_from([0, 1, 999, 20_000, MINUTE_MS, 7 * MINUTE_MS, 31 * MINUTE_MS])
moments = st.lists(st.tuples(gaps_ms, authors, words), min_size=1, max_size=40)


@st.composite
def arrivals(draw):
    """Posts in an order of arrival within the disorder, and boundaries of frames."""
    posts, at_ms = [], NOON_MS
    for number, (gap_ms, author, own) in enumerate(draw(moments)):
        at_ms += gap_ms
        posts.append(make_post(number, f"{' '.join(own)}", at_ms, author=author))
    delays_ms = draw(st.lists(st.integers(0, DISORDER_MS), min_size=len(posts), max_size=len(posts)))
    ranked = sorted(zip(posts, delays_ms, strict=True), key=lambda pair: pair[0].created_at + pair[1])
    return [post for post, _ in ranked], draw(st.lists(st.integers(0, len(posts)), max_size=5))


def recount(posts, last_ms):
    """Returns posts by term among those of the hour before `last_ms`, that moment included."""
    inside = [post for post in posts if last_ms - WINDOW_MS < post.created_at <= last_ms]
    return sorted(post.id for post in inside), Counter(word for post in inside for word in post.text.split())


def state_after(arrived, boundaries):
    stage = TrackStage(SETTINGS)
    for frame in cut(arrive(arrived), boundaries):
        stage.apply(frame)
    stage.finish()
    return stage, msgspec.msgpack.decode(stage.trackers[COMMUNITY].snapshot(), type=TrackerState)


@given(arrivals())
def test_the_window_holds_what_a_recount_finds_for_any_order_and_any_frames(some):
    arrived, boundaries = some
    stage, state = state_after(arrived, boundaries)
    ids, terms = recount(arrived, max(post.created_at for post in arrived))
    assert stage.trackers[COMMUNITY].counts.late == 0
    assert sorted(mention.key.removeprefix("4/test/") for mention in state.window.mentions) == ids
    in_window = Counter(term for mention in state.window.mentions for term in mention.terms if term[0] != "~")
    assert in_window == terms


@given(arrivals())
def test_the_whole_state_is_the_same_for_any_order_and_any_frames(some):
    arrived, boundaries = some
    _, state = state_after(arrived, boundaries)
    _, same = state_after(sorted(arrived, key=lambda post: (post.created_at, post.id)), [])
    for one in (state, same):
        one.ordering.expiry.sort()
        one.ordering.recent = dict(sorted(one.ordering.recent.items()))
    assert msgspec.msgpack.encode(state) == msgspec.msgpack.encode(same)


@given(moments)
def test_volumes_and_posts_by_term_are_those_of_a_recount_at_every_post(some_posts):
    window, posts, now_ms = MentionWindow(), [], NOON_MS
    for number, (gap_ms, author, own) in enumerate(some_posts):
        now_ms += gap_ms
        posts.append((now_ms, own))
        window.add(make_mention(number, own, now_ms, author=author), now_ms)
        ages = [(now_ms - at_ms, terms) for at_ms, terms in posts]
        assert window.volumes(now_ms, LENGTHS_MS) == [sum(age < length for age, _ in ages) for length in LENGTHS_MS]
        by_term = Counter(term for age, terms in ages if age < WINDOW_MS for term in terms)
        assert {text: len(term.mentions) for text, term in window.terms.items() if term.mentions} == by_term


@given(moments, st.randoms(use_true_random=False))
def test_authors_and_posts_at_every_length_are_those_of_a_recount_in_any_order(some_posts, chance):
    posts, at_ms = [], NOON_MS
    for gap_ms, author, _ in some_posts:
        at_ms += gap_ms
        posts.append((at_ms, author))
    counts, shuffled = SlidingCounts(max(SLICES)), chance.sample(posts, len(posts))
    for own_ms, author in shuffled:
        counts.add(author, own_ms)
    for now_ms in (at_ms, at_ms + SLICE_MS, at_ms + HOUR_MS):
        firsts = [slice_of(now_ms) - slices + 1 for slices in SLICES]
        inside = [[author for own_ms, author in posts if slice_of(own_ms) >= first] for first in firsts]
        assert counts.count(now_ms, SLICES) == [(len(set(own)), len(own)) for own in inside]


@given(moments, st.data())
def test_two_that_become_one_count_what_one_would_have(some_posts, data):
    whole, parts, at_ms = SlidingCounts(60), (SlidingCounts(60), SlidingCounts(60)), NOON_MS
    for gap_ms, author, _ in some_posts:
        at_ms += gap_ms
        whole.add(author, at_ms)
        parts[data.draw(st.integers(0, 1))].add(author, at_ms)
    parts[0].absorb(parts[1])
    assert parts[0].count(at_ms, SLICES) == whole.count(at_ms, SLICES)
