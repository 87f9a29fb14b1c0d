"""`make up` by local processes: what it starts, what comes back when it is killed, and that nothing stays."""

import os
import re
import signal
from pathlib import Path

import pytest
import redis

from deploy.local.parts import Places, servers
from deploy.local.ready import free_port, is_free, until
from deploy.local.stack import start, wait
from deploy.local.supervision import Supervision
from streams.errors import OutsideError
from streams.settings import load_settings

NAMES = ["kafka", "prometheus", "redis"]


def find_places():
    """Returns places on free ports."""
    return Places(
        load_settings(
            environment={
                "UNDERCURRENT_KAFKA_BOOTSTRAP": f"127.0.0.1:{free_port()}",
                "UNDERCURRENT_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
                "UNDERCURRENT_PROMETHEUS_PORT": str(free_port()),
            }
        )
    )


@pytest.fixture
def supervision(tmp_path):
    """One in a folder with a name that shells and configuration files must be careful with."""
    supervision = Supervision(tmp_path / "50% of a 'stack'")
    yield supervision
    supervision.stop()


@pytest.fixture
def places():
    return find_places()


@pytest.fixture
def running(supervision, places):
    """The servers of a stack, all ready."""
    parts = servers(places, supervision.folder)
    start(supervision, parts, places)
    wait(supervision, parts)
    return parts


def exists(pid):
    """Whether a process is there; one that has ended and that nobody has asked for its status is not."""
    path = Path(f"/proc/{pid}/cmdline")
    return path.exists() and path.read_bytes() != b""


def test_a_part_that_is_killed_comes_back_with_its_new_process_in_its_file(supervision, running, places):
    client = redis.Redis(port=places.redis_port)
    client.set("kept", "yes")
    client.wait(0, 0)
    before = {name: int((supervision.folder / f"run/{name}.pid").read_text()) for name in NAMES}
    for part in running:
        os.kill(before[part.name], signal.SIGKILL)
        assert until(lambda part=part: supervision.pid(part.name) not in {None, before[part.name]}, 30)
        assert until(part.is_ready, 60), part.name
    after = {name: int((supervision.folder / f"run/{name}.pid").read_text()) for name in NAMES}
    assert not set(before.values()) & set(after.values())
    for name, mark in (("kafka", b"kafka.Kafka"), ("redis", b"redis-server"), ("prometheus", b"--storage.tsdb")):
        assert mark in Path(f"/proc/{after[name]}/cmdline").read_bytes()
    assert client.get("kept") == b"yes"


def test_starting_twice_disturbs_nothing_and_stopping_twice_is_harmless(supervision, running, places):
    pids = {name: supervision.pid(name) for name in NAMES}
    start(supervision, running, places)
    wait(supervision, running)
    assert {name: supervision.pid(name) for name in NAMES} == pids
    assert supervision.stop() == NAMES
    assert supervision.stop() == []
    assert not any(exists(pid) for pid in pids.values())
    assert all(is_free(port) for part in running for port in part.ports)
    assert list((supervision.folder / "run").iterdir()) == []


@pytest.mark.usefixtures("running")
def test_parts_whose_supervisor_was_killed_are_stopped_too(supervision):
    pids = [supervision.pid(name) for name in NAMES]
    os.kill(int((supervision.folder / "supervisord.pid").read_text()), signal.SIGKILL)
    assert until(lambda: not supervision.is_running, 10)
    assert supervision.stop() == NAMES
    assert not any(exists(pid) for pid in pids)
    socket = re.search(r"^file=(.*)$", (supervision.folder / "supervisord.conf").read_text(), re.MULTILINE)
    assert not Path(socket[1].replace("%%", "%")).exists()


def test_a_stack_can_be_moved_while_it_runs(supervision, running):
    kafka, _, prometheus = running
    moved_places = find_places()
    moved = servers(moved_places, supervision.folder)
    start(supervision, moved, moved_places)
    wait(supervision, moved)
    assert is_free(kafka.ports[0])
    assert is_free(prometheus.ports[0])


def test_a_part_that_cannot_start_is_named_with_the_end_of_its_log(supervision, places, capsys):
    _, server, _ = servers(places, supervision.folder)
    (supervision.folder / "data/redis").mkdir(parents=True)
    (supervision.folder / "data/redis/appendonlydir").write_text("in the way")
    start(supervision, [server], places)
    with pytest.raises(OutsideError, match="redis ends again and again"):
        wait(supervision, [server])
    assert "  redis: " in capsys.readouterr().err
