"""A small archive of made-up posts with launches, and what `replay` makes of it: for commands that run it again."""

from models.message import AlertMessage
from models.post import encode_post
from models.simulator import Simulation
from streams.pipeline import Pipeline
from streams.settings import Settings

HOUR_MS = 3_600_000
MIDNIGHT_MS = 1_767_571_200_000


def make_archive() -> bytes:
    """Returns twelve hours of posts of two communities, with launches from the fifth on."""
    simulation = Simulation(
        seed=1,
        start_ms=MIDNIGHT_MS,
        communities=2,
        launches_per_week=40,
        first_launch_after_ms=4 * HOUR_MS,
        decoys_per_week=0,
        duration_ms=12 * HOUR_MS,
    )
    return b"".join(encode_post(simulated.post) + b"\n" for simulated in simulation.posts())


def alerts_in(archive: bytes, budget="balanced") -> list[AlertMessage]:
    """Returns the alert messages that an archive gives under a budget."""
    messages = []
    pipeline = Pipeline(Settings().with_budget(budget), on_message=messages.append, on_dead_letter=print)
    for line in archive.splitlines():
        pipeline.feed(line, None)
    pipeline.finish()
    return [message for message in messages if isinstance(message, AlertMessage)]
