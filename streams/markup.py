"""HTML that text from outside cannot break out of.

Posts are hostile input: whatever is put into a template is escaped unless it is `Html` already, and `Html` is
only made here.
"""

import html
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from streams.safe_text import one_line

URL_LENGTH_MAX: Final = 2_000

_LINKED_SCHEMES: Final = ("http", "https")


class Html(str):
    """Markup that needs no escaping any more."""

    __slots__ = ()


NOTHING: Final = Html()


def fill(template: str, /, **values: object) -> Html:
    """Return the template with each ``{name}`` replaced by its value.

    What is not `Html` becomes text: escaped, on one line, and without the characters that turn the direction
    of reading. Attributes in the template must stand in double quotes.

    >>> fill("<p>{text}</p>", text="<script>")
    '<p>&lt;script&gt;</p>'
    """
    return Html(template.format_map({name: _escaped(value) for name, value in values.items()}))


def join(parts: Iterable[Html], separator: str = "") -> Html:
    """Return the parts side by side."""
    return Html(Html(separator).join(parts))


def web_address(url: str | None) -> str | None:
    """Return an address that is safe to link to, or None.

    >>> web_address("https://example.org/a?b=c")
    'https://example.org/a?b=c'
    >>> web_address("javascript:alert(1)") is None
    True
    """
    # Browsers skip blanks and control characters in an address, so that it would not be the one checked here.
    if url is None or len(url) > URL_LENGTH_MAX or re.search(r"\s", url) or one_line(url) != url:
        return None
    try:
        parts = urlsplit(url)
        is_linked = parts.scheme in _LINKED_SCHEMES and bool(parts.hostname)
    except ValueError:
        return None
    return url if is_linked else None


def _escaped(value: object) -> str:
    return value if isinstance(value, Html) else html.escape(one_line(str(value)), quote=True)
