"""`undercurrent control`: what people tell the running workers, over the topic of control."""

import os
import pwd
import re
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, NamedTuple

import click

from models.assign import partition_of_key
from models.control import (
    Control,
    Feedback,
    Mute,
    Muted,
    Resume,
    Undo,
    Verdict,
    decode_control,
    encode_control,
    term_of,
)
from models.message import decode_alert
from streams import clock
from streams.commands.columns import columns
from streams.commands.options import epilogue, settings_option
from streams.delivery import Delivery
from streams.errors import OutsideError, Status, say
from streams.kafka_clients import consumer_client, look_up_topic, producer_client
from streams.packing import Message
from streams.safe_text import cut, one_line
from streams.settings import Settings
from streams.topic_reader import read_topic
from streams.topics import ALERTS, CONTROL, parse_input

_GIVE_UP_S: Final = 15.0
_LAST: Final = 20
_BY_WIDTH: Final = 40
_WHAT_WIDTH: Final = 100
_DURATION: Final = re.compile(r"([1-9][0-9]{0,4})(min|h|d|w)")
_UNITS_MS: Final = {"min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}
_NOTE: Final = "The brokers are those of the settings, or of UNDERCURRENT_KAFKA_BOOTSTRAP."


class Said(NamedTuple):
    """What stands in the topic: its number, its bytes, and what it is if this program knows it."""

    number: int
    raw: bytes
    control: Control | None


@click.group(
    epilog=epilogue(
        "undercurrent control noise a11a74c752541d7dfdcb8",
        "undercurrent control mute word giveaway --community keyboards --for 7d",
        "undercurrent control resume posts/3",
        "undercurrent control list",
        note=_NOTE,
    )
)
def control() -> None:
    """Tell the running workers something: what an alert was worth, what to hear no more of."""


def _by_option(command: Callable[..., int]) -> Callable[..., int]:
    return click.option("--by", metavar="NAME", help="Who says so, for the record; by default user and machine.")(
        command
    )


def _community_option(about: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    return click.option("--community", metavar="NAME", help=about)


@control.command(
    short_help="Read on a paused input.",
    epilog=epilogue("undercurrent control resume posts/3", note="Pauses show in the metrics and /readyz of intake."),
)
@click.argument("name", metavar="INPUT")
@_by_option
@settings_option
def resume(*, name: str, by: str | None, settings: Settings) -> int:
    """Read on INPUT, which intake has paused because too much of it was no post.

    INPUT is a partition of the posts, such as posts/3. Resuming one that is not paused changes nothing.
    """
    try:
        topic, partition = parse_input(name)
    except ValueError as error:
        raise OutsideError(f"{error}.") from None
    bootstrap = settings.kafka.bootstrap
    count = look_up_topic(bootstrap, topic.name).partitions
    if partition >= count:
        raise OutsideError(f"there is no input {name}: {topic.name} has the partitions 0 to {count - 1}.")
    short = name.partition("/")[0]
    message = Resume(input=f"{short}/{partition}", at_ms=clock.now_ms(), by=_named(by))
    _send(message, bootstrap)
    say(f"said to resume {message.input}; intake reads on within seconds where it runs.")
    return Status.DONE


def _judge(verdict: Verdict, alert_id: str, by: str | None, settings: Settings) -> int:
    bootstrap = settings.kafka.bootstrap
    # People copy the id of a message as well.
    alert_id = alert_id.partition(":")[0]
    community = _community_of(alert_id, bootstrap)
    message = Feedback(alert_id=alert_id, community=community, verdict=verdict, at_ms=clock.now_ms(), by=_named(by))
    number = _send(message, bootstrap)
    _say_done(f"said that {alert_id} in {one_line(community)} is {_VERDICTS[verdict]}", number)
    return Status.DONE


_VERDICTS: Final[dict[Verdict, str]] = {"useful": "useful", "noise": "noise", "duplicate": "a duplicate"}
_FEEDBACK_NOTE: Final = (
    "Each alert that is dismissed raises its community's bar by 0.2, each useful one lowers it by 0.4: by 2 above what "
    "the budget asks for at most, and by 0.5 below. The last 20 judged alerts count."
)


def _add_verdict(verdict: Verdict, about: str) -> None:
    @control.command(
        verdict,
        short_help=f"Say that an alert was {_VERDICTS[verdict]}.",
        help=f"Say that the alert ALERT_ID {about}\n\nIts community's next alerts show what that did to the bar.",
        epilog=epilogue(f"undercurrent control {verdict} a11a74c752541d7dfdcb8", note=_FEEDBACK_NOTE),
    )
    @click.argument("alert_id", metavar="ALERT_ID")
    @_by_option
    @settings_option
    def command(*, alert_id: str, by: str | None, settings: Settings) -> int:
        return _judge(verdict, alert_id, by, settings)


_add_verdict("useful", "was worth hearing of.")
_add_verdict("noise", "was not worth hearing of.")
_add_verdict("duplicate", "told what another alert had told already.")

_WHAT: Final = click.Choice(["word", "author"])


@control.command(
    short_help="Hear no more of a word or an author.",
    epilog=epilogue(
        "undercurrent control mute word giveaway --for 7d",
        "undercurrent control mute author dealbot --community keyboards",
        note="A muted word opens no alert and is shown in none. Of a muted author no post is counted any more.",
    ),
)
@click.argument("what", type=_WHAT)
@click.argument("name", metavar="NAME")
@_community_option("Only there; else everywhere.")
@click.option("--for", "length", metavar="TIME", help="For how long, such as 30min, 12h, 7d or 2w; else for good.")
@_by_option
@settings_option
def mute(
    *, what: Muted, name: str, community: str | None, length: str | None, by: str | None, settings: Settings
) -> int:
    """Hear no more of NAME, a word or an author, from now on."""
    now_ms = clock.now_ms()
    message = Mute(
        what=what,
        name=_term(name) if what == "word" else name,
        community=community,
        until_ms=None if length is None else now_ms + _duration_ms(length),
        at_ms=now_ms,
        by=_named(by),
    )
    number = _send(message, settings.kafka.bootstrap)
    _say_done(f"muted the {_mute_words(message)}", number)
    return Status.DONE


@control.command(
    short_help="Take mutes back.",
    epilog=epilogue("undercurrent control unmute word giveaway", note=_NOTE),
)
@click.argument("what", type=_WHAT)
@click.argument("name", metavar="NAME")
@_community_option("Only mutes that hold there alone; else all of NAME.")
@_by_option
@settings_option
def unmute(*, what: Muted, name: str, community: str | None, by: str | None, settings: Settings) -> int:
    """Take all mutes of NAME back, a word or an author."""
    bootstrap, now_ms = settings.kafka.bootstrap, clock.now_ms()
    name = _term(name) if what == "word" else name
    wanted = [
        said.number
        for said in _in_force(_read(bootstrap))
        if isinstance(said.control, Mute)
        and said.control.what == what
        and (term_of(said.control.name) if what == "word" else said.control.name) == name
        and (community is None or said.control.community == community)
        and (said.control.until_ms is None or said.control.until_ms > now_ms)
    ]
    if not wanted:
        where = "" if community is None else f" in {one_line(community)}"
        raise OutsideError(f"the {what} {one_line(name)} is not muted{where}; `undercurrent control list` shows mutes.")
    for number in wanted:
        _send(Undo(number=number, at_ms=now_ms, by=_named(by)), bootstrap)
    say(f"unmuted the {what} {one_line(name)}; {len(wanted)} taken back.")
    return Status.DONE


@control.command(
    short_help="Take a mute or feedback back.",
    epilog=epilogue("undercurrent control undo 12", note="`undercurrent control list` shows the numbers."),
)
@click.argument("number", type=click.IntRange(min=0), metavar="NUMBER")
@_by_option
@settings_option
def undo(*, number: int, by: str | None, settings: Settings) -> int:
    """Take back what was said as NUMBER: a mute, or what somebody said of an alert.

    The bar is then as if it had not been said. Of a community's last 50 judgements each can be undone.
    """
    bootstrap = settings.kafka.bootstrap
    said = {each.number: each for each in _read(bootstrap)}
    found = said.get(number)
    if found is None:
        raise OutsideError(f"nothing was said as number {number}; `undercurrent control list` shows what was.")
    if not isinstance(found.control, Mute | Feedback):
        raise OutsideError(f"number {number} is {_what(found)}; only mutes and feedback can be taken back.")
    if found not in _in_force(said.values()):
        raise OutsideError(f"number {number} was taken back already.")
    _send(Undo(number=number, at_ms=clock.now_ms(), by=_named(by)), bootstrap)
    say(f"took back number {number}: {_what(found)}.")
    return Status.DONE


@control.command(
    "list",
    short_help="Show what was said.",
    epilog=epilogue("undercurrent control list", "undercurrent control list --json | jq", note="Changes nothing."),
)
@click.option("--last", type=click.IntRange(1, 10_000), help=f"Show so many, not {_LAST}; with --json, not all.")
@click.option("--json", "as_json", is_flag=True, help="All of them as they are, one JSON object a line.")
@settings_option
def show(*, last: int | None, as_json: bool, settings: Settings) -> int:
    """Show what the workers were told, the newest last."""
    found = _read(settings.kafka.bootstrap, last if as_json else last or _LAST)
    if as_json:
        for each in found:
            click.echo(one_line(each.raw.decode("utf-8", "replace")))
    elif found:
        undone = {each.control.number: each.number for each in found if isinstance(each.control, Undo)}
        rows = [_row(each, undone.get(each.number)) for each in found]
        for line in columns([("no.", "when", "what", "by"), *rows], numbers={0}):
            click.echo(line)
    else:
        say("nothing was said yet.")
    return Status.DONE


def _read(bootstrap: str, newest: int | None = None) -> list[Said]:
    with consumer_client(bootstrap) as consumer:
        return [_said(record.offset, record.value or b"") for record in read_topic(consumer, CONTROL.name, newest)]


def _said(number: int, raw: bytes) -> Said:
    try:
        return Said(number, raw, decode_control(raw))
    except ValueError:
        return Said(number, raw, None)


def _in_force(said: Iterable[Said]) -> list[Said]:
    """Return the mutes and feedback that nobody has taken back."""
    said = list(said)
    undone = {each.control.number for each in said if isinstance(each.control, Undo)}
    return [each for each in said if isinstance(each.control, Mute | Feedback) and each.number not in undone]


def _community_of(alert_id: str, bootstrap: str) -> str:
    """Return the community of an alert, as its messages say."""
    key = alert_id.encode()
    only = partition_of_key(alert_id, look_up_topic(bootstrap, ALERTS.name).partitions)
    with consumer_client(bootstrap) as consumer:
        for record in read_topic(consumer, ALERTS.name, only=only):
            if record.key == key:
                with suppress(ValueError):
                    return decode_alert(record.value or b"").community
    raise OutsideError(
        f"there is no alert {one_line(alert_id)!r} in {ALERTS.name}; expected an id such as a11a74c752541d7dfdcb8, as "
        "alerts show it at their end."
    )


def _send(message: Control, bootstrap: str) -> int:
    """Send a control message, and return its number."""
    _check(message)
    with producer_client(bootstrap, _GIVE_UP_S) as producer:
        delivery = Delivery(producer, CONTROL.name, _GIVE_UP_S)
        delivery.send(Message(encode_control(message), None, None, 0, 0))
        delivery.settle()
        if delivery.failure is not None:
            sentence = f"the broker at {bootstrap} did not take the message: {delivery.failure}."
            raise OutsideError(sentence, Status.INCOMPLETE)
        return delivery.last_offset


def _say_done(what: str, number: int) -> None:
    say(f"{what}; `undercurrent control undo {number}` takes it back.")


def _term(word: str) -> str:
    try:
        return term_of(word)
    except ValueError as error:
        raise OutsideError(f"{one_line(str(error))}.") from None


def _check(message: Control) -> None:
    """Raise `OutsideError` if a message could not be read again."""
    try:
        decode_control(encode_control(message))
    except ValueError as error:
        raise OutsideError(f"{one_line(str(error))}.") from None


def _duration_ms(text: str) -> int:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise OutsideError(f"--for {one_line(text)!r} is no time; expected a number and min, h, d or w, such as 7d.")
    return int(found[1]) * _UNITS_MS[found[2]]


def _row(said: Said, undone_by: int | None) -> tuple[str, str, str, str]:
    number = str(said.number)
    what = cut(_what(said), _WHAT_WIDTH) + ("" if undone_by is None else f" (taken back by {undone_by})")
    if said.control is None:
        return number, "–", what, "–"
    return number, _moment(said.control.at_ms), what, cut(one_line(said.control.by), _BY_WIDTH)


def _what(said: Said) -> str:
    """Return what was said, in words."""
    match said.control:
        case Resume(input=name):
            return f"resume {name}"
        case Feedback(verdict=verdict, alert_id=alert_id, community=community):
            return f"{verdict} {one_line(alert_id)} in {one_line(community)}"
        case Mute() as message:
            return f"mute {_mute_words(message)}"
        case Undo(number=number):
            return f"undo {number}"
    try:
        decode_control(said.raw)
    except ValueError as error:
        return cut(f"no control message: {one_line(str(error))}", _BY_WIDTH)
    return "of a later version"


def _mute_words(message: Mute) -> str:
    where = "everywhere" if message.community is None else f"in {one_line(message.community)}"
    until = "" if message.until_ms is None else f" until {_moment(message.until_ms)}"
    return f"{message.what} {one_line(message.name)} {where}{until}"


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _named(by: str | None) -> str:
    return (by or _whoever())[:256]


def _whoever() -> str:
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        # In a container a user need not have a name.
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"
