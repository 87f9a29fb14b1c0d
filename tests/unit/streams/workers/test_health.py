import json
import urllib.error
import urllib.request

import pytest

from streams.errors import OutsideError
from streams.metrics import WorkerMetrics
from streams.workers.health import UNHEALTHY_S, Health


class Scene:
    silence_s = 0.0

    def __init__(self):
        self.metrics = WorkerMetrics()
        self.health = Health("worker track", self.metrics, lambda: self.silence_s, host="127.0.0.1", port=0)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health.port}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def ask(self, path):
        status, body = self.get(path)
        return status, json.loads(body)


@pytest.fixture
def scene():
    scene = Scene()
    scene.health.start()
    yield scene
    scene.health.stop()


def test_it_is_alive_but_not_ready_while_it_starts(scene):
    assert scene.ask("/healthz") == (200, {"healthy": True})
    assert scene.ask("/readyz") == (503, {"ready": False, "reason": "the worker is starting"})


def test_it_is_ready_when_nothing_is_waited_for(scene):
    scene.health.waiting_for = lambda: None
    assert scene.ask("/readyz") == (200, {"ready": True})
    assert b"undercurrent_worker_ready 1.0" in scene.get("/metrics")[1]


def test_without_progress_it_is_neither(scene):
    scene.health.waiting_for = lambda: None
    scene.silence_s = UNHEALTHY_S + 1
    reason = "nothing has progressed for 61 s"
    assert scene.ask("/healthz") == (503, {"healthy": False, "reason": reason})
    assert scene.ask("/readyz") == (503, {"ready": False, "reason": reason})
    page = scene.get("/metrics")[1]
    assert b"undercurrent_worker_silence_seconds 61.0" in page
    assert b"undercurrent_worker_ready 0.0" in page


def test_a_port_that_is_taken_is_said_in_a_sentence(scene):
    with pytest.raises(OutsideError, match=r"`undercurrent worker track` cannot listen on 127.0.0.1:\d+: .*taken"):
        Health("worker track", scene.metrics, lambda: 0.0, host="127.0.0.1", port=scene.health.port)
