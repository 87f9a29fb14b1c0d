"""One alert as HTML: the card of the overview, and all that is known of it. Pure: values in, markup out."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode

import msgspec

from models.message import AlertMessage, Evidence, Rescored, Sample, Sentiment, Voice
from models.wording import bar_moved, counted, duration
from streams.markup import NOTHING, Html, fill, join, web_address
from streams.metrics import severity_band

TERMS_SHOWN: Final = 8

_CARD: Final = """\
<article class="alert {band} {type}" data-key="alert {id}" data-version="{revision}">
<p class="severity" title="Severity {severity} of 10"><b>{severity}</b><span>{band}</span></p>
<div class="told">
<p class="meta"><span class="status">{status}</span>
<a class="community" href="{community_href}">{community}</a> {moment}</p>
<h3><a href="{href}">{headline}</a></h3>
<p>{summary}</p>
{gauge}
<ul class="terms" aria-label="About">{terms}</ul>
{evidence}
</div>
</article>
"""

_GAUGE: Final = """\
<figure class="gauge">
<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
<rect class="track" width="100" height="6"/><rect class="observed" width="{observed}" height="6"/>
<rect class="usual" x="{low}" width="{range}" height="6"/></svg>
<figcaption><span class="observed"><b>{authors}</b> in {length}{times}</span>
<span class="usual">usually {usual}</span></figcaption>
</figure>
"""

_EVIDENCE: Final = """\
<details{open}><summary>{label}</summary>
{samples}
{voices}
</details>
"""

_SAMPLE: Final = """\
<blockquote><p><bdi>{text}</bdi></p><footer><bdi>{author}</bdi>{repost} {moment}{link}</footer></blockquote>
"""


def alert_card(message: AlertMessage, *, is_open: bool = False) -> Html:
    """Return an alert as a card.

    Args:
        message: Its latest message.
        is_open: Whether its posts are shown without a click.
    """
    return fill(
        _CARD,
        id=message.alert_id,
        revision=message.revision,
        type=message.type,
        band=severity_band(message.severity).value,
        severity=message.severity,
        status=status_of(message),
        community=message.community,
        community_href=community_href(message.community),
        href=alert_href(message.alert_id),
        moment=moment(message.at_ms),
        headline=message.headline,
        summary=message.summary,
        gauge=_gauge(message),
        terms=join(fill("<li><bdi>{term}</bdi></li>", term=term) for term in message.terms[:TERMS_SHOWN]),
        evidence=_evidence(message, is_open=is_open),
    )


def alert_facts(message: AlertMessage) -> Html:
    """Return everything else that an alert message says, as a list of terms and their values."""
    items = (fill("<dt>{name}</dt><dd>{value}</dd>", name=name, value=value) for name, value in _facts(message))
    return fill('<dl class="facts">{items}</dl>', items=join(items))


def status_of(message: AlertMessage) -> str:
    """Return what a message does, as people say it."""
    if message.into is not None:
        return "Joined another alert"
    return {"opened": "New", "updated": "Updated", "resolved": "Over", "retracted": "Taken back"}[message.type]


def alert_href(alert_id: str) -> str:
    """Return where an alert's own page is."""
    return f"/alerts/{quote(alert_id, safe='')}"


def community_href(community: str) -> str:
    """Return where the page of one community is."""
    return f"/?{urlencode({'community': community})}"


