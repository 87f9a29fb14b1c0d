"""What Prometheus itself says to its configuration, for containers and for this machine."""

import json
import subprocess
import urllib.request

import pytest

from deploy.local.programs import find_program
from deploy.local.prometheus import SOURCE, write_configuration
from deploy.local.ready import until
from tests.support.servers import PrometheusServer


def check(configuration):
    """Returns what promtool says, an error as an exception."""
    command = [find_program("promtool"), "check", "config", str(configuration)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_configuration_of_the_containers_is_valid():
    assert "SUCCESS" in check(SOURCE / "prometheus.yml")


def test_the_local_configuration_is_valid(tmp_path):
    write_configuration(tmp_path, {"intake": 9101})
    assert "SUCCESS" in check(tmp_path / "prometheus.yml")


class LocalPrometheus(PrometheusServer):
    """The one that `make up` starts."""

    def _prepare(self):
        write_configuration(self.folder, {"intake": 1, "track": 2, "sink": self.port})


@pytest.fixture
def targets(tmp_path):
    """What a Prometheus that was started as `make up` does scrapes; one target is itself."""
    with LocalPrometheus(tmp_path) as server:
        found = []

        def have_come():
            with urllib.request.urlopen(f"{server.url}/api/v1/targets") as answer:  # noqa: S310
                found[:] = json.load(answer)["data"]["activeTargets"]
            return len(found) == 3 and all(target["health"] != "unknown" for target in found)

        assert until(have_come, 20)
        yield {target["labels"]["stage"]: target for target in found}


def test_each_worker_is_a_target_that_is_scraped(targets):
    assert {stage: target["labels"]["job"] for stage, target in targets.items()} == dict.fromkeys(
        ["intake", "track", "sink"], "undercurrent"
    )
    assert targets["sink"]["health"] == "up"
    assert targets["track"]["health"] == "down"
    assert targets["sink"]["scrapeInterval"] == "5s"
