"""`undercurrent dead-letters`: what could not be a post, shown and sent again."""

import base64
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final, TypeVar

import click
import msgspec

from models.wording import counted
from streams.commands.interrupts import Interrupted, Interrupts
from streams.commands.options import epilogue, settings_option
from streams.dead_letters import KeptDeadLetter, decode_dead_letter
from streams.delivery import Delivery
from streams.errors import OutsideError, Status, say
from streams.kafka_clients import TopicFacts, consumer_client, look_up_topic, partition_of_key, producer_client
from streams.packing import Message, post_key
from streams.safe_text import cut, one_line
from streams.settings import Settings
from streams.terminal import moment
from streams.topic_reader import read_topic
from streams.topics import DEAD_LETTERS, INPUTS, POSTS

_LAST: Final = 20
_SHOWN_BYTES: Final = 1000
_GIVE_UP_S: Final = 30.0
_INDENT: Final = "    "

Command = TypeVar("Command", bound=Callable[..., Any])


class Choice(msgspec.Struct, frozen=True):
    """Which dead letters are meant; one that an option does not name is of every kind.

    Attributes:
        reasons: Their reasons.
        origins: Where they were read: ``topic/partition/offset/index``, or the first parts of that.
        from_offset: Their first offset in the topic of dead letters.
        to_offset: Their last one.
    """

    reasons: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    from_offset: int = 0
    to_offset: int | None = None

    def has(self, offset: int, letter: KeptDeadLetter) -> bool:
        """Return whether a dead letter is meant."""
        is_in_range = self.from_offset <= offset and (self.to_offset is None or offset <= self.to_offset)
        is_origin = not self.origins or any(f"{letter.origin}/".startswith(f"{origin}/") for origin in self.origins)
        return is_in_range and is_origin and (not self.reasons or letter.reason in self.reasons)


