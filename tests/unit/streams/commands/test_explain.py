import json
import os
import signal

import msgspec
import pytest

from models.message import decode_alert, encode_alert
from streams.commands import following
from streams.commands.playing import Playing
from streams.redis_store import RedisStore, connect
from tests.support.archive import alerts_in, make_archive

pytestmark = pytest.mark.usefixtures("no_lines_of_progress")


@pytest.fixture(scope="module")
def archive():
    return make_archive()


@pytest.fixture(scope="module")
def told(archive):
    """All alert messages of the archive."""
    return alerts_in(archive)


@pytest.fixture(scope="module")
def story(told):
    """The messages of one alert that was updated and resolved, and that Fewer would not have opened as it did."""
    chosen = told[-1].alert_id
    return [message for message in told if message.alert_id == chosen]


@pytest.fixture
def files(tmp_path, archive, told):
    """The archive and its messages as files."""
    (tmp_path / "posts.jsonl").write_bytes(archive)
    write(tmp_path, told)


def write(folder, messages):
    (folder / "alerts.jsonl").write_bytes(b"".join(encode_alert(message) + b"\n" for message in messages))


def beside_two(story):
    """The messages of a story, as if two others had been open before it."""
    scoring = msgspec.structs.replace(story[0].scoring, open_stories=2)
    return [msgspec.structs.replace(story[0], scoring=scoring), *story[1:]]


def flat(text):
    return " ".join(text.split())


@pytest.mark.usefixtures("files")
def test_the_latest_message_of_an_alert_is_explained(undercurrent, story):
    ended = undercurrent("explain", story[0].alert_id, "--alerts", "alerts.jsonl")
    assert (ended.status, ended.err) == (0, "")
    last = story[-1]
    assert ended.out.startswith(f"{last.message_id} · resolved · ")
    assert f"Agrees to the digit: the message tells {last.significance:g} and a bar of {last.bar:g}." in flat(ended.out)
    # What opened it decides, whichever of its messages is explained.
    assert f"Under each budget, by the score of {story[0].message_id}, {story[0].significance:g}:" in ended.out


@pytest.mark.usefixtures("files")
def test_one_message_of_it_is_explained_step_by_step(undercurrent, tmp_path, story):
    story = beside_two(story)
    write(tmp_path, story)
    ended = undercurrent("explain", story[0].message_id, "--alerts", "alerts.jsonl", "--budget", "fewer")
    assert (ended.status, ended.err) == (0, "")
    scoring = story[0].scoring
    text = flat(ended.out)
    assert f"{scoring.authors} authors brought up “{scoring.term}” in {story[0].observed.posts} posts" in text
    assert f"{scoring.share:.6g} × {scoring.volume:.6g} = {scoring.share * scoring.volume:.4g} voices" in text
    assert f"{scoring.bar_inputs.tests_per_week:,.0f} terms a week are tested" in text
    assert "By its own past: too few hours with a score yet." in text
    assert "0.5 for each story that was open, 2 in all." in text
    assert "Under fewer, 1 a week, it would not have opened: its score is " in text


@pytest.mark.usefixtures("files")
def test_for_machines_it_is_one_json_object(undercurrent, tmp_path, story):
    story = beside_two(story)
    write(tmp_path, story)
    ended = undercurrent("explain", story[0].message_id, "--alerts", "alerts.jsonl", "--budget", "fewer", "--json")
    account = json.loads(ended.out)
    assert account["explained"]["significance"] == story[0].significance
    assert account["explained"]["bar"]["source"] == "tests"
    assert (account["decision"]["setting"], account["decision"]["would_open"]) == ("fewer", False)
    assert [own["would_open"] for own in account["explained"]["decisions"]] == [False, True, True]
    assert (account["disagreements"], account["rerun"]) == ({}, None)


@pytest.mark.usefixtures("files")
def test_a_message_that_is_not_what_its_inputs_give_is_named_and_ends_with_1(undercurrent, tmp_path, story):
    false = msgspec.structs.replace(story[1], significance=story[1].significance + 0.001)
    write(tmp_path, [story[0], false, *story[2:]])
    ended = undercurrent("explain", false.message_id, "--alerts", "alerts.jsonl")
    assert ended.status == 1
    assert ended.err == f"undercurrent: {false.message_id} is not what its own inputs give: significance.\n"
    wanted = f"- significance: {false.significance} in the message, {story[1].significance} by its own inputs"
    assert wanted in flat(ended.out)
    # Also if another of the same alert is explained.
    assert undercurrent("explain", story[0].message_id, "--alerts", "alerts.jsonl").status == 1


@pytest.mark.usefixtures("files")
def test_a_run_of_the_posts_gives_the_same_bytes(undercurrent, story):
    ended = undercurrent("explain", story[0].alert_id, "--alerts", "alerts.jsonl", "--archive", "posts.jsonl")
    assert (ended.status, ended.err) == (0, "")
    for message in story:
        assert f"  {message.message_id} identical\n" in ended.out
    assert "comes out otherwise" not in ended.out


