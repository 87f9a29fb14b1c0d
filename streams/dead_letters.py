"""The dead letter in Kafka: the original bytes as its value, why and whence in its headers.

Key and headers are a function of the dead letter and of the time at which the log took its message in: when
intake reads the same message again, it writes the same dead letter again, and its key tells that it is the same.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from models.intake import DeadLetter
from streams import topics

FORMAT_VERSION: Final = 1
DETAIL_BYTES_MAX: Final = 4096
"""A detail may quote the post. Beside the largest message there are 64 KiB for key and headers."""

Headers = list[tuple[str, bytes]]


class KeptDeadLetter(msgspec.Struct, frozen=True):
    """A dead letter as it is read back.

    Attributes:
        raw: The original bytes.
        reason: Why, as a code; one of `models.post.Reason`, or one of a later version.
        detail: Why, in words. It may quote the post, so it is no safer than that.
        topic: Where the message was read.
        partition: Of that topic.
        offset: Of the message.
        index: Which post of it, 0 for the first or only one.
        at_ms: When the log took the message in, as epoch milliseconds; None where that is not known.
    """

    raw: bytes
    reason: str
    detail: str
    topic: str
    partition: int
    offset: int
    index: int
    at_ms: int | None

    @property
    def origin(self) -> str:
        """Where it was read: ``topic/partition/offset/index``."""
        return f"{self.topic}/{self.partition}/{self.offset}/{self.index}"


def encode_dead_letter(dead: DeadLetter, at_ms: int | None) -> tuple[bytes, bytes, Headers]:
    """Return key, value and headers of a dead letter.

    Args:
        dead: What could not be a post; its input is one of Kafka, such as ``posts/3``.
        at_ms: When the log took its message in, in epoch milliseconds; None where that is not known.
    """
    topic, partition = topics.parse_input(dead.input)
    offset, index = dead.position
    headers = {
        topics.VERSION_HEADER: str(FORMAT_VERSION),
        topics.REASON_HEADER: dead.reason.value,
        topics.TOPIC_HEADER: topic.name,
        topics.PARTITION_HEADER: str(partition),
        topics.OFFSET_HEADER: str(offset),
        topics.INDEX_HEADER: str(index),
    }
    if at_ms is not None:
        headers[topics.AT_HEADER] = str(at_ms)
    encoded = [(name, text.encode()) for name, text in headers.items()]
    encoded.append((topics.DETAIL_HEADER, _cut(dead.detail)))
    return f"{topic.name}/{partition}/{offset}/{index}".encode(), dead.raw, encoded


def decode_dead_letter(value: bytes | None, headers: Iterable[tuple[str, bytes | None]]) -> KeptDeadLetter:
    """Return the dead letter that `encode_dead_letter` wrote. Headers of others, and unknown ones, are ignored.

    Raises:
        ValueError: If it is none, or one of a later version, with what is wrong.
    """
    found = {name: (text or b"").decode("utf-8", "replace") for name, text in headers}
    version = _number(found, topics.VERSION_HEADER)
    if version != FORMAT_VERSION:
        message = f"dead letter of version {version}; this program reads version {FORMAT_VERSION}"
        raise ValueError(message)
    return KeptDeadLetter(
        raw=value or b"",
        reason=_text(found, topics.REASON_HEADER),
        detail=found.get(topics.DETAIL_HEADER, ""),
        topic=_text(found, topics.TOPIC_HEADER),
        partition=_number(found, topics.PARTITION_HEADER),
        offset=_number(found, topics.OFFSET_HEADER),
        index=_number(found, topics.INDEX_HEADER),
        at_ms=_number(found, topics.AT_HEADER) if topics.AT_HEADER in found else None,
    )


def _cut(detail: str) -> bytes:
    # A lone surrogate has no UTF-8; cutting may halve a character, which no reader could decode.
    raw = detail.encode("utf-8", "backslashreplace")
    return raw if len(raw) <= DETAIL_BYTES_MAX else raw[:DETAIL_BYTES_MAX].decode("utf-8", "ignore").encode()


def _text(found: dict[str, str], name: str) -> str:
    if name not in found:
        message = f"no header `{name}`, so it is no dead letter of this program"
        raise ValueError(message)
    return found[name]


def _number(found: dict[str, str], name: str) -> int:
    text = _text(found, name)
    if not (text.isascii() and text.isdecimal()):
        message = f"the header `{name}` is {text!r}; expected a whole number"
        raise ValueError(message)
    return int(text)
