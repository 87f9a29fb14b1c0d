"""Processes by their ids, as files name them: whether one lives, and how it is ended."""

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from deploy.local.ready import until

KILL_S: Final = 10.0


def read_pid(path: Path) -> int | None:
    """Return the process id that a file holds; None where there is no such file, or no number in it."""
    try:
        return int(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def is_alive(pid: int, mark: str) -> bool:
    """Return whether a process runs, and is the one that is meant.

    Args:
        pid: Its id, which another process may have got since it was noted.
        mark: What stands in its command line, and hardly in any other.
    """
    return mark in _command_line(pid)


def end(marks: Mapping[int, str], seconds: float) -> None:
    """End processes at once by SIGTERM, or by SIGKILL those that need longer; return when all are gone.

    Args:
        marks: What stands in the command line of each, by process id.
        seconds: How long they may take.
    """
    for number, patience_s in ((signal.SIGTERM, seconds), (signal.SIGKILL, KILL_S)):
        for pid, mark in marks.items():
            if is_alive(pid, mark):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
        if until(lambda: not any(is_alive(*each) for each in marks.items()), patience_s):
            return


def _command_line(pid: int) -> str:
    if Path("/proc/self").exists():
        try:
            # Empty for a process that has ended and waits for its parent to notice.
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    command = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 — a number
