import asyncio

from deploy.local.ready import free_port
from streams.workers.broker import wait_for_topics


def test_it_says_that_no_broker_answers_and_ends_when_it_is_stopped():
    bootstrap = f"127.0.0.1:{free_port()}"
    problems = []

    async def wait():
        is_stopped = asyncio.Event()

        def note(problem):
            problems.append(problem)
            is_stopped.set()

        return await wait_for_topics(bootstrap, ["frames"], is_stopped, note)

    assert asyncio.run(wait()) is None
    assert problems[0].startswith(f"no Kafka broker answers at {bootstrap}: ")


def test_what_is_stopped_before_asks_nobody():
    async def wait():
        is_stopped = asyncio.Event()
        is_stopped.set()
        return await wait_for_topics("127.0.0.1:1", ["frames"], is_stopped, lambda _: None)

    assert asyncio.run(wait()) is None
