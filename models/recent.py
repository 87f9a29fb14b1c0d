"""The latest posts of the live micro-clusters: what splits and typical posts are found by."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec


class RecentPost(msgspec.Struct, array_like=True, gc=False):
    """One post.

    Attributes:
        micro_cluster_id: Where it is now, merges and splits followed.
        key: Names it.
        at_ms: Event time at which it counts.
        counts: Its terms, each with its count.
    """

    micro_cluster_id: int
    key: str
    at_ms: int
    counts: Mapping[str, float]


class RecentPosts:
    """The latest posts, as many as hold `terms_max` terms, at least one.

    They are few, so those of a micro-cluster are found by walking all: that is asked for rarely, and an index would
    cost each post.

    Example:
        >>> recent = RecentPosts(terms_max=3)
        >>> for number, key in enumerate("abcd"):
        ...     recent.add(number % 2, key, number, {"vault": 1.0})
        >>> recent.move(recent.of(1), into=0)
        >>> [post.key for post in recent.of(0)]
        ['b', 'c', 'd']
    """

    def __init__(self, terms_max: int, posts: Iterable[RecentPost] = ()) -> None:
        self._terms_max = terms_max
        self._hold(map(msgspec.structs.replace, posts))

    def __iter__(self) -> Iterator[RecentPost]:
        """Return copies of the posts, oldest first; of their counts, which never change, they share the originals."""
        return map(msgspec.structs.replace, self._posts)

    def add(self, micro_cluster_id: int, key: str, at_ms: int, counts: Mapping[str, float]) -> None:
        """Take in a post, and let the oldest go where there is no room."""
        self._posts.append(RecentPost(micro_cluster_id, key, at_ms, counts))
        self._terms += len(counts)
        while self._terms > self._terms_max and len(self._posts) > 1:
            self._terms -= len(self._posts.popleft().counts)

    def of(self, micro_cluster_id: int) -> list[RecentPost]:
        """Return the latest posts of a micro-cluster, oldest first."""
        return [post for post in self._posts if post.micro_cluster_id == micro_cluster_id]

    def move(self, posts: Iterable[RecentPost], into: int) -> None:
        """Take posts into another micro-cluster."""
        for post in posts:
            post.micro_cluster_id = into

    def forget(self, micro_cluster_ids: Collection[int]) -> None:
        """Let the posts of micro-clusters go that are no more."""
        self._hold([post for post in self._posts if post.micro_cluster_id not in micro_cluster_ids])

    def _hold(self, posts: Iterable[RecentPost]) -> None:
        self._posts = deque(posts)
        self._terms = sum(len(post.counts) for post in self._posts)
