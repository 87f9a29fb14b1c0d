"""The track stage on Kafka."""

from streams.settings import Settings


def run_track(settings: Settings, *, skip_lost: bool) -> int:
    """Run the worker; in the making."""
    raise NotImplementedError(settings, skip_lost)
