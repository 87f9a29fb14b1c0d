"""What docker is asked to do. A docker of the test's own notes it, and says what the test wants."""

import stat

import pytest

from deploy.local import containers
from deploy.local.parts import Places
from streams.errors import OutsideError
from streams.settings import load_settings


@pytest.fixture
def docker(tmp_path, monkeypatch):
    """Puts a docker first on PATH that runs a line of shell; returns what it was asked, a line each."""
    asked = tmp_path / "asked"

    def install(line="exit 0"):
        program = tmp_path / "bin/docker"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\necho "$KAFKA_PORT $GRAFANA_PASSWORD $*" >>"{asked}"\n{line}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        return lambda: [words.split() for words in asked.read_text().splitlines()]

    return install


def find_places(**variables):
    return Places(load_settings(environment=variables))


def test_no_engine_runs_where_there_is_no_docker(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not containers.has_engine()


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("exit 0", True),
        ('[ "$1" != info ]', False),
        # The client is there and its plugin is not.
        ('[ "$1" != compose ]', False),
    ],
)
def test_an_engine_that_compose_can_use_is_one(docker, line, runs):
    docker(line)
    assert containers.has_engine() is runs


def test_an_engine_that_hangs_is_none(docker, monkeypatch):
    docker("exec tail -f /dev/null")
    monkeypatch.setattr(containers, "SEEN_S", 0.1)
    assert not containers.has_engine()


def test_containers_are_built_waited_for_and_moved(docker, tmp_path, monkeypatch):
    asked = docker()
    monkeypatch.setenv("GRAFANA_PASSWORD", "hers")
    containers.up(tmp_path, find_places(UNDERCURRENT_KAFKA_BOOTSTRAP="127.0.0.1:9192"))
    [words] = asked()
    assert words[:2] == ["9192", "hers"]
    assert words[2:7] == ["compose", "up", "--detach", "--build", "--wait"]


def test_settings_reach_the_containers_where_there_are_some(tmp_path):
    assert "SETTINGS_FILE" not in containers.compose_variables(tmp_path, find_places())
    (tmp_path / "undercurrent.toml").touch()
    assert containers.compose_variables(tmp_path, find_places())["SETTINGS_FILE"] == f"{tmp_path}/undercurrent.toml"


def test_where_the_password_of_grafana_is_found_is_said(docker, tmp_path, capfd):
    docker()
    containers.up(tmp_path, find_places(UNDERCURRENT_GRAFANA_PORT="3001"))
    said = capfd.readouterr().err
    assert "Grafana is on 127.0.0.1:3001" in said
    assert said.endswith("docker compose exec grafana cat /var/lib/grafana/admin-password\n")


def test_containers_that_are_not_healthy_are_a_failure(docker, tmp_path):
    docker("exit 1")
    with pytest.raises(OutsideError, match="not every container is healthy"):
        containers.up(tmp_path, find_places())


def test_stopping_says_what_ran(docker, tmp_path):
    asked = docker('[ "$2" = ps ] && printf "kafka\\nredis\\n" || true')
    assert containers.down(tmp_path) == ["kafka", "redis"]
    assert [words[-2:] for words in asked()] == [["ps", "--services"], ["compose", "down"]]


def test_stopping_where_nothing_runs_stops_nothing(docker, tmp_path):
    asked = docker()
    assert containers.down(tmp_path) == []
    assert len(asked()) == 1
