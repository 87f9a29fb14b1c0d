"""`undercurrent run`: everything in one process, no server needed."""

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import click
import msgspec
from click.core import ParameterSource

from models.post import Reason
from models.simulator import VOCABULARIES, Simulation
from models.wording import counted
from streams import clock
from streams.commands.alert_output import AlertOutput
from streams.commands.inputs import Rejections, nothing_usable
from streams.commands.interrupts import Interrupted, Interrupts
from streams.commands.options import backfill_option, epilogue, settings_option
from streams.console import Console
from streams.embedded import Embedded
from streams.errors import OutsideError, Status, say
from streams.metrics import Metrics
from streams.playback import play
from streams.reader import Item, Reader
from streams.redis_store import RedisStore, connect
from streams.server import Server, bind
from streams.settings import RedisSettings, Settings
from streams.sink import Sink, describe_place
from streams.sources import STANDARD_INPUT, LineFile, check_files
from streams.terminal import moment

START_MS: Final = 1_736_121_600_000
"""Monday, 6 January 2025, 00:00 UTC: where `simulate` begins too, so that a seed tells the same stories."""

HOUR_A_SECOND: Final = 3_600.0

_REPORT_EVERY_S: Final = 30.0
_FOREVER_S: Final = 86_400.0

# Without a server alerts fill this process's memory, some 6 kB each and as much again for every message.
_MESSAGES_IN_MEMORY: Final = 10_000
_ALERTS_IN_MEMORY: Final = 2_000


class Run:
    """One run: a source, the pipeline, Redis and the console, and what people are told of it.

    Args:
        sources: Files; none for made-up posts.
        settings: As loaded, options included.
        interrupts: What ends it.
        stack: Closes what is opened here.
        output: Shows alerts.
    """

    def __init__(
        self,
        sources: tuple[str, ...],
        settings: Settings,
        interrupts: Interrupts,
        stack: ExitStack,
        output: AlertOutput,
    ) -> None:
        self._sources = sources
        self._settings = settings
        self._interrupts = interrupts
        self._rejections = Rejections()
        self._first: Item | None = None
        self._lines = 0
        self._report_due_s = clock.monotonic_s() + _REPORT_EVERY_S
        # What is made up is known beforehand, as what the settings name is.
        known = [vocabulary.community for vocabulary in VOCABULARIES] if not sources else []
        self._metrics = Metrics([*known, *(rule.name for rule in settings.communities)])
        self._store = _make_store(settings.redis.url)
        place = describe_place(settings.redis.url)
        self._sink = Sink(self._store, self._metrics, place=place, say=say, wait=self.wait)
        self._embedded = Embedded(
            settings,
            self._sink,
            self._metrics,
            on_alert=output.show,
            on_rejection=self._note_rejection,
            is_live=any(map(_is_live, sources)),
        )
        self._stack = stack

    def wait(self, longest_s: float) -> bool:
        """Wait for so many seconds, or until a signal comes; return whether one came."""
        with suppress(Interrupted), self._interrupts.waiting():
            threading.Event().wait(longest_s)
        return self._interrupts.signal is not None

    def serve(self, note: str) -> str:
        """Start the console, and return its address.

        Raises:
            OutsideError: If Redis or a port cannot be had.
        """
        self._sink.check()
        host, port = self._settings.console.host, self._settings.console.port
        console = Console(self._store, self._metrics, host=host, note=note, is_ready=lambda: self._embedded.has_begun)
        server = Server(console.app, bind(host, port))
        server.start()
        self._stack.callback(server.stop)
        self._stack.callback(console.close)
        if port not in (server.port, 0):
            say(f"port {port} is taken, so the console is on {server.port}.")
        return f"http://{f'[{host}]' if ':' in host else host}:{server.port}"

    def process(self, items: Iterator[Item]) -> None:
        """Take in all posts, until they end or a signal comes.

        Raises:
            OutsideError: If there was no post, or the source broke off; what came before that is processed.
        """
        reader = Reader(self._noted(items))
        self._embedded.run(reader, lambda: self._interrupts.signal is not None, self._report)
        if reader.error is not None:
            raise reader.error
        if not self._interrupts.signal and not self._embedded.counts.posts:
            first = self._first.raw if self._first else None
            raise nothing_usable(self._sources, self._lines, first, self._rejections.first())

    def conclude(self) -> None:
        """Say what came of it; the last line tells it all."""
        counts = self._embedded.counts
        cause = f"stopped by {self._interrupts.name}" if self._interrupts.signal else "the posts have ended"
        learnt = f", {counts.backfilled:,} of them only to learn from" if counts.backfilled else ""
        done = f"{counted(counts.posts, 'post')}{learnt}, {counted(counts.alerts_opened, 'alert')}"
        if self._rejections.total():
            say(self._rejections.summary())
        if self._sink.unwritten:
            say(f"{counted(self._sink.unwritten, 'message')} did not reach Redis any more.")
        say(f"{cause}: {done}.")

    def _noted(self, items: Iterator[Item]) -> Iterator[Item]:
        for item in items:
            self._first = self._first or item
            self._lines = item.place[1]
            yield item

    def _note_rejection(self, reason: Reason, detail: str, item: Item) -> None:
        name, line = item.place
        self._rejections.add(reason, detail, f"{name}, line {line:,}")
        if self._rejections.total() == 1:
            say(f"no post and left out: {self._rejections.first()} (more are counted at /metrics).")

    def _report(self) -> None:
        if not sys.stderr.isatty() or clock.monotonic_s() < self._report_due_s:
            return
        self._report_due_s = clock.monotonic_s() + _REPORT_EVERY_S
        counts = self._embedded.counts
        communities = "community" if counts.communities == 1 else "communities"
        posts = f"{counted(counts.posts, 'post')} in {counts.communities} {communities}"
        say(f"at {moment(max(0, counts.reached_ms))}: {posts}, {counted(counts.open_alerts, 'alert')} open.")


