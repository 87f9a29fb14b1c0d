"""What holds for the tracker whatever it is given: steps of time, snapshots, duplicates, lateness, the future."""

from functools import cache

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from models.mentions import MentionWindow
from models.track import TrackStage
from models.tracker import CommunityTracker
from tests.support.chatter import (
    COMMUNITY,
    DISORDER_MS,
    HOUR_MS,
    LAUNCH_MS,
    MINUTE_MS,
    SECOND_MS,
    SETTINGS,
    alerts_of,
    arrive,
    chatter,
    cut,
    launch,
    make_post,
    state_of,
)

# An example follows an hour of posts, launch included, and the silence after it.
few = settings(max_examples=30)


@cache
def warmed_up():
    """Returns the snapshot of a tracker that has followed four hours of chatter, all of it applied."""
    tracker = CommunityTracker(COMMUNITY, SETTINGS)
    for framed in arrive(chatter(3.95)):
        tracker.offer(framed, framed.reached_ms - DISORDER_MS)
    tracker.advance(LAUNCH_MS - MINUTE_MS)
    return tracker.snapshot()


def new_tracker():
    return CommunityTracker.restore(warmed_up(), SETTINGS)


texts = st.lists(
    st.sampled_from(["zeppelin", "crash", "airfield", "ferry", "tea", "@ann", "https://news.example/1"]),
    min_size=1,
    max_size=4,
).map(" ".join)
extras = st.fixed_dictionaries(
    {
        "text": texts,
        "author": st.sampled_from(["ann", "bob", "cleo", None]),
        "lang": st.sampled_from([None, "en", "no"]),
        "is_repost": st.booleans(),
        "op": st.sampled_from(["create", "create", "create", "update", "delete"]),
        "id": st.sampled_from([f"p{word}{number}" for word in ("zeppelin", "extra") for number in range(12)]),
    }
)


@st.composite
def an_hour(draw):
    """A launch, other posts among it that may be about it, change it or take it back, and a post hours later."""
    posts = launch(step_ms=draw(st.sampled_from([SECOND_MS, 20 * SECOND_MS, 90 * SECOND_MS])))
    for extra in draw(st.lists(extras, max_size=15)):
        at_ms = LAUNCH_MS + draw(st.integers(0, 40)) * MINUTE_MS
        posts.append(make_post(0, at_ms=at_ms, observed_at=at_ms, **extra))
    posts.append(make_post("last", "good night", LAUNCH_MS + 4 * HOUR_MS))
    return sorted(posts, key=lambda post: (post.created_at, post.id))


def offer_all(tracker, framed):
    return [message for one in framed for message in tracker.offer(one, one.reached_ms - DISORDER_MS)]


def encode(messages):
    return [msgspec.msgpack.encode(message) for message in messages]


@few
@given(an_hour(), st.lists(st.integers(0, 4 * HOUR_MS), max_size=20))
def test_one_step_of_time_or_several_the_same_messages_and_the_same_state(posts, steps):
    whole, stepped = new_tracker(), new_tracker()
    messages = offer_all(whole, arrive(posts))
    in_steps, reached_ms = [], 0
    for framed in arrive(posts):
        watermark_ms = framed.reached_ms - DISORDER_MS
        for step in sorted(steps):
            if reached_ms < LAUNCH_MS + step < watermark_ms:
                in_steps += stepped.advance(LAUNCH_MS + step)
        in_steps += stepped.offer(framed, watermark_ms)
        reached_ms = watermark_ms
    assert in_steps == messages
    assert {"opened"} <= {alert.type for alert in alerts_of(messages)}
    assert stepped.snapshot() == whole.snapshot()


@few
@given(an_hour(), st.data())
def test_a_snapshot_anywhere_changes_no_message_and_no_byte_of_the_next(posts, data):
    framed = arrive(posts)
    place = data.draw(st.integers(0, len(framed)))
    tracker = new_tracker()
    offer_all(tracker, framed[:place])
    raw = tracker.snapshot()
    again = CommunityTracker.restore(raw, SETTINGS)
    assert again.snapshot() == raw
    assert encode(offer_all(again, framed[place:])) == encode(offer_all(tracker, framed[place:]))
    assert again.snapshot() == tracker.snapshot()


def as_backfill(framed):
    return [msgspec.structs.replace(one, is_backfill=True) for one in framed]


@few
@given(an_hour(), st.data())
def test_a_backfill_up_to_anywhere_opens_no_alert_and_teaches_the_same(posts, data):
    framed = arrive(posts)
    place = data.draw(st.integers(0, len(framed)))
    live, past = new_tracker(), new_tracker()
    offer_all(live, framed[:place])
    assert alerts_of(offer_all(past, as_backfill(framed[:place]))) == []
    learnt, taught = state_of(live), state_of(past)
    # More is told of what is live, and posts leave the window when something is due.
    now_ms = max(learnt.now_ms, taught.now_ms)
    for state in (learnt, taught):
        window = MentionWindow()
        window.restore(state.window)
        window.expire(now_ms)
        state.window = window.snapshot()
    for name in ("window", "bars", "text_classes", "clusterer"):
        assert msgspec.msgpack.encode(getattr(taught, name)) == msgspec.msgpack.encode(getattr(learnt, name))
    again = CommunityTracker.restore(past.snapshot(), SETTINGS)
    assert encode(offer_all(again, framed[place:])) == encode(offer_all(past, framed[place:]))
    assert again.snapshot() == past.snapshot()