@pytest.mark.usefixtures("files")
def test_what_a_run_gives_otherwise_is_named_field_by_field(undercurrent, tmp_path, story):
    false = msgspec.structs.replace(story[1], headline="\x1b[2Jnothing \u202ehappened", severity=9)
    absent = msgspec.structs.replace(story[-1], revision=99, message_id=f"{story[0].alert_id}:99")
    write(tmp_path, [story[0], false, *story[2:-1], absent])
    ended = undercurrent("explain", story[0].alert_id, "--alerts", "alerts.jsonl", "--archive", "posts.jsonl")
    assert ended.status == 1
    assert ended.err == (
        f"undercurrent: {false.message_id} comes out otherwise when the posts are run again: headline, severity.\n"
        f"undercurrent: {absent.message_id} does not come when the posts are run again.\n"
    )
    assert f"severity: 9 in the message, {story[1].severity} in the run" in ended.out
    assert "headline: “nothing happened” in the message" in ended.out
    assert "\x1b" not in ended.out
    assert "1 message of it beside these" in ended.out


@pytest.mark.usefixtures("files")
def test_under_another_budget_the_run_shows_what_would_have_come_instead(undercurrent, archive, story):
    again = ("--archive", "posts.jsonl", "--budget", "fewer", "--json")
    ended = undercurrent("explain", story[0].alert_id, "--alerts", "alerts.jsonl", *again)
    assert (ended.status, ended.err) == (0, "")
    outcome = json.loads(ended.out)["rerun"]
    assert (outcome["budget"], outcome["is_other"], outcome["compared"]) == ("fewer", True, [])
    others = alerts_in(archive, "fewer")
    [instead] = outcome["instead"]
    own = [message for message in others if message.alert_id == instead["alert_id"]]
    assert (instead["messages"], instead["headline"]) == (len(own), own[0].headline)
    assert set(own[0].terms) & set(story[0].terms)


@pytest.mark.usefixtures("files")
def test_an_alert_can_be_looked_for_in_the_run_alone(undercurrent, story):
    ended = undercurrent("explain", story[0].message_id, "--archive", "posts.jsonl")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(f"{story[0].message_id} · opened · ")
    ended = undercurrent("explain", "nobody", "--archive", "posts.jsonl")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "undercurrent: there is no alert nobody in posts.jsonl.\n"


@pytest.mark.usefixtures("files")
def test_what_is_stopped_says_how_far_it_got(undercurrent, monkeypatch, story):
    monkeypatch.setattr(Playing, "_look", lambda _: os.kill(os.getpid(), signal.SIGINT))
    ended = undercurrent("explain", story[0].alert_id, "--alerts", "alerts.jsonl", "--archive", "posts.jsonl")
    assert (ended.status, ended.out) == (130, "")
    assert ended.err.startswith("undercurrent: stopped by Ctrl-C after 1 posts (posts.jsonl, line 1")


def test_alerts_are_found_in_redis(undercurrent, monkeypatch, story):
    client = connect("")
    monkeypatch.setattr("streams.redis_store.connect", lambda _: client)
    for message in story:
        RedisStore(client).write_alert(message)
    ended = undercurrent("explain", story[1].message_id, "--redis", "redis://db:1", "--json")
    assert (ended.status, ended.err) == (0, "")
    assert json.loads(ended.out)["opening"]["message_id"] == story[0].message_id
    ended = undercurrent("explain", "nobody", "--redis", "redis://db:1")
    assert (ended.status, ended.err) == (1, "undercurrent: there is no alert nobody in Redis at redis://db:1.\n")


def test_where_nothing_answers_it_says_where_it_looked(undercurrent, monkeypatch):
    def refuse(*_):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(following, "_connect", refuse)
    ended = undercurrent("explain", "a1")
    assert ended.status == 2
    assert ended.err == (
        "undercurrent: the console at http://127.0.0.1:8080 does not answer (connection refused). "
        "`undercurrent run` starts it.\n"
    )


def test_an_input_that_no_score_can_have_is_one_sentence(undercurrent, tmp_path, story):
    false = msgspec.structs.replace(story[0], scoring=msgspec.structs.replace(story[0].scoring, share=0.0))
    write(tmp_path, [false])
    ended = undercurrent("explain", story[0].alert_id, "--alerts", "alerts.jsonl")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith(f"undercurrent: {false.message_id} cannot be computed again: `scoring.share` is 0; ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a1:x"], "'a1:x' is no ALERT_ID; expected an alert such as"),
        (["a1", "--alerts", "x", "--redis", "redis://y"], "are several places to look in; give one"),
        (["a1", "--budget", "much"], "'fewer', 'balanced', 'more'"),
        (["a1", "--alerts", "missing"], "missing cannot be read: no such file or directory."),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(undercurrent, arguments, words):
    ended = undercurrent("explain", *arguments)
    assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert words in ended.err


def test_hostile_words_do_nothing_to_a_terminal(undercurrent, tmp_path, story):
    hostile = msgspec.structs.replace(
        story[0],
        headline="\x1b]0;title\x07 big \u202estory",
        scoring=msgspec.structs.replace(story[0].scoring, term="\x1b[31mferry\u2066"),
    )
    write(tmp_path, [hostile])
    ended = undercurrent("explain", story[0].alert_id, "--alerts", "alerts.jsonl")
    assert ended.status == 0
    assert "“ferry”" in ended.out
    assert not {"\x1b", "\x07", "\u202e", "\u2066"} & set(ended.out)
    assert decode_alert(encode_alert(hostile)) == hostile
