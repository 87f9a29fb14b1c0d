"""The control message: what people tell the running stages, as in the topic of control.

Each kind is a type of its own, told apart by its field `kind`. A reader takes what it knows: a kind of a later
version is no error, and neither is a field.

A control message is known by its *number*: its offset in the topic, or in a file its line, the first being 0.
"""

from typing import Annotated, Final, Literal

import msgspec

from models.post import TIME_MS_MAX
from models.terms import find_terms, fold, pairs_of
from models.wordforms import usual_shapes

FORMAT_VERSION: Final = 1
CONTROL_BYTES_MAX: Final = 16 * 1024
"""The longest names as JSON escapes stay below it; a frame holds many."""

_ANY_LANGUAGE: Final = "zxx"
"""BCP 47's code for none: what is a stop word in one language is a word in another."""

Verdict = Literal["useful", "noise", "duplicate"]
Muted = Literal["word", "author"]

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
_Number = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
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


class Feedback(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="feedback"):
    """What somebody says of an alert; it moves the bar of its community, see `models.feedback`.

    Attributes:
        v: Version of this format.
        alert_id: The alert.
        community: Its community.
        verdict: ``noise`` and ``duplicate`` dismiss it.
        at_ms: When it was said, in processing time.
        by: Who said it, for people.
    """

    v: int = FORMAT_VERSION
    alert_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    community: _Name
    verdict: Verdict
    at_ms: _MOMENT_MS
    by: Annotated[str, msgspec.Meta(max_length=256)] = ""


class Mute(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="mute"):
    """Hear no more of a word, or of an author; see `models.mutes`.

    Attributes:
        v: Version of this format.
        what: What is muted.
        name: The word, with or without ``#`` and in any letter case, or the author as posts name them.
        community: Where; everywhere if it is null.
        until_ms: Event time at which it ends; never if it is null.
        at_ms: When it was said, in processing time.
        by: Who said it, for people.
    """

    v: int = FORMAT_VERSION
    what: Muted
    name: _Name
    community: _Name | None = None
    until_ms: _MOMENT_MS | None = None
    at_ms: _MOMENT_MS
    by: Annotated[str, msgspec.Meta(max_length=256)] = ""


class Undo(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="undo"):
    """Take back a mute or feedback, as if it had not been said; what has happened since stays as it is.

    Attributes:
        v: Version of this format.
        number: Of the control message that is taken back.
        at_ms: When it was said, in processing time.
        by: Who said it, for people.
    """

    v: int = FORMAT_VERSION
    number: _Number
    at_ms: _MOMENT_MS
    by: Annotated[str, msgspec.Meta(max_length=256)] = ""


Control = Resume | Feedback | Mute | Undo
"""Any control message."""


class _Head(msgspec.Struct):
    kind: str
    v: int


_encoder = msgspec.json.Encoder()
_head_decoder = msgspec.json.Decoder(_Head)
_decoder: msgspec.json.Decoder[Control] = msgspec.json.Decoder(Control)
_KINDS: Final = frozenset({"resume", "feedback", "mute", "undo"})


def encode_control(control: Control) -> bytes:
    """Return the control message as one JSON object."""
    return _encoder.encode(control)


def decode_control(raw: bytes) -> Control | None:
    """Return the control message in `raw`; None for one of a kind or version that this program does not know.

    Raises:
        ValueError: If it is no control message, or has more than `CONTROL_BYTES_MAX` bytes, with what is wrong.

    >>> decode_control(b'{"v": 1, "kind": "resume", "input": "posts/3", "at_ms": 0}').input
    'posts/3'
    >>> decode_control(b'{"v": 1, "kind": "of a later version"}') is None
    True
    """
    if len(raw) > CONTROL_BYTES_MAX:
        message = f"it has {len(raw):,} bytes; at most {CONTROL_BYTES_MAX:,} are allowed"
        raise ValueError(message)
    try:
        head = _head_decoder.decode(raw)
        is_known = head.v == FORMAT_VERSION and head.kind in _KINDS
        control = _decoder.decode(raw) if is_known else None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if isinstance(control, Mute) and control.what == "word":
        term_of(control.name)
    return control


def term_of(word: str) -> str:
    """Return the term that a word is; of a script without blanks, the name, see `models.terms.pairs_of`.

    Raises:
        ValueError: If it is none, or several.

    >>> term_of("#LatteArt")
    'latteart'
    """
    terms = find_terms(word, _ANY_LANGUAGE).terms
    if len(terms) == 1:
        return terms[0]
    run = usual_shapes(fold(word)).strip().lstrip("#")
    if len(pairs_of(run)) > 1:
        return run
    found = f"{len(terms)} words ({', '.join(terms)})" if terms else "no word that is followed"
    message = f"{word!r} is {found}; expected one word"
    raise ValueError(message)
