"""Programs that are not Python's: where each is, and how a server is started from it."""

import shutil
from pathlib import Path
from typing import Final

from deploy.local.ready import HOST
from streams.errors import OutsideError

PACKAGES: Final = {"redis-server": "redis-server", "prometheus": "prometheus", "promtool": "prometheus", "mvn": "maven"}
"""The Debian package of each program."""


def find_program(name: str) -> str:
    """Return a program's path.

    Raises:
        OutsideError: If it is not there, with the command that installs it.
    """
    path = shutil.which(name)
    if path is None:
        raise OutsideError(
            f"{name} is not on PATH; on Debian and Ubuntu: sudo apt-get install --no-install-recommends "
            f"{PACKAGES[name]}."
        )
    return path


def redis_command(folder: Path, port: int, *, is_kept: bool) -> list[str]:
    """Return the command line of a Redis server on a loopback port.

    Args:
        folder: Where it keeps its data.
        port: Where it listens.
        is_kept: Whether what it holds outlives it: each write is in a file within a second.
    """
    keeping = ["--appendonly", "yes", "--appendfsync", "everysec"] if is_kept else ["--appendonly", "no"]
    place = ["--bind", HOST, "--port", str(port), "--dir", str(folder)]
    return [find_program("redis-server"), *place, "--save", "", *keeping]


def prometheus_command(folder: Path, port: int, configuration: Path) -> list[str]:
    """Return the command line of a Prometheus server on a loopback port.

    Args:
        folder: Where it keeps its data, for 15 days and up to 1 GB.
        port: Where it listens.
        configuration: The folder of its `prometheus.yml`.
    """
    return [
        find_program("prometheus"),
        f"--config.file={configuration / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder}",
        "--storage.tsdb.retention.time=15d",
        "--storage.tsdb.retention.size=1GB",
        f"--web.listen-address={HOST}:{port}",
    ]