def _origins(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    whole = []
    for text in texts:
        first, slash, rest = text.strip("/").partition("/")
        # The input `posts/3` is known by that name everywhere else.
        whole.append((INPUTS[first].name if first in INPUTS else first) + slash + rest)
    return tuple(whole)


def _choice_options(command: Command) -> Command:
    for option in (
        click.option("--to-offset", type=click.IntRange(min=0), help="Only up to this one, as `list` numbers them."),
        click.option("--from-offset", type=click.IntRange(min=0), default=0, help="Only from this one on."),
        click.option(
            "--origin", "origins", multiple=True, callback=_origins, metavar="INPUT", help="Only from there: posts/3."
        ),
        click.option("--reason", "reasons", multiple=True, metavar="CODE", help="Only for this reason: not_json."),
    ):
        command = option(command)
    return command


@click.group(
    epilog=epilogue(
        "undercurrent dead-letters list",
        "undercurrent dead-letters replay --reason in_the_future --dry-run",
        note="The brokers are those of the settings, or of UNDERCURRENT_KAFKA_BOOTSTRAP.",
    )
)
def dead_letters() -> None:
    """Show what could not be a post, and send it again."""


@dead_letters.command(
    "list",
    short_help="Show the newest ones.",
    epilog=epilogue(
        "undercurrent dead-letters list",
        "undercurrent dead-letters list --reason not_json --last 100",
        "undercurrent dead-letters list --json | jq -r .reason | sort | uniq -c",
        note="Changes nothing.",
    ),
)
@click.option("--last", type=click.IntRange(1, 10_000), help=f"Show so many, not {_LAST}; with --json, not all.")
@click.option("--json", "as_json", is_flag=True, help="All of them, one JSON object a line.")
@_choice_options
@settings_option
def show(*, last: int | None, as_json: bool, settings: Settings, **choice: Any) -> int:  # noqa: ANN401
    """Show the newest dead letters: when and where each was read, why it is no post, and how it begins.

    The number before each is its offset in the topic of dead letters, for --from-offset and --to-offset.
    """
    width = shutil.get_terminal_size((80, 24)).columns
    chosen = Choice(**choice)
    shown: list[bytes | str] = []
    found = strange = 0
    limit = last if as_json else last or _LAST
    with consumer_client(settings.kafka.bootstrap) as consumer:
        for offset, letter in _letters(consumer):
            if letter is None:
                strange += 1
            elif chosen.has(offset, letter):
                found += 1
                text = _object(offset, letter) if as_json else "\n".join(_lines(offset, letter, width))
                if limit is None:
                    click.echo(text)
                    continue
                shown.append(text)
                del shown[:-limit]
    for text in shown:
        click.echo(text)
    if strange:
        say(f"{counted(strange, 'message')} in {DEAD_LETTERS.name} left out: not written by this program.")
    if not found:
        say("there are no dead letters of this kind." if chosen != Choice() else "there are no dead letters.")
    elif len(shown) < found and limit is not None:
        say(f"the newest {len(shown)} of {counted(found, 'dead letter')}; --last and --json show more.")
    return Status.DONE


@dead_letters.command(
    short_help="Send some to the posts again.",
    epilog=epilogue(
        "undercurrent dead-letters replay --reason in_the_future --dry-run",
        "undercurrent dead-letters replay --reason in_the_future",
        "undercurrent dead-letters replay --origin posts/3 --from-offset 120 --to-offset 140",
    ),
)
@click.option("--all", "is_all", is_flag=True, help="All of them.")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
@_choice_options
@settings_option
def replay(*, is_all: bool, dry_run: bool, settings: Settings, **choice: Any) -> int:  # noqa: ANN401
    """Send dead letters to the topic of posts again, as the bytes that they were.

    For posts that were refused through no fault of their own, as by a wrong clock or a rule that has changed. They
    stay among the dead letters until their time is over, and what is still no post becomes one anew.
    """
    chosen = Choice(**choice)
    if is_all == (chosen != Choice()):
        raise click.UsageError("say which: by --reason, --origin, --from-offset or --to-offset; or --all")
    bootstrap = settings.kafka.bootstrap
    facts = look_up_topic(bootstrap, POSTS.name)
    with Interrupts() as interrupts, consumer_client(bootstrap) as consumer:
        run = Replay(chosen, consumer, interrupts, facts)
        if dry_run:
            run.run(None)
            say(f"would send {run.describe()}.")
            return interrupts.status
        with producer_client(bootstrap, _GIVE_UP_S) as producer:
            return run.conclude(run.run(Delivery(producer, POSTS.name, _GIVE_UP_S)), bootstrap)


class Replay:
    """One run of dead letters into the topic of posts.

    Args:
        choice: Which.
        consumer: Of `streams.kafka_clients.consumer_client`.
        interrupts: What ends it early.
        facts: Of the topic of posts.
    """

    def __init__(
        self,
        choice: Choice,
        consumer: Any,  # noqa: ANN401 - kafka-python has no types
        interrupts: Interrupts,
        facts: TopicFacts,
    ) -> None:
        self._choice = choice
        self._consumer = consumer
        self._interrupts = interrupts
        self._facts = facts
        self._by_reason: Counter[str] = Counter()
        self._others = 0
        self._too_long = 0

    def run(self, delivery: Delivery | None) -> Delivery | None:
        """Send all that are meant, or only count them where there is no delivery; return it."""
        with suppress(Interrupted):
            for offset, letter in _letters(self._consumer):
                if self._interrupts.signal or (delivery and delivery.failure):
                    break
                if letter is None or not self._choice.has(offset, letter):
                    continue
                if letter.topic != POSTS.name:
                    self._others += 1
                    continue
                if len(letter.raw) > self._facts.value_bytes_max:
                    self._too_long += 1
                    continue
                self._by_reason[letter.reason] += 1
                if delivery:
                    self._send(delivery, offset, letter)
            if delivery:
                delivery.settle()
        return delivery

    def describe(self) -> str:
        """Return how many there were, by reason."""
        reasons = ", ".join(f"{count:,} {one_line(reason)}" for reason, count in self._by_reason.most_common())
        others = f"; {counted(self._others, 'other')} came from elsewhere than {POSTS.name}" if self._others else ""
        too_long = f"; {counted(self._too_long, 'other')} may not be so long there" if self._too_long else ""
        which = f" ({reasons})" if reasons else ""
        return f"{counted(self._by_reason.total(), 'dead letter')}{which}{others}{too_long}"

    def conclude(self, delivery: Delivery | None, bootstrap: str) -> Status:
        """Say what came of it, and return what the process ends with.

        Raises:
            OutsideError: If the broker stayed away.
        """
        assert delivery is not None, "what was only counted has nothing to conclude"
        lost = delivery.first_line()
        if lost is not None:
            cause = delivery.failure or f"stopped by {self._interrupts.name}"
            sentence = (
                f"the broker at {bootstrap} has taken {counted(delivery.messages, 'dead letter')} ({cause}); "
                f"go on with `--from-offset {lost}`."
            )
            raise OutsideError(sentence, self._interrupts.status or Status.INCOMPLETE)
        say(f"sent {self.describe()} to {POSTS.name}.")
        if self._interrupts.signal:
            say(f"stopped by {self._interrupts.name} before the end.")
        return self._interrupts.status

    def _send(self, delivery: Delivery, offset: int, letter: KeptDeadLetter) -> None:
        key = post_key(letter.raw)
        partition = None if key is None else partition_of_key(key, self._facts.partitions)
        while delivery.is_full and not self._interrupts.signal:
            delivery.wait(1.0)
        delivery.send(Message(letter.raw, key, partition, offset, 1))
        delivery.harvest()


def _letters(consumer: Any) -> Iterator[tuple[int, KeptDeadLetter | None]]:  # noqa: ANN401
    """Yield all dead letters with their offsets; None for a message that is none."""
    for record in read_topic(consumer, DEAD_LETTERS.name):
        try:
            yield record.offset, decode_dead_letter(record.value, record.headers)
        except ValueError:
            yield record.offset, None


def _lines(offset: int, letter: KeptDeadLetter, width: int) -> Iterator[str]:
    when = "at an unknown time" if letter.at_ms is None else moment(letter.at_ms)
    yield cut(one_line(f"#{offset}  {when}  {letter.reason}  {letter.origin}"), width)
    begin = letter.raw[:_SHOWN_BYTES].decode("utf-8", "backslashreplace")
    more = f" ({len(letter.raw):,} bytes)" if len(letter.raw) > _SHOWN_BYTES else ""
    room = width - len(_INDENT)
    yield _INDENT + cut(one_line(letter.detail), room)
    yield _INDENT + cut(one_line(begin) or "(empty)", room - len(more)) + more


def _object(offset: int, letter: KeptDeadLetter) -> bytes:
    fields: dict[str, Any] = {
        "dead_letter_offset": offset,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "index": letter.index,
        "at_ms": letter.at_ms,
        "reason": letter.reason,
        "detail": letter.detail,
    }
    try:
        fields["raw"] = letter.raw.decode()
    except UnicodeDecodeError:
        fields["raw_base64"] = base64.b64encode(letter.raw).decode()
    return msgspec.json.encode(fields)
