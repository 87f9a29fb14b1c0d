"""`undercurrent worker intake` as a real process on a real broker."""

import random
import signal
from collections import Counter

import pytest
from kafka import KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.admin import KafkaAdminClient

from deploy.local.ready import until
from models.assign import partition_of
from models.control import Resume, encode_control
from models.frame import POST_BYTES_MAX
from models.post import encode_post
from streams import clock, topics
from streams.dead_letters import decode_dead_letter
from streams.errors import Status
from tests.support.framed import make_post
from tests.support.reading import read_frames, read_topic, taken
from tests.support.workers import Worker, make_topics

OUTPUTS = topics.COMMUNITY_POSTS.partitions
JUNK = [b"", b"hello", b"{}", b'{"posts": 3}', b'\xff\x00{"id"', b'{"id": 1, "text": "x", "created_at": 0}']


@pytest.fixture
def start(server, tmp_path):
    """Starts a worker on fresh topics; every one that was started is stopped in the end."""
    workers = []

    def start_worker(*, inputs=2, is_fresh=True):
        if is_fresh:
            make_topics(server.bootstrap, POSTS=inputs)
        folder = tmp_path / str(len(workers))
        worker = Worker("intake", folder, {"UNDERCURRENT_KAFKA_BOOTSTRAP": server.bootstrap})
        workers.append(worker)
        return worker.start()

    yield start_worker
    for worker in workers:
        worker.stop()


@pytest.fixture
def send(server):
    """Sends messages to a partition of the topic of posts, and returns when the broker has them."""
    producer = KafkaProducer(bootstrap_servers=server.bootstrap, acks="all")

    def send_messages(partition, *values):
        sent = [producer.send(topics.POSTS.name, value, b"any", partition=partition) for value in values]
        for each in sent:
            each.get(30)

    yield send_messages
    producer.close()


def make_raw(number, community="islanders", at_ms=None, **changes):
    return encode_post(make_post(number, at_ms or clock.now_ms(), communities=[community], **changes))


def committed(server, partition):
    """Returns intake's position in an input; 0 before its first."""
    admin = KafkaAdminClient(bootstrap_servers=server.bootstrap)
    try:
        groups = admin.list_group_offsets(topics.INTAKE_GROUP)
    finally:
        admin.close()
    offsets = groups.get(topics.INTAKE_GROUP, groups)
    found = offsets.get(TopicPartition(topics.POSTS.name, partition))
    return max(0, found.offset) if found else 0


def ids(server):
    """Returns the ids of the posts that a reader of each partition takes, by the input that they come from."""
    found = []
    for frames in read_frames(server.bootstrap):
        found.append({})
        for name in {frame.input for frame in frames if frame.input != "control/0"}:
            own = [frame for frame in frames if frame.input == name]
            found[-1][name] = [framed.post.id for framed in taken(own)[0]]
    return found


def test_garbage_reaches_the_dead_letters_untouched_and_the_greatest_post_its_community(server, start, send):
    worker = start()
    greatest = make_raw(1, text="ä" * 32_000, links=["https://a.example/" + "x" * 50] * 1_000)
    room = POST_BYTES_MAX - len(greatest)
    greatest = make_raw(1, text="ä" * 32_000, links=["https://a.example/" + "x" * 50] * 1_000, url="u" * (room - 9))
    above = make_raw(2, text="ä" * 32_000, links=["https://a.example/" + "x" * 50] * 1_000, url="u" * (room - 8))
    assert (len(greatest), len(above)) == (POST_BYTES_MAX, POST_BYTES_MAX + 1)
    envelope = b'{"posts": [%b, {"id": 7 }, %b]}' % (make_raw(3), make_raw(4))
    send(0, make_raw(0), *JUNK, greatest, above, envelope, b'{"posts": [', None, make_raw(5))
    worker.wait(lambda: committed(server, 0) == len(JUNK) + 7)
    letters = [
        decode_dead_letter(each.value, each.headers) for each in read_topic(server.bootstrap, topics.DEAD_LETTERS, 1)
    ]
    assert [(each.raw, each.offset, each.index) for each in letters] == [
        *((junk, offset, 0) for offset, junk in enumerate(JUNK, 1)),
        (above, len(JUNK) + 2, 0),
        (b'{"id": 7 }', len(JUNK) + 3, 1),
        (b'{"posts": [', len(JUNK) + 4, 0),
        (b"", len(JUNK) + 5, 0),
    ]
    assert {each.topic for each in letters} == {topics.POSTS.name}
    assert [each.reason for each in letters].count("too_large") == 1
    assert ids(server)[partition_of("islanders", OUTPUTS)]["posts/0"] == ["p0", "p1", "p3", "p4", "p5"]
    assert worker.metric('undercurrent_posts_rejected_total{reason="too_large"}') == 1


