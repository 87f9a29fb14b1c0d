"""`undercurrent watch` as a real process on a real Redis, also while that is restarted."""

import json
import os
import subprocess
import sys

import pytest

from deploy.local.ready import until
from streams.redis_store import RedisStore, connect
from tests.support.messages import make_alert
from tests.support.servers import RedisServer
from tests.support.source import ROOT

WAIT_S = 20.0


class Watch:
    """What it shows goes to a file, and what it says to another."""

    def __init__(self, folder, url):
        self.shown_file, self.said_file = folder / "shown.jsonl", folder / "said.txt"
        environment = {name: text for name, text in os.environ.items() if not name.startswith("UNDERCURRENT_")}
        command = [sys.executable, "-m", "streams", "watch", "--json", "--redis", url]
        with self.shown_file.open("wb") as shown, self.said_file.open("wb") as said:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=shown, stderr=said)

    def shown(self):
        return [json.loads(line)["message_id"] for line in self.shown_file.read_text().splitlines()]

    def said(self):
        return self.said_file.read_text()


@pytest.fixture
def server(tmp_path):
    with RedisServer(tmp_path / "redis", is_kept=True) as server:
        yield server


@pytest.fixture
def watch(server, tmp_path):
    watch = Watch(tmp_path, server.url)
    yield watch
    watch.process.terminate()
    watch.process.wait(WAIT_S)


def write(server, *messages):
    client = connect(server.url)
    for message in messages:
        RedisStore(client).write_alert(message)
    client.close()


def test_alerts_are_shown_as_they_come_and_once_each_though_redis_is_restarted(server, watch):
    # Alerts from before it began are not shown, so the first ones are written until it has begun.
    first = iter(range(10_000))
    assert until(lambda: write(server, make_alert(f"first{next(first)}")) or watch.shown(), WAIT_S), watch.said()
    begun = watch.shown()
    write(server, make_alert("a1"), make_alert("a2"))
    assert until(lambda: watch.shown()[-2:] == ["a1:1", "a2:1"], WAIT_S)

    server.stop()
    assert until(lambda: "does not answer" in watch.said(), WAIT_S)
    server.start()
    write(server, make_alert("a1", 2))
    assert until(lambda: watch.shown()[-1] == "a1:2", WAIT_S)
    assert "answers again" in watch.said()

    server.pause()
    assert until(lambda: watch.said().count("does not answer") == 2, WAIT_S)
    server.resume()
    write(server, make_alert("a2", 2))
    assert until(lambda: watch.shown()[-1] == "a2:2", WAIT_S)
    shown = watch.shown()
    assert len(shown) == len(set(shown))
    assert shown[: len(begun)] == begun
    assert watch.process.poll() is None
