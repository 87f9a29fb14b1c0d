"""Commands that speak to Kafka but for `ingest`, against a real broker that they have for themselves."""

import json
import os
import random
import re

import pytest

from deploy.local.ready import until
from models.control import Resume, decode_control
from models.intake import DeadLetter
from models.post import Reason
from streams import topics
from streams.dead_letters import encode_dead_letter
from tests.support import kafka_log
from tests.support.commands import LONG_S, Running
from tests.support.kafka_log import count, values
from tests.support.posts import make_lines

pytestmark = pytest.mark.xdist_group("kafka-commands")

POSTS = topics.POSTS.name
COMMUNITY_POSTS = topics.COMMUNITY_POSTS.name
LINE_BYTES_MAX = 1024 * 1024 - 4 * 1024


@pytest.mark.usefixtures("empty_broker")
def test_topics_are_created_once_and_left_alone_after_that(undercurrent):
    first = undercurrent("topics", "create")
    assert (first.status, first.err) == (0, "")
    assert f"{COMMUNITY_POSTS}: created: 12 partitions, 1 replica\n" in first.out
    assert first.out.count("created") == len(topics.TOPICS)
    second = undercurrent("topics", "create", "--repair")
    assert second.status == 0
    assert second.out.splitlines() == [f"{topic.name}: as it should be" for topic in topics.TOPICS]
    described = [json.loads(line) for line in undercurrent("topics", "describe", "--json").out.splitlines()]
    assert [each["name"] for each in described] == [topic.name for topic in topics.TOPICS]
    for each, topic in zip(described, topics.TOPICS, strict=True):
        assert each["settings"] == topic.settings()
        assert (each["partitions"], each["differences"], each["messages"]) == (topic.partitions, [], 0)


def test_a_setting_that_differs_is_reported_and_only_repaired_when_asked(broker, undercurrent):
    kafka_log.alter(broker, POSTS, retention_ms="3600000", segment_ms="60000")
    said = "retention.ms is 1 h, expected 7 d"
    assert f"{POSTS}: {said} (`--repair` changes it)\n" in undercurrent("topics", "create").out
    described = undercurrent("topics", "describe").out
    assert f"{POSTS}: {said}.\n" in described
    assert f"{POSTS}: also set: segment.ms=60000.\n" in described
    assert f"{POSTS}: retention.ms changed from 1 h to 7 d\n" in undercurrent("topics", "create", "--repair").out
    assert until(lambda: f"{POSTS}: as it should be\n" in undercurrent("topics", "create").out, LONG_S)
    assert f"{POSTS}: also set: segment.ms=60000.\n" in undercurrent("topics", "describe").out


def test_partitions_are_added_only_where_that_does_no_harm(broker, undercurrent):
    grown = undercurrent("topics", "create", "--partitions", "posts=6")
    assert grown.status == 0
    assert f"{POSTS}: partitions changed from 4 to 6\n" in grown.out
    assert until(lambda: f"{POSTS}: as it should be\n" in undercurrent("topics", "create").out, LONG_S)
    refused = undercurrent("topics", "create", "--partitions", "community-posts=24")
    assert (refused.status, refused.out) == (2, "")
    assert f"{COMMUNITY_POSTS} has 12 partitions for life, not 24: the partition of a community is" in refused.err
    assert len(kafka_log.ends(broker, POSTS)) == 6
    assert len(kafka_log.ends(broker, COMMUNITY_POSTS)) == 12


@pytest.mark.parametrize("topic", [topics.COMMUNITY_POSTS, topics.SNAPSHOTS])
def test_another_number_of_partitions_under_the_state_is_refused_and_nothing_is_changed(
    empty_broker, undercurrent, topic
):
    kafka_log.make_topics(empty_broker, **{topic.name.replace("-", "_").replace(".", "__"): 6})
    refused = undercurrent("topics", "create", "--repair")
    assert (refused.status, refused.out) == (2, "")
    assert f"{topic.name} has 6 partitions; it must have 12" in refused.err
    assert refused.err.count("\n") == 1
    described = undercurrent("topics", "describe").out
    assert f"{topic.name}: partitions is 6, expected 12.\n" in described
    assert "7 topics missing" in described


def test_without_the_topic_the_command_that_makes_it_is_named(empty_broker, undercurrent, tmp_path):
    (tmp_path / "posts").write_bytes(make_lines(1))
    sentence = f"there is no topic {POSTS} at {empty_broker}; `undercurrent topics create` makes it.\n"
    for arguments in (["ingest", "posts"], ["control", "resume", "posts/0"], ["dead-letters", "replay", "--all"]):
        ended = undercurrent(*arguments)
        assert (ended.status, ended.err) == (2, f"undercurrent: {sentence}")
    assert "there is no topic" in undercurrent("dead-letters", "list").err


BAD = [
    (b"hello \x1b[2Jworld \xff\x00", Reason.NOT_JSON, "JSON is malformed", (7, 0)),
    (b'{"id": "a", "created_at": 99999999999999}\n', Reason.IN_THE_FUTURE, "later", (8, 0)),
    (b'{"id":  7}', Reason.WRONG_FIELD, "Expected `str`, got `int` - at `$.id`", (8, 1)),
    (b"", Reason.NOT_JSON, "Input data was truncated", (9, 0)),
]


