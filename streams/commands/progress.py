"""How far a long reading has got: a bar on a terminal, a plain line now and then anywhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from streams import clock
from streams.errors import say
from streams.terminal import moment

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

LINE_EVERY_S: Final = 10.0
_BAR_EVERY_S: Final = 0.2


class Progress:
    """Shows how far a reading has got, on stderr. A context manager.

    Args:
        total_bytes: Bytes in all; None if that is not known, which leaves out the share.
        is_terminal: Whether stderr is one; then a bar is drawn, which needs `rich`.
        elapsed_s: Seconds since an arbitrary moment.
    """

    def __init__(
        self,
        total_bytes: int | None,
        *,
        is_terminal: bool,
        elapsed_s: Callable[[], float] = clock.monotonic_s,
    ) -> None:
        self._total_bytes = total_bytes
        self._elapsed_s = elapsed_s
        self._started_s = elapsed_s()
        self._every_s = _BAR_EVERY_S if is_terminal else LINE_EVERY_S
        self._due_s = self._started_s + self._every_s
        self._bar = _make_bar(total_bytes) if is_terminal else None

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def is_due(self) -> bool:
        """Return whether it is time to show something; cheap enough to be asked every few posts."""
        return self._elapsed_s() >= self._due_s

    def show(self, done_bytes: int, posts: int, reached_ms: int) -> None:
        """Show how far the reading has got.

        Args:
            done_bytes: Bytes read so far.
            posts: Posts accepted so far.
            reached_ms: Event time reached; negative before the first post.
        """
        elapsed_s = self._elapsed_s()
        self._due_s = elapsed_s + self._every_s
        words = f"{posts:,} posts, {posts / max(elapsed_s - self._started_s, 0.001):,.0f} a second"
        if reached_ms >= 0:
            words += f", at {moment(reached_ms)}"
        if self._bar:
            self._bar.update(self._bar.task_ids[0], completed=done_bytes, words=words)
        elif self._total_bytes:
            say(f"{min(done_bytes / self._total_bytes, 1):.0%}, {words}")
        else:
            say(words)

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Take the bar off the screen while something else is printed there."""
        if self._bar:
            self._bar.stop()
        yield
        if self._bar:
            self._bar.start()


def _make_bar(total_bytes: int | None) -> "Bar":
    # Imported here: it costs more than all else of a short command.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    # Without markup in it: nothing of the posts is shown here.
    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), TextColumn("{task.fields[words]}"))
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("", total=total_bytes, words="")
    return bar
