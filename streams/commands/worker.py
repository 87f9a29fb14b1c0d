"""`undercurrent worker`: one stage of the product on Kafka."""

import click

from streams.commands.options import epilogue, settings_option
from streams.settings import Settings

_ENDS = (
    "Ends with 143 after SIGTERM, 2 when only you can mend what is wrong (one line says what), 70 when it did no work "
    "for 90 s; run it under something that starts it again."
)


@click.group(epilog=epilogue("undercurrent worker intake", "undercurrent worker track --help", note=_ENDS))
def worker() -> None:
    """Run one stage on Kafka, by Faust.

    Posts go through intake (posts into frames, by community), track (frames into alerts and trends) and sink (both
    into Redis). Of each stage as many workers may run as its topic has partitions: they share them.

    The topics must be there: undercurrent topics create
    """


@worker.command(
    epilog=epilogue("undercurrent worker track", "undercurrent worker track --skip-lost", note=_ENDS),
)
@click.option(
    "--skip-lost",
    is_flag=True,
    help="If the log no longer holds what the saved state needs next, go on without, and say what is missing.",
)
@settings_option
def track(*, skip_lost: bool, settings: Settings) -> int:
    """Follow the communities: frames in, alerts and trends out.

    All it remembers lies in the topic of snapshots, so it may be killed at any moment and go on anywhere.
    """
    # Here, because Faust takes a second to import, which help need not wait for.
    from streams.workers.track import run_track  # noqa: PLC0415

    return run_track(settings, skip_lost=skip_lost)


@worker.command(epilog=epilogue("undercurrent worker intake", note=_ENDS))
@settings_option
def intake(*, settings: Settings) -> int:
    """Sort posts by community: posts in, frames and dead letters out.

    An input of which most is no post is paused, so that the others go on; `undercurrent control resume` reads on.
    """
    from streams.workers.intake import run_intake  # noqa: PLC0415 - as above

    return run_intake(settings)


@worker.command(epilog=epilogue("undercurrent worker sink", note=_ENDS))
@settings_option
def sink(*, settings: Settings) -> int:
    """Bring alerts and trends to Redis, and what people said of alerts.

    While Redis is away it waits; a Redis that comes back empty is filled again, its alerts marked as rebuilt.
    """
    from streams.workers.sink import run_sink  # noqa: PLC0415 - as above

    return run_sink(settings)
