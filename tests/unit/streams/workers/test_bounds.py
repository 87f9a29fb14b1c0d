import asyncio

import pytest
from aiokafka.errors import KafkaError

from deploy.local.ready import free_port
from streams.workers.bounds import BoundsReader
from tests.support.stages import FRAMES


def test_of_nothing_it_asks_nobody():
    assert asyncio.run(BoundsReader("127.0.0.1:1").read([])) == {}


def test_when_no_broker_answers_it_says_so_and_asks_anew_the_next_time():
    async def ask():
        reader = BoundsReader(f"127.0.0.1:{free_port()}")
        for _ in range(2):
            with pytest.raises((KafkaError, TimeoutError)):
                await reader.read([FRAMES])
        await reader.close()

    asyncio.run(ask())