@few
@given(an_hour(), st.data())
def test_posts_that_come_again_are_counted_and_change_nothing_else(posts, data):
    once, twice = new_tracker(), new_tracker()
    messages = offer_all(once, arrive(posts))
    again = [post for post in posts for _ in range(data.draw(st.integers(1, 3)))]
    assert offer_all(twice, arrive(again)) == messages
    assert twice.finish() == once.finish()
    before, after = state_of(once), state_of(twice)
    assert after.counts.duplicates - before.counts.duplicates == len(again) - len(posts)
    after.counts = before.counts
    assert msgspec.msgpack.encode(after) == msgspec.msgpack.encode(before)


@few
@given(an_hour(), st.data())
def test_posts_that_come_too_late_are_counted_and_change_nothing_else(posts, data):
    without, with_them = new_tracker(), new_tracker()
    messages = offer_all(without, arrive(posts))
    told, late = [], 0
    for framed in arrive(posts):
        told += offer_all(with_them, [framed])
        if data.draw(st.booleans()):
            late += 1
            too_late = make_post(f"late{late}", "zeppelin", framed.reached_ms - 12 * MINUTE_MS)
            told += with_them.offer(arrive([too_late])[0], framed.reached_ms - DISORDER_MS)
    assert told == messages
    after, before = state_of(with_them), state_of(without)
    assert after.counts.too_late == late
    after.counts = before.counts
    assert msgspec.msgpack.encode(after) == msgspec.msgpack.encode(before)


@few
@given(an_hour(), st.data())
def test_late_posts_are_counted_where_their_time_puts_them(posts, data):
    creates = [post for post in posts if post.op == "create"]
    late = data.draw(st.lists(st.sampled_from(creates), max_size=5, unique_by=lambda post: post.id))
    arrived = sorted(
        {post.id: post for post in creates}.values(),
        key=lambda post: (post.created_at + (5 * MINUTE_MS if post in late else 0), post.id),
    )
    tracker = new_tracker()
    messages = offer_all(tracker, arrive(arrived))
    kept = [mention.event_time_ms for mention in state_of(tracker).window.mentions]
    assert kept == sorted(kept)
    assert tracker.counts.too_late == 0
    assert [message.at_ms for message in messages] == sorted(message.at_ms for message in messages)


@few
@given(an_hour(), st.data())
def test_cutting_the_input_after_a_message_leaves_the_message_unchanged(posts, data):
    delays_ms = [data.draw(st.sampled_from([0, 300, 90_000])) for _ in posts]
    arrived = [
        post
        for _, post in sorted(
            zip(delays_ms, posts, strict=True), key=lambda pair: (pair[0] + pair[1].created_at, pair[1].id)
        )
    ]
    messages = offer_all(new_tracker(), arrive(arrived))
    message = data.draw(st.sampled_from(messages))
    cut_tracker = new_tracker()
    kept = [framed for framed in arrive(arrived) if framed.reached_ms <= message.at_ms]
    told = offer_all(cut_tracker, kept) + cut_tracker.finish() + cut_tracker.advance(message.at_ms)
    assert encode([message])[0] in encode(told)


@few
@given(an_hour(), st.data())
def test_how_two_sources_are_interleaved_within_the_disorder_changes_no_message(posts, data):
    sources = [data.draw(st.sampled_from(["bluesky", "reddit"])) for _ in posts]
    mixed = [msgspec.structs.replace(post, source=source) for post, source in zip(posts, sources, strict=True)]
    delayed = data.draw(st.sampled_from(["bluesky", "reddit"]))
    interleaved = sorted(
        mixed, key=lambda post: (post.created_at + (DISORDER_MS if post.source == delayed else 0), post.id)
    )
    one, other = new_tracker(), new_tracker()
    assert encode(offer_all(other, arrive(interleaved)) + other.finish()) == encode(
        offer_all(one, arrive(mixed)) + one.finish()
    )


@few
@given(an_hour(), st.lists(st.integers(0, 40), max_size=8), st.integers(0, 200))
def test_where_frames_are_cut_and_when_they_are_applied_changes_no_message(posts, boundaries, seed):
    framed = arrive([*chatter(3.95, seed=seed), *posts])
    late = len(framed) - len(posts)
    told = []
    for cuts in ([], [late + boundary for boundary in boundaries]):
        stage = TrackStage(SETTINGS)
        messages = [message for frame in cut(framed, cuts) for message in stage.apply(frame).messages]
        told.append(encode(messages + stage.finish()))
    assert told[0] == told[1]
