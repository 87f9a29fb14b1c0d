"""Made-up alert and trend messages, whole ones, with whatever a test wants to be different."""

import msgspec

from models.message import (
    AlertMessage,
    Budget,
    Clocks,
    Evidence,
    Expected,
    Lineage,
    Observed,
    Rescored,
    Robustness,
    Sample,
    Sentiment,
    TrendMessage,
    TrendWindow,
    Voice,
    Window,
)
from models.scoring import Scoring

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
NOON_MS = 1_767_614_400_000
"""Monday, 5 January 2026, 12:00 UTC."""


def make_sample(text="The ferry to Tornavik is cancelled again, third time this week", **changes) -> Sample:
    """Returns a sample post."""
    sample = Sample(
        id="p1",
        source="bluesky",
        author="harbour.walker",
        at_ms=NOON_MS - 4 * MINUTE_MS,
        text=text,
        url="https://social.example/harbour.walker/p1",
        is_repost=False,
    )
    return msgspec.structs.replace(sample, **changes)


def make_evidence(**changes) -> Evidence:
    """Returns the evidence of a story of 16 posts."""
    evidence = Evidence(
        authors=14,
        posts=16,
        texts=12,
        repost_share=0.125,
        copy_share=0.1,
        authors_known=True,
        learning=False,
        leading_authors=[Voice("harbour.walker", 2, NOON_MS - 9 * MINUTE_MS), Voice("lena", 1, NOON_MS)],
        samples=[make_sample(), make_sample("No boat, no school", id="p2", author="lena", url=None)],
        languages={"en": 15, "no": 1},
        sources={"bluesky": 16},
        shared_posts={"commuters": 0.25},
        clocks=Clocks(NOON_MS - 9 * MINUTE_MS, NOON_MS, NOON_MS, NOON_MS - 2 * MINUTE_MS),
        first_authors=[Voice("harbour.walker", 2, NOON_MS - 9 * MINUTE_MS), Voice("lena", 1, NOON_MS)],
        new_authors=3,
        top_text_share=0.125,
        robustness=Robustness(
            at_ms=NOON_MS,
            voices=12,
            significance=11.2,
            top=["harbour.walker", "lena"],
            without_top_1=Rescored(11, 10.1, passes=True),
            without_top_3=Rescored(9, 7.9, passes=True),
            without_top_5=Rescored(7, 5.2, passes=False),
            without_copies=Rescored(10, 9.0, passes=True),
        ),
        sentiment=Sentiment(-0.31, 1, 2, 6, 1),
    )
    return msgspec.structs.replace(evidence, **changes)


def make_alert(alert_id="a1", revision=1, **changes) -> AlertMessage:
    """Returns an alert message; its `message_id` follows from the other two."""
    message = AlertMessage(
        message_id=f"{alert_id}:{revision}",
        alert_id=alert_id,
        revision=revision,
        type="opened" if revision == 1 else "updated",
        reason="burst",
        community="islanders",
        narrative_id="n1",
        at_ms=NOON_MS,
        onset_ms=NOON_MS - 9 * MINUTE_MS,
        window=Window(NOON_MS - 15 * MINUTE_MS, 15 * MINUTE_MS),
        headline="“ferry tornavik cancelled” in islanders: 14 authors in 15 min where about one is usual",
        summary="So far 16 posts by 14 authors in 9 min, 12% reposts, 12 distinct texts.",
        terms=["ferry", "tornavik", "cancelled", "#noboat"],
        severity=7,
        longevity=9,
        observed=Observed(14, 16),
        expected=Expected(0.9, 0, 3),
        ratio=15.6,
        significance=11.2,
        bar=6.4,
        budget=Budget("balanced", 3.0),
        evidence=make_evidence(),
        scoring=Scoring("ferry", 12, 14, 12, 2, 0.004, 210.0, 2.5),
    )
    return msgspec.structs.replace(message, **changes)


def make_trend(narrative_id="n1", hour=5, day=9, **changes) -> TrendMessage:
    """Returns a trend message of a narrative with so many authors in the last hour and the last 24 hours."""
    trend = TrendMessage(
        narrative_id=narrative_id,
        community="islanders",
        at_ms=NOON_MS,
        state="quiet",
        terms=["ferry", "tornavik", "timetable"],
        headline="ferry tornavik timetable",
        windows=[
            TrendWindow(5 * MINUTE_MS, min(hour, 1), min(hour, 1), 0.1),
            TrendWindow(HOUR_MS, hour, hour + 1, 1.5),
            TrendWindow(24 * HOUR_MS, day, day + 2, 30.0),
        ],
        rank=1,
        first_seen_ms=NOON_MS - 20 * HOUR_MS,
        last_seen_ms=NOON_MS - MINUTE_MS,
        lineage=Lineage(),
    )
    return msgspec.structs.replace(trend, **changes)
