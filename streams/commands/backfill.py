"""`undercurrent backfill`: posts of the past into Kafka, for the trackers to learn from without a word."""

from typing import Final

import click

from streams.commands.ingest import send_files, sending_options
from streams.commands.options import epilogue
from streams.errors import Status, say
from streams.metrics import POSTS_BACKFILLED, POSTS_TOO_LATE
from streams.settings import Settings
from streams.topics import BACKFILL_HEADER

_ENVELOPE: Final = 100
"""Nobody waits for one of them, and the workers read envelopes several times as fast."""

_HEADERS: Final = ((BACKFILL_HEADER, b"1"),)


@click.command(
    epilog=epilogue(
        "undercurrent backfill last-weeks.jsonl.gz",
        "zcat 2025-*.jsonl.gz | undercurrent backfill -",
    )
)
@sending_options(envelope=_ENVELOPE)
def backfill(files: tuple[str, ...], envelope: int, from_line: int, give_up_s: float, settings: Settings) -> int:
    """Send posts of the past to Kafka, so that what is usual is known before going live.

    The workers learn from these posts, oldest first, and tell nothing because of them: no alert opens, also not later
    on a story that was under way then. Send all of them before the first post of now, since what is older than the
    newest post of its community is too late. FILE is as for `ingest`.
    """
    status = send_files(files, envelope, from_line, give_up_s, settings, headers=_HEADERS)
    if status is Status.DONE:
        say(
            f"`worker track` learns from them as it reads on: {POSTS_BACKFILLED.name} at its /metrics counts them, "
            f"{POSTS_TOO_LATE.name} those that came too late."
        )
    return status
