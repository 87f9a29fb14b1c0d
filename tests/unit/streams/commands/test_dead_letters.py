import json
import os
import signal
from types import SimpleNamespace

import pytest
from kafka.errors import KafkaConnectionError

from models.intake import DeadLetter
from models.post import Reason
from streams.commands.dead_letters import Choice
from streams.dead_letters import KeptDeadLetter, encode_dead_letter
from streams.kafka_clients import TopicFacts
from tests.support.kafka_fakes import FakeProducer, giving
from tests.support.posts import make_line

NOON_MS = 1_767_614_400_000
POSTS = "undercurrent.posts.v1"


def make_record(offset, raw=b"hello", reason=Reason.NOT_JSON, **changes):
    found = {"detail": "no JSON", "input": "posts/3", "position": (7, 0)} | changes
    _, value, headers = encode_dead_letter(DeadLetter(raw=raw, reason=reason, **found), NOON_MS)
    return SimpleNamespace(offset=offset, value=value, headers=headers)


@pytest.fixture
def kept(monkeypatch):
    """A function that sets what stands in the topic of dead letters."""
    monkeypatch.setattr("streams.commands.dead_letters.consumer_client", giving(None))

    def kept(*records):
        monkeypatch.setattr("streams.commands.dead_letters.read_topic", lambda _consumer, _topic: iter(records))

    return kept


@pytest.fixture
def producer(monkeypatch):
    producer = FakeProducer()
    monkeypatch.setattr("streams.commands.dead_letters.producer_client", giving(producer))
    monkeypatch.setattr("streams.commands.dead_letters.look_up_topic", lambda *_: TopicFacts(4, value_bytes_max=5_000))
    return producer


@pytest.mark.parametrize(
    ("choice", "is_meant"),
    [
        (Choice(), True),
        (Choice(reasons=("too_large", "not_json")), True),
        (Choice(reasons=("too_large",)), False),
        (Choice(origins=(POSTS,)), True),
        (Choice(origins=(f"{POSTS}/3",)), True),
        (Choice(origins=(f"{POSTS}/3/17/2",)), True),
        (Choice(origins=(f"{POSTS}/3/1",)), False),
        (Choice(origins=("undercurrent.posts",)), False),
        (Choice(origins=("x", f"{POSTS}/3/17")), True),
        (Choice(from_offset=5, to_offset=5), True),
        (Choice(from_offset=6), False),
        (Choice(to_offset=4), False),
        (Choice(reasons=("not_json",), from_offset=6), False),
    ],
)
def test_a_choice_is_by_all_that_it_names(choice, is_meant):
    assert choice.has(5, KeptDeadLetter(b"", "not_json", "", POSTS, 3, 17, 2, None)) is is_meant


