"""The broker's folder, and where Java and the JARs are looked for."""

import os
import stat
import subprocess
import threading

import pytest

from deploy.local import kafka
from deploy.local.kafka import Broker, find_jars, find_java, has_jars, java_version
from deploy.local.ready import free_port
from streams.errors import OutsideError


def make_program(path, text):
    """Writes a shell script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def make_java(folder, version):
    """A Java that says only which version it is."""
    make_program(folder / "bin/java", f"echo 'openjdk version \"{version}\" 2025-04-15' >&2")
    return folder


def make_maven(monkeypatch, folder, text):
    """A Maven of a test's own, first on PATH; its last argument names the folder for the JARs."""
    make_program(folder / "mvn", f'for last; do :; done; libs="${{last#-DoutputDirectory=}}"; {text}')
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def properties(broker):
    """Returns a broker's properties by name."""
    lines = [line for line in broker.properties().splitlines() if not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_a_broker_listens_on_loopback_only_and_makes_no_topic_by_itself(tmp_path):
    found = properties(Broker(tmp_path, 19092, 19093))
    assert found["listeners"] == "PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093"
    assert found["advertised.listeners"] == "PLAINTEXT://127.0.0.1:19092"
    assert found["controller.quorum.voters"] == "1@127.0.0.1:19093"
    assert found["auto.create.topics.enable"] == "false"
    assert found["log.dirs"] == f"{tmp_path}/log"


def test_only_a_quick_broker_shortens_what_groups_wait_for(tmp_path):
    quick = properties(Broker(tmp_path, 19092, 19093, is_quick=True))
    usual = properties(Broker(tmp_path, 19092, 19093))
    assert set(quick) - set(usual) == {"group.initial.rebalance.delay.ms", "group.min.session.timeout.ms"}
    assert set(usual) < set(quick)


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ("not java", 0),
    ],
)
def test_a_java_says_its_version(said, version):
    assert java_version(said) == version


def test_the_java_of_java_home_is_taken(tmp_path):
    home = make_java(tmp_path / "jdk", "21.0.1")
    assert find_java({"JAVA_HOME": str(home), "PATH": "/nowhere"}) == str(home / "bin/java")


def test_a_java_that_is_too_old_is_refused_with_the_command_that_installs_another(tmp_path):
    home = make_java(tmp_path / "jdk", "11.0.2")
    with pytest.raises(OutsideError, match=r"is Java 11; .*apt-get install --no-install-recommends openjdk-17-jre"):
        find_java({"JAVA_HOME": str(home)})


def test_a_java_that_is_not_there_is_said_with_the_command_that_installs_one(tmp_path):
    with pytest.raises(OutsideError, match=r"no java on PATH; .*apt-get install"):
        find_java({"PATH": str(tmp_path)})
    with pytest.raises(OutsideError, match="no java in JAVA_HOME"):
        find_java({"JAVA_HOME": str(tmp_path), "PATH": os.environ["PATH"]})


def test_jars_that_are_named_are_taken(tmp_path):
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs/kafka_2.13-4.0.0.jar").touch()
    assert find_jars({"KAFKA_HOME": str(tmp_path)}) == f"{tmp_path}/libs/*"
    assert find_jars({"KAFKA_LIBS": str(tmp_path / "libs")}) == f"{tmp_path}/libs/*"
    assert has_jars({"KAFKA_HOME": str(tmp_path)})


def test_a_named_folder_without_jars_is_refused(tmp_path):
    with pytest.raises(OutsideError, match="KAFKA_HOME is set, but"):
        find_jars({"KAFKA_HOME": str(tmp_path)})


def test_two_that_come_at_once_fetch_the_jars_once(tmp_path, monkeypatch):
    count = tmp_path / "count"
    make_maven(monkeypatch, tmp_path / "bin", f'echo >>"{count}"; mkdir "$libs"; touch "$libs/kafka_2.13-4.jar"')
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert not has_jars(environment)
    found = []
    both = [threading.Thread(target=lambda: found.append(find_jars(environment))) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert found == [f"{tmp_path}/cache/undercurrent/kafka-{kafka.VERSION}/*"] * 2
    assert count.read_text() == "\n"
    assert has_jars(environment)


def test_a_fetch_that_breaks_off_leaves_nothing(tmp_path, monkeypatch):
    make_maven(
        monkeypatch, tmp_path / "bin", 'mkdir "$libs"; touch "$libs/kafka_2.13-4.jar"; echo "[ERROR] no net"; exit 1'
    )
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    with pytest.raises(OutsideError, match=r"Maven cannot fetch Kafka .*\[ERROR\] no net"):
        find_jars(environment)
    assert not has_jars(environment)
    assert [path.name for path in (tmp_path / "cache/undercurrent").iterdir()] == ["kafka.lock"]


def test_storage_that_cannot_be_formatted_is_said(tmp_path):
    home = tmp_path / "jdk"
    make_program(
        home / "bin/java",
        'case "$1" in -version) echo \'version "17"\' >&2;; *) echo "disk is full" >&2; exit 1;; esac',
    )
    (tmp_path / "kafka_2.13-4.jar").touch()
    environment = {"JAVA_HOME": str(home), "KAFKA_LIBS": str(tmp_path)}
    with pytest.raises(OutsideError, match="cannot be formatted: disk is full"):
        Broker(tmp_path / "kafka", 19092, 19093, environment=environment).prepare()


def test_nobody_who_is_not_there_answers():
    assert not kafka.answers(free_port())


def test_what_is_no_broker_does_not_answer(tmp_path):
    # A server that takes connections and says what a broker would not.
    script = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)\n"
    script += "c, _ = s.accept(); c.recv(100); c.sendall(b'HTTP/1.1 400 Bad Request'); c.close()"
    with subprocess.Popen([os.sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=tmp_path) as process:
        assert not kafka.answers(int(process.stdout.readline()))
