"""The parts of the local stack: what each is started by, where it listens and when it is ready."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from deploy.local import kafka
from deploy.local.programs import prometheus_command, redis_command
from deploy.local.prometheus import write_configuration
from deploy.local.ready import HOST, http_answers, redis_answers
from streams.errors import OutsideError
from streams.settings import Settings

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
PORT_MAX: Final = 65_535
REDIS_PORT: Final = 6379

PROGRAM: Final = Path(sys.executable).with_name("undercurrent")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process of the stack.

    Attributes:
        name: As in `run/<name>.pid` and `logs/<name>.log`.
        ports: Where it listens on loopback; the first is the one that others speak to.
        moved_by: What moves it to other ports, for people.
        prepare: Makes what it needs in its folder; harmless when that is there.
        command: Its command line.
        is_ready: Asks it whether it can do its work.
        ready_s: How long that may take from its start.
        stop_s: How long it may take to stop when it is asked to; then it is killed.
        is_worker: Whether it stands on the others and so stops before them, beside its fellows.
    """

    name: str
    ports: tuple[int, ...]
    moved_by: str
    prepare: Callable[[], None]
    command: tuple[str, ...]
    is_ready: Callable[[], bool]
    ready_s: float
    stop_s: int
    is_worker: bool = False


class Places:
    """Where the parts are, out of the settings.

    Args:
        settings: As every command reads them, so that who moves a part moves its users too.

    Raises:
        OutsideError: If one of them cannot be started on this machine as the settings want it.
    """

    def __init__(self, settings: Settings) -> None:
        self.kafka_port = _kafka_port(settings.kafka.bootstrap)
        self.redis_port, self._redis_path = _redis_place(settings.redis.url)
        self.prometheus_port = settings.stack.prometheus_port
        self.grafana_port = settings.stack.grafana_port
        workers = settings.workers
        self.worker_ports = {"intake": workers.intake_port, "track": workers.track_port, "sink": workers.sink_port}
        for stage, port in self.worker_ports.items():
            if not port:
                raise OutsideError(f"`workers.{stage}_port` is 0; a part of the stack needs a port from 1 on.")

    def environment(self) -> dict[str, str]:
        """Return the environment variables that lead a command of this project to these places."""
        return {
            "UNDERCURRENT_KAFKA_BOOTSTRAP": f"{HOST}:{self.kafka_port}",
            "UNDERCURRENT_REDIS_URL": f"redis://{HOST}:{self.redis_port}{self._redis_path}",
            "UNDERCURRENT_WORKERS_HOST": HOST,
            **{f"UNDERCURRENT_{stage.upper()}_PORT": str(port) for stage, port in self.worker_ports.items()},
        }


def servers(places: Places, folder: Path, environment: Mapping[str, str] = os.environ) -> list[Part]:
    """Return what the workers stand on, in the order of starting.

    Args:
        places: Where they listen.
        folder: Holds their data.
        environment: Environment variables; those of the process if not given.

    Raises:
        OutsideError: If a program is missing.
    """
    data = folder / "data"
    controller_port = places.kafka_port + 1
    broker = kafka.Broker(data / "kafka", places.kafka_port, controller_port, environment=environment)
    configuration = folder / "prometheus"
    return [
        Part(
            name="kafka",
            ports=(places.kafka_port, controller_port),
            moved_by=f"UNDERCURRENT_KAFKA_BOOTSTRAP={HOST}:{places.kafka_port + 100}",
            prepare=broker.prepare,
            command=tuple(broker.command()),
            is_ready=partial(kafka.answers, places.kafka_port),
            ready_s=kafka.START_S,
            stop_s=30,
        ),
        Part(
            name="redis",
            ports=(places.redis_port,),
            moved_by=f"UNDERCURRENT_REDIS_URL=redis://{HOST}:{places.redis_port + 100}/0",
            prepare=partial((data / "redis").mkdir, parents=True, exist_ok=True),
            command=tuple(redis_command(data / "redis", places.redis_port, is_kept=True)),
            is_ready=partial(redis_answers, places.redis_port),
            ready_s=60,
            stop_s=15,
        ),
        Part(
            name="prometheus",
            ports=(places.prometheus_port,),
            moved_by=f"UNDERCURRENT_PROMETHEUS_PORT={places.prometheus_port + 100}",
            prepare=partial(write_configuration, configuration, places.worker_ports),
            command=tuple(prometheus_command(data / "prometheus", places.prometheus_port, configuration)),
            is_ready=partial(http_answers, places.prometheus_port, "/-/ready"),
            ready_s=60,
            stop_s=15,
        ),
    ]


def workers(places: Places) -> list[Part]:
    """Return the workers, in the order of a post's way."""
    return [
        Part(
            name=stage,
            ports=(port,),
            moved_by=f"UNDERCURRENT_{stage.upper()}_PORT={port + 100}",
            prepare=lambda: None,
            command=(str(PROGRAM), "worker", stage),
            is_ready=partial(http_answers, port, "/readyz"),
            # Faust joins its group in seconds; a tracker may have minutes of its log to read again.
            ready_s=180,
            # A worker stops within 10 s.
            stop_s=15,
            is_worker=True,
        )
        for stage, port in places.worker_ports.items()
    ]


def _kafka_port(bootstrap: str) -> int:
    host, _, port = bootstrap.rpartition(":")
    if host not in LOOPBACK or not 0 < int(port) < PORT_MAX:
        raise OutsideError(
            f"`kafka.bootstrap` is {bootstrap!r}, but the local stack has one broker of its own, on this machine; "
            f"expected {HOST} and a port, such as {HOST}:9092."
        )
    return int(port)


def _redis_place(url: str) -> tuple[int, str]:
    if not url:
        return REDIS_PORT, "/0"
    parts = urlsplit(url)
    if parts.scheme != "redis" or parts.hostname not in LOOPBACK or parts.username or parts.password:
        # The address is not repeated: it may hold a password.
        raise OutsideError(
            "`redis.url` names a Redis of yours, but the local stack has its own, on this machine and without a "
            f"password; expected an address like redis://{HOST}:{REDIS_PORT}/0."
        )
    return parts.port or REDIS_PORT, parts.path or "/0"
