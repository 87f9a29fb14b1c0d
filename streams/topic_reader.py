"""A topic read as it stands: from its beginning, or the newest of it, up to the end that it has now."""

from collections.abc import Iterator
from typing import Any

from streams.errors import OutsideError, Status
from streams.kafka_clients import ANSWER_S


def read_topic(consumer: Any, topic: str, newest: int | None = None, *, only: int | None = None) -> Iterator[Any]:  # noqa: ANN401
    """Yield the messages of a topic, in order within each partition, and end where it ended at the call.

    Args:
        consumer: Of `streams.kafka_clients.consumer_client`.
        topic: Its name.
        newest: How many of each partition at most, the newest; None for all.
        only: The one partition to read; None for all.

    Raises:
        OutsideError: If there is no such topic, or the broker hands out nothing more.
    """
    from kafka.structs import TopicPartition  # type: ignore[import-untyped]  # noqa: PLC0415

    numbers = consumer.partitions_for_topic(topic)
    if not numbers:
        raise OutsideError(f"there is no topic {topic}; `undercurrent topics create` makes it.")
    places = [TopicPartition(topic, number) for number in sorted(numbers) if only in (None, number)]
    consumer.assign(places)
    ends, beginnings = consumer.end_offsets(places), consumer.beginning_offsets(places)
    for place in places:
        first = beginnings[place] if newest is None else max(beginnings[place], ends[place] - newest)
        consumer.seek(place, first)
    unread = [place for place in places if beginnings[place] < ends[place]]
    while unread:
        before = [consumer.position(place) for place in unread]
        for place, records in consumer.poll(timeout_ms=round(ANSWER_S * 1000)).items():
            yield from (record for record in records if record.offset < ends[place])
        if [consumer.position(place) for place in unread] == before:
            raise OutsideError(f"the broker hands out no more of {topic}, though there is more.", Status.INCOMPLETE)
        # Not by the records: what a transaction leaves in the log is none.
        unread = [place for place in unread if consumer.position(place) < ends[place]]
