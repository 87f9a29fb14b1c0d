"""The one form in which a word is compared, whatever accents, vowel signs and particles it is written with.

People leave out accents, vowel signs and dots that their keyboards make hard to reach, and some languages write what
English has as a word of its own at the beginning or the end of another: French and Italian an article with an
apostrophe, Arabic its article and prepositions, Korean its particles. What is compared is left bare of all these, so
`avión` is `avion`, `المترو` is `مترو`, and `지하철에서` is `지하철`. People are shown what posts write, see
`models.surfaces`.

Rules for words, not dictionaries: some words lose what was no particle. That is harmless as long as it always happens.
"""

import re
import unicodedata
from typing import Final

import regex

CHARACTERS_MAX: Final = 64
"""What is longer is no word."""

_ELISION: Final = regex.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|(?:a|da|de|ne|su)ll)'(?=\w{2})", regex.I)
"""French, Catalan and Italian: l'avion, d'avion, qu'il, dell'anno."""

_SHAPES: Final = re.compile("[\uff01-\uffee\ufb50-\ufdcf\ufe70-\ufefc]+")
"""Full and half width, and the shapes of Arabic letters in old texts: other ways to write the same characters."""

_INVISIBLE: Final = regex.compile("[\u00ad\u200c\u200d\u0640]")
"""A soft hyphen, joiners, and the stroke that stretches Arabic words."""

_MARKED: Final = regex.compile(r"([\p{Latin}\p{Greek}\p{Arabic}\p{Hebrew}])\p{Mn}+")
"""Letters with accents, vowel signs or hamza; in other scripts such marks are letters of their own."""

_LETTERS: Final = str.maketrans(
    {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "ı": "i", "ё": "е", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"}
)
_NUKTA: Final = "\u093c"
_CHANDRABINDU: Final = "\u0901"
_ANUSVARA: Final = "\u0902"
_HINDI_NASAL: Final = regex.compile("(?<=.)[ङञणनम]\u094d(?=[क-ह])")
"""हिन्दी and हिंदी, चाँद and चांद are the same words."""

_ARABIC_PREFIX: Final = regex.compile(r"^[وف]?(?:[بك]?ال|لل)(?=\p{L}{3})")
"""The article, with what is written before it. A single letter is none: it begins too many words."""

_LETTER: Final = regex.compile(r"\p{L}")
_HANGUL: Final = regex.compile(r"[가-힣]$")
_PARTICLES: Final = regex.compile(
    "(?:에서부터|에게서|으로부터|이라고|입니다|입니까|이에요|에서는|에서도|에서|에게|에는|에도|께서|한테|까지|부터|보다|처럼"
    "|마다|조차|밖에|이나|이랑|이라|으로|예요|라고|하고|은|는|이|가|을|를|의|에|도|만|로|와|과|랑|나|야)$"
)
_AFTER_CONSONANT: Final = frozenset(
    {"은", "이", "을", "과", "으로", "이나", "이랑", "이라", "이라고", "이에요", "으로부터"}
)
_AFTER_VOWEL: Final = frozenset({"는", "가", "를", "와", "랑", "나", "라고", "예요"})
_SURE_PARTICLES: Final = frozenset(
    {"은", "는", "을", "를", "의", "에", "에서", "에게", "에는", "에도", "까지", "부터", "으로", "입니다"}
)
_SYLLABLES_MIN: Final = 2
_FIRST_SYLLABLE: Final = ord("가")
_FINALS: Final = 28
_FINAL_R: Final = 8


def word_form(word: str) -> str:
    """Return the form in which a word in lower case is compared; it may be empty for what is no word.

    >>> word_form("avión"), word_form("l'été"), word_form("المتـــرو"), word_form("지하철에서"), word_form("हिन्दी")
    ('avion', 'ete', 'مترو', '지하철', 'हिंदी')
    """
    if word.isascii():
        return without_elision(word) if "'" in word else word
    return _form(word[:CHARACTERS_MAX])


def usual_shapes(text: str) -> str:
    """Return a text with each character in its usual shape.

    >>> usual_shapes("ＰＳ５"), usual_shapes("ﾗｰﾒﾝ")
    ('PS5', 'ラーメン')
    """
    return _SHAPES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text) if _SHAPES.search(text) else text


def without_elision(word: str) -> str:
    """Return a word without the article that an apostrophe joins to it, in the letter case that it has.

    >>> without_elision("L'Étoile"), without_elision("rock'n'roll")
    ('Étoile', "rock'n'roll")
    """
    found = _ELISION.match(word)
    return word[found.end() :] if found else word


def without_particles(word: str, *, is_sure: bool = False) -> str:
    """Return a Korean word without its particles.

    Args:
        word: Any word.
        is_sure: Leave those on that many nouns end with, and take off one only.

    >>> without_particles("고양이에게는"), without_particles("고양이", is_sure=True), without_particles("k팝이")
    ('고양', '고양이', 'k팝')
    """
    while _HANGUL.search(word):
        found = _PARTICLES.search(word)
        if found is None or not _fits(word[: found.start()], found[0]):
            break
        if is_sure:
            return word[: found.start()] if found[0] in _SURE_PARTICLES else word
        word = word[: found.start()]
    return word


def _fits(stem: str, particle: str) -> bool:
    """Return whether a particle may follow: most have one shape after a consonant and another after a vowel."""
    if len(stem) < _SYLLABLES_MIN:
        return False
    final = (ord(stem[-1]) - _FIRST_SYLLABLE) % _FINALS if _HANGUL.search(stem) else None
    if final is None:
        return True
    if particle in _AFTER_CONSONANT:
        return final > 0 and not (particle == "으로" and final == _FINAL_R)
    if particle == "로":
        return final in (0, _FINAL_R)
    return final == 0 if particle in _AFTER_VOWEL else True


def _form(word: str) -> str:
    if not _LETTER.search(word):
        return word  # emoji hold joiners
    word = usual_shapes(word)
    if word.isascii():
        return word.lower()
    if _HANGUL.search(word):
        return without_particles(word)
    bare = _MARKED.sub(r"\1", unicodedata.normalize("NFD", _INVISIBLE.sub("", word)))
    if _NUKTA in bare or _CHANDRABINDU in bare or "\u094d" in bare:
        bare = bare.replace(_NUKTA, "").replace(_CHANDRABINDU, _ANUSVARA)
        bare = _HINDI_NASAL.sub(_ANUSVARA, bare)
    bare = unicodedata.normalize("NFC", bare).translate(_LETTERS)
    return _ARABIC_PREFIX.sub("", without_elision(bare))
