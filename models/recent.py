"""The latest posts of a clusterer, by micro-cluster: what splits and typical posts are found by."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

import msgspec


class RecentPost(msgspec.Struct, array_like=True, gc=False):
    """One post.

    Attributes:
        position: Counted up in the order of arrival.
        micro_cluster_id: Where it is now, merges and splits followed.
        key: Names it.
        at_ms: Event time at which it counts.
        counts: Its terms, each with its count.
    """

    position: int
    micro_cluster_id: int
    key: str
    at_ms: int
    counts: Mapping[str, float]


class RecentPosts:
    """The latest posts, as many as hold `terms_max` terms, at least one; those of a micro-cluster are found at once.

    Example:
        >>> recent = RecentPosts(terms_max=3)
        >>> for number, key in enumerate("abcd"):
        ...     recent.add(number % 2, key, number, {"vault": 1.0})
        >>> recent.move(recent.of(1), 0)
        >>> [post.key for post in recent.of(0)]
        ['b', 'c', 'd']
    """

    def __init__(self, terms_max: int, posts: Iterable[RecentPost] = ()) -> None:
        self._terms_max = terms_max
        self._terms = 0
        self._next = 0
        self._posts: deque[RecentPost] = deque()
        self._held: dict[int, list[RecentPost]] = {}
        for post in posts:
            self._enter(msgspec.structs.replace(post))

    def __iter__(self) -> Iterator[RecentPost]:
        """Return copies of the posts, oldest first; of their counts, which never change, they share the originals."""
        return map(msgspec.structs.replace, self._posts)

    def add(self, micro_cluster_id: int, key: str, at_ms: int, counts: Mapping[str, float]) -> None:
        """Take in a post, and let the oldest go where there is no room."""
        self._enter(RecentPost(self._next, micro_cluster_id, key, at_ms, counts))
        while self._terms > self._terms_max and len(self._posts) > 1:
            oldest = self._posts.popleft()
            self._terms -= len(oldest.counts)
            held = self._held[oldest.micro_cluster_id]
            if len(held) > 1:
                del held[0]  # few: a list is the quickest
            else:
                del self._held[oldest.micro_cluster_id]

    def of(self, micro_cluster_id: int) -> list[RecentPost]:
        """Return the latest posts of a micro-cluster, oldest first."""
        return list(self._held.get(micro_cluster_id, ()))

    def move(self, posts: Sequence[RecentPost], micro_cluster_id: int) -> None:
        """Take posts of one micro-cluster into another."""
        if not posts:
            return
        moved, before = {post.position for post in posts}, posts[0].micro_cluster_id
        rest = [post for post in self._held.pop(before) if post.position not in moved]
        if rest:
            self._held[before] = rest
        for post in posts:
            post.micro_cluster_id = micro_cluster_id
        together = [*self._held.get(micro_cluster_id, ()), *posts]
        self._held[micro_cluster_id] = sorted(together, key=attrgetter("position"))

    def _enter(self, post: RecentPost) -> None:
        self._posts.append(post)
        held = self._held.get(post.micro_cluster_id)
        if held is None:
            self._held[post.micro_cluster_id] = [post]
        else:
            held.append(post)
        self._terms += len(post.counts)
        self._next = post.position + 1
