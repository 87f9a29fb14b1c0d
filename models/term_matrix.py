"""The counts of terms in micro-clusters, a sparse matrix read by row and by column, and who is nearest to a post.

This is the readable reference. `models/_term_matrix.pyx` holds the same class compiled, the same to the last bit, which
stands in for it where the package was built with a C++ compiler; `tests/unit/models/test__term_matrix.py` holds the two
together.

A row is a micro-cluster, a column is a term: an inverted index. A post and a row are compared by the cosine of their
vectors. A term's part in a post is its count times its rarity `1 + ln(N / rows that hold it)`, N being all rows plus
one; in a row it is its damped count times its rarity. Rules that hold between any two calls:

* a count stands in its row and in its column, or in neither;
* no row holds more than `terms_max` terms, and no column more than `posting_max` rows;
* lengths of rows are kept, not computed anew for each search: they follow the rarities with a delay.
"""

import math
from collections.abc import Mapping
from heapq import nlargest
from operator import itemgetter
from typing import Final

import msgspec

from models.terms import size_in_bytes

NO_MICRO_CLUSTER: Final = -1
"""Stands for none: a post without terms, a search without result."""

KEPT_SHARE: Final = 0.5
"""What a full row or column is cut back to: cutting half at once makes the sort behind it rare."""

REWEIGH_POSTS: Final = 16
"""Posts after which a row's length is computed anew, since rarities move."""

MERGE_TERMS_MAX: Final = 12
"""Leading terms by which a row looks for another like it; the others hardly move the cosine."""

COUNT_BYTES: Final = 8
"""What a count takes up beside its term."""


class Row(msgspec.Struct, array_like=True, gc=False):
    """One row, as a snapshot holds it.

    Attributes:
        terms: Count of each term, in the order in which sums are made.
        length_squared: Squared length of the row's vector, as far as known.
        posts_since_weighing: Posts since that was last computed anew.
        preference: What a similarity is multiplied by for the row's weight, 1 or more.
        seen_ms: Event time of its latest post.
        pace: Posts a millisecond that are usual in it.
    """

    terms: dict[str, float] = msgspec.field(default_factory=dict)
    length_squared: float = 0.0
    posts_since_weighing: int = 0
    preference: float = 1.0
    seen_ms: int = 0
    pace: float = 0.0