@click.command(
    epilog=epilogue(
        "undercurrent run",
        "undercurrent run --json | jq -r .headline",
        "tail -F posts.jsonl | undercurrent run -",
        "tail -F posts.jsonl | undercurrent run --backfill last-weeks.jsonl.gz -",
        "undercurrent run --redis redis://127.0.0.1:6379/0 posts.jsonl.gz",
    )
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="Alerts as one JSON object a line, not text.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=HOUR_A_SECOND,
    show_default="3600, an hour a second",
    help="How many seconds of made-up posts come in a second.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another one, other made-up posts."
)
@click.option("--port", type=click.IntRange(0, 65_535), help="First port to try for the console.")
@click.option("--redis", "redis_url", metavar="URL", help="Keep alerts in this Redis, not in the process.")
@click.option(
    "--stay/--no-stay",
    default=None,
    show_default="stay on a terminal",
    help="Whether the console stays up after the last post.",
)
@backfill_option
@settings_option
@click.pass_context
def run(
    context: click.Context,
    *,
    sources: tuple[str, ...],
    as_json: bool,
    speed: float,
    seed: int,
    port: int | None,
    redis_url: str | None,
    stay: bool | None,
    backfill: tuple[str, ...],
    settings: Settings,
) -> int:
    """Everything in one process, no server needed: posts in, explained alerts out, and a web page.

    SOURCE is a file with one post a line, .jsonl or .jsonl.gz, or `-` for standard input. Without any, made-up
    posts are played fast. Alerts go to standard output, all else to standard error.
    """
    for option in ("speed", "seed"):
        if sources and context.get_parameter_source(option) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{option} is for made-up posts, and none come when a SOURCE is given")
    if backfill and not sources:
        raise click.UsageError("--backfill is for the posts of a SOURCE, and none is given")
    check_files((*backfill, *sources))
    settings = _with_options(settings, port, redis_url)
    output = AlertOutput.to_standard_output(as_json=as_json)
    with Interrupts() as interrupts, ExitStack() as stack:
        this = Run(sources, settings, interrupts, stack, output)
        note = "" if sources else f"These posts are made up: {len(VOCABULARIES)} communities, {_pace(speed)}."
        address = this.serve(note)
        say(note or f"reading {', '.join(map(_name, sources))}.")
        say(f"console at {address}, metrics at {address}/metrics.")
        say("alerts come here; Ctrl-C stops it all.")
        status = Status.DONE
        with suppress(Interrupted):
            try:
                this.process(_lines(sources, backfill) if sources else _made_up(seed, speed))
            except OutsideError as error:
                say(error.sentence)
                status = error.status
            this.conclude()
            if not interrupts.signal and (sys.stderr.isatty() if stay is None else stay):
                say("the console stays up; Ctrl-C stops it.")
                while not this.wait(_FOREVER_S):
                    pass
        return interrupts.status if interrupts.signal else status


def _made_up(seed: int, speed: float) -> Iterator[Item]:
    posts = Simulation(seed=seed, start_ms=START_MS).posts()
    wait = threading.Event().wait
    return play(posts, START_MS, speed, elapsed_s=clock.monotonic_s, wait=wait)


def _lines(sources: tuple[str, ...], backfill: tuple[str, ...]) -> Iterator[Item]:
    for number, source in enumerate((*backfill, *sources)):
        if backfill and number == len(backfill):
            say("the backfill is read; alerts begin with what comes now.")
        with LineFile(source) as file:
            for line in file:
                place = (file.name, line.number)
                yield Item(line.raw, clock.now_ms(), place, line.is_too_long, is_backfill=number < len(backfill))


def _make_store(url: str) -> RedisStore:
    if url:
        return RedisStore(connect(url))
    return RedisStore(connect(), messages_kept=_MESSAGES_IN_MEMORY, alerts_kept=_ALERTS_IN_MEMORY)


def _with_options(settings: Settings, port: int | None, redis_url: str | None) -> Settings:
    if port is not None:
        console = msgspec.structs.replace(settings.console, port=port)
        settings = msgspec.structs.replace(settings, console=console)
    if redis_url is not None:
        try:
            settings = msgspec.structs.replace(settings, redis=RedisSettings(url=redis_url))
        except ValueError as error:
            raise click.UsageError(f"--redis: {error}") from None
    return settings


def _is_live(source: str) -> bool:
    return source == STANDARD_INPUT or not Path(source).is_file()


def _name(source: str) -> str:
    return "standard input" if source == STANDARD_INPUT else source


def _pace(speed: float) -> str:
    for unit_s, unit in ((3_600, "hour"), (60, "minute")):
        if speed >= unit_s:
            return f"{speed / unit_s:g} {unit}{'' if speed == unit_s else 's'} a second"
    return f"{speed:g} second{'' if speed == 1 else 's'} a second"
