import gzip
import math
import os
import re
import signal

import msgspec
import pytest

from models.control import Feedback, Mute, encode_control
from models.message import decode_alert, decode_trend
from models.post import Post, encode_post
from models.simulator import Simulation
from streams.commands.replay import Replay
from tests.support.posts import make_line, make_lines

NEWLINE = b"\n"
HOUR_MS = 3_600_000
decode_post = msgspec.json.Decoder(Post).decode
MIDNIGHT_MS = 1_767_571_200_000


@pytest.fixture(scope="module")
def simulation():
    """Ten hours of one community, with launches in the last of them; all its posts were made."""
    simulation = Simulation(
        seed=1,
        start_ms=MIDNIGHT_MS,
        communities=1,
        launches_per_week=40,
        first_launch_after_ms=4 * HOUR_MS,
        decoys_per_week=0,
        duration_ms=10 * HOUR_MS,
    )
    return simulation, b"".join(encode_post(simulated.post) + b"\n" for simulated in simulation.posts())


@pytest.fixture(scope="module")
def posts(simulation):
    return simulation[1]


@pytest.fixture(scope="module")
def launched(simulation):
    """The words of all launches."""
    return {term for launch in simulation[0].launches_until(math.inf) for term in launch.terms}


def test_an_archive_gives_its_alerts_as_text(undercurrent, tmp_path, posts, launched):
    (tmp_path / "posts.jsonl.gz").write_bytes(gzip.compress(posts))
    ended = undercurrent("replay", "posts.jsonl.gz")
    assert (ended.status, ended.err) == (0, "")
    assert "· NEW ·" in ended.out
    assert any(term in ended.out for term in launched)
    assert "\x1b" not in ended.out


def test_messages_are_json_lines_in_the_order_of_event_time(undercurrent, tmp_path, posts, launched):
    (tmp_path / "posts.jsonl").write_bytes(posts)
    ended = undercurrent("replay", "posts.jsonl", "--alerts", "a.jsonl", "--trends", "t.jsonl", "--stats")
    assert (ended.status, ended.out) == (0, "")
    alerts = [decode_alert(line) for line in (tmp_path / "a.jsonl").read_bytes().splitlines()]
    trends = [decode_trend(line) for line in (tmp_path / "t.jsonl").read_bytes().splitlines()]
    assert any(launched & set(alert.terms) for alert in alerts)
    for messages in (alerts, trends):
        moments = [message.at_ms for message in messages]
        assert moments == sorted(moments)
    assert f"posts              {posts.count(NEWLINE):,}\n" in ended.err
    assert f"alerts opened      {sum(alert.type == 'opened' for alert in alerts)}\n" in ended.err
    assert f"trends             {len(trends):,}\n" in ended.err


def test_files_standard_input_and_several_files_give_the_same_bytes(undercurrent, tmp_path, posts):
    lines = posts.splitlines(keepends=True)
    (tmp_path / "all").write_bytes(posts)
    (tmp_path / "first").write_bytes(gzip.compress(b"".join(lines[:200])))
    (tmp_path / "second").write_bytes(b"".join(lines[200:]))
    whole = undercurrent("replay", "all", "--json").out
    assert decode_alert(whole.splitlines()[0])
    assert undercurrent("replay", "first", "second", "--json").out == whole
    assert undercurrent("replay", "-", "--alerts", "-", stdin=posts).out == whole


def test_garbage_is_counted_and_the_posts_in_it_are_used(undercurrent, tmp_path):
    garbage = b"\n".join([b"{", b"hello", make_line(1), b'{"id": "x"}', make_line(2), b"\xff\xfe", make_line(3)])
    (tmp_path / "posts").write_bytes(garbage)
    ended = undercurrent("replay", "posts", "--stats")
    assert ended.status == 0
    assert "left out, as they are no posts: 4 (3 not json, 1 wrong field); the first of them:" in ended.err
    assert "  posts, line 1: " in ended.err
    assert "posts              3\n" in ended.err
    assert "rejected           4\n" in ended.err


def test_a_line_without_end_is_one_bad_message(undercurrent, tmp_path):
    (tmp_path / "posts").write_bytes(make_line(1) + b"\n" + b"x" * 3_000_000 + b"\n" + make_line(2))
    ended = undercurrent("replay", "posts", "--stats")
    assert "1 (1 too large):\n  posts, line 2: the line is longer than 1,048,576 bytes" in ended.err
    assert "posts              2\n" in ended.err


