"""What people are shown of terms: words as posts write them, and whole names where pairs of characters are compared.

A term is what is compared: bare of accents and particles (see `models.wordforms`), and in scripts without blanks a
pair of characters. Its *surface* is the spelling that most of the given posts use; of a pair of characters, the longest
run of characters around it that most posts with the pair share, without the particles at its edges. Pairs of one run
have one surface, which is shown once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import regex

from models.terms import cut_term, find_spellings, fold, is_spaceless, stop_words
from models.wordforms import usual_shapes, without_particles

RUN_CHARACTERS_MAX: Final = 16
_CLAUSE_CHARACTERS_MAX: Final = 8
_RUN_SHARE: Final = 0.6
"""Of the posts with a pair of characters, how many must go on in the same way."""

_TEXTS_MIN: Final = 2
_PAIR: Final = 2
_ACRONYM_MAX: Final = 4
_HANGUL: Final = regex.compile(r"\p{Hangul}")
_HIRAGANA: Final = regex.compile(r"[\p{Hiragana}ー]+")
_NO_NAME: Final = frozenset("はがをにでともへのっん的了也吗嗎吧呢啊")
_BEFORE: Final = frozenset("はがをにでともへのっん的了也又")
_AFTER: Final = frozenset("はがをにでともへのっかなだ的了吗嗎吧呢啊也又都就还還是在把被")
"""What is left of the words beside a name, where most posts go on in the same way. The first have no part in a name of
two characters; others have, and stay: 就业 is a word, but nothing ends with 就."""

_AUXILIARY: Final = regex.compile(r"(?<=[\p{Han}\p{Katakana}ー]{2})[でをにがはもとへのさし]\p{Hiragana}*$")
"""Begins what Japanese puts behind a noun: 入場できない, 発表された."""

_TURNS: Final = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\u202a-\u202e]")
_ISOLATES: Final = regex.compile("[\u2066-\u2069]")


def isolated(text: str) -> str:
    r"""Return a text as it may stand in a line of another language, so that the order of what is beside it stays.

    What is written from right to left, or turns the direction, stands between U+2068 and U+2069, of which none is left
    inside.

    >>> isolated("metro"), isolated("مترو") == "\u2068مترو\u2069"
    ('metro', True)
    """
    return f"\u2068{_ISOLATES.sub('', text)}\u2069" if _TURNS.search(text) else text


def told_surface(term: str, shown: Mapping[str, str], is_told: Callable[[str], bool]) -> str:
    """Return what was to be shown of a term, or the term if a part of that may not be told any more."""
    surface = shown.get(term, term)
    if is_spaceless(term):
        pairs = (surface[at : at + 2] for at in range(len(surface) - 1))
        stops = stop_words(None)
        if not all(is_told(pair) or pair in stops for pair in pairs if is_spaceless(pair[0]) and is_spaceless(pair[1])):
            return term
    return surface


class Surfaces:
    """The surfaces of the terms of some posts.

    Args:
        texts: Of posts, of which no two should be copies.
        is_hidden: Whether a term may not be shown, though posts hold it.
    """

    def __init__(self, texts: Iterable[str], is_hidden: Callable[[str], bool] = lambda _: False) -> None:
        self._texts = list(texts)
        self._folded = [usual_shapes(fold(text)) for text in self._texts]
        self._is_ascii = all(map(str.isascii, self._texts)) and not any("'" in text for text in self._texts)
        self._is_hidden = is_hidden
        self._spellings: dict[str, Counter[str]] = {}

    def distinct(self, terms: Iterable[str], count: int) -> list[tuple[str, str]]:
        """Return at most `count` terms that are shown apart, each with its run, empty for a word; best first.

        Left out are pairs of characters in the run of a better one, and those that are but grammar or half a word; only
        if nothing is left is there one of them.
        """
        found: list[tuple[str, str]] = []
        first = ""
        for term in terms:
            first = first or term
            run = self.run_of(term) if is_spaceless(term) else ""
            if is_spaceless(term) and (
                not run
                or (found and _HIRAGANA.fullmatch(run))
                or any(run in other or other in run for _, other in found if other)
            ):
                continue
            found.append((term, run))
            if len(found) >= count:
                break
        return found or ([(first, self._clause_of(first))] if first else [])

    def _clause_of(self, term: str) -> str:
        """Return what surrounds a pair of characters in the first post that has it, up to a blank or sign."""
        for text in self._folded:
            at = text.find(term)
            if at >= 0:
                last = at + len(term)
                while last - at < _CLAUSE_CHARACTERS_MAX and self._may_have(text[last - 1 : last + 1], text[last:][:1]):
                    last += 1
                return text[at:last]
        return term

    def _may_have(self, pair: str, new: str) -> bool:
        return (is_spaceless(new) or new.isdecimal()) and not self._is_hidden(pair)

    def run_of(self, term: str) -> str:
        """Return the run of characters that most posts with a pair of characters share; empty if it names nothing."""
        texts = [text for text in self._folded if term in text]
        if len(texts) < _TEXTS_MIN:
            return "" if self._texts else term
        run, enough = term, max(_TEXTS_MIN, _RUN_SHARE * len(texts))
        while len(run) < RUN_CHARACTERS_MAX:
            longer = self._longer(run, texts, enough)
            if not longer:
                break
            run = longer
        return _trimmed(run)

    def _longer(self, run: str, texts: Iterable[str], enough: float) -> str:
        """Return the run with the character before or behind it that most posts have there; empty without such."""
        found: Counter[str] = Counter()
        for text in texts:
            at = text.find(run)
            if at >= 0:
                last = at + len(run)
                found.update({text[at : last + 1], text[max(0, at - 1) : last]} - {run})
        for longer, count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
            is_behind = longer.startswith(run)
            pair, new = (longer[-2:], longer[-1]) if is_behind else (longer[:2], longer[0])
            if count >= enough and self._may_have(pair, new):
                return longer
        return ""

    def forms(self, terms: Sequence[str]) -> list[str]:
        """Return what is shown of terms in lists: in lower case and without ``#``, each once."""
        return list(dict.fromkeys(self.shown(terms, len(terms)).values()))

    def shown(self, terms: Iterable[str], count: int) -> dict[str, str]:
        """Return at most `count` of these terms, best first, each with what is shown of it in lists."""
        return {term: run or self._word(term) for term, run in self.distinct(terms, count)}

    def title(self, terms: Sequence[str], count: int) -> str:
        """Return the first few terms as headlines have them: as a hashtag if most posts do, in the usual case."""
        found = self.distinct(terms, count)
        return " ".join(self._tagged(run) if run else self._spelled(term) for term, run in found)

    def _tagged(self, run: str) -> str:
        held = [text for text in self._folded if run in text]
        tagged = sum(f"#{run}" in text for text in held)
        return f"#{run}" if tagged > len(held) / 2 else run

    def _word(self, term: str) -> str:
        counts: Counter[str] = Counter()
        if self._is_ascii:
            return term
        for spelling, count in self._spellings_of(term).items():
            counts[cut_term(fold(spelling).removeprefix("#"))] += count
        if _HANGUL.search(term):
            return _stem(counts, term)
        return min(counts, key=lambda word: (-counts[word], word.isascii(), word), default=term)

    def _spelled(self, term: str) -> str:
        spellings = self._spellings_of(term)
        tagged = sum(count for spelling, count in spellings.items() if spelling[0] == "#")
        is_tag = tagged > spellings.total() / 2
        if _HANGUL.search(term):
            bare = [spelling.removeprefix("#") for spelling in spellings]
            return f"#{_stem(bare, term)}" if is_tag else _stem(bare, term)
        ranked = sorted(
            (_is_shouted(spelling), -count, spelling.isascii(), spelling.lower() != spelling, spelling)
            for spelling, count in spellings.items()
            if (spelling[0] == "#") == is_tag
        )
        return ranked[0][-1] if ranked else term

    def _spellings_of(self, term: str) -> Counter[str]:
        if not self._spellings:
            for text in self._texts:
                for own, spelling in find_spellings(text):
                    self._spellings.setdefault(own, Counter())[spelling] += 1
        return self._spellings.get(term, Counter())


def _trimmed(run: str) -> str:
    """Return a run without the particles at its edges; empty if it is nothing else."""
    if run in stop_words(None):
        return ""
    if _HIRAGANA.fullmatch(run):
        return run
    while len(run) > _PAIR and run[0] in _BEFORE:
        run = run[1:]
    while len(run) > _PAIR and run[-1] in _AFTER:
        run = run[:-1]
    run = _AUXILIARY.sub("", run)
    return "" if run in stop_words(None) or (len(run) == _PAIR and not _NO_NAME.isdisjoint(run)) else run


def _stem(spellings: Iterable[str], term: str) -> str:
    """Return what all spellings of a Korean word begin with; of one spelling, the word without a particle."""
    each = sorted(set(spellings))
    if not each:
        return term
    if len(each) == 1:
        return without_particles(each[0], is_sure=True)
    first, last = each[0], each[-1]
    shared = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    return first[:shared] or term


def _is_shouted(spelling: str) -> bool:
    """Return whether a word is in capitals and longer than most acronyms: it is shown so if nobody writes it else."""
    return len(spelling) > _ACRONYM_MAX and spelling[0].isalpha() and spelling.isupper()
