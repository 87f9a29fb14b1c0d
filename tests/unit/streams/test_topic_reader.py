import pytest

from streams.errors import OutsideError
from streams.topic_reader import read_topic
from tests.support.kafka_fakes import FakeConsumer


def read(consumer, newest=None):
    return [record.value for record in read_topic(consumer, "posts", newest)]


def test_a_topic_is_read_from_its_beginning_to_its_end():
    assert read(FakeConsumer("abcde", beginning=100)) == list("abcde")


@pytest.mark.parametrize(("newest", "values"), [(2, "de"), (5, "abcde"), (9, "abcde")])
def test_the_newest_of_it_may_be_enough(newest, values):
    assert read(FakeConsumer("abcde", beginning=100), newest) == list(values)


def test_offsets_that_hold_no_message_do_not_hold_it_up():
    assert read(FakeConsumer("abc", hidden=2)) == list("abc")
    assert read(FakeConsumer("", hidden=2)) == []


def test_one_partition_of_it_may_be_enough():
    assert list(read_topic(FakeConsumer("abc"), "posts", only=0))
    with pytest.raises(ValueError, match="unpack"):
        list(read_topic(FakeConsumer("abc"), "posts", only=1))


def test_an_empty_topic_has_no_messages():
    assert read(FakeConsumer("", beginning=7)) == []


def test_what_comes_after_the_end_at_the_call_is_left_out():
    consumer = FakeConsumer("abcde")
    consumer.end = 3
    assert read(consumer) == list("abc")


def test_a_broker_that_hands_out_nothing_more_is_not_waited_for():
    with pytest.raises(OutsideError, match="hands out no more of posts, though there is more"):
        read(FakeConsumer("abc", is_stuck=True))


def test_a_topic_that_is_missing_is_named():
    with pytest.raises(OutsideError, match="there is no topic alerts"):
        list(read_topic(FakeConsumer("abc"), "alerts"))
