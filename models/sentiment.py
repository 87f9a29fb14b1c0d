"""How people sound in a story's posts: VADER, a lexicon and rules for English posts in social media.

It reads English alone: posts that declare it, and posts that declare no language but hold more stop words of English
than of any other language, and at least two. Other languages are not guessed at: they are told as unread.

C. J. Hutto, E. Gilbert: VADER, a parsimonious rule-based model for sentiment analysis of social media text (2014), as
the package vaderSentiment has it.
"""

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import stopwordsiso
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from models.message import Sentiment, rounded
from models.terms import find_terms, listed_stop_words

_CHARACTERS_MAX: Final = 280
"""Of one text that are read: the rules look at each word's neighbours, and a wall of emoji takes them long."""

_STOPS_MIN: Final = 2
_POSITIVE: Final = 0.05
"""From here on the authors of VADER call a text positive, and from the same below zero negative."""


def sentiment_of(posts: Iterable[tuple[str, str | None]]) -> Sentiment:
    """Return how posts sound.

    Args:
        posts: Their texts, each with the language that it declares.

    >>> sentiment_of([("I love this ferry, it is great", "en"), ("No puedo más", "es")]).unread
    1
    """
    values = [valence(text, lang) for text, lang in posts]
    read = [value for value in values if value is not None]
    unread = len(values) - len(read)
    if not read:
        return Sentiment(None, 0, 0, 0, unread, "language" if unread else "no_posts")
    positive = sum(value >= _POSITIVE for value in read)
    negative = sum(value <= -_POSITIVE for value in read)
    mean = rounded(math.fsum(read) / len(read))
    return Sentiment(mean, positive, len(read) - positive - negative, negative, unread)


@lru_cache(maxsize=1024)
def valence(text: str, lang: str | None) -> float | None:
    """Return how a text sounds, from -1 (as bad as can be) to 1; None if it is not in English as far as we can tell.

    >>> valence("The ferry is late again, what a disaster", None)
    -0.6249
    """
    text = text[:_CHARACTERS_MAX]
    is_read = is_english(text) if lang is None else lang.lower().replace("_", "-").split("-")[0] == "en"
    return float(_analyser().polarity_scores(text)["compound"]) if is_read else None


def is_english(text: str) -> bool:
    """Return whether a text that declares no language is English, by its stop words; see the module's description.

    >>> is_english("The ferry is late again"), is_english("Die Fähre ist wieder zu spät"), is_english("Ferry news")
    (True, False, False)
    """
    words = set(find_terms(text).words)
    english, others = _stop_words()
    own = len(words & english)
    return own >= _STOPS_MIN and all(own > len(words & other) for other in others)


@lru_cache(maxsize=1)
def _analyser() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@lru_cache(maxsize=1)
def _stop_words() -> tuple[frozenset[str], list[frozenset[str]]]:
    """Return the stop words of English and of each other language that the stopwords-iso collection has."""
    others = sorted(stopwordsiso.langs() - {"en"})
    return listed_stop_words("en"), [listed_stop_words(code) for code in others]
