"""`undercurrent explain`: how the score of an alert came about, computed again."""

import sys
from collections.abc import Iterator

import click
import msgspec

from models import explanation
from models.explanation import SETTINGS, Decision, Difference, Explanation
from models.message import AlertMessage, BudgetName
from streams.commands.alert_history import Sought, ask_history, not_there, parse_sought, read_history
from streams.commands.alert_output import text_width
from streams.commands.explanation_text import render, render_decision, render_outcome
from streams.commands.inputs import Inputs
from streams.commands.interrupts import Interrupts
from streams.commands.options import epilogue, settings_option
from streams.commands.outputs import LineOutput
from streams.commands.rerun import Outcome, Rerun
from streams.errors import OutsideError, Status, say
from streams.safe_text import one_line
from streams.settings import Settings

_STATUSES = (
    "Ends with 0 when all agrees, 1 when a score is not what its inputs give, when a run under the same budget gives "
    "something else, or when there is no such alert, 2 when it could not begin, 130 after Ctrl-C, 143 after SIGTERM."
)


@click.command(
    epilog=epilogue(
        "undercurrent explain a11a74c752541d7dfdcb8",
        "undercurrent explain a11a74c752541d7dfdcb8:1 --alerts alerts.jsonl --budget fewer",
        "undercurrent explain a11a74c752541d7dfdcb8 --alerts alerts.jsonl --archive posts.jsonl.gz",
        note=_STATUSES,
    )
)
@click.argument("alert_id", metavar="ALERT_ID")
@click.option("--budget", type=click.Choice(SETTINGS), help="Say what would have come under this one.")
@click.option("--alerts", metavar="FILE", help="Look for it in this file of messages; `-` is standard input.")
@click.option("--redis", "redis_url", metavar="URL", help="Look for it in this Redis.")
@click.option("--console", "console_url", metavar="URL", help="Look for it at the console there.")
@click.option("--archive", metavar="FILE", multiple=True, help="Run these posts again; once for each file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, not text.")
@settings_option
def explain(
    *,
    alert_id: str,
    budget: BudgetName | None,
    alerts: str | None,
    redis_url: str | None,
    console_url: str | None,
    archive: tuple[str, ...],
    as_json: bool,
    settings: Settings,
) -> int:
    """Show how the score of an alert came about, computed again from the message's own inputs.

    ALERT_ID is that of an alert, of which the latest message is explained, or of one message: with its revision
    behind a colon. It is looked for in the file of --alerts, else where `watch` takes alerts from: in Redis if its
    address is given, by --redis, UNDERCURRENT_REDIS_URL or the settings, else at the console of `undercurrent run`.

    With --archive the posts are run again: under the budget of the messages, and each is compared; or under that of
    --budget, which shows what would have come instead. Where no place is given beside it, the alert is looked for in
    that run.
    """
    if len([place for place in (alerts, redis_url, console_url) if place]) > 1:
        raise click.UsageError("--alerts, --redis and --console are several places to look in; give one")
    sought = parse_sought(alert_id)
    status, rerun, history = Status.DONE, None, None
    with Interrupts() as interrupts:
        if alerts:
            history = _there(sought, read_history(sought, alerts, interrupts, settings), alerts)
        elif not archive or redis_url or console_url or settings.redis.url:
            history = _there(sought, *ask_history(sought, settings, redis_url, console_url))
        if archive and not interrupts.signal:
            rerun = Rerun(sought.alert_id, history or [], budget, settings, Inputs(archive, interrupts))
            rerun.run()
        if interrupts.signal:
            say(rerun.how_far(interrupts.name) if rerun else f"stopped by {interrupts.name}.")
            return interrupts.status
    if rerun:
        status = rerun.conclude(archive)
        history = history or _there(sought, rerun.found, ", ".join(archive))
    account = make_account(sought, history or [], budget, rerun.outcome() if rerun else None)
    if as_json:
        LineOutput().write_line(msgspec.json.encode(account))
    else:
        click.echo("\n".join(_lines(account, sought.choose(history or []))))
    problems = list(_problems(account))
    for problem in problems:
        say(problem)
    return Status.INCOMPLETE if problems else status


class Account(msgspec.Struct, frozen=True):
    """All that is said of an alert.

    Attributes:
        explained: Of the message that was asked for.
        opening: Of the message that opened the alert; None if that is not there.
        decision: Whether the alert would have opened, by its score alone, under the budget that was asked about; None
            if none was, or the message does not tell what its bar was computed from.
        disagreements: Messages of the alert that are not what their own inputs give, with the fields.
        rerun: What a run of the posts gave.
    """

    explained: Explanation
    opening: Explanation | None
    decision: Decision | None
    disagreements: dict[str, list[Difference]]
    rerun: Outcome | None


def make_account(
    sought: Sought, history: list[AlertMessage], budget: BudgetName | None, outcome: Outcome | None
) -> Account:
    """Return what there is to say of an alert.

    Args:
        sought: What was asked for; it is in the history.
        history: Messages of the alert, the first ones first.
        budget: The budget that was asked about.
        outcome: What a run of the posts gave.

    Raises:
        OutsideError: If a message holds inputs that no score can have.
    """
    explained = {message.revision: _explain(message) for message in history}
    chosen = sought.choose(history)
    assert chosen is not None, "the message is not in the history"
    own, opening = explained[chosen.revision], explained.get(1)
    asked = [decision for decision in (opening or own).decisions if decision.setting == budget]
    return Account(
        explained=own,
        opening=opening,
        decision=asked[0] if asked else None,
        disagreements={each.message_id: each.differences for each in explained.values() if each.differences},
        rerun=outcome,
    )


def _there(sought: Sought, history: list[AlertMessage], place: str) -> list[AlertMessage]:
    if sought.choose(history) is None:
        raise not_there(sought, history, place)
    return history


def _explain(message: AlertMessage) -> Explanation:
    try:
        return explanation.explain(message)
    except ValueError as error:
        sentence = f"{one_line(message.message_id)} cannot be computed again: {error}."
        raise OutsideError(sentence, Status.INCOMPLETE) from None


def _lines(account: Account, message: AlertMessage | None) -> Iterator[str]:
    assert message is not None, "there is no message to explain"
    width = text_width(is_terminal=sys.stdout.isatty())
    yield from render(message, account.explained, account.opening, width)
    if account.decision:
        yield ""
        yield render_decision(account.opening or account.explained, account.decision)
    if account.rerun:
        yield ""
        yield from render_outcome(account.rerun)


def _problems(account: Account) -> Iterator[str]:
    for message_id, differing in account.disagreements.items():
        fields = ", ".join(difference.field for difference in differing)
        yield f"{one_line(message_id)} is not what its own inputs give: {fields}."
    for compared in account.rerun.compared if account.rerun else ():
        if compared.verdict == "missing":
            yield f"{one_line(compared.message_id)} does not come when the posts are run again."
        elif compared.verdict == "different":
            fields = ", ".join(difference.field for difference in compared.differences)
            yield f"{one_line(compared.message_id)} comes out otherwise when the posts are run again: {fields}."
