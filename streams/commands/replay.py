"""`undercurrent replay`: an archive at full speed."""

import sys
from contextlib import ExitStack
from typing import Final

import click
import msgspec

from models.intake import DeadLetter
from models.message import AlertMessage, Message, encode_alert, encode_trend
from models.wording import counted
from streams import clock
from streams.commands.alert_output import AlertOutput
from streams.commands.inputs import Inputs, Rejections, nothing_usable
from streams.commands.interrupts import Interrupts
from streams.commands.options import backfill_option, epilogue, settings_option
from streams.commands.outputs import STANDARD_OUTPUT, LineOutput, check_distinct
from streams.commands.progress import Progress
from streams.commands.statistics import Statistics
from streams.errors import Status, say
from streams.pipeline import Counts, Pipeline
from streams.settings import Settings
from streams.terminal import moment

_LINES_A_LOOK: Final = 256
"""Lines between two looks at clock and memory, which cost more than a line."""

_TOO_LATE_SHARE: Final = 0.01


@click.command(
    epilog=epilogue(
        "undercurrent replay posts.jsonl.gz",
        "undercurrent replay 2025-*.jsonl.gz --alerts alerts.jsonl --stats",
        "undercurrent replay --backfill january.jsonl.gz february.jsonl.gz",
    )
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--alerts", metavar="OUT.jsonl", help="Write alert messages there; `-` is standard output.")
@click.option("--trends", metavar="OUT.jsonl", help="Write trend messages there; `-` is standard output.")
@click.option("--json", "as_json", is_flag=True, help="Alerts on standard output as JSON lines, not as text.")
@click.option("--stats", is_flag=True, help="At the end, say on stderr how fast it was and what was counted.")
@backfill_option
@settings_option
def replay(
    files: tuple[str, ...],
    backfill: tuple[str, ...],
    alerts: str | None,
    trends: str | None,
    settings: Settings,
    *,
    as_json: bool,
    stats: bool,
) -> int:
    """Play an archive of posts at full speed and show what would have been alerted.

    FILE holds one post as JSON a line, packed by gzip or not; `-` is standard input. Several files are one
    input, in the order given. Messages come in the order of event time. Without --alerts, alerts are shown on
    standard output.
    """
    check_distinct((*backfill, *files), (alerts, trends))
    is_shown = alerts is None or (as_json and alerts != STANDARD_OUTPUT)
    with Interrupts() as interrupts, ExitStack() as stack:
        inputs = Inputs((*backfill, *files), interrupts)
        run = Replay(
            inputs,
            settings,
            backfill=backfill,
            show=AlertOutput.to_standard_output(as_json=as_json) if is_shown else None,
            alerts=stack.enter_context(LineOutput(alerts)) if alerts else None,
            trends=stack.enter_context(LineOutput(trends)) if trends else None,
        )
        run.run()
        if interrupts.signal:
            say(run.how_far(interrupts.name))
        if stats:
            for line in run.statistics.lines(run.pipeline.counts, run.rejections.total()):
                click.echo(line, err=True)
        if interrupts.signal:
            return interrupts.status
        return run.conclude(files)


class Replay:
    """One run of an input through the pipeline.

    Args:
        inputs: What is read.
        settings: As loaded.
        backfill: The first of the files that are read: to be learnt from only.
        show: Shows alerts on standard output, if wanted.
        alerts: Takes alert messages as JSON lines, if wanted.
        trends: Takes trend messages as JSON lines, if wanted.
    """

    def __init__(
        self,
        inputs: Inputs,
        settings: Settings,
        *,
        backfill: tuple[str, ...] = (),
        show: AlertOutput | None = None,
        alerts: LineOutput | None = None,
        trends: LineOutput | None = None,
    ) -> None:
        self._inputs = inputs
        self._backfill = backfill
        self._is_backfill = bool(backfill)
        self._before = Counts()
        self._lines_before = 0
        self._show = show
        self._alerts = alerts
        self._trends = trends
        self._first: bytes | None = None
        self.rejections = Rejections()
        self.statistics = Statistics(inputs.total_bytes)
        self.pipeline = Pipeline(settings, on_message=self._take, on_dead_letter=self._reject)
        self._progress = Progress(inputs.total_bytes, is_terminal=sys.stderr.isatty())

    def run(self) -> None:
        """Read the input to its end, or to where it breaks off or is stopped."""
        # Posts dated after this moment have a wrong clock, whenever the archive was made.
        latest_ms = clock.now_ms()
        with self._progress:
            for number, line in enumerate(self._inputs):
                if self._is_backfill and self._inputs.number >= len(self._backfill):
                    self._go_live(self._inputs.lines - 1)
                if self._first is None:
                    self._first = line.raw
                if line.is_too_long:
                    self.rejections.add_too_long(self._inputs.place())
                else:
                    self.pipeline.feed(line.raw, latest_ms, is_backfill=self._is_backfill)
                if number % _LINES_A_LOOK == 0:
                    self._look()
            if self._is_backfill and not (self._inputs.is_stopped or self._inputs.broken):
                self._go_live(self._inputs.lines)
            # A stopped replay has not reached the end of its input, so time must not go on to there.
            if not self._inputs.is_stopped:
                self.pipeline.finish()

    def _go_live(self, lines: int) -> None:
        """Let messages begin, after a backfill of so many lines, of which it says what came of it.

        Raises:
            OutsideError: If there was no post in it.
        """
        # To cut a frame here changes nothing but what is counted already.
        self.pipeline.flush()
        self._before = msgspec.structs.replace(self.pipeline.counts)
        self._lines_before = lines
        if not self._before.posts:
            raise nothing_usable(self._backfill, lines, self._first, self.rejections.first())
        self._is_backfill, self._first = False, None
        with self._progress.hidden():
            say(_learnt(self._before))

    def how_far(self, cause: str) -> str:
        """Return in a sentence how far it got until it was stopped by `cause`."""
        counts = self.pipeline.counts
        at = f", at {moment(counts.reached_ms)}" if counts.posts else ""
        kept = "".join(
            f"; {output.pieces:,} messages are in {output.name}" for output in (self._alerts, self._trends) if output
        )
        return f"stopped by {cause} after {counts.posts:,} posts ({self._inputs.place()}{at}){kept}."

    def conclude(self, files: tuple[str, ...]) -> Status:
        """Say what went wrong on the way, and return what the process ends with.

        Raises:
            OutsideError: If there was nothing usable.
        """
        counts = self.pipeline.counts
        broken = self._inputs.broken
        if counts.posts == self._before.posts and not broken:
            lines = self._inputs.lines - self._lines_before
            raise nothing_usable(files, lines, self._first, self.rejections.first())
        if self.rejections.total():
            say(self.rejections.summary())
        too_late, posts = counts.too_late - self._before.too_late, counts.posts - self._before.posts
        if too_late > _TOO_LATE_SHARE * posts:
            say(_too_late(too_late, posts, self._before.reached_ms if self._backfill else None))
        if broken:
            say(f"{broken.sentence} What was read was processed.")
            return broken.status
        return Status.DONE

    def _take(self, message: Message) -> None:
        if not isinstance(message, AlertMessage):
            if self._trends:
                self._trends.write_line(encode_trend(message))
            return
        if self._alerts:
            self._alerts.write_line(encode_alert(message))
        if self._show:
            with self._progress.hidden():
                self._show.show(message)

    def _reject(self, dead: DeadLetter) -> None:
        self.rejections.add(dead.reason, dead.detail, self._inputs.place())

    def _look(self) -> None:
        done_bytes = self._inputs.done_bytes()
        self.statistics.note(done_bytes)
        if self._progress.is_due():
            counts = self.pipeline.counts
            self._progress.show(done_bytes, counts.posts, counts.reached_ms)


def _learnt(counts: Counts) -> str:
    left_out = f"; {counts.too_late:,} came too late and were left out" if counts.too_late else ""
    posts, communities = counted(counts.posts, "post"), "community" if counts.communities == 1 else "communities"
    return (
        f"learnt from a backfill of {posts} in {counts.communities:,} {communities}, up to "
        f"{moment(counts.reached_ms)}{left_out}; alerts begin with what comes now."
    )


def _too_late(too_late: int, posts: int, backfilled_ms: int | None) -> str:
    remedy = "sort the posts by `created_at`, or raise `disorder_s` in [time] of the settings"
    if backfilled_ms is not None:
        remedy += f"; whatever is older than the end of the backfill, {moment(backfilled_ms)}, is too late"
    return (
        f"{too_late:,} of {posts:,} posts came more than the allowed lateness after later ones and were left "
        f"out; {remedy}."
    )
