"""`undercurrent control`: what an operator tells the running workers, over the topic of control."""

import os
import pwd
import socket
from datetime import UTC, datetime
from typing import Final

import click

from models.control import Resume, decode_control, encode_control
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
from streams.topics import CONTROL, parse_input

_GIVE_UP_S: Final = 15.0
_LAST: Final = 20
_BY_WIDTH: Final = 40


@click.group(
    epilog=epilogue(
        "undercurrent control resume posts/3",
        "undercurrent control list",
        note="The brokers are those of the settings, or of UNDERCURRENT_KAFKA_BOOTSTRAP.",
    )
)
def control() -> None:
    """Tell the running workers something."""


@control.command(
    short_help="Read on a paused input.",
    epilog=epilogue("undercurrent control resume posts/3", note="Pauses show in the metrics and /readyz of intake."),
)
@click.argument("name", metavar="INPUT")
@click.option("--by", metavar="NAME", help="Who says so, for the record; by default user and machine.")
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
    message = Resume(input=f"{short}/{partition}", at_ms=clock.now_ms(), by=(by or _whoever())[:256])
    _send(encode_control(message), bootstrap)
    say(f"said to resume {message.input}; intake reads on within seconds where it runs.")
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
    newest = last if as_json else last or _LAST
    with consumer_client(settings.kafka.bootstrap) as consumer:
        raws = [record.value or b"" for record in read_topic(consumer, CONTROL.name, newest)]
    if as_json:
        for raw in raws:
            click.echo(one_line(raw.decode("utf-8", "replace")))
    elif raws:
        for line in columns([("when", "what", "by"), *map(_row, raws)]):
            click.echo(line)
    else:
        say("nothing was said yet.")
    return Status.DONE


def _send(raw: bytes, bootstrap: str) -> None:
    with producer_client(bootstrap, _GIVE_UP_S) as producer:
        delivery = Delivery(producer, CONTROL.name, _GIVE_UP_S)
        delivery.send(Message(raw, None, None, 0, 0))
        delivery.settle()
        if delivery.failure is not None:
            sentence = f"the broker at {bootstrap} did not take the message: {delivery.failure}."
            raise OutsideError(sentence, Status.INCOMPLETE)


def _row(raw: bytes) -> tuple[str, str, str]:
    try:
        message = decode_control(raw)
    except ValueError as error:
        return "–", cut(f"no control message: {one_line(str(error))}", _BY_WIDTH), "–"
    if message is None:
        return "–", "of a later version", "–"
    when = datetime.fromtimestamp(message.at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return when, f"resume {message.input}", cut(one_line(message.by), _BY_WIDTH)


def _whoever() -> str:
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        # In a container a user need not have a name.
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"
