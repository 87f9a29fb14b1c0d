"""What the program tells its operators: events with fields, on stderr.

Events are past-tense constants such as ``window_closed``; what varies stands in fields. On a terminal they
are lines to read, anywhere else one JSON object a line.
"""

import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO

import structlog

from streams import clock

LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure(stream: TextIO | None = None, *, level: str = "info") -> None:
    """Send all events of `level` and above to `stream`.

    Args:
        stream: Where to; stderr as it is at this moment if not given.
        level: One of `LEVELS`.
    """
    target = sys.stderr if stream is None else stream
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if target.isatty():
        renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _add_time,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(target),
        cache_logger_on_first_use=False,
    )


def get_logger(**fields: object) -> structlog.typing.FilteringBoundLogger:
    """Return a logger whose events all carry `fields`. It may be made before `configure` is called."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(**fields)
    return logger


def _add_time(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    moment = datetime.fromtimestamp(clock.now_ms() / 1000, UTC)
    event["at"] = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return event
