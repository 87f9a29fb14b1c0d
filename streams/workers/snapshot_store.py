"""The saved state of the track stage in Kafka: what is read of it when a partition is taken over, and written."""

import asyncio
from typing import Final

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]

from models.partition import Cut
from models.snapshots import HEADER_KEY, Records, encode_record, pack
from streams.errors import OutsideError
from streams.topics import SNAPSHOT_BYTES_MAX, SNAPSHOTS
from streams.workers.producer import Outbox

_READ_S_MAX: Final = 120.0
_POLL_MS: Final = 500
_HEAD_BYTES: Final = 1_024
"""Room in a message for its own fields and key."""


class Written(msgspec.Struct):
    """How much was written."""

    records: int = 0
    bytes: int = 0


async def read_records(bootstrap: str, partition: int) -> Records:
    """Return the latest records of a partition.

    Raises:
        KafkaError, TimeoutError: If the broker does not answer.
        OutsideError: If a record is of another version, or none at all.
    """
    place = TopicPartition(SNAPSHOTS.name, partition)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=SNAPSHOT_BYTES_MAX + _HEAD_BYTES,
    )
    try:
        # Its start is within the time, too: with the broker away it would try for ever.
        async with asyncio.timeout(_READ_S_MAX):
            await consumer.start()
            consumer.assign([place])
            latest = await _read_latest(consumer, place)
    finally:
        await consumer.stop()
    records = Records()
    for key, value in latest.items():
        try:
            records.put(key, value)
        except ValueError as error:
            raise unusable(partition, error) from None
    return records


def unusable(partition: int, error: ValueError) -> OutsideError:
    """Return what to say when a record cannot be used."""
    return OutsideError(f"the saved state in {SNAPSHOTS.name}, partition {partition}, cannot be used: {error}.")


async def _read_latest(consumer: AIOKafkaConsumer, place: TopicPartition) -> dict[bytes, bytes]:
    end = (await consumer.end_offsets([place]))[place]
    beginning = (await consumer.beginning_offsets([place]))[place]
    latest: dict[bytes, bytes] = {}
    if beginning == end:
        return latest
    while await consumer.position(place) < end:
        for messages in (await consumer.getmany(place, timeout_ms=_POLL_MS)).values():
            for message in messages:
                if message.value is None:
                    latest.pop(message.key, None)
                else:
                    latest[message.key] = message.value
    return latest


async def write_states(outbox: Outbox, partition: int, cut: Cut, written: Written) -> None:
    """Write the records of trackers in a cut, and return when they have arrived."""
    if not cut.states:
        return
    header = await asyncio.to_thread(pack, cut.header)
    for life, state in cut.states.items():
        record = encode_record(cut.tracker_record(header, await asyncio.to_thread(pack, state)))
        if len(record) > SNAPSHOT_BYTES_MAX - _HEAD_BYTES:
            size = f"{len(record):,} bytes, and a message may have {SNAPSHOT_BYTES_MAX:,}"
            raise OutsideError(f"the state of community {life.community!r} cannot be saved: it has {size}.")
        await outbox.send(SNAPSHOTS.name, partition, life.key, record)
        written.records += 1
        written.bytes += len(record)
    await outbox.acknowledged()


async def write_header(outbox: Outbox, partition: int, cut: Cut, written: Written) -> None:
    """Write the header of a cut whose states have arrived, then remove what may be removed."""
    record = encode_record(cut.header_record(await asyncio.to_thread(pack, cut.begin_header)))
    await outbox.send(SNAPSHOTS.name, partition, HEADER_KEY, record)
    written.records += 1
    written.bytes += len(record)
    await outbox.acknowledged()
    for life in cut.removals:
        await outbox.send(SNAPSHOTS.name, partition, life.key, None)
    await outbox.acknowledged()
