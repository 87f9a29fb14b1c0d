"""What supervisord is told. That it does it is shown by tests/integration/test_stack.py."""

from configparser import ConfigParser
from pathlib import Path

import pytest

from deploy.local.parts import Part
from deploy.local.supervision import RUNNER, Supervision


def make_part(name, *command, stop_s=15, is_worker=False):
    """A part that is never started."""
    return Part(
        name=name,
        ports=(1,),
        moved_by="",
        prepare=lambda: None,
        command=command,
        is_ready=lambda: True,
        ready_s=1,
        stop_s=stop_s,
        is_worker=is_worker,
    )


def read(supervision, *parts, **environment):
    """Returns the configuration as a parser without expansions sees it."""
    parser = ConfigParser(interpolation=None)
    parser.read_string(supervision.configuration(parts, environment))
    return parser


def test_each_part_writes_its_own_process_id_and_becomes_its_command(tmp_path):
    program = read(Supervision(tmp_path), make_part("redis", "/bin/redis server", "--port", "1"))["program:redis"]
    assert program["command"] == f"/bin/sh {RUNNER} {tmp_path}/run/redis.pid '/bin/redis server' --port 1"


def test_parts_come_back_for_ever_and_stop_in_the_opposite_order(tmp_path):
    found = read(Supervision(tmp_path), make_part("kafka"), make_part("track", stop_s=7))
    assert found["program:kafka"]["autorestart"] == "true"
    assert int(found["program:kafka"]["startretries"]) > 10**6
    assert int(found["program:kafka"]["priority"]) < int(found["program:track"]["priority"])
    assert found["program:track"]["stopwaitsecs"] == "7"


def test_workers_stop_at_once_and_before_what_they_stand_on(tmp_path):
    parts = [make_part("kafka"), make_part("intake", is_worker=True), make_part("track", is_worker=True)]
    found = read(Supervision(tmp_path), *parts)
    assert found["group:workers"]["programs"] == "intake,track"
    assert int(found["group:workers"]["priority"]) > int(found["program:kafka"]["priority"])
    assert "group:workers" not in read(Supervision(tmp_path), parts[0])


def test_variables_reach_the_parts_whatever_is_in_them(tmp_path):
    program = read(Supervision(tmp_path), make_part("a"), UNDERCURRENT_REDIS_URL='re"d%is')["program:a"]
    assert program["environment"] == 'UNDERCURRENT_REDIS_URL="re\\"d%%is"'


def test_what_was_written_by_one_start_is_written_alike_by_the_next(tmp_path):
    parts = [make_part("a", "x"), make_part("b", "y")]
    supervision = Supervision(tmp_path)
    assert supervision.configuration(parts, {"A": "1", "B": "2"}) == supervision.configuration(
        parts, {"B": "2", "A": "1"}
    )


@pytest.mark.parametrize("folder", ["/short", "/" + "long/" * 40])
def test_the_socket_has_a_path_that_the_system_can_take(folder):
    path = read(Supervision(Path(folder)))["unix_http_server"]["file"]
    assert len(f"{path}.4194304") < 104


def test_a_part_that_was_never_started_has_no_process(tmp_path):
    supervision = Supervision(tmp_path)
    assert supervision.pid("kafka") is None
    assert supervision.last_pid("kafka") is None
    assert not supervision.is_running
    assert supervision.stop() == []


def test_a_process_id_that_now_belongs_to_another_is_not_the_parts(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run/kafka.pid").write_text("1\n")
    supervision = Supervision(tmp_path)
    assert supervision.last_pid("kafka") == 1
    assert supervision.pid("kafka") is None
    assert supervision.stop() == []
    assert not (tmp_path / "run/kafka.pid").exists()
