"""Real servers for tests: each in a folder of its own on free loopback ports, stopped by its process id.

A server that was stopped or killed can be started again on the same folder and ports, which is how a test
restarts a broker. `pause` freezes one as an outage does: its connections stay open and nothing answers.
"""

import os
import signal
import subprocess
from pathlib import Path
from typing import Self

from deploy.local import kafka
from deploy.local.programs import prometheus_command, redis_command
from deploy.local.ready import HOST, free_port, http_answers, is_free, redis_answers, until

STOP_S = 30.0
GONE_S = 300.0
"""A machine with much to do takes its time to clear a killed process away."""

NOTHING_TO_SCRAPE = "global: {scrape_interval: 1s}\n"


class Server:
    """One server process. As a context manager it is started on entering and stopped on leaving.

    Args:
        folder: Its data, its configuration and its output, in `output.txt`; made where it is not there.
        port: Where it listens; a free one if not given.
    """

    start_s = 30.0

    def __init__(self, folder: Path, port: int | None = None):
        self.folder = folder
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the one that runs."""
        assert self._process is not None, "the server does not run"
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether its process is there, paused or not."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Starts it, and returns when it answers."""
        assert not self.is_running, "the server runs already"
        assert is_free(self.port), f"another server has port {self.port}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._prepare()
        with (self.folder / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C goes to the tests, which then stop their servers.
                start_new_session=True,
            )
        until(lambda: self._answers() or not self.is_running, self.start_s)
        if not (self.is_running and self._answers()):
            self.kill()
            said = (self.folder / "output.txt").read_text(errors="replace").splitlines()[-20:]
            raise AssertionError("\n".join([f"{type(self).__name__} on port {self.port} did not start:", *said]))
        return self

    def stop(self) -> None:
        """Ends it as its owner would, by SIGTERM, and returns when it is gone; harmless when it is."""
        if self.is_running:
            self.resume()
            self._send(signal.SIGTERM)
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """Ends it by SIGKILL, and returns when it is gone; harmless when it is."""
        if self.is_running:
            self._send(signal.SIGKILL)
            self._process.wait(GONE_S)

    def pause(self) -> None:
        """Freezes it: whoever asks waits."""
        self._send(signal.SIGSTOP)

    def resume(self) -> None:
        """Ends a pause; harmless where there is none."""
        self._send(signal.SIGCONT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def _send(self, number):
        os.kill(self.pid, number)

    def _prepare(self):
        """Makes in the folder what it needs to start."""

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError


class KafkaServer(Server):
    """A broker that forms groups at once, with no topic."""

    start_s = kafka.START_S

    def __init__(self, folder: Path, port: int | None = None):
        super().__init__(folder, port)
        self._broker = kafka.Broker(folder, self.port, free_port(), is_quick=True)

    @property
    def bootstrap(self) -> str:
        """Where clients connect, as host:port."""
        return f"{HOST}:{self.port}"

    def _prepare(self):
        self._broker.prepare()

    def _command(self):
        return self._broker.command()

    def _answers(self):
        return kafka.answers(self.port)


class RedisServer(Server):
    """An empty Redis; with `is_kept`, what it holds outlives a restart, as in the real stack."""

    def __init__(self, folder: Path, port: int | None = None, *, is_kept: bool = False):
        super().__init__(folder, port)
        self._is_kept = is_kept

    @property
    def url(self) -> str:
        """Its address as the settings take it."""
        return f"redis://{HOST}:{self.port}/0"

    def _command(self):
        return redis_command(self.folder, self.port, is_kept=self._is_kept)

    def _answers(self):
        return redis_answers(self.port)


class PrometheusServer(Server):
    """A Prometheus with a configuration of the test's own; without one it scrapes nothing."""

    def __init__(self, folder: Path, port: int | None = None, *, configuration: str = NOTHING_TO_SCRAPE):
        super().__init__(folder, port)
        self._configuration = configuration

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def _prepare(self):
        (self.folder / "prometheus.yml").write_text(self._configuration)

    def _command(self):
        return prometheus_command(self.folder / "data", self.port, self.folder)

    def _answers(self):
        return http_answers(self.port, "/-/ready")
