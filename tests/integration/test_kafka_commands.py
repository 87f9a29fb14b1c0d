"""Commands that speak to Kafka, against a real broker that they have for themselves."""

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter

import pytest

from deploy.local.ready import until
from models.control import Resume, decode_control
from models.intake import DeadLetter
from models.post import Reason, decode_message
from streams import topics
from streams.__main__ import main
from streams.dead_letters import encode_dead_letter
from tests.support import kafka_log
from tests.support.posts import make_line, make_lines
from tests.support.servers import KafkaServer
from tests.support.source import ROOT

pytestmark = pytest.mark.xdist_group("kafka-commands")

POSTS = topics.POSTS.name
COMMUNITY_POSTS = topics.COMMUNITY_POSTS.name
LONG_S = 60.0
LINE_BYTES_MAX = 1024 * 1024 - 4 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A broker of this module's own: its tests stop it, and expect to be alone in its topics."""
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as server:
        yield server


@pytest.fixture
def empty_broker(server, monkeypatch):
    """The address of a broker that runs and has no topics, and is the one of the settings."""
    if not server.is_running:
        server.start()
    kafka_log.remove_topics(server.bootstrap)
    monkeypatch.setenv("UNDERCURRENT_KAFKA_BOOTSTRAP", server.bootstrap)
    return server.bootstrap


@pytest.fixture
def broker(empty_broker, undercurrent):
    """The same with all topics, and nothing in them."""
    assert undercurrent("topics", "create").status == 0
    return empty_broker


@pytest.fixture
def undercurrent(capfd, monkeypatch, tmp_path):
    """A function that runs a command in this process; it returns its status, standard output and error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        capfd.readouterr()
        status = main([str(argument) for argument in arguments])
        return Ended(status, *capfd.readouterr())

    return run


class Ended:
    """How a command ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = int(status), out, err

    def __repr__(self):
        return f"status {self.status}\n{self.out}\n{self.err}"


