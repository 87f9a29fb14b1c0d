"""How a score came about, as text for a terminal: in words for who is on call, with the numbers for who checks them."""

from collections.abc import Iterator, Sequence
from typing import Final

from models.budget import BAR_MIN, RAISE_MAX, TESTS_FACTOR, Bar
from models.detector import VOLUME_SHARE_MIN
from models.explanation import Decision, Difference, Explanation
from models.lifecycle import FRAGMENT_RAISE
from models.message import AlertMessage
from models.significance import CHATTER_SIZE
from models.wording import counted, duration
from streams.commands.columns import columns
from streams.commands.rerun import Outcome
from streams.safe_text import cut, one_line, wrap
from streams.terminal import WIDTH_MAX, WIDTH_MIN, describe_rarity, moment

_LABEL_WIDTH: Final = 12
_VALUE_WIDTH: Final = 60


def render(
    message: AlertMessage, own: Explanation, opening: Explanation | None, width: int = WIDTH_MAX
) -> Iterator[str]:
    """Yield how the score of a message came about, as lines.

    Args:
        message: The message.
        own: Its explanation.
        opening: That of the message that opened the alert; None if that is not there.
        width: Cells of a line, kept between 40 and 110; rows of tables may be longer.
    """
    width = min(max(width, WIDTH_MIN), WIDTH_MAX)
    first = f"{message.message_id} · {message.type} · {moment(message.at_ms)} · {message.headline}"
    yield from wrap(one_line(first), width)
    yield ""
    for label, sentences in _steps(message, own):
        for number, sentence in enumerate(sentences):
            for index, line in enumerate(wrap(sentence, width - _LABEL_WIDTH)):
                yield (label if number == index == 0 else "").ljust(_LABEL_WIDTH) + line
    decided = opening or own
    if decided.decisions:
        yield ""
        yield from _table(decided)
        if message.revision > 1 and opening is None:
            yield "  The message that opened it is not at hand, so the score of this one stands for it."


def render_difference(difference: Difference, told: str, found: str) -> str:
    """Return one field in which two differ as a line.

    Args:
        difference: The field and its values.
        told: Who says the one.
        found: Who says the other.
    """
    one, other = (cut(one_line(_plain(value)), _VALUE_WIDTH) for value in (difference.told, difference.found))
    return f"{one_line(difference.field)}: {one} in {told}, {other} {found}"


def _plain(value: object) -> str:
    return f"“{value}”" if isinstance(value, str) else str(value)


def _steps(message: AlertMessage, own: Explanation) -> Iterator[tuple[str, Sequence[str]]]:
    yield "Counted", list(_counted(message, own))
    yield "Expected", list(_expected(message, own))
    yield "Score", list(_score(message, own))
    yield "Bar", list(_bar(message, own))


def _counted(message: AlertMessage, own: Explanation) -> Iterator[str]:
    scoring = own.scoring
    end_ms = message.window.start_ms + message.window.length_ms
    who = counted(scoring.authors, "author")
    if not message.evidence.authors_known:
        who += " (most are unknown, and each post of such counts as one)"
    yield (
        f"In the {duration(message.window.length_ms)} up to {moment(end_ms)}, {who} brought up "
        f"“{one_line(scoring.term)}” in {counted(message.observed.posts, 'post')}, with "
        f"{counted(scoring.texts, 'distinct text')}, {scoring.reposted_texts:,} of them as reposts."
    )
    unseen = f" + {own.unseen_voices} unseen originals of reposts" if own.unseen_voices else ""
    yield (
        f"Voices: min({scoring.authors} authors, {scoring.texts} texts) = {own.own_voices}{unseen}: "
        f"{own.own_voices + own.unseen_voices}. Copies of one text, and posts of one author, count once."
    )


def _expected(message: AlertMessage, own: Explanation) -> Iterator[str]:
    scoring, expected = own.scoring, message.expected
    yield (
        f"{scoring.share:.4%} of this community's posts usually bring it up; it has {scoring.volume:,.1f} posts in "
        f"such a window now (at least {VOLUME_SHARE_MIN:.0%} of what is usual at this hour): {scoring.share:.6g} × "
        f"{scoring.volume:.6g} = {own.expected:.4g} voices, in nine windows of ten {expected.low} to {expected.high}."
    )
    yield (
        f"Chatter comes in bursts: negative binomial of size {scoring.size:.3g} ({CHATTER_SIZE:g} for well-known "
        "words, less for those seldom seen before)."
    )


