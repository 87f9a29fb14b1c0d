import pytest

from models.message import Delivery, decode_alert
from streams.commands.alert_output import AlertOutput
from streams.commands.outputs import LineOutput
from tests.support.messages import make_alert


@pytest.fixture
def output(capfd):  # noqa: ARG001 - standard output is captured before it is opened
    with LineOutput() as opened:
        yield opened


def test_text_for_people_is_set_off_by_an_empty_line(output, capfd):
    shown = AlertOutput(output, as_json=False, is_terminal=False)
    shown.show(make_alert())
    shown.show(make_alert(alert_id="a2"))
    out = capfd.readouterr().out
    assert out.count("2026-01-05 12:00 UTC · severity 7") == 2
    assert "a1:1\n\n2026" in out
    assert "\x1b" not in out


def test_a_terminal_gets_colour_and_lines_of_its_width(output, capfd, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    AlertOutput(output, as_json=False, is_terminal=True).show(make_alert())
    first = capfd.readouterr().out.splitlines()[0]
    assert first.startswith("\x1b[31m")
    assert len(first) < 70


def test_json_is_one_line_with_the_delivery(output, capfd):
    message = make_alert(delivery=Delivery(ingested_ms=7))
    AlertOutput(output, as_json=True, is_terminal=True).show(message)
    [line] = capfd.readouterr().out.splitlines()
    assert decode_alert(line) == message


def test_each_alert_is_one_write(output):
    AlertOutput.to_standard_output(as_json=False).show(make_alert())
    shown = AlertOutput(output, as_json=False, is_terminal=False)
    shown.show(make_alert())
    assert output.pieces == 1
