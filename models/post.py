"""The post as it comes over the wire: decoded and checked from raw bytes.

A message is one post, or an envelope ``{"posts": [post, ...]}``. Whatever cannot be a post comes back as a
`Rejection` that keeps the original bytes, so that nothing is lost; the good posts of an envelope are kept.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

import msgspec

TEXT_BYTES_MAX: Final = 64 * 1024
COMMUNITIES_MAX: Final = 16
FUTURE_MS_MAX: Final = 60_000
"""A clock further ahead of the moment of taking in is bad input: it would drag the watermark along."""

TIME_MS_MAX: Final = 253_402_300_799_999
"""The last millisecond of the year 9999, where RFC 3339 ends."""

_ENVELOPE_FIELD: Final = b'"posts"'

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""Snapshots could not hold a larger one."""

Moment = Annotated[int, msgspec.Meta(ge=0, le=TIME_MS_MAX)] | Annotated[datetime, msgspec.Meta(tz=True)]
"""Epoch milliseconds as an integer, or RFC 3339 with a time zone as a string."""


class Engagement(msgspec.Struct, frozen=True, omit_defaults=True):
    """How often a post was liked, reposted, replied to and viewed so far."""

    likes: Count = 0
    reposts: Count = 0
    replies: Count = 0
    views: Count = 0