@pytest.fixture
def dead_letters(broker):
    """Four dead letters of posts/3, one of control/0, and a message of somebody else."""
    letters = [DeadLetter(raw, reason, detail, "posts/3", position) for raw, reason, detail, position in BAD]
    letters.append(DeadLetter(b"{}", Reason.WRONG_FIELD, "no kind", "control/0", (1, 0)))
    messages = [encode_dead_letter(letter, 1_767_614_400_000) for letter in letters]
    kafka_log.send(broker, topics.DEAD_LETTERS.name, [*messages, (None, b"foreign", [])])


@pytest.mark.usefixtures("dead_letters")
def test_dead_letters_are_shown_so_that_a_terminal_only_shows_them(undercurrent):
    shown = undercurrent("dead-letters", "list")
    assert shown.status == 0
    assert "\x1b" not in shown.out
    assert "#0 2026-01-05 12:00 UTC not_json undercurrent.posts.v1/3/7/0\n" in shown.out
    assert "    hello world \\xff\n" in shown.out
    assert "1 message in undercurrent.posts.v1.dlq left out" in shown.err
    newest = undercurrent("dead-letters", "list", "--last", 1, "--origin", "posts/3")
    assert newest.out.startswith("#3 ")
    assert "the newest 1 of 4 dead letters" in newest.err


@pytest.mark.usefixtures("dead_letters")
def test_dead_letters_as_json_hold_all_their_bytes(undercurrent):
    objects = [json.loads(line) for line in undercurrent("dead-letters", "list", "--json").out.splitlines()]
    assert [each["index"] for each in objects] == [0, 0, 1, 0, 0]
    assert [each["topic"] for each in objects] == [POSTS] * 4 + [topics.CONTROL.name]
    assert objects[1]["raw"].encode() == BAD[1][0]
    assert objects[0]["raw_base64"] == "aGVsbG8gG1sySndvcmxkIP8A"


@pytest.mark.usefixtures("dead_letters")
def test_dead_letters_come_back_as_the_bytes_they_were(broker, undercurrent):
    dry = undercurrent("dead-letters", "replay", "--all", "--dry-run")
    assert "would send 4 dead letters (2 not_json, 1 in_the_future, 1 wrong_field); 1 other came from" in dry.err
    assert count(broker) == 0
    one = undercurrent("dead-letters", "replay", "--reason", "in_the_future")
    assert one.status == 0, one
    assert [(record.key, record.value) for record in kafka_log.read(broker, POSTS)] == [(b"a", BAD[1][0])]
    before = kafka_log.ends(broker, POSTS)
    undercurrent("dead-letters", "replay", "--origin", "posts/3/8", "--from-offset", 1, "--to-offset", 3)
    assert [record.value for record in kafka_log.read(broker, POSTS, before)].count(BAD[2][0]) == 1
    before = kafka_log.ends(broker, POSTS)
    undercurrent("dead-letters", "replay", "--all")
    assert sorted(record.value for record in kafka_log.read(broker, POSTS, before)) == sorted(raw for raw, *_ in BAD)


def test_the_largest_dead_letter_fits_and_comes_back(broker, undercurrent):
    raw = random.Random(7).randbytes(LINE_BYTES_MAX)
    letter = DeadLetter(raw, Reason.NOT_JSON, "x" * 100_000, "posts/3", (1, 0))
    kafka_log.send(broker, topics.DEAD_LETTERS.name, [encode_dead_letter(letter, 0)])
    assert undercurrent("dead-letters", "replay", "--all").status == 0
    assert values(broker) == [raw]


def test_what_an_operator_says_stands_in_the_topic_of_control(broker, undercurrent):
    assert "nothing was said yet" in undercurrent("control", "list").err
    assert undercurrent("control", "resume", "posts/03", "--by", "lena \x1b[2J").status == 0
    kafka_log.send(broker, topics.CONTROL.name, [(None, b'{"v":1,"kind":"annotate"}', []), (None, b"x", [])])
    [raw, *_] = values(broker, topics.CONTROL.name)
    message = decode_control(raw)
    assert message == Resume(input="posts/3", at_ms=message.at_ms, by="lena \x1b[2J")
    listed = undercurrent("control", "list")
    assert re.search(r"UTC  resume posts/3 +lena\n", listed.out)
    assert "\x1b" not in listed.out
    assert "of a later version" in listed.out
    assert "no control message" in listed.out
    refused = undercurrent("control", "resume", "posts/4")
    assert refused.status == 2
    assert "there is no input posts/4: undercurrent.posts.v1 has the partitions 0 to 3." in refused.err


def test_without_a_broker_there_is_one_sentence(undercurrent, monkeypatch, tmp_path):
    monkeypatch.setenv("UNDERCURRENT_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    (tmp_path / "posts").write_bytes(make_lines(1))
    for arguments in (["ingest", "posts"], ["topics", "create"], ["dead-letters", "list"], ["control", "list"]):
        ended = undercurrent(*arguments)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err == (
            "undercurrent: no broker answers at 127.0.0.1:1 (connection refused); `make up` starts one, "
            "UNDERCURRENT_KAFKA_BOOTSTRAP names another.\n"
        )


def test_what_answers_but_is_no_broker_is_said_to_be_none(redis_url, monkeypatch):
    address = redis_url.split("/")[2]
    monkeypatch.setenv("UNDERCURRENT_KAFKA_BOOTSTRAP", address)
    ended = Running("topics", "describe").end()
    assert ended.status == 2, ended
    assert ended.err.startswith(f"undercurrent: what answers at {address} is no broker of Kafka, or one that is not")
    assert os.linesep.join(ended.err.splitlines()[1:]) == ""
