import asyncio

import pytest

from models.configuration import CoreSettings
from models.frame import encode_frame
from models.partition import TrackPartition
from models.snapshots import HEADER_KEY, Life, Records, choose_start
from streams import topics
from streams.errors import OutsideError
from streams.workers import snapshot_store
from streams.workers.snapshot_store import Written, unusable, write_header, write_states
from tests.support.framed import make_frame, make_framed


class FakeOutbox:
    def __init__(self):
        self.steps = []

    async def send(self, topic, partition, key, value):
        assert (topic, partition) == (topics.SNAPSHOTS.name, 7)
        self.steps.append((key, value))

    async def acknowledged(self):
        self.steps.append("acknowledged")


@pytest.fixture
def cut():
    track = TrackPartition(CoreSettings(), communities_max=2)
    for number, community in enumerate(["ants", "bees", "cats"]):
        track.apply(encode_frame(make_frame(number, number + 1, [make_framed(number, communities=[community])])))
        if number == 0:
            track.done(track.cut(["ants"]))
    return track.cut(["bees", "cats"])


def write(outbox, cut):
    async def write_all():
        written = Written()
        await write_states(outbox, 7, cut, written)
        await write_header(outbox, 7, cut, written)
        return written

    return asyncio.run(write_all())


def test_states_have_arrived_before_the_header_and_the_header_before_removals(cut):
    outbox = FakeOutbox()
    written = write(outbox, cut)
    keys = [step if isinstance(step, str) else step[0] for step in outbox.steps]
    states = [Life("bees", 1).key, Life("cats", 2).key]
    assert keys == [*states, "acknowledged", HEADER_KEY, "acknowledged", Life("ants", 0).key, "acknowledged"]
    values = [step[1] for step in outbox.steps if step != "acknowledged" and step[1] is not None]
    assert written == Written(len(values), sum(map(len, values)))


def test_what_was_written_can_be_gone_on_from(cut):
    outbox = FakeOutbox()
    write(outbox, cut)
    records = Records()
    for step in outbox.steps:
        if step != "acknowledged":
            records.put(*step)
    start = choose_start(records)
    assert start.next == 3
    assert set(start.current) == {Life("bees", 1), Life("cats", 2)}
    again = TrackPartition(CoreSettings(), start=start)
    assert {tracker.community for tracker in again.trackers} == {"bees", "cats"}


def test_a_state_above_the_greatest_message_is_said_and_not_sent(cut, monkeypatch):
    monkeypatch.setattr(snapshot_store, "SNAPSHOT_BYTES_MAX", 1_100)
    outbox = FakeOutbox()
    with pytest.raises(OutsideError, match=r"the state of community 'bees' cannot be saved: it has [\d,]+ bytes"):
        write(outbox, cut)
    assert outbox.steps == []


def test_a_record_that_cannot_be_used_is_said_in_a_sentence():
    sentence = unusable(7, ValueError("record of version 9; this program reads version 1")).sentence
    assert sentence == (
        "the saved state in undercurrent.snapshots.v1, partition 7, cannot be used: record of version 9; this program "
        "reads version 1."
    )
