"""Commands of this checkout as a user starts them."""

import subprocess
import sys
from typing import NamedTuple

from tests.support.source import ROOT

LONG_S = 60.0


class Ended(NamedTuple):
    """How a command ended: its status, and what it printed."""

    status: int
    out: str
    err: str


class Running:
    """A command in a process of its own, whose standard input the test writes."""

    def __init__(self, *arguments, program=("-m", "streams")):
        self._process = subprocess.Popen(
            [sys.executable, *program, *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @property
    def is_running(self):
        return self._process.poll() is None

    def write(self, text):
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def send_signal(self, number):
        self._process.send_signal(number)

    def end(self, timeout=LONG_S):
        out, err = self._process.communicate(timeout=timeout)
        return Ended(self._process.returncode, out.decode(), err.decode())
