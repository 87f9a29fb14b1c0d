"""All that is there of one alert: in a file of messages, in Redis, or at the console of a running process."""

import threading

import click
import msgspec

from models.message import AlertMessage, decode_alert, encode_alert
from models.post import Reason
from streams.commands.following import LostError
from streams.commands.inputs import Inputs, Rejections, nothing_usable
from streams.commands.interrupts import Interrupts
from streams.commands.watch import choose_follower
from streams.errors import OutsideError, Status, say
from streams.safe_text import one_line
from streams.settings import Settings


class Sought(msgspec.Struct, frozen=True):
    """An alert, or one message of it if `revision` is one."""

    alert_id: str
    revision: int | None = None

    def __str__(self) -> str:
        """Return it as people wrote it, safe to print."""
        return one_line(self.alert_id) + (f":{self.revision}" if self.revision else "")

    def choose(self, history: list[AlertMessage]) -> AlertMessage | None:
        """Return the message sought, the latest if that is open; None if it is not there."""
        if self.revision is None:
            return history[-1] if history else None
        return next((message for message in history if message.revision == self.revision), None)


def parse_sought(text: str) -> Sought:
    """Return what an id names: ``a11a74c752541d7dfdcb8`` or, with a revision, ``a11a74c752541d7dfdcb8:3``.

    Raises:
        UsageError: If it names neither.
    """
    alert_id, colon, revision = text.partition(":")
    is_number = revision.isascii() and revision.isdecimal() and len(revision) < 10 and int(revision) > 0  # noqa: PLR2004
    if not alert_id or (colon and not is_number):
        wanted = "an alert such as a11a74c752541d7dfdcb8, or one message of it, a11a74c752541d7dfdcb8:3"
        raise click.UsageError(f"{one_line(text)!r} is no ALERT_ID; expected {wanted}")
    return Sought(alert_id, int(revision) if colon else None)


def read_history(sought: Sought, path: str, interrupts: Interrupts, settings: Settings) -> list[AlertMessage]:
    """Return the messages of an alert in a file of JSON lines, the first ones first.

    If it stands there under several budgets, as in what `dry-run` writes, those of the settings' budget are taken, else
    those of the first. A message that comes again takes the place of the one before. Both are said.

    Raises:
        OutsideError: If the file cannot be read to its end, or holds no alert message.
    """
    inputs = Inputs((path,), interrupts)
    rejections = Rejections()
    by_budget: dict[str, dict[int, AlertMessage]] = {}
    has_changed = False
    usable, first = 0, None
    for line in inputs:
        first = line.raw if first is None else first
        if line.is_too_long:
            rejections.add_too_long(inputs.place())
            continue
        try:
            message = decode_alert(line.raw)
        except (ValueError, RecursionError) as error:
            is_json = isinstance(error, msgspec.ValidationError)
            rejections.add(Reason.WRONG_FIELD if is_json else Reason.NOT_JSON, str(error), inputs.place())
            continue
        usable += 1
        if message.alert_id == sought.alert_id:
            found = by_budget.setdefault(message.budget.setting, {})
            before = found.get(message.revision, message)
            has_changed |= encode_alert(before) != encode_alert(message)
            found[message.revision] = message
    if inputs.broken:
        raise inputs.broken
    if not usable:
        raise nothing_usable((path,), inputs.lines, first, rejections.first(), "alert message")
    if rejections.total():
        say(rejections.summary("left out, as they are no alert messages"))
    if has_changed:
        say(f"{one_line(path)} holds messages of {sought} that come again with other content; the last is taken.")
    return _of_one_budget(by_budget, sought, path, settings)


def _of_one_budget(
    by_budget: dict[str, dict[int, AlertMessage]], sought: Sought, path: str, settings: Settings
) -> list[AlertMessage]:
    if not by_budget:
        return []
    budget, found = next(iter(by_budget.items()))
    own = settings.budget_of(next(iter(found.values())).community)
    if own in by_budget:
        budget, found = own, by_budget[own]
    if len(by_budget) > 1:
        say(f"{one_line(path)} holds {sought} under {', '.join(by_budget)}; what it is under {budget} is explained.")
    return [found[revision] for revision in sorted(found)]


def ask_history(
    sought: Sought, settings: Settings, redis_url: str | None, console_url: str | None
) -> tuple[list[AlertMessage], str]:
    """Return the messages of an alert from where `watch` takes alerts, and the name of that place.

    Raises:
        OutsideError: If nothing answers there.
    """
    follower = choose_follower(settings, redis_url, console_url, 0, threading.Event().wait)
    try:
        return follower.history(sought.alert_id), follower.name
    except LostError as error:
        raise OutsideError(f"{follower.name} does not answer ({error}). {follower.hint}.") from None


def not_there(sought: Sought, history: list[AlertMessage], place: str) -> OutsideError:
    """Return the error for an alert, or a message of one, that is not where it was looked for."""
    if not history:
        return OutsideError(f"there is no alert {sought} in {one_line(place)}.", Status.INCOMPLETE)
    revisions = ", ".join(str(message.revision) for message in history)
    sentence = f"there is no message {sought} in {one_line(place)}; of this alert it has the revisions {revisions}."
    return OutsideError(sentence, Status.INCOMPLETE)
