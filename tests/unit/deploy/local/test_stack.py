"""`make up` and `make down` where nothing runs."""

import pathlib
import socket

import pytest

from deploy.local import stack
from deploy.local.parts import Part
from deploy.local.ready import free_port
from streams.errors import OutsideError


def make_part(*ports):
    """A part that is never started."""
    return Part(
        name="redis",
        ports=ports,
        moved_by="UNDERCURRENT_REDIS_URL=redis://127.0.0.1:7000/0",
        prepare=lambda: None,
        command=(),
        is_ready=lambda: True,
        ready_s=1,
        stop_s=1,
    )


def test_free_ports_are_no_reason_to_refuse():
    stack.refuse_taken_ports([make_part(free_port(), free_port())])


def test_a_port_that_is_taken_is_said_with_what_moves_the_part():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OutsideError) as caught:
            stack.refuse_taken_ports([make_part(free_port(), port)])
    assert caught.value.sentence == (
        f"port {port} is taken by another program, and redis needs it; nothing was started. Stop that program, or "
        "move redis: UNDERCURRENT_REDIS_URL=redis://127.0.0.1:7000/0 make up"
    )


def test_stopping_where_nothing_runs_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(stack.containers, "has_engine", lambda: False)
    stack.down(tmp_path)
    assert capsys.readouterr().err == "undercurrent: nothing was running\n"


def test_containers_are_taken_where_an_engine_runs_and_nobody_wants_processes(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(stack.containers, "has_engine", lambda: True)
    monkeypatch.setattr(stack.containers, "up", lambda root, places: asked.append((root, places)))
    stack.up(tmp_path, is_local=False)
    [(root, places)] = asked
    assert pathlib.Path(root, "docker-compose.yml").exists()
    assert places.kafka_port == 9092


def test_a_mistake_ends_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["stack", "up", "--local"])
    monkeypatch.setenv("UNDERCURRENT_TRACK_PROT", "1")
    with pytest.raises(SystemExit) as caught:
        stack.main()
    assert caught.value.code == 2
    assert capsys.readouterr().err == (
        "undercurrent: the environment variable UNDERCURRENT_TRACK_PROT is not a setting; did you mean "
        "UNDERCURRENT_TRACK_PORT?\n"
    )
