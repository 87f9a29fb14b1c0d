"""The control message: what an operator tells the running stages, as in the topic of control.

Each kind is a type of its own, told apart by its field `kind`. A reader takes what it knows: a kind of a later
version is no error, and neither is a field.
"""

from typing import Annotated, Final

import msgspec

from models.post import TIME_MS_MAX

FORMAT_VERSION: Final = 1

_MOMENT_MS = Annotated[int, msgspec.Meta(ge=0, le=TIME_MS_MAX)]


class Resume(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="resume"):
    """Read on an input that was paused because too much of it was no post.

    Attributes:
        v: Version of this format.
        input: The input, such as ``posts/3``.
        at_ms: When it was said, in processing time.
        by: Who said it, for people.
    """

    v: int = FORMAT_VERSION
    input: Annotated[str, msgspec.Meta(pattern=r"^[a-z]+/[0-9]+$", max_length=64)]
    at_ms: _MOMENT_MS
    by: Annotated[str, msgspec.Meta(max_length=256)] = ""


Control = Resume
"""Any control message; a union once there are more kinds."""


class _Head(msgspec.Struct):
    kind: str
    v: int


_encoder = msgspec.json.Encoder()
_head_decoder = msgspec.json.Decoder(_Head)
_decoder = msgspec.json.Decoder(Control)
_KINDS: Final = frozenset({"resume"})


def encode_control(control: Control) -> bytes:
    """Return the control message as one JSON object."""
    return _encoder.encode(control)


def decode_control(raw: bytes) -> Control | None:
    """Return the control message in `raw`; None for one of a kind or version that this program does not know.

    Raises:
        ValueError: If it is no control message, with what is wrong.

    >>> decode_control(b'{"v": 1, "kind": "resume", "input": "posts/3", "at_ms": 0}').input
    'posts/3'
    >>> decode_control(b'{"v": 1, "kind": "of a later version"}') is None
    True
    """
    try:
        head = _head_decoder.decode(raw)
        is_known = head.v == FORMAT_VERSION and head.kind in _KINDS
        return _decoder.decode(raw) if is_known else None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
