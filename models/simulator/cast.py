"""Who writes: accounts, the people of a community, and names that nobody has used yet."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

import msgspec

from models.simulator.chance import Chance, zipf_weights
from models.simulator.shapes import Tongue
from models.simulator.vocabulary.name_parts import HANDLE_ENDS, HANDLE_FIRSTS, HANDLE_SECONDS

_SCATTER: Final = 7919  # A prime that divides no table's size: stepping by it visits every entry once.
_NEWCOMER_SHARE: Final = 0.2


class Names:
    """Names that nobody has used: each beginning with each ending, scattered, then again with a number."""

    def __init__(self, chance: Chance, stems: Sequence[str], endings: Sequence[str]) -> None:
        self._names = [stem + ending for stem in stems for ending in endings]
        self._offset = chance.whole(0, len(self._names) - 1)
        self._used = 0

    def fresh(self) -> str:
        series, index = divmod(self._used, len(self._names))
        self._used += 1
        name = self._names[(self._offset + index * _SCATTER) % len(self._names)]
        return f"{name}{series + 1}" if series else name


class Author(msgspec.Struct, frozen=True):
    """An account: its name, the language it writes, its followers, and whether it writes in lower case."""

    name: str
    lang: str
    followers: int
    writes_lower: bool


class Accounts:
    """Opens accounts, each of a name not taken, until some 29,000 are; from then on, names come again."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._offset = chance.whole(0, 9_999)
        self._opened = 0

    def open(self, tongues: Sequence[Tongue], rank: int) -> Author:
        """Return a new account in a community of these languages; rank 0 has the most followers."""
        name = self._fresh_name()
        # Steps of the golden ratio spread the languages evenly over busy and quiet authors.
        place, lang = rank * 0.618034 % 1, ""
        for tongue in tongues:
            lang = tongue.lang
            place -= tongue.share
            if place < 0:
                break
        followers = int(self._chance.skewed(20, 800) + 30_000 / (rank + 4))
        return Author(name, lang, followers, self._chance.happens(0.4))

    def _fresh_name(self) -> str:
        names = len(HANDLE_FIRSTS) * len(HANDLE_SECONDS) * len(HANDLE_ENDS)
        number = (self._offset + self._opened * _SCATTER) % names
        self._opened += 1
        number, end = divmod(number, len(HANDLE_ENDS))
        first, second = divmod(number, len(HANDLE_SECONDS))
        return HANDLE_FIRSTS[first] + HANDLE_SECONDS[second] + HANDLE_ENDS[end]


class People:
    """The authors of one community, 240 to 420, of whom few write much and many write little."""

    def __init__(self, chance: Chance, accounts: Accounts, tongues: Sequence[Tongue]) -> None:
        self._chance = chance
        self._accounts = accounts
        self._tongues = tongues
        self._authors = [self.newcomer(rank) for rank in range(chance.whole(240, 420))]
        self._sums = list(accumulate(zipf_weights(len(self._authors))))

    def regular(self) -> Author:
        """Return an author, by how busy each is."""
        return self._chance.pick_weighted(self._authors, self._sums)

    def newcomer(self, rank: int) -> Author:
        """Return somebody never seen before; the higher the rank, the fewer the followers."""
        return self._accounts.open(self._tongues, rank)

    def cast(self, size: int) -> list[Author]:
        """Return that many distinct authors: busy ones, quiet ones, and some never seen before."""
        chance, cast = self._chance, dict[str, Author]()
        while len(cast) < size:
            if chance.happens(_NEWCOMER_SHARE):
                author = self.newcomer(chance.whole(200, 5_000))
            else:
                author = self.regular() if chance.happens(0.5) else chance.pick(self._authors)
            cast[author.name] = author
        return list(cast.values())
