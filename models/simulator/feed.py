"""How posts reach a reader: nearly always at once, sometimes late, sometimes twice."""

from bisect import bisect
from collections.abc import Sequence
from typing import Final

import msgspec

from models.post import Engagement, Post
from models.simulator.cast import Author
from models.simulator.chance import Chance
from models.simulator.rhythm import MINUTE_MS

_LATE_SHARE: Final = 0.03
_VERY_LATE_SHARE: Final = 0.002
_DUPLICATE_SHARE: Final = 0.008


class SimulatedPost(msgspec.Struct, frozen=True):
    """A post and the moment, in epoch milliseconds, at which a reader of the feed gets it."""

    arrival_ms: int
    post: Post


class Feed:
    """What is published, until it arrives.

    Args:
        chance: Where delays, repetitions and likes come from.
        prefix: The beginning of every post's id.
        end_ms: Event time from which on nothing is delivered any more.
    """

    def __init__(self, chance: Chance, prefix: str, end_ms: float) -> None:
        self._chance = chance
        self._prefix = prefix
        self._end_ms = end_ms
        self._waiting: list[tuple[int, int, Post]] = []
        self._ids = 0
        self._arrivals = 0

    def publish(
        self,
        community: str,
        author: Author,
        at_ms: int,
        text: str,
        *,
        lang: str,
        links: Sequence[str] = (),
        reply_to: str | None = None,
        repost_of: str | None = None,
    ) -> Post:
        """Make the post, let it arrive, and return it; `at_ms` is its event time."""
        self._ids += 1
        post_id = f"{self._prefix}-{self._ids}"
        likes = int((1.0 - self._chance.unit()) ** -0.8) - 1
        post = Post(
            id=post_id,
            text=text,
            created_at=at_ms,
            author=author.name,
            source="simulated",
            communities=[community],
            lang=lang,
            url=f"https://{community}.example/posts/{post_id}",
            links=list(links),
            reply_to=reply_to,
            repost_of=repost_of,
            is_repost=repost_of is not None,
            engagement=Engagement(likes=likes, reposts=likes // 6, replies=likes // 9, views=12 + 31 * likes),
            author_followers=author.followers,
        )
        self._send(post, at_ms)
        return post

    def repost(self, community: str, author: Author, at_ms: int, original: Post) -> Post:
        """Publish the author's repost of the original, and return it."""
        text = f"RT @{original.author}: {original.text}"
        lang = original.lang or ""
        return self.publish(community, author, at_ms, text, lang=lang, links=original.links, repost_of=original.id)

    def take(self, until_ms: float) -> list[SimulatedPost]:
        """Return what arrives up to then, in order; what is published later must not arrive before."""
        self._waiting.sort()
        count = bisect(self._waiting, until_ms, key=_arrival)
        taken = [SimulatedPost(arrival_ms, post) for arrival_ms, _, post in self._waiting[:count]]
        del self._waiting[:count]
        return taken

    def _send(self, post: Post, at_ms: int) -> None:
        if at_ms >= self._end_ms:
            return
        arrival_ms = at_ms + self._delay_ms()
        self._queue(arrival_ms, post)
        if self._chance.happens(_DUPLICATE_SHARE):
            self._queue(arrival_ms + int(self._chance.skewed(1_000, 10 * MINUTE_MS)), post)

    def _delay_ms(self) -> int:
        roll = self._chance.unit()
        if roll < _VERY_LATE_SHARE:
            return self._chance.whole(630_000, 20 * MINUTE_MS)
        if roll < _VERY_LATE_SHARE + _LATE_SHARE:
            return int(self._chance.skewed(1_000, 5 * MINUTE_MS))
        return self._chance.whole(50, 450)

    def _queue(self, arrival_ms: int, post: Post) -> None:
        # The count keeps arrivals of one moment in the order in which they were published.
        self._arrivals += 1
        self._waiting.append((arrival_ms, self._arrivals, post))


def _arrival(waiting: tuple[int, int, Post]) -> int:
    return waiting[0]