def test_a_truncated_file_is_processed_as_far_as_it_goes(undercurrent, tmp_path, posts):
    (tmp_path / "posts.gz").write_bytes(gzip.compress(posts)[:-100])
    ended = undercurrent("replay", "posts.gz", "--alerts", "a.jsonl")
    assert ended.status == 1
    assert ended.err.startswith("undercurrent: posts.gz: the gzip stream ends too early (after ")
    assert ended.err.endswith("; the file is truncated. What was read was processed.\n")
    assert ended.err.count("\n") == 1
    assert decode_alert((tmp_path / "a.jsonl").read_bytes().splitlines()[0])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "there is nothing in it"),
        (b"\x00\x01\x02\n\x03" * 50, "binary"),
        (b"id,text\n1,hello\n", "expected one JSON object a line, but posts, line 1: "),
    ],
)
def test_an_input_without_a_post_ends_in_one_sentence(undercurrent, tmp_path, content, words):
    (tmp_path / "posts").write_bytes(content)
    ended = undercurrent("replay", "posts")
    assert (ended.status, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert ended.err.startswith("undercurrent: posts: there is ")
    assert words in ended.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["missing"], "missing cannot be read: no such file or directory."),
        (["."], ". is a directory; expected a file with one post a line, as .jsonl or .jsonl.gz."),
        (["posts", "--alerts", "posts"], "posts is named twice; writing it would destroy what stands there."),
        (["posts", "--alerts", "no/a"], "no/a cannot be written: no such file or directory."),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_nothing_is_touched(undercurrent, tmp_path, arguments, sentence):
    (tmp_path / "posts").write_bytes(make_line(1))
    ended = undercurrent("replay", *arguments)
    assert (ended.status, ended.out, ended.err) == (2, "", f"undercurrent: {sentence}\n")
    assert (tmp_path / "posts").read_bytes() == make_line(1)


def test_posts_from_the_future_have_a_wrong_clock(undercurrent, tmp_path):
    (tmp_path / "posts").write_bytes(make_line(1) + b"\n" + make_line(2, created_at="2999-01-01T00:00:00Z"))
    assert "1 (1 in the future)" in undercurrent("replay", "posts").err


def test_a_file_out_of_order_is_told_with_a_remedy(undercurrent, tmp_path):
    lines = make_lines(300).splitlines()
    (tmp_path / "posts").write_bytes(b"\n".join(reversed(lines)))
    ended = undercurrent("replay", "posts")
    assert ended.status == 0
    assert " of 300 posts came more than the allowed lateness after later ones and were left out; " in ended.err
    assert "sort the posts by `created_at`" in ended.err


@pytest.mark.parametrize(
    ("number", "ending"),
    [
        (signal.SIGINT, (130, "Ctrl-C")),
        (signal.SIGTERM, (143, "SIGTERM")),
    ],
)
def test_a_signal_ends_it_in_a_sentence_that_says_how_far_it_got(undercurrent, tmp_path, monkeypatch, number, ending):
    status, name = ending
    (tmp_path / "posts").write_bytes(make_lines(1_000))
    monkeypatch.setattr(Replay, "_look", lambda _: os.kill(os.getpid(), number))
    ended = undercurrent("replay", "posts", "--alerts", "a.jsonl")
    assert ended.status == status
    assert ended.err == (
        f"undercurrent: stopped by {name} after 1 posts (posts, line 1, at 2026-01-05 12:00 UTC); "
        "0 messages are in a.jsonl.\n"
    )


def test_the_settings_are_those_of_the_file(undercurrent, tmp_path):
    (tmp_path / "posts").write_bytes(make_line(1, communities=[]))
    (tmp_path / "my.toml").write_text('catch_all = ""')
    assert "unassigned         1\n" in undercurrent("replay", "posts", "--stats", "--config", "my.toml").err
    assert "unassigned         1\n" in undercurrent("--config", "my.toml", "replay", "posts", "--stats").err
    assert "unassigned         0\n" in undercurrent("replay", "posts", "--stats").err


