import json
import os
import signal

import msgspec
import pytest

from models.message import decode_alert, encode_alert
from streams.commands.playing import Playing
from tests.support.archive import alerts_in, make_archive
from tests.support.posts import make_line, make_lines

pytestmark = pytest.mark.usefixtures("no_lines_of_progress")

BUDGETS = ("fewer", "balanced", "more")


@pytest.fixture(scope="module")
def archive():
    return make_archive()


@pytest.fixture(scope="module")
def expected(archive):
    """The alert messages of a replay under each budget."""
    return {budget: alerts_in(archive, budget) for budget in BUDGETS}


def opened(messages):
    return [message for message in messages if message.type == "opened"]


def test_each_budget_fires_as_often_as_a_replay_under_it_does(undercurrent, tmp_path, archive, expected):
    (tmp_path / "posts").write_bytes(archive)
    ended = undercurrent("dry-run", "posts", "--json", "--show", "--alerts", "a.jsonl")
    assert (ended.status, ended.err) == (0, "")
    report = json.loads(ended.out)
    assert [own["setting"] for own in report["budgets"]] == list(BUDGETS)
    assert [own["allowed_per_week"] for own in report["budgets"]] == [1, 3, 10]
    lines = (tmp_path / "a.jsonl").read_bytes().splitlines()
    for own in report["budgets"]:
        messages = expected[own["setting"]]
        assert own["alerts"] == len(opened(messages)) == sum(each["alerts"] for each in own["communities"])
        assert own["messages"] == len(messages)
        assert [each["alert_id"] for each in own["listed"]] == [message.alert_id for message in opened(messages)]
        written = [line for line in lines if decode_alert(line).budget.setting == own["setting"]]
        assert written == [encode_alert(message) for message in messages]
    assert report["posts"] == archive.count(b"\n")
    assert expected["fewer"] != expected["more"], "this archive can tell no budget from another"


def test_how_often_is_told_for_all_and_by_community_the_worst_first(undercurrent, tmp_path, archive, expected):
    (tmp_path / "posts").write_bytes(archive)
    ended = undercurrent("dry-run", "posts", "--communities", "1")
    assert (ended.status, ended.err) == (0, "")
    rows = [line.split() for line in ended.out.splitlines()]
    for budget in BUDGETS:
        [row] = [row for row in rows if row[:1] == [budget]]
        assert row[2] == str(len(opened(expected[budget])))
        assert row[5] == str(len(expected[budget]))
    names = {message.community for message in expected["more"]}
    assert len(names) == 2
    assert sum(row[0] in names for row in rows if row) == 1
    assert "and 1 more with an alert" in ended.out
    assert "Less than two weeks: nothing fires in the first 3 hours" in ended.out


def test_the_alerts_themselves_are_listed_with_their_headlines(undercurrent, tmp_path, archive, expected):
    (tmp_path / "posts").write_bytes(archive)
    ended = undercurrent("dry-run", "posts", "--show")
    for budget in BUDGETS:
        section = ended.out.split(f"Alerts at {budget}:\n")[1].split("\n\n")[0]
        assert [line.rsplit(" · ")[-1] for line in section.splitlines()] == [
            message.headline for message in opened(expected[budget])
        ]


def test_headlines_of_strangers_do_nothing_to_a_terminal(undercurrent, tmp_path, archive, expected):
    community = opened(expected["more"])[0].community
    (tmp_path / "posts").write_bytes(archive.replace(community.encode(), b"\\u001b[2J\\u202eevil"))
    ended = undercurrent("dry-run", "posts", "--show")
    assert "evil" in ended.out
    assert "\x1b" not in ended.out
    assert "\u202e" not in ended.out


def test_budgets_of_single_communities_are_set_aside_and_that_is_said(undercurrent, tmp_path, archive, expected):
    (tmp_path / "posts").write_bytes(archive)
    community = opened(expected["more"])[0].community
    (tmp_path / "undercurrent.toml").write_text(f'[[communities]]\nname = "{community}"\nbudget = "fewer"\n')
    ended = undercurrent("dry-run", "posts")
    assert f"that the settings give to single communities: {community} (fewer)." in ended.out
    row = next(line.split() for line in ended.out.splitlines() if line.startswith("more "))
    assert row[2] == str(len(opened(expected["more"])))


def test_an_archive_without_an_alert_is_told_as_such(undercurrent, tmp_path):
    (tmp_path / "posts").write_bytes(make_line(1))
    ended = undercurrent("dry-run", "posts", "--json")
    assert ended.status == 0
    report = json.loads(ended.out)
    assert [own["alerts_per_week"] for own in report["budgets"]] == [0, 0, 0]
    assert report["from_ms"] == report["to_ms"]
    assert undercurrent("dry-run", "posts").status == 0


def test_what_cannot_be_used_is_one_sentence(undercurrent, tmp_path):
    (tmp_path / "posts").write_bytes(b"hello\n")
    assert undercurrent("dry-run", "posts").err.startswith("undercurrent: posts: there is no post in it")
    assert undercurrent("dry-run", "missing") == (
        2, "", "undercurrent: missing cannot be read: no such file or directory.\n",
    )  # fmt: skip
    ended = undercurrent("dry-run", "posts", "--alerts", "-")
    assert (ended.status, ended.out) == (2, "")
    assert "--alerts needs a file here" in ended.err
    ended = undercurrent("dry-run", "posts", "--alerts", "posts")
    assert ended.err == "undercurrent: posts is named twice; writing it would destroy what stands there.\n"


def test_garbage_is_counted_once(undercurrent, tmp_path):
    (tmp_path / "posts").write_bytes(b"{\n" + make_line(1))
    assert "left out, as they are no posts: 1 (1 not json)" in undercurrent("dry-run", "posts").err


def test_when_it_is_stopped_it_says_what_it_has(undercurrent, tmp_path, monkeypatch):
    (tmp_path / "posts").write_bytes(make_lines(1_000))
    monkeypatch.setattr(Playing, "_look", lambda _: os.kill(os.getpid(), signal.SIGINT))
    ended = undercurrent("dry-run", "posts")
    assert ended.status == 130
    assert ended.err.startswith("undercurrent: stopped by Ctrl-C after 1 posts (posts, line 1")
    assert ended.out.startswith("1 posts, ")


def test_the_json_has_one_form(undercurrent, tmp_path):
    (tmp_path / "posts").write_bytes(make_line(1))
    report = msgspec.json.decode(undercurrent("dry-run", "posts", "--json").out)
    assert set(report) == {"posts", "communities", "from_ms", "to_ms", "weeks", "set_aside", "budgets"}
    assert all(own["listed"] is None for own in report["budgets"])
