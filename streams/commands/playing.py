"""An archive played through the pipeline, or through several side by side: what `replay` and its kin share."""

import sys
from collections.abc import Callable, Sequence
from typing import Final

from models.configuration import CoreSettings
from models.intake import DeadLetter
from models.message import Message
from streams import clock
from streams.commands.inputs import Inputs, Rejections, nothing_usable
from streams.commands.progress import Progress
from streams.commands.statistics import Statistics
from streams.errors import Status, say
from streams.pipeline import Pipeline
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

    Attributes:
        pipeline: The first one.
        rejections: What could not be a post.
        statistics: Speed and memory.
        progress: What is shown of it.
        began_ms: Event time of the first post; -1 before that.
    """

    def __init__(self, inputs: Inputs, runs: Sequence[tuple[CoreSettings, Callable[[Message], None]]]) -> None:
        self._inputs = inputs
        self._first: bytes | None = None
        self.rejections = Rejections()
        self.statistics = Statistics(inputs.total_bytes)
        self._pipelines = [
            Pipeline(settings, on_message=take, on_dead_letter=_pass_over if number else self._reject)
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
                if self._first is None:
                    self._first = line.raw
                if line.is_too_long:
                    self.rejections.add_too_long(self._inputs.place())
                else:
                    for pipeline in self._pipelines:
                        pipeline.feed(line.raw, latest_ms)
                if self.began_ms < 0:
                    self.began_ms = self.pipeline.counts.reached_ms
                if number % _LINES_A_LOOK == 0:
                    self._look()
            # A stopped run has not reached the end of its input, so time must not go on to there.
            if not self._inputs.is_stopped:
                for pipeline in self._pipelines:
                    pipeline.finish()

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
        if not counts.posts and not broken:
            raise nothing_usable(files, self._inputs.lines, self._first, self.rejections.first())
        if self.rejections.total():
            say(self.rejections.summary())
        if counts.too_late > _TOO_LATE_SHARE * counts.posts:
            say(_too_late(counts.too_late, counts.posts))
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


def _too_late(too_late: int, posts: int) -> str:
    remedy = "sort the posts by `created_at`, or raise `disorder_s` in [time] of the settings"
    return (
        f"{too_late:,} of {posts:,} posts came more than the allowed lateness after later ones and were left "
        f"out; {remedy}."
    )
