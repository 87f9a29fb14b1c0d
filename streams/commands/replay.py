"""`undercurrent replay`: an archive at full speed."""

from collections.abc import Sequence
from contextlib import ExitStack

import click

from models.message import AlertMessage, Message, encode_alert, encode_trend
from models.wording import counted
from streams.commands.alert_output import AlertOutput
from streams.commands.control_file import read_control
from streams.commands.inputs import Inputs
from streams.commands.interrupts import Interrupts
from streams.commands.options import backfill_option, epilogue, settings_option
from streams.commands.outputs import STANDARD_OUTPUT, LineOutput, check_distinct
from streams.commands.playing import Playing
from streams.errors import Status, say
from streams.pipeline import TimedControl
from streams.settings import Settings


@click.command(
    epilog=epilogue(
        "undercurrent replay posts.jsonl.gz",
        "undercurrent replay 2025-*.jsonl.gz --alerts alerts.jsonl --stats",
        "undercurrent replay --backfill january.jsonl.gz february.jsonl.gz",
        "undercurrent replay posts.jsonl.gz --control control.jsonl",
    )
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--alerts", metavar="OUT.jsonl", help="Write alert messages there; `-` is standard output.")
@click.option("--trends", metavar="OUT.jsonl", help="Write trend messages there; `-` is standard output.")
@click.option(
    "--control",
    metavar="FILE",
    help="Feedback and mutes, as `control list --json` shows them, each taking effect at its `at_ms`.",
)
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
    control: str | None,
    as_json: bool,
    stats: bool,
) -> int:
    """Play an archive of posts at full speed and show what would have been alerted.

    FILE holds one post as JSON a line, packed by gzip or not; `-` is standard input. Several files are one
    input, in the order given. Messages come in the order of event time. Without --alerts, alerts are shown on
    standard output.
    """
    said = read_control(control) if control else []
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
            control=said,
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


class Replay(Playing):
    """One run of an input through the pipeline.

    Args:
        inputs: What is read.
        settings: As loaded.
        backfill: The first of the files that are read: to be learnt from only.
        show: Shows alerts on standard output, if wanted.
        alerts: Takes alert messages as JSON lines, if wanted.
        trends: Takes trend messages as JSON lines, if wanted.
        control: What people said meanwhile.
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
        control: Sequence[TimedControl] = (),
    ) -> None:
        super().__init__(inputs, [(settings, self._take)], backfill, control)
        self._show = show
        self._alerts = alerts
        self._trends = trends

    def conclude(self, files: tuple[str, ...]) -> Status:
        """See `Playing.conclude`; with what of the control messages came too late for the posts."""
        if self.pipeline.control_waiting:
            unheard = counted(self.pipeline.control_waiting, "control message")
            say(f"{unheard} came after the last post and had no effect.")
        return super().conclude(files)

    def how_far(self, cause: str) -> str:
        """See `Playing.how_far`; with what was written until then."""
        outputs = (output for output in (self._alerts, self._trends) if output)
        kept = "".join(f"; {output.pieces:,} messages are in {output.name}" for output in outputs)
        return f"{super().how_far(cause).removesuffix('.')}{kept}."

    def _take(self, message: Message) -> None:
        if not isinstance(message, AlertMessage):
            if self._trends:
                self._trends.write_line(encode_trend(message))
            return
        if self._alerts:
            self._alerts.write_line(encode_alert(message))
        if self._show:
            with self.progress.hidden():
                self._show.show(message)
