"""What Prometheus is told to scrape on this machine."""

import json

from deploy.local.prometheus import SOURCE, write_configuration


def test_local_targets_have_the_form_and_labels_of_the_containers(tmp_path):
    write_configuration(tmp_path / "prometheus", {"intake": 1, "track": 2, "sink": 3})
    written = json.loads((tmp_path / "prometheus/targets.json").read_text())
    assert written == [
        {"targets": ["127.0.0.1:1"], "labels": {"stage": "intake"}},
        {"targets": ["127.0.0.1:2"], "labels": {"stage": "track"}},
        {"targets": ["127.0.0.1:3"], "labels": {"stage": "sink"}},
    ]
    containers = json.loads((SOURCE / "targets.json").read_text())
    assert [target["labels"] for target in containers] == [target["labels"] for target in written]


def test_the_rest_is_the_same_file(tmp_path):
    write_configuration(tmp_path, {"intake": 1})
    assert (tmp_path / "prometheus.yml").read_bytes() == (SOURCE / "prometheus.yml").read_bytes()
