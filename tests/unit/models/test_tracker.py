import msgspec
import pytest

from models.configuration import CommunityRule, CoreSettings, DetectionSettings
from models.message import TrendMessage, encode_alert
from models.ordering import WAITING_MAX
from models.tracker import SNAPSHOT_VERSION, CommunityTracker
from tests.support.chatter import (
    COMMUNITY,
    DAY_MS,
    DISORDER_MS,
    HOUR_MS,
    LAUNCH_MS,
    MINUTE_MS,
    NOON_MS,
    SECOND_MS,
    SETTINGS,
    alerts_of,
    arrive,
    by_time,
    chatter,
    follow,
    launch,
    make_post,
    state_of,
    trends_of,
)


@pytest.fixture(scope="module")
def told():
    """What was said about four hours of chatter, a launch, and the hours after it."""
    return follow(by_time(chatter(9), launch()))[1]


def test_chatter_alone_says_nothing_but_how_narratives_stand():
    _, messages = follow(chatter(24))
    assert {type(message) for message in messages} == {TrendMessage}


def test_a_launch_is_told_once_and_resolved(told):
    alerts = alerts_of(told)
    assert len({alert.alert_id for alert in alerts}) == 1
    assert [alert.type for alert in alerts if alert.type != "updated"] == ["opened", "resolved"]
    assert [alert.revision for alert in alerts] == list(range(1, len(alerts) + 1))


def test_an_alert_names_the_launch_before_it_is_over(told):
    opened = alerts_of(told)[0]
    assert opened.terms[0] == "zeppelin"
    assert opened.onset_ms == LAUNCH_MS
    assert opened.at_ms - LAUNCH_MS <= 4 * MINUTE_MS
    assert "zeppelin" in opened.headline


def test_the_evidence_at_the_end_is_of_the_whole_launch(told):
    resolved = alerts_of(told)[-1]
    assert (resolved.evidence.authors, resolved.evidence.posts, resolved.evidence.texts) == (12, 12, 12)
    assert {sample.text.split()[0] for sample in resolved.evidence.samples} == {"zeppelin"}


def test_the_story_of_an_alert_holds_the_state_of_its_narratives(told):
    alert_id = alerts_of(told)[0].alert_id
    states = [trend.state for trend in told if isinstance(trend, TrendMessage) and trend.alert_id == alert_id]
    assert states[0] == "rising"


def test_messages_come_in_the_order_of_event_time(told):
    at_ms = [message.at_ms for message in told]
    assert at_ms == sorted(at_ms)


def test_copies_of_one_text_raise_nothing():
    copies = [
        msgspec.structs.replace(post, text="the last boat to tornavik leaves at nine") for post in launch(authors=60)
    ]
    assert alerts_of(follow(by_time(chatter(6), copies))[1]) == []


def test_an_author_who_floods_raises_nothing():
    flood = [msgspec.structs.replace(post, author="ann") for post in launch(authors=60)]
    assert alerts_of(follow(by_time(chatter(6), flood))[1]) == []


def test_posts_without_authors_count_one_each():
    nameless = [msgspec.structs.replace(post, author=None) for post in launch()]
    alerts = alerts_of(follow(by_time(chatter(6), nameless))[1])
    assert alerts[0].observed.authors >= 4
    assert not alerts[0].evidence.authors_known
    assert [sample.author for sample in alerts[0].evidence.samples] == [None] * len(alerts[0].evidence.samples)


def test_a_post_that_comes_twice_counts_once():
    posts = by_time(chatter(1))
    tracker, _ = follow([post for post in posts for _ in range(2)])
    assert (tracker.counts.applied + len(state_of(tracker).ordering.waiting), tracker.counts.duplicates) == (30, 30)