def test_markers_of_transactions_are_no_posts_that_wait(server, start):
    make_topics(server.bootstrap, POSTS=1)
    producer = KafkaProducer(bootstrap_servers=server.bootstrap, transactional_id="sender", acks="all")
    producer.init_transactions()
    for number in range(3):
        producer.begin_transaction()
        producer.send(topics.POSTS.name, make_raw(number), partition=0)
        producer.commit_transaction()
    producer.close()
    worker = start(is_fresh=False)
    worker.wait(lambda: worker.metric('undercurrent_input_idle_seconds{input="posts/0"}') >= 6)
    assert worker.metric('undercurrent_worker_seeks_total{cause="stall"}') == 0
    assert worker.is_ready
    assert committed(server, 0) == 5
    assert ids(server)[partition_of("islanders", OUTPUTS)]["posts/0"] == ["p0", "p1", "p2"]


def test_every_post_is_taken_once_whatever_kills_intake(server, start, send):
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - to run a schedule that failed again
    chance = random.Random(seed)
    worker = start()
    expected, junk, number, sent = {}, Counter(), 0, Counter()
    for kill in [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL]:
        for _ in range(chance.randrange(5, 12)):
            partition = chance.randrange(2)
            batch = []
            for _ in range(chance.randrange(1, 60)):
                community = f"c{chance.randrange(30)}"
                expected.setdefault((partition, partition_of(community, OUTPUTS)), []).append(f"p{number}")
                batch.append(make_raw(number, community))
                number += 1
                if chance.random() < 0.05:
                    batch.append(chance.choice(JUNK))
                    junk[batch[-1]] += 1
            sent[partition] += len(batch)
            send(partition, *batch)
            until(lambda: False, chance.random() / 4)
        if kill == signal.SIGSTOP:
            # Longer than its session: another takes its place, and then it goes on writing.
            worker.pause()
            other = start(is_fresh=False)
            other.wait(lambda: committed_all(server) == sent)
            worker.resume()
            other.kill()
        else:
            if kill == signal.SIGTERM:
                assert worker.stop() == Status.TERMINATED
            worker.kill()
            worker.start()
    worker.wait(lambda: committed_all(server) == sent, 60)
    found = ids(server)
    for (partition, output), posts in expected.items():
        assert found[output][f"posts/{partition}"] == posts, f"seed {seed}"
    assert sum(len(posts) for each in found for posts in each.values()) == number
    letters = {(each.key, each.value) for each in read_topic(server.bootstrap, topics.DEAD_LETTERS, 1)}
    assert Counter(value for _, value in letters) == junk, f"seed {seed}"


def committed_all(server):
    return Counter({partition: committed(server, partition) for partition in range(2)})


def watermark_ms(server, output=0):
    """Returns the watermark of a reader of one partition of the log."""
    return taken(read_frames(server.bootstrap)[output])[1].advance_watermark(0)


def test_an_idle_input_holds_the_others_up_for_two_seconds_and_a_broker_that_is_away_is_not_idleness(
    server, start, send
):
    worker = start()
    idle = 'undercurrent_input_idle_seconds{input="posts/1"}'
    begun_ms = clock.now_ms()
    send(1, make_raw(0, at_ms=begun_ms))
    send(0, make_raw(1, at_ms=begun_ms + 40_000))
    # The record says when it came; what a post claims beyond that does not count.
    worker.wait(lambda: worker.metric(idle) >= 2)
    assert watermark_ms(server) > begun_ms
    send(0, make_raw(2))
    worker.wait(lambda: watermark_ms(server) > begun_ms + 2_000)

    server.pause()
    try:
        worker.wait(lambda: worker.metric(idle) == 0, 10)
        until(lambda: worker.metric(idle) > 0, 3)
        assert worker.metric(idle) == 0
    finally:
        server.resume()
    worker.wait(lambda: worker.metric(idle) >= 2)

    before = worker.metric(idle)
    worker.pause()
    until(lambda: False, 2.5)
    worker.resume()
    worker.wait(lambda: worker.metric(idle) < before + 2)


