"""What a tracker makes of a post: a mention, with its terms, its class of near-copies and its narrative."""

from typing import Final

from models.evidence import TEXT_CHARACTERS_MAX
from models.mentions import Mention
from models.narratives import Narratives
from models.post import Post, key_of
from models.terms import find_terms, is_context
from models.textclass import TextClasses

_URL_CHARACTERS_MAX: Final = 2_048
_LANG_CHARACTERS_MAX: Final = 35
"""The longest language tag in RFC 5646's own terms; what is longer is kept as unknown, as is an endless link."""


class Reader:
    """Makes mentions of posts.

    Args:
        text_classes: The community's classes of near-copies.
        narratives: The community's narratives.
    """

    def __init__(self, text_classes: TextClasses, narratives: Narratives) -> None:
        self._text_classes = text_classes
        self._narratives = narratives

    def read(self, post: Post, event_time_ms: int, communities: list[str], now_ms: int) -> Mention:
        """Return a post as the window keeps it; its text class and its narrative learn from it.

        Args:
            post: The post.
            event_time_ms: When it happened.
            communities: All that it belongs to.
            now_ms: Event time that the community has reached.
        """
        key = key_of(post)
        found = find_terms(post.text, post.lang)
        text_class = self._text_classes.classify(found.words, now_ms)
        narrative = self._narrative_of(text_class, found.terms, key, now_ms)
        terms = [*found.terms, f"~{narrative}"] if narrative >= 0 else found.terms
        text, url = shown_of(post)
        return Mention(
            key=key,
            event_time_ms=event_time_ms,
            author=key if post.author is None else post.author,
            is_author_known=post.author is not None,
            text_class=text_class,
            is_repost=post.is_repost or post.repost_of is not None,
            narrative=narrative,
            terms=terms,
            text=text,
            url=url,
            lang=post.lang if post.lang and len(post.lang) <= _LANG_CHARACTERS_MAX else None,
            source=post.source,
            communities=communities,
        )

    def _narrative_of(self, text_class: int, terms: list[str], key: str, now_ms: int) -> int:
        # A copy is about what its original is about, and teaches the clusterer nothing.
        known = self._text_classes.narratives.get(text_class)
        narrative = None if known is None else self._narratives.still_live(known)
        if narrative is None:
            # Who is addressed and what is linked says little about the subject, and is shared by posts of all kinds.
            subject = [term for term in terms if not is_context(term)]
            narrative = self._narratives.assign(subject, now_ms, key)
            self._text_classes.narratives[text_class] = narrative
        return narrative


def says_the_same(post: Post, held: Mention) -> bool:
    """Return whether an update leaves all that counts as it is, such as one that only brings numbers of likes.

    Of a text that was cut nobody knows.
    """
    return (
        len(held.text) < TEXT_CHARACTERS_MAX
        and shown_of(post) == (held.text, held.url)
        and (post.author is None or post.author == held.author)
        and post.lang == held.lang
        and (post.is_repost or post.repost_of is not None) == held.is_repost
    )


def shown_of(post: Post) -> tuple[str, str | None]:
    """Return what is shown of a post: its text, cut, and where people can read it."""
    return post.text[:TEXT_CHARACTERS_MAX], post.url if post.url and len(post.url) <= _URL_CHARACTERS_MAX else None


def carry_over(before: Mention, mention: Mention) -> None:
    """Let a post that was updated weigh in its story what it did before."""
    mention.weighed_ms = before.weighed_ms
    if mention.author == before.author:
        # What it was the first to say it still is, though its author has said it again since.
        first = {term for term in before.terms if term not in before.repeats}
        mention.repeats = [term for term in mention.repeats if term not in first]
