"""Promises on both kinds of Redis stand in `tests/contracts/test_sink_store.py`."""

import pytest
import redis

from deploy.local.ready import free_port
from streams.redis_store import RedisStore, connect
from streams.workers.sink_store import MovedError, Progress, SinkStore
from streams.workers.stage import Partition


def test_a_partition_is_rebuilding_until_it_has_what_redis_had():
    assert Progress(3, 5).is_rebuilding
    assert not Progress(5, 5).is_rebuilding
    assert not Progress(3).is_rebuilding


def test_an_error_names_the_partitions_that_have_moved():
    assert str(MovedError([Partition("t", 2), Partition("t", 1)])) == "t/1, t/2"


def test_a_server_that_is_not_there_is_told_at_once():
    client = connect(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(redis.ConnectionError):
        SinkStore(client, RedisStore(client)).positions([Partition("t", 0)])
