"""Waiting for the broker and for the topics of a stage, before Faust is started: it would end, or go on silently."""

import asyncio
from collections.abc import Callable, Collection
from typing import Final

from aiokafka.client import AIOKafkaClient  # type: ignore[import-untyped] # aiokafka says nothing of its types
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.logs import get_logger

RETRY_S: Final = 1.0
_SAY_EVERY: Final = 30

_log = get_logger()


async def wait_for_topics(
    bootstrap: str, topics: Collection[str], is_stopped: asyncio.Event, on_problem: Callable[[str], None]
) -> dict[str, int] | None:
    """Return the number of partitions of each topic as soon as all are there; None if it is stopped before.

    Args:
        bootstrap: The brokers as host:port, separated by commas.
        topics: Names of the topics.
        is_stopped: Ends the waiting.
        on_problem: Told what is waited for.
    """
    tries = 0
    while not is_stopped.is_set():
        found, problem = await _look(bootstrap, topics)
        if problem is None:
            return found
        on_problem(problem)
        if tries % _SAY_EVERY == 0:
            _log.warning("worker_waits", reason=problem)
        tries += 1
        try:
            await asyncio.wait_for(is_stopped.wait(), RETRY_S)
        except TimeoutError:
            continue
    return None


async def _look(bootstrap: str, topics: Collection[str]) -> tuple[dict[str, int], str | None]:
    """Return the partitions of the topics that are there, and what is missing, as a sentence."""
    client = AIOKafkaClient(bootstrap_servers=bootstrap)
    try:
        await client.bootstrap()
        cluster = await client.fetch_all_metadata()
    except (KafkaError, OSError) as error:
        return {}, f"no Kafka broker answers at {bootstrap}: {str(error).rstrip('.') or type(error).__name__}"
    finally:
        await client.close()
    found = {topic: len(cluster.partitions_for_topic(topic) or ()) for topic in topics}
    missing = sorted(topic for topic, partitions in found.items() if not partitions)
    if not missing:
        return found, None
    named = f"topic {missing[0]} is" if len(missing) == 1 else f"topics {', '.join(missing)} are"
    return found, f"{named} not there: run `undercurrent topics create`"
