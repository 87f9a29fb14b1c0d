"""Two weeks of backfill, then live: what follows is told as in week three of one that was followed all the time."""

import pytest

from models.configuration import CoreSettings
from models.message import AlertMessage
from models.post import encode_post
from models.simulator import Simulation
from streams.pipeline import Pipeline
from tests.support.chatter import DAY_MS, HOUR_MS, NOON_MS

BORDER_MS = NOON_MS + 14 * DAY_MS
AFTER_MS = 3 * DAY_MS


@pytest.fixture(scope="module")
def feed():
    """Made-up posts of one community with a day cycle, by arrival: two weeks and three days, two launches in each."""
    simulation = Simulation(
        seed=5,
        start_ms=NOON_MS,
        communities=1,
        posts_per_hour=12,
        launches_per_week=14,
        decoys_per_week=2,
        duration_ms=14 * DAY_MS + AFTER_MS,
    )
    return [(simulated.arrival_ms, encode_post(simulated.post)) for simulated in simulation.posts()]


def alerts(feed, *, backfill_until_ms=0):
    """Returns what was alerted."""
    messages = []
    pipeline = Pipeline(CoreSettings(), on_message=messages.append, on_dead_letter=pytest.fail)
    for arrival_ms, raw in feed:
        pipeline.feed(raw, None, is_backfill=arrival_ms < backfill_until_ms)
    pipeline.finish()
    return [message for message in messages if isinstance(message, AlertMessage)]


def opened_after_border(messages):
    return {alert.alert_id: alert for alert in messages if alert.type == "opened" and alert.at_ms >= BORDER_MS}


@pytest.fixture(scope="module")
def undisturbed(feed):
    return alerts(feed)


@pytest.fixture(scope="module")
def backfilled(feed):
    return alerts(feed, backfill_until_ms=BORDER_MS)


def test_nothing_of_the_backfill_is_told(backfilled):
    assert min(alert.at_ms for alert in backfilled) >= BORDER_MS
    assert {alert.revision for alert in backfilled if alert.type == "opened"} == {1}


def test_what_follows_is_told_as_often_as_without_to_the_byte(undisturbed, backfilled):
    expected = opened_after_border(undisturbed)
    assert len(expected) >= 2
    assert opened_after_border(backfilled) == expected
    later = [alert for alert in undisturbed if alert.alert_id in expected]
    assert backfilled == later


def test_without_a_backfill_the_first_hours_are_silent(feed, backfilled):
    cold = alerts([(arrival_ms, raw) for arrival_ms, raw in feed if arrival_ms >= BORDER_MS])
    assert all(alert.evidence.learning for alert in cold if alert.at_ms < BORDER_MS + DAY_MS - HOUR_MS)
    assert not any(alert.evidence.learning for alert in backfilled)
