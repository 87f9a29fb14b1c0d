import json
import os
from types import SimpleNamespace

import pytest
from kafka.errors import KafkaConnectionError

from models.assign import partition_of_key
from models.control import Feedback, Mute, Resume, Undo, decode_control, encode_control
from models.message import encode_alert
from streams.kafka_clients import TopicFacts
from tests.support.kafka_fakes import FakeProducer, giving
from tests.support.messages import make_alert


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
        records = [SimpleNamespace(value=raw, offset=offset) for offset, raw in enumerate(raws)]
        read = lambda _consumer, _topic, newest=None: records[-newest:] if newest else records  # noqa: E731
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
    said(encode_control(resume), b'{"v":1,"kind":"annotate"}', b"\x1b[2J")
    ended = undercurrent("control", "list")
    assert (ended.status, ended.err) == (0, "")
    rows = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert rows == [
        "no. when what by",
        "0 2026-01-05 12:00:00 UTC resume posts/3 lena " + "x" * 34 + "…",
        "1 – of a later version –",
        "2 – no control message: JSON is malformed:… –",
    ]
    assert undercurrent("control", "list", "--last", 1).out.count("\n") == 2


def test_as_json_each_is_one_line_as_it_is(undercurrent, said):
    said(b'{"v":1,\n"kind":"mute"}', b"\xff\x1b[2J")
    assert undercurrent("control", "list", "--json").out == '{"v":1, "kind":"mute"}\n\ufffd\n'


def test_nothing_said_is_said(undercurrent, said):
    said()
    assert undercurrent("control", "list") == (0, "", "undercurrent: nothing was said yet.\n")


ALERT = make_alert(alert_id="a11a", community="keyboards \x1b[2J", revision=1)


@pytest.fixture
def alerts(monkeypatch):
    """Lets the topic of alerts hold one alert, whose second message cannot be read."""
    monkeypatch.setattr("streams.commands.control.consumer_client", giving(None))
    values = [(b"a11a", b"junk"), (b"a11b", b"junk"), (b"a11a", encode_alert(ALERT))]
    asked = []

    def read(_consumer, topic, newest=None, *, only):
        assert (topic, newest) == ("undercurrent.alerts.v1", None)
        asked.append(only)
        return [SimpleNamespace(key=key, value=value) for key, value in values]

    monkeypatch.setattr("streams.commands.control.read_topic", read)
    return asked


@pytest.mark.parametrize(("verdict", "words"), [("useful", "useful"), ("noise", "noise"), ("duplicate", "a duplicate")])
def test_what_an_alert_was_worth_is_said_with_its_community(undercurrent, producer, alerts, verdict, words):
    ended = undercurrent("control", verdict, "a11a:3", "--by", "lena")
    assert (ended.status, ended.out) == (0, "")
    assert ended.err == (
        f"undercurrent: said that a11a in keyboards is {words}; `undercurrent control undo 0` takes it back.\n"
    )
    said = decode_control(producer.sent[0][1])
    assert said == Feedback(alert_id="a11a", community=ALERT.community, verdict=verdict, at_ms=said.at_ms, by="lena")
    assert said.at_ms > ALERT.at_ms
    assert alerts == [partition_of_key("a11a", 4)]


@pytest.mark.usefixtures("alerts")
@pytest.mark.parametrize("alert_id", ["a11c", "a11b", "\x1b[2J", ""])
def test_an_alert_that_there_is_not_is_told(undercurrent, producer, alert_id):
    ended = undercurrent("control", "noise", alert_id)
    assert ended.status == 2
    assert "there is no alert" in ended.err
    assert "\x1b" not in ended.err
    assert producer.sent == []


def test_a_word_is_muted_as_alerts_show_it(undercurrent, producer):
    ended = undercurrent("control", "mute", "word", "#LatteArt", "--community", "coffee", "--for", "7d", "--by", "lena")
    assert ended.status == 0
    said = decode_control(producer.sent[0][1])
    assert said == Mute(
        what="word",
        name="latteart",
        community="coffee",
        until_ms=said.at_ms + 7 * 86_400_000,
        at_ms=said.at_ms,
        by="lena",
    )
    assert "muted the word latteart in coffee until 20" in ended.err
    assert ended.err.endswith(" UTC; `undercurrent control undo 0` takes it back.\n")