def _score(message: AlertMessage, own: Explanation) -> Iterator[str]:
    yield (
        f"{own.significance:g} = −log10 of the chance of {own.own_voices + own.unseen_voices} voices or more where "
        f"{own.expected:.4g} are expected: {describe_rarity(own.significance)} such windows."
    )
    if own.differences:
        yield "DISAGREES with what the message tells:"
        for difference in own.differences:
            yield f"- {render_difference(difference, 'the message', 'by its own inputs')}"
    else:
        told = f"the message tells {message.significance:g}"
        yield f"Agrees to the digit: {told}{' and a bar of ' + format(message.bar, 'g') if own.bar else ''}."
    if message.evidence.learning:
        yield "This community has been followed for less than a day, so what is usual is still a guess."


def _bar(message: AlertMessage, own: Explanation) -> Iterator[str]:
    budget = message.budget
    yield (
        f"{message.bar:g} was in force, for the budget {budget.setting}: at most {budget.alerts_per_week:g} a week in "
        "this community when nothing happens."
    )
    inputs, bar = own.scoring.bar_inputs, own.bar
    if inputs is None or bar is None:
        yield "The message does not tell what the bar was computed from: an earlier version wrote it."
        return
    raised = f" + {inputs.learning_raise:.3g} for a community of less than a day" if inputs.learning_raise else ""
    yield (
        f"By tests: {inputs.tests_per_week:,.0f} terms a week are tested, so log10({TESTS_FACTOR:g} × "
        f"{inputs.tests_per_week:.6g} / {budget.alerts_per_week:g}){raised} = {bar.by_tests:.3f}."
    )
    if inputs.maxima is None or bar.by_maxima is None:
        yield "By its own past: too few hours with a score yet."
    else:
        yield (
            f"By its own past: {inputs.maxima.per_week:.3g} hours a week had a largest score of "
            f"{inputs.maxima.least:.3f} or more, and {inputs.maxima.mean_excess:.3g} above that on average; "
            f"{budget.alerts_per_week:g} have one of {bar.by_maxima:.3f}."
        )
    yield f"In force: {_source(bar)}."
    if own.scoring.open_stories:
        yield (
            f"To open it took {own.raised:g} more: {FRAGMENT_RAISE:g} for each story that was open, "
            f"{own.scoring.open_stories:,} in all."
        )


def _source(bar: Bar) -> str:
    return {
        "tests": "that by tests, the higher",
        "maxima": "that by its own past, the higher",
        "limit": f"that by its own past, which may raise it by {RAISE_MAX:g} at most",
        "least": f"the least that any bar is, {BAR_MIN:g}",
    }[bar.source]


def _table(decided: Explanation) -> Iterator[str]:
    yield f"Under each budget, by the score of {one_line(decided.message_id)}, {decided.significance:g}:"
    rows = [(*_row(decision), "yes" if decision.would_open else "no") for decision in decided.decisions]
    yield from columns([("  budget", "a week", "bar", "needed to open", "would have opened"), *rows], numbers={1, 2, 3})
    yield "  What had opened before under another budget is not in it; a run of the posts tells (--archive)."


def render_decision(account_of: Explanation, decision: Decision) -> str:
    """Return in a sentence whether an alert would have opened under a budget, by its score alone."""
    verdict = "would have opened" if decision.would_open else "would not have opened"
    needed = f"its score is {account_of.significance:g}, and {decision.needed:g} was needed"
    return f"Under {decision.setting}, {decision.alerts_per_week:g} a week, it {verdict}: {needed}."


def _row(decision: Decision) -> tuple[str, ...]:
    numbers = (f"{decision.alerts_per_week:g}", f"{decision.bar:g}", f"{decision.needed:g}")
    return (f"  {decision.setting}", *numbers)


def render_outcome(outcome: Outcome) -> Iterator[str]:
    """Yield what a run of the posts gave, as lines."""
    yield f"The posts run again under {outcome.budget}, up to {moment(outcome.ended_ms)}:"
    for compared in outcome.compared:
        words = {"identical": "identical", "different": "comes out otherwise", "missing": "does not come"}
        yield f"  {one_line(compared.message_id)} {words[compared.verdict]}"
        for difference in compared.differences:
            yield f"    {render_difference(difference, 'the message', 'in the run')}"
    if outcome.more:
        yield f"  {counted(outcome.more, 'message')} of it beside these: not at hand here, or later than these"
    if (outcome.is_other or not any(each.verdict != "missing" for each in outcome.compared)) and not outcome.instead:
        yield "  nothing about it would have come"
    for alert in outcome.instead:
        opened = f"opened {moment(alert.opened_ms)} by {alert.significance:g} where the bar was {alert.bar:g}"
        yield f"  {one_line(alert.alert_id)}, {counted(alert.messages, 'message')}, {opened}:"
        yield f"    {one_line(alert.headline)}"
