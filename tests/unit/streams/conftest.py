"""Commands as a user starts them, but inside the test's process and in a folder of its own."""

from typing import NamedTuple

import pytest

from streams.__main__ import main


class Ended(NamedTuple):
    """How a command ended: its status, and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def undercurrent(capfd, monkeypatch, tmp_path):
    """A function that runs `undercurrent` with its arguments in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=b"") -> Ended:
        path = tmp_path / "standard input"
        path.write_bytes(stdin)
        with path.open("rb") as stream, monkeypatch.context() as patch:
            patch.setattr("sys.stdin", stream)
            status = main([str(argument) for argument in arguments])
        path.unlink()
        return Ended(int(status), *capfd.readouterr())

    return run
