"""What a story is about: the terms that lead its posts."""

import math
from typing import Final

from models.story import Story
from models.surfaces import Surfaces
from models.terms import is_spaceless

LEADING_MAX: Final = 10
_LEADING_SHARE_MIN: Final = 0.05
_LEADING_LIFT_MIN: Final = 2.0
_CORE_WEIGHT: Final = 3.0


def leading_terms(story: Story) -> list[str]:
    """Return what a story is about, best first, at most ten; only terms that have a share.

    A term leads if it is in a twentieth of the story's posts and in twice its usual share of them, or is core; its
    place goes by its count times the logarithm of that ratio (the lift). Of the pairs of characters of one name only
    the best leads.
    """
    posts = max(story.weight, 1.0)
    ranked = []
    for term, count in story.weights.items():
        share = story.shares.get(term)
        is_core = term in story.core
        if share is None or (not is_core and (count < 2 or count < _LEADING_SHARE_MIN * posts)):  # noqa: PLR2004
            continue
        lift = count / posts / share
        if lift < _LEADING_LIFT_MIN and not is_core:
            continue
        rank = count * math.log(max(lift, 1e-9)) + (_CORE_WEIGHT if is_core else 0.0)
        if rank > 0:
            ranked.append((-rank, term))
    terms = [term for _, term in sorted(ranked)]
    if any(map(is_spaceless, terms)):
        found = Surfaces(mention.text for mention in story.candidates).distinct(terms, LEADING_MAX)
        return [term for term, _ in found]
    return terms[:LEADING_MAX]
