"""Each kind of Redis that the contracts hold for."""

import pytest

from streams.redis_store import connect


@pytest.fixture(params=["fakeredis", "redis-server"])
def client(request):
    """An empty Redis of each kind."""
    url = "" if request.param == "fakeredis" else request.getfixturevalue("redis_url")
    client = connect(url)
    client.flushall()
    yield client
    client.close()
