"""How the posts of a file fall into communities, counted and shown as a table."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len

from models.post import Post
from models.terms import is_context, tokenise
from streams.safe_text import cut, one_line

COMMUNITIES_MAX: Final = 10_000
"""Communities told apart; posts of further ones are counted together."""

AUTHORS_MAX: Final = 100_000
"""Authors of a community told apart; beyond that the table says "more than"."""

TERMS_MAX: Final = 20_000
"""Terms of a community that are counted; when there are more, the rarer half is dropped."""

OTHERS: Final = "(further communities)"
NONE: Final = "(no community)"

_ROWS_MAX: Final = 50
_TERMS_SHOWN: Final = 3
_NAME_WIDTH: Final = 28
_TERMS_WIDTH: Final = 36
_SAMPLE_WIDTH_MIN: Final = 20
_SAMPLE_CHARACTERS: Final = 300


class CommunityTally:
    """What is counted of one community. Memory is bounded by `AUTHORS_MAX` and `TERMS_MAX`.

    Attributes:
        posts: Posts so far.
        anonymous: Those without an author.
        sample: Text of the first post.
    """

    def __init__(self, sample: str) -> None:
        self.posts = 0
        self.anonymous = 0
        self.sample = sample[:_SAMPLE_CHARACTERS]
        self._authors: set[tuple[str, str]] = set()
        self._terms: Counter[str] = Counter()

    def add(self, post: Post, terms: Iterable[str]) -> None:
        """Count a post."""
        self.posts += 1
        if post.author is None:
            self.anonymous += 1
        elif len(self._authors) < AUTHORS_MAX:
            self._authors.add((post.source, post.author))
        self._terms.update(terms)
        if len(self._terms) > TERMS_MAX:
            self._terms = Counter(dict(self._terms.most_common(TERMS_MAX // 2)))

    def authors(self) -> str:
        """Return how many distinct authors there are, for people."""
        if self.anonymous == self.posts:
            return "unknown"
        return f"{len(self._authors):,}{'+' if len(self._authors) >= AUTHORS_MAX else ''}"

    def leading_terms(self) -> list[str]:
        """Return the most frequent terms, best first; of equally frequent ones the alphabet decides."""
        return sorted(self._terms, key=lambda term: (-self._terms[term], term))[:_TERMS_SHOWN]


class CommunityTable:
    """Counts posts by community and shows the result.

    Attributes:
        posts: Posts so far; one that belongs to several communities counts once.
    """

    def __init__(self) -> None:
        self.posts = 0
        self._tallies: dict[str, CommunityTally] = {}

    def add(self, post: Post, communities: list[str]) -> None:
        """Count a post in each of its communities."""
        self.posts += 1
        # Who is addressed and what is linked says little about what a community talks of.
        terms = [term for term in tokenise(post.text, post.lang) if not is_context(term)]
        for community in communities or [NONE]:
            is_known = community in self._tallies or len(self._tallies) < COMMUNITIES_MAX
            name = community if is_known else OTHERS
            if name not in self._tallies:
                self._tallies[name] = CommunityTally(post.text)
            self._tallies[name].add(post, terms)

    def __len__(self) -> int:
        return sum(1 for name in self._tallies if name not in {NONE, OTHERS})

    def lines(self, width: int) -> Iterator[str]:
        """Yield the table in lines of at most `width` cells, the largest communities first."""
        ranked = sorted(self._tallies.items(), key=lambda item: (-item[1].posts, item[0]))
        rows: list[tuple[str, ...]] = [("community", "posts", "authors", "share", "most frequent", "a sample")]
        rows += [self._row(name, tally) for name, tally in ranked[:_ROWS_MAX]]
        widths = [max(cell_len(row[column]) for row in rows) for column in range(5)]
        room = max(width - sum(widths) - 2 * len(widths), _SAMPLE_WIDTH_MIN)
        for row in rows:
            cells = [
                _pad(cell, size, is_number=column in {1, 2, 3})
                for column, (cell, size) in enumerate(zip(row, widths, strict=False))
            ]
            yield "  ".join([*cells, cut(row[5], room)]).rstrip()
        if len(ranked) > _ROWS_MAX:
            posts = sum(tally.posts for _, tally in ranked[_ROWS_MAX:])
            yield f"and {len(ranked) - _ROWS_MAX:,} smaller ones with {posts:,} posts"

    def _row(self, name: str, tally: CommunityTally) -> tuple[str, ...]:
        return (
            cut(one_line(name), _NAME_WIDTH),
            f"{tally.posts:,}",
            tally.authors(),
            f"{tally.posts / self.posts:.1%}",
            cut(", ".join(one_line(term) for term in tally.leading_terms()), _TERMS_WIDTH),
            one_line(tally.sample),
        )


def _pad(text: str, width: int, *, is_number: bool) -> str:
    space = " " * (width - cell_len(text))
    return space + text if is_number else text + space
