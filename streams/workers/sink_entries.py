"""What the sink makes of a message of the topics of alerts, trends and control before Redis gets it."""

from collections.abc import Iterable

import msgspec

from models.control import Feedback, Undo, decode_control
from models.message import AlertMessage, Delivery, TrendMessage, decode_alert, decode_trend
from streams.topics import ALERTS, CONTROL, TRENDS
from streams.workers.stage import Message


class Alert(msgspec.Struct, frozen=True):
    """An alert message to be written, and for how long it is kept as the latest of its alert."""

    message: AlertMessage
    kept_ms: int


class Trend(msgspec.Struct, frozen=True):
    """A trend message to be written, and for how long it is kept if no other follows."""

    message: TrendMessage
    kept_ms: int


class Gone(msgspec.Struct, frozen=True):
    """A narrative that has ended."""

    narrative_id: str


class Said(msgspec.Struct, frozen=True):
    """What somebody said of an alert, or took back, by its number; what is taken back may also be a mute."""

    number: int
    control: Feedback | Undo


Entry = Alert | Trend | Gone | Said


def read_entry(message: Message, rebuilt_to: int, now_ms: int) -> Entry | None:
    """Return what is to be written for a message; None for one that says nothing of alerts or narratives.

    What is kept for some time is kept from when the message was written to its topic, also if it is read much later.

    Args:
        message: Of one of the three topics.
        rebuilt_to: Offset up to which Redis had the partition before it was emptied.
        now_ms: The processing time.

    Raises:
        ValueError: If it is no such message, with what is wrong.
    """
    topic, number = message.partition
    if topic == CONTROL.name:
        return _said(message.offset, message.value or b"")
    age_ms = 0 if message.timestamp_ms is None else now_ms - message.timestamp_ms
    if topic == TRENDS.name:
        if message.value is None:
            return Gone((message.key or b"").decode())
        return Trend(decode_trend(message.value), TRENDS.retention_ms - age_ms)
    alert = decode_alert(message.value or b"")
    delivery = msgspec.structs.replace(
        alert.delivery if isinstance(alert.delivery, Delivery) else Delivery(),
        topic=topic,
        partition=number,
        offset=message.offset,
        rebuilt=message.offset < rebuilt_to,
    )
    return Alert(msgspec.structs.replace(alert, delivery=delivery), ALERTS.retention_ms - age_ms)


def dated(entries: Iterable[Entry], now_ms: int) -> list[Entry]:
    """Return the entries with alerts that say when Redis was given them."""
    return [_delivered(entry, now_ms) if isinstance(entry, Alert) else entry for entry in entries]


def ended(trend: TrendMessage) -> Trend:
    """Return what removes a narrative."""
    return Trend(msgspec.structs.replace(trend, is_gone=True), 0)


def _said(number: int, raw: bytes) -> Said | None:
    control = decode_control(raw)
    return Said(number, control) if isinstance(control, Feedback | Undo) else None


def _delivered(alert: Alert, now_ms: int) -> Alert:
    message = alert.message
    assert isinstance(message.delivery, Delivery), "an alert on its way to Redis says where it was read"
    delivery = msgspec.structs.replace(message.delivery, delivered_ms=now_ms)
    return Alert(msgspec.structs.replace(message, delivery=delivery), alert.kept_ms)
