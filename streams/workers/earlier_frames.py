"""How far the log of frames says that inputs were read before, where the group of intake no longer knows.

A topic of posts that was deleted and made anew begins again at offset 0, and Kafka forgets the group's position with
it. The readers of frames do not: they would take its posts for repeats until it has grown past the old one, and nobody
would notice.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from contextlib import aclosing
from typing import Final

from models.frame import decode_frame
from streams.errors import OutsideError
from streams.topics import COMMUNITY_POSTS, SNAPSHOTS, parse_input
from streams.workers.log_reader import read_in_order
from streams.workers.stage import Bounds, Message, Partition

FRAMES_READ: Final = 500
"""The last frames of one partition; each input sends it two a second."""

_LOG: Final = Partition(COMMUNITY_POSTS.name, 0)

ReadBounds = Callable[[Collection[Partition]], Awaitable[dict[Partition, Bounds]]]
Reader = Callable[[str, Mapping[Partition, Bounds]], AsyncGenerator[Message, None]]


async def check_earlier_frames(
    bootstrap: str, inputs: Collection[str], read_bounds: ReadBounds, read: Reader = read_in_order
) -> None:
    """Return if no frame tells of more of some inputs than their topics hold.

    Args:
        bootstrap: The brokers as host:port, separated by commas.
        inputs: Such as ``posts/3``.
        read_bounds: Says what the log holds of partitions.
        read: Reads parts of it.

    Raises:
        OutsideError: If one does.
    """
    places = {name: Partition(parse_input(name)[0].name, parse_input(name)[1]) for name in inputs}
    bounds = await read_bounds([_LOG, *places.values()])
    beginning, end = bounds[_LOG]
    through = dict.fromkeys(inputs, 0)
    if end > beginning:
        span = Bounds(max(beginning, end - FRAMES_READ), end)
        async with aclosing(read(bootstrap, {_LOG: span})) as messages:
            async for message in messages:
                frame = decode_frame(message.value or b"")
                if frame.input in through:
                    through[frame.input] = max(through[frame.input], frame.through[0])
    for name, offset in through.items():
        topic, number = places[name]
        if offset > bounds[places[name]].end:
            raise OutsideError(
                f"{topic}, partition {number}, ends at offset {bounds[places[name]].end:,}, but was read up to "
                f"{offset:,} before: it was made anew, and what it holds now would be taken for read. Make "
                f"{COMMUNITY_POSTS.name} and {SNAPSHOTS.name} anew too."
            )
