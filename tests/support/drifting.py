"""A stream without end whose talk drifts: topics are born, grow, fade and are gone, and new words come with them.

Words follow Zipf's law, in the chatter and within each topic. A post holds a few words of its topic and a few of
anything; some posts have no topic. How much is said of a topic rises to its peak and falls again; peaks differ by
orders of magnitude, rises last from minutes to hours. Each topic coins some words that no other has. Memory does not
grow with the number of posts.
"""

import math
import random
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

NO_TOPIC = -1
VOCABULARY = 50_000
SHIFT = 60.0
"""Of Zipf's law as Mandelbrot has it: rank r has the weight 1 / (r + SHIFT), for the commonest words are stop words."""

TOPIC_WORDS = (12, 40)
COINED_WORDS = 3
RISE_S = (600.0, 6 * 3_600.0)
LIFE_RISES = 8.0
"""After so many rises a topic is as good as over, and another takes its place."""

REFRESH_POSTS = 200
"""Posts after which it is computed anew how much is said of what."""

_SYLLABLES = [
    first + vowel for first in ("b", "d", "f", "g", "kl", "m", "n", "pr", "s", "t", "v", "z") for vowel in "aeiou"
]


class DriftingPost(NamedTuple):
    """One post: the number of its topic or `NO_TOPIC`, its text, when it was posted."""

    topic: int
    text: str
    event_time_ms: int


class Topic(NamedTuple):
    """What is talked about for a while: when it was born, its rise to the peak, its size there, its words."""

    number: int
    born_s: float
    rise_s: float
    size: float
    words: list[str]

    def said(self, time_s: float) -> float:
        """Return how much is said of it, at most `size`."""
        age = (time_s - self.born_s) / self.rise_s
        return self.size * age * math.exp(1.0 - age) if age > 0 else 0.0


def word(number: int) -> str:
    """Return the word of this number, in no language."""
    parts = []
    while number or len(parts) < 3:
        number, part = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[part])
    return "".join(parts)


_WORDS = [word(number) for number in range(VOCABULARY)]


def drifting_stream(
    count: int, *, seed: int = 1, topics: int = 400, chatter: float = 0.2, step_ms: int = 1_000
) -> Iterator[DriftingPost]:
    """Yields posts by event time, the same ones for the same arguments; fewer are the beginning of more.

    Args:
        count: How many posts.
        seed: Any.
        topics: Alive at once.
        chatter: Share of posts without a topic.
        step_ms: Event time from post to post, in milliseconds.
    """
    chance = random.Random(seed)
    ages = [-chance.random() * LIFE_RISES for _ in range(topics)]  # in rises: at the start some are old, some young
    alive = [born(number, 0.0, chance, age) for number, age in enumerate(ages)]
    for start in range(0, count, REFRESH_POSTS):
        time_s = start * step_ms / 1_000
        for place, topic in enumerate(alive):
            if time_s - topic.born_s > LIFE_RISES * topic.rise_s:
                alive[place] = born(max(one.number for one in alive) + 1, time_s, chance)
        said = list(accumulate(topic.said(time_s) for topic in alive))
        chosen = chance.choices(alive, cum_weights=said, k=REFRESH_POSTS)
        for number, topic in enumerate(chosen[: count - start], start):
            words = [_WORDS[zipf(chance, VOCABULARY, SHIFT)] for _ in range(chance.randint(2, 4))]
            if chance.random() < chatter:
                about = NO_TOPIC
                words += [_WORDS[zipf(chance, VOCABULARY, SHIFT)] for _ in range(4)]
            else:
                about = topic.number
                words += [topic.words[zipf(chance, len(topic.words), 1.0)] for _ in range(chance.randint(3, 6))]
            chance.shuffle(words)
            yield DriftingPost(about, " ".join(words), number * step_ms)


def born(number: int, time_s: float, chance: random.Random, age: float = 0.0) -> Topic:
    """Return a new topic, or one that is `age` rises before its birth, if below 0 that old already."""
    rise_s = RISE_S[0] * (RISE_S[1] / RISE_S[0]) ** chance.random()
    coined = [word(VOCABULARY + COINED_WORDS * number + each) for each in range(COINED_WORDS)]
    known = [_WORDS[zipf(chance, VOCABULARY, SHIFT)] for _ in range(chance.randint(*TOPIC_WORDS) - COINED_WORDS)]
    words = known[:1] + coined + known[1:]
    return Topic(number, time_s + age * rise_s, rise_s, min(chance.paretovariate(1.0), 100.0), words)


def zipf(chance: random.Random, ranks: int, shift: float) -> int:
    """Return a rank from 0 on, of which rank r has a weight of about 1 / (r + shift)."""
    return min(int(shift * (1.0 + ranks / shift) ** chance.random() - shift), ranks - 1)
