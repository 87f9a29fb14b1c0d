"""Scores alerts against launches whose truth is known: what was found, what was missed, what was nothing."""

import re
from typing import NamedTuple

from models.message import AlertMessage
from models.simulator import Launch

AHEAD_MS = 10 * 60_000
WITHIN_MS = 2 * 3_600_000
TERMS_LOOKED_AT = 5


class Score(NamedTuple):
    """Launches found and missed; first messages of alerts that found none."""

    found: list[Launch]
    missed: list[Launch]
    others: list[AlertMessage]


def is_about(message: AlertMessage, launch: Launch) -> bool:
    """Returns whether a message in the launch's community, at the right time, names one of its terms."""
    after_ms = message.at_ms - launch.onset_ms
    return (
        message.community == launch.community
        and -AHEAD_MS <= after_ms <= WITHIN_MS
        and any(re.search(launch.pattern, term.lstrip("#")) for term in message.terms[:TERMS_LOOKED_AT])
    )


def score(alerts, launches) -> Score:
    """Returns what these alert messages found of these launches."""
    telling = [alert for alert in alerts if alert.type in {"opened", "updated"}]
    found = [launch for launch in launches if any(is_about(alert, launch) for alert in telling)]
    useful = {alert.alert_id for alert in telling if any(is_about(alert, launch) for launch in launches)}
    return Score(
        found,
        [launch for launch in launches if launch not in found],
        [alert for alert in alerts if alert.type == "opened" and alert.alert_id not in useful],
    )
