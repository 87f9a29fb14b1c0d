import pytest

from streams.commands.progress import LINE_EVERY_S, Progress
from tests.support.posts import NOON_MS


class Watch:
    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def watch():
    return Watch()


def test_without_a_terminal_a_line_is_due_every_ten_seconds(watch, capsys):
    with Progress(2_000, is_terminal=False, elapsed_s=watch) as progress:
        watch.now_s += LINE_EVERY_S - 0.1
        assert not progress.is_due()
        watch.now_s += 0.1
        assert progress.is_due()
        progress.show(500, 1_000, NOON_MS)
        assert not progress.is_due()
    assert capsys.readouterr().err == "undercurrent: 25%, 1,000 posts, 100 a second, at 2026-01-05 12:00 UTC\n"


def test_without_a_known_size_the_share_is_left_out(watch, capsys):
    with Progress(None, is_terminal=False, elapsed_s=watch) as progress:
        watch.now_s += 20
        progress.show(0, 0, -1)
    assert capsys.readouterr().err == "undercurrent: 0 posts, 0 a second\n"


def test_on_a_terminal_a_bar_is_drawn_and_taken_away(watch, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    with Progress(1_000, is_terminal=True, elapsed_s=watch) as progress:
        watch.now_s += 1
        assert progress.is_due()
        progress.show(500, 10, NOON_MS)
        with progress.hidden():
            print("an alert")  # noqa: T201 - as an alert is
        progress.show(1_000, 20, NOON_MS)
    out, err = capsys.readouterr()
    assert out == "an alert\n"
    assert "50%" in err
    assert "20 posts" in err
