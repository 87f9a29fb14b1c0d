"""What is deployed agrees with the code: ports, topics' broker, versions, commands, settings; and is closed."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.local import kafka
from deploy.local.containers import compose_variables
from deploy.local.kafka import Broker
from deploy.local.parts import Places, workers
from deploy.local.programs import prometheus_command
from streams.commands import cli
from streams.settings import DEFAULT_FILE, ENVIRONMENT, Settings, load_settings
from tests.support.source import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
STAGES = ("intake", "track", "sink")
OURS = (*STAGES, "topics")
LONG_RUNNING = tuple(name for name in SERVICES if name != "topics")
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
PROMETHEUS = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
TARGETS = yaml.safe_load((ROOT / "deploy/prometheus/targets.json").read_text())
GRAFANA = yaml.safe_load((ROOT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())


def fill(text, **variables):
    """Returns a text of the compose file with its variables replaced, by their defaults where there is no other."""
    return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: variables.get(found[1], found[2]), text)


def seconds(text):
    """Returns a duration such as 30s."""
    return int(text.removesuffix("s"))


def listening(name, **variables):
    """Returns address, port of the machine and port of the container, of the one port that a service has."""
    [port] = SERVICES[name]["ports"]
    address, outside, inside = fill(port, **variables).split(":")
    return address, int(outside), int(inside)


def test_the_services_are_all_that_there_is_to_run():
    assert set(SERVICES) == {"kafka", "redis", "topics", *STAGES, "prometheus", "grafana"}


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_service_listens_on_loopback_only(name):
    assert listening(name)[0] == "127.0.0.1"


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_service_comes_back_is_asked_for_its_health_and_may_stop_in_peace(name):
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"]
    assert seconds(service["healthcheck"]["timeout"]) < seconds(service["healthcheck"]["interval"])
    # A worker promises to stop within 10 s.
    assert seconds(service["stop_grace_period"]) > 10


def test_the_ports_are_those_of_the_settings():
    settings = Settings()
    assert {name: listening(name)[1] for name in LONG_RUNNING} == {
        "kafka": int(settings.kafka.bootstrap.rpartition(":")[2]),
        "redis": Places(settings).redis_port,
        "intake": settings.workers.intake_port,
        "track": settings.workers.track_port,
        "sink": settings.workers.sink_port,
        "prometheus": settings.stack.prometheus_port,
        "grafana": settings.stack.grafana_port,
    }


def test_each_port_moves_by_what_make_up_passes_on(tmp_path):
    moved = load_settings(
        environment={
            "UNDERCURRENT_KAFKA_BOOTSTRAP": "127.0.0.1:1001",
            "UNDERCURRENT_REDIS_URL": "redis://127.0.0.1:1002/0",
            "UNDERCURRENT_INTAKE_PORT": "1003",
            "UNDERCURRENT_TRACK_PORT": "1004",
            "UNDERCURRENT_SINK_PORT": "1005",
            "UNDERCURRENT_PROMETHEUS_PORT": "1006",
            "UNDERCURRENT_GRAFANA_PORT": "1007",
        }
    )
    variables = compose_variables(tmp_path, Places(moved))
    ports = {name: listening(name, **variables) for name in LONG_RUNNING}
    assert [ports[name][1] for name in ("kafka", "redis", *STAGES, "prometheus", "grafana")] == list(range(1001, 1008))
    # Inside nothing moves.
    assert {name: port[2] for name, port in ports.items()} == {name: listening(name)[2] for name in LONG_RUNNING}
    assert "OUTSIDE://127.0.0.1:1001" in fill(
        SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"], **variables
    )


def test_every_variable_is_listed_at_the_top_of_the_file():
    used = set(re.findall(r"\$\{(\w+):-", TEXT.split("\nservices:")[1] + TEXT.split("\nx-undercurrent")[1]))
    assert used == set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", TEXT.split("\nname:")[0]))


@pytest.mark.parametrize("name", OURS)
def test_variables_of_our_containers_are_settings(name):
    assert set(SERVICES[name]["environment"]) <= set(ENVIRONMENT)
    settings = load_settings(environment=SERVICES[name]["environment"])
    host, port = settings.kafka.bootstrap.split(":")
    assert f"INSIDE://{host}:{port}" in SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    assert settings.redis.url == "redis://redis:6379/0"
    assert settings.workers.host == "0.0.0.0"  # noqa: S104 — inside a container


@pytest.mark.parametrize("name", OURS)
def test_our_containers_run_the_commands_of_the_local_stack_with_no_rights(name):
    service = SERVICES[name]
    local = {part.name: list(part.command[1:]) for part in workers(Places(Settings()))}
    assert service["command"] == local.get(name, ["topics", "create"])
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", STAGES)
def test_a_worker_is_healthy_when_it_is_ready_on_its_own_port(name):
    port = SERVICES[name]["environment"][f"UNDERCURRENT_{name.upper()}_PORT"]
    assert listening(name)[2] == int(port)
    [*_, script] = SERVICES[name]["healthcheck"]["test"]
    assert f"http://127.0.0.1:{port}/readyz" in script
    compile(script, "healthcheck", "exec")


def test_what_needs_another_waits_for_it():
    waits = {
        name: {on: how["condition"] for on, how in SERVICES[name].get("depends_on", {}).items()} for name in SERVICES
    }
    ready, made = "service_healthy", "service_completed_successfully"
    assert waits == {
        "kafka": {},
        "redis": {},
        "topics": {"kafka": ready},
        "intake": {"kafka": ready, "topics": made},
        "track": {"kafka": ready, "topics": made},
        "sink": {"kafka": ready, "topics": made, "redis": ready},
        "prometheus": {},
        "grafana": {"prometheus": ready},
    }


def test_the_broker_is_the_one_that_runs_locally(tmp_path):
    environment = SERVICES["kafka"]["environment"]
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{kafka.VERSION}"
    local = dict(
        line.split("=", 1) for line in Broker(tmp_path, 1, 2).properties().splitlines() if not line.startswith("#")
    )
    # Where it listens and keeps its log differs, and the local one must watch its memory.
    elsewhere = {"listeners", "listener.security.protocol.map", "controller.quorum.voters", "log.dirs"}
    elsewhere |= {"advertised.listeners", "log.cleaner.dedupe.buffer.size"}
    for name in set(local) - elsewhere:
        assert environment["KAFKA_" + name.upper().replace(".", "_")] == local[name], name
    listeners = {each.split("://")[0] for each in environment["KAFKA_LISTENERS"].split(",")}
    mapped = {each.split(":")[0] for each in environment["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")}
    assert listeners == mapped


def test_redis_keeps_what_it_holds():
    command = SERVICES["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"


def test_prometheus_forgets_when_the_local_one_does(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    local = prometheus_command(tmp_path, 9090, tmp_path)
    retention = {option for option in local if "retention" in option}
    assert len(retention) == 2
    assert retention < set(SERVICES["prometheus"]["command"])


def test_prometheus_scrapes_the_three_workers_where_they_are():
    [job] = PROMETHEUS["scrape_configs"]
    [discovery] = job["file_sd_configs"]
    assert discovery["files"] == ["targets.json"]
    assert {target["labels"]["stage"]: target["targets"] for target in TARGETS} == {
        stage: [f"{stage}:{listening(stage)[2]}"] for stage in STAGES
    }


def test_grafana_asks_the_prometheus_beside_it():
    [source] = GRAFANA["datasources"]
    assert source["url"] == f"http://prometheus:{listening('prometheus')[2]}"
    assert source["jsonData"]["timeInterval"] == PROMETHEUS["global"]["scrape_interval"]


def test_grafana_has_no_password_that_is_written_here_and_lets_nobody_in_without():
    environment = SERVICES["grafana"]["environment"]
    assert fill(environment["GRAFANA_PASSWORD"]) == ""
    assert environment["GF_AUTH_ANONYMOUS_ENABLED"] == "false"
    assert "GF_SECURITY_ADMIN_PASSWORD" not in environment


@pytest.mark.parametrize("given", ["", "hers"])
def test_grafana_makes_a_password_once_where_none_is_given(tmp_path, given):
    [shell, options, script] = SERVICES["grafana"]["entrypoint"]
    script = script.replace("$$", "$").replace("/var/lib/grafana", shlex.quote(str(tmp_path)))
    script = script.replace("exec /run.sh", 'printf %s "$GF_SECURITY_ADMIN_PASSWORD"')
    first, second = (
        subprocess.run(
            [shell, options, script],
            env={"GRAFANA_PASSWORD": given, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    )
    assert first == second
    if given:
        assert first == given
        assert not (tmp_path / "admin-password").exists()
    else:
        assert len(first) == 24
        assert (tmp_path / "admin-password").stat().st_mode & 0o777 == 0o600


def test_every_volume_is_used_and_every_folder_that_is_mounted_is_there():
    mounts = [
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
        if "$" not in volume
    ]
    named = {mount for mount in mounts if not mount.startswith(".")}
    assert named == set(COMPOSE["volumes"])
    missing = [mount for mount in mounts if mount.startswith(".") and not (ROOT / mount).is_dir()]
    assert not missing


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_pinned(name):
    image = SERVICES[name]["image"]
    assert name in OURS or re.fullmatch(r"[a-z/]+:v?\d+\.\d+[\w.-]*", image), image


def test_the_image_is_built_from_what_is_there_and_runs_without_rights():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-[a-z-]+", base) for base in bases)
    copied = [
        word for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]
    ]
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / "deploy/Dockerfile.dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in copied} == {line for line in ignored if line.startswith("!")}
    assert "--require-hashes" in DOCKERFILE
    assert re.search(r"^USER (?!0|root)", DOCKERFILE, re.MULTILINE)


def test_settings_are_mounted_where_the_image_reads_them():
    [folder] = re.findall(r"^WORKDIR (/etc\S+)", DOCKERFILE, re.MULTILINE)
    for name in OURS:
        [volume] = SERVICES[name]["volumes"]
        assert fill(volume) == f"/dev/null:{folder}/{DEFAULT_FILE}:ro"
    assert load_settings("/dev/null", environment={}) == Settings()


def test_the_commands_that_containers_run_exist():
    commands = cli.list_commands(cli.make_context("undercurrent", [], resilient_parsing=True))
    assert {SERVICES[name]["command"][0] for name in OURS} <= set(commands)


def test_every_script_is_executable():
    for path in Path(ROOT, "deploy/local").glob("*.sh"):
        assert path.stat().st_mode & 0o111, path
