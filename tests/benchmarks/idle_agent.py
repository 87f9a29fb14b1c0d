"""A stock Faust agent that does nothing: it reads the topic of posts, and prints its messages and CPU seconds.

python -m tests.benchmarks.idle_agent BOOTSTRAP
"""

import asyncio
import os
import sys
import tempfile
import time

import faust
import uvloop

from streams import topics

POLL_S = 0.25
QUIET_S = 5.0
"""Without a message for so long the topic has been read. Messages are not counted on: stock Faust may skip some."""


def main():
    """Reads what the topic holds and ends."""
    uvloop.install()
    app = faust.App(
        "undercurrent-bench-idle",
        broker=f"kafka://{sys.argv[1]}",
        store="memory://",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        datadir=tempfile.mkdtemp(),
    )
    source = app.topic(
        topics.POSTS.name, key_serializer="raw", value_serializer="raw", key_type=bytes, value_type=bytes
    )
    count, before = 0, 0.0

    @app.agent(source)
    async def idle(stream):
        nonlocal count, before
        async for _ in stream:
            before = before or time.process_time()
            count += 1

    @app.task
    async def report():
        samples = []
        last_s = time.monotonic()
        while not samples or time.monotonic() - last_s < QUIET_S:
            await asyncio.sleep(POLL_S)
            if count and (not samples or count > samples[-1][0]):
                samples.append((count, time.process_time()))
                last_s = time.monotonic()
        last, after = samples[-1]
        print(last - 1, after - before, flush=True)
        os._exit(0)

    faust.Worker(app, redirect_stdouts=False, loglevel="error").execute_from_commandline()


if __name__ == "__main__":
    main()
