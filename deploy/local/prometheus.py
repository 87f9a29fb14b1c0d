"""What Prometheus scrapes on this machine: the configuration of `deploy/prometheus`, with local targets."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.local.ready import HOST

SOURCE: Final = Path(__file__).parent.parent / "prometheus"
CONFIGURATION: Final = "prometheus.yml"
TARGETS: Final = "targets.json"


def write_configuration(folder: Path, worker_ports: Mapping[str, int]) -> None:
    """Write `prometheus.yml` and its targets, so that it scrapes the workers of this machine.

    Args:
        folder: Where it is written; made where it is not there.
        worker_ports: The port of each stage.
    """
    folder.mkdir(parents=True, exist_ok=True)
    targets = [{"targets": [f"{HOST}:{port}"], "labels": {"stage": stage}} for stage, port in worker_ports.items()]
    (folder / TARGETS).write_text(json.dumps(targets, indent=2) + "\n", encoding="utf-8")
    (folder / CONFIGURATION).write_bytes((SOURCE / CONFIGURATION).read_bytes())
