"""What `--stats` says: speed, memory, and what became of the posts."""

from collections.abc import Callable, Iterator
from typing import Final

from streams import clock
from streams.commands.memory import peak_bytes, resident_bytes
from streams.pipeline import Counts

_MIB: Final = 1024 * 1024
_LABEL_WIDTH: Final = 18


class Statistics:
    """Speed and memory of one run. Resident memory at half and at the end tells whether it still grows.

    Args:
        total_bytes: Bytes of input in all; None if that is not known, and then half is not either.
        elapsed_s: Seconds since an arbitrary moment.
    """

    def __init__(self, total_bytes: int | None, elapsed_s: Callable[[], float] = clock.monotonic_s) -> None:
        self._half_bytes = None if total_bytes is None else total_bytes / 2
        self._elapsed_s = elapsed_s
        self._started_s = elapsed_s()
        self._resident_at_half: int | None = None

    def note(self, done_bytes: int) -> None:
        """Note how far the input was read; the first time beyond half, the memory at that point."""
        if self._half_bytes is not None and self._resident_at_half is None and done_bytes >= self._half_bytes:
            self._resident_at_half = resident_bytes()

    def lines(self, counts: Counts, rejected: int) -> Iterator[str]:
        """Yield what there is to say, one ``label  value`` a line.

        Args:
            counts: Of the pipeline, at the end.
            rejected: Messages that were no posts.
        """
        seconds = self._elapsed_s() - self._started_s
        values = {
            "posts": f"{counts.posts:,}",
            "posts/s": f"{counts.posts / max(seconds, 0.001):,.0f}",
            "seconds": f"{seconds:,.1f}",
            "resident at half": _mebibytes(self._resident_at_half),
            "resident at end": _mebibytes(resident_bytes()),
            "resident at peak": _mebibytes(peak_bytes()),
            "rejected": f"{rejected:,}",
            "unassigned": f"{counts.unassigned:,}",
            "duplicates": f"{counts.duplicates:,}",
            "late": f"{counts.late:,}",
            "too late": f"{counts.too_late:,}",
            "communities": f"{counts.communities:,}",
            "alerts opened": f"{counts.alerts_opened:,}",
            "alerts updated": f"{counts.alerts_updated:,}",
            "alerts resolved": f"{counts.alerts_resolved:,}",
            "alerts retracted": f"{counts.alerts_retracted:,}",
            "alerts still open": f"{counts.open_alerts:,}",
            "trends": f"{counts.trends:,}",
        }
        for label, value in values.items():
            yield f"{label:<{_LABEL_WIDTH}} {value}"


def _mebibytes(count: int | None) -> str:
    return "unknown" if count is None else f"{count / _MIB:,.1f} MiB"