class Running:
    """A command in a process of its own, whose standard input the test writes."""

    def __init__(self, *arguments, program=("-m", "streams")):
        self._process = subprocess.Popen(
            [sys.executable, *program, *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @property
    def is_running(self):
        return self._process.poll() is None

    def write(self, text):
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def send_signal(self, number):
        self._process.send_signal(number)

    def end(self, timeout=LONG_S):
        out, err = self._process.communicate(timeout=timeout)
        return Ended(self._process.returncode, out.decode(), err.decode())


def count(bootstrap, topic=POSTS):
    return sum(kafka_log.ends(bootstrap, topic).values())


def values(bootstrap, topic=POSTS):
    return [record.value for record in kafka_log.read(bootstrap, topic)]


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


def test_an_ingested_file_arrives_as_it_is(broker, undercurrent, tmp_path):
    lines = [
        make_line(1),
        b' {"id": "2" ,\t"text": "\xc3\xa4"}\r',
        b"no post \xff\x00",
        b'{"posts":[{},{}]}',
        make_line(5),
    ]
    (tmp_path / "posts.jsonl").write_bytes(b"\n".join([*lines, b"", b""]))
    ended = undercurrent("ingest", "posts.jsonl")
    assert ended.status == 0, ended
    assert "5 posts in 5 messages" in ended.err
    assert "sent as they are, though they will be dead letters: 1 (1 wrong field):" in ended.err
    assert "posts.jsonl, line 3: no post with an `id` can be read in it" in ended.err
    records = kafka_log.read(broker, POSTS)
    assert sorted(record.value for record in records) == sorted(lines)
    assert {record.value: record.key for record in records} == dict(
        zip(lines, [b"1", b"2", None, None, b"5"], strict=True)
    )


def test_the_longest_line_goes_through_and_a_longer_one_is_refused_with_its_place(broker, undercurrent, tmp_path):
    noise = random.Random(7).randbytes(LINE_BYTES_MAX).replace(b"\n", b" ")
    longest = make_line(2, text="x" * (LINE_BYTES_MAX - len(make_line(2, text=""))))
    assert len(noise) == len(longest) == LINE_BYTES_MAX
    lines = [make_line(1), noise, noise + b"x", longest, b"y" * 3_000_000, make_line(6)]
    (tmp_path / "posts").write_bytes(b"\n".join(lines))
    ended = undercurrent("ingest", "posts")
    assert ended.status == 0, ended
    assert "refused, as a message may not be so long: 2 (2 too large):" in ended.err
    assert f"posts, line 3: the line has {LINE_BYTES_MAX + 1:,} bytes; at most {LINE_BYTES_MAX:,}" in ended.err
    assert "posts, line 5: the line is longer than 1,048,576 bytes" in ended.err
    assert sorted(values(broker)) == sorted([lines[0], noise, longest, lines[5]])


@pytest.mark.parametrize("envelope", [1, 5])
def test_what_is_too_long_follows_the_topic_and_holds_up_no_other(broker, undercurrent, tmp_path, envelope):
    kafka_log.alter(broker, POSTS, max_message_bytes="10000")
    rng = random.Random(7)
    lines = [make_line(number, text=rng.randbytes(9_000 if number in {3, 8} else 700).hex()) for number in range(30)]
    (tmp_path / "posts").write_bytes(b"\n".join(lines))
    ended = undercurrent("ingest", "posts", "--envelope", envelope)
    assert ended.status == 0, ended
    assert "refused, as a message may not be so long: 2 (2 too large):" in ended.err
    assert "posts, line 4: the line has 18," in ended.err
    sent = [raw for value in values(broker) for raw, _ in decode_message(value)]
    assert sorted(sent) == sorted(line for line in lines if len(line) < 5_904)


def test_envelopes_hold_all_posts_and_what_is_said_of_one_stays_in_order(broker, undercurrent, tmp_path):
    lines = []
    for number in range(500):
        lines.append(make_line(number))
        lines.append(make_line(number // 2, op="update"))
    (tmp_path / "posts").write_bytes(b"\n".join([*lines, b"no post"]))
    ended = undercurrent("ingest", "posts", "--envelope", "50")
    assert ended.status == 0, ended
    assert "1,000 posts in " in ended.err
    records = kafka_log.read(broker, POSTS)
    assert len(records) < 40
    seen = {}
    for record in records:
        for raw, item in decode_message(record.value):
            if raw != b"no post":
                seen.setdefault(item.id, []).append((record.partition, item.op))
    assert sum(map(len, seen.values())) == 1_000
    for said in seen.values():
        assert len({partition for partition, _ in said}) == 1
    assert [op for _, op in seen["3"]] == ["create", "update", "update"]


def test_posts_of_a_slow_source_arrive_while_it_goes_on(broker):
    running = Running("ingest", "--envelope", "100", "-")
    running.write(make_line(1) + b"\n" + make_line(2) + b"\n")
    assert until(lambda: count(broker) > 0, LONG_S)
    assert running.is_running
    running.write(make_line(3))
    ended = running.end()
    assert ended.status == 0, ended
    assert sorted(raw for value in values(broker) for raw, _ in decode_message(value)) == [
        make_line(number) for number in (1, 2, 3)
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("envelope", [1, 20])
def test_a_signal_leaves_whole_posts_and_all_up_to_the_line_that_is_named(broker, tmp_path, number, envelope):
    path = tmp_path / "posts.jsonl"
    path.write_bytes(make_lines(80_000))
    running = Running("ingest", path, "--envelope", envelope)
    assert until(lambda: count(broker) > 10, LONG_S)
    running.send_signal(number)
    ended = running.end()
    assert ended.status == 128 + number, ended
    sent = [raw for value in values(broker) for raw, _ in decode_message(value)]
    assert 0 < len(sent) < 80_000, "the signal came too late to prove anything"
    assert sorted(sent) == sorted(make_lines(len(sent)).splitlines())
    assert f"Go on with `--from-line {len(sent) + 1}`." in ended.err
    again = Running("ingest", path, "--envelope", envelope, "--from-line", len(sent) + 1).end()
    assert again.status == 0, again
    everything = Counter(raw for value in values(broker) for raw, _ in decode_message(value))
    assert everything == Counter(make_lines(80_000).splitlines())


def test_a_broker_that_is_killed_and_comes_back_gets_each_post_once(broker, server, tmp_path):
    lines = 100_000
    path = tmp_path / "posts.jsonl"
    path.write_bytes(make_lines(lines))
    running = Running("ingest", path)
    for sent in (5_000, 40_000):
        assert until(lambda sent=sent: count(broker) > sent, LONG_S)
        assert running.is_running, "it was done before the broker was killed"
        server.kill()
        server.start()
    ended = running.end()
    assert ended.status == 0, ended
    assert f"{lines:,} posts in {lines:,} messages" in ended.err
    assert Counter(values(broker)) == Counter(make_lines(lines).splitlines())


KILL_BEFORE_THE_FIRST_MESSAGE = """
import os, sys
from streams.__main__ import main
from streams.commands import ingest
from streams.delivery import Delivery

def make(*arguments):
    os.kill(int(sys.argv[1]), 9)
    return Delivery(*arguments)

ingest.Delivery = make
sys.exit(main(sys.argv[2:]))
"""


def test_a_broker_that_goes_away_before_the_first_message_is_waited_for(broker, server, tmp_path):
    path = tmp_path / "posts"
    path.write_bytes(make_lines(1_000))
    running = Running("ingest", path, program=["-c", KILL_BEFORE_THE_FIRST_MESSAGE, str(server.pid)])
    assert until(lambda: not server.is_running, LONG_S)
    server.start()
    ended = running.end()
    assert ended.status == 0, ended
    assert Counter(values(broker)) == Counter(make_lines(1_000).splitlines())


def test_a_broker_that_stays_away_ends_it_with_the_line_to_go_on_from(broker, server, tmp_path):
    lines = 100_000
    path = tmp_path / "posts.jsonl"
    path.write_bytes(make_lines(lines))
    running = Running("ingest", path, "--give-up-after", "7")
    assert until(lambda: count(broker) > 5_000, LONG_S)
    server.pause()
    try:
        ended = running.end()
    finally:
        server.resume()
    assert ended.status == 1, ended
    assert "has taken nothing for 5 s; trying for 7 s." in ended.err
    last = ended.err.splitlines()[-1]
    assert "took no more of them: it did not answer in time. Go on with `--from-line " in last
    first = int(last.partition("--from-line ")[2].partition("`")[0])
    assert 1 < first < lines
    again = Running("ingest", path, "--from-line", first).end()
    assert again.status == 0, again
    assert set(values(broker)) == set(make_lines(lines).splitlines())


def test_a_signal_while_the_broker_is_away_ends_it_soon(broker, server):
    running = Running("ingest", "-")
    running.write(make_lines(100))
    assert until(lambda: count(broker) == 100, LONG_S)
    server.pause()
    try:
        running.write(make_line(100) + b"\n" + make_line(101) + b"\n")
        # The lines are read when the pipe is empty again, and this one is not.
        running.write(b"x" * 200_000)
        running.send_signal(signal.SIGINT)
        ended = running.end(30)
    finally:
        server.resume()
    assert ended.status == 130, ended
    assert "had not arrived yet. Go on with `--from-line 101`" in ended.err


def test_the_wrong_file_is_noticed_before_all_of_it_is_sent(broker, undercurrent, tmp_path):
    (tmp_path / "posts.csv").write_bytes(b"id,text\n" * 10_000)
    ended = undercurrent("ingest", "posts.csv")
    assert ended.status == 1
    assert "there is no post in it, none of its 100 lines is one" in ended.err
    assert count(broker) == 100


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
    kafka_log.send(broker, topics.CONTROL.name, [(None, b'{"v":1,"kind":"mute"}', []), (None, b"x", [])])
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
