"""`undercurrent score-counts`: the burst detector alone, on counts."""

from datetime import UTC, datetime
from typing import Annotated, Final

import click
import msgspec

from models.counts import CountSeries
from models.post import TIME_MS_MAX, Name, Reason, to_ms
from streams.commands.inputs import Inputs, Rejections, nothing_usable
from streams.commands.interrupts import Interrupts
from streams.commands.options import epilogue
from streams.commands.outputs import LineOutput
from streams.errors import say
from streams.sources import Line

COUNT_MAX: Final = 10**15
"""Sums of counts stay exact as floating-point numbers far beyond what anybody counts."""


class CountRow(msgspec.Struct, frozen=True):
    """What is read of a line; a time without zone is UTC."""

    community: Name
    created_at: Annotated[int, msgspec.Meta(ge=0, le=TIME_MS_MAX)] | datetime
    count: Annotated[float, msgspec.Meta(ge=0, le=COUNT_MAX)]

    def event_time_ms(self) -> int:
        """Return when it was counted."""
        if isinstance(self.created_at, datetime) and self.created_at.tzinfo is None:
            return to_ms(self.created_at.replace(tzinfo=UTC))
        return to_ms(self.created_at)


class ScoreRow(msgspec.Struct, frozen=True):
    """What is written of a line, with the time as it was given."""

    community: str
    created_at: msgspec.Raw
    score: float


class _Given(msgspec.Struct, frozen=True):
    created_at: msgspec.Raw


@click.command(
    epilog=epilogue(
        "undercurrent score-counts counts.jsonl > scores.jsonl",
        "zcat counts.jsonl.gz | undercurrent score-counts - | jq -c 'select(.score >= 0.5)'",
    )
)
@click.argument("file", metavar="FILE")
def score_counts(file: str) -> int:
    """Score counts of posts: prints one JSON line for each, in the order of the file.

    FILE holds one JSON object a line with `community`, `created_at` (RFC 3339, where a time without zone is UTC,
    or epoch milliseconds) and `count`. What is printed is `community`, `created_at` as it was given, and `score`
    in 0..1, from that row and earlier ones of its community only: 0.5 for what chance brings once a week, 0 where
    there is nothing new. There is no threshold to tune. A line that is no such object is left out.
    """
    with Interrupts() as interrupts, LineOutput() as output:
        run = Scoring()
        inputs = Inputs((file,), interrupts)
        for line in inputs:
            scored = run.take(line)
            if scored:
                output.write_line(scored)
        if run.rows and run.rejections.total():
            say(run.rejections.summary("left out, as they hold no `community`, `created_at` and `count`"))
        if run.late:
            say(f"earlier than the row before of their community, and given the score 0: {run.late:,} {run.first_late}")
        if interrupts.signal or inputs.broken or run.rows:
            return inputs.conclude()
        raise nothing_usable((file,), inputs.lines, run.first, run.rejections.first(), "count")


class Scoring:
    """One run of counts through the detector, each community a series of its own.

    Attributes:
        rows: Lines so far that held a count.
        rejections: Lines that held none.
        late: Rows so far that were earlier than the one before of their community.
        first_late: Where the first of them stood.
        first: The first line that was not blank.
    """

    def __init__(self) -> None:
        self._series: dict[str, CountSeries] = {}
        self._decoder = msgspec.json.Decoder(CountRow)
        self._given = msgspec.json.Decoder(_Given)
        self.rows = 0
        self.rejections = Rejections()
        self.late = 0
        self.first_late = ""
        self.first: bytes | None = None

    def take(self, line: Line) -> bytes | None:
        """Return what is written for a line; None if it holds no count."""
        if self.first is None:
            self.first = line.raw
        place = f"line {line.number:,}"
        if line.is_too_long:
            self.rejections.add_too_long(place)
            return None
        try:
            row = self._decoder.decode(line.raw)
        except (ValueError, RecursionError) as error:
            is_json = isinstance(error, msgspec.ValidationError)
            self.rejections.add(Reason.WRONG_FIELD if is_json else Reason.NOT_JSON, str(error), place)
            return None
        self.rows += 1
        return msgspec.json.encode(
            ScoreRow(row.community, self._given.decode(line.raw).created_at, self._score(row, place))
        )

    def _score(self, row: CountRow, place: str) -> float:
        series = self._series.setdefault(row.community, CountSeries())
        event_time_ms = row.event_time_ms()
        if series.is_late(event_time_ms):
            self.late += 1
            self.first_late = self.first_late or f"(the first: {place})"
        return series.score(event_time_ms, row.count)
