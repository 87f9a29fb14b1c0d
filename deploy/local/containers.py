"""The stack as containers: docker compose, told where the settings want the parts."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from deploy.local.parts import Places
from deploy.local.ready import HOST
from streams.errors import OutsideError, Status, say
from streams.settings import DEFAULT_FILE

READY_S: Final = 300
"""How long all containers together may take, images already there."""

SEEN_S: Final = 20
"""How long an engine may take to say that it is there; one that hangs counts as none."""


def has_engine() -> bool:
    """Return whether a container engine runs here that docker compose can speak to."""
    docker = shutil.which("docker")
    return docker is not None and all(_succeeds(docker, *words) for words in (["info"], ["compose", "version"]))


def up(root: Path, places: Places) -> None:
    """Build and start all containers, and return when each is healthy.

    Args:
        root: Where docker-compose.yml lies, and `undercurrent.toml` where there is one.
        places: Which ports of this machine lead to them.

    Raises:
        OutsideError: If one does not become healthy; docker has said which.
    """
    variables = {**os.environ, **compose_variables(root, places)}
    command = ["compose", "up", "--detach", "--build", "--wait", "--wait-timeout", str(READY_S)]
    if _docker(root, variables, command):
        raise OutsideError(
            "not every container is healthy; `docker compose ps` and `docker compose logs NAME` say more, "
            "`make down` stops the rest.",
            Status.INCOMPLETE,
        )
    say(
        f"all is up, as containers; `make down` stops it. Grafana is on {HOST}:{places.grafana_port}; user admin, "
        "password GRAFANA_PASSWORD, or else what this prints: "
        "docker compose exec grafana cat /var/lib/grafana/admin-password"
    )


def down(root: Path) -> list[str]:
    """Stop and remove the containers, keep their data, and return the names of the services that ran.

    Raises:
        OutsideError: If docker refuses; it has said why.
    """
    command = ["docker", "compose", "ps", "--services"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603
    names = listed.stdout.split()
    if names and _docker(root, dict(os.environ), ["compose", "down"]):
        raise OutsideError("docker compose could not stop all containers; it says above why.", Status.INCOMPLETE)
    return names


def compose_variables(root: Path, places: Places) -> dict[str, str]:
    """Return the variables of docker-compose.yml that say which ports of this machine, and which settings."""
    settings = root / DEFAULT_FILE
    return {
        **({"SETTINGS_FILE": str(settings)} if settings.exists() else {}),
        "KAFKA_PORT": str(places.kafka_port),
        "REDIS_PORT": str(places.redis_port),
        "UNDERCURRENT_PROMETHEUS_PORT": str(places.prometheus_port),
        "UNDERCURRENT_GRAFANA_PORT": str(places.grafana_port),
        **{f"UNDERCURRENT_{stage.upper()}_PORT": str(port) for stage, port in places.worker_ports.items()},
    }


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=SEEN_S, check=False).returncode == 0  # noqa: S603
    except subprocess.TimeoutExpired:
        return False


def _docker(root: Path, environment: dict[str, str], arguments: list[str]) -> int:
    command = ["docker", *arguments]
    return subprocess.run(command, cwd=root, env=environment, stdout=sys.stderr, check=False).returncode  # noqa: S603
