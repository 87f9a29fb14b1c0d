"""What the tracker says: alert messages and trend messages, the contracts of downstream services.

The alert part of a message is pure: the same posts give the same bytes. `delivery` holds what depends on the
clock and on where a message travelled, and is not part of `encode_alert`.
"""

from typing import Final, Literal

import msgspec

from models.baseline import VolumeChange
from models.scoring import Scoring

SCHEMA_VERSION: Final = 1
SCORE_DIGITS: Final = 3
"""Decimal places of every score in a message: far above the noise of the last bits, enough to compare."""

AlertType = Literal["opened", "updated", "resolved", "retracted"]
State = Literal["rising", "active", "cooling", "quiet"]
BudgetName = Literal["fewer", "balanced", "more"]


def rounded(score: float) -> float:
    """Return a score as it stands in messages."""
    return round(score, SCORE_DIGITS)


class Window(msgspec.Struct, frozen=True):
    """``[start_ms, start_ms + length_ms)`` in event time."""

    start_ms: int
    length_ms: int


class Observed(msgspec.Struct, frozen=True):
    """What was counted: distinct authors and posts of the leading term in the window."""

    authors: int
    posts: int


class Expected(msgspec.Struct, frozen=True):
    """What is usual in such a window: the mean number of authors, and the range of nine windows in ten."""

    authors: float
    low: int
    high: int


class Budget(msgspec.Struct, frozen=True):
    """The false-alert budget in force.

    Attributes:
        setting: Its name.
        alerts_per_week: Alerts a week that it allows when nothing happens.
        expected_per_week: How many chance will bring over the bar in force; null in messages of earlier programs.
    """

    setting: BudgetName
    alerts_per_week: float
    expected_per_week: float | None = None


class FeedbackNote(msgspec.Struct, frozen=True):
    """What people said of the community's alerts, and what that did to the bar.

    Attributes:
        judged: Of how many of the latest alerts something was said.
        dismissed: How many of these are noise or duplicates.
        bar_before: The bar that the budget alone asks for.
        version: Counts up with each change, those that undo another included.
    """

    judged: int
    dismissed: int
    bar_before: float
    version: int


class Sample(msgspec.Struct, frozen=True):
    """A post shown as evidence; its text is cut at 500 characters."""

    id: str
    source: str
    author: str | None
    at_ms: int
    text: str
    url: str | None
    is_repost: bool


class Voice(msgspec.Struct, frozen=True):
    """An author who carries the story: posts in it, and the event time of the first."""

    author: str
    posts: int
    first_ms: int


class Clocks(msgspec.Struct, frozen=True):
    """Event times of the story; when its message was made and when it arrived, `delivery` says.

    Attributes:
        first_post_ms: Its first post.
        opened_ms: When it passed the bar, and its alert opened.
        fired_ms: This message.
        earliest_ms: The earliest it could have fired: when the term that opened it first had four voices within an
            hour, without which no alert opens; None in messages of a program that did not tell it.
    """

    first_post_ms: int
    opened_ms: int
    fired_ms: int
    earliest_ms: int | None = None


class Rescored(msgspec.Struct, frozen=True):
    """A window scored again without some of its posts: voices, significance, and whether an alert would have fired."""

    voices: int
    significance: float
    passes: bool


class Robustness(msgspec.Struct, frozen=True):
    """What the alert rests on: the window that scored highest, scored again without some of its posts.

    Attributes:
        at_ms: The end of that window: `window`'s own, or an earlier one's if posts of that had left the memory of one
            hour when this message was made.
        voices, significance: Of that window, with all its posts.
        top: Who posted most in it, best first, at most five; empty if most of its posts name no author.
        without_top_1: Without the posts of the first of `top`; None if most of its posts name no author.
        without_top_3: Without those of the first three.
        without_top_5: Without those of all five.
        without_copies: Without reposts, and with the first only of each class of near-copies.
    """

    at_ms: int
    voices: int
    significance: float
    top: list[str]
    without_top_1: Rescored | None
    without_top_3: Rescored | None
    without_top_5: Rescored | None
    without_copies: Rescored


