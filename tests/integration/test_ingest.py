"""`undercurrent ingest` against a real broker that it has for itself."""

import random
import signal
from collections import Counter

import pytest

from deploy.local.ready import until
from models.post import decode_message
from streams import topics
from tests.support import kafka_log
from tests.support.commands import LONG_S, Running
from tests.support.kafka_log import count, values
from tests.support.posts import make_line, make_lines

pytestmark = pytest.mark.xdist_group("ingest")

POSTS = topics.POSTS.name
COMMUNITY_POSTS = topics.COMMUNITY_POSTS.name
LINE_BYTES_MAX = 1024 * 1024 - 4 * 1024


@pytest.mark.usefixtures("empty_broker")
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
@pytest.mark.parametrize(("envelope", "lines"), [(1, 80_000), (20, 400_000)])
def test_a_signal_leaves_whole_posts_and_all_up_to_the_line_that_is_named(broker, tmp_path, number, envelope, lines):
    path = tmp_path / "posts.jsonl"
    path.write_bytes(make_lines(lines))
    running = Running("ingest", path, "--envelope", envelope)
    assert until(lambda: count(broker) > 10, LONG_S)
    running.send_signal(number)
    ended = running.end()
    assert ended.status == 128 + number, ended
    sent = [raw for value in values(broker) for raw, _ in decode_message(value)]
    assert 0 < len(sent) < lines, "the signal came too late to prove anything"
    assert sorted(sent) == sorted(make_lines(len(sent)).splitlines())
    assert f"Go on with `--from-line {len(sent) + 1}`." in ended.err
    again = Running("ingest", path, "--envelope", envelope, "--from-line", len(sent) + 1).end()
    assert again.status == 0, again
    everything = Counter(raw for value in values(broker) for raw, _ in decode_message(value))
    assert everything == Counter(make_lines(lines).splitlines())


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

def make(*arguments, **named):
    os.kill(int(sys.argv[1]), 9)
    return Delivery(*arguments, **named)

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
