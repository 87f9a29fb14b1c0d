import gzip

import click
import msgspec
import pytest

from models.message import Budget, encode_alert
from streams.commands.alert_history import Sought, not_there, parse_sought, read_history
from streams.commands.interrupts import Interrupts
from streams.errors import OutsideError
from streams.settings import Settings
from tests.support.messages import make_alert


@pytest.fixture
def read(tmp_path):
    """A function that reads the messages of an alert out of lines."""

    def run(*lines, alert_id="a1", pack=False, settings=None):
        path = tmp_path / "alerts.jsonl"
        content = b"\n".join(lines)
        path.write_bytes(gzip.compress(content) if pack else content)
        with Interrupts() as interrupts:
            return read_history(Sought(alert_id), str(path), interrupts, settings or Settings())

    return run


def line(alert_id="a1", revision=1, **changes):
    return encode_alert(make_alert(alert_id, revision, **changes))


def under(budget, revision=1):
    return line(revision=revision, budget=Budget(budget, 1.0))


def test_an_id_names_an_alert_or_one_message_of_it():
    assert parse_sought("a1") == Sought("a1")
    assert parse_sought("a1:12") == Sought("a1", 12)
    assert str(parse_sought("a1:12")) == "a1:12"


@pytest.mark.parametrize(
    "text", ["", ":", ":1", "a1:", "a1:0", "a1:-1", "a1:x", "a1:1:2", "a1:\u0663", f"a1:{'9' * 30}"]
)
def test_what_names_neither_is_refused(text):
    with pytest.raises(click.UsageError, match="is no ALERT_ID; expected an alert such as"):
        parse_sought(text)


def test_the_latest_message_is_chosen_unless_one_is_asked_for():
    history = [make_alert(revision=revision) for revision in (1, 2, 4)]
    assert Sought("a1").choose(history) is history[-1]
    assert Sought("a1", 2).choose(history) is history[1]
    assert Sought("a1", 3).choose(history) is None
    assert Sought("a1").choose([]) is None


@pytest.mark.parametrize("pack", [False, True])
def test_messages_of_one_alert_come_in_their_order(read, pack):
    history = read(line(revision=2), line("b"), line(), pack=pack)
    assert [message.message_id for message in history] == ["a1:1", "a1:2"]


def test_what_is_no_message_is_counted_and_named(read, capsys):
    assert len(read(line(), b"{", b"[]", line(revision=2))) == 2
    assert "left out, as they are no alert messages: 2 (1 not json, 1 wrong field)" in capsys.readouterr().err


def test_a_file_without_a_message_is_one_sentence(read):
    with pytest.raises(OutsideError, match="there is no alert message in it"):
        read(b'{"id": "a post"}')
    with pytest.raises(OutsideError, match="there is nothing in it"):
        read()


def test_a_file_that_breaks_off_is_not_taken_for_whole(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(line())[:-20])
    with Interrupts() as interrupts, pytest.raises(OutsideError, match="truncated"):
        read_history(Sought("a1"), str(tmp_path / "a.gz"), interrupts, Settings())


def test_of_several_budgets_that_of_the_settings_is_taken_and_this_is_said(read, capsys):
    lines = [under("fewer"), under("more"), under("fewer", 2), under("balanced"), under("more", 2)]
    assert [message.budget.setting for message in read(*lines)] == ["balanced"]
    assert "holds a1 under fewer, more, balanced; what it is under balanced" in capsys.readouterr().err
    [first, second] = read(*lines, settings=Settings().with_budget("more"))
    assert (first.budget.setting, second.message_id) == ("more", "a1:2")
    assert [message.message_id for message in read(*lines[:3])] == ["a1:1", "a1:2"]


def test_a_message_that_comes_again_with_other_content_takes_the_place_and_this_is_said(read, capsys):
    assert read(line(severity=3), line(severity=4))[0].severity == 4
    assert "messages of a1 that come again with other content; the last is taken" in capsys.readouterr().err
    read(line(), line())
    assert capsys.readouterr().err == ""


def test_what_is_not_there_is_told_with_what_is():
    assert not_there(Sought("a1\x1b[2J"), [], "x").sentence == "there is no alert a1 in x."
    history = [make_alert(revision=1), msgspec.structs.replace(make_alert(revision=3))]
    sentence = not_there(Sought("a1", 2), history, "x").sentence
    assert sentence == "there is no message a1:2 in x; of this alert it has the revisions 1, 3."
