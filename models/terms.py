"""The terms of a text: words, hashtags, mentions, cashtags, links by domain, emoji, CJK bigrams.

A term is a surface form in lower case. A hashtag and the same word without ``#`` are one term, since launches
are taken up both ways. A mention keeps its ``@``, a cashtag its ``$``, a link is its domain with a leading
``/``, the posts of a micro-cluster share the term ``~number``: kinds are told apart by their first character.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import msgspec
import regex
import stopwordsiso

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

_SPACELESS: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_WORD: Final = rf"[\p{{L}}\p{{M}}\p{{N}}_--[{_SPACELESS}]]"
_PATTERN: Final = regex.compile(
    # A lookbehind keeps the second half of a mail address from being a mention. Some handles are domains.
    rf"https?://\S+|(?<!\w)@\w+(?:[.@-]\w+)*|[#$]?{_WORD}+(?:'{_WORD}+)*|[#＃]?[{_SPACELESS}]+"
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
_FIRST_SPACELESS: Final = "\u0e00"
"""Where the first of these scripts begins: it tells most words apart from theirs at the cost of a comparison."""

_HASHTAG: Final = regex.compile(r"(?<![\w/])[#＃](\w+)")


class Terms(msgspec.Struct, frozen=True, gc=False):
    """What a text is made of.

    Attributes:
        words: Words in their order, stop words and repeats included: what near-copies are known by.
        terms: Each followed term once, in order of appearance.
    """

    words: list[str]
    terms: list[str]


@lru_cache(maxsize=64)
def stop_words(lang: str | None) -> frozenset[str]:
    """Return the stop words of a language (BCP 47); those of English if it is not known.

    Source: the stopwords-iso collection.
    """
    code = (lang or "en").lower().split("-")[0].split("_")[0]
    if not stopwordsiso.has_lang(code):
        return _NOISE
    return frozenset(stopwordsiso.stopwords(code)) | _NOISE


def fold(text: str) -> str:
    r"""Return a text in the one form in which words are compared.

    >>> fold("It’s a CAFE\u0301")
    "it's a café"
    """
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).lower().replace("’", "'")


def cut_term(term: str) -> str:
    """Return a term cut to `TERM_BYTES_MAX` bytes, at the end of a character.

    >>> len(cut_term("東" * 40))
    21
    """
    if len(term) <= _SHORT_CHARACTERS:
        return term
    return term.encode()[:TERM_BYTES_MAX].decode(errors="ignore")


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
    """Return the hashtags of a text in their order, folded and without ``#``; a link's fragment is none.

    >>> find_hashtags("#LatteArt and ＃東京 at https://x.example/#top, area#51")
    ['latteart', '東京']
    """
    return _HASHTAG.findall(fold(text))


def find_terms(text: str, lang: str | None = None) -> Terms:
    """Return the words and terms of a text.

    Args:
        text: Any Unicode.
        lang: Its language as declared, which decides the stop words only.

    >>> find_terms("RT @ann: The #Turkey at Koch’s is poisoned, see https://news.example/x").terms
    ['@ann', 'turkey', 'koch', 'poisoned', '/news.example']
    """
    folded = fold(text)
    stops = stop_words(lang)
    words: list[str] = []
    terms: dict[str, None] = {}
    pattern = _ASCII_PATTERN if folded.isascii() else _PATTERN
    for token in pattern.findall(folded):
        first = token[0]
        if "a" <= first <= "z" and token.isalnum():  # most words: nothing to take off
            words.append(token)
            if len(token) >= _WORD_CHARACTERS_MIN and token not in stops:
                terms[cut_term(token)] = None
        elif first == "h" and token.startswith(("http://", "https://")):
            found = _DOMAIN.match(token)
            if found is not None:
                terms["/" + cut_term(found[1])] = None
        elif first == "@":
            terms[cut_term(token)] = None
        elif (first >= _FIRST_SPACELESS or first == "#") and _IS_SPACELESS.match(token):
            _add_bigrams(token.lstrip("#＃"), words, terms)
        else:
            _add_word(token, stops, words, terms)
    return Terms(words, list(terms)[:TERMS_MAX])


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


def _add_word(token: str, stops: frozenset[str], words: list[str], terms: dict[str, None]) -> None:
    is_tag = token[0] == "#"
    word = (token[1:] if is_tag else token).rstrip("_")
    word = word.removesuffix("'s")
    if not word:
        return
    words.append(word)
    if word in stops or word.isdigit() or word == "$":
        return
    if len(word) >= _WORD_CHARACTERS_MIN or is_tag or word[0] == "$" or not word.isascii():
        terms[cut_term(word)] = None


def _add_bigrams(run: str, words: list[str], terms: dict[str, None]) -> None:
    pairs = [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    words.extend(pairs)
    terms.update(dict.fromkeys(pairs))
