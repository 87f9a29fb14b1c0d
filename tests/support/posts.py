"""Made-up posts as the lines of a file."""

import json

NOON_MS = 1_767_614_400_000
"""Monday, 5 January 2026, 12:00 UTC."""


def make_line(number=1, text="The ferry is late again", **changes) -> bytes:
    """Returns one post as JSON, `number` minutes after noon."""
    post = {
        "id": str(number),
        "text": text,
        "created_at": NOON_MS + number * 60_000,
        "author": f"author{number}",
        "source": "test",
        "communities": ["islanders"],
    }
    return json.dumps(post | changes).encode()


def make_lines(count, **changes) -> bytes:
    """Returns so many posts, one a line."""
    return b"".join(make_line(number, **changes) + b"\n" for number in range(count))
