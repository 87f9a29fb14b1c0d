"""`make up` and `make down`: the whole stack on this machine.

    python -m deploy.local.stack up|down [--local]

By docker compose where an engine runs, else by local processes under supervisord, with all that they keep in
`.undercurrent/`: data, logs and `run/<name>.pid`. Both are harmless when done twice.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from deploy.local import containers, requirements
from deploy.local.parts import PROGRAM, Part, Places, servers, workers
from deploy.local.ready import HOST, is_free, until
from deploy.local.supervision import ROOT, Supervision
from streams.errors import OutsideError, Status, say
from streams.settings import load_settings

FOLDER: Final = ROOT / ".undercurrent"
STARTS_MAX: Final = 3
"""A part that has ended so often before it was ready will not be ready the next time."""

LOG_LINES: Final = 15


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.stack", description="The whole stack, here.")
    parser.add_argument("command", choices=["up", "down"])
    parser.add_argument("--local", action="store_true", help="local processes, even where a container engine runs")
    options = parser.parse_args()
    try:
        if options.command == "up":
            up(FOLDER, is_local=options.local)
        else:
            down(FOLDER)
    except OutsideError as error:
        say(error.sentence)
        sys.exit(error.status)
    except KeyboardInterrupt:
        say("stopped waiting; what was started goes on. `make down` stops it.")
        sys.exit(Status.INTERRUPTED)


def up(folder: Path, *, is_local: bool) -> None:
    """Start all parts, and return when each is ready.

    Args:
        folder: Where local processes keep what they keep.
        is_local: Whether they are wanted even where a container engine runs.

    Raises:
        OutsideError: If one cannot be started or does not become ready, with its name and the end of its log.
    """
    settings = load_settings()
    if not is_local and containers.has_engine():
        containers.up(ROOT, Places(settings))
        return
    requirements.meet(os.environ)
    places = Places(settings)
    supervision = Supervision(folder)
    foundation, stages = servers(places, folder), workers(places)
    if not supervision.is_running:
        # Parts that outlived their supervisord would hold the ports.
        supervision.stop()
        refuse_taken_ports([*foundation, *stages])
    # Workers that were started before go on undisturbed; else they wait for the topics.
    were_started = any(supervision.last_pid(stage.name) for stage in stages)
    start(supervision, [*foundation, *(stages if were_started else ())], places)
    wait(supervision, foundation)
    create_topics(places)
    start(supervision, [*foundation, *stages], places)
    wait(supervision, stages)
    say(f"all is up; `make down` stops it. Logs, data and process ids are in {_shown(folder)}")


def down(folder: Path) -> None:
    """Stop all parts, and say which."""
    stopped = Supervision(folder).stop()
    if containers.has_engine():
        stopped += containers.down(ROOT)
    say(f"stopped {', '.join(stopped)}" if stopped else "nothing was running")


def refuse_taken_ports(parts: Sequence[Part]) -> None:
    """Return if all ports of these parts are free.

    Raises:
        OutsideError: If one is not, with its number and what moves the part.
    """
    for part in parts:
        for port in part.ports:
            if not is_free(port):
                raise OutsideError(
                    f"port {port} is taken by another program, and {part.name} needs it; nothing was started. Stop "
                    f"that program, or move {part.name}: {part.moved_by} make up"
                )


def start(supervision: Supervision, parts: Sequence[Part], places: Places) -> None:
    """Run these parts and no others, with what each needs in its folder; return at once."""
    for part in parts:
        part.prepare()
    supervision.start(parts, places.environment())


def wait(supervision: Supervision, parts: Sequence[Part]) -> None:
    """Return when each of these parts is ready, and say so.

    Raises:
        OutsideError: If one does not become ready, with its name; the end of its log is printed before.
    """
    for part in parts:
        _wait(supervision, part)
        say(f"{part.name} is ready on {HOST}:{part.ports[0]}, process {supervision.pid(part.name)}")


def create_topics(places: Places) -> None:
    """Make the topics, where they are not there.

    Raises:
        OutsideError: If they cannot be made; the command has said why.
    """
    environment = {**os.environ, **places.environment()}
    command = [str(PROGRAM), "topics", "create"]
    result = subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False)  # noqa: S603
    if result.returncode:
        raise OutsideError("the topics could not be made; `make down` stops the servers.", Status.INCOMPLETE)


def _wait(supervision: Supervision, part: Part) -> None:
    seen: set[int] = set()

    def is_decided() -> bool:
        pid = supervision.last_pid(part.name)
        seen.update([pid] if pid is not None else [])
        return len(seen) > STARTS_MAX or (supervision.pid(part.name) is not None and part.is_ready())

    if until(is_decided, part.ready_s) and len(seen) <= STARTS_MAX:
        return
    log = supervision.log(part.name)
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:] if log.exists() else []:
        sys.stderr.write(f"  {part.name}: {line}\n")
    what = "ends again and again" if len(seen) > STARTS_MAX else f"is not ready after {part.ready_s:.0f} s"
    raise OutsideError(
        f"{part.name} {what} (port {part.ports[0]}); above is the end of {_shown(log)}. `make down` stops the rest.",
        Status.INCOMPLETE,
    )


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


if __name__ == "__main__":
    main()
