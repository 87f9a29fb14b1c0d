"""Real servers that the tests of one process share. Who needs a fault makes a server of their own.

All tests that ask for the shared broker run in one process (`--dist loadgroup`), so one run has one of it.
"""

import pytest

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
