import io
import json

import pytest
import structlog

from streams import clock, logs


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _defaults_afterwards():
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr(clock, "now_ms", lambda: 1_767_614_400_000)


def test_events_are_json_lines_where_there_is_no_terminal():
    stream = io.StringIO()
    logs.configure(stream)
    logs.get_logger(partition=3).info("window_closed", posts=7)
    assert json.loads(stream.getvalue()) == {
        "event": "window_closed",
        "level": "info",
        "partition": 3,
        "posts": 7,
        "at": "2026-01-05T12:00:00.000Z",
    }


def test_events_are_lines_to_read_on_a_terminal():
    stream = Terminal()
    logs.configure(stream)
    logs.get_logger().warning("source_paused")
    assert "source_paused" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_events_below_the_level_are_left_out():
    stream = io.StringIO()
    logs.configure(stream, level="warning")
    logs.get_logger().info("window_closed")
    assert stream.getvalue() == ""


def test_a_logger_made_before_the_configuration_follows_it():
    logger = logs.get_logger()
    stream = io.StringIO()
    logs.configure(stream)
    logger.info("worker_started")
    assert "worker_started" in stream.getvalue()


def test_an_exception_is_one_field():
    stream = io.StringIO()
    logs.configure(stream)
    try:
        int("no")
    except ValueError:
        logs.get_logger().exception("post_refused")
    assert "ValueError: invalid literal" in json.loads(stream.getvalue())["exception"]
