"""Why an alert came: its score and bar computed again from its message, and what other budgets would have asked.

A message holds all inputs of its score (`scoring`), so whoever has it can say whether what it tells is true, and what a
bar for another budget would have been, without the posts. What happened before under another budget, which alerts were
open and which raised the bar, only the posts can tell.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from models.budget import Bar, find_bar
from models.configuration import ALERTS_PER_WEEK
from models.feedback import move_bar
from models.lifecycle import FRAGMENT_RAISE
from models.message import AlertMessage, BudgetName, encode_alert, rounded
from models.scoring import BarInputs, Scoring
from models.significance import surprise, usual_range, voices

SETTINGS: Final[tuple[BudgetName, ...]] = ("fewer", "balanced", "more")
"""From the strictest on."""

COUNT_MAX: Final = 1_000_000
VOLUME_MAX: Final = 1e9
"""Far above what any window holds; a message that tells more was not made here, and would take long to compute."""


class Difference(msgspec.Struct, frozen=True):
    """A field, what one says of it, and what the other does; None where it has no such field."""

    field: str
    told: Any
    found: Any


class Decision(msgspec.Struct, frozen=True):
    """What one budget asks of a score.

    Attributes:
        setting: Its name.
        alerts_per_week: What it allows when nothing happens.
        bar: The bar that would have been in force.
        needed: What it would have taken to open, with the raise for each story that was open.
        would_open: Whether the score reached it.
    """

    setting: BudgetName
    alerts_per_week: float
    bar: float
    needed: float
    would_open: bool


class Explanation(msgspec.Struct, frozen=True):
    """How the score and the bar of one message came about, computed from its own inputs.

    Attributes:
        message_id: The message.
        scoring: The inputs.
        own_voices: Authors or texts, whichever are fewer.
        unseen_voices: Unseen originals of reposts.
        expected: Mean number of voices.
        significance: The score, as messages round it.
        bar: The bar, and how it came about; None if the message does not hold its inputs.
        raised: What open stories added to the bar for one that opens.
        differences: Where the message says something else; empty if it agrees to the digit.
        decisions: What each budget would have asked, the strictest first; empty without the inputs of the bar.
    """

    message_id: str
    scoring: Scoring
    own_voices: int
    unseen_voices: int
    expected: float
    significance: float
    bar: Bar | None
    raised: float
    differences: list[Difference]
    decisions: list[Decision]


def explain(message: AlertMessage) -> Explanation:
    """Return how the score and the bar of a message came about.

    Raises:
        ValueError: If a scoring input is one that no score can have.
    """
    scoring = message.scoring
    _check(scoring)
    own = min(scoring.authors, scoring.texts)
    inputs = scoring.bar_inputs
    return Explanation(
        message_id=message.message_id,
        scoring=scoring,
        own_voices=own,
        unseen_voices=voices(scoring.authors, scoring.texts, scoring.reposted_texts) - own,
        expected=scoring.share * scoring.volume,
        significance=rounded(_significance(scoring)),
        bar=find_bar(inputs, ALERTS_PER_WEEK[message.budget.setting]) if inputs else None,
        raised=FRAGMENT_RAISE * scoring.open_stories,
        differences=list(_disagreements(message)),
        decisions=[_decide(message, inputs, setting) for setting in SETTINGS] if inputs else [],
    )


def differences(told: AlertMessage, found: AlertMessage) -> list[Difference]:
    """Return in which fields the alert parts of two messages differ; none if their bytes are the same."""
    one, other = (msgspec.json.decode(encode_alert(message)) for message in (told, found))
    return list(_differing("", one, other))


def _significance(scoring: Scoring) -> float:
    count = voices(scoring.authors, scoring.texts, scoring.reposted_texts)
    return surprise(count, scoring.share * scoring.volume, scoring.size)


def _decide(message: AlertMessage, inputs: BarInputs, setting: BudgetName) -> Decision:
    scoring = message.scoring
    bar = _moved(message, find_bar(inputs, ALERTS_PER_WEEK[setting]).value)
    needed = bar + FRAGMENT_RAISE * scoring.open_stories
    would_open = _significance(scoring) >= needed
    return Decision(setting, ALERTS_PER_WEEK[setting], rounded(bar), rounded(needed), would_open)


def _moved(message: AlertMessage, bar: float) -> float:
    """Return what feedback made of the bar that a budget asks for."""
    feedback = message.feedback
    return bar if feedback is msgspec.UNSET else move_bar(bar, feedback.judged, feedback.dismissed)


def _disagreements(message: AlertMessage) -> Iterator[Difference]:
    scoring, inputs = message.scoring, message.scoring.bar_inputs
    mean = scoring.share * scoring.volume
    low, high = usual_range(mean, scoring.size)
    asked = ALERTS_PER_WEEK[message.budget.setting]
    pairs = {
        "scoring.voices": (scoring.voices, voices(scoring.authors, scoring.texts, scoring.reposted_texts)),
        "significance": (message.significance, rounded(_significance(scoring))),
        "observed.authors": (message.observed.authors, scoring.authors),
        "expected.authors": (message.expected.authors, rounded(mean)),
        "expected.low": (message.expected.low, low),
        "expected.high": (message.expected.high, high),
        "ratio": (message.ratio, rounded(scoring.authors / mean)),
        "budget.alerts_per_week": (message.budget.alerts_per_week, asked),
    }
    if inputs:
        bar = find_bar(inputs, asked).value
        pairs["bar"] = (message.bar, rounded(_moved(message, bar)))
        if message.feedback is not msgspec.UNSET:
            pairs["feedback.bar_before"] = (message.feedback.bar_before, rounded(bar))
    for field, (told, found) in pairs.items():
        if told != found:
            yield Difference(field, told, found)


def _check(scoring: Scoring) -> None:
    for name in ("voices", "authors", "texts", "reposted_texts", "open_stories"):
        _within(f"scoring.{name}", getattr(scoring, name), 0, COUNT_MAX)
    _within("scoring.share", scoring.share, 1e-12, 1)
    _within("scoring.volume", scoring.volume, 1e-6, VOLUME_MAX)
    _within("scoring.size", scoring.size, 1e-6, VOLUME_MAX)
    inputs = scoring.bar_inputs
    if inputs:
        _within("scoring.bar_inputs.tests_per_week", inputs.tests_per_week, 0, VOLUME_MAX)
        _within("scoring.bar_inputs.learning_raise", inputs.learning_raise, 0, COUNT_MAX)
    if inputs and inputs.maxima:
        for name, least in (("per_week", 0.0), ("least", 0.0), ("mean_excess", 1e-6)):
            _within(f"scoring.bar_inputs.maxima.{name}", getattr(inputs.maxima, name), least, VOLUME_MAX)


def _within(field: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        message = f"`{field}` is {value:g}; expected a number from {least:g} to {most:g}"
        raise ValueError(message)


def _differing(field: str, one: Any, other: Any) -> Iterator[Difference]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            yield from _differing(f"{field}.{name}" if field else name, one.get(name), other.get(name))
    elif one != other:
        yield Difference(field, one, other)
