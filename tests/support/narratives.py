"""Made-up posts of made-up narratives, for what finds narratives."""

import random
from typing import NamedTuple


class MadeUpPost(NamedTuple):
    """One post: which narrative it is about, its terms, when it was posted and what it is called."""

    narrative: int
    terms: list[str]
    event_time_ms: int
    key: str


def made_up_posts(count, *, narratives=12, shared=2, seed=1, step_ms=1_000):
    """Return posts that each use five words of one narrative and `shared` words that any narrative uses."""
    chance = random.Random(seed)
    common = [f"common{number}" for number in range(30)]
    posts = []
    for position in range(count):
        narrative = chance.randrange(narratives)
        own = [f"story{narrative}word{number}" for number in range(15)]
        terms = chance.sample(own, 5) + chance.sample(common, shared)
        posts.append(MadeUpPost(narrative, terms, position * step_ms, f"post{position}"))
    return posts


def assign_all(clusterer, posts):
    """Give posts to a clusterer; return their ids at arrival."""
    return [clusterer.assign(post.terms, post.event_time_ms, post.key) for post in posts]
