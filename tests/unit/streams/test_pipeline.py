import msgspec
import pytest

from models.configuration import CommunityRule, CoreSettings
from models.control import Mute, encode_control
from models.message import AlertMessage
from models.post import Reason, encode_post
from streams.pipeline import FRAME_POSTS, Pipeline, TimedControl
from tests.support.chatter import (
    HOUR_MS,
    LAUNCH_MS,
    MINUTE_MS,
    NOON_MS,
    SETTINGS,
    alerts_of,
    by_time,
    chatter,
    follow,
    launch,
    make_post,
)


class Run:
    """A pipeline, and what came out of it."""

    def __init__(self, settings=SETTINGS, **changes):
        self.messages = []
        self.dead = []
        self.pipeline = Pipeline(settings, on_message=self.messages.append, on_dead_letter=self.dead.append, **changes)

    def feed(self, posts, flush_every=None):
        for number, post in enumerate(posts, start=1):
            self.pipeline.feed(encode_post(post), None)
            if flush_every and not number % flush_every:
                self.pipeline.flush()
        return self

    @property
    def counts(self):
        return self.pipeline.counts


@pytest.fixture(scope="module")
def posts():
    return by_time(chatter(7), launch())


def test_posts_go_in_and_explained_alerts_come_out(posts):
    run = Run().feed(posts)
    run.pipeline.finish()
    alerts = alerts_of(run.messages)
    assert [alert.type for alert in alerts if alert.type != "updated"] == ["opened", "resolved"]
    assert alerts[0].terms[0] == "zeppelin"


def test_counts_never_fall_when_communities_are_given_up():
    run = Run(communities_max=3)
    before = 0
    for number in range(12):
        run.feed([make_post(number, at_ms=NOON_MS + number * MINUTE_MS, communities=[f"c{number}"])], flush_every=1)
        assert run.counts.applied >= before
        before = run.counts.applied
    assert (run.counts.communities, run.counts.evicted) == (3, 9)
    run.pipeline.finish()
    assert run.counts.applied == 12


def test_an_archive_with_a_delete_of_which_nobody_says_when_is_read_like_any_other(posts):
    plain, with_delete = Run().feed(posts), Run()
    now_ms = NOON_MS + 300 * 24 * HOUR_MS
    for post in [*posts[:50], msgspec.structs.replace(posts[40], op="delete", text=""), *posts[50:]]:
        with_delete.pipeline.feed(encode_post(post), now_ms)
    plain.pipeline.finish()
    with_delete.pipeline.finish()
    assert (with_delete.counts.too_late, with_delete.counts.late) == (0, 0)
    assert [alert.at_ms for alert in alerts_of(with_delete.messages)] == [
        alert.at_ms for alert in alerts_of(plain.messages)
    ]


def test_it_says_what_the_tracker_says(posts):
    run = Run().feed(posts)
    run.pipeline.finish()
    tracker, messages = follow(posts)
    assert run.messages == messages + tracker.finish()


@pytest.mark.parametrize("flush_every", [1, 7, 100])
def test_when_frames_are_cut_changes_no_message(posts, flush_every):
    whole, flushed = Run().feed(posts), Run().feed(posts, flush_every)
    whole.pipeline.finish()
    flushed.pipeline.finish()
    assert flushed.messages == whole.messages


def test_messages_of_all_communities_come_in_the_order_of_event_time(posts):
    others = [
        msgspec.structs.replace(post, id=f"{post.id}-s", communities=["sailors"], created_at=post.created_at + 77_777)
        for post in posts
    ]
    mixed = by_time(posts, others)
    late = mixed.pop(220)
    run = Run().feed([*mixed[:224], late, *mixed[224:]])
    run.pipeline.finish()
    at_ms = [message.at_ms for message in run.messages]
    assert at_ms == sorted(at_ms)
    assert {message.community for message in run.messages} == {"islanders", "sailors"}
    assert run.counts.late == 1


def test_a_message_comes_as_soon_as_the_watermark_has_passed_it(posts):
    run = Run()
    opened = next(index for index, message in enumerate(follow(posts)[1]) if isinstance(message, AlertMessage))
    at_ms = follow(posts)[1][opened].at_ms
    for post in posts:
        run.feed([post], flush_every=1)
        if post.created_at > at_ms + 500:
            break
    assert run.messages[opened].at_ms == at_ms


