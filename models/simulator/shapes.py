"""The shapes of the words in `models.simulator.vocabulary`, and how they are written down.

Sentences are templates. Their slots:

==============  ======================================================================================
``{thing}``     a noun of the community (German: a plural without article; Spanish: with its article)
``{doing}``     what its people do (English: a gerund; German and Spanish: an infinitive)
``{quality}``   an adjective that fits any of its nouns; a preceding "a" becomes "an" where it must
``{phrase}``    a fixed phrase of several words
``{name}``      one of the community's made-up brands, places or titles
``{count}``     a small number
``{when}``      a moment, such as "last night"
``[one|two]``   one of the alternatives, at random
``{new}``       in stories and decoys only: a name that nobody has used before
==============  ======================================================================================
"""

from typing import Literal

import msgspec


class Tongue(msgspec.Struct, frozen=True, kw_only=True):
    """One language of a community: the share of its authors who write in it, and their words by rank."""

    lang: str
    share: float
    things: tuple[str, ...]
    doings: tuple[str, ...]
    qualities: tuple[str, ...]
    phrases: tuple[str, ...]
    sentences: tuple[str, ...]


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """A story that can break in a community: what happens, and how people tell it.

    A kit of kind ``new`` is about a name never seen before, and a hashtag made of it and `tag`. One of kind
    ``known`` is about `known`: a common word of the community first, and the word that suddenly goes with it.

    Attributes:
        kind: Whether the story brings its own word or lifts common ones.
        what: The story in a few words, as a PR team would call it.
        named: What `{new}` names: a maker (brand, product, company, group) or a place.
        tag: The end of the story's hashtag; empty for known words.
        known: The common word and its companion; empty for new words.
        hops_to: The community that may take the story up, or empty.
        sentences: By language; an author whose language is missing writes English.
    """

    kind: Literal["new", "known"]
    what: str
    named: Literal["maker", "place"] = "maker"
    tag: str = ""
    known: tuple[str, ...] = ()
    hops_to: str = ""
    sentences: dict[str, tuple[str, ...]]


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """How one made-up community talks.

    Attributes:
        community: Its id, as in a post's `communities`.
        peak_hour: The UTC hour at which most is written.
        weekend: Volume on Saturdays and Sundays relative to the week's mean.
        stems: Beginnings of the names of makers that stories invent.
        tongues: Its languages; the shares add up to 1.
    """

    community: str
    peak_hour: float
    weekend: float
    stems: tuple[str, ...]
    names: tuple[str, ...]
    hashtags: tuple[str, ...]
    emoji: tuple[str, ...]
    domains: tuple[str, ...]
    tongues: tuple[Tongue, ...]
    kits: tuple[Kit, ...]


class Everyday(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody says in one language, whatever the community."""

    openers: tuple[str, ...]
    closers: tuple[str, ...]
    sentences: tuple[str, ...]
    replies: tuple[str, ...]
    moments: tuple[str, ...]


def words(text: str) -> tuple[str, ...]:
    """Return the entries of a list written with spaces between them; an underscore keeps an entry's words together.

    >>> words("lantern Tidal_Kin")
    ('lantern', 'Tidal Kin')
    """
    return tuple(word.replace("_", " ") for word in text.split())


def lines(text: str) -> tuple[str, ...]:
    """Return the entries of a list written one a line, without what surrounds them."""
    return tuple(line.strip() for line in text.strip().splitlines())