def test_an_author_is_muted_everywhere_and_for_good_if_nothing_else_is_said(undercurrent, producer):
    assert undercurrent("control", "mute", "author", "Deal Bot").err.startswith(
        "undercurrent: muted the author Deal Bot everywhere; "
    )
    said = decode_control(producer.sent[0][1])
    assert (said.name, said.community, said.until_ms) == ("Deal Bot", None, None)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["word", "flat white"], "'flat white' is 2 words (flat, white); expected one word."),
        (
            ["word", "ferry", "--for", "soon"],
            "--for 'soon' is no time; expected a number and min, h, d or w, such as 7d.",
        ),
        (["author", ""], "Expected `str` of length >= 1 - at `$.name`."),
        (["author", "a" * 300], "Expected `str` of length <= 256 - at `$.name`."),
        (["topic", "ferry"], "'topic' is not one of 'word', 'author'. See `undercurrent control mute --help`."),
    ],
)
def test_what_cannot_be_muted_is_told(undercurrent, producer, arguments, sentence):
    ended = undercurrent("control", "mute", *arguments)
    assert ended.status == 2
    assert ended.err.endswith(f"{sentence}\n")
    assert producer.sent == []


NOW = 4_000_000_000_000
SAID = [
    Mute(what="word", name="ferry", at_ms=0, by="lena"),
    Feedback(alert_id="a11a", community="keyboards", verdict="noise", at_ms=0),
    Mute(what="word", name="#Ferry", community="islanders", until_ms=NOW, at_ms=0),
    Mute(what="author", name="ferry", at_ms=0),
    Undo(number=1, at_ms=0),
    Mute(what="word", name="ferry", until_ms=1, at_ms=0),
    Resume(input="posts/0", at_ms=0),
]


def undone(producer):
    return [decode_control(value).number for _, value, _, _ in producer.sent]


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [(["word", "#FERRY"], [0, 2]), (["word", "ferry", "--community", "islanders"], [2]), (["author", "ferry"], [3])],
)
def test_all_mutes_of_a_name_are_taken_back_that_have_not_ended(undercurrent, producer, said, arguments, numbers):
    said(*map(encode_control, SAID))
    ended = undercurrent("control", "unmute", *arguments)
    assert ended.status == 0
    assert ended.err == f"undercurrent: unmuted the {arguments[0]} ferry; {len(numbers)} taken back.\n"
    assert undone(producer) == numbers


def test_what_is_not_muted_cannot_be_unmuted(undercurrent, producer, said):
    said(*map(encode_control, SAID))
    ended = undercurrent("control", "unmute", "word", "boat", "--community", "islanders")
    assert ended == (
        2,
        "",
        "undercurrent: the word boat is not muted in islanders; `undercurrent control list` shows mutes.\n",
    )
    assert producer.sent == []


def test_a_mute_and_feedback_can_be_taken_back_by_number(undercurrent, producer, said):
    said(*map(encode_control, SAID))
    ended = undercurrent("control", "undo", 0)
    assert ended == (0, "", "undercurrent: took back number 0: mute word ferry everywhere.\n")
    assert undone(producer) == [0]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (7, "nothing was said as number 7; `undercurrent control list` shows what was."),
        (6, "number 6 is resume posts/0; only mutes and feedback can be taken back."),
        (1, "number 1 was taken back already."),
    ],
)
def test_what_cannot_be_taken_back_is_told(undercurrent, producer, said, number, sentence):
    said(*map(encode_control, SAID))
    assert undercurrent("control", "undo", number) == (2, "", f"undercurrent: {sentence}\n")
    assert producer.sent == []


def test_the_list_shows_what_holds_and_what_was_taken_back(undercurrent, said):
    said(*map(encode_control, SAID))
    rows = [" ".join(line.split()) for line in undercurrent("control", "list").out.splitlines()]
    moment = "1970-01-01 00:00:00 UTC"
    assert rows == [
        "no. when what by",
        f"0 {moment} mute word ferry everywhere lena",
        f"1 {moment} noise a11a in keyboards (taken back by 4)",
        f"2 {moment} mute word #Ferry in islanders until 2096-10-02 07:06:40 UTC",
        f"3 {moment} mute author ferry everywhere",
        f"4 {moment} undo 1",
        f"5 {moment} mute word ferry everywhere until {moment}",
        f"6 {moment} resume posts/0",
    ]
