"""Posts in which nothing happens: words that come in bursts by chance alone; and launches to plant among them.

Each post holds one of the words and numbers that make its text its own. How often a word comes in an hour is Poisson
with a rate that follows the cycle of the day and, hour by hour and word by word, a gamma factor: so the hours' counts
are negative binomial. Nothing else is shared between words or hours, so each alert is a false one.
"""

import math
import random
from collections.abc import Iterator

from models.post import Post
from models.significance import surprise
from tests.support.event_scoring import Event

START_MS = 1_750_032_000_000
"""Monday, 16 June 2025, 00:00 UTC."""
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_HOURS = 24
COMMUNITY = "null"
SETTLED_HOURS = DAY_HOURS
"""Nothing is planted before: a community is learnt for a day."""

WORDS, PER_HOUR = 300, 5.0
_SIZE, _SWING = 2.0, 0.7
_CAST, _RISE_MS = (14, 30), 20 * MINUTE_MS
_AUTHORS = 20_000
_SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]


def word(number: int) -> str:
    """Returns the word of this number, in no language."""
    parts = []
    for _ in range(3):
        number, part = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[part])
    return "x" + "".join(parts)


def null_stream(
    seed: int,
    *,
    words: int = WORDS,
    per_hour: float = PER_HOUR,
    size: float = _SIZE,
    swing: float = _SWING,
    hours: int = 336,
) -> Iterator[Post]:
    """Yields posts by event time.

    Args:
        seed: Any.
        words: How many there are, each as common as the others.
        per_hour: Posts an hour with each word, on average over a day.
        size: Of the negative binomial; small means over-dispersed.
        swing: Of the day cycle, as a share of the mean.
        hours: How long.
    """
    chance = random.Random(seed)
    for hour in range(hours):
        rate = per_hour * (1 + swing * math.sin(2 * math.pi * hour / DAY_HOURS))
        said = sorted(
            (START_MS + hour * HOUR_MS + chance.randrange(HOUR_MS), number)
            for number in range(words)
            for _ in range(poisson(chance, rate * chance.gammavariate(size, 1 / size)))
        )
        for index, (at_ms, number) in enumerate(said):
            yield make_post(chance, f"{hour}-{index}", at_ms, word(number), f"a{chance.randrange(_AUTHORS)}")


def planted(
    seed: int, *, count: int = 40, authors: tuple[int, int] = _CAST, rise_ms: int = _RISE_MS, hours: int = 336
) -> tuple[list[Post], list[Event]]:
    """Returns posts of launches, one after the other over the whole stream, and what there is to find.

    Every second is of a word that the stream has. Authors come in evenly, the first at the onset, the last at the end.
    """
    chance = random.Random(f"planted{seed}")
    posts, events = [], []
    gap_ms = (hours - SETTLED_HOURS) * HOUR_MS // count
    for number in range(count):
        onset_ms = START_MS + SETTLED_HOURS * HOUR_MS + number * gap_ms + chance.randrange(gap_ms - 3 * HOUR_MS)
        about = word(number) if number % 2 else f"launch{word(number)}"
        cast = chance.randint(*authors)
        rise = sorted([0, rise_ms, *(chance.randrange(rise_ms) for _ in range(cast - 2))])
        posts += [
            make_post(chance, f"l{number}-{index}", onset_ms + after_ms, about, f"l{number}-{index}")
            for index, after_ms in enumerate(rise)
        ]
        events.append(Event(COMMUNITY, onset_ms, f"^{about}$", "known word" if number % 2 else "new word"))
    return posts, events


def told_by_counts(bar: float, *, launches: int = 20_000) -> float:
    """Returns the share of planted launches of known words that counts can tell, as the best of all tests would.

    It knows each word's rate at that hour and how the rate varies, and looks at the very minutes of the rise; what it
    counts is a launch's authors and the chatter of that word.

    Args:
        bar: Significance asked for.
        launches: How many are drawn.
    """
    chance = random.Random(0)
    told = 0
    for _ in range(launches):
        usual = PER_HOUR * (1 + _SWING * math.sin(chance.uniform(0, 2 * math.pi))) * _RISE_MS / HOUR_MS
        chatter = poisson(chance, usual * chance.gammavariate(_SIZE, 1 / _SIZE))
        told += surprise(chatter + chance.randint(*_CAST), usual, _SIZE) >= bar
    return told / launches


def make_post(chance, post_id, at_ms, text, author) -> Post:
    """Returns a post of a text, made its own by numbers, which are no terms."""
    text += "".join(f" {chance.randrange(10**6)}" for _ in range(6))
    return Post(id=post_id, text=text, created_at=at_ms, author=author, source="null", communities=[COMMUNITY])


def poisson(chance, mean: float) -> int:
    """Returns a Poisson count, by the times between arrivals."""
    count, passed = -1, 0.0
    while passed < mean:
        passed += chance.expovariate(1.0)
        count += 1
    return max(count, 0)