def moment(at_ms: int) -> Html:
    """Return an event time for people, and for programs."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return fill(
        '<time datetime="{iso}">{text}</time>',
        iso=at.isoformat(timespec="seconds"),
        text=f"{at:%a} {at.day} {at:%b %Y, %H:%M}",
    )


def _gauge(message: AlertMessage) -> Html:
    observed, expected = message.observed.authors, message.expected
    scale = 100 / max(observed, expected.high, 1)
    noun = "author" if message.evidence.authors_known else "post"
    usual = f"{expected.low} to {expected.high}" if expected.high > expected.low else str(expected.high)
    return fill(
        _GAUGE,
        observed=round(observed * scale, 1),
        low=round(expected.low * scale, 1),
        range=round(max((expected.high - expected.low) * scale, 1), 1),
        authors=counted(observed, noun),
        length=duration(message.window.length_ms),
        usual=usual,
        times=f", {number(message.ratio)} times as many as expected" if message.ratio > 0 else "",
    )


def _evidence(message: AlertMessage, *, is_open: bool) -> Html:
    evidence = message.evidence
    if not evidence.samples:
        return NOTHING
    return fill(
        _EVIDENCE,
        open=Html(" open") if is_open else NOTHING,
        label=f"{counted(len(evidence.samples), 'sample post')} of {evidence.posts:,}",
        samples=join(map(_sample, evidence.samples)),
        voices=_voices(evidence.leading_authors),
    )


def _sample(sample: Sample) -> Html:
    address = web_address(sample.url)
    link = fill(' <a href="{href}" rel="noopener noreferrer nofollow" target="_blank">See it</a>', href=address)
    return fill(
        _SAMPLE,
        text=sample.text,
        author=sample.author or "Unknown author",
        repost=", reposted" if sample.is_repost else "",
        moment=moment(sample.at_ms),
        link=link if address else NOTHING,
    )


def _voices(voices: list[Voice]) -> Html:
    if not voices:
        return NOTHING
    names = (
        fill("<bdi>{author}</bdi> ({posts})", author=voice.author, posts=counted(voice.posts, "post"))
        for voice in voices
    )
    return fill('<p class="voices">Most active: {names}.</p>', names=join(names, ", "))


def _facts(message: AlertMessage) -> Iterator[tuple[str, object]]:
    evidence, scoring, budget = message.evidence, message.scoring, message.budget
    yield "First post", moment(evidence.clocks.first_post_ms)
    if evidence.clocks.earliest_ms is not None:
        yield "Earliest it could fire", moment(evidence.clocks.earliest_ms)
    yield "Passed the bar", moment(evidence.clocks.opened_ms)
    yield "This message", moment(evidence.clocks.fired_ms)
    yield "Lasted so far", duration(message.longevity * 60_000)
    yield "In all", f"{counted(evidence.posts, 'post')}, {counted(evidence.texts, 'distinct text')}"
    yield "Reposts", f"{evidence.repost_share:.0%}"
    yield "Near-copies", f"{evidence.copy_share:.0%}"
    yield "Copies of one text", f"{evidence.top_text_share:.0%}"
    yield from _carriers(evidence)
    yield from _rests_on(evidence)
    yield "Tone", _tone(evidence.sentiment)
    yield "Surprise", f"{message.significance:g}, where {message.bar:g} was needed"
    limit = f"at most {budget.alerts_per_week:g} a week in this community when nothing happens"
    yield "Budget", f"{budget.setting}: {limit}"
    if budget.expected_per_week is not None:
        yield "Expected by chance", f"{number(budget.expected_per_week)} a week over this bar"
    if message.feedback is not msgspec.UNSET:
        judged = f"{message.feedback.dismissed} of {counted(message.feedback.judged, 'alert')} dismissed"
        yield "Feedback", bar_moved(message.feedback, message.bar).capitalize() or judged
    yield "Languages", _shares(evidence.languages)
    yield "Sources", _shares(evidence.sources)
    yield (
        "Also in",
        ", ".join(f"{name} ({share:.0%})" for name, share in evidence.shared_posts.items()) or "–",
    )
    yield "Leading term", scoring.term
    yield (
        "Voices",
        f"{scoring.voices} ({counted(scoring.authors, 'author')}, {counted(scoring.texts, 'text')})",
    )
    yield "Expected share", f"{scoring.share:.3g} of {scoring.volume:g} posts"
    if message.into is not None:
        yield "Joined", fill('<a href="{href}">{id}</a>', href=alert_href(message.into), id=message.into)
    yield "Narrative", message.narrative_id
    yield "Message", message.message_id
    if message.delivery is not msgspec.UNSET and message.delivery.delivered_ms is not None:
        yield "Delivered", moment(message.delivery.delivered_ms)


def _carriers(evidence: Evidence) -> Iterator[tuple[str, object]]:
    came = [
        fill("<bdi>{author}</bdi>, {moment}", author=voice.author, moment=moment(voice.first_ms))
        for voice in evidence.first_authors
    ]
    yield "Came first", join(came, "; ") if came else "–"
    new = evidence.new_authors
    yield "New here", "not known" if new is None else f"{new:,} of {counted(evidence.authors, 'author')}"


def _rests_on(evidence: Evidence) -> Iterator[tuple[str, object]]:
    found = evidence.robustness
    if found is None:
        yield "Without its top accounts", "not known"
        return
    for label, rescored in (
        ("Without its top account", found.without_top_1),
        ("Without its top three", found.without_top_3),
        ("Without its top five", found.without_top_5),
        ("Without copies", found.without_copies),
    ):
        yield label, "not known, as posts name no author" if rescored is None else _rescored(rescored)


def _rescored(found: Rescored) -> str:
    verdict = "would have fired" if found.passes else "would not have fired"
    return f"{verdict}: surprise {found.significance:g}, {counted(found.voices, 'voice')}"


def _tone(found: Sentiment | None) -> str:
    if found is None or found.score is None:
        return "not known: no post in English" if found is not None and found.reason == "language" else "not known"
    counts = f"{found.positive} positive, {found.neutral} neutral, {found.negative} negative"
    unread = f", {found.unread} not in English" if found.unread else ""
    return f"{found.score:+g} from -1 to 1: {counts}{unread}"


def _shares(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name or 'not stated'} ({count:,})" for name, count in counts.items()) or "–"


def number(value: float) -> str:
    """Return a number as people write it: with a decimal only where it tells something.

    >>> number(3.26), number(41.7)
    ('3.3', '42')
    """
    return f"{value:,.1f}".removesuffix(".0") if value < 10 else f"{value:,.0f}"  # noqa: PLR2004
