import gzip
import os
import signal

import pytest
from kafka.errors import KafkaTimeoutError

from streams import delivery
from streams.kafka_clients import TopicFacts
from tests.support.kafka_fakes import FakeProducer, giving
from tests.support.posts import make_line, make_lines


@pytest.fixture
def connect(monkeypatch, tmp_path):
    """A function that puts a producer in the place of Kafka's."""
    monkeypatch.chdir(tmp_path)

    def connect(producer, value_bytes_max=1_000_000):
        monkeypatch.setattr("streams.commands.ingest.producer_client", giving(producer))
        monkeypatch.setattr(
            "streams.commands.ingest.look_up_topic", lambda *_: TopicFacts(4, value_bytes_max=value_bytes_max)
        )
        return producer

    return connect


@pytest.fixture
def producer(connect):
    return connect(FakeProducer())


def test_every_line_of_all_files_is_sent_with_its_id_as_key(undercurrent, producer, tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(make_lines(2)))
    (tmp_path / "b").write_bytes(b"\n" + make_line(2))
    ended = undercurrent("ingest", "a.gz", "b", "-", stdin=make_line(3))
    assert ended.status == 0
    assert [(topic, value, key) for topic, value, key, _ in producer.sent] == [
        ("undercurrent.posts.v1", make_line(number), str(number).encode()) for number in range(4)
    ]
    assert "4 posts in 4 messages (0.0 MB) are in undercurrent.posts.v1; messages by partition " in ended.err


def test_lines_are_counted_over_all_files_blank_ones_too(undercurrent, producer, tmp_path):
    (tmp_path / "a").write_bytes(make_line(1) + b"\n\n" + make_line(3) + b"\n")
    (tmp_path / "b").write_bytes(make_line(4))
    assert undercurrent("ingest", "a", "b", "--from-line", 3).status == 0
    assert [value for _, value, _, _ in producer.sent] == [make_line(3), make_line(4)]


def test_posts_of_one_partition_travel_together_if_wanted(undercurrent, producer, tmp_path):
    (tmp_path / "a").write_bytes(make_lines(100))
    ended = undercurrent("ingest", "a", "--envelope", 10)
    assert ended.status == 0
    assert "100 posts in " in ended.err
    assert len(producer.sent) < 20
    assert all(value.startswith(b'{"posts":[') for _, value, key, _ in producer.sent if key is None)


def test_what_is_too_long_is_refused_with_its_place(undercurrent, connect, tmp_path):
    producer = connect(FakeProducer(), value_bytes_max=200)
    (tmp_path / "a").write_bytes(
        b"\n".join([make_line(1), make_line(2, text="x" * 200), b"x" * 2_000_000, make_line(4)])
    )
    ended = undercurrent("ingest", "a")
    assert ended.status == 0
    assert len(producer.sent) == 2
    assert "refused, as a message may not be so long: 2 (2 too large):" in ended.err
    assert "a, line 2: the line has 321 bytes; at most 200" in ended.err


def test_what_cannot_be_a_post_is_sent_and_said(undercurrent, producer, tmp_path):
    (tmp_path / "a").write_bytes(b"hello\n" + make_line(1))
    ended = undercurrent("ingest", "a")
    assert ended.status == 0
    assert producer.sent[0] == ("undercurrent.posts.v1", b"hello", None, None)
    assert "sent as they are, though they will be dead letters: 1 (1 wrong field):\n  a, line 1: no post" in ended.err


def test_a_file_without_a_post_is_noticed_after_a_hundred_lines(undercurrent, producer, tmp_path):
    (tmp_path / "a").write_bytes(b"id,text\n" * 5_000)
    ended = undercurrent("ingest", "a", "--envelope", 10)
    assert (ended.status, len(producer.sent)) == (1, 100)
    assert "a: there is no post in it, none of its 100 lines is one" in ended.err


def test_a_file_whose_first_post_comes_late_is_sent_whole(undercurrent, producer, tmp_path):
    (tmp_path / "a").write_bytes(b"# comment\n" * 99 + make_lines(200))
    assert undercurrent("ingest", "a", "--envelope", 1_000).status == 0
    assert len(producer.sent) == 99 + 4


