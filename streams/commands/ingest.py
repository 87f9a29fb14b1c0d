"""`undercurrent ingest`: posts from files into Kafka."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

import click

from models.post import Reason
from models.wording import counted
from streams import clock
from streams.commands.inputs import Inputs, Rejections, nothing_usable
from streams.commands.interrupts import Interrupted, Interrupts
from streams.commands.options import Command, epilogue, settings_option
from streams.commands.progress import Progress
from streams.delivery import Delivery
from streams.errors import OutsideError, Status, say
from streams.kafka_clients import look_up_topic, partition_of_key, producer_client
from streams.packing import ENVELOPE_BYTES_MAX, Message, Packer
from streams.reader import Reader
from streams.settings import Settings
from streams.topics import POSTS

_GIVE_UP_S: Final = 120.0
_READ_AHEAD_MAX: Final = 64
"""Lines of up to 1 MiB each."""

_LOOK_S: Final = 0.2
"""How often to look at what has arrived; a post waits in an envelope no longer than that."""

_SILENCE_S: Final = 5.0
_SETTLE_S: Final = 5.0
"""After a signal: whoever sent SIGTERM sends SIGKILL some seconds later."""

_HOPELESS_LINES: Final = 100
"""So many lines and no post among them: it is the wrong file, and each line would become a dead letter."""


def sending_options(envelope: int) -> Callable[[Command], Command]:
    """Return a decorator that gives a command the arguments of `send_files`.

    Args:
        envelope: Posts in a message, if nothing else is said.
    """

    def give(command: Command) -> Command:
        for parameter in reversed(
            (
                click.argument("files", nargs=-1, required=True, metavar="FILE..."),
                click.option(
                    "--envelope",
                    type=click.IntRange(1, 10_000),
                    default=envelope,
                    show_default=True,
                    help="Posts in a message; many at once cost the workers a fraction. A message stays below 256 KiB.",
                ),
                click.option(
                    "--from-line",
                    type=click.IntRange(min=1),
                    default=1,
                    show_default=True,
                    help="First line to send, over all files; to go on where an earlier run ended.",
                ),
                click.option(
                    "--give-up-after",
                    "give_up_s",
                    metavar="SECONDS",
                    type=click.FloatRange(min=1),
                    default=_GIVE_UP_S,
                    show_default=True,
                    help="How long to try while the broker is away.",
                ),
                settings_option,
            )
        ):
            command = parameter(command)
        return command

    return give


@click.command(
    epilog=epilogue(
        "undercurrent ingest posts.jsonl.gz",
        "undercurrent ingest --envelope 100 2025-*.jsonl.gz",
        "your-source | undercurrent ingest -",
    )
)
@sending_options(envelope=1)
def ingest(files: tuple[str, ...], envelope: int, from_line: int, give_up_s: float, settings: Settings) -> int:
    """Send posts from files to Kafka, one JSON object a line.

    FILE may be packed by gzip; `-` is standard input. Lines are sent as they are: the intake worker judges them,
    and keeps what is no post as a dead letter. A post's key is its id, so that its updates follow it. Each
    message is written once, also when the broker is restarted meanwhile.
    """
    return send_files(files, envelope, from_line, give_up_s, settings)


def send_files(
    files: tuple[str, ...],
    envelope: int,
    from_line: int,
    give_up_s: float,
    settings: Settings,
    *,
    headers: Sequence[tuple[str, bytes]] = (),
) -> Status:
    """Send posts from files to Kafka, and return what the process ends with.

    Args:
        files: What is read, in this order.
        envelope: How many posts a message may hold.
        from_line: First line to send.
        give_up_s: How long to try while the broker is away.
        settings: As loaded.
        headers: Of each message.

    Raises:
        OutsideError: If there was nothing to send, or no post in it, or the broker stayed away.
    """
    bootstrap = settings.kafka.bootstrap
    with Interrupts() as interrupts:
        # Read in a thread of its own, which no signal reaches.
        inputs = Inputs(files, Interrupts())
        partitions, line_bytes_max = look_up_topic(bootstrap, POSTS.name)
        packer = Packer(
            envelope, lambda key: partition_of_key(key, partitions), min(line_bytes_max, ENVELOPE_BYTES_MAX)
        )
        with producer_client(bootstrap, give_up_s) as producer:
            run = Ingest(
                inputs,
                packer,
                producer,
                interrupts,
                from_line=from_line,
                line_bytes_max=line_bytes_max,
                give_up_s=give_up_s,
                headers=headers,
            )
            run.run(f"the broker at {bootstrap}")
        return run.conclude(files, f"the broker at {bootstrap}")


class NumberedLine(NamedTuple):
    """A line of one of several files.

    Attributes:
        number: Its place in all of them, from 1.
        name: Of its file.
        number_in_file: Its place there.
        raw: Its bytes; the first ones only if it is too long.
        is_too_long: Whether it is longer than any message.
    """

    number: int
    name: str
    number_in_file: int
    raw: bytes
    is_too_long: bool

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"{self.name}, line {self.number_in_file:,}"


class Ingest:
    """One run of an input into the topic of posts.

    Args:
        inputs: What is read.
        packer: Makes messages of lines.
        producer: Of `streams.kafka_clients.producer_client`.
        interrupts: What ends it early.
        from_line: First line to send.
        line_bytes_max: How long a line may be.
        give_up_s: How long the producer tries a message.
        headers: Of each message.
    """

    def __init__(
        self,
        inputs: Inputs,
        packer: Packer,
        producer: Any,  # noqa: ANN401 - kafka-python has no types
        interrupts: Interrupts,
        *,
        from_line: int,
        line_bytes_max: int,
        give_up_s: float,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        self._inputs = inputs
        self._packer = packer
        self._interrupts = interrupts
        self._from_line = from_line
        self._line_bytes_max = line_bytes_max
        self._give_up_s = give_up_s
        self._delivery = Delivery(producer, POSTS.name, give_up_s, headers=headers)
        self._progress = Progress(inputs.total_bytes, is_terminal=sys.stderr.isatty())
        self._started_s = clock.monotonic_s()
        self._took_s = 0.0
        self._flush_due_s = self._started_s + _LOOK_S
        self._is_silent = False
        self._last: NumberedLine | None = None
        self._first: NumberedLine | None = None
        self._seen_posts = 0
        self._seen_lines = 0
        self._strange = Rejections()
        self._refused = Rejections()

    def run(self, broker: str) -> None:
        """Send all, or until a signal comes, or the broker stays away.

        Args:
            broker: What messages to people call it.
        """
        reader = Reader(_numbered(self._inputs, self._from_line), _READ_AHEAD_MAX)
        reader.start()
        # A second signal does not wait for what is still on its way.
        with suppress(Interrupted), self._progress:
            while not (reader.has_ended or self._is_over()):
                line = reader.take(_LOOK_S)
                if line is not None:
                    self._take(line, broker)
                if clock.monotonic_s() >= self._flush_due_s:
                    self._flush_due_s = clock.monotonic_s() + _LOOK_S
                    self._send(self._packer.flush(), broker)
                    self._look(broker)
            self._send(self._packer.flush(), broker)
            self._settle(broker)
        reader.stop()
        self._took_s = clock.monotonic_s() - self._started_s
        if reader.error is not None:
            raise reader.error

    def conclude(self, files: tuple[str, ...], broker: str) -> Status:
        """Say what came of it, and return what the process ends with.

        Raises:
            OutsideError: If there was nothing to send, or no post in it, or the broker stayed away.
        """
        broken, signal = self._inputs.broken, self._interrupts.signal
        if self._first is None and not (broken or signal):
            raise self._nothing(files)
        if self._refused.total():
            say(self._refused.summary("refused, as a message may not be so long"))
        if self._strange.total() and self._seen_posts:
            say(self._strange.summary("sent as they are, though they will be dead letters"))
        say(self._summary())
        lost = self._first_lost()
        if lost is not None and not signal:
            raise OutsideError(
                f"{broker} took no more of them: {self._delivery.failure}. {_go_on(lost)}", Status.INCOMPLETE
            )
        if signal:
            say(f"stopped by {self._interrupts.name}{self._how_far(lost)}")
            return self._interrupts.status
        if not self._seen_posts and not broken:
            raise self._nothing(files)
        if broken:
            say(f"{broken.sentence} What was read has arrived.")
            return broken.status
        return Status.DONE

    def _take(self, line: NumberedLine, broker: str) -> None:
        self._last = line
        self._first = self._first or line
        self._seen_lines += 1
        if line.is_too_long:
            self._refused.add_too_long(line.place)
        elif len(line.raw) > self._line_bytes_max:
            detail = f"the line has {len(line.raw):,} bytes; at most {self._line_bytes_max:,}"
            self._refused.add(Reason.TOO_LARGE, detail, line.place)
        else:
            self._send(self._packer.add(line.number, line.raw), broker)

    def _send(self, messages: Iterable[Message], broker: str) -> None:
        for message in messages:
            while self._delivery.is_full and not self._is_over():
                self._delivery.wait(_LOOK_S)
                self._look(broker)
            self._delivery.send(message)
            self._delivery.harvest()
            self._seen_posts += message.posts
            if not message.posts and self._last:
                self._strange.add(Reason.WRONG_FIELD, "no post with an `id` can be read in it", self._last.place)

    def _settle(self, broker: str) -> None:
        """Wait until all that was sent has arrived or failed; after a signal not for long."""
        until_s: float | None = None

        def goes_on() -> bool:
            nonlocal until_s
            self._look(broker)
            if self._interrupts.signal and until_s is None:
                until_s = clock.monotonic_s() + _SETTLE_S
            return until_s is None or clock.monotonic_s() < until_s

        self._delivery.settle(goes_on)

    def _is_over(self) -> bool:
        is_hopeless = _HOPELESS_LINES <= self._seen_lines == self._strange.total() + self._refused.total()
        return self._interrupts.signal is not None or self._delivery.failure is not None or is_hopeless

    def _look(self, broker: str) -> None:
        self._delivery.harvest()
        if self._delivery.stalled_s > _SILENCE_S and not self._is_silent:
            self._is_silent = True
            with self._progress.hidden():
                say(f"{broker} has taken nothing for {_SILENCE_S:.0f} s; trying for {self._give_up_s:g} s.")
        elif self._is_silent and self._delivery.stalled_s < _SILENCE_S:
            self._is_silent = False
            with self._progress.hidden():
                say(f"{broker} takes messages again.")
        if self._progress.is_due():
            self._progress.show(self._inputs.done_bytes(), self._delivery.posts, -1)

    def _first_lost(self) -> int | None:
        lines = (self._delivery.first_line(), self._packer.first_line())
        return min((line for line in lines if line is not None), default=None)

    def _summary(self) -> str:
        delivery = self._delivery
        messages = counted(delivery.messages, "message")
        megabytes = f"{delivery.value_bytes / 1e6:,.1f} MB"
        # A shorter run says how long it takes to begin and to end.
        speed = f", {delivery.posts / self._took_s:,.0f} posts a second" if self._took_s >= 1 else ""
        by_partition = ", ".join(f"{number}: {count:,}" for number, count in sorted(delivery.by_partition.items()))
        where = f"; messages by partition {by_partition}" if by_partition else ""
        return f"{counted(delivery.posts, 'post')} in {messages} ({megabytes}) are in {POSTS.name}{speed}{where}."

    def _how_far(self, lost: int | None) -> str:
        if lost is not None:
            return f"; {counted(self._delivery.waiting, 'message')} had not arrived yet. {_go_on(lost)}"
        if self._last is None:
            return " before the first line."
        return f" at {self._last.place}; all up to there has arrived. Go on with `--from-line {self._last.number + 1}`."

    def _nothing(self, files: tuple[str, ...]) -> OutsideError:
        if self._first is None and self._inputs.lines >= 1 and self._from_line > 1:
            lines = counted(self._inputs.lines, "line")
            return OutsideError(f"--from-line is {self._from_line}, but the input has {lines}.", Status.INCOMPLETE)
        first = self._first.raw if self._first else None
        return nothing_usable(files, self._seen_lines, first, self._strange.first() or self._refused.first())


def _numbered(inputs: Inputs, from_line: int) -> Iterator[NumberedLine]:
    for line in inputs:
        if inputs.lines >= from_line:
            yield NumberedLine(inputs.lines, inputs.name, line.number, line.raw, line.is_too_long)


def _go_on(line: int) -> str:
    return f"Go on with `--from-line {line}`: what comes twice by that counts once."
