"""The frame: the one record type of the log of community posts. It carries posts, progress and control.

Intake reads one input (a partition of posts or of control, or a file) and writes, for every output partition q,
frames that follow one another without a gap: each holds *all* posts of its input for q between two positions. What the
reader makes of them stands in `models.log`.
"""

from typing import Final

import msgspec

from models.post import Post

FORMAT_VERSION: Final = 1
FRAME_BYTES_MAX: Final = 256 * 1024
POST_BYTES_MAX: Final = 192 * 1024
"""An encoded post above this is a dead letter, so that a frame of one post stays below `FRAME_BYTES_MAX`."""

Position = tuple[int, int]
"""(offset of the message, index in its envelope): names a post, or the next one to read."""


class FramedPost(msgspec.Struct, frozen=True, array_like=True):
    """A post in a frame.

    Attributes:
        position: Where it was read.
        reached_ms: Largest accepted event time of the input up to and with this post, but for updates and deletes.
            Posts for other output partitions count, so the watermark at each post does not depend on where frames
            are cut.
        event_time_ms: When it counts as having happened; of an update or delete without `observed_at`, at the earliest.
        communities: All its micro-communities, those of other output partitions included. Empty for an update or
            delete, which goes to every output partition and there to the communities that have the post.
        post: The post.
        is_backfill: Whether it is of the past: to be learnt from, and nothing is to be told because of it.
    """

    position: Position
    reached_ms: int
    event_time_ms: int
    communities: list[str]
    post: Post
    is_backfill: bool = False


class FramedControl(msgspec.Struct, frozen=True, array_like=True):
    """A control message in a frame.

    Attributes:
        position: Where it was read.
        message: As it was written, see `models.control`: its kind may be one that only a later program knows.
    """

    position: Position
    message: msgspec.Raw


class Frame(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """All posts of one input for one output partition with ``after <= position < through``.

    Attributes:
        v: Version of this format.
        input: Where it was read, such as ``posts/3``, ``control/0`` or ``file/0``.
        inputs: How many inputs of posts feed the output partitions.
        after: First position covered.
        through: First position not covered any more; equal to `after` for pure progress.
        reached_ms: Largest accepted event time of the input up to `through`, but for updates and deletes; -1 before its
            first post.
        idle_for_ms: 0 while posts come, updates and deletes aside, or anything waits to be read; else for how long the
            input's end has been reached.
        rules: Version of the assignment rules used.
        posts: In the order of their positions.
        reset: Whether the input itself lost what stood before `after`.
        control: Control messages, in the order of their positions; each goes to every output partition.
    """

    v: int = msgspec.field(default=FORMAT_VERSION)
    input: str
    inputs: int
    after: Position
    through: Position
    reached_ms: int
    idle_for_ms: int = 0
    rules: int = 0
    posts: list[FramedPost] = msgspec.field(default_factory=list)
    reset: bool = False
    control: list[FramedControl] = msgspec.field(default_factory=list)


class OtherVersionError(ValueError):
    """A frame of a version that this program does not know: to skip it would lose its posts."""


class _Version(msgspec.Struct):
    v: int


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Frame)
_version_decoder = msgspec.json.Decoder(_Version)


def encode_frame(frame: Frame) -> bytes:
    """Return the frame as JSON."""
    # `v` equals its default and would be left out, but a reader of another version must find it.
    return b'{"v":%d,%b' % (frame.v, _encoder.encode(frame)[1:])


def decode_frame(raw: bytes) -> Frame:
    """Return the frame in `raw`.

    Raises:
        OtherVersionError: If it is one of a version that this code does not know.
        ValueError: If it is no frame, with what is wrong.
    """
    try:
        frame = _decoder.decode(raw)
    except (ValueError, RecursionError) as error:
        # One of another version may be of any other form.
        _check_version(_version_of(raw))
        raise ValueError(str(error)) from None
    _check_version(frame.v)
    return frame


def _version_of(raw: bytes) -> int:
    """Return the version that something says of itself; ours if it says none."""
    try:
        return _version_decoder.decode(raw).v
    except (ValueError, RecursionError):
        return FORMAT_VERSION


def _check_version(version: int) -> None:
    if version != FORMAT_VERSION:
        message = f"frame of version {version}; this program reads version {FORMAT_VERSION}"
        raise OtherVersionError(message)
