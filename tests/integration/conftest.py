"""Real servers that the tests of one process share. Who needs a fault makes a server of their own.

All tests that ask for the shared broker run in one process (`--dist loadgroup`), so one run has one of it.
"""

import pytest

from tests.support import kafka_log
from tests.support.servers import KafkaServer


def pytest_collection_modifyitems(items):
    """Puts the tests that share the broker into one group, which xdist gives to one worker."""
    for item in items:
        if "kafka_bootstrap" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("kafka"))


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory):
    """A broker as host:port. Topics, groups and messages of earlier tests stay in it: use names of your own."""
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as server:
        yield server.bootstrap


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A broker of a module's own: its faults disturb nobody, and its topics are made anew for each test."""
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as server:
        yield server


@pytest.fixture
def empty_broker(server, monkeypatch):
    """The address of a broker that runs and has no topics, and is the one of the settings."""
    if not server.is_running:
        server.start()
    kafka_log.remove_topics(server.bootstrap)
    monkeypatch.setenv("UNDERCURRENT_KAFKA_BOOTSTRAP", server.bootstrap)
    return server.bootstrap


@pytest.fixture
def broker(empty_broker, undercurrent):
    """The same with all topics, and nothing in them."""
    assert undercurrent("topics", "create").status == 0
    return empty_broker
