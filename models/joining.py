"""To which open story the posts of a bursting term belong."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from models.mentions import Mention
from models.story import Story

JOIN_SHARE: Final = 0.3
"""Of a term's posts of the last hour, how many a story must hold for the term to join it."""

KIN_SHARE: Final = 0.4
"""The same for posts that speak of what a story is about."""

_SUBJECT_MAX: Final = 5


def holding(stories: Mapping[int, Story], mentions: Sequence[Mention]) -> list[Story]:
    """Return the stories that hold enough of these posts: those people know of first, of these the oldest.

    Args:
        stories: The open ones, by number.
        mentions: The posts.
    """
    held: dict[int, int] = {}
    for mention in mentions:
        if mention.story in stories:
            held[mention.story] = held.get(mention.story, 0) + 1
    enough = JOIN_SHARE * len(mentions)
    found = [stories[number] for number in sorted(held) if held[number] >= enough]
    return sorted(found, key=lambda story: story.is_untold)


def kin(stories: Iterable[Story], mentions: Sequence[Mention]) -> Story | None:
    """Return the story of which most of these posts speak, by a core or leading term of it; None if too few do.

    Args:
        stories: The open ones, oldest first.
        mentions: The posts.
    """
    best, most = None, KIN_SHARE * len(mentions)
    for story in stories:
        subject = {*story.about[:_SUBJECT_MAX], *story.core}
        count = sum(not subject.isdisjoint(mention.terms) for mention in mentions)
        if count >= most and (best is None or count > most):
            best, most = story, count
    return best
