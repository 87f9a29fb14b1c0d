"""The terms of a text: words, hashtags, mentions, cashtags, links by domain, emoji, CJK bigrams.

A term is a word in the form in which words are compared, see `models.wordforms`; people are shown what posts write,
see `models.surfaces`. Scripts without blanks are read as pairs of characters.

A hashtag and the same word without ``#`` are one term, since launches are taken up both ways. A mention keeps its
``@``, a cashtag its ``$``, a link is its domain with a leading ``/``, the posts of a micro-cluster share the term
``~number``: kinds are told apart by their first character.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import msgspec
import regex
import stopwordsiso

from models.wordforms import CHARACTERS_MAX, usual_shapes, without_elision, word_form

TERMS_MAX: Final = 64
"""Terms of one post that are followed; more is a wall of tags, and each costs memory in every window."""

TERM_BYTES_MAX: Final = 64
"""Of one term as UTF-8, since memory is counted in bytes: a longer run is cut."""

_SHORT_CHARACTERS: Final = TERM_BYTES_MAX // 4
"""What is no longer needs no look at its bytes."""

_NAME_BEGINS: Final = 40
"""Bytes of an endless name that are kept."""

_WORD_CHARACTERS_MIN: Final = 3
_NOISE: Final = frozenset({"rt", "via", "amp", "http", "https"})

_LATIN_LANGUAGES: Final = ("de", "en", "es", "fr", "it", "nl", "pt")
"""Told apart by their stop words, where a post declares no language."""

_NOT_LISTED: Final = {
    "hi": frozenset(
        {
            *("क्या", "हो", "गया", "गई", "गए", "रहा", "रही", "रहे", "हूँ", "ना", "भी", "सब", "बस", "ऐसा", "वाले", "वाली"),
            *("मैं", "मैंने", "मुझे", "हमने", "हमें", "तुम", "आप"),
        }
    )
}
"""Stop words that the collection lacks."""

_GUESS_MIN: Final = 2
_GUESSED_BY: Final = 100
"""Words that are looked at; below 256."""

_SPACELESS: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー\uff70\uff9e\uff9f"
_WORD: Final = (
    # The ranges are letters, too: a look at them is cheaper than one at their properties.
    r"[a-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0620-\u065f\u0900-\u0963\uac00-\ud7a3"
    rf"[\p{{L}}\p{{M}}\p{{N}}--[{_SPACELESS}]]]"
)
_PATTERN: Final = regex.compile(
    # A lookbehind keeps the second half of a mail address from being a mention. Some handles are domains.
    rf"https?://\S+|(?<!\w)@\w+(?:[.@-]\w+)*|[#＃$]?{_WORD}++(?:['\u200c\u200d\u00ad]{_WORD}++)*+|[#＃]?[{_SPACELESS}]+"
    r"|\p{Regional_Indicator}{2}"
    r"|\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*",
    regex.VERSION1,
)
_ASCII_PATTERN: Final = re.compile(
    # The same on texts of ASCII alone, which most are, in half the time.
    r"https?://[^\s\x1c-\x1f]+|(?<!\w)@\w+(?:[.@-]\w+)*|[#$]?\w+(?:'\w+)*",
    re.ASCII,
)
_DOMAIN: Final = regex.compile(r"https?://(?:[^/?#\s@]*@)?(?:www\.)?(\w(?:[\w.-]*\w)?)")
_IS_SPACELESS: Final = regex.compile(rf"[#＃]?[{_SPACELESS}]")
_SPACELESS_RUN: Final = regex.compile(rf"[{_SPACELESS}]+")
_FIRST_OTHER: Final = "\u0370"
"""Where Latin letters have ended."""

_FIRST_SPACELESS: Final = "\u0e00"
"""Where the first of these scripts begins: it tells most words apart from theirs at the cost of a comparison."""

_LAST_USUAL: Final = "\uff00"
"""Behind it come characters of half and full width."""

_GRAPHEME: Final = regex.compile(r"\X")
_HASHTAG: Final = regex.compile(r"(?<![\w/])[#＃](\w+)")


class Terms(msgspec.Struct, frozen=True, gc=False):
    """What a text is made of.

    Attributes:
        words: Words in their order, stop words and repeats included, in the form in which they are compared: what
            near-copies are known by.
        terms: Each followed term once, in order of appearance.
    """

    words: list[str]
    terms: list[str]


@lru_cache(maxsize=64)
def stop_words(lang: str | None) -> frozenset[str]:
    """Return the stop words of a language (BCP 47); those of English if it is not known.

    Those of scripts that are not Latin are in it whatever is declared, since many programs declare English for all.

    Source: the stopwords-iso collection.
    """
    code = (lang or "en").lower().split("-")[0].split("_")[0]
    return listed_stop_words(code) | _of_other_scripts() | _NOISE


def listed_stop_words(code: str) -> frozenset[str]:
    """Return the stop words of a language alone, in the form in which words are compared; none if it has no list."""
    known = stopwordsiso.stopwords(code) if stopwordsiso.has_lang(code) else frozenset[str]()
    return frozenset(map(word_form, known | _NOT_LISTED.get(code, frozenset()))) - {""}


@lru_cache(maxsize=1)
def _of_other_scripts() -> frozenset[str]:
    listed = frozenset[str]().union(*map(listed_stop_words, stopwordsiso.langs()))
    return frozenset(word for word in listed if word[0] >= _FIRST_OTHER and not word.isascii())


@lru_cache(maxsize=1)
def _votes() -> dict[str, int]:
    """Return each stop word with its languages: a byte for each of `_LATIN_LANGUAGES`, 1 if it is one of its own."""
    found: dict[str, int] = {}
    for place, code in enumerate(_LATIN_LANGUAGES):
        for word in listed_stop_words(code):
            found[word] = found.get(word, 0) | 1 << 8 * place
    return found


@lru_cache(maxsize=1)
def _of_other_languages() -> frozenset[str]:
    return frozenset(_votes()) - stop_words("en")


def guess_language(words: Sequence[str]) -> str:
    """Return which of several languages in Latin script most of the stop words among the first words are of.

    It is English unless another has more than English has, and at least two.

    >>> guess_language("el tren no ha salido".split()), guess_language("the train is late".split())
    ('es', 'en')
    """
    votes = _votes()
    # Summed up as one number: this is done for each post that declares nothing.
    counts = sum([votes.get(word, 0) for word in words[:_GUESSED_BY]]).to_bytes(len(_LATIN_LANGUAGES), "little")
    most = max(counts)
    is_other = most >= _GUESS_MIN and most > counts[_LATIN_LANGUAGES.index("en")]
    return _LATIN_LANGUAGES[counts.index(most)] if is_other else "en"


def fold(text: str) -> str:
    r"""Return a text in lower case, its accents composed and its apostrophes straight.

    >>> fold("It’s a CAFE\u0301")
    "it's a café"
    """
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).lower().replace("’", "'")


def cut_term(term: str) -> str:
    """Return a term cut to `TERM_BYTES_MAX` bytes, at the end of a character with all its marks if there is one.

    >>> len(cut_term("東" * 40)), len(cut_term("की" * 20))
    (21, 20)
    """
    if len(term) <= _SHORT_CHARACTERS:
        return term
    kept = term.encode()[:TERM_BYTES_MAX].decode(errors="ignore")
    if term.isascii() or len(kept) == len(term):
        return kept
    # One character more tells whether the last one was whole.
    whole = _GRAPHEME.findall(term[: len(kept) + 1])[:-1]
    return "".join(whole) or kept


def cut_name(name: str) -> str:
    """Return a name that may be kept: itself, or if it has more than `TERM_BYTES_MAX` bytes, its beginning and a hash.

    >>> cut_name("did:plc:ewvi7nxzyoun6zhxrhs64oiz")
    'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
    >>> cut_name("ann" * 100)
    'annannannannannannannannannannannannanna…74471ab579dff416'
    """
    if len(name) <= _SHORT_CHARACTERS:
        return name
    raw = name.encode()
    if len(raw) <= TERM_BYTES_MAX:
        return name
    return f"{raw[:_NAME_BEGINS].decode(errors='ignore')}…{blake2b(raw, digest_size=8).hexdigest()}"


def size_in_bytes(text: str) -> int:
    """Return how long a text is as UTF-8.

    >>> size_in_bytes("東京")
    6
    """
    return len(text) if text.isascii() else len(text.encode())


def find_hashtags(text: str) -> list[str]:
    """Return the hashtags of a text in their order, as words are compared and without ``#``; a link's fragment is none.

    >>> find_hashtags("#LatteArt and ＃東京 at https://x.example/#top, area#51")
    ['latteart', '東京']
    """
    return [form for found in _HASHTAG.findall(fold(text)) if (form := word_form(found))]


def find_terms(text: str, lang: str | None = None) -> Terms:
    """Return the words and terms of a text.

    Args:
        text: Any Unicode.
        lang: Its language as declared, which decides the stop words only; where none is, it is guessed by them.

    >>> find_terms("RT @ann: The #Turkey at Koch’s is poisoned, see https://news.example/x").terms
    ['@ann', 'turkey', 'koch', 'poisoned', '/news.example']
    """
    folded = fold(text)
    stops = stop_words(lang)
    words: list[str] = []
    terms: dict[str, None] = {}
    is_ascii = folded.isascii()
    pattern = _ASCII_PATTERN if is_ascii else _PATTERN
    for token in pattern.findall(folded):
        first = token[0]
        if "a" <= first <= "z" and token.isalnum() and (is_ascii or token.isascii()):  # most words: nothing to take off
            words.append(token)
            if len(token) >= _WORD_CHARACTERS_MIN and token not in stops:
                terms[token if len(token) <= _SHORT_CHARACTERS else cut_term(token)] = None
        elif first == "h" and token.startswith(("http://", "https://")):
            found = _DOMAIN.match(token)
            if found is not None:
                terms["/" + cut_term(found[1])] = None
        elif first == "@":
            terms[cut_term(token)] = None
        elif "一" <= first <= "鿿" or ((first >= _FIRST_SPACELESS or first == "#") and _IS_SPACELESS.match(token)):
            _add_bigrams(token.lstrip("#＃"), stops, words, terms)
        else:
            word, term = _read_word(token if len(token) <= CHARACTERS_MAX else token[:CHARACTERS_MAX])
            if word:
                words.append(word)
                if term and term not in stops:
                    terms[term] = None
    return Terms(words, (list(terms) if lang else _without_guessed(words, terms))[:TERMS_MAX])


def _without_guessed(words: list[str], terms: Iterable[str]) -> list[str]:
    """Return terms without the stop words of the language that the words are in, if it is told apart."""
    if len(_of_other_languages().intersection(terms)) < _GUESS_MIN:
        return list(terms)
    guessed = stop_words(guess_language(words))
    return [term for term in terms if term not in guessed]


def find_spellings(text: str) -> set[tuple[str, str]]:
    """Return the words, hashtags, mentions and emoji of a text as it writes them, each with the term that it is.

    Without the ending ``'s`` and the articles that an apostrophe joins to a word. Scripts without blanks are left out.

    >>> sorted(find_spellings("L’Été à #KochFarms"))
    [('ete', 'Été'), ('kochfarms', '#KochFarms')]
    """
    found = set()
    for token in _PATTERN.findall(unicodedata.normalize("NFC", text).replace("’", "'")):
        if is_spaceless(token.lstrip("#＃")) or token.startswith(("http://", "https://")):
            continue
        if token[0] == "@":
            found.add((cut_term(token.lower()), token))
            continue
        spelling = without_elision(token.replace("＃", "#")[:CHARACTERS_MAX].rstrip("_"))
        spelling = spelling[:-2] if spelling[-2:] in {"'s", "'S"} else spelling
        _, term = _read_word(spelling.lower()) if spelling else ("", "")
        if term:
            found.add((term, spelling))
    return found


def is_spaceless(term: str) -> bool:
    """Return whether a term is of a script without blanks: a pair of characters, mostly.

    >>> is_spaceless("東京"), is_spaceless("서울")
    (True, False)
    """
    return term[:1] >= _FIRST_SPACELESS and _IS_SPACELESS.match(term) is not None


def pairs_of(name: str) -> list[str]:
    """Return the terms that a name is followed by: the pairs of characters of a run without blanks, else the name.

    >>> pairs_of("東京都"), pairs_of("ferry")
    (['東京', '京都'], ['ferry'])
    """
    is_run = len(name) > 1 and _SPACELESS_RUN.fullmatch(name) is not None
    return [name[at : at + 2] for at in range(len(name) - 1)] if is_run else [name]


def tokenise(text: str, lang: str | None = None) -> list[str]:
    """Return the followed terms of a text, each once; see `find_terms`."""
    return find_terms(text, lang).terms


def is_context(term: str) -> bool:
    """Return whether a term says who, where or how rather than what: a mention, a link, a micro-cluster.

    Such a term joins a story, but opens none: a person who is addressed a lot, or a site that is linked a lot,
    is no sub-narrative by itself.
    """
    return term[0] in "@/~"


def is_shown(term: str) -> bool:
    """Return whether people are told a term: not a link's domain, nor the number of a micro-cluster."""
    return term[0] not in "/~"


@lru_cache(maxsize=1 << 14)
def _read_word(token: str) -> tuple[str, str]:
    """Return the word that is compared, and the term if it may be one; what there is not is empty."""
    is_tag = token[0] in "#＃"
    word = word_form((token[1:] if is_tag else token).rstrip("_").removesuffix("'s"))
    if not word or word.isdigit() or word == "$":
        return word, ""
    is_long = len(word) >= _WORD_CHARACTERS_MIN or is_tag or word[0] == "$" or not word.isascii()
    return word, cut_term(word) if is_long else ""


def _add_bigrams(run: str, stops: frozenset[str], words: list[str], terms: dict[str, None]) -> None:
    if run[0] > _LAST_USUAL or run[-1] > _LAST_USUAL:
        run = usual_shapes(run)
    pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    words.extend(pairs)
    terms.update(
        dict.fromkeys(pairs) if stops.isdisjoint(pairs) else {pair: None for pair in pairs if pair not in stops}
    )
