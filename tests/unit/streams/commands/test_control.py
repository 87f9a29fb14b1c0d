import json
import os
from types import SimpleNamespace

import pytest
from kafka.errors import KafkaConnectionError

from models.control import Resume, encode_control
from streams.kafka_clients import TopicFacts
from tests.support.kafka_fakes import FakeProducer, giving


@pytest.fixture
def producer(monkeypatch):
    producer = FakeProducer()
    monkeypatch.setattr("streams.commands.control.producer_client", giving(producer))
    monkeypatch.setattr("streams.commands.control.look_up_topic", lambda *_: TopicFacts(4, value_bytes_max=1_000))
    return producer


@pytest.fixture
def said(monkeypatch):
    """A function that sets what stands in the topic."""
    monkeypatch.setattr("streams.commands.control.consumer_client", giving(None))

    def said(*raws):
        records = [SimpleNamespace(value=raw) for raw in raws]
        read = lambda _consumer, _topic, newest: records[-newest:] if newest else records  # noqa: E731
        monkeypatch.setattr("streams.commands.control.read_topic", read)

    return said


def test_an_input_is_resumed_by_a_message(undercurrent, producer):
    ended = undercurrent("control", "resume", "posts/03", "--by", "lena")
    assert (ended.status, ended.out) == (0, "")
    assert ended.err == "undercurrent: said to resume posts/3; intake reads on within seconds where it runs.\n"
    [(topic, value, key, _)] = producer.sent
    assert (topic, key) == ("undercurrent.control.v1", None)
    assert json.loads(value) | {"at_ms": 0} == {"kind": "resume", "v": 1, "input": "posts/3", "at_ms": 0, "by": "lena"}


def test_who_said_it_is_user_and_machine(undercurrent, producer, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "harbour" * 60)
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999)
    undercurrent("control", "resume", "posts/0")
    by = json.loads(producer.sent[0][1])["by"]
    assert by.startswith("3999999@harbour")
    assert len(by) == 256


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("posts/4", "there is no input posts/4: undercurrent.posts.v1 has the partitions 0 to 3.\n"),
        ("posts", "'posts' is no input; expected one like posts/3.\n"),
    ],
)
def test_what_is_no_input_is_refused(undercurrent, producer, name, sentence):
    assert undercurrent("control", "resume", name) == (2, "", f"undercurrent: {sentence}")
    assert producer.sent == []


def test_a_broker_that_does_not_take_it_is_one_sentence(undercurrent, producer):
    producer.error = KafkaConnectionError("gone")
    ended = undercurrent("control", "resume", "posts/0")
    assert ended.status == 1
    assert ended.err.endswith("did not take the message: connection: gone.\n")


def test_what_was_said_is_listed_safely_with_the_newest_last(undercurrent, said):
    resume = Resume(input="posts/3", at_ms=1_767_614_400_000, by="lena \x1b[2J" + "x" * 100)
    said(encode_control(resume), b'{"v":1,"kind":"mute"}', b"\x1b[2J")
    ended = undercurrent("control", "list")
    assert (ended.status, ended.err) == (0, "")
    rows = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert rows == [
        "when what by",
        "2026-01-05 12:00:00 UTC resume posts/3 lena " + "x" * 34 + "…",
        "– of a later version –",
        "– no control message: JSON is malformed:… –",
    ]
    assert undercurrent("control", "list", "--last", 1).out.count("\n") == 2


def test_as_json_each_is_one_line_as_it_is(undercurrent, said):
    said(b'{"v":1,\n"kind":"mute"}', b"\xff\x1b[2J")
    assert undercurrent("control", "list", "--json").out == '{"v":1, "kind":"mute"}\n\ufffd\n'


def test_nothing_said_is_said(undercurrent, said):
    said()
    assert undercurrent("control", "list") == (0, "", "undercurrent: nothing was said yet.\n")
