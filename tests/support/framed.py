"""Made-up posts as the core passes them on: decoded, framed, or raw as one message of an input."""

from models.frame import Frame, FramedPost
from models.post import Post, encode_post

NOON_MS = 1_767_614_400_000
"""Monday, 5 January 2026, 12:00 UTC."""


def make_post(number=1, at_ms=NOON_MS, **changes) -> Post:
    """Returns a post of an author of its own."""
    own = {"id": f"p{number}", "text": "The ferry is late again", "created_at": at_ms, "author": f"author{number}"}
    return Post(**(own | {"source": "test"} | changes))


def make_framed(number=1, at_ms=NOON_MS, *, communities=("islanders",), reached_ms=None, **changes) -> FramedPost:
    """Returns a post as it stands in a frame, at the position of its number."""
    reached_ms = at_ms if reached_ms is None else reached_ms
    return FramedPost((number, 0), reached_ms, at_ms, list(communities), make_post(number, at_ms, **changes))


def make_frame(after, through, posts=(), **changes) -> Frame:
    """Returns a frame between two offsets, or positions."""
    own = {"input": "posts/0", "inputs": 1, "posts": list(posts)}
    own |= {"after": _position(after), "through": _position(through)}
    own["reached_ms"] = max((framed.reached_ms for framed in posts), default=-1)
    return Frame(**(own | changes))


def make_raw(number=1, at_ms=NOON_MS, **changes) -> bytes:
    """Returns a post as the bytes of one message."""
    return encode_post(make_post(number, at_ms, **changes))


def _position(place):
    return (place, 0) if isinstance(place, int) else place
