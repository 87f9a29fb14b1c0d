import os
import signal

import click
import pytest

from models.message import decode_alert
from streams.commands import watch as module
from streams.commands.following import ConsoleFollower, LostError, RedisFollower
from streams.commands.watch import choose_follower, follow
from streams.errors import OutsideError
from streams.settings import ConsoleSettings, RedisSettings, Settings
from tests.support.messages import make_alert


class Scripted:
    """A follower whose connections end as told: each is a list of messages and the error at its end."""

    name = "the console at http://example"
    hint = "Start it"

    def __init__(self, *connections):
        self._connections = list(connections)

    def messages(self):
        messages, error = self._connections.pop(0)
        yield from messages
        raise error


LOST = LostError("connection refused")
OVER = OutsideError("it is something else")


def collect(follower):
    waits, seen = [], []
    with pytest.raises(OutsideError):
        seen.extend(follow(follower, waits.append, chance=lambda: 1.0))
    return [message.message_id for message in seen], waits


def test_messages_go_on_after_a_lost_connection():
    follower = Scripted(([make_alert("a1")], LOST), ([], LOST), ([None, make_alert("a2")], OVER))
    assert collect(follower) == (["a1:1", "a2:1"], [0.5, 1.0])


def test_an_outage_is_said_once_and_so_is_its_end(capsys):
    collect(Scripted(([], LOST), ([], LOST), ([], LOST), ([None, None], LOST), ([], OVER)))
    lost = "undercurrent: the console at http://example does not answer (connection refused); "
    assert capsys.readouterr().err.splitlines() == [
        f"{lost}trying until it does. Start it.",
        "undercurrent: the console at http://example answers again.",
        f"{lost}trying until it does. Start it.",
    ]


def test_waits_grow_up_to_a_limit_and_begin_anew_after_a_success():
    _, waits = collect(Scripted(*[([], LOST)] * 7, ([None], LOST), ([], OVER)))
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 0.5]


def test_watchers_do_not_all_come_back_at_once():
    waits = []
    with pytest.raises(OutsideError):
        list(follow(Scripted(([], LOST), ([], OVER)), waits.append, chance=lambda: 0.0))
    assert waits == [0.25]


@pytest.mark.parametrize(
    ("settings", "redis_url", "console_url", "name"),
    [
        (Settings(), None, None, "the console at http://127.0.0.1:8080"),
        (Settings(console=ConsoleSettings(host="::", port=81)), None, None, "the console at http://[::1]:81"),
        (Settings(console=ConsoleSettings(host="::1")), None, None, "the console at http://[::1]:8080"),
        (Settings(redis=RedisSettings(url="redis://:pw@db:1")), None, None, "Redis at redis://db:1"),
        (Settings(redis=RedisSettings(url="redis://db:1")), None, "http://c:2", "the console at http://c:2"),
        (Settings(), "redis://other:3", None, "Redis at redis://other:3"),
    ],
)
def test_alerts_come_from_where_the_options_or_else_the_settings_say(settings, redis_url, console_url, name):
    follower = choose_follower(settings, redis_url, console_url, 0, print)
    assert isinstance(follower, RedisFollower if "Redis" in name else ConsoleFollower)
    assert follower.name == name


@pytest.mark.parametrize(
    ("redis_url", "console_url", "words"),
    [("redis://a", "http://b", "give one"), ("http://a", None, "no address of a Redis server")],
)
def test_what_cannot_be_is_refused(redis_url, console_url, words):
    with pytest.raises(click.UsageError, match=words):
        choose_follower(Settings(), redis_url, console_url, 0, print)


class Interrupting(Scripted):
    """A follower during whose second wait somebody presses Ctrl-C."""

    def messages(self):
        yield make_alert()
        os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("the wait went on")


def test_alerts_are_shown_until_somebody_stops_it(undercurrent, monkeypatch):
    monkeypatch.setattr(module, "choose_follower", lambda *_: Interrupting())
    ended = undercurrent("watch")
    assert (ended.status, ended.err) == (130, "undercurrent: stopped by Ctrl-C.\n")
    assert "· NEW ·" in ended.out


def test_for_programs_they_are_json_lines(undercurrent, monkeypatch):
    monkeypatch.setattr(module, "choose_follower", lambda *_: Interrupting())
    [line] = undercurrent("watch", "--json").out.splitlines()
    assert decode_alert(line) == make_alert()
