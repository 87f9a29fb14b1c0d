import asyncio

import pytest

from models.frame import encode_frame
from streams import topics
from streams.errors import OutsideError
from streams.workers.earlier_frames import FRAMES_READ, check_earlier_frames
from streams.workers.stage import Bounds, Message, Partition
from tests.support.framed import make_frame

LOG = Partition(topics.COMMUNITY_POSTS.name, 0)


def check(inputs, ends, *frames, beginning=0):
    """Checks inputs whose topic ends there, with frames in the log; returns which part of the log was read."""
    spans = []
    end = beginning + len(frames)

    async def read_bounds(partitions):
        known = {Partition(topics.POSTS.name, number): Bounds(0, end) for number, end in enumerate(ends)}
        known[LOG] = Bounds(beginning, end)
        return {partition: known[partition] for partition in partitions}

    async def read(bootstrap, parts):
        assert bootstrap == "broker:1"
        spans.append(parts[LOG])
        for offset, frame in enumerate(frames, beginning):
            if parts[LOG].beginning <= offset < parts[LOG].end:
                yield Message(LOG, offset, None, encode_frame(frame))

    asyncio.run(check_earlier_frames("broker:1", inputs, read_bounds, read))
    return spans


def test_a_new_log_has_nothing_to_say():
    assert check(["posts/0"], [5]) == []


def test_a_group_that_forgot_its_position_in_a_topic_that_is_as_it_was_begins_again():
    assert check(["posts/0"], [5], make_frame(0, 5)) == [Bounds(0, 1)]


def test_a_topic_that_ends_before_its_frames_was_made_anew():
    with pytest.raises(OutsideError, match="partition 1, ends at offset 3, but was read up to 12 before"):
        check(["posts/0", "posts/1"], [5, 3], make_frame(0, 5), make_frame(9, 12, input="posts/1"), make_frame(5, 5))


def test_an_input_that_is_not_asked_for_does_not_count():
    check(["posts/0"], [5, 3], make_frame(9, 12, input="posts/1"))


def test_only_the_last_frames_are_read():
    frames = [make_frame(offset, offset + 1) for offset in range(FRAMES_READ + 10)]
    assert check(["posts/0"], [FRAMES_READ + 10], *frames, beginning=100) == [Bounds(110, 110 + FRAMES_READ)]
