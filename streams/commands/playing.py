"""An archive played through the pipeline, or through several side by side: what `replay` and its kin share."""

import sys
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from models.configuration import CoreSettings
from models.intake import DeadLetter
from models.message import Message
from models.wording import counted
from streams import clock
from streams.commands.inputs import Inputs, Rejections, nothing_usable
from streams.commands.progress import Progress
from streams.commands.statistics import Statistics
from streams.errors import Status, say
from streams.pipeline import Counts, Pipeline, TimedControl
from streams.sources import Line
from streams.terminal import moment

_LINES_A_LOOK: Final = 256
"""Lines between two looks at clock and memory, which cost more than a line."""

_TOO_LATE_SHARE: Final = 0.01


class Playing:
    """One pass over an input, at full speed and with its progress shown.

    Args:
        inputs: What is read.
        runs: For each pipeline its settings, and what takes its messages. They may differ in how alerts are decided,
            not in what becomes of posts before that: what is said of the posts is that of the first.
        backfill: The first of the files that are read: to be learnt from only.
        control: What people said meanwhile.

    Attributes:
        pipeline: The first one.
        rejections: What could not be a post.
        statistics: Speed and memory.
        progress: What is shown of it.
        began_ms: Event time of the first post; -1 before that.
    """

    def __init__(
        self,
        inputs: Inputs,
        runs: Sequence[tuple[CoreSettings, Callable[[Message], None]]],
        backfill: tuple[str, ...] = (),
        control: Sequence[TimedControl] = (),
    ) -> None:
        self._inputs = inputs
        self._backfill = backfill
        self._is_backfill = bool(backfill)
        self._before = Counts()
        self._lines_before = 0
        self._first: bytes | None = None
        self.rejections = Rejections()
        self.statistics = Statistics(inputs.total_bytes)
        self._pipelines = [
            Pipeline(settings, on_message=take, on_dead_letter=_pass_over if number else self._reject, control=control)
            for number, (settings, take) in enumerate(runs)
        ]
        self.pipeline = self._pipelines[0]
        self.progress = Progress(inputs.total_bytes, is_terminal=sys.stderr.isatty())
        self.began_ms = -1

    def run(self) -> None:
        """Read the input to its end, or to where it breaks off or is stopped."""
        # Posts dated after this moment have a wrong clock, whenever the archive was made.
        latest_ms = clock.now_ms()
        with self.progress:
            for number, line in enumerate(self._inputs):
                if self._is_backfill and self._inputs.number >= len(self._backfill):
                    self._go_live(self._inputs.lines - 1)
                self._take_line(line, latest_ms)
                if number % _LINES_A_LOOK == 0:
                    self._look()
            if self._is_backfill and not (self._inputs.is_stopped or self._inputs.broken):
                self._go_live(self._inputs.lines)
            # A stopped run has not reached the end of its input, so time must not go on to there.
            if not self._inputs.is_stopped:
                for pipeline in self._pipelines:
                    pipeline.finish()

    def _take_line(self, line: Line, latest_ms: int) -> None:
        if self._first is None:
            self._first = line.raw
        if line.is_too_long:
            self.rejections.add_too_long(self._inputs.place())
        else:
            for pipeline in self._pipelines:
                pipeline.feed(line.raw, latest_ms, is_backfill=self._is_backfill)
        if self.began_ms < 0:
            self.began_ms = self.pipeline.counts.reached_ms

    def _go_live(self, lines: int) -> None:
        """Let messages begin, after a backfill of so many lines, of which it says what came of it.

        Raises:
            OutsideError: If there was no post in it.
        """
        for pipeline in self._pipelines:
            # To cut a frame here changes nothing but what is counted already.
            pipeline.flush()
        self._before = msgspec.structs.replace(self.pipeline.counts)
        self._lines_before = lines
        if not self._before.posts:
            raise nothing_usable(self._backfill, lines, self._first, self.rejections.first())
        self._is_backfill, self._first = False, None
        with self.progress.hidden():
            say(_learnt(self._before))

    def how_far(self, cause: str) -> str:
        """Return in a sentence how far it got until it was stopped by `cause`."""
        counts = self.pipeline.counts
        at = f", at {moment(counts.reached_ms)}" if counts.posts else ""
        return f"stopped by {cause} after {counts.posts:,} posts ({self._inputs.place()}{at})."

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

    def _reject(self, dead: DeadLetter) -> None:
        self.rejections.add(dead.reason, dead.detail, self._inputs.place())

    def _look(self) -> None:
        done_bytes = self._inputs.done_bytes()
        self.statistics.note(done_bytes)
        if self.progress.is_due():
            counts = self.pipeline.counts
            self.progress.show(done_bytes, counts.posts, counts.reached_ms)


def _pass_over(_dead: DeadLetter) -> None:
    """Do nothing: the first pipeline has told of it."""


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
