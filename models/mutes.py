"""What people want to hear no more of in this partition: words and authors, in one community or in all.

A muted *word* bursts no more: it opens no story, holds none open, and is shown in no message; its posts count as ever,
and may belong to the story of another word, but of a word that is mostly in such posts there is none either. A name in
a script without blanks is muted by each pair of its characters. Of a muted *author* no post is taken from then on, as
if it had never been; what had been taken before stays. Both hold in event time until
the mute ends or is undone.

This is part of the partition's header and not of a tracker, since a mute everywhere also holds in communities that are
followed only later.

Bounded: at most `MUTES_MAX`; beyond that the one that was said first is given up.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from models.control import Mute, term_of
from models.mentions import HOUR_MS
from models.terms import cut_name, pairs_of

MUTES_MAX: Final = 500
"""Of 700 bytes at most, mostly 40; they stand in every record that is saved."""

_PAIRS_MAX: Final = 15
"""Of a name in a script without blanks, each a mute of its own."""

_KEPT_MS: Final = HOUR_MS
"""For so long behind the watermark a mute that has ended is still asked about: by late posts."""


class HeldMute(msgspec.Struct, frozen=True, array_like=True):
    """One mute: its number, its community if it is not for all, and when it ends if it does."""

    number: int
    community: str | None
    until_ms: int | None

    def holds(self, community: str, at_ms: int) -> bool:
        """Return whether it holds in a community at a moment."""
        return (self.community is None or self.community == community) and (
            self.until_ms is None or at_ms < self.until_ms
        )


class Mutes(msgspec.Struct):
    """See the module's description.

    Attributes:
        words: Mutes by term.
        authors: Mutes by author, see `models.terms.cut_name`.
    """

    words: dict[str, list[HeldMute]] = msgspec.field(default_factory=dict)
    authors: dict[str, list[HeldMute]] = msgspec.field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(len(held) for kind in (self.words, self.authors) for held in kind.values())

    def add(self, number: int, mute: Mute, watermark_ms: int) -> None:
        """Take in a mute when the watermark is `watermark_ms`."""
        self._keep(lambda held: held.until_ms is None or held.until_ms + _KEPT_MS > watermark_ms)
        kind, names = self.authors, [cut_name(mute.name)]
        if mute.what == "word":
            kind, names = self.words, pairs_of(term_of(mute.name))[:_PAIRS_MAX]
        while len(self) and len(self) + len(names) > MUTES_MAX:
            first = min(held.number for kind in (self.words, self.authors) for own in kind.values() for held in own)
            self.remove(first)
        for name in dict.fromkeys(names):
            kind.setdefault(name, []).append(HeldMute(number, mute.community, mute.until_ms))

    def remove(self, number: int) -> bool:
        """Take back the mute of a number; return whether there was one."""
        before = len(self)
        self._keep(lambda held: held.number != number)
        return len(self) < before

    def _keep(self, is_kept: Callable[[HeldMute], bool]) -> None:
        for kind in (self.words, self.authors):
            for name in list(kind):
                kind[name] = [held for held in kind[name] if is_kept(held)]
                if not kind[name]:
                    del kind[name]

    def is_word_muted(self, term: str, community: str, at_ms: int) -> bool:
        """Return whether a term is muted in a community at a moment of event time."""
        return any(held.holds(community, at_ms) for held in self.words.get(term, ()))

    def is_author_muted(self, author: str | None, community: str, at_ms: int) -> bool:
        """Return whether posts of an author are left out in a community at a moment of event time."""
        if author is None or not self.authors:
            return False
        return any(held.holds(community, at_ms) for held in self.authors.get(cut_name(author), ()))
