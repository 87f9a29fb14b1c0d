"""A made-up story: chatter in some communities, a burst in each, and posts that arrive up to minutes out of order."""

import random
from collections.abc import Sequence

from tests.support.framed import NOON_MS, make_raw

MINUTE_MS = 60_000
_CHATTER = [f"chatter{number}" for number in range(60)]
_BURST = ["cancelled", "stranded", "harbour", "refund"]


def tell_a_story(seed: int, communities: Sequence[str]) -> list[bytes]:
    """Returns the messages of an input. Some posts are late and some too late; each community has alerts."""
    chance = random.Random(seed)
    posts = []
    for community in communities:
        for number in range(220):
            words = " ".join(chance.choice(_CHATTER) for _ in range(5))
            posts.append((NOON_MS + chance.randrange(240 * MINUTE_MS), community, f"a{number % 40}", words))
        start_ms = NOON_MS + chance.randrange(150, 200) * MINUTE_MS
        for number in range(30):
            words = " ".join(["tornavik", chance.choice(_BURST), chance.choice(_CHATTER), f"own{number}"])
            posts.append((start_ms + chance.randrange(20 * MINUTE_MS), community, f"b{number}", words))
    return [
        make_raw(at_ms=at_ms, id=f"{community}.{number}", communities=[community], author=author, text=text)
        for number, (at_ms, community, author, text) in enumerate(
            sorted(posts, key=lambda post: _arrival(post, chance))
        )
    ]


def _arrival(post, chance):
    delay_ms = chance.choice([0, 0, 400, chance.randrange(9 * MINUTE_MS), chance.randrange(30 * MINUTE_MS)])
    return post[0] + delay_ms, post
