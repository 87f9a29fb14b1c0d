"""Made-up talk of one community, islanders: chatter about nothing, launches of a word, and ways to follow them."""

import random
from itertools import pairwise

import msgspec

from models.configuration import CoreSettings
from models.detector import TermScore
from models.frame import Frame, FramedPost
from models.mentions import Mention
from models.message import AlertMessage, TrendMessage
from models.post import Post, to_ms
from models.tracker import CommunityTracker, TrackerState

COMMUNITY = "islanders"
SECOND_MS = 1_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
NOON_MS = 1_767_614_400_000
"""Monday, 5 January 2026, 12:00 UTC."""

LAUNCH_MS = NOON_MS + 4 * HOUR_MS
"""Four hours on: a community says nothing in its first three."""

DISORDER_MS = 500
SETTINGS = CoreSettings()

_ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "dr", "kl", "st")
_ENDS = ("nden", "lter", "rking", "mble", "sty", "pper", "ttish", "zel")
_WORDS = [first + vowel + end for first in _ONSETS for vowel in ("a", "e", "o", "u", "oa", "ee") for end in _ENDS]


def make_post(number=1, text="The ferry is late again", at_ms=NOON_MS, **changes) -> Post:
    """Returns a post; without changes each number has an author of its own."""
    post = Post(
        id=f"p{number}",
        text=text,
        created_at=at_ms,
        author=f"author{number}",
        source="test",
        communities=[COMMUNITY],
    )
    return msgspec.structs.replace(post, **changes)


def chatter(hours, *, seed=1, from_ms=NOON_MS, posts_per_hour=30, authors=40) -> list[Post]:
    """Returns posts of three words each, of which none is used more than the others."""
    chance = random.Random(seed)
    step_ms = HOUR_MS // posts_per_hour
    return [
        make_post(
            f"chat{seed}-{number}",
            " ".join(chance.sample(_WORDS, 3)),
            from_ms + number * step_ms + chance.randrange(step_ms),
            author=f"regular{chance.randrange(authors)}",
        )
        for number in range(round(hours * posts_per_hour))
    ]


def launch(word="zeppelin", *, from_ms=LAUNCH_MS, authors=12, step_ms=30 * SECOND_MS, seed=2) -> list[Post]:
    """Returns posts about one new word, each by another author in other words."""
    chance = random.Random(seed)
    return [
        make_post(
            f"{word}{number}",
            f"{word} {' '.join(chance.sample(_WORDS, 4))}",
            from_ms + number * step_ms,
            author=f"fan{number}-{word}",
        )
        for number in range(authors)
    ]


def arrive(posts) -> list[FramedPost]:
    """Returns posts as intake frames them if they arrive in this order: each a line of a file."""
    reached_ms = -1
    framed = []
    for number, post in enumerate(posts):
        at_ms = to_ms(post.created_at if post.observed_at is None else post.observed_at)
        reached_ms = max(reached_ms, at_ms)
        framed.append(FramedPost((number, 0), reached_ms, at_ms, post.communities, post))
    return framed


def by_time(*groups) -> list[Post]:
    """Returns all posts in the order of event time."""
    return sorted((post for group in groups for post in group), key=lambda post: (post.created_at, post.id))


def cut(framed, boundaries=(), **changes) -> list[Frame]:
    """Returns frames that follow one another and hold these posts, cut after so many posts each."""
    inner = sorted({boundary for boundary in boundaries if 0 < boundary < len(framed)})
    return [
        Frame(
            input="file/0",
            inputs=1,
            after=(first, 0),
            through=(last, 0),
            reached_ms=framed[last - 1].reached_ms,
            posts=framed[first:last],
            **changes,
        )
        for first, last in pairwise([0, *inner, len(framed)])
    ]


def follow(posts, tracker=None, settings=SETTINGS):
    """Returns a tracker that was offered posts in this order of arrival, and what it said."""
    tracker = tracker or CommunityTracker(COMMUNITY, settings)
    messages = [
        message for framed in arrive(posts) for message in tracker.offer(framed, framed.reached_ms - DISORDER_MS)
    ]
    return tracker, messages


def alerts_of(messages) -> list[AlertMessage]:
    """Returns the alert messages among messages."""
    return [message for message in messages if isinstance(message, AlertMessage)]


def trends_of(messages) -> list[TrendMessage]:
    """Returns the trend messages among messages."""
    return [message for message in messages if isinstance(message, TrendMessage)]


def make_mention(number=1, terms=("ferry",), at_ms=NOON_MS, **changes) -> Mention:
    """Returns a post as the window keeps it; without changes each number has an author and a text of its own."""
    mention = Mention(
        key=f"4/test/p{number}",
        event_time_ms=at_ms,
        author=f"author{number}",
        is_author_known=True,
        text_class=number,
        is_repost=False,
        narrative=0,
        terms=list(terms),
        text=f"post {number} about {' '.join(terms)}",
        source="test",
        communities=[COMMUNITY],
    )
    return msgspec.structs.replace(mention, **changes)


def make_score(term="ferry", **changes) -> TermScore:
    """Returns the score of a term that passes any usual bar."""
    score = TermScore(
        term=term,
        significance=12.0,
        length_ms=10 * MINUTE_MS,
        at_ms=LAUNCH_MS,
        voices=8,
        authors=9,
        texts=8,
        reposted_texts=1,
        posts=10,
        share=0.005,
        volume=40.0,
        size=1.5,
    )
    return msgspec.structs.replace(score, **changes)


def state_of(tracker) -> TrackerState:
    """Returns what a tracker would save."""
    return msgspec.msgpack.decode(tracker.snapshot(), type=TrackerState)
