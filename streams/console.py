"""The console: a page for people; JSON and a stream of alerts for programs; metrics; health. Only reads."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
import redis
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from streams.alert_feed import CLIENTS_MAX, AlertFeed, is_stream_id
from streams.metrics import CONTENT_TYPE, Metrics
from streams.pages import Overview, alert_page, overview_page, problem_page
from streams.redis_store import RedisStore, TopOfMind
from streams.web_guard import WebGuard, allowed_hosts

ALERTS_SHOWN: Final = 50
ALERTS_MAX: Final = 1_000
COMMUNITIES_SHOWN: Final = 200

_STATIC: Final = Path(__file__).parent / "web"
_API: Final = "/api/"
_DOWN: Final = "Redis does not answer; alerts are kept until it does."
_encoder = msgspec.json.Encoder(order="sorted")


class Console:
    """The web application.

    Args:
        store: What it shows.
        metrics: What ``/metrics`` shows.
        host: The address it is served at; decides which host names are answered.
        note: A line above every page, such as that the posts are made up.
        is_ready: Whether the rest of the process does its work.
    """

    def __init__(
        self,
        store: RedisStore,
        metrics: Metrics,
        *,
        host: str = "127.0.0.1",
        note: str = "",
        is_ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._note = note
        self._is_ready = is_ready
        self._feed = AlertFeed(store, metrics)
        self.app = Starlette(
            routes=[
                Route("/", self._overview),
                Route("/alerts/{alert_id}", self._alert),
                Route("/metrics", self._show_metrics),
                Route("/healthz", self._health),
                Route("/readyz", self._readiness),
                Route("/api/v1/alerts", self._alerts_json),
                Route("/api/v1/alerts/stream", self._stream),
                Route("/api/v1/alerts/{alert_id}", self._alert_json),
                Route("/api/v1/communities", self._communities_json),
                # A community may have a slash in its name.
                Route("/api/v1/communities/{name:path}/narratives", self._narratives_json),
                Mount("/static", StaticFiles(directory=_STATIC)),
            ],
            middleware=[Middleware(WebGuard, hosts=allowed_hosts(host))],
            exception_handlers={HTTPException: _refuse, redis.RedisError: _be_without_redis},
            lifespan=self._lifespan,
        )

    def close(self) -> None:
        """End the streams, so that the server can stop at once. May be called from another thread."""
        self._feed.close()

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._feed.watch())
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    def _overview(self, request: Request) -> Response:
        community = request.query_params.get("community")
        names = self._store.communities()
        if community is not None and community not in names:
            raise HTTPException(404, f"There is no community “{community}”.")
        shown = [community] if community is not None else names[:COMMUNITIES_SHOWN]
        overview = Overview(
            alerts=self._store.alerts(ALERTS_SHOWN, community),
            communities=_empty_last(self._store.top_of_mind(shown)),
            reached_ms=self._store.reached_ms(),
            community=community,
        )
        return HTMLResponse(overview_page(overview, self._note))

    def _alert(self, request: Request) -> Response:
        message = self._store.alert(request.path_params["alert_id"])
        if message is None:
            raise HTTPException(404, "There is no such alert.")
        return HTMLResponse(alert_page(message, self._note))

    def _show_metrics(self, _request: Request) -> Response:
        return Response(self._metrics.render(), headers={"Content-Type": CONTENT_TYPE})

    def _health(self, _request: Request) -> Response:
        return _json({"status": "ok"})

    def _readiness(self, _request: Request) -> Response:
        if not self._is_ready():
            return _json({"status": "not ready", "error": "The pipeline is not running."}, 503)
        self._store.ping()
        return _json({"status": "ready"})

    def _alerts_json(self, request: Request) -> Response:
        limit = _whole_number(request, "limit", default=ALERTS_SHOWN, most=ALERTS_MAX)
        return _json({"alerts": self._store.alerts(limit, request.query_params.get("community"))})

    def _alert_json(self, request: Request) -> Response:
        message = self._store.alert(request.path_params["alert_id"])
        if message is None:
            raise HTTPException(404, "There is no such alert.")
        return _json(message)

    def _communities_json(self, _request: Request) -> Response:
        return _json({"communities": self._store.communities()})

    def _narratives_json(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._store.communities():
            raise HTTPException(404, f"There is no community “{name}”.")
        top = self._store.top_of_mind([name])[name]
        return _json({"community": name, "length_ms": top.length_ms, "narratives": top.narratives})

    async def _stream(self, request: Request) -> Response:
        # A browser's EventSource cannot set the header on its first connection, hence the parameter.
        after = request.headers.get("last-event-id") or request.query_params.get("last_event_id")
        if after is not None and not is_stream_id(after):
            raise HTTPException(400, "Last-Event-ID is no id of this stream, such as 1700000000000-0.")
        if self._feed.clients >= CLIENTS_MAX:
            raise HTTPException(503, f"{CLIENTS_MAX} streams are open, and that is all there can be.")
        return StreamingResponse(self._feed.events(after), media_type="text/event-stream")


def _empty_last(top: dict[str, TopOfMind]) -> dict[str, TopOfMind]:
    return dict(sorted(top.items(), key=lambda item: (not item[1].narratives, item[0].casefold())))


def _json(value: object, status: int = 200) -> Response:
    return Response(_encoder.encode(value) + b"\n", status, media_type="application/json")


def _whole_number(request: Request, name: str, *, default: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= most:
        raise HTTPException(400, f"`{name}` is {text!r}; expected a whole number from 1 to {most:,}.")
    return int(text)


def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _problem(request, error.status_code, error.detail)


def _be_without_redis(request: Request, _error: Exception) -> Response:
    return _problem(request, 503, _DOWN)


def _problem(request: Request, status: int, text: str) -> Response:
    if request.url.path.startswith(_API) or request.url.path == "/readyz":
        return _json({"error": text}, status)
    title = "Not found" if status == 404 else "Not now" if status == 503 else "Not possible"  # noqa: PLR2004
    return HTMLResponse(problem_page(title, text), status)
