"""What updates and deletes do in a tracker."""

import msgspec
import pytest

from models.tracker import CommunityTracker
from tests.support.chatter import (
    DAY_MS,
    HOUR_MS,
    LAUNCH_MS,
    MINUTE_MS,
    NOON_MS,
    SECOND_MS,
    SETTINGS,
    alerts_of,
    by_time,
    chatter,
    follow,
    launch,
    make_post,
    state_of,
    trends_of,
)


def test_a_deleted_post_leaves_the_window():
    posts = chatter(1)
    delete = make_post(msgspec.UNSET, "", NOON_MS + HOUR_MS - MINUTE_MS, id=posts[20].id, op="delete")
    tracker, _ = follow([*posts, delete])
    tracker.finish()
    keys = [mention.key for mention in state_of(tracker).window.mentions]
    assert f"4/test/{posts[20].id}" not in keys
    assert f"4/test/{posts[21].id}" in keys


def test_an_alert_whose_posts_are_deleted_is_retracted():
    posts = by_time(chatter(5), launch())
    deletes = [
        make_post(0, "", LAUNCH_MS + 10 * MINUTE_MS + n, id=post.id, op="delete") for n, post in enumerate(launch())
    ]
    alerts = alerts_of(follow(by_time(posts, deletes))[1])
    assert (alerts[-1].type, alerts[-1].reason) == ("retracted", "deleted")
    assert [alert.revision for alert in alerts] == list(range(1, len(alerts) + 1))


def test_an_update_replaces_a_text_and_counts_once():
    posts = chatter(1)
    update = msgspec.structs.replace(
        posts[20], text="a zeppelin over tornavik", op="update", observed_at=NOON_MS + HOUR_MS - 1
    )
    tracker, _ = follow([*posts, update])
    tracker.finish()
    (mention,) = [mention for mention in state_of(tracker).window.mentions if mention.key == f"4/test/{posts[20].id}"]
    assert mention.text == update.text


def test_an_update_counts_when_the_post_did():
    posts = chatter(1)
    update = msgspec.structs.replace(posts[20], text="a zeppelin", op="update", observed_at=NOON_MS + HOUR_MS - 1)
    tracker, _ = follow([*posts, update])
    tracker.finish()
    (mention,) = [mention for mention in state_of(tracker).window.mentions if mention.text == update.text]
    assert (mention.event_time_ms, mention.author) == (posts[20].created_at, posts[20].author)


def test_an_update_that_does_not_name_the_author_leaves_it():
    update = make_post(1, "a zeppelin", NOON_MS, op="update", observed_at=NOON_MS + SECOND_MS, author=None)
    tracker, _ = follow([make_post(1), update])
    tracker.finish()
    (mention,) = state_of(tracker).window.mentions
    assert (mention.author, mention.is_author_known) == ("author1", True)


def test_an_update_that_was_overtaken_by_a_later_one_changes_nothing():
    early, late = (
        make_post(1, text, op="update", observed_at=NOON_MS + after_s * SECOND_MS)
        for after_s, text in ((1, "a zeppelin"), (2, "no zeppelin"))
    )
    on = make_post(2, at_ms=NOON_MS + MINUTE_MS)
    tracker, _ = follow([make_post(1), late, on, early])
    assert [mention.text for mention in state_of(tracker).window.mentions] == ["no zeppelin"]


@pytest.mark.parametrize("end", ["", " !"])
def test_an_update_that_says_nothing_new_keeps_no_story_open(end):
    ours = launch(step_ms=10 * SECOND_MS)
    posts = by_time(chatter(12), ours)
    updates = [
        msgspec.structs.replace(
            ours[3], op="update", text=ours[3].text + end * n, observed_at=LAUNCH_MS + n * 3 * MINUTE_MS
        )
        for n in range(2, 19)
    ]
    plain = alerts_of(follow(posts)[1])
    updated = alerts_of(follow(sorted([*posts, *updates], key=lambda post: post.observed_at or post.created_at))[1])
    assert [(alert.type, alert.at_ms) for alert in updated] == [(alert.type, alert.at_ms) for alert in plain]


def test_an_edit_leaves_its_author_the_first_to_have_said_what_it_says():
    first, again = (make_post(n, f"zeppelin moon{n}", NOON_MS + n * SECOND_MS, author="ann") for n in (1, 2))
    edit = msgspec.structs.replace(first, text="zeppelin moon", op="update", observed_at=NOON_MS + MINUTE_MS)
    tracker, _ = follow([first, again, edit, make_post("end", at_ms=NOON_MS + 2 * MINUTE_MS)])
    repeats = {mention.text: mention.repeats for mention in state_of(tracker).window.mentions}
    assert repeats["zeppelin moon"] == []
    assert "zeppelin" in repeats["zeppelin moon2"]


