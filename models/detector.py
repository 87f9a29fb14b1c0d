"""Which terms of a post burst: for each, how surprising its voices are, in the window where they are most so."""

from bisect import bisect_right
from operator import attrgetter
from typing import Final

import msgspec

from models.mentions import DAY_MS, HOUR_MS, MINUTE_MS, Mention, MentionWindow, Term
from models.significance import size_for, surprise, voices

LENGTHS_MS: Final = (10 * MINUTE_MS, 20 * MINUTE_MS, 40 * MINUTE_MS)
"""Windows in which voices are counted, shortest first; each twice the one before, so that every rise fits one well."""

VOICES_MIN: Final = 4
AUTHORS_MIN: Final = 2
SILENT_MS: Final = 3 * HOUR_MS
"""A community's first hours raise nothing: the baseline is empty until posts leave the window."""

LEARNING_MS: Final = DAY_MS
_PRIOR_SEEN: Final = 0.3
_PRIOR_POSTS: Final = 200.0
"""A new term counts as seen 0.3 times in 200 posts: the newer the community, the less surprising a new term."""

VOLUME_SHARE_MIN: Final = 0.3
"""In a lull the volume is taken as at least this share of what is usual at this hour: two posts in it are no burst."""

_BUSY_POSTS: Final = 32
_BUSY_EVERY: Final = 4
"""A term with more posts than this in the hour is a common word or an open story: every fourth post will do."""

EVALUATED_MAX: Final = 200
"""Newest posts of a term that are looked at: by then it has long been a burst, or is a common word."""

_time_of = attrgetter("event_time_ms")


def _is_worth_a_look(posts: int) -> bool:
    """Return whether a term with so many posts in the hour may burst, or is due to be looked at again."""
    return posts >= VOICES_MIN and (posts <= _BUSY_POSTS or posts % _BUSY_EVERY == 0)


def _last_use_ms(mention: Mention, mentions: list[Mention]) -> int | None:
    """Return when a post's author used a term before; None if any post with the term says what this one says."""
    used_ms = None
    for other in mentions[-EVALUATED_MAX:]:
        if other is mention:
            continue
        if other.text_class == mention.text_class:
            return None
        if other.author == mention.author:
            used_ms = other.event_time_ms
    return used_ms


class TermScore(msgspec.Struct, frozen=True):
    """How much one term bursts, in the window where it does most.

    Attributes:
        term: Its text.
        significance: -log10 of the probability of so many voices by chance.
        length_ms: Length of the window, which ends at `at_ms`.
        at_ms: When it was scored.
        voices: See `significance.voices`.
        authors: Distinct authors in the window.
        texts: Distinct texts in the window.
        reposted_texts: Distinct texts among the window's reposts.
        posts: Posts in the window.
        share: Expected share of the community's posts.
        volume: Posts of the community in the window, of those with the term its voices only; floored.
        size: Of the negative binomial.
    """

    term: str
    significance: float
    length_ms: int
    at_ms: int
    voices: int
    authors: int
    texts: int
    reposted_texts: int
    posts: int
    share: float
    volume: float
    size: float


class Detector:
    """Scores the terms of a post against the community's baseline.

    Args:
        window: The community's posts of the last hour.
        started_ms: Event time of the community's first post.
    """

    def __init__(self, window: MentionWindow, started_ms: int) -> None:
        self._window = window
        self.started_ms = started_ms

    def is_silent(self, now_ms: int) -> bool:
        """Return whether it is too early to raise anything."""
        return now_ms - self.started_ms < SILENT_MS

    def is_learning(self, now_ms: int) -> bool:
        """Return whether what is usual is still a guess."""
        return now_ms - self.started_ms < LEARNING_MS

    def score(self, mention: Mention, now_ms: int) -> list[TermScore]:
        """Return a score for each term of a post that could burst: met often enough, and this post may add a voice.

        That is, its author has not used the term within the hour, or says what no other post with the term says.
        """
        terms = self._window.terms
        candidates = [text for text in mention.terms if _is_worth_a_look(len(terms[text].mentions))]
        if not candidates:
            return []
        volumes = self._window.volumes(now_ms, LENGTHS_MS)
        floor = self.least_per_ms(now_ms)
        self._window.seen.fade(now_ms)
        found = []
        for text in candidates:
            term, used_ms = terms[text], None
            if text in mention.repeats:
                used_ms = _last_use_ms(mention, term.mentions)
                if used_ms is None:
                    continue
            found.append(self._score(text, term, volumes, floor, now_ms, used_ms=used_ms))
        return [score for score in found if score is not None]

    def least_per_ms(self, now_ms: int) -> float:
        """Return how many posts a millisecond the volume is taken as at least: a share of what is usual now."""
        return VOLUME_SHARE_MIN * self._window.volume.per_ms(now_ms)

    def share_of(self, term: Term, now_ms: int) -> float:
        """Return the expected share of the community's posts in which an author brings up a term.

        It changes nothing: what is told must not change what is learnt.
        """
        posts, seen = self._window.seen, term.seen.at(now_ms)
        return max(
            (seen.long + _PRIOR_SEEN) / (posts.long + _PRIOR_POSTS),
            seen.recent / (posts.recent + _PRIOR_POSTS),
        )

    def _score(
        self, text: str, term: Term, volumes: list[int], floor: float, now_ms: int, *, used_ms: int | None
    ) -> TermScore | None:
        term.seen.fade(now_ms)
        share = self.share_of(term, now_ms)
        if len(term.mentions) <= share * max(volumes[0], floor * LENGTHS_MS[0]):  # voices are never more than posts
            return None
        size = size_for(term.seen.long)
        best: TermScore | None = None
        authors: set[str] = set()
        texts: set[int] = set()
        reposted: set[int] = set()
        mentions = term.mentions
        index = len(mentions)
        last = max(0, index - EVALUATED_MAX)
        for length, volume in zip(LENGTHS_MS, volumes, strict=True):
            start = now_ms - length
            while index > last and mentions[index - 1].event_time_ms > start:
                index -= 1
                mention = mentions[index]
                authors.add(mention.author)
                texts.add(mention.text_class)
                if mention.is_repost:
                    reposted.add(mention.text_class)
            count = voices(len(authors), len(texts), len(reposted))
            if count < VOICES_MIN or start < self._window.covered_from_ms:
                continue
            # An author who is in the window already adds a voice by a new text only where texts are fewer.
            if used_ms is not None and (used_ms <= start or len(texts) > len(authors)):
                continue
            posts = len(mentions) - (index if index > last else bisect_right(mentions, start, key=_time_of))
            # Voices, not posts: what is expected must not rise with copies.
            usual = max(float(volume - posts + count), floor * length)
            own = surprise(count, share * usual, size)
            if best is None or own > best.significance:
                best = TermScore(
                    text, own, length, now_ms, count, len(authors), len(texts), len(reposted),
                    posts, share, usual, size,
                )  # fmt: skip
        return best