class Post(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One message by one author, as in the topic of posts. Fields that are not known are ignored.

    Attributes:
        id: Unique within its source.
        text: At most 64 KiB as UTF-8; may be empty in a ``delete`` only.
        created_at: When it was posted, by its author's clock.
        author: Without one, each post counts as an author of its own.
        source: Where it comes from, such as ``bluesky``.
        communities: Micro-communities that the sender assigned; rules add to them.
        lang: Its language, as a BCP 47 tag such as ``en``.
        url: Where people can read it.
        links: URLs or domains that it links to.
        reply_to: Id of the post that it answers.
        repost_of: Id of the post that it passes on.
        is_repost: Whether it passes on a post, known or not.
        engagement: How often it was liked, reposted, replied to and viewed so far.
        author_followers: How many follow its author.
        observed_at: When the source saw it; the event time of updates and deletes. Without it these happen where they
            stand in their input.
        op: What happened to the post.
    """

    id: Name
    text: str = ""
    created_at: Moment
    author: Annotated[str, msgspec.Meta(max_length=512)] | None = None
    source: Annotated[str, msgspec.Meta(max_length=64)] = ""
    communities: Annotated[list[Name], msgspec.Meta(max_length=COMMUNITIES_MAX)] = msgspec.field(default_factory=list)
    lang: str | None = None
    url: str | None = None
    links: list[str] = msgspec.field(default_factory=list)
    reply_to: str | None = None
    repost_of: str | None = None
    is_repost: bool = False
    engagement: Engagement | None = None
    author_followers: Count | None = None
    observed_at: Moment | None = None
    op: Literal["create", "update", "delete"] = "create"


class Reason(StrEnum):
    """Why a message, or one post of an envelope, is no post."""

    NOT_JSON = "not_json"
    WRONG_FIELD = "wrong_field"
    TEXT_MISSING = "text_missing"
    TEXT_TOO_LONG = "text_too_long"
    IN_THE_FUTURE = "in_the_future"
    TOO_LARGE = "too_large"


class Rejection(msgspec.Struct, frozen=True):
    """Why something could not be a post, as a code and in words."""

    reason: Reason
    detail: str


class _Envelope(msgspec.Struct):
    posts: list[msgspec.Raw]


_post_decoder = msgspec.json.Decoder(Post)
_envelope_decoder = msgspec.json.Decoder(_Envelope)
_post_encoder = msgspec.json.Encoder()


def to_ms(moment: int | datetime) -> int:
    """Return a moment of the wire as epoch milliseconds.

    >>> to_ms(1_700_000_000_000)
    1700000000000
    """
    return moment if isinstance(moment, int) else round(moment.timestamp() * 1000)


def key_of(post: Post) -> str:
    """Return what tells a post from all others: its source and id."""
    # With the length of the source, a slash within it cannot make two posts one.
    return f"{len(post.source)}/{post.source}/{post.id}"


def encode_post(post: Post) -> bytes:
    """Return the post as the JSON object that `decode_message` reads."""
    return _post_encoder.encode(post)


def decode_message(raw: bytes) -> Iterator[tuple[bytes, Post | Rejection]]:
    """Yield each post of one message, in its order, or the rejection that stands in its place.

    Args:
        raw: One JSON object: a post, or an envelope of posts.

    Yields:
        Pairs of a post's own bytes and what they are. One for a single post; as many as its list has for an
        envelope; one rejection for an envelope that cannot be read as such.

    >>> [(_, post)] = decode_message(b'{"id": "1", "text": "hello", "created_at": 0}')
    >>> post.text
    'hello'
    >>> [(_, rejection)] = decode_message(b"hello")
    >>> rejection.reason.value
    'not_json'
    """
    if _ENVELOPE_FIELD not in raw:
        yield raw, _decode_post(raw)
        return
    try:
        envelope = _envelope_decoder.decode(raw)
    except (ValueError, RecursionError) as error:
        yield raw, _decode_lone(raw, error)
        return
    for part in envelope.posts:
        own = bytes(part)
        yield own, _decode_post(own)


def _decode_lone(raw: bytes, error: Exception) -> Post | Rejection:
    """Return what a message is that is no envelope, though it speaks of ``"posts"``: as a community, or how many."""
    post = _decode_post(raw)
    was_meant_as_envelope = raw.lstrip().removeprefix(b"{").lstrip().startswith(_ENVELOPE_FIELD)
    return _reject(error) if isinstance(post, Rejection) and was_meant_as_envelope else post


def _decode_post(raw: bytes) -> Post | Rejection:
    try:
        post = _post_decoder.decode(raw)
    except (ValueError, RecursionError) as error:
        return _reject(error)
    if not post.text and post.op != "delete":
        return Rejection(Reason.TEXT_MISSING, "a post needs a `text` that is not empty")
    if len(post.text) * 4 > TEXT_BYTES_MAX and len(post.text.encode()) > TEXT_BYTES_MAX:
        return Rejection(Reason.TEXT_TOO_LONG, f"`text` is longer than {TEXT_BYTES_MAX} bytes")
    for name, moment in (("created_at", post.created_at), ("observed_at", post.observed_at)):
        # Integers were checked by their type.
        if isinstance(moment, datetime) and not 0 <= to_ms(moment) <= TIME_MS_MAX:
            return Rejection(Reason.WRONG_FIELD, f"`{name}` is not within the years 1970 to 9999")
    return post


def _reject(error: Exception) -> Rejection:
    # msgspec raises ValidationError for JSON of the wrong form and its parents for what is no JSON at all.
    is_json = isinstance(error, msgspec.ValidationError)
    return Rejection(Reason.WRONG_FIELD if is_json else Reason.NOT_JSON, str(error))


def stated_time(post: Post, *, is_observed_source: bool = False) -> tuple[str, int]:
    """Return which field says when the post happened, and that moment in epoch milliseconds.

    A ``create`` happened at its `created_at`, or at its `observed_at` if its source declares so. An ``update`` or
    ``delete`` is an event of its own, at its `observed_at`; without one it happens where it stands in its input, at
    its `created_at` at the earliest (see `models.track`).

    Args:
        post: The post.
        is_observed_source: Whether its source declares that `observed_at` replaces `created_at`.
    """
    if post.observed_at is not None and (is_observed_source or post.op != "create"):
        return "observed_at", to_ms(post.observed_at)
    return "created_at", to_ms(post.created_at)
