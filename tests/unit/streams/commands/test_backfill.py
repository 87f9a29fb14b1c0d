import pytest

from streams.kafka_clients import TopicFacts
from streams.topics import BACKFILL_HEADER
from tests.support.kafka_fakes import FakeProducer, giving
from tests.support.posts import make_lines


@pytest.fixture
def producer(monkeypatch):
    producer = FakeProducer()
    monkeypatch.setattr("streams.commands.ingest.producer_client", giving(producer))
    monkeypatch.setattr("streams.commands.ingest.look_up_topic", lambda *_: TopicFacts(4, value_bytes_max=1_000_000))
    return producer


def test_every_message_says_that_it_is_of_the_past(undercurrent, producer, tmp_path):
    (tmp_path / "a").write_bytes(make_lines(300) + b'\n{"posts":[{"id":"e"}]}')
    ended = undercurrent("backfill", "a", "--from-line", 2)
    assert ended.status == 0
    assert len(producer.sent) < 20
    assert producer.headers == [[(BACKFILL_HEADER, b"1")]] * len(producer.sent)
    assert "300 posts in " in ended.err
    assert (
        "undercurrent_posts_backfilled_total at its /metrics counts them, undercurrent_posts_too_late_total"
        in ended.err
    )


def test_what_goes_wrong_is_said_as_by_ingest(undercurrent, producer, tmp_path):
    (tmp_path / "a").write_bytes(b"\n")
    ended = undercurrent("backfill", "a")
    assert (ended.status, producer.sent) == (1, [])
    assert ended.err == "undercurrent: a: there is nothing in it, so there was nothing to do.\n"


def test_posts_that_are_ingested_are_of_now(undercurrent, producer, tmp_path):
    (tmp_path / "a").write_bytes(make_lines(1))
    assert undercurrent("ingest", "a").status == 0
    assert producer.headers == [[]]