def test_a_late_update_of_what_is_only_shown_does_not_undo_a_later_one():
    posts = by_time(chatter(5), launch())
    own = min(shown_in(alerts_of(follow(posts)[1])[-1]))
    at_ms = LAUNCH_MS + 90 * MINUTE_MS
    early, late = (
        make_post(0, text, at_ms, id=own, op="update", observed_at=at_ms + n) for n, text in enumerate(["yes", "no"])
    )
    posts += [make_post(1, at_ms=at_ms), late, make_post(2, at_ms=at_ms + MINUTE_MS), early]
    closing = alerts_of(follow([*posts, make_post("end", at_ms=LAUNCH_MS + 4 * HOUR_MS)])[1])[-1]
    assert [sample.text for sample in closing.evidence.samples if sample.id == own] == ["no"]


def test_an_update_of_a_sample_is_the_same_to_a_tracker_that_was_restored():
    ours = launch()
    tracker, _ = follow(by_time(chatter(4.2), ours))
    again = CommunityTracker.restore(tracker.snapshot(), SETTINGS)
    update = msgspec.structs.replace(ours[0], op="update", observed_at=LAUNCH_MS + 20 * MINUTE_MS)
    for each in (tracker, again):
        follow([update, make_post("end", at_ms=LAUNCH_MS + 30 * MINUTE_MS)], each)
    (story,) = state_of(tracker).stories.open
    assert update.observed_at in {candidate.changed_ms for candidate in story.candidates}
    assert again.snapshot() == tracker.snapshot()


def test_an_update_is_no_further_post_of_its_narrative():
    ours = launch(authors=20, step_ms=5 * SECOND_MS)
    posts = by_time(chatter(4), ours)
    text, observed_ms = f"{ours[-1].text} !", LAUNCH_MS + 20 * MINUTE_MS
    last = msgspec.structs.replace(ours[-1], text=text, op="update", observed_at=observed_ms)
    end = make_post("end", "good night", LAUNCH_MS + 30 * MINUTE_MS)
    (_, plain), (_, updated) = follow([*posts, end]), follow([*posts, last, end])
    last_trends = [
        [trend for trend in trends_of(messages) if "zeppelin" in trend.terms][-1] for messages in (plain, updated)
    ]
    counted = [[window.posts for window in trend.windows] for trend in last_trends]
    assert counted[0] == counted[1]


def test_a_post_that_was_edited_does_not_retract_a_story_that_reposts_carry():
    # Three authors, and the unseen originals of three more reposts of the first: six voices.
    ours = [
        msgspec.structs.replace(post, author=f"fan{max(0, n - 3)}", is_repost=True, repost_of=f"o{n}")
        for n, post in enumerate(launch(authors=6))
    ]
    half_past_ms = LAUNCH_MS + 30 * MINUTE_MS
    edit = msgspec.structs.replace(ours[-1], text=f"{ours[-1].text} !", op="update", observed_at=half_past_ms)
    end = make_post("end", "good night", LAUNCH_MS + HOUR_MS)
    alerts = alerts_of(follow([*by_time(chatter(30, from_ms=LAUNCH_MS - 30 * HOUR_MS), ours), edit, end])[1])
    assert alerts[0].scoring.voices > min(alerts[0].scoring.authors, alerts[0].scoring.texts)
    assert "retracted" not in {alert.type for alert in alerts}


def shown_in(alert):
    return {sample.id for sample in alert.evidence.samples}


def test_what_is_deleted_after_an_hour_is_shown_no_more():
    posts = by_time(chatter(5), launch(authors=4))
    opened = alerts_of(follow(posts)[1])[0]
    gone = sorted(shown_in(opened))[:2]
    at_ms = LAUNCH_MS + 61 * MINUTE_MS
    deletes = [make_post(0, "", at_ms + n, id=own, op="delete") for n, own in enumerate(gone)]
    late = make_post("late", "good night", LAUNCH_MS + 4 * HOUR_MS)
    closing = alerts_of(follow([*posts, make_post(1, at_ms=at_ms), *deletes, late])[1])[-1]
    assert closing.type == "retracted"  # of four voices two are left
    assert shown_in(closing) == shown_in(opened) - set(gone)


