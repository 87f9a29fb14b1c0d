"""Parts under supervisord: each is restarted whenever it ends, until all are stopped.

`run/<name>.pid` names the process of a part itself, rewritten at each restart; `logs/<name>.log` has what it
says. supervisord is told what to run by its configuration alone, which is written anew at each start: what has
changed in it is restarted, what has not goes on undisturbed.
"""

import hashlib
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from deploy.local.parts import Part
from deploy.local.processes import end, is_alive, read_pid
from deploy.local.ready import until
from streams.errors import OutsideError, Status

ROOT: Final = Path(__file__).parent.parent.parent
RUNNER: Final = Path(__file__).with_name("run.sh")

MARKS: Final = {"kafka": "kafka.Kafka", "redis": "redis-server", "prometheus": "prometheus"}
"""What stands in the command line of each part; of all others `undercurrent`."""

SUPERVISORD: Final = "supervisord"
STOP_S: Final = 120.0
"""How long all parts together may take to stop; each has a limit of its own."""

PART_STOP_S: Final = 30.0
"""How long a part may take whose supervisord was killed."""

START_S: Final = 20.0
SOCKET_PATH_MAX: Final = 90
"""The path of a Unix socket has 104 characters at most, and supervisord appends its process id to it."""

_HEAD: Final = """\
; Written by `make up`, and written anew by the next one.
[supervisord]
nodaemon=false
directory={root}
pidfile={folder}/supervisord.pid
logfile={folder}/logs/supervisord.log
logfile_maxbytes=1MB
logfile_backups=1
childlogdir={folder}/logs

[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://{socket}
"""
# It never gives up: a worker that ends because the broker is away is started again until the broker is back.
_PROGRAM: Final = """
[program:{name}]
command=/bin/sh {runner} {pid_file} {command}
environment={environment}
priority={priority}
autorestart=true
startretries=1000000000
stopwaitsecs={stop_s}
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""
# One group stops at once, and before whatever has a lower priority.
_WORKERS: Final = """
[group:workers]
programs={names}
priority={priority}
"""


class Supervision:
    """One supervisord and its parts.

    Args:
        folder: Holds `run/`, `logs/`, and what supervisord needs for itself.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._configuration = self.folder / "supervisord.conf"
        self._run = self.folder / "run"

    @property
    def is_running(self) -> bool:
        """Whether supervisord runs."""
        return self._pid() is not None

    def start(self, parts: Sequence[Part], environment: Mapping[str, str]) -> None:
        """Run these parts and no others; return at once, or as soon as those that have changed were stopped.

        Args:
            parts: What is to run, in the order of starting; stopping goes the other way, workers all at once.
            environment: Environment variables for all of them, beside those of this process.

        Raises:
            OutsideError: If supervisord refuses.
        """
        for folder in (self._run, self.folder / "logs"):
            folder.mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(self.configuration(parts, environment), encoding="utf-8")
        if self.is_running:
            self._call("supervisorctl", "update")
        else:
            self._call("supervisord")
            if not until(lambda: self.is_running, START_S):
                raise OutsideError(f"supervisord did not start; {self.folder}/logs/supervisord.log says why.")

    def stop(self) -> list[str]:
        """Stop all parts, the last first, and return the names of those that ran.

        Parts whose supervisord was killed are stopped too.
        """
        running = [name for name in self._names() if self.pid(name) is not None]
        pid = self._pid()
        if pid is not None:
            end({pid: SUPERVISORD}, STOP_S)
        for are_servers in (False, True):
            left = {self.pid(name): _mark(name) for name in running if (name in MARKS) is are_servers}
            end({pid: mark for pid, mark in left.items() if pid is not None}, PART_STOP_S)
        for path in self._run.glob("*.pid"):
            path.unlink()
        # supervisord removes it itself, unless it was killed.
        _socket(self.folder).unlink(missing_ok=True)
        return running

    def pid(self, name: str) -> int | None:
        """Return the process id of a part; None if it does not run."""
        pid = self.last_pid(name)
        return pid if pid is not None and is_alive(pid, _mark(name)) else None

    def last_pid(self, name: str) -> int | None:
        """Return the process id that a part had last, though it may have ended; None if it never started."""
        return read_pid(self._run / f"{name}.pid")

    def log(self, name: str) -> Path:
        """Return the file that has what a part says."""
        return self.folder / "logs" / f"{name}.log"

    def configuration(self, parts: Sequence[Part], environment: Mapping[str, str]) -> str:
        """Return supervisord's configuration for these parts."""
        places = {"root": ROOT, "folder": self.folder, "socket": _socket(self.folder), "runner": RUNNER}
        # A sign of percent begins an expansion there.
        escaped = {key: str(value).replace("%", "%%") for key, value in places.items()}
        variables = ",".join(f"{name}={_quoted(value)}" for name, value in sorted(environment.items()))
        programs = [
            _PROGRAM.format(
                name=part.name,
                command=shlex.join(part.command).replace("%", "%%"),
                environment=variables,
                priority=priority,
                stop_s=part.stop_s,
                pid_file=shlex.quote(f"{self._run}/{part.name}.pid").replace("%", "%%"),
                # supervisord expands this one twice.
                log=str(self.log(part.name)).replace("%", "%%%%"),
                runner=shlex.quote(escaped["runner"]),
            )
            for priority, part in enumerate(parts, 1)
        ]
        workers = [part.name for part in parts if part.is_worker]
        group = _WORKERS.format(names=",".join(workers), priority=len(parts) + 1) if workers else ""
        return "".join([_HEAD.format_map(escaped), *programs, group])

    def _names(self) -> list[str]:
        return sorted(path.stem for path in self._run.glob("*.pid"))

    def _pid(self) -> int | None:
        pid = read_pid(self.folder / "supervisord.pid")
        return pid if pid is not None and is_alive(pid, SUPERVISORD) else None

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(Path(sys.executable).with_name(program)), "-c", str(self._configuration), *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — own arguments
        if result.returncode:
            said = " ".join((result.stdout + result.stderr).split())
            raise OutsideError(f"{program} failed: {said}", Status.INCOMPLETE)


def _mark(name: str) -> str:
    return MARKS.get(name, "undercurrent")


def _socket(folder: Path) -> Path:
    path = folder / "supervisor.sock"
    if len(str(path)) <= SOCKET_PATH_MAX:
        return path
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"undercurrent-{digest}.sock")


def _quoted(text: str) -> str:
    return '"' + text.replace("%", "%%").replace('"', '\\"') + '"'
