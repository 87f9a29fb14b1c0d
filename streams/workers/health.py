"""What a worker says over HTTP: ``/metrics``, ``/healthz``, ``/readyz``. From a thread, so also while it computes."""

from collections.abc import Callable
from typing import Final

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from streams.metrics import CONTENT_TYPE, WorkerMetrics
from streams.server import Server, bind
from streams.worker_metrics import READY, SILENCE

UNHEALTHY_S: Final = 60.0
"""Two thirds of the silence after which the worker ends itself."""

_OK: Final = 200
_UNAVAILABLE: Final = 503


class Health:
    """The state of a worker as it is asked for from outside.

    Args:
        name: What the worker is called, such as ``worker track``.
        metrics: What ``/metrics`` shows.
        silence_s: Seconds since the worker last found all in order.
        host: Address to listen on.
        port: Port to listen on; 0 takes any.

    Attributes:
        waiting_for: Asked why the worker is not ready; None if it is.
    """

    def __init__(
        self, name: str, metrics: WorkerMetrics, silence_s: Callable[[], float], *, host: str, port: int
    ) -> None:
        self.waiting_for: Callable[[], str | None] = lambda: "the worker is starting"
        self._metrics = metrics
        self._silence_s = silence_s
        routes = [
            Route("/metrics", self._show_metrics),
            Route("/healthz", self._show_health),
            Route("/readyz", self._show_readiness),
        ]
        what = f"`undercurrent {name}`"
        self._server = Server(Starlette(routes=routes), bind(host, port, what=what, tries=1), what=what)
        self.port = self._server.port

    def start(self) -> None:
        """Begin to answer; `OutsideError` if that does not come to be."""
        self._server.start()

    def stop(self) -> None:
        """End the thread."""
        self._server.stop()

    # Not coroutines on purpose: Starlette gives each a thread, so that a slow one holds up no other.
    def _show_metrics(self, _: Request) -> Response:
        self._metrics.show(SILENCE, self._silence_s())
        self._metrics.show(READY, self._problem() is None)
        return Response(self._metrics.render(), media_type=CONTENT_TYPE)

    def _show_health(self, _: Request) -> Response:
        return _answer("healthy", self._stall())

    def _show_readiness(self, _: Request) -> Response:
        return _answer("ready", self._problem())

    def _problem(self) -> str | None:
        return self._stall() or self.waiting_for()

    def _stall(self) -> str | None:
        silence_s = self._silence_s()
        return f"nothing has progressed for {silence_s:.0f} s" if silence_s > UNHEALTHY_S else None


def _answer(claim: str, reason: str | None) -> Response:
    body = {claim: reason is None} | ({"reason": reason} if reason else {})
    status = _UNAVAILABLE if reason else _OK
    return Response(msgspec.json.encode(body), status, media_type="application/json")