def test_an_input_full_of_junk_is_paused_until_it_is_resumed(server, start, send):
    worker = start()
    paused = 'undercurrent_input_paused{input="posts/0"}'
    send(0, *[b"junk %d" % number for number in range(1_200)], make_raw(0))
    worker.wait(lambda: worker.metric(paused) == 1)
    send(1, make_raw(1))
    worker.wait(lambda: committed(server, 1) == 1)
    reason = worker.readiness()["reason"]
    assert reason.startswith("input posts/0 is paused: 1,000 of the last 1,000 posts were none")
    assert "`undercurrent control resume posts/0`" in reason
    begun_ms = clock.now_ms()
    worker.wait(lambda: watermark_ms(server) > begun_ms)  # the paused input is idle, so time goes on
    assert committed(server, 0) == 1_000
    assert len(worker.events("input_paused")) == 1

    producer = KafkaProducer(bootstrap_servers=server.bootstrap)
    producer.send(topics.CONTROL.name, encode_control(Resume(input="posts/0", at_ms=clock.now_ms(), by="lena")))
    producer.close()
    worker.wait(lambda: committed(server, 0) == 1_201)
    assert worker.is_ready
    assert worker.metric(paused) == 0
    assert ids(server)[partition_of("islanders", OUTPUTS)] == {"posts/0": ["p0"], "posts/1": ["p1"]}
    assert len({each.value for each in read_topic(server.bootstrap, topics.DEAD_LETTERS, 1)}) == 1_200


def test_what_kafka_deleted_unread_is_told_and_left_behind(server, start, send):
    worker = start()
    send(0, make_raw(0))
    worker.wait(lambda: committed(server, 0) == 1)
    worker.stop()
    send(0, *map(make_raw, range(1, 10)))
    admin = KafkaAdminClient(bootstrap_servers=server.bootstrap)
    admin.delete_records({TopicPartition(topics.POSTS.name, 0): 6})
    admin.close()
    worker.start()
    worker.wait(lambda: committed(server, 0) == 10)
    [told] = worker.events("messages_lost")
    assert (told["input"], told["after"], told["through"], told["messages"]) == ("posts/0", 1, 6, 5)
    assert worker.metric("undercurrent_input_lost_messages_total") == 5
    assert ids(server)[partition_of("islanders", OUTPUTS)]["posts/0"] == ["p0", "p6", "p7", "p8", "p9"]


def test_a_topic_that_was_made_anew_ends_it_with_one_sentence(server, start, send):
    worker = start()
    send(0, *map(make_raw, range(10)))
    worker.wait(lambda: committed(server, 0) == 10)
    worker.stop()
    make_topics(server.bootstrap, only=[topics.POSTS], POSTS=2)
    worker.start()
    assert worker.end() == Status.UNUSABLE
    assert "undercurrent.posts.v1, partition 0, ends at offset 0, but was read up to 10 before" in worker.said()
    assert "Traceback" not in worker.said()


def test_a_log_that_has_become_shorter_ends_it_with_one_sentence(server, start, send):
    worker = start()
    send(0, *map(make_raw, range(10)))
    worker.wait(lambda: committed(server, 0) == 10)
    worker.stop()
    admin = KafkaAdminClient(bootstrap_servers=server.bootstrap)
    place = TopicPartition(topics.POSTS.name, 0)
    admin.alter_group_offsets(topics.INTAKE_GROUP, {place: OffsetAndMetadata(20, "", None)})
    admin.close()
    worker.start()
    assert worker.end() == Status.UNUSABLE
    assert "undercurrent.posts.v1, partition 0, ends at offset 10, but intake has read up to 20" in worker.said()
    assert "Traceback" not in worker.said()


def test_posts_of_a_backfill_reach_the_trackers_as_such(server, start, undercurrent, monkeypatch, tmp_path):
    worker = start()
    monkeypatch.setenv("UNDERCURRENT_KAFKA_BOOTSTRAP", server.bootstrap)
    past = [make_raw(number, at_ms=clock.now_ms() - 86_400_000) for number in range(20)]
    (tmp_path / "past").write_bytes(b"\n".join(past))
    (tmp_path / "now").write_bytes(b"\n".join(map(make_raw, range(20, 25))))
    assert undercurrent("backfill", "past", "--envelope", 5).status == 0
    assert undercurrent("ingest", "now").status == 0

    def framed():
        return [each for frames in read_frames(server.bootstrap) for frame in frames for each in frame.posts]

    worker.wait(lambda: len({each.post.id for each in framed()}) == 25)
    assert {each.post.id for each in framed() if each.is_backfill} == {f"p{number}" for number in range(20)}
