"""`undercurrent topics`: the topics in Kafka."""

from collections.abc import Iterator
from typing import Any, Final

import click
import msgspec

from models.wording import counted
from streams.commands.columns import columns
from streams.commands.options import epilogue, settings_option
from streams.errors import OutsideError, Status
from streams.kafka_clients import admin_client
from streams.provisioning import PARTITIONS, Difference, Provisioner, TopicState, differences
from streams.settings import Settings
from streams.topics import TOPICS, Topic, find_topic

_UNITS: Final = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"), (1, "ms"))


@click.group(
    epilog=epilogue(
        "undercurrent topics create",
        "undercurrent topics describe",
        note="The brokers are those of the settings, or of UNDERCURRENT_KAFKA_BOOTSTRAP.",
    )
)
def topics() -> None:
    """Make the topics in Kafka, and say how they are."""


def _counts(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, int]:
    counts = {}
    for text in texts:
        name, _, count = text.partition("=")
        if not (count.isascii() and count.isdecimal() and int(count)):
            raise click.BadParameter(f"{text!r} is not like posts=8.")
        try:
            counts[find_topic(name).name] = int(count)
        except ValueError as error:
            raise click.BadParameter(f"{error}.") from None
    return counts


@topics.command(
    short_help="Make what is missing; say what differs.",
    epilog=epilogue(
        "undercurrent topics create",
        "undercurrent topics create --replicas 3 --partitions posts=12",
        note="Ends with 0 also where settings differ, with 2 where it must not change what differs.",
    ),
)
@click.option(
    "--repair",
    is_flag=True,
    help="Bring settings that differ to what they should be. A shorter retention deletes messages.",
)
@click.option(
    "--replicas",
    type=click.IntRange(1, 32),
    show_default="the number of brokers, up to 3",
    help="Copies of each partition of a new topic.",
)
@click.option(
    "--partitions",
    "counts",
    metavar="TOPIC=N",
    multiple=True,
    callback=_counts,
    help="So many partitions for a topic whose number may grow, such as posts=8.",
)
@settings_option
def create(*, repair: bool, replicas: int | None, counts: dict[str, int], settings: Settings) -> int:
    """Make the topics that are missing, and say what differs of those that are there.

    Safe to repeat: what is as it should be is left alone, and nothing is ever removed.
    """
    refuse_counts(counts)
    with admin_client(settings.kafka.bootstrap) as admin:
        provisioner = Provisioner(admin)
        states = provisioner.states(TOPICS)
        refuse_changes(states)
        missing = [(topic, _wanted(topic, counts)) for topic, state in _paired(states) if state.is_missing]
        copies = replicas or provisioner.replicas()
        provisioner.create(missing, copies)
        for topic, state in _paired(states):
            partitions = _wanted(topic, counts)
            if state.is_missing:
                done = f"created: {counted(partitions, 'partition')}, {counted(copies, 'replica')}"
                click.echo(f"{topic.name}: {done}")
                continue
            for line in _bring(provisioner, topic, state, partitions, repair=repair, may_grow=topic.name in counts):
                click.echo(f"{topic.name}: {line}")
    return Status.DONE


