"""What a tracker learns of a backfill, and that it says nothing because of it."""

import msgspec
import pytest

from models.tracker import CommunityTracker
from tests.support.chatter import (
    COMMUNITY,
    DISORDER_MS,
    HOUR_MS,
    LAUNCH_MS,
    MINUTE_MS,
    NOON_MS,
    SETTINGS,
    alerts_of,
    arrive,
    by_time,
    chatter,
    follow,
    launch,
    make_post,
    trends_of,
)

LAST = make_post("last", "good night", LAUNCH_MS + 5 * HOUR_MS)


def follow_from(posts, live_ms, tracker=None):
    """Returns a tracker that learnt from the posts before a moment as a backfill, and what it said."""
    tracker = tracker or CommunityTracker(COMMUNITY, SETTINGS)
    messages = []
    for framed in arrive(posts):
        own = msgspec.structs.replace(framed, is_backfill=framed.event_time_ms < live_ms)
        messages += tracker.offer(own, own.reached_ms - DISORDER_MS)
    return tracker, messages


@pytest.fixture(scope="module")
def posts():
    """Nine hours, with a launch after four of them and one after six."""
    return by_time(chatter(9), launch(), launch("submarine", from_ms=LAUNCH_MS + 2 * HOUR_MS, seed=3), [LAST])


@pytest.fixture(scope="module")
def undisturbed(posts):
    return follow(posts)[1]


def of(messages, word):
    """Returns the messages of the one alert about a word."""
    [alert_id] = {alert.alert_id for alert in alerts_of(messages) if word in alert.terms}
    return [alert for alert in alerts_of(messages) if alert.alert_id == alert_id]


def test_nothing_is_told_because_of_a_backfill(posts, undisturbed):
    tracker, messages = follow_from(posts, LAST.created_at)
    assert len({alert.alert_id for alert in alerts_of(undisturbed)}) == 2
    assert messages == []
    assert tracker.open_alerts == 0
    assert tracker.counts.backfilled == tracker.counts.applied == len(posts) - 1


def test_what_comes_after_it_is_told_as_if_all_had_been_live(posts, undisturbed):
    _, messages = follow_from(posts, LAUNCH_MS + HOUR_MS)
    assert alerts_of(messages) == of(undisturbed, "submarine")
    expected = [trend for trend in trends_of(undisturbed) if trend.at_ms >= LAUNCH_MS + 2 * HOUR_MS]
    got = [trend for trend in trends_of(messages) if trend.at_ms >= LAUNCH_MS + 2 * HOUR_MS]
    assert [trend.narrative_id for trend in got if not trend.is_gone]
    assert [trend for trend in expected if not trend.is_gone] == [trend for trend in got if not trend.is_gone]


def test_a_story_under_way_at_its_end_is_told_neither_then_nor_later(posts):
    live_ms = LAUNCH_MS + 4 * MINUTE_MS
    more = launch(from_ms=live_ms, authors=30, seed=5)
    more = [msgspec.structs.replace(post, id=f"more{post.id}", author=f"more{post.author}") for post in more]
    words = [alert.terms for alert in alerts_of(follow_from(by_time(posts, more), live_ms)[1])]
    assert words
    assert not any("zeppelin" in terms for terms in words)


def test_what_had_only_begun_in_it_is_told_when_it_bursts_later(posts, undisturbed):
    [opened, *_] = of(undisturbed, "zeppelin")
    _, messages = follow_from(posts, opened.at_ms)
    assert of(messages, "zeppelin") == of(undisturbed, "zeppelin")


def test_no_trend_shows_the_alert_of_a_story_that_nobody_was_told_of(posts):
    _, messages = follow_from(posts, LAUNCH_MS + 5 * MINUTE_MS)
    told = {alert.alert_id for alert in alerts_of(messages)} | {None}
    assert {trend.alert_id for trend in trends_of(messages)} <= told


def test_what_people_know_of_goes_on_being_told_while_a_backfill_comes(posts, undisturbed):
    tracker = CommunityTracker(COMMUNITY, SETTINGS)
    messages = []
    for framed in arrive(posts):
        own = msgspec.structs.replace(framed, is_backfill=framed.event_time_ms >= LAUNCH_MS + HOUR_MS)
        messages += tracker.offer(own, own.reached_ms - DISORDER_MS)
    assert of(messages, "zeppelin") == of(undisturbed, "zeppelin")
    assert not any("submarine" in alert.terms for alert in alerts_of(messages))
    known = {trend.narrative_id for trend in trends_of(undisturbed) if trend.at_ms < LAUNCH_MS + HOUR_MS}
    assert {trend.narrative_id for trend in trends_of(messages)} == known


def test_a_told_story_takes_in_one_that_nobody_was_told_of():
    # The backfilled story is about zeppelins, the live one about submarines; then posts are about both.
    live_ms = LAUNCH_MS + 10 * MINUTE_MS
    both = [
        make_post(f"both{number}", f"zeppelin submarine together {number}", live_ms + 10 * MINUTE_MS + number * 5_000)
        for number in range(20)
    ]
    posts = by_time(chatter(9), launch(), launch("submarine", from_ms=live_ms, seed=3), both, [LAST])
    _, messages = follow_from(posts, live_ms)
    assert {alert.type for alert in of(messages, "submarine")} == {"opened", "updated", "resolved"}
    assert {alert.reason for alert in alerts_of(messages) if alert.type == "resolved"} == {"over"}


def test_a_post_older_than_what_the_community_has_seen_is_too_late():
    tracker, _ = follow(chatter(2))
    past = arrive([make_post("past", at_ms=NOON_MS - HOUR_MS)])[0]
    own = msgspec.structs.replace(past, is_backfill=True)
    tracker.offer(own, NOON_MS + 2 * HOUR_MS)
    assert (tracker.counts.too_late, tracker.counts.backfilled) == (1, 0)


def test_an_update_of_a_backfill_opens_no_alert():
    live = by_time(chatter(5), launch(authors=3))
    tracker, messages = follow(live)
    at_ms = LAUNCH_MS + HOUR_MS - 10 * MINUTE_MS
    changed = [
        make_post(f"chat1-{number}", f"zeppelin over the town {number}", at_ms=NOON_MS, op="update", observed_at=at_ms)
        for number in range(125, 145)
    ]
    for framed in arrive(changed):
        own = msgspec.structs.replace(framed, is_backfill=True)
        messages += tracker.offer(own, at_ms - DISORDER_MS)
    messages += tracker.advance(at_ms + MINUTE_MS)
    assert alerts_of(messages) == []
