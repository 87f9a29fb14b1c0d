"""`run` as its user sees it: a process with standard output, standard error, a web page and an exit status."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.message import decode_alert
from streams.__main__ import main
from tests.support.posts import make_lines

ROOT = Path(__file__).resolve().parents[4]
FINITE_S = 60
POST = {"id": "1", "text": "no boat today", "created_at": "2026-01-05T12:00:00Z", "communities": ["islanders"]}


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A file yet to be written, in a folder without settings."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "posts.jsonl"


@contextmanager
def running(*arguments, **options):
    """Gives a process of `run`; stops it in the end."""
    command = [sys.executable, "-m", "streams", "run", "--port", "0", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def address_of(process):
    """Returns where a process says its console is."""
    for line in process.stderr:
        found = re.search(r"console at (http://\S+),", line)
        if found:
            return found[1]
    pytest.fail(f"it ended with {process.wait()} before its console was up")


def get(url):
    """Returns what a page says."""
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own address
        return answer.read().decode()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_made_up_posts_are_played_until_a_signal_comes(number, status):
    with running("--json", "--speed", "20000") as process:
        address = address_of(process)
        alert = decode_alert(process.stdout.readline())
        assert alert.type == "opened"
        assert alert.delivery.ingested_ms <= alert.delivery.scored_ms <= alert.delivery.delivered_ms
        assert "These posts are made up: 12 communities, 5.55556 hours a second." in get(address)
        assert alert.alert_id in {each["alert_id"] for each in json.loads(get(f"{address}/api/v1/alerts"))["alerts"]}
        assert "undercurrent_alerts_open" in get(f"{address}/metrics")
        assert json.loads(get(f"{address}/readyz")) == {"status": "ready"}
        process.send_signal(number)
        process.stdout.read()
        rest = process.stderr.read()
        assert process.wait(FINITE_S) == status
    name = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}[number]
    assert re.fullmatch(rf"(?s).*undercurrent: stopped by {name}: [\d,]+ posts, [\d,]+ alerts?\.\n", rest)
    assert "Traceback" not in rest


def test_a_file_is_read_to_its_end(source, capfd):
    source.write_text(json.dumps(POST) + "\nhello\n")
    assert main(["run", "--port", "0", "--no-stay", str(source)]) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert f"no post and left out: {source}, line 2" in err
    assert "undercurrent: the posts have ended: 1 post, 0 alerts." in err


def test_a_backfill_comes_first_and_only_teaches(source, tmp_path, capfd):
    (tmp_path / "past").write_bytes(make_lines(5))
    source.write_text(json.dumps(POST))
    assert main(["run", "--port", "0", "--no-stay", "--backfill", str(tmp_path / "past"), str(source)]) == 0
    err = capfd.readouterr().err
    assert "undercurrent: the backfill is read; alerts begin with what comes now." in err
    assert "undercurrent: the posts have ended: 6 posts, 5 of them only to learn from, 0 alerts." in err


def test_a_pipe_that_stays_open_does_not_keep_it_from_stopping():
    reading, writing = os.pipe()
    with running("-", stdin=reading) as process:
        address_of(process)
        os.write(writing, json.dumps(POST).encode() + b"\n")
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        rest = process.stderr.read()
        assert process.wait(FINITE_S) == 143
    os.close(reading)
    os.close(writing)
    assert "Traceback" not in rest
    assert "Fatal" not in rest


def test_the_console_stays_up_when_it_is_asked_to(source):
    source.write_text(json.dumps(POST))
    with running(str(source), "--stay") as process:
        address = address_of(process)
        assert any("the console stays up" in line for line in process.stderr)
        metrics = get(f"{address}/metrics")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=FINITE_S)
        assert process.returncode == 130
    assert "undercurrent_posts_accepted_total 1.0" in metrics


def test_a_reader_that_goes_away_ends_it_quietly():
    with running("--json", "--speed", "50000") as process:
        process.stdout.readline()
        process.stdout.close()
        rest = process.stderr.read()
        assert process.wait(FINITE_S) == 141
    assert "Traceback" not in rest


def test_a_file_without_a_post_is_an_error(source, capfd):
    source.write_text("hello\n")
    assert main(["run", "--port", "0", "--no-stay", str(source)]) == 1
    assert "there is no post in it" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere.jsonl",), "nowhere.jsonl cannot be read: no such file or directory"),
        (("--speed", "5", "-"), "--speed is for made-up posts"),
        (("--seed", "5", "-"), "--seed is for made-up posts"),
        (("--backfill", "past.jsonl"), "--backfill is for the posts of a SOURCE"),
        (("--backfill", "past.jsonl", "-"), "past.jsonl cannot be read: no such file or directory"),
        (("--redis", "http://x"), "--redis: `url` is no address of a Redis server"),
        (("--redis", "redis://127.0.0.1:1/0"), "Redis at 127.0.0.1:1 cannot be used: "),
        (("--speed", "0"), "invalid value for '--speed'"),
    ],
)
def test_what_cannot_begin_says_why_in_a_sentence(arguments, sentence, capfd, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main(["run", "--port", "0", *arguments]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert sentence in err
    assert "Traceback" not in err


def test_a_file_that_breaks_off_is_processed_up_to_there(source, capfd):
    packed = gzip.compress((json.dumps(POST) + "\n").encode() * 50)
    source.write_bytes(packed[:-12])
    assert main(["run", "--port", "0", "--no-stay", str(source)]) == 1
    err = capfd.readouterr().err
    assert "the file is truncated" in err
    assert "the posts have ended: " in err