@topics.command(
    short_help="Say how the topics are.",
    epilog=epilogue(
        "undercurrent topics describe", "undercurrent topics describe --json | jq", note="Changes nothing."
    ),
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a topic and line.")
@settings_option
def describe(*, as_json: bool, settings: Settings) -> int:
    """Say how the topics are: partitions, clean-up, retention, messages, and what differs."""
    with admin_client(settings.kafka.bootstrap) as admin:
        states = Provisioner(admin).states(TOPICS)
    for line in _objects(states) if as_json else _table(states):
        click.echo(line)
    return Status.DONE


def refuse_counts(counts: dict[str, int]) -> None:
    """Refuse another number of partitions for a topic that has one for life.

    Raises:
        OutsideError: If one is asked for.
    """
    for topic in TOPICS:
        asked = counts.get(topic.name, topic.partitions)
        if topic.fixed and asked != topic.partitions:
            sentence = (
                f"{topic.name} has {counted(topic.partitions, 'partition')} for life, not {asked}: {topic.fixed}."
            )
            raise OutsideError(sentence)


def refuse_changes(states: list[TopicState]) -> None:
    """Refuse to go on where a topic has another number of partitions than it must have.

    Raises:
        OutsideError: If there is one; nothing was changed yet.
    """
    for topic, state in _paired(states):
        if topic.fixed and not state.is_missing and state.partitions != topic.partitions:
            raise OutsideError(
                f"{topic.name} has {counted(state.partitions, 'partition')}; it must have {topic.partitions}, and that "
                f"is not changed here: {topic.fixed}. Nothing was changed; a topic that holds nothing you need can be "
                f"deleted and made anew."
            )


def _bring(
    provisioner: Provisioner, topic: Topic, state: TopicState, partitions: int, *, repair: bool, may_grow: bool
) -> Iterator[str]:
    """Bring a topic to what it should be, as far as that is wanted; yield what was done and what still differs."""
    found = differences(topic, state, partitions)
    settings = {each.setting: each.wanted for each in found if each.setting != PARTITIONS}
    if settings and repair:
        provisioner.change(topic.name, settings)
    for each in found:
        is_done = repair or (may_grow and each.setting == PARTITIONS)
        if each.setting == PARTITIONS and is_done:
            provisioner.grow(topic.name, partitions)
        yield _changed(each) if is_done else f"{_differs(each)} (`--repair` changes it)"
    if not found:
        yield "as it should be"


def _wanted(topic: Topic, counts: dict[str, int]) -> int:
    return counts.get(topic.name, topic.partitions)


def _paired(states: list[TopicState]) -> Iterator[tuple[Topic, TopicState]]:
    return zip(TOPICS, states, strict=True)


def _table(states: list[TopicState]) -> Iterator[str]:
    rows = [("topic", "partitions", "clean-up", "kept", "messages")]
    notes = []
    for topic, state in _paired(states):
        if state.is_missing:
            rows.append((topic.name, "–", "–", "–", "–"))
            continue
        cleanup = state.settings.get("cleanup.policy", "")
        kept = _kept(state.settings.get("retention.ms", ""), cleanup)
        rows.append((topic.name, f"{state.partitions}", cleanup, kept, f"{state.messages:,}"))
        notes += [f"{topic.name}: {_differs(each)}." for each in differences(topic, state, topic.partitions)]
        extra = {name: text for name, text in state.own.items() if name not in topic.settings()}
        notes += [f"{topic.name}: also set: {name}={text}." for name, text in sorted(extra.items())]
    yield from columns(rows, numbers={1, 4})
    missing = sum(state.is_missing for state in states)
    if missing:
        notes.append(f"{counted(missing, 'topic')} missing; `undercurrent topics create` makes them.")
    if notes:
        yield ""
        yield from notes


def _objects(states: list[TopicState]) -> Iterator[bytes]:
    for topic, state in _paired(states):
        found: list[dict[str, Any]] = []
        if not state.is_missing:
            found = [each._asdict() for each in differences(topic, state, topic.partitions)]
        yield msgspec.json.encode(
            {
                "name": topic.name,
                "is_missing": state.is_missing,
                "partitions": state.partitions,
                "replicas": state.replicas,
                "messages": state.messages,
                "settings": state.own,
                "differences": found,
            }
        )


def _kept(retention_ms: str, cleanup: str) -> str:
    return "latest" if cleanup == "compact" else _with_unit("retention.ms", retention_ms)


def _with_unit(setting: str, text: str) -> str:
    """Return a value of a setting for people: times in their largest whole unit."""
    if not setting.endswith(".ms") or not text.removeprefix("-").isdecimal():
        return text or "empty"
    value = int(text)
    if value < 0:
        return "for ever"
    return next((f"{value // size} {unit}" for size, unit in _UNITS if value and value % size == 0), "0 ms")


def _differs(difference: Difference) -> str:
    setting, found, wanted = difference
    return f"{setting} is {_with_unit(setting, found)}, expected {_with_unit(setting, wanted)}"


def _changed(difference: Difference) -> str:
    setting, found, wanted = difference
    return f"{setting} changed from {_with_unit(setting, found)} to {_with_unit(setting, wanted)}"
