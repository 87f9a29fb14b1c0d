import pytest
from kafka.errors import KafkaConnectionError, KafkaTimeoutError, RequestTimedOutError, UnknownTopicOrPartitionError

from streams.delivery import WAITING_BYTES_MAX, Delivery
from streams.packing import Message
from tests.support.kafka_fakes import FakeProducer


def make_message(line, value=b"{}", posts=1, partition=1):
    return Message(value, b"key", partition, line, posts)


@pytest.fixture
def away():
    return FakeProducer(is_away=True)


class Clock:
    now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def delivery(away, clock):
    return Delivery(away, "posts", 120.0, clock)


def test_what_has_arrived_is_counted_and_what_has_not_is_not(delivery, away):
    for line in (1, 2, 3):
        delivery.send(make_message(line, b"x" * line, posts=line, partition=line))
    assert away.sent[0] == ("posts", b"x", b"key", 1)
    away.futures[0].arrive(1)
    away.futures[1].arrive(2, 1)
    delivery.harvest()
    assert (delivery.messages, delivery.posts, delivery.value_bytes) == (2, 3, 3)
    assert delivery.last_offset == 1
    assert dict(delivery.by_partition) == {1: 1, 2: 1}
    assert (delivery.waiting, delivery.first_line()) == (1, 3)
    away.futures[2].arrive(3)
    delivery.harvest()
    assert (delivery.waiting, delivery.first_line(), delivery.failure) == (0, None, None)


def test_the_line_to_go_on_from_is_the_first_that_has_not_arrived(delivery, away):
    for line in (10, 4, 7):
        delivery.send(make_message(line))
    assert delivery.first_line() == 4
    away.futures[0].arrive()
    away.futures[1].fail(KafkaTimeoutError("Expiring 1 record(s)"))
    delivery.harvest()
    assert delivery.failure == "it did not answer in time"
    away.futures[2].arrive()
    delivery.harvest()
    assert (delivery.messages, delivery.first_line()) == (2, 4)


def test_after_a_failure_nothing_is_sent_and_no_line_is_forgotten(delivery, away):
    delivery.send(make_message(4))
    away.futures[0].fail(KafkaConnectionError("gone"))
    delivery.harvest()
    for line in (5, 3):
        delivery.send(make_message(line))
    assert len(away.sent) == 1
    assert delivery.first_line() == 3
    assert delivery.failure == "connection: gone"


def test_a_message_that_cannot_even_be_taken_ends_the_delivery():
    delivery = Delivery(FakeProducer(error=UnknownTopicOrPartitionError("posts")), "posts", 120.0)
    delivery.send(make_message(9))
    assert (delivery.failure, delivery.first_line()) == ("unknown topic or partition: posts", 9)


def test_what_is_on_the_way_is_bounded_by_bytes(delivery, away):
    value = b"x" * (WAITING_BYTES_MAX // 4)
    for line in range(3):
        delivery.send(make_message(line, value))
    assert not delivery.is_full
    delivery.send(make_message(3, value))
    assert delivery.is_full
    away.futures[0].arrive()
    delivery.wait(0.0)
    assert not delivery.is_full


def test_small_messages_count_for_what_is_kept_of_them(delivery):
    sent = 0
    while not delivery.is_full:
        delivery.send(make_message(sent, b""))
        sent += 1
    assert sent == WAITING_BYTES_MAX // 1024


def test_a_stall_is_time_without_an_arrival_while_something_is_on_the_way(delivery, away, clock):
    clock.now_s = 50.0
    assert delivery.stalled_s == 0.0
    delivery.send(make_message(1))
    delivery.send(make_message(2))
    clock.now_s = 57.0
    assert delivery.stalled_s == 7.0
    away.futures[0].arrive()
    delivery.harvest()
    assert delivery.stalled_s == 0.0
    clock.now_s = 60.0
    assert delivery.stalled_s == 3.0


def test_settling_ends_with_the_last_arrival_a_failure_or_when_told(delivery, away):
    delivery.send(make_message(1))
    delivery.settle(lambda: False)
    assert delivery.waiting == 1

    def arrive():
        away.futures[-1].arrive()
        return True

    delivery.settle(arrive)
    assert (delivery.waiting, delivery.messages) == (0, 1)
    delivery.send(make_message(2))
    delivery.send(make_message(3))

    def fail():
        away.futures[1].fail(KafkaTimeoutError())
        return True

    delivery.settle(fail)
    assert (delivery.waiting, delivery.first_line()) == (1, 2)


def test_a_message_that_the_producer_does_not_take_yet_is_offered_again_in_order(clock):
    producer = FakeProducer(error=KafkaTimeoutError("Failed to update metadata"))
    delivery = Delivery(producer, "posts", 120.0, clock)
    delivery.send(make_message(5, b"5"))
    assert (delivery.is_full, delivery.waiting, delivery.first_line()) == (True, 1, 5)
    delivery.send(make_message(6, b"6"))
    clock.now_s = 120.0
    delivery.wait(0.2)
    assert (delivery.waiting, delivery.failure, delivery.stalled_s) == (2, None, 120.0)
    producer.error = None
    delivery.settle()
    assert [value for _, value, _, _ in producer.sent] == [b"5", b"6"]
    assert (delivery.messages, delivery.is_full, delivery.first_line()) == (2, False, None)


@pytest.mark.parametrize("error", [KafkaTimeoutError("Expiring 1 record(s)"), RequestTimedOutError("after 6949 ms")])
def test_whichever_time_is_over_first_the_reason_is_the_same(delivery, away, error):
    delivery.send(make_message(1))
    away.futures[0].fail(error)
    delivery.harvest()
    assert delivery.failure == "it did not answer in time"


def test_a_message_that_the_producer_never_takes_ends_the_delivery(clock):
    delivery = Delivery(FakeProducer(error=KafkaTimeoutError("Failed to update metadata")), "posts", 120.0, clock)
    for line in (7, 0):
        delivery.send(make_message(line))
    clock.now_s = 121.0
    delivery.settle()
    assert (delivery.failure, delivery.first_line(), delivery.messages) == ("it did not answer in time", 0, 0)


def test_all_messages_carry_the_headers_given(clock):
    producer = FakeProducer()
    delivery = Delivery(producer, "posts", 120.0, clock, headers=[("name", b"value")])
    delivery.send(make_message(1, b"x"))
    assert producer.headers == [[("name", b"value")]]
