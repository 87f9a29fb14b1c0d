import pytest

from models.control import CONTROL_BYTES_MAX, Feedback, Mute, Resume, Undo, encode_control
from models.message import Delivery, decode_alert, encode_alert, encode_delivered, encode_trend
from streams.topics import ALERTS, CONTROL, TRENDS
from streams.workers.sink_entries import Gone, Said, Trend, dated, ended, read_entry
from streams.workers.stage import Message, Partition
from tests.support.messages import NOON_MS, make_alert, make_trend

DAY_MS = 86_400_000
PLACE = Partition(ALERTS.name, 3)


def alert_entry(alert, *, offset=7, rebuilt_to=0, at_ms=NOON_MS, now_ms=NOON_MS):
    return read_entry(Message(PLACE, offset, b"a1", encode_delivered(alert), at_ms), rebuilt_to, now_ms)


def test_an_alert_says_where_it_was_read_and_keeps_what_it_said_before():
    entry = alert_entry(make_alert(delivery=Delivery(ingested_ms=1, scored_ms=2)))
    assert entry.message.delivery == Delivery(ingested_ms=1, scored_ms=2, topic=ALERTS.name, partition=3, offset=7)
    assert encode_alert(entry.message) == encode_alert(make_alert())
    [with_time] = dated([entry], 99)
    assert with_time.message.delivery.delivered_ms == 99


def test_what_redis_had_before_it_was_emptied_is_marked():
    assert alert_entry(make_alert(), offset=7, rebuilt_to=8).message.delivery.rebuilt
    entry = alert_entry(make_alert(), offset=8, rebuilt_to=8)
    assert not entry.message.delivery.rebuilt
    assert b"rebuilt" not in encode_delivered(entry.message)
    assert decode_alert(encode_delivered(entry.message)) == entry.message


def test_what_is_kept_is_kept_from_when_it_was_written_to_its_topic():
    assert alert_entry(make_alert(), now_ms=NOON_MS + 80 * DAY_MS).kept_ms == 10 * DAY_MS
    assert alert_entry(make_alert(), now_ms=NOON_MS + 91 * DAY_MS).kept_ms < 0
    raw = encode_trend(make_trend("n1"))
    trend = read_entry(Message(Partition(TRENDS.name, 0), 0, b"n1", raw, NOON_MS), 0, NOON_MS + DAY_MS)
    assert trend == Trend(make_trend("n1"), 29 * DAY_MS)


def test_a_tombstone_is_the_end_of_its_narrative():
    assert read_entry(Message(Partition(TRENDS.name, 0), 0, b"n1", None), 0, NOON_MS) == Gone("n1")
    assert ended(make_trend("n1")).message.is_gone


@pytest.mark.parametrize("value", [None, b"", b"{}", b"\xff", encode_trend(make_trend())])
def test_what_is_no_alert_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        read_entry(Message(PLACE, 0, b"a1", value, NOON_MS), 0, NOON_MS)


@pytest.mark.parametrize("value", [b"", b"{}", b"\xff", encode_alert(make_alert())])
def test_what_is_no_trend_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        read_entry(Message(Partition(TRENDS.name, 0), 0, b"n1", value, NOON_MS), 0, NOON_MS)


def control_entry(value):
    return read_entry(Message(Partition(CONTROL.name, 0), 4, None, value, NOON_MS), 0, NOON_MS)


@pytest.mark.parametrize(
    "control",
    [Feedback(alert_id="a1", community="c", verdict="noise", at_ms=0), Undo(number=2, at_ms=0)],
)
def test_of_control_what_was_said_of_alerts_or_taken_back_is_taken_with_its_number(control):
    assert control_entry(encode_control(control)) == Said(4, control)
    assert dated([Said(4, control)], 99) == [Said(4, control)]


@pytest.mark.parametrize(
    "value",
    [
        encode_control(Resume(input="posts/0", at_ms=0)),
        encode_control(Mute(what="word", name="latte", at_ms=0)),
        b'{"v":1,"kind":"praise"}',
        b'{"v":2,"kind":"feedback"}',
    ],
)
def test_other_control_says_nothing_of_alerts(value):
    assert control_entry(value) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "Input data was truncated"),
        (b"{}", "kind"),
        (b" " * (CONTROL_BYTES_MAX + 1), "16,385 bytes; at most 16,384"),
    ],
)
def test_what_is_no_control_message_is_refused(value, reason):
    with pytest.raises(ValueError, match=reason):
        control_entry(value)
