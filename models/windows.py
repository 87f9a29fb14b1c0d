"""Sliding windows of authors and posts, as a ring of tumbling slices, at several lengths at once.

A slice is a minute, ``[k * SLICE_MS, (k + 1) * SLICE_MS)``. A window of n slices that ends with slice k holds the
slices k - n + 1 to k. A slice stays open for late posts until the watermark has passed its end by the allowed
lateness; then it is final.

One number an author is enough for distinct counts at every length: the latest slice in which the author posted.
An author is in a window that ends now if and only if that slice is in it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import Final

import msgspec

SLICE_MS: Final = 60_000
AUTHORS_MAX: Final = 5_000


def slice_of(event_time_ms: int) -> int:
    """Return the number of the slice that holds a moment."""
    return event_time_ms // SLICE_MS


def is_open(event_time_ms: int, watermark_ms: int, allowed_lateness_ms: int) -> bool:
    """Return whether the slice of a moment still takes late posts.

    >>> is_open(59_999, watermark_ms=600_000, allowed_lateness_ms=600_000)
    True
    >>> is_open(59_999, watermark_ms=660_000, allowed_lateness_ms=600_000)
    False
    """
    return (slice_of(event_time_ms) + 1) * SLICE_MS + allowed_lateness_ms > watermark_ms


class SlidingCounts(msgspec.Struct):
    """Distinct authors and posts of whatever is counted together, in the latest slices.

    The order of `add` does not matter. Bounded: `slices_max` slices, and `AUTHORS_MAX` authors; beyond that the
    authors who posted longest ago are forgotten first (`forgotten` says how many), which can make a long window's
    count of authors too low, never too high.

    Attributes:
        slices_max: Slices kept: the longest window.
        latest: Latest slice of each author, who is known by a hash of 64 bits.
        posts: Posts by slice.
        newest: Newest slice with a post.
        forgotten: Authors forgotten for want of room.
    """

    slices_max: int
    latest: dict[int, int] = msgspec.field(default_factory=dict)
    posts: dict[int, int] = msgspec.field(default_factory=dict)
    newest: int = -1
    forgotten: int = 0

    def add(self, author: str, event_time_ms: int) -> None:
        """Count a post; one older than the longest window is not counted."""
        own = slice_of(event_time_ms)
        if own > self.newest:
            self.newest = own
            if len(self.posts) > self.slices_max:
                self._forget_before(own - self.slices_max + 1)
        elif own <= self.newest - self.slices_max:
            return
        self.posts[own] = self.posts.get(own, 0) + 1
        number = int.from_bytes(blake2b(author.encode(), digest_size=8).digest(), "big")
        if self.latest.get(number, -1) < own:
            self.latest[number] = own
            if len(self.latest) > AUTHORS_MAX:
                self._make_room()

    def take_back(self, event_time_ms: int) -> None:
        """Count one post less. Its author stays until the slice has left the longest window: others may be theirs."""
        own = slice_of(event_time_ms)
        left = self.posts.get(own, 0) - 1
        if left > 0:
            self.posts[own] = left
        else:
            self.posts.pop(own, None)

    def count(self, now_ms: int, slices: Sequence[int]) -> list[tuple[int, int]]:
        """Return (distinct authors, posts) of the windows of so many slices that end with the current one."""
        last = slice_of(now_ms)
        latest = sorted(self.latest.values())
        present = bisect_right(latest, last)
        numbers = sorted(self.posts)
        before = list(accumulate([self.posts[own] for own in numbers], initial=0))
        posts = before[bisect_right(numbers, last)]
        return [
            (present - bisect_left(latest, first), posts - before[bisect_left(numbers, first)])
            for first in [last - length + 1 for length in slices]
        ]

    def absorb(self, other: "SlidingCounts") -> None:
        """Count what the other counted, as if it had been counted here; an author of both counts once."""
        for author, own in other.latest.items():
            if self.latest.get(author, -1) < own:
                self.latest[author] = own
        for own, count in other.posts.items():
            self.posts[own] = self.posts.get(own, 0) + count
        self.newest = max(self.newest, other.newest)
        if len(self.latest) > AUTHORS_MAX:
            self._make_room()

    def _forget_before(self, first: int) -> None:
        self.posts = {own: count for own, count in self.posts.items() if own >= first}
        self.latest = {author: own for author, own in self.latest.items() if own >= first}

    def _make_room(self) -> None:
        self._forget_before(self.newest - self.slices_max + 1)
        excess = len(self.latest) - AUTHORS_MAX * 3 // 4
        if excess > 0:
            oldest = sorted((own, author) for author, own in self.latest.items())[:excess]
            self.forgotten += excess
            for _, author in oldest:
                del self.latest[author]
