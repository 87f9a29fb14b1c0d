"""Processes are known by their id and by what stands in their command line."""

import os
import signal
import subprocess
import sys

import pytest

from deploy.local.processes import end, is_alive, read_pid

WAIT = "import signal, sys; print(flush=True); signal.pause()"
STUBBORN = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"


@pytest.fixture
def start():
    """Starts programs of Python that print when they are ready, and reaps them."""
    started = []

    def run(program):
        started.append(subprocess.Popen([sys.executable, "-c", program, "marked"], stdout=subprocess.PIPE))
        started[-1].stdout.readline()
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("text", "pid"), [("123\n", 123), ("", None), ("what", None)])
def test_a_file_holds_a_process_id_or_none(tmp_path, text, pid):
    (tmp_path / "pid").write_text(text)
    assert read_pid(tmp_path / "pid") == pid
    assert read_pid(tmp_path / "not-there") is None


def test_a_process_that_got_the_id_of_another_is_not_taken_for_it(start):
    pid = start(WAIT).pid
    assert is_alive(pid, "marked")
    assert not is_alive(pid, "redis-server")


def test_one_that_has_ended_is_not_alive_though_nobody_asked_for_its_status(start):
    process = start(WAIT)
    os.kill(process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(process.pid, "marked")


@pytest.mark.parametrize(
    ("program", "seconds", "number"), [(WAIT, 20, signal.SIGTERM), (STUBBORN, 0.1, signal.SIGKILL)]
)
def test_a_process_is_asked_to_end_and_then_made_to(start, program, seconds, number):
    process = start(program)
    end({process.pid: "marked"}, seconds)
    assert process.wait() == -number


def test_ending_what_has_ended_is_harmless(start):
    process = start(WAIT)
    process.kill()
    process.wait()
    end({process.pid: "marked"}, 1)


def test_several_end_at_once(start):
    processes = [start(WAIT), start(STUBBORN), start(WAIT)]
    end({process.pid: "marked" for process in processes}, 0.1)
    assert [process.wait() for process in processes] == [-signal.SIGTERM, -signal.SIGKILL, -signal.SIGTERM]


def test_a_process_that_is_not_the_one_that_is_meant_goes_on(start):
    process = start(WAIT)
    end({process.pid: "redis-server"}, 1)
    assert process.poll() is None
