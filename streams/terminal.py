"""An alert as text for a terminal: what somebody who was just woken up needs, the most important first."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import click

from models.message import AlertMessage, Sample
from streams.safe_text import cut, one_line, wrap

WIDTH_MIN: Final = 40
WIDTH_MAX: Final = 110
"""Longer lines are hard to read, however wide the terminal is."""

_LABEL_WIDTH: Final = 12
_INDENT: Final = "  "
_SAMPLES_MAX: Final = 3
_VOICES_MAX: Final = 5
_FIRST_MAX: Final = 3
_TERMS_MAX: Final = 8
_SURE_MAX: Final = 12
"""Powers of ten beyond a trillion to one are no longer worth telling apart."""

_HARDLY_ANY: Final = 0.5
"""Expected authors below which people say that there are almost none."""

_SEVERE: Final = 7
_NOTABLE: Final = 4

_UNITS: Final = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second"))
_SCALES: Final = ((12, "trillion"), (9, "billion"), (6, "million"))


def render_alert(message: AlertMessage, width: int = 80, *, colour: bool = False) -> str:
    """Return an alert message as text of several lines, ending with a line end.

    All times are UTC and say so. Nothing in it can make a terminal do anything but show it, whatever the
    posts hold; a sample post takes one line.

    Args:
        message: The message.
        width: Cells of a line, kept between 40 and 110.
        colour: Whether to use ANSI colours.
    """
    width = min(max(width, WIDTH_MIN), WIDTH_MAX)
    lines = [*_head(message, width, colour=colour)]
    lines += [_INDENT + line for line in wrap(one_line(message.summary), width - len(_INDENT))]
    if message.type in {"opened", "updated"}:
        lines.append("")
        lines.extend(_body(message, width, colour=colour))
    return "\n".join(lines) + "\n"


def moment(at_ms: int) -> str:
    """Return an event time for people, in UTC.

    >>> moment(1_448_557_380_000)
    '2015-11-26 17:03 UTC'
    """
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def describe_rarity(significance: float) -> str:
    """Return how rare a result of that significance is: ``about once in 2 million``."""
    if significance >= _SURE_MAX:
        return "less than once in a trillion"
    # The first digit is all that such a number can promise.
    chance = float(f"{10 ** max(significance, 0):.0e}")
    for power, scale in _SCALES:
        if chance >= 10**power:
            return f"about once in {chance / 10**power:.0f} {scale}"
    return f"about once in {chance:,.0f}"


def _head(message: AlertMessage, width: int, *, colour: bool) -> Iterator[str]:
    kind = {
        "opened": "NEW",
        "updated": f"UPDATE {message.revision - 1}",
        "resolved": "OVER" if message.into is None else "JOINED ANOTHER ALERT",
        "retracted": "TAKEN BACK",
    }[message.type]
    severity = f"severity {message.severity} of 10"
    # The core's headlines name their community already.
    place = "" if message.community in message.headline else f"{one_line(message.community)}: "
    first = f"{moment(message.at_ms)} · {severity} · {kind} · {place}{one_line(message.headline)}"
    is_open = message.type in {"opened", "updated"}
    hue = _hue(message.severity) if is_open else "green"
    for line in wrap(first, width):
        yield click.style(line, fg=hue, bold=True) if colour else line


def _body(message: AlertMessage, width: int, *, colour: bool) -> Iterator[str]:
    before = {
        "Usual": _usual(message),
        "Observed": _observed(message),
        # A domain is marked by a slash among the terms, which says nothing to people.
        "About": ", ".join(one_line(term).removeprefix("/") for term in message.terms[:_TERMS_MAX]),
    }
    after = {
        "Carried by": _carriers(message),
        "First": _first(message),
        "Clocks": _clocks(message),
        "How sure": _how_sure(message),
        "Budget": _budget(message),
        "Alert": one_line(message.message_id),
    }
    for label, text in before.items():
        yield from _labelled(label, text, width, colour=colour)
    yield from _posts(message.evidence.samples[:_SAMPLES_MAX], width, colour=colour)
    for label, text in after.items():
        if text:
            yield from _labelled(label, text, width, colour=colour)


def _labelled(label: str, text: str, width: int, *, colour: bool) -> Iterator[str]:
    for index, line in enumerate(wrap(text, width - len(_INDENT) - _LABEL_WIDTH)):
        yield _INDENT + _label("" if index else label, colour=colour) + line


def _label(label: str, *, colour: bool) -> str:
    padded = label.ljust(_LABEL_WIDTH)
    return click.style(padded, dim=True) if colour and label else padded


def _posts(samples: list[Sample], width: int, *, colour: bool) -> Iterator[str]:
    room = width - len(_INDENT) - _LABEL_WIDTH
    for index, sample in enumerate(samples):
        author = f"{one_line(sample.author)}: " if sample.author else ""
        text = cut(f"{_clock(sample.at_ms)} {author}{one_line(sample.text)}", room)
        yield _INDENT + _label("" if index else "Posts", colour=colour) + text
        link = one_line(sample.url or "")
        # A link that is cut leads nowhere; the terminal breaks it and still copies it whole.
        if link.startswith(("https://", "http://")):
            yield _INDENT + _label("", colour=colour) + link.replace(" ", "%20")


def _usual(message: AlertMessage) -> str:
    expected = message.expected
    spread = f"{expected.low} to {expected.high} in nine windows of ten"
    if expected.authors < _HARDLY_ANY:
        return f"almost none in {_duration(message.window.length_ms)} ({spread})"
    return f"about {_number(expected.authors)} in {_duration(message.window.length_ms)} ({spread})"


def _observed(message: AlertMessage) -> str:
    observed, end_ms = message.observed, message.window.start_ms + message.window.length_ms
    who = f"{_count(observed.authors, 'author')} with " if message.evidence.authors_known else ""
    # So many times almost nothing is a large number that says nothing.
    times = f", {_number(message.ratio)} times as many" if message.expected.authors >= _HARDLY_ANY else ""
    posts = _count(observed.posts, "post")
    return f"{who}{posts} in {_duration(message.window.length_ms)}, up to {_clock(end_ms)} UTC{times}"


def _carriers(message: AlertMessage) -> str:
    evidence = message.evidence
    voices = evidence.leading_authors[:_VOICES_MAX]
    named = [f"{one_line(voice.author)} ({_count(voice.posts, 'post')})" for voice in voices]
    others = evidence.authors - len(named)
    if named and others > 0:
        named.append(_count(others, "other"))
    shares = f"{evidence.repost_share:.0%} reposts, {evidence.copy_share:.0%} near-copies"
    return f"{', '.join(named) or 'authors who are not named'}; {shares}"


def _first(message: AlertMessage) -> str:
    evidence = message.evidence
    named = [f"{one_line(voice.author)} ({_clock(voice.first_ms)})" for voice in evidence.first_authors[:_FIRST_MAX]]
    new = evidence.new_authors
    if not named or new is None:
        return ", ".join(named)
    return f"{', '.join(named)}; {new:,} of {_count(evidence.authors, 'author')} {'is' if new == 1 else 'are'} new here"


def _clocks(message: AlertMessage) -> str:
    clocks = message.evidence.clocks
    earliest = f"could fire from {_clock(clocks.earliest_ms)}, " if clocks.earliest_ms is not None else ""
    return f"first post {_clock(clocks.first_post_ms)}, {earliest}fired {_clock(clocks.opened_ms)} UTC"


def _how_sure(message: AlertMessage) -> str:
    if message.evidence.learning:
        return "what is usual is still a guess here, so nobody can say how often chance would do this"
    return f"if all went as usual, chance would do this {describe_rarity(message.significance)} such windows"


def _budget(message: AlertMessage) -> str:
    limit = f"at most {_number(message.budget.alerts_per_week)} a week in this community when nothing happens"
    return f"{message.budget.setting}: {limit}"


def _hue(severity: int) -> str:
    if severity >= _SEVERE:
        return "red"
    return "yellow" if severity >= _NOTABLE else "cyan"


def _clock(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%H:%M")


def _duration(length_ms: int) -> str:
    for unit_ms, name in _UNITS:
        if length_ms >= unit_ms and length_ms % unit_ms == 0:
            return _count(length_ms // unit_ms, name)
    return f"{length_ms} ms"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _number(value: float) -> str:
    """Return a number as people write it: small ones with a decimal, larger ones without.

    >>> _number(3.25), _number(3.0), _number(1234.5)
    ('3.2', '3', '1,234')
    """
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")  # noqa: PLR2004