def test_each_is_shown_in_three_lines_that_only_show(undercurrent, kept):
    hostile = b'{"id": "\x1b]0;owned\x07\xff' + "\u202ename".encode() + b"\r\nx" * 2_000
    kept(make_record(41, hostile, detail="bad \x1b[2J`id`"), make_record(42, b"", Reason.TOO_LARGE, detail="x" * 500))
    ended = undercurrent("dead-letters", "list")
    assert (ended.status, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[:2] == [f"#41 2026-01-05 12:00 UTC not_json {POSTS}/3/7/0", "    bad `id`"]
    assert lines[2].startswith('    {"id": "\\xffname x x')
    assert lines[2].endswith("… (6,026 bytes)")
    assert lines[5] == "    (empty)"
    assert all(len(line) <= 80 and line.isprintable() for line in lines)


def test_the_newest_are_shown_and_how_many_there_are(undercurrent, kept):
    kept(*map(make_record, range(30)))
    ended = undercurrent("dead-letters", "list")
    assert ended.out.startswith("#10 ")
    assert ended.err == "undercurrent: the newest 20 of 30 dead letters; --last and --json show more.\n"
    assert undercurrent("dead-letters", "list", "--last", 30).err == ""


def test_what_is_no_dead_letter_is_counted(undercurrent, kept):
    kept(SimpleNamespace(offset=0, value=b"x", headers=[]), make_record(1))
    ended = undercurrent("dead-letters", "list")
    assert ended.out.startswith("#1 ")
    assert "1 message in undercurrent.posts.v1.dlq left out: not written by this program." in ended.err


def test_none_is_said(undercurrent, kept):
    kept()
    assert undercurrent("dead-letters", "list") == (0, "", "undercurrent: there are no dead letters.\n")
    assert "no dead letters of this kind" in undercurrent("dead-letters", "list", "--origin", "posts/3").err


def test_as_json_nothing_is_lost(undercurrent, kept):
    kept(make_record(1, b"text\x1b", position=(7, 2)), make_record(2, b"\xff"))
    text, raw = map(json.loads, undercurrent("dead-letters", "list", "--json").out.splitlines())
    assert text == {
        "dead_letter_offset": 1,
        "topic": POSTS,
        "partition": 3,
        "offset": 7,
        "index": 2,
        "at_ms": NOON_MS,
        "reason": "not_json",
        "detail": "no JSON",
        "raw": "text\x1b",
    }
    assert raw["raw_base64"] == "/w=="
    assert json.loads(undercurrent("dead-letters", "list", "--json", "--last", 1).out) == raw


def test_those_that_are_meant_are_sent_as_they_were(undercurrent, kept, producer):
    kept(
        make_record(0, make_line(1), Reason.IN_THE_FUTURE),
        make_record(1, b"\xff\x00", Reason.NOT_JSON),
        make_record(2, b"x" * 5_001, Reason.IN_THE_FUTURE),
        make_record(3, b"{}", Reason.IN_THE_FUTURE, input="control/0"),
    )
    dry = undercurrent("dead-letters", "replay", "--all", "--dry-run")
    assert (dry.status, producer.sent) == (0, [])
    assert dry.err == (
        "undercurrent: would send 2 dead letters (1 in_the_future, 1 not_json); "
        f"1 other came from elsewhere than {POSTS}; 1 other may not be so long there.\n"
    )
    ended = undercurrent("dead-letters", "replay", "--reason", "not_json", "--origin", "posts/3/7")
    assert ended == (0, "", f"undercurrent: sent 1 dead letter (1 not_json) to {POSTS}.\n")
    undercurrent("dead-letters", "replay", "--all")
    sent = [(topic, value, key) for topic, value, key, _ in producer.sent]
    assert sent == [(POSTS, b"\xff\x00", None), (POSTS, make_line(1), b"1"), (POSTS, b"\xff\x00", None)]


@pytest.mark.parametrize("arguments", [[], ["--all", "--reason", "not_json"]])
def test_which_are_meant_has_to_be_said(undercurrent, kept, producer, arguments):
    kept(make_record(0))
    ended = undercurrent("dead-letters", "replay", *arguments)
    assert (ended.status, producer.sent) == (2, [])
    assert "say which: by --reason, --origin, --from-offset or --to-offset; or --all." in ended.err


def test_a_broker_that_stays_away_ends_it_with_the_offset_to_go_on_from(undercurrent, kept, producer):
    producer.error = KafkaConnectionError("gone")
    kept(*map(make_record, (40, 41)))
    ended = undercurrent("dead-letters", "replay", "--all")
    assert ended.status == 1
    assert ended.err.endswith("(connection: gone); go on with `--from-offset 40`.\n")


def test_a_signal_ends_it_between_two(undercurrent, kept, producer, monkeypatch):
    def records(_consumer, _topic):
        yield make_record(0)
        os.kill(os.getpid(), signal.SIGINT)
        yield make_record(1)

    kept()
    monkeypatch.setattr("streams.commands.dead_letters.read_topic", records)
    ended = undercurrent("dead-letters", "replay", "--all")
    assert (ended.status, len(producer.sent)) == (130, 1)
    assert "sent 1 dead letter (1 not_json)" in ended.err
    assert ended.err.endswith("stopped by Ctrl-C before the end.\n")
