"""The scoring of benchmarks is held to what it says: a wrong scorer would pass a wrong detector."""

import msgspec
import pytest

from tests.support.chatter import COMMUNITY, LAUNCH_MS, MINUTE_MS, follow, launch, make_post
from tests.support.chatter import alerts_of as alerts_among
from tests.support.chatter import chatter as make_chatter
from tests.support.event_scoring import DAY_MS, Event, judge, read_events

ZEPPELIN = Event(COMMUNITY, LAUNCH_MS, "^zeppelin$", "a zeppelin")


@pytest.fixture(scope="module")
def posts():
    return sorted([*make_chatter(4.5), *launch()], key=lambda post: post.created_at)


@pytest.fixture(scope="module")
def alert(posts):
    return alerts_among(follow([*posts, make_post("last", at_ms=LAUNCH_MS + 30 * MINUTE_MS)])[1])[0]


def moved(alert, minutes, **changes):
    return msgspec.structs.replace(alert, at_ms=LAUNCH_MS + round(minutes * MINUTE_MS), **changes)


@pytest.mark.parametrize(("minutes", "caught"), [(-10.1, 0), (-10, 1), (0, 1), (120, 1), (120.1, 0)])
def test_an_event_is_caught_from_ten_minutes_before_to_two_hours_after_its_onset(posts, alert, minutes, caught):
    assert judge([moved(alert, minutes)], [ZEPPELIN], posts).caught == caught


def test_it_is_caught_by_one_of_the_first_five_terms_with_or_without_its_mark(posts, alert):
    assert judge([moved(alert, 1, terms=["a", "b", "c", "d", "#Zeppelin"])], [ZEPPELIN], posts).caught == 1
    assert judge([moved(alert, 1, terms=["a", "b", "c", "d", "e", "zeppelin"])], [ZEPPELIN], posts).caught == 0
    assert judge([moved(alert, 1, terms=["zeppelins"])], [ZEPPELIN], posts).caught == 0


def test_it_is_not_caught_elsewhere_nor_by_the_end_of_an_alert(posts, alert):
    assert judge([moved(alert, 1, community="others")], [ZEPPELIN], posts).missed == [ZEPPELIN]
    assert judge([moved(alert, 1, type="resolved")], [ZEPPELIN], posts).missed == [ZEPPELIN]


def test_an_update_counts_for_six_hours(posts, alert):
    for opened_minutes, caught in ((-359, 1), (-361, 0)):
        first = moved(alert, opened_minutes, terms=["else"])
        update = moved(alert, 0, type="updated", revision=2)
        assert judge([first, update], [ZEPPELIN], posts).caught == caught


def test_delay_counts_from_the_onset_and_from_the_fifth_author(posts, alert):
    # One author every half minute.
    found = judge([moved(alert, 5)], [ZEPPELIN], posts)
    assert found.from_onset.median == 5
    assert found.from_enough.worst == 3


def test_what_is_caught_a_day_later_is_caught_by_chance(posts, alert):
    a_day_before = msgspec.structs.replace(alert, at_ms=LAUNCH_MS - DAY_MS)
    found = judge([a_day_before], [ZEPPELIN], posts)
    assert (found.caught, found.by_chance) == (0, 1)


def test_alerts_are_counted_over_the_days_that_have_posts(posts, alert):
    later = make_post("later", at_ms=LAUNCH_MS + 5 * DAY_MS)
    others = [moved(alert, 1, alert_id=f"a{number}") for number in range(3)]
    found = judge([*others, others[0]], [ZEPPELIN], [*posts, later])
    assert found.alerts == 3
    assert found.worst == pytest.approx(3 / 2)
    assert found.messages_an_alert == pytest.approx(4 / 3)


def test_events_are_read_from_a_table(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text('community,onset_epoch_s,pattern,what\nislanders,1.5,"a|b",a story\n')
    assert read_events(path) == [Event("islanders", 1_500.0, "a|b", "a story")]
