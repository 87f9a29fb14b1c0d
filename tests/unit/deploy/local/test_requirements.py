"""What is looked for, and who installs it."""

import pytest

from deploy.local import requirements
from deploy.local.requirements import INSTALLER, meet, missing_packages
from streams.errors import OutsideError


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A system with nothing in it; `add` puts programs there, `sudo` and `apt-get` are added by name."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(requirements.os, "geteuid", lambda: 1000)

    class System:
        def __init__(self):
            self.environment = {"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}

        def add(self, name, script="exit 0"):
            (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
            (tmp_path / name).chmod(0o755)

        def add_jars(self):
            libs = tmp_path / f"cache/undercurrent/kafka-{requirements.kafka.VERSION}"
            libs.mkdir(parents=True)

    return System()


def add_all(system):
    """Adds all that is needed."""
    system.add("java", "echo 'version \"17.0.1\"' >&2")
    for name in ("redis-server", "prometheus", "promtool"):
        system.add(name)
    system.add_jars()


def test_nothing_is_done_where_all_is_there(system, capsys):
    add_all(system)
    assert missing_packages(system.environment) == []
    meet(system.environment)
    assert capsys.readouterr().err == ""


def test_what_is_missing_is_named_by_its_packages(system):
    assert missing_packages(system.environment) == ["maven", "openjdk-17-jre-headless", "prometheus", "redis-server"]


def test_maven_is_needed_only_to_fetch(system):
    system.add_jars()
    assert "maven" not in missing_packages(system.environment)


def test_a_java_that_is_too_old_counts_as_missing(system):
    add_all(system)
    system.add("java", "echo 'version \"11.0.1\"' >&2")
    assert missing_packages(system.environment) == ["openjdk-17-jre-headless"]


@pytest.mark.parametrize("sudo", [None, "exit 1"])
def test_where_nothing_may_be_installed_the_command_is_named(system, sudo):
    add_all(system)
    system.add("java", "exit 1")
    system.add("apt-get")
    if sudo:
        system.add("sudo", sudo)
    with pytest.raises(OutsideError) as caught:
        meet(system.environment)
    assert caught.value.sentence.endswith(f"sudo {INSTALLER} openjdk-17-jre-headless")


def test_a_root_without_apt_is_told_what_is_missing(system, monkeypatch):
    monkeypatch.setattr(requirements.os, "geteuid", lambda: 0)
    with pytest.raises(OutsideError, match="maven openjdk-17-jre-headless prometheus redis-server"):
        meet(system.environment)


def test_who_may_use_sudo_without_a_password_has_it_installed(system, tmp_path):
    add_all(system)
    (tmp_path / "redis-server").unlink()
    system.add("apt-get")
    system.add("sudo", f'[ "$2" = true ] && exit 0; printf "%s " "$@" >{tmp_path}/asked; : >{tmp_path}/redis-server')
    with pytest.raises(OutsideError, match="still are not on PATH: redis-server"):
        meet(system.environment)
    assert (tmp_path / "asked").read_text() == f"-n {INSTALLER} redis-server "