class TermMatrix:
    """See the module's description.

    Only rows that share a term with a post are looked at, at most `posting_max` a term, so a search costs the same
    however many there are. `bytes` is the room that the terms of all rows take up, counted in each.

    Args:
        terms_max: Terms a row; the least frequent go first. At least 1.
        posting_max: Rows a term; those that use it least lose it first. At least 1.
        damping: Power of a row's counts, in (0, 1]; below 1 its few most frequent words do not drown the others.
        novelty: How much of a term that no row holds counts in the length of a post, in [0, 1].
        preference: A similarity is multiplied by 1 + preference x ln(1 + weight of the row as last marked); at least 0.
        recency: Power with which a silence, in usual gaps between posts, lowers it; at least 0.
    """

    def __init__(
        self,
        *,
        terms_max: int,
        posting_max: int,
        damping: float,
        novelty: float,
        preference: float,
        recency: float,
    ) -> None:
        self.terms_max = terms_max
        self.posting_max = posting_max
        self.damping = damping
        self.novelty = novelty
        self.preference = preference
        self.recency = recency
        self.bytes = 0
        self._rows: dict[int, Row] = {}
        self._scales: dict[int, float] = {}
        self._columns: dict[str, dict[int, float]] = {}

    def enter(self, number: int, row: Row) -> None:
        """Take in a row under a number that no other has; what is kept shares nothing with the one given."""
        self._rows[number] = kept = msgspec.structs.replace(row, terms={})
        for term, count in row.terms.items():
            self._set(number, kept, term, count)
        self._scale(number)

    def leave(self, number: int) -> None:
        """Let a row go."""
        for term in self._rows[number].terms:
            self._drop(number, term)
        del self._rows[number], self._scales[number]

    def row(self, number: int) -> Row:
        """Return a row; it shares nothing with the matrix."""
        row = self._rows[number]
        return msgspec.structs.replace(row, terms=dict(row.terms))

    def rarity(self, term: str) -> float:
        """Return how rare a term is now; one that no row holds is as rare as one in a single row."""
        # Two logarithms, since the compiled class keeps each: that of the quotient has other bits.
        return 1.0 + (math.log(len(self._rows) + 1) - math.log(len(self._columns.get(term, (None,)))))

    def nearest(self, counts: Mapping[str, float], now_ms: int) -> tuple[int, float, float]:
        """Return the row most similar to a post; of equals the oldest.

        Args:
            counts: The post's terms, each with its count.
            now_ms: Event time.

        Returns:
            Its number, the similarity, and the similarity of the second; (`NO_MICRO_CLUSTER`, 0.0, 0.0) if none shares
            a term.
        """
        dots: dict[int, float] = {}
        length_squared = 0.0
        for term, count in counts.items():
            rarity = self.rarity(term)
            weight = count * (rarity * rarity)
            column = self._columns.get(term)
            if column is None:
                length_squared += self.novelty * weight * count
                continue
            length_squared += weight * count
            _add_to(dots, column, weight)
        best, best_score, second_score = NO_MICRO_CLUSTER, 0.0, 0.0
        for number, dot in dots.items():
            row = self._rows[number]
            score = dot * self._scales[number]
            if score < second_score:
                continue  # a silence can only lower it
            if now_ms > row.seen_ms:
                score *= math.pow(1.0 + (now_ms - row.seen_ms) * row.pace, -self.recency)
            if score > best_score or (score == best_score and number < best):
                best, best_score, second_score = number, score, best_score
            elif score > second_score:
                second_score = score
        if not best_score:
            return NO_MICRO_CLUSTER, 0.0, 0.0
        length = math.sqrt(length_squared)
        return best, best_score / length, second_score / length

    def learn(self, number: int, counts: Mapping[str, float], gain: float) -> None:
        """Add counts, each multiplied by `gain`, to a row, and bring it and the columns back under their caps."""
        row, added, crowded = self._rows[number], 0.0, []
        for term, count in counts.items():
            before = self._columns.get(term, {}).get(number, 0.0)
            damped = self._set(number, row, term, row.terms.get(term, 0.0) + count * gain)
            rarity = self.rarity(term)
            added += (damped * damped - before * before) * (rarity * rarity)
            if len(self._columns[term]) > self.posting_max:
                crowded.append(term)
        row.length_squared += added
        row.posts_since_weighing += 1
        is_full = len(row.terms) > self.terms_max
        if is_full:
            self._cut_row(number)
        for term in crowded:
            self._cut_column(term)
        if is_full or row.posts_since_weighing >= REWEIGH_POSTS:
            self.reweigh(number)

    def take_away(self, number: int, counts: Mapping[str, float], count_min: float) -> None:
        """Take counts out of a row; what is left of a term below `count_min` is dropped."""
        row = self._rows[number]
        for term, count in counts.items():
            if term not in row.terms:
                continue
            rest = row.terms[term] - count
            if rest >= count_min:
                self._set(number, row, term, rest)
            else:
                self._drop(number, term)
                del row.terms[term]
        self.reweigh(number)

    def reweigh(self, number: int) -> None:
        """Compute the length of a row anew."""
        row, length_squared = self._rows[number], 0.0
        for _, weight in self._weights(number):
            length_squared += weight * weight
        row.length_squared, row.posts_since_weighing = length_squared, 0
        self._scale(number)

    def mark(self, number: int, weight: float, seen_ms: int, pace: float) -> None:
        """Say how large and how lively a row is, after each of its posts; until the next this holds.

        Args:
            number: The row's.
            weight: Posts, each faded by its age.
            seen_ms: Event time of the latest.
            pace: Posts a millisecond that are usual; 0 if unknown: then no silence counts.
        """
        row = self._rows[number]
        row.preference = 1.0 + self.preference * math.log1p(weight)
        row.seen_ms, row.pace = seen_ms, pace
        self._scale(number)

    def closest(self, number: int) -> tuple[int, float]:
        """Return the other row nearest to a row, by its leading terms, and their cosine; of equals the oldest.

        Returns:
            The number and the cosine; (`NO_MICRO_CLUSTER`, 0.0) if none shares a term.
        """
        self.reweigh(number)
        dots: dict[int, float] = {}
        for term, weight in self.heaviest(number, MERGE_TERMS_MAX):
            _add_to(dots, self._columns[term], weight * self.rarity(term))
        best, best_square = NO_MICRO_CLUSTER, 0.0
        for found, dot in dots.items():
            if found == number:
                continue
            square = dot * dot / self._rows[found].length_squared
            if square > best_square or (square == best_square and found < best):
                best, best_square = found, square
        return best, math.sqrt(best_square / self._rows[number].length_squared) if best_square else 0.0

    def heaviest(self, number: int, count: int) -> list[tuple[str, float]]:
        """Return the terms of greatest weight in a row's vector, at most `count`, heaviest first."""
        return nlargest(count, self._weights(number), key=itemgetter(1))

    def rescale(self, factor: float, count_min: float) -> None:
        """Multiply all counts, drop those that fall below a least count, and compute all lengths anew."""
        for number in list(self._rows):
            row = self.row(number)
            self.leave(number)
            scaled = ((term, count * factor) for term, count in row.terms.items())
            row.terms = {term: count for term, count in scaled if count >= count_min}
            self.enter(number, row)
        for number in self._rows:
            self.reweigh(number)

    def _scale(self, number: int) -> None:
        """Compute what a dot product with a row is multiplied by; 0 for a row without terms."""
        row = self._rows[number]
        self._scales[number] = row.preference / math.sqrt(row.length_squared) if row.length_squared > 0.0 else 0.0

    def _set(self, number: int, row: Row, term: str, count: float) -> float:
        """Set a count, and return it damped."""
        column = self._columns.setdefault(term, {})
        if number not in column:
            self.bytes += size_in_bytes(term) + COUNT_BYTES
        row.terms[term] = count
        column[number] = damped = math.pow(count, self.damping)
        return damped

    def _drop(self, number: int, term: str) -> None:
        """Take a count out of its column only."""
        column = self._columns[term]
        del column[number]
        self.bytes -= size_in_bytes(term) + COUNT_BYTES
        if not column:
            del self._columns[term]

    def _weights(self, number: int) -> list[tuple[str, float]]:
        return [(term, self._columns[term][number] * self.rarity(term)) for term in self._rows[number].terms]

    def _cut_row(self, number: int) -> None:
        terms = self._rows[number].terms
        for term in sorted(terms, key=terms.__getitem__, reverse=True)[_kept(self.terms_max) :]:
            self._drop(number, term)
            del terms[term]

    def _cut_column(self, term: str) -> None:
        column = self._columns.get(term, {})
        if len(column) <= self.posting_max:
            return
        ranked = sorted(column.items(), key=lambda pair: (-pair[1], pair[0]))
        for loser, _ in ranked[_kept(self.posting_max) :]:
            self._drop(loser, term)
            del self._rows[loser].terms[term]
            self.reweigh(loser)


def _add_to(dots: dict[int, float], column: Mapping[int, float], factor: float) -> None:
    for number, damped in column.items():
        dots[number] = dots.get(number, 0.0) + factor * damped


def _kept(limit: int) -> int:
    return max(1, int(limit * KEPT_SHARE))