def test_a_post_that_comes_again_with_a_new_time_counts_once_while_it_is_in_the_window():
    tracker, _ = follow(
        [make_post(1), make_post(1, at_ms=NOON_MS + 30 * MINUTE_MS), make_post(2, at_ms=NOON_MS + HOUR_MS // 2 + 1)]
    )
    tracker.finish()
    assert (tracker.counts.applied, tracker.counts.duplicates) == (2, 1)
    later = make_post(1, at_ms=NOON_MS + 2 * HOUR_MS)
    tracker, _ = follow([later, make_post(3, at_ms=NOON_MS + 5 * HOUR_MS)], tracker)
    assert tracker.counts.applied == 3


@pytest.mark.parametrize("moment", [0, MINUTE_MS - 1])
def test_a_duplicate_in_the_last_open_moment_of_its_slice_is_dropped(moment):
    post, later = make_post(1, at_ms=NOON_MS + moment), make_post(2, at_ms=NOON_MS + 11 * MINUTE_MS - 1 + DISORDER_MS)
    tracker, _ = follow([post, later, post])
    assert (tracker.counts.applied, tracker.counts.duplicates, tracker.counts.too_late) == (1, 1, 0)


def test_a_late_post_counts_in_its_own_slice_and_acts_at_the_watermark():
    posts = by_time(chatter(7), launch())
    late = posts.pop(posts.index(launch()[7]))
    tracker, before = follow(posts[: posts.index(launch()[11]) + 1])
    watermark_ms = state_of(tracker).ordering.watermark_ms
    _, messages = follow([late, *posts[posts.index(launch()[11]) + 1 :]], tracker)
    assert tracker.counts.late == 1
    assert alerts_of(messages)[-1].evidence.posts == 12
    assert min(message.at_ms for message in messages) >= watermark_ms
    assert before


def test_a_late_post_that_is_told_of_carries_the_watermark_and_the_disorder():
    tracker, _ = follow(chatter(4.2))
    watermark_ms = state_of(tracker).ordering.watermark_ms
    late = launch(from_ms=watermark_ms - MINUTE_MS, authors=6, step_ms=1_000)
    messages = [message for framed in arrive(late) for message in tracker.offer(framed, watermark_ms)]
    assert [(alert.type, alert.at_ms) for alert in alerts_of(messages)] == [("opened", watermark_ms + DISORDER_MS)]


def test_a_post_that_is_too_late_changes_nothing_but_its_counter():
    posts = chatter(5)
    tracker, _ = follow(posts)
    too_late = make_post("late", at_ms=posts[-1].created_at - 15 * MINUTE_MS)
    before = state_of(tracker)
    assert tracker.offer(arrive([too_late])[0], posts[-1].created_at - DISORDER_MS) == []
    after = state_of(tracker)
    assert (before.counts.too_late, after.counts.too_late) == (0, 1)
    after.counts.too_late = 0
    assert msgspec.msgpack.encode(after) == msgspec.msgpack.encode(before)


def test_a_community_that_is_followed_no_longer_has_its_alerts_resolved_and_its_trends_ended():
    tracker, messages = follow(by_time(chatter(4.2), launch()))
    opened = {alert.alert_id for alert in alerts_of(messages)}
    told = {trend.narrative_id for trend in trends_of(messages) if not trend.is_gone}
    last = tracker.close(LAUNCH_MS + HOUR_MS)
    assert {alert.alert_id for alert in alerts_of(last) if alert.reason == "evicted"} == opened
    assert told == {trend.narrative_id for trend in trends_of([*messages, *last]) if trend.is_gone}
    assert tracker.open_alerts == 0


def test_a_trend_tells_each_change_of_its_storys_state_without_a_further_post():
    posts = by_time(chatter(4), launch(authors=20, step_ms=5 * SECOND_MS))
    others = [make_post(f"end{n}", "good night", LAUNCH_MS + n * MINUTE_MS) for n in range(2, 200)]
    messages = follow([*posts, *others])[1]
    resolved = alerts_of(messages)[-1]
    states = [(trend.state, trend.alert_id) for trend in trends_of(messages) if "zeppelin" in trend.terms]
    assert list(dict.fromkeys(states)) == [
        ("rising", resolved.alert_id),
        ("active", resolved.alert_id),
        ("cooling", resolved.alert_id),
        ("quiet", None),
    ]
    assert states[-1] == ("quiet", None)


def test_at_the_end_of_the_input_all_that_waits_is_applied_and_alerts_stay_open():
    posts = by_time(chatter(4.2), launch(authors=10, step_ms=20))
    tracker, messages = follow(posts[: posts.index(launch(authors=10, step_ms=20)[-1]) + 1])
    assert alerts_of(messages) == []
    assert [alert.type for alert in alerts_of(tracker.finish())] == ["opened"]
    assert tracker.open_alerts == 1
    assert tracker.finish() == []


def test_when_too_many_wait_the_oldest_are_applied_and_later_ones_are_late():
    tracker = CommunityTracker(COMMUNITY, SETTINGS)
    for framed in arrive(make_post(n, "tea", NOON_MS + n) for n in range(WAITING_MAX + 10)):
        tracker.offer(framed, NOON_MS - DAY_MS)
    state = state_of(tracker)
    assert (len(state.ordering.waiting), state.ordering.forced, tracker.counts.applied) == (WAITING_MAX, 10, 10)
    tracker.offer(arrive([make_post("late", at_ms=NOON_MS + 5)])[0], NOON_MS - DAY_MS)
    assert tracker.counts.late == 1


def test_what_is_due_next_is_a_post_that_waits_or_a_point():
    tracker = CommunityTracker(COMMUNITY, SETTINGS)
    assert tracker.next_due_ms is None
    tracker.offer(arrive([make_post(1)])[0], NOON_MS - DISORDER_MS)
    assert tracker.next_due_ms == NOON_MS + 1
    assert tracker.advance(NOON_MS) == []
    assert tracker.counts.applied == 0
    tracker.advance(NOON_MS + 1)
    assert tracker.counts.applied == 1
    assert tracker.next_due_ms > NOON_MS + HOUR_MS


def test_the_community_starts_with_the_first_post_applied_not_the_first_to_come():
    first, second = make_post(1, at_ms=NOON_MS), make_post(2, at_ms=NOON_MS + DISORDER_MS)
    for posts in ([first, second], [second, first]):
        tracker, _ = follow([*posts, make_post(3, at_ms=NOON_MS + MINUTE_MS)])
        assert state_of(tracker).started_ms == NOON_MS


def test_looking_at_the_bar_changes_nothing():
    tracker, _ = follow(chatter(5))
    before = tracker.snapshot()
    assert tracker.standing.bar > 2
    assert tracker.snapshot() == before


def test_a_budget_for_fewer_alerts_raises_the_bar():
    settings = CoreSettings(communities=[CommunityRule(name=COMMUNITY, budget="fewer")])
    assert follow(chatter(5), settings=settings)[0].standing.bar == pytest.approx(
        follow(chatter(5))[0].standing.bar + 0.477, abs=1e-3
    )


def test_another_clusterer_can_be_chosen():
    settings = CoreSettings(detection=DetectionSettings(clusterer="textclust"))
    tracker, messages = follow(by_time(chatter(5), launch()), settings=settings)
    assert alerts_of(messages)[0].terms[0] == "zeppelin"
    raw = tracker.snapshot()
    assert CommunityTracker.restore(raw, settings).snapshot() == raw


def test_a_restored_tracker_says_what_the_original_would():
    posts = by_time(chatter(7), launch())
    half = posts.index(launch()[5])
    tracker, _ = follow(posts[:half])
    raw = tracker.snapshot()
    again = CommunityTracker.restore(raw, SETTINGS)
    assert again.snapshot() == raw
    assert (again.counts, again.standing, again.open_alerts) == (tracker.counts, tracker.standing, tracker.open_alerts)
    messages = [follow(posts[half:], one)[1] for one in (tracker, again)]
    assert [encode_alert(alert) for alert in alerts_of(messages[0])] == [
        encode_alert(alert) for alert in alerts_of(messages[1])
    ]
    assert messages[0] == messages[1]
    assert again.snapshot() == tracker.snapshot()


@pytest.mark.parametrize("version", [SNAPSHOT_VERSION - 1, SNAPSHOT_VERSION + 1])
def test_a_snapshot_of_another_version_is_refused(version):
    raw = msgspec.msgpack.encode({"version": version, "clusterer": "of another layout"})
    with pytest.raises(ValueError, match=f"version {version}.*reads version {SNAPSHOT_VERSION}"):
        CommunityTracker.restore(raw, SETTINGS)


@pytest.mark.parametrize("raw", [b"", b"hello", b"\x80", msgspec.msgpack.encode({"version": SNAPSHOT_VERSION})])
def test_what_is_no_snapshot_is_refused(raw):
    with pytest.raises(ValueError, match=r".+"):
        CommunityTracker.restore(raw, SETTINGS)


@pytest.mark.parametrize("silence_days", [29, 20_000])
def test_after_a_silence_in_which_it_forgot_what_is_usual_a_community_learns_anew(silence_days):
    first = make_post("old", "an old post on its own", NOON_MS - silence_days * DAY_MS)
    posts = chatter(1)
    tracker, _ = follow([first, *posts])
    state = state_of(tracker)
    assert state.started_ms == min(post.created_at for post in posts)
    assert len(state.bars.maxima) < 24


def as_told(messages, shift_ms=0):
    """Returns what alerts say, with their times moved back."""
    return [
        (alert.type, alert.at_ms - shift_ms, alert.terms, alert.significance, alert.bar)
        for alert in alerts_of(messages)
    ]


@pytest.mark.parametrize("hours", [3, 11, 12, 13, 24 * 5 + 7])
def test_no_hour_and_no_midnight_is_special(hours):
    # Chatter that is five times as dense in the second half of each day.
    day = [
        post
        for post in chatter(30, posts_per_hour=60)
        if (post.created_at - NOON_MS) // HOUR_MS % 24 >= 12 or int(post.id.rpartition("-")[2]) % 5 == 0
    ]
    posts = by_time(day, launch(from_ms=NOON_MS + 11 * HOUR_MS), launch("submarine", from_ms=NOON_MS + 26 * HOUR_MS))
    shift_ms = hours * HOUR_MS
    shifted = [msgspec.structs.replace(post, created_at=post.created_at + shift_ms) for post in posts]
    told = as_told(follow(posts)[1])
    assert [type_ for type_, *_ in told].count("opened") == 2
    assert as_told(follow(shifted)[1], shift_ms) == told


def test_when_the_volume_has_changed_for_good_the_bar_counts_on_the_tests_of_the_last_day():
    tracker, _ = follow(chatter(2))
    state = state_of(tracker)
    state.bars.tests = [1_000] * 100 + [10] * 24
    state.window.volume.has_changed = True
    changed = CommunityTracker.restore(msgspec.msgpack.encode(state), SETTINGS)
    changed, _ = follow(chatter(0.2, seed=3, from_ms=NOON_MS + 2 * HOUR_MS), changed)
    assert changed.counts.baseline_changes == 1
    assert 1_000 not in state_of(changed).bars.tests


def test_an_alert_soon_after_the_volume_has_changed_for_good_says_so():
    change_ms = NOON_MS + 5 * DAY_MS
    first, second = launch(from_ms=change_ms), launch("submarine", from_ms=change_ms + 40 * HOUR_MS)
    busier = chatter(42, seed=3, from_ms=change_ms, posts_per_hour=60)
    _, messages = follow(by_time(chatter(5 * 24, posts_per_hour=6), busier, first, second))
    opened = {alert.terms[0]: alert for alert in alerts_of(messages) if alert.type == "opened"}
    before, after = opened["zeppelin"], opened["submarine"]
    assert before.evidence.volume_change is None
    change = after.evidence.volume_change
    assert change_ms < change.found_ms < change_ms + 32 * HOUR_MS
    assert change.before == pytest.approx(6, rel=0.2)
    assert change.now == pytest.approx(60, rel=0.2)
    assert "The usual number of posts here changed 11 h before this alert opened, from about 7 to " in after.summary


def test_what_is_usual_in_a_trend_is_that_of_the_hours_of_its_windows():
    start_ms = NOON_MS + 3 * DAY_MS
    halves = [
        chatter(12, seed=half, from_ms=NOON_MS + half * 12 * HOUR_MS, posts_per_hour=6 if half % 2 else 40)
        for half in range(8)
    ]
    _, messages = follow(by_time(*halves, *(launch(from_ms=start_ms + hour * HOUR_MS) for hour in (6, 18))))

    def shares_of_the_hour_in_the_day(hours):
        told = [trend.windows for trend in trends_of(messages) if (trend.at_ms - start_ms) // HOUR_MS in hours]
        return [own[1].expected_authors * 24 / own[-1].expected_authors for own in told if own]

    assert min(shares_of_the_hour_in_the_day([6]), default=0) > 1.15
    assert 0 < max(shares_of_the_hour_in_the_day([18]), default=0) < 0.8
