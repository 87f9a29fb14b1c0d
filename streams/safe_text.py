"""Text of strangers, made safe to print: on one line, without anything that a terminal would act upon.

A post may carry escape sequences that move the cursor or rewrite the title, marks that turn the reading
direction so that a line says something else than it shows, and piles of accents that cover other lines.
"""

import re
import unicodedata
from typing import Final

from rich.cells import cell_len, chop_cells

_ELLIPSIS: Final = "…"
_MARKS_MAX: Final = 3
"""Accents on one letter; no written language needs more."""

_ESCAPES: Final = re.compile(
    # ECMA-48: control strings (OSC, DCS, SOS, PM, APC) up to their end, control sequences, other escapes.
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f]).*?(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]",
    re.DOTALL,
)
_SPACES: Final = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_JOINERS: Final = frozenset("\u200c\u200d")
"""Format characters that Persian, Indic scripts and compound emoji need; all others are dropped."""

_DROPPED: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})


def one_line(text: str) -> str:
    r"""Return `text` on one line, with only what is to be seen.

    >>> one_line("fine\x1b[2J\x1b]0;title\x07 \u202eevil\ntext")
    'fine evil text'
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(_visible(_ESCAPES.sub("", text)))
    return " ".join(text.split())


def _visible(text: str) -> list[str]:
    kept = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if character in _SPACES:
            kept.append(" ")
        elif (character in _JOINERS or category not in _DROPPED) and marks <= _MARKS_MAX:
            kept.append(character)
    return kept


def cut(text: str, width: int) -> str:
    """Return `text`, shortened with an ellipsis to at most `width` terminal cells; a wide character has two.

    >>> cut("communities", 8)
    'communi…'
    """
    if cell_len(text) <= width:
        return text
    return chop_cells(text, max(width - 1, 1))[0].rstrip() + _ELLIPSIS


def wrap(text: str, width: int) -> list[str]:
    """Return the words of `text` in lines of at most `width` terminal cells; words too long are broken.

    >>> wrap("one two three", 8)
    ['one two', 'three']
    """
    lines: list[str] = []
    for word in text.split():
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.extend(_broken(word, max(width, 2)))
    return lines


def _broken(word: str, width: int) -> list[str]:
    pieces = chop_cells(word, width)
    if "".join(pieces) == word and all(cell_len(piece) <= width for piece in pieces):
        return pieces
    # Rich loses the colour of a skin that stands alone, and what a joiner joins may be too wide. No character takes
    # more than two cells.
    return [word[start : start + width // 2] for start in range(0, len(word), width // 2)]
