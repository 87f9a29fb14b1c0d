"""`undercurrent dry-run`: how often each budget would have fired on an archive."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Final

import click
import msgspec

from models.baseline import WEEK_MS
from models.configuration import ALERTS_PER_WEEK
from models.explanation import SETTINGS
from models.message import AlertMessage, BudgetName, Message, encode_alert, rounded
from streams.commands.columns import columns
from streams.commands.inputs import Inputs
from streams.commands.interrupts import Interrupts
from streams.commands.options import epilogue, settings_option
from streams.commands.outputs import STANDARD_OUTPUT, LineOutput, check_distinct
from streams.commands.playing import Playing
from streams.errors import say
from streams.safe_text import cut, one_line
from streams.settings import Settings
from streams.terminal import moment

_NAME_WIDTH: Final = 40
_SHORT_WEEKS: Final = 2.0
"""Below so many weeks the silence and the high bar of a community's first day take a noticeable part."""


@click.command(
    epilog=epilogue(
        "undercurrent dry-run posts.jsonl.gz",
        "undercurrent dry-run posts.jsonl.gz --show | less",
        "undercurrent dry-run posts.jsonl.gz --alerts alerts.jsonl --json",
    )
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--show", is_flag=True, help="List the alerts of each budget, with their headlines.")
@click.option(
    "--alerts", metavar="OUT.jsonl", help="Write the alert messages of all budgets there; each names its own."
)
@click.option("--communities", "shown", type=click.IntRange(0), default=10, help="List so many; by default 10.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, not text; with all communities.")
@settings_option
def dry_run(
    files: tuple[str, ...], alerts: str | None, shown: int, settings: Settings, *, show: bool, as_json: bool
) -> int:
    """Say how often each budget, fewer, balanced and more, would have fired on an archive of posts.

    FILE is read as `replay` reads it, once for all three: that takes the time of three replays, and the memory of
    what each of them keeps. A budget that the settings give to one community is set aside. The alerts are all that
    would have come, real stories among them: a budget bounds what comes when nothing happens.
    """
    if alerts == STANDARD_OUTPUT:
        raise click.UsageError("--alerts needs a file here, as standard output says how often each budget fired")
    check_distinct(files, (alerts,))
    with Interrupts() as interrupts, ExitStack() as stack:
        inputs = Inputs(files, interrupts)
        output = stack.enter_context(LineOutput(alerts)) if alerts else None
        tallies = [Tally(setting, output) for setting in SETTINGS]
        run = Playing(inputs, [(settings.with_budget(tally.setting), tally.take) for tally in tallies])
        run.run()
        status = interrupts.status
        if interrupts.signal:
            say(run.how_far(interrupts.name))
        else:
            status = run.conclude(files)
        report = make_report(run, tallies, settings, is_listed=show)
        if as_json:
            LineOutput().write_line(msgspec.json.encode(report))
        else:
            for line in render(report, shown):
                click.echo(line)
        return status


class Listed(msgspec.Struct, frozen=True):
    """One alert, as its messages told it: the first of them, and how severe the last was."""

    alert_id: str
    community: str
    at_ms: int
    severity: int
    significance: float
    bar: float
    headline: str


class OfCommunity(msgspec.Struct, frozen=True):
    """How often a budget fired in one community, in all and a week."""

    community: str
    alerts: int
    alerts_per_week: float


class OfBudget(msgspec.Struct, frozen=True):
    """How often one budget fired.

    Attributes:
        setting: Its name.
        allowed_per_week: In one community, when nothing happens.
        alerts: In all.
        alerts_per_week: In all communities together.
        messages: Of these alerts.
        communities: Those with an alert, most alerts first.
        listed: The alerts, by event time; None if they were not asked for.
    """

    setting: BudgetName
    allowed_per_week: float
    alerts: int
    alerts_per_week: float
    messages: int
    communities: list[OfCommunity]
    listed: list[Listed] | None


class Report(msgspec.Struct, frozen=True):
    """How often each budget fired on an archive.

    Attributes:
        posts: Posts read.
        communities: Communities followed at the end.
        from_ms: Event time of the first post.
        to_ms: The latest event time.
        weeks: Between these.
        set_aside: Communities whose own budget, of the settings, was set aside.
        budgets: The strictest first.
    """

    posts: int
    communities: int
    from_ms: int
    to_ms: int
    weeks: float
    set_aside: dict[str, BudgetName]
    budgets: list[OfBudget]


class Tally:
    """Counts the alerts of one budget.

    Args:
        setting: Its name.
        output: Takes its alert messages as JSON lines, if wanted.
    """

    def __init__(self, setting: BudgetName, output: LineOutput | None) -> None:
        self.setting = setting
        self._output = output
        self.messages = 0
        self.by_community: Counter[str] = Counter()
        self.listed: dict[str, Listed] = {}

    def take(self, message: Message) -> None:
        """Count a message, if it is one of an alert."""
        if not isinstance(message, AlertMessage):
            return
        self.messages += 1
        if self._output:
            self._output.write_line(encode_alert(message))
        first = self.listed.get(message.alert_id)
        if first is not None:
            self.listed[message.alert_id] = msgspec.structs.replace(first, severity=message.severity)
            return
        self.by_community[message.community] += 1
        self.listed[message.alert_id] = Listed(
            message.alert_id,
            message.community,
            message.at_ms,
            message.severity,
            message.significance,
            message.bar,
            message.headline,
        )


def make_report(run: Playing, tallies: Sequence[Tally], settings: Settings, *, is_listed: bool) -> Report:
    """Return what was counted when an archive has been played."""
    counts = run.pipeline.counts
    weeks = max(0, counts.reached_ms - run.began_ms) / WEEK_MS

    def a_week(alerts: int) -> float:
        return rounded(alerts / weeks) if weeks else 0.0

    return Report(
        posts=counts.posts,
        communities=counts.communities,
        from_ms=run.began_ms,
        to_ms=counts.reached_ms,
        weeks=rounded(weeks),
        set_aside={rule.name: rule.budget for rule in settings.communities if rule.budget is not None},
        budgets=[
            OfBudget(
                setting=tally.setting,
                allowed_per_week=ALERTS_PER_WEEK[tally.setting],
                alerts=tally.by_community.total(),
                alerts_per_week=a_week(tally.by_community.total()),
                messages=tally.messages,
                communities=[
                    OfCommunity(name, count, a_week(count))
                    for name, count in sorted(tally.by_community.items(), key=lambda item: (-item[1], item[0]))
                ],
                listed=list(tally.listed.values()) if is_listed else None,
            )
            for tally in tallies
        ],
    )


def render(report: Report, shown: int) -> Iterator[str]:
    """Yield the report as lines of text.

    Args:
        report: The report.
        shown: How many communities to list.
    """
    span = f"{report.weeks:,.1f} weeks, from {moment(report.from_ms)} to {moment(report.to_ms)}"
    yield f"{report.posts:,} posts, communities followed: {report.communities:,}, {span}."
    if report.set_aside:
        own = ", ".join(f"{one_line(name)} ({budget})" for name, budget in report.set_aside.items())
        yield f"Set aside for this run, the budgets that the settings give to single communities: {own}."
    if report.weeks < _SHORT_WEEKS:
        yield (
            "Less than two weeks: nothing fires in the first 3 hours of a community, and more is needed on its first "
            "day, so there will be more than this."
        )
    yield ""
    yield from columns([_HEAD, *map(_row, report.budgets)], numbers=range(1, len(_HEAD)))
    yield from _by_community(report, shown)
    yield ""
    yield "All alerts count here, real stories too: what a budget allows is what comes when nothing happens."
    for budget in report.budgets:
        if budget.listed is not None:
            yield ""
            yield f"Alerts at {budget.setting}:"
            yield from map(_line, budget.listed)


_HEAD: Final = ("budget", "allowed a community and week", "alerts", "a week", "in the busiest community", "messages")


def _row(budget: OfBudget) -> tuple[str, ...]:
    busiest = budget.communities[0].alerts_per_week if budget.communities else 0.0
    return (
        budget.setting,
        f"{budget.allowed_per_week:g}",
        f"{budget.alerts:,}",
        f"{budget.alerts_per_week:,.2f}",
        f"{busiest:,.2f}",
        f"{budget.messages:,}",
    )


def _by_community(report: Report, shown: int) -> Iterator[str]:
    by_name: dict[str, dict[str, OfCommunity]] = {}
    for budget in report.budgets:
        for own in budget.communities:
            by_name.setdefault(own.community, {})[budget.setting] = own
    if not by_name or not shown:
        return
    settings = [budget.setting for budget in report.budgets]
    worst = sorted(by_name.items(), key=lambda item: (-max(own.alerts_per_week for own in item[1].values()), item[0]))
    rows = [
        (cut(one_line(name), _NAME_WIDTH), *(_cell(found.get(setting)) for setting in settings))
        for name, found in worst[:shown]
    ]
    yield ""
    yield from columns([("community, alerts (a week)", *settings), *rows], numbers=range(1, len(settings) + 1))
    if len(worst) > shown:
        yield f"and {len(worst) - shown:,} more with an alert"


def _cell(own: OfCommunity | None) -> str:
    return f"{own.alerts:,} ({own.alerts_per_week:,.2f})" if own else "0 (0.00)"


def _line(alert: Listed) -> str:
    score = f"{alert.significance:.1f} where {alert.bar:.1f} was needed"
    # The core's headlines name their community already.
    place = "" if alert.community in alert.headline else f"{one_line(alert.community)}: "
    return f"  {moment(alert.at_ms)} · severity {alert.severity} · {score} · {place}{one_line(alert.headline)}"