def test_a_mistyped_setting_ends_it_before_it_begins(undercurrent, tmp_path):
    (tmp_path / "undercurrent.toml").write_text("comunities = []")
    ended = undercurrent("replay", "missing")
    assert ended.status == 2
    assert ended.err == "undercurrent: undercurrent.toml: `comunities` is not a setting; did you mean `communities`?\n"


def test_after_a_backfill_the_rest_is_told_as_if_all_had_been_replayed(undercurrent, tmp_path, posts):
    lines = posts.splitlines(keepends=True)
    (tmp_path / "all").write_bytes(posts)
    whole = [decode_alert(line) for line in undercurrent("replay", "all", "--json").out.encode().splitlines()]
    first = whole[0].alert_id
    later = next(alert for alert in whole if alert.type == "opened" and alert.alert_id != first)
    border = next(at for at, line in enumerate(lines) if decode_post(line).created_at >= later.at_ms)
    (tmp_path / "past.gz").write_bytes(gzip.compress(b"".join(lines[: border // 2])))
    (tmp_path / "past").write_bytes(b"".join(lines[border // 2 : border]))
    (tmp_path / "now").write_bytes(b"".join(lines[border:]))
    ended = undercurrent("replay", "--backfill", "past.gz", "--backfill", "past", "now", "--json")
    assert ended.status == 0
    told = [decode_alert(line) for line in ended.out.encode().splitlines()]
    early = {alert.alert_id for alert in whole if alert.type == "opened" and alert.at_ms < later.at_ms}
    assert first in early
    assert told == [alert for alert in whole if alert.alert_id not in early]
    assert ended.err.startswith(f"undercurrent: learnt from a backfill of {border:,} posts in 1 community, up to 2026-")
    assert ended.err.endswith("; alerts begin with what comes now.\n")


def test_posts_older_than_the_backfill_are_told_as_too_late(undercurrent, tmp_path):
    lines = make_lines(300).splitlines()
    (tmp_path / "past").write_bytes(b"\n".join(lines[150:]))
    (tmp_path / "now").write_bytes(b"\n".join(lines[:150]))
    ended = undercurrent("replay", "--backfill", "past", "now")
    assert ended.status == 0
    assert re.search(r"\d+ of 150 posts came more than the allowed lateness after later ones", ended.err)
    assert "whatever is older than the end of the backfill, 2026-01-0" in ended.err


@pytest.mark.parametrize(
    ("past", "now", "sentence"),
    [
        (b"hello\n", make_line(1), "past: there is no post in it, its only line is none; "),
        (make_line(1), b"hello\nyou\n", "now: there is no post in it, none of its 2 lines is one; "),
        (make_line(1), b"", "now: there is nothing in it"),
        (b"", b"", "past: there is nothing in it"),
    ],
)
def test_a_backfill_or_a_rest_without_a_post_ends_in_a_sentence(undercurrent, tmp_path, past, now, sentence):
    (tmp_path / "past").write_bytes(past)
    (tmp_path / "now").write_bytes(now)
    ended = undercurrent("replay", "--backfill", "past", "now")
    assert ended.status == 1
    assert f"undercurrent: {sentence}" in ended.err


def test_what_people_said_takes_effect_at_its_time(undercurrent, tmp_path, posts):
    (tmp_path / "posts").write_bytes(posts)
    [first, *others] = map(decode_alert, undercurrent("replay", "posts", "--json").out.splitlines())
    noise = Feedback(
        alert_id=first.alert_id, community=first.community, verdict="noise", at_ms=first.at_ms + 1, by="lena"
    )
    late = Mute(what="word", name="ferry", at_ms=MIDNIGHT_MS + 99 * HOUR_MS)
    (tmp_path / "said").write_bytes(b"\n".join(map(encode_control, (noise, late))))
    ended = undercurrent("replay", "posts", "--json", "--control", "said")
    [same, *after] = map(decode_alert, ended.out.splitlines())
    assert same == first
    assert {alert.feedback.dismissed for alert in after} == {1}
    assert after[-1].bar == pytest.approx(others[-1].bar + 0.2)
    assert ended.err == "undercurrent: 1 control message came after the last post and had no effect.\n"
    assert undercurrent("replay", "posts", "--json", "--control", "said").out == ended.out