def test_when_all_that_was_shown_is_deleted_other_posts_are_shown():
    posts = by_time(chatter(6), launch(authors=100, step_ms=40 * SECOND_MS))
    at_ms = LAUNCH_MS + 65 * MINUTE_MS
    posts = [post for post in posts if post.created_at <= at_ms]
    tracker, _ = follow(posts)
    (story,) = state_of(tracker).stories.open
    assert min(candidate.event_time_ms for candidate in story.candidates) < at_ms - HOUR_MS
    gone = {candidate.key.rpartition("/")[-1] for candidate in story.candidates}
    deletes = [make_post(0, "", at_ms, id=own, op="delete") for own in sorted(gone)]
    closing = alerts_of(follow([*posts, *deletes, make_post("end", at_ms=at_ms + 4 * HOUR_MS)])[1])[-1]
    assert closing.type == "resolved"
    assert len(closing.evidence.samples) == 5
    assert not gone & shown_in(closing)


@pytest.mark.parametrize("op", ["update", "delete"])
def test_words_of_which_all_posts_were_taken_back_are_shown_no_more(op):
    secret = [
        make_post(f"s{number}", f"zeppelin secretword number{number}", LAUNCH_MS + number * SECOND_MS)
        for number in range(6)
    ]
    at_ms = LAUNCH_MS + 5 * MINUTE_MS
    changes = [
        msgspec.structs.replace(post, text="zeppelin", op=op, observed_at=at_ms + number)
        for number, post in enumerate(secret)
    ]
    ours = launch(from_ms=LAUNCH_MS + 10 * SECOND_MS, step_ms=SECOND_MS)
    posts = by_time(chatter(4), secret, ours)
    rest = [make_post(f"o{number}", "good night", at_ms + number * MINUTE_MS) for number in range(1, 200)]
    messages = follow([*posts, *changes, *rest])[1]
    before, after = ([m for m in messages if (m.at_ms > at_ms + 5) is is_after] for is_after in (False, True))
    assert any("secretword" in alert.terms for alert in alerts_of(before))
    assert "resolved" in {alert.type for alert in alerts_of(after)}
    assert trends_of(after)
    assert not [message for message in after if "secretword" in str(message)]


def test_a_delete_that_was_seen_before_its_post_says_it_was_written_takes_the_post_back():
    post = make_post(1, at_ms=NOON_MS + 30 * SECOND_MS)
    delete = make_post(1, "", NOON_MS, op="delete", observed_at=NOON_MS + 10 * SECOND_MS)
    tracker, _ = follow([post, delete])
    tracker.finish()
    assert state_of(tracker).window.mentions == []
    assert tracker.counts.applied == 2


def test_a_late_delete_takes_back_what_was_updated_after_it():
    update = make_post(1, "a zeppelin", op="update", observed_at=NOON_MS + 3 * SECOND_MS)
    on = make_post(2, at_ms=NOON_MS + MINUTE_MS)
    delete = make_post(1, "", op="delete", observed_at=NOON_MS + 2 * SECOND_MS)
    tracker, _ = follow([make_post(1), update, on, delete])
    assert state_of(tracker).window.mentions == []


@pytest.mark.parametrize("op", ["update", "delete"])
def test_after_weeks_without_a_post_all_is_learnt_anew_whatever_came_of_old_posts_meanwhile(op):
    posts = chatter(4)
    change = msgspec.structs.replace(posts[-1], op=op, observed_at=NOON_MS + 20 * DAY_MS)
    back = [make_post(f"back{n}", at_ms=NOON_MS + 40 * DAY_MS + n * MINUTE_MS) for n in range(3)]
    late = make_post("late", at_ms=back[0].created_at - MINUTE_MS)
    tracker, _ = follow([*posts, change, back[0], late, *back[1:]])
    assert state_of(tracker).started_ms >= back[0].created_at - MINUTE_MS


def test_what_is_changed_after_an_hour_is_shown_as_it_is_now():
    posts = by_time(chatter(5), launch())
    at_ms = LAUNCH_MS + 90 * MINUTE_MS
    changed = sorted(shown_in(alerts_of(follow(posts)[1])[-1]))
    updates = [make_post(0, "no comment", at_ms, id=own, op="update", observed_at=at_ms) for own in changed]
    late = make_post("late", "good night", LAUNCH_MS + 4 * HOUR_MS)
    closing = alerts_of(follow([*posts, make_post(1, at_ms=at_ms), *updates, late])[1])[-1]
    assert closing.type == "resolved"
    assert {sample.text for sample in closing.evidence.samples if sample.id in changed} == {"no comment"}


def test_updates_that_change_nothing_retract_nothing():
    few = launch(authors=4)
    posts = by_time(chatter(5), few)
    opened = alerts_of(follow(posts)[1])
    updates = [
        msgspec.structs.replace(post, op="update", observed_at=LAUNCH_MS + 10 * MINUTE_MS + n)
        for n, post in enumerate(few)
    ]
    alerts = alerts_of(follow(sorted([*posts, *updates], key=lambda post: post.observed_at or post.created_at))[1])
    assert opened[0].type == "opened"
    assert "retracted" not in {alert.type for alert in alerts}
