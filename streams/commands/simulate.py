"""`undercurrent simulate`: posts of made-up communities, and the truth about what was launched in them."""

import csv
import io
import zlib
from datetime import datetime
from typing import Annotated, Final

import click
import msgspec

from models.post import encode_post, to_ms
from models.simulator import TRUTH_COLUMNS, VOCABULARIES, Simulation, truth_row
from streams.commands.interrupts import Interrupts
from streams.commands.options import epilogue
from streams.commands.outputs import STANDARD_OUTPUT, LineOutput, check_distinct
from streams.errors import OutsideError, Status, say

_DAY_MS: Final = 86_400_000
_GZIP: Final = 31
"""zlib's sign for a gzip stream; it notes no time, so the same posts give the same file."""


@click.command(
    epilog=epilogue(
        "undercurrent simulate --out posts.jsonl.gz",
        "undercurrent simulate --seed 7 --days 2 --communities 3 --out posts.jsonl",
        note="The same options give the same posts.",
    )
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another one, other posts.")
@click.option(
    "--days",
    type=click.FloatRange(min=0, min_open=True),
    default=7.0,
    show_default=True,
    help="Length of it all.",
)
@click.option(
    "--communities",
    type=click.IntRange(1, len(VOCABULARIES)),
    default=len(VOCABULARIES),
    show_default=True,
    help="How many communities take part.",
)
@click.option(
    "--posts-per-hour",
    type=click.FloatRange(min=0.001),
    default=60.0,
    show_default=True,
    help="In a community, on average.",
)
@click.option(
    "--start",
    default="2025-01-06T00:00:00Z",
    show_default=True,
    metavar="TIME",
    help="Time of the first posts.",
)
@click.option(
    "--out", required=True, metavar="FILE", help="Where to; packed if it ends in .gz; `-` is standard output."
)
@click.option("--truth", metavar="FILE", help="Where the launches are listed; by default FILE.events.csv beside it.")
def simulate(
    *,
    seed: int,
    days: float,
    communities: int,
    posts_per_hour: float,
    start: str,
    out: str,
    truth: str | None,
) -> int:
    """Write posts of made-up communities, and beside them what was launched in them and when.

    Launches are what an alert should find; the list has the columns community, onset_epoch_s, pattern, what.
    """
    if truth is None and out != STANDARD_OUTPUT:
        truth = f"{out}.events.csv"
    check_distinct((), (out, truth))
    start_ms = _moment(start)
    simulation = Simulation(
        seed=seed,
        start_ms=start_ms,
        communities=communities,
        posts_per_hour=posts_per_hour,
        duration_ms=round(days * _DAY_MS),
    )
    with Interrupts() as interrupts:
        count, reached_ms = _write_posts(simulation, out, interrupts)
        if truth is not None:
            launches = _write_truth(simulation, truth, reached_ms)
            say(f"{count:,} posts of {communities} communities are in {out}, {launches} launches in {truth}.")
        if interrupts.signal:
            say(f"stopped by {interrupts.name} before the end; what is written is whole.")
        return interrupts.status


def _write_posts(simulation: Simulation, out: str, interrupts: Interrupts) -> tuple[int, int]:
    """Write the posts; return how many, and the latest event time among them."""
    packer = zlib.compressobj(wbits=_GZIP) if out.endswith(".gz") else None
    count = reached_ms = 0
    with LineOutput(out) as output:
        for simulated in simulation.posts():
            line = encode_post(simulated.post) + b"\n"
            output.write(packer.compress(line) if packer else line)
            count += 1
            reached_ms = max(reached_ms, to_ms(simulated.post.created_at))
            if interrupts.signal:
                break
        if packer:
            output.write(packer.flush())
    return count, reached_ms


def _write_truth(simulation: Simulation, truth: str, reached_ms: int) -> int:
    rows = [truth_row(launch) for launch in simulation.launches_until(reached_ms)]
    text = io.StringIO()
    writer = csv.DictWriter(text, TRUTH_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with LineOutput(truth) as output:
        output.write(text.getvalue().encode())
    return len(rows)


def _moment(text: str) -> int:
    try:
        return to_ms(msgspec.convert(text, Annotated[datetime, msgspec.Meta(tz=True)]))
    except msgspec.ValidationError:
        wanted = "an RFC 3339 time such as 2025-01-06T00:00:00Z"
        raise OutsideError(f"--start is {text!r}; expected {wanted}.", Status.UNUSABLE) from None
