"""The README's examples for downstream services, run as they stand there, against real servers."""

import signal
import subprocess
import sys
import threading
from queue import Queue

import pytest
import redis
from kafka import KafkaAdminClient

from deploy.local.ready import until
from models.message import encode_alert, encode_trend
from streams import topics
from streams.provisioning import Provisioner
from tests.support import kafka_log
from tests.support.messages import make_alert, make_trend
from tests.support.source import ROOT

README = (ROOT / "README.md").read_text()
WAIT_S = 60.0


def example(section, changes):
    """Returns the Python of a section, with what stands for the test's surroundings changed."""
    text = README.split(f"### {section}\n")[1].split("\n## ")[0]
    code = text.split("```python\n")[1].split("```\n")[0]
    for words, replacement in changes.items():
        assert code.count(words) == 1, f"the example of {section!r} should say {words!r} once"
        code = code.replace(words, replacement)
    return code


class Script:
    """An example in a process of its own, whose lines about this test's messages are read as they come.

    Other tests leave messages in the shared broker; those of this one have `readme-` in their ids.
    """

    def __init__(self, code, folder, *arguments):
        path = folder / "example.py"
        path.write_text(code)
        self._process = subprocess.Popen(
            [sys.executable, str(path), *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def lines(self, count):
        """Returns the next lines, in any order."""
        return sorted(self._lines.get(timeout=WAIT_S) for _ in range(count))

    def stop(self):
        """Stops it by Ctrl-C; returns the lines that were not read."""
        self._process.send_signal(signal.SIGINT)
        assert self._process.wait(WAIT_S) == 0, self._process.stderr.read()
        self._process.stderr.close()
        rest = []
        while (line := self._lines.get(timeout=WAIT_S)) is not None:
            rest.append(line)
        return rest

    def _read(self):
        with self._process.stdout as lines:
            for line in lines:
                if "readme-" in line:
                    self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


@pytest.fixture
def broker(kafka_bootstrap):
    """The shared broker, with the two topics that are subscribed to."""
    with KafkaAdminClient(bootstrap_servers=kafka_bootstrap) as admin:
        provisioner = Provisioner(admin)
        states = provisioner.states([topics.ALERTS, topics.TRENDS])
        wanted = zip((topics.ALERTS, topics.TRENDS), states, strict=True)
        provisioner.create([(topic, topic.partitions) for topic, state in wanted if state.is_missing], 1)
    return kafka_bootstrap


def send_alerts(broker, *alerts):
    kafka_log.send(broker, topics.ALERTS.name, [(each.alert_id.encode(), encode_alert(each), []) for each in alerts])


def send_trends(broker, *trends):
    messages = [(each.narrative_id.encode(), None if each.is_gone else encode_trend(each), []) for each in trends]
    kafka_log.send(broker, topics.TRENDS.name, messages)


def test_a_subscriber_of_kafka_does_each_message_once_whatever_comes_twice(broker, tmp_path):
    address = {'"127.0.0.1:9092"': repr(broker)}
    code = example("Subscribe from Kafka", address)
    headline = make_alert().headline
    send_alerts(broker, make_alert("readme-a1"))
    send_trends(broker, make_trend("readme-n1"))
    script = Script(code, tmp_path)
    assert script.lines(2) == [
        f"alert readme-a1:1 opened, severity 7: {headline}",
        "trend readme-n1 is quiet: ferry tornavik timetable",
    ]
    send_alerts(broker, make_alert("readme-a1"), make_alert("readme-a1", 2))
    send_trends(broker, make_trend("readme-n1", is_gone=True))
    assert script.lines(2) == [
        f"alert readme-a1:2 updated, severity 7: {headline}",
        "trend readme-n1 has faded",
    ]
    assert script.stop() == []
    send_alerts(broker, make_alert("readme-a2"))
    # It was stopped as soon as it had said its last line, and yet it noted what it had done.
    again = Script(code, tmp_path)
    assert again.lines(1) == [f"alert readme-a2:1 opened, severity 7: {headline}"]
    assert again.stop() == []
    # As after a crash before the commit: all of it comes once more.
    anew = Script(example("Subscribe from Kafka", address | {'"my-service"': '"my-service-anew"'}), tmp_path)
    assert anew.lines(2) == ["trend readme-n1 has faded", "trend readme-n1 is quiet: ferry tornavik timetable"]
    send_alerts(broker, make_alert("readme-a3"))
    assert anew.lines(1) == [f"alert readme-a3:1 opened, severity 7: {headline}"]
    assert anew.stop() == []


def test_a_member_of_a_redis_team_takes_its_own_and_what_another_left(redis_url, tmp_path):
    client = redis.Redis.from_url(redis_url)
    client.flushall()
    code = example(
        "Subscribe from Redis",
        {'"redis://127.0.0.1:6379/0"': repr(redis_url), "ABANDONED_MS = 60_000": "ABANDONED_MS = 50"},
    )

    def add(alert):
        return client.xadd(topics.ALERT_STREAM, {topics.DATA_FIELD: encode_alert(alert)})

    add(make_alert("readme-a1"))
    client.xgroup_create(topics.ALERT_STREAM, "my-team", id="0")
    client.xreadgroup("my-team", "worker-0", {topics.ALERT_STREAM: ">"})
    assert client.xpending(topics.ALERT_STREAM, "my-team")["pending"] == 1
    script = Script(code, tmp_path, "worker-7")
    headline = make_alert().headline
    assert script.lines(1) == [f"worker-7: readme-a1:1 opened in islanders: {headline}"]
    add(make_alert("readme-a1", 2))
    add(make_alert("readme-a2"))
    assert script.lines(2) == [
        f"worker-7: readme-a1:2 updated in islanders: {headline}",
        f"worker-7: readme-a2:1 opened in islanders: {headline}",
    ]
    assert until(lambda: client.xpending(topics.ALERT_STREAM, "my-team")["pending"] == 0, WAIT_S)
    assert script.stop() == []
    client.close()
