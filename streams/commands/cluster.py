"""`undercurrent cluster`: the clusterer alone, on texts."""

from array import array
from datetime import UTC, datetime
from typing import Annotated

import click
import msgspec

from models.clusterer import ARRIVAL_STEP_MS
from models.clusterers import CLUSTERER_NAMES, make_clusterer
from models.post import TIME_MS_MAX, Reason, to_ms
from models.term_matrix import NO_MICRO_CLUSTER
from models.terms import tokenise
from streams.commands.inputs import Inputs, Rejections, nothing_usable
from streams.commands.interrupts import Interrupts
from streams.commands.options import epilogue, settings_option
from streams.commands.outputs import LineOutput
from streams.errors import say
from streams.settings import Settings
from streams.sources import Line


class Text(msgspec.Struct, frozen=True):
    """What is read of a line: any JSON object with a `text`; a time without zone is UTC."""

    text: str
    created_at: Annotated[int, msgspec.Meta(ge=0, le=TIME_MS_MAX)] | datetime | None = None
    lang: str | None = None

    def event_time_ms(self) -> int | None:
        """Return its own time, if it has one."""
        if isinstance(self.created_at, datetime) and self.created_at.tzinfo is None:
            return to_ms(self.created_at.replace(tzinfo=UTC))
        return None if self.created_at is None else to_ms(self.created_at)


@click.command(
    epilog=epilogue(
        "undercurrent cluster titles.jsonl > ids.txt",
        "undercurrent cluster --clusterer denstream titles.jsonl > theirs.txt",
        "zcat posts.jsonl.gz | undercurrent cluster --resolved - | sort -n | uniq -c | sort -rn | head",
    )
)
@click.argument("file", metavar="FILE")
@click.option("--resolved", is_flag=True, help="Print the ids at the end, as they stand after all merges.")
@click.option("--clusterer", type=click.Choice(CLUSTERER_NAMES), help="In place of that of the settings.")
@settings_option
def cluster(file: str, settings: Settings, clusterer: str | None, *, resolved: bool) -> int:
    """Group texts into narratives: prints one narrative id a line, in the order of the file.

    FILE holds one JSON object a line with `text`, and `created_at` where there is one; else the order is the
    time. A line that is no such object gets the id -1, as does a text without any term. There is no threshold
    to tune; `clusterer` in [detection] of the settings says which clusterer it is: our own, or one of River's to
    compare with, which are slow.
    """
    with Interrupts() as interrupts, LineOutput() as output:
        run = Clustering(clusterer or settings.detection.clusterer)
        inputs = Inputs((file,), interrupts)
        ids = array("q")
        for line in inputs:
            for narrative in run.take(line):
                if resolved:
                    ids.append(narrative)
                else:
                    output.write_line(b"%d" % narrative)
        for narrative in [*ids, *run.blanks_until(inputs.lines)]:
            output.write_line(b"%d" % run.resolve(narrative))
        if run.texts and run.rejections.total():
            say(run.rejections.summary("no texts, and given the id -1"))
        if interrupts.signal or inputs.broken or run.texts:
            return inputs.conclude()
        raise nothing_usable((file,), inputs.lines, run.first, run.rejections.first(), "text")


class Clustering:
    """One run of texts through a clusterer.

    Args:
        clusterer: Its name.

    Attributes:
        texts: Lines so far that had a text.
        rejections: Lines that had none.
        first: The first line that was not blank.
    """

    def __init__(self, clusterer: str) -> None:
        self._clusterer = make_clusterer(clusterer)
        self._decoder = msgspec.json.Decoder(Text)
        self._at_ms = 0
        self._number = 0
        self.texts = 0
        self.rejections = Rejections()
        self.first: bytes | None = None

    def take(self, line: Line) -> list[int]:
        """Return the id of a line, after those of the blank lines before it, so that rows stay in step."""
        blanks = self.blanks_until(line.number - 1)
        self._number = line.number
        return [*blanks, self._assign(line)]

    def blanks_until(self, number: int) -> list[int]:
        """Return an id for each blank line that was passed over up to and with this one."""
        count = max(0, number - self._number)
        self._number += count
        return [NO_MICRO_CLUSTER] * count

    def resolve(self, narrative: int) -> int:
        """Return the id that stands for this one after all merges so far."""
        return narrative if narrative == NO_MICRO_CLUSTER else self._clusterer.resolve(narrative)

    def _assign(self, line: Line) -> int:
        if self.first is None:
            self.first = line.raw
        place = f"line {line.number:,}"
        if line.is_too_long:
            self.rejections.add_too_long(place)
            return NO_MICRO_CLUSTER
        try:
            text = self._decoder.decode(line.raw)
        except (ValueError, RecursionError) as error:
            is_json = isinstance(error, msgspec.ValidationError)
            self.rejections.add(Reason.WRONG_FIELD if is_json else Reason.NOT_JSON, str(error), place)
            return NO_MICRO_CLUSTER
        self.texts += 1
        own_ms = text.event_time_ms()
        self._at_ms = self._at_ms + ARRIVAL_STEP_MS if own_ms is None else own_ms
        terms = tokenise(text.text, text.lang)
        return self._clusterer.assign(terms, event_time_ms=self._at_ms, key=str(line.number))
