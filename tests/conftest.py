"""What holds for every test: no setting of the developer's shell, and properties fair to slow machines."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from streams.__main__ import main
from tests.support.commands import Ended
from tests.support.servers import RedisServer

# A benchmark is run by `make bench`; looking for doctests in it would import it here.
collect_ignore_glob = ["benchmarks/*"]

# A time limit for one example fails on a busy machine and says nothing about the code.
settings.register_profile("undercurrent", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("undercurrent")


# A shell that runs the tests in the background ignores Ctrl-C for them, and they would for the processes they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_settings_from_the_shell(monkeypatch):
    """Removes UNDERCURRENT_… from the environment: a test sees the defaults, or what it sets itself."""
    for name in list(os.environ):
        if name.startswith("UNDERCURRENT_") and name != "UNDERCURRENT_DATA":
            monkeypatch.delenv(name)


@pytest.fixture
def undercurrent(capfd, monkeypatch, tmp_path):
    """A function that runs `undercurrent` with its arguments, in this process and in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=b"") -> Ended:
        path = tmp_path / "standard input"
        path.write_bytes(stdin)
        capfd.readouterr()
        with path.open("rb") as stream, monkeypatch.context() as patch:
            patch.setattr("sys.stdin", stream)
            status = main([str(argument) for argument in arguments])
        path.unlink()
        return Ended(int(status), *capfd.readouterr())

    return run


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real posts that UNDERCURRENT_DATA names; a test that asks for it is skipped without."""
    folder = os.environ.get("UNDERCURRENT_DATA")
    if not folder:
        pytest.skip("real posts are not in the repository: UNDERCURRENT_DATA names the folder that has them")
    return Path(folder)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory) -> Iterator[str]:
    """The address of a real Redis that the tests of this process share: empty it before use."""
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server.url
