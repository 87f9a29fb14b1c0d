"""Workers as real processes, and fresh topics for them."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Self

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError, UnknownTopicOrPartitionError

from deploy.local.ready import until
from streams import topics
from tests.support.source import ROOT

START_S = 30.0
STOP_S = 15.0


def spawn(arguments, environment, **options) -> subprocess.Popen:
    """Starts a command of this checkout, with no settings of the shell's but those in `environment`."""
    variables = {name: text for name, text in os.environ.items() if not name.startswith("UNDERCURRENT_")}
    command = [sys.executable, "-m", "streams", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=variables | environment, **options)


class Worker:
    """One `undercurrent worker …` of this checkout, in a process of its own.

    Args:
        stage: ``intake``, ``track`` or ``sink``.
        folder: Its settings and its output, in `STAGE.log`.
        environment: Places, as variables of the environment.
        settings: What else its settings file holds.
        arguments: Further ones.
        session_timeout_s: After how long in silence it loses its partitions.
    """

    def __init__(self, stage, folder: Path, environment, settings="", arguments=(), *, session_timeout_s=1.5):
        self.stage = stage
        self.folder = folder
        self.log = folder / f"{stage}.log"
        self._settings = f"[kafka]\nsession_timeout_s = {session_timeout_s}\n{settings}"
        self._environment = environment
        self._arguments = arguments
        self._process = None
        self._said = 0

    def start(self) -> Self:
        """Starts it, and returns when it answers HTTP."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / f"{self.stage}.toml"
        config.write_text(self._settings)
        self._said = self.log.stat().st_size if self.log.exists() else 0
        environment = {f"UNDERCURRENT_{self.stage.upper()}_PORT": "0", **self._environment}
        command = ["worker", self.stage, "--config", str(config), *self._arguments]
        with self.log.open("ab") as log:
            self._process = spawn(command, environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait(lambda: self._port() is not None)
        return self

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def has_ended(self) -> bool:
        """Whether it was started and is there no more."""
        return self._process is not None and self._process.poll() is not None

    def wait(self, condition, seconds=START_S):
        """Returns when a condition holds; fails with what the worker said if it does not, or if the worker ends."""
        # Asked once: what holds now may not hold any more a moment later.
        held = []

        def is_over():
            if condition():
                held.append(True)
            return held or not self.is_running

        until(is_over, seconds)
        if not held:
            assert self.is_running, f"the worker ended with {self._process.returncode}:\n{self.said()[-4000:]}"
            raise AssertionError(f"in vain for {seconds} s; the worker said:\n{self.said()[-4000:]}")

    def wait_until_ready(self, seconds=START_S):
        """Returns when it says that it is ready."""
        self.wait(lambda: self.is_ready, seconds)

    @property
    def is_ready(self) -> bool:
        """Whether it says that it is ready."""
        return self.readiness() == {"ready": True}

    def readiness(self) -> dict:
        """Returns what it says of its readiness; an empty dictionary if it does not answer."""
        with suppress(OSError, ValueError):
            return json.loads(self.get("/readyz"))
        return {}

    def get(self, path) -> bytes:
        """Returns what it answers, whatever the status."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port()}{path}", timeout=5) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            return error.read()

    def metric(self, name) -> float:
        """Returns a metric by its name and labels as the page shows them; 0 if it is not there."""
        for line in self.get("/metrics").decode().splitlines():
            if line.startswith(f"{name} "):
                return float(line.split(" ")[1])
        return 0.0

    def said(self) -> str:
        """Returns what it wrote since it was started last."""
        return self.log.read_bytes()[self._said :].decode()

    def events(self, name) -> list[dict]:
        """Returns its log events of a name."""
        lines = [json.loads(line) for line in self.said().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == name]

    def stop(self) -> int:
        """Ends it by SIGTERM; returns its exit status, or that of SIGKILL if it does not end in time."""
        if self.is_running:
            self.resume()
            self._process.terminate()
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.kill()
        return self._process.returncode

    def end(self, seconds=START_S) -> int:
        """Returns the exit status of one that ends by itself."""
        return self._process.wait(seconds)

    def kill(self):
        """Ends it by SIGKILL."""
        if self.is_running:
            self._process.kill()
            self._process.wait(STOP_S)

    def pause(self):
        """Freezes it."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self):
        """Ends a pause."""
        os.kill(self.pid, signal.SIGCONT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def _port(self):
        for line in self.said().splitlines():
            if '"worker_started"' in line and line.endswith("}"):
                return json.loads(line)["port"]
        return None


def make_topics(bootstrap, *, only=topics.TOPICS, **partitions):
    """Makes topics anew, empty, and removes all consumer groups.

    Args:
        bootstrap: The broker.
        only: Which topics.
        partitions: How many a topic has, by its name in `streams.topics`, if others than usual.
    """
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        with suppress(KafkaError):
            admin.delete_groups([topics.INTAKE_GROUP, topics.TRACK_GROUP, topics.SINK_GROUP])
        for topic in only:
            with suppress(UnknownTopicOrPartitionError):
                admin.delete_topics([topic.name])
        counts = {getattr(topics, name).name: count for name, count in partitions.items()}
        for topic in only:
            new = NewTopic(
                topic.name,
                num_partitions=counts.get(topic.name, topic.partitions),
                replication_factor=1,
                topic_configs=topic.settings(),
            )
            assert until(lambda new=new: _is_made(admin, new), START_S), f"{topic.name} is not made"
    finally:
        admin.close()


def _is_made(admin, new):
    try:
        admin.create_topics([new])
    except TopicAlreadyExistsError:
        return False
    return True