@pytest.mark.usefixtures("producer")
@pytest.mark.parametrize(
    ("text", "from_line", "sentence"),
    [
        (b"\n", 1, "a: there is nothing in it, so there was nothing to do."),
        (b"\n\n", 9, "--from-line is 9, but the input has 2 lines."),
    ],
)
def test_an_input_with_nothing_to_send_is_one_sentence(undercurrent, tmp_path, text, from_line, sentence):
    (tmp_path / "a").write_bytes(text)
    ended = undercurrent("ingest", "a", "--from-line", from_line)
    assert (ended.status, ended.err) == (1, f"undercurrent: {sentence}\n")


def test_an_input_that_breaks_off_is_sent_as_far_as_it_goes(undercurrent, producer, tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(make_lines(3_000))[:-100])
    ended = undercurrent("ingest", "a.gz")
    assert ended.status == 1
    assert ended.err.endswith("the file is truncated. What was read has arrived.\n")
    assert len(producer.sent) > 1_000


def test_a_file_that_is_missing_is_found_before_the_broker_is_asked(undercurrent, producer):
    ended = undercurrent("ingest", "a")
    assert (ended.status, producer.sent) == (2, [])
    assert ended.err == "undercurrent: a cannot be read: no such file or directory.\n"


class Failing(FakeProducer):
    """Takes three messages; those after that fail as those of a broker that stays away."""

    def send(self, *arguments, **more):
        future = super().send(*arguments, **more)
        if len(self.sent) > 3:
            future.fail(KafkaTimeoutError("Expiring 1 record(s)"))
        return future


def test_a_broker_that_stays_away_ends_it_with_the_line_to_go_on_from(undercurrent, connect, tmp_path):
    connect(Failing())
    (tmp_path / "a").write_bytes(make_lines(100))
    ended = undercurrent("ingest", "a")
    assert ended.status == 1
    assert "3 posts in 3 messages" in ended.err
    assert ended.err.endswith(
        "undercurrent: the broker at 127.0.0.1:9092 took no more of them: it did not answer in time. "
        "Go on with `--from-line 4`: what comes twice by that counts once.\n"
    )


class Interrupting(FakeProducer):
    """Is interrupted while it takes the tenth message; takes all later ones too, or none of them."""

    def send(self, *arguments, **more):
        if len(self.sent) == 9:
            os.kill(os.getpid(), signal.SIGTERM)
        return super().send(*arguments, **more)


@pytest.mark.parametrize("envelope", [1, 3])
def test_a_signal_ends_it_when_all_that_was_read_has_arrived(undercurrent, connect, tmp_path, envelope):
    producer = connect(Interrupting())
    (tmp_path / "a").write_bytes(make_lines(1_000))
    ended = undercurrent("ingest", "a", "--envelope", envelope)
    assert ended.status == 143
    sent = sum(value.count(b'"id"') for _, value, _, _ in producer.sent)
    assert sent < 50
    assert (
        f"stopped by SIGTERM at a, line {sent}; all up to there has arrived. Go on with `--from-line {sent + 1}`."
        in (ended.err)
    )


def test_a_signal_while_nothing_arrives_ends_it_after_a_short_wait(undercurrent, connect, tmp_path, monkeypatch):
    connect(Interrupting(is_away=True))
    monkeypatch.setattr("streams.commands.ingest._SETTLE_S", 0.0)
    (tmp_path / "a").write_bytes(make_lines(1_000))
    ended = undercurrent("ingest", "a")
    assert ended.status == 143
    assert "0 posts in 0 messages" in ended.err
    assert "messages had not arrived yet. Go on with `--from-line 1`" in ended.err


def test_while_the_broker_is_away_no_more_is_read_than_memory_is_meant_for(
    undercurrent, connect, tmp_path, monkeypatch
):
    monkeypatch.setattr(delivery, "WAITING_BYTES_MAX", 50 * 1024)
    monkeypatch.setattr("streams.commands.ingest._SETTLE_S", 0.0)
    monkeypatch.setattr("streams.commands.ingest._SILENCE_S", 0.0)
    producer = connect(FakeProducer(is_away=True))
    waits = []

    class Waiting(delivery.Delivery):
        def wait(self, longest_s):
            assert longest_s > 0
            waits.append(len(producer.sent))
            if len(waits) == 3:
                os.kill(os.getpid(), signal.SIGINT)
            self.harvest()

    monkeypatch.setattr("streams.commands.ingest.Delivery", Waiting)
    (tmp_path / "a").write_bytes(make_lines(1_000))
    ended = undercurrent("ingest", "a")
    assert ended.status == 130
    assert waits[0] == waits[2] < 50
    assert ended.err.count("has taken nothing for 0 s; trying for 120 s.") == 1
