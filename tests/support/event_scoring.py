"""Scores alerts against events of which the start is known, and counts what else was said.

An event is caught by an `opened` or `updated` message of its community, from ten minutes before to two hours after its
onset, of which one of the first five terms matches; an update only within six hours of its alert's first message.
Delay counts from the onset, and from the moment when five distinct authors (posts, where authors are unknown) had
taken the event up: before that nobody could tell it from chatter. By chance is caught what the same messages catch a
day later.
"""

import csv
import re
import statistics
from collections import Counter, defaultdict
from typing import NamedTuple

from models.post import to_ms

MINUTE_MS = 60_000
DAY_MS = 86_400_000
AHEAD_MS = 10 * MINUTE_MS
WITHIN_MS = 120 * MINUTE_MS
UPDATES_COUNT_FOR_MS = 6 * 60 * MINUTE_MS
TERMS_LOOKED_AT = 5
ENOUGH_AUTHORS = 5


class Event(NamedTuple):
    """What happened: the pattern matches one of its terms, in lower case without ``#``."""

    community: str
    onset_ms: float
    pattern: str
    what: str


class Spread(NamedTuple):
    """Of delays in minutes; negative: earlier. None where there is none."""

    median: float | None
    p90: float | None
    worst: float | None

    def __str__(self):
        if self.median is None:
            return "none"
        return f"median {self.median:.1f}, p90 {self.p90:.1f}, worst {self.worst:.1f} min"


class Judgement(NamedTuple):
    """What alerts found of events, and how many there were."""

    events: int
    missed: list[Event]
    by_chance: int
    from_onset: Spread
    from_enough: Spread
    alerts: int
    alerts_a_day: dict[str, float]
    messages_an_alert: float

    @property
    def caught(self) -> int:
        return self.events - len(self.missed)

    @property
    def recall(self) -> float:
        return self.caught / self.events if self.events else 0.0

    @property
    def worst(self) -> float:
        """Alerts a day, over the days with posts, in the community that has most."""
        return max(self.alerts_a_day.values(), default=0.0)


def read_events(path) -> list[Event]:
    """Returns the events of a CSV file with the columns community, onset_epoch_s, pattern, what."""
    with path.open(newline="") as lines:
        return [
            Event(row["community"], 1000 * float(row["onset_epoch_s"]), row["pattern"], row["what"])
            for row in csv.DictReader(lines)
        ]


def judge(alerts, events, posts) -> Judgement:
    """Returns what alert messages found of events in these posts, all by event time."""
    first_ms, days, by_community = {}, defaultdict(set), defaultdict(list)
    for alert in alerts:
        first_ms.setdefault(alert.alert_id, (alert.at_ms, alert.community))
    for post in posts:
        at_ms = to_ms(post.created_at)
        for community in post.communities:
            days[community].add(at_ms // DAY_MS)
            by_community[community].append((at_ms, post))
    opened = Counter(community for _, community in first_ms.values())
    hits = [_hits(event, alerts, first_ms, 0) for event in events]
    found = [(event, min(own)) for event, own in zip(events, hits, strict=True) if own]
    enough = [(at_ms, enough_ms(event, by_community[event.community])) for event, at_ms in found]
    return Judgement(
        events=len(events),
        missed=[event for event, own in zip(events, hits, strict=True) if not own],
        by_chance=sum(1 for event in events if _hits(event, alerts, first_ms, DAY_MS)),
        from_onset=spread([at_ms - event.onset_ms for event, at_ms in found]),
        from_enough=spread([at_ms - own_ms for at_ms, own_ms in enough if own_ms is not None]),
        alerts=len(first_ms),
        alerts_a_day={name: count / max(1, len(days[name])) for name, count in sorted(opened.items())},
        messages_an_alert=len(alerts) / len(first_ms) if first_ms else 0.0,
    )


def enough_ms(event, posts) -> int | None:
    """Returns when the fifth author since the onset had taken an event up; None if that did not happen.

    Args:
        event: The event.
        posts: Its community's, each with its time, in order.
    """
    authors = set()
    for at_ms, post in posts:
        if event.onset_ms <= at_ms <= event.onset_ms + WITHIN_MS and _says(post.text, event.pattern):
            authors.add(post.author or post.id)
            if len(authors) == ENOUGH_AUTHORS:
                return at_ms
    return None


def spread(delays_ms) -> Spread:
    """Returns how delays in milliseconds are spread, in minutes."""
    ranked = sorted(delay / MINUTE_MS for delay in delays_ms)
    if not ranked:
        return Spread(None, None, None)
    return Spread(statistics.median(ranked), ranked[int(0.9 * (len(ranked) - 1))], ranked[-1])


def _hits(event, alerts, first_ms, later_ms) -> list[int]:
    return [
        alert.at_ms
        for alert in alerts
        if alert.community == event.community
        and alert.type in {"opened", "updated"}
        and -AHEAD_MS <= alert.at_ms + later_ms - event.onset_ms <= WITHIN_MS
        and alert.at_ms - first_ms[alert.alert_id][0] <= UPDATES_COUNT_FOR_MS
        and any(re.search(event.pattern, _plain(term)) for term in alert.terms[:TERMS_LOOKED_AT])
    ]


def _says(text, pattern) -> bool:
    plain = _plain(text)
    # Some patterns are of whole terms, from ^ to $.
    return any(re.search(pattern, part) for part in (plain, *re.findall(r"\w+", plain)))


def _plain(text) -> str:
    return text.lower().replace("#", "")
