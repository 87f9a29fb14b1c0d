"""The questions that containers are asked about their health, put to real servers; and what docker compose says."""

import http.server
import shutil
import subprocess
import threading

import pytest
import yaml

from deploy.local.ready import free_port
from tests.support.source import ROOT

SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def is_healthy(name, container_port, port):
    """Asks a service's question at another port, for as long as docker would wait."""
    check = SERVICES[name]["healthcheck"]
    [_, *command] = [word.replace("$$", "$").replace(str(container_port), str(port)) for word in check["test"]]
    try:
        subprocess.run(command, capture_output=True, timeout=int(check["timeout"].removesuffix("s")), check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return False
    return True


@pytest.fixture
def worker():
    """A server that says about itself what `status` is set to; gives the server."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(self.server.status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_):
            """Says nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_broker_that_answers_is_healthy_and_an_open_port_is_not_enough(kafka_bootstrap, redis_url):
    assert is_healthy("kafka", 9092, kafka_bootstrap.rpartition(":")[2])
    assert not is_healthy("kafka", 9092, redis_url.rpartition(":")[2].partition("/")[0])
    assert not is_healthy("kafka", 9092, free_port())


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_a_worker_is_healthy_when_it_is_ready(worker, status, healthy):
    worker.status = status
    assert is_healthy("track", 9102, worker.server_port) is healthy


def test_docker_compose_takes_the_file():
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed; tests/unit/test_deploy.py reads the file all the same")
    subprocess.run([docker, "compose", "config", "--quiet"], cwd=ROOT, check=True)