def test_at_the_end_of_the_input_open_alerts_stay_open(posts):
    run = Run().feed([post for post in posts if post.created_at < LAUNCH_MS + 10 * MINUTE_MS])
    run.pipeline.finish()
    assert "opened" in {alert.type for alert in alerts_of(run.messages)}
    assert run.counts.open_alerts == 1
    assert run.counts.alerts_resolved == 0


def test_an_idle_source_lets_time_pass():
    run = Run().feed(posts_until := by_time(chatter(4.2), launch()))
    run.pipeline.flush()
    assert run.counts.alerts_resolved == 0
    run.pipeline.flush(idle_for_ms=3 * HOUR_MS)
    assert (run.counts.alerts_opened, run.counts.alerts_resolved) == (1, 1)
    assert run.counts.applied == len(posts_until)


def test_what_is_no_post_comes_back_as_a_dead_letter_and_the_others_go_on():
    run = Run(input_name="file/7")
    for raw in (b"hello", encode_post(make_post(1)), b'{"posts": [{"id": "1"}, ' + encode_post(make_post(2)) + b"]}"):
        run.pipeline.feed(raw, None)
    run.pipeline.finish()
    assert [(dead.reason, dead.input, dead.position) for dead in run.dead] == [
        (Reason.NOT_JSON, "file/7", (0, 0)),
        (Reason.WRONG_FIELD, "file/7", (2, 0)),
    ]
    assert run.dead[0].raw == b"hello"
    assert (run.counts.messages, run.counts.posts, run.counts.rejected, run.counts.applied) == (3, 2, 2, 2)


def test_a_post_from_the_future_is_a_dead_letter():
    run = Run()
    run.pipeline.feed(encode_post(make_post(1, at_ms=NOON_MS + HOUR_MS)), NOON_MS)
    assert [dead.reason for dead in run.dead] == [Reason.IN_THE_FUTURE]


def test_everything_that_went_in_or_came_out_is_counted(posts):
    run = Run().feed([*posts, posts[-1], make_post("late", at_ms=posts[-1].created_at - HOUR_MS)])
    run.pipeline.finish()
    counts, alerts = run.counts, alerts_of(run.messages)
    assert (counts.messages, counts.posts, counts.rejected) == (len(posts) + 2,) * 2 + (0,)
    assert (counts.applied, counts.duplicates, counts.too_late, counts.late) == (len(posts), 1, 1, 0)
    assert (counts.alerts_opened, counts.alerts_resolved, counts.alerts_retracted) == (1, 1, 0)
    assert counts.alerts_updated == len(alerts) - 2
    assert counts.trends == len(run.messages) - len(alerts)
    assert (counts.reached_ms, counts.communities) == (posts[-1].created_at, 1)


def test_posts_of_no_community_are_counted_and_left_out():
    run = Run(CoreSettings(catch_all="", communities=[CommunityRule(name="tea", words=["tea"])]))
    run.feed([make_post(1, "tea at nine", communities=[]), make_post(2, "no boat", communities=[])])
    run.pipeline.finish()
    assert (run.counts.posts, run.counts.unassigned, run.counts.applied) == (2, 1, 1)
    assert set(run.pipeline.standings()) == {"tea"}


def test_a_frame_is_cut_without_being_asked_for():
    run = Run().feed(make_post(number, at_ms=NOON_MS + number * MINUTE_MS) for number in range(FRAME_POSTS))
    assert run.counts.applied == FRAME_POSTS - 1


def test_looking_on_changes_no_message(posts):
    watched, unwatched = Run(), Run().feed(posts)
    for post in posts:
        watched.feed([post])
        assert watched.pipeline.standings() is not None
        assert watched.counts.posts
    watched.pipeline.finish()
    unwatched.pipeline.finish()
    assert watched.messages == unwatched.messages


def test_control_takes_effect_right_after_the_post_that_reaches_its_time():
    mute = encode_control(Mute(what="author", name="author2", at_ms=0))
    said = [TimedControl(NOON_MS + MINUTE_MS, 7, mute)]
    run = Run(control=said)
    run.feed(make_post(2, at_ms=NOON_MS + number * MINUTE_MS, id=f"p{number}") for number in range(4))
    assert run.pipeline.control_waiting == 0
    run.pipeline.finish()
    assert (run.counts.applied, run.counts.muted) == (2, 2)
