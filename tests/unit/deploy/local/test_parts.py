"""Where the parts of the local stack are, and what is refused."""

import pytest

from deploy.local import parts
from deploy.local.parts import Places, servers, workers
from streams.errors import OutsideError
from streams.settings import Settings, load_settings, parse_settings


def places(**variables):
    """Returns the places that environment variables lead to."""
    return Places(load_settings(environment={f"UNDERCURRENT_{name}": value for name, value in variables.items()}))


@pytest.fixture(autouse=True)
def _programs(monkeypatch):
    """Says where programs are without looking."""
    monkeypatch.setattr("deploy.local.programs.shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("deploy.local.kafka.find_java", lambda _: "/usr/bin/java")
    monkeypatch.setattr("deploy.local.kafka.find_jars", lambda _: "/jars/*")


def test_the_usual_ports_are_those_of_the_settings(tmp_path):
    found = Places(Settings())
    every = [*servers(found, tmp_path), *workers(found)]
    assert {part.name: part.ports for part in every} == {
        "kafka": (9092, 9093),
        "redis": (6379,),
        "prometheus": (9090,),
        "intake": (9101,),
        "track": (9102,),
        "sink": (9103,),
    }


def test_each_part_moves_with_its_variable(tmp_path):
    found = places(
        KAFKA_BOOTSTRAP="localhost:1000",
        REDIS_URL="redis://127.0.0.1:2000/3",
        PROMETHEUS_PORT="3000",
        INTAKE_PORT="4001",
        TRACK_PORT="4002",
        SINK_PORT="4003",
    )
    every = [*servers(found, tmp_path), *workers(found)]
    assert [part.ports[0] for part in every] == [1000, 2000, 3000, 4001, 4002, 4003]


def test_what_is_said_to_move_a_part_does(tmp_path):
    every = [*servers(Places(Settings()), tmp_path), *workers(Places(Settings()))]
    moves = dict(part.moved_by.split("=", 1) for part in every)
    moved = Places(load_settings(environment=moves))
    after = [part.ports[0] for part in [*servers(moved, tmp_path), *workers(moved)]]
    assert after == [part.ports[0] + 100 for part in every]


def test_the_environment_of_the_parts_leads_to_the_same_places():
    found = places(KAFKA_BOOTSTRAP="localhost:1000", REDIS_URL="redis://localhost:2000/3", TRACK_PORT="4002")
    again = Places(load_settings(environment=found.environment()))
    assert again.environment() == found.environment()
    assert found.environment() == {
        "UNDERCURRENT_KAFKA_BOOTSTRAP": "127.0.0.1:1000",
        "UNDERCURRENT_REDIS_URL": "redis://127.0.0.1:2000/3",
        "UNDERCURRENT_WORKERS_HOST": "127.0.0.1",
        "UNDERCURRENT_INTAKE_PORT": "9101",
        "UNDERCURRENT_TRACK_PORT": "4002",
        "UNDERCURRENT_SINK_PORT": "9103",
    }


@pytest.mark.parametrize("bootstrap", ["kafka.example:9092", "127.0.0.1:9092,127.0.0.1:9093", "127.0.0.1:65535"])
def test_brokers_elsewhere_are_refused(bootstrap):
    with pytest.raises(OutsideError, match=r"`kafka.bootstrap` is '.*'; ?|one broker of its own"):
        places(KAFKA_BOOTSTRAP=bootstrap)


@pytest.mark.parametrize(
    "url", ["redis://redis.example:6379/0", "rediss://127.0.0.1/0", "unix:///run/redis", "redis://:secret@127.0.0.1/0"]
)
def test_a_redis_elsewhere_is_refused_without_repeating_its_address(url):
    with pytest.raises(OutsideError, match=r"`redis.url` names a Redis of yours") as caught:
        places(REDIS_URL=url)
    assert "secret" not in caught.value.sentence


def test_a_worker_needs_a_port_that_is_known():
    with pytest.raises(OutsideError, match=r"`workers.track_port` is 0"):
        Places(parse_settings("[workers]\ntrack_port = 0", "undercurrent.toml"))


def test_what_redis_holds_outlives_it_and_prometheus_forgets_at_last(tmp_path):
    _, redis, prometheus = servers(Places(Settings()), tmp_path)
    assert redis.command[redis.command.index("--appendonly") + 1] == "yes"
    assert "--storage.tsdb.retention.time=15d" in prometheus.command
    assert f"--storage.tsdb.path={tmp_path}/data/prometheus" in prometheus.command


def test_a_worker_may_take_longer_to_stop_than_it_promises():
    promised_s = 10
    assert all(part.stop_s > promised_s for part in workers(Places(Settings())))
    assert parts.PROGRAM.name == "undercurrent"
