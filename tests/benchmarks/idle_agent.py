"""A stock Faust agent that does nothing: it reads the topic of posts and prints the CPU seconds that this took.

python -m tests.benchmarks.idle_agent BOOTSTRAP MESSAGES
"""

import os
import sys
import tempfile
import time

import faust
import uvloop

from streams import topics


def main():
    """Reads so many messages and ends."""
    bootstrap, messages = sys.argv[1], int(sys.argv[2])
    uvloop.install()
    app = faust.App(
        "undercurrent-bench-idle",
        broker=f"kafka://{bootstrap}",
        store="memory://",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        datadir=tempfile.mkdtemp(),
    )
    source = app.topic(
        topics.POSTS.name, key_serializer="raw", value_serializer="raw", key_type=bytes, value_type=bytes
    )

    @app.agent(source)
    async def idle(stream):
        count, before = 0, 0.0
        async for _ in stream:
            before = before or time.process_time()
            count += 1
            if count == messages:
                print(time.process_time() - before, flush=True)
                os._exit(0)

    faust.Worker(app, redirect_stdouts=False, loglevel="error").execute_from_commandline()


if __name__ == "__main__":
    main()