class Sentiment(msgspec.Struct, frozen=True):
    """How people sound in the posts that the story keeps to be shown: at most 24, of different texts.

    Attributes:
        score: Mean of those that could be read, -1 (bad) to 1 (good); None if none could.
        positive: How many of them sound good.
        neutral: How many sound neither good nor bad.
        negative: How many sound bad.
        unread: Further ones, that are not in English as far as we can tell: only that can be read.
        reason: Why there is no score, as a code: ``language`` (none is in English), ``no_posts``; else None.
    """

    score: float | None
    positive: int
    neutral: int
    negative: int
    unread: int
    reason: str | None = None


class Evidence(msgspec.Struct, frozen=True):
    """Why this is an alert, for people.

    Attributes:
        authors: Distinct authors in the whole story so far.
        posts: Posts in the whole story so far.
        texts: Distinct texts; near-copies count once.
        repost_share: Share of its posts that are reposts, 0..1.
        copy_share: Share of its posts that are near-copies of another of its posts, 0..1.
        authors_known: Whether most posts name their author; else each post counts as an author of its own.
        learning: Whether the community has been followed for less than a day, so that "usual" is a guess.
        leading_authors: Who posted most in it, best first.
        samples: Five posts at most, the most typical ones, in the order of time.
        languages: Posts by declared language.
        sources: Posts by source.
        shared_posts: Share of its posts that are also in each other community, 0..1.
        clocks: Event times.
        first_authors: Who came first to it, earliest first, at most five.
        new_authors: Authors whose first post in the community, as far as it remembers (the last 20,000 authors), is not
            older than the story; None while the community is followed for less than a day, or if authors are unknown.
        top_text_share: Share of its posts that are copies of one text, the most frequent, 0..1; above a half people
            are told so.
        robustness: What is left without its most active accounts, and without copies; None if that cannot be told any
            more, since posts were deleted or changed after they had left the memory of one hour.
        sentiment: How people sound in it; None in messages of a program that did not tell it.
        volume_change: How the community's usual volume changed, if that was found in the week before the alert opened.
    """

    authors: int
    posts: int
    texts: int
    repost_share: float
    copy_share: float
    authors_known: bool
    learning: bool
    leading_authors: list[Voice]
    samples: list[Sample]
    languages: dict[str, int]
    sources: dict[str, int]
    shared_posts: dict[str, float]
    clocks: Clocks
    first_authors: list[Voice] = msgspec.field(default_factory=list)
    new_authors: int | None = None
    top_text_share: float = 0.0
    robustness: Robustness | None = None
    sentiment: Sentiment | None = None
    volume_change: VolumeChange | None = None


class Delivery(msgspec.Struct, frozen=True, omit_defaults=True):
    """Processing times, and where the message travelled. Not part of the alert.

    Attributes:
        ingested_ms: When the program read the post that caused it.
        scored_ms: When the message was made.
        delivered_ms: When Redis was given it.
        topic: Of Kafka, where it was read.
        partition: Of that topic.
        offset: In that partition.
        rebuilt: Whether Redis had it before and lost it: then people have been told already.
    """

    ingested_ms: int | None = None
    scored_ms: int | None = None
    delivered_ms: int | None = None
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    rebuilt: bool = False


class AlertMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message of one alert: it opens, updates, resolves or retracts it.

    Attributes:
        schema_version: Version of this contract; a new one may only add.
        message_id: ``alert_id:revision``, unique for good.
        alert_id: The same in all messages of one story.
        revision: 1, 2, 3 ... within the alert.
        type: What the message does.
        reason: Why, as a code: ``burst``, ``severity``, ``terms``; ``over``, ``merged``, ``evicted`` (its community is
            followed no longer); ``deleted``.
        community: The micro-community.
        narrative_id: The narrative that holds most of the story's posts.
        into: The alert that this one was merged into, for the reason ``merged``.
        at_ms: Event time of the post or fixed point that caused the message.
        onset_ms: Event time of the story's first post.
        window: The window that scored highest.
        headline: One line for people.
        summary: One paragraph for people.
        terms: What it is about, best first.
        severity: How large, 1 to 10, by the authors or the distinct texts of the whole story so far, whichever are
            fewer: 3 reach severity 2, 5 reach 3, 8 reach 4, 13 reach 5, 20 reach 6, 31 reach 7, 48 reach 8, 77 reach 9
            and 121 reach 10. So copies of one text stay at 1, however many post them.
        longevity: Minutes from the onset to the latest post: how long it has lasted, whatever its size.
        observed: Counts in the window.
        expected: What is usual there.
        ratio: Observed over expected authors.
        significance: -log10 of the probability that chance does this; larger is more surprising.
        bar: The significance that an alert needed.
        budget: The false-alert budget behind the bar.
        feedback: What people said of alerts of this community; missing as long as nobody has.
        evidence: Why, for people.
        scoring: Why, for recomputing.
        delivery: Processing times and place, beside the alert.
    """

    schema_version: int = SCHEMA_VERSION
    message_id: str
    alert_id: str
    revision: int
    type: AlertType
    reason: str
    community: str
    narrative_id: str
    into: str | None = None
    at_ms: int
    onset_ms: int
    window: Window
    headline: str
    summary: str
    terms: list[str]
    severity: int
    longevity: int
    observed: Observed
    expected: Expected
    ratio: float
    significance: float
    bar: float
    budget: Budget
    evidence: Evidence
    scoring: Scoring
    feedback: FeedbackNote | msgspec.UnsetType = msgspec.UNSET
    delivery: Delivery | msgspec.UnsetType = msgspec.UNSET


class TrendWindow(msgspec.Struct, frozen=True):
    """Counts of one narrative in the last `length_ms`.

    Attributes:
        length_ms: Length of the window.
        authors: Distinct authors in it.
        posts: Posts in it.
        expected_authors: How many are usual: its share of the posts that the community has at these hours of the week.
    """

    length_ms: int
    authors: int
    posts: int
    expected_authors: float


class Lineage(msgspec.Struct, frozen=True):
    """Where a narrative comes from and went: ids of narratives, None where it does not apply."""

    born_from: str | None = None
    merged_into: str | None = None
    split_from: str | None = None


class TrendMessage(msgspec.Struct, frozen=True, kw_only=True):
    """How one narrative of one community stands.

    Attributes:
        schema_version: Version of this contract; a new one may only add.
        narrative_id: Stable for the life of the narrative.
        community: The micro-community.
        at_ms: Event time of this state.
        state: ``quiet`` unless an alert's story holds it.
        terms: What it is about, best first.
        headline: One line for people.
        windows: Counts at several lengths, shortest first.
        rank: Place among the community's narratives by authors in the last hour, from 1.
        first_seen_ms: Event time of its first post.
        last_seen_ms: Event time of its latest post.
        lineage: Where it comes from and went.
        alert_id: The alert that it is part of.
        is_gone: Whether this is its last message: in Kafka a tombstone.
    """

    schema_version: int = SCHEMA_VERSION
    narrative_id: str
    community: str
    at_ms: int
    state: State
    terms: list[str]
    headline: str
    windows: list[TrendWindow]
    rank: int
    first_seen_ms: int
    last_seen_ms: int
    lineage: Lineage
    alert_id: str | None = None
    is_gone: bool = False


Message = AlertMessage | TrendMessage

_encoder = msgspec.json.Encoder(order="sorted")
_alert_decoder = msgspec.json.Decoder(AlertMessage)
_trend_decoder = msgspec.json.Decoder(TrendMessage)


def encode_alert(message: AlertMessage) -> bytes:
    """Return the alert part as canonical JSON: sorted keys, no spaces, no `delivery`."""
    if message.delivery is not msgspec.UNSET:
        message = msgspec.structs.replace(message, delivery=msgspec.UNSET)
    return _encoder.encode(message)


def encode_delivered(message: AlertMessage) -> bytes:
    """Return the whole message, `delivery` included where there is one."""
    return _encoder.encode(message)


def encode_trend(message: TrendMessage) -> bytes:
    """Return a trend message as canonical JSON."""
    return _encoder.encode(message)


def decode_alert(raw: bytes | str) -> AlertMessage:
    """Return the alert message in `raw`; `ValueError` if it is none."""
    return _alert_decoder.decode(raw)


def decode_trend(raw: bytes | str) -> TrendMessage:
    """Return the trend message in `raw`; `ValueError` if it is none."""
    return _trend_decoder.decode(raw)
