"""Which micro-communities a post belongs to: those it names, those whose rules it meets, else the catch-all."""

from collections import defaultdict
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import msgspec

from models.configuration import CoreSettings
from models.post import COMMUNITIES_MAX, Post
from models.terms import find_hashtags, find_terms

_CACHED_COMMUNITIES: Final = 20_000


def partition_of_key(key: str, partitions: int) -> int:
    """Return the partition of a key, 0 to ``partitions - 1``.

    The hash is ours and never changes, since clients' own partitioners differ from one another.
    """
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") % partitions


@lru_cache(maxsize=_CACHED_COMMUNITIES)
def partition_of(community: str, partitions: int) -> int:
    """Return the output partition that holds a community, as `partition_of_key` says."""
    return partition_of_key(community, partitions)


def rules_version(settings: CoreSettings) -> int:
    """Return a number that tells one set of assignment rules from another; the same in every process.

    >>> rules_version(CoreSettings()) == rules_version(CoreSettings(catch_all=""))
    False
    """
    rules = msgspec.json.encode((settings.catch_all, settings.communities))
    return int.from_bytes(blake2b(rules, digest_size=6).digest(), "big")


def _words_of(phrase: str) -> list[str]:
    return find_terms(phrase).words


class Rules:
    """The assignment rules of the settings, ready to be asked for each post.

    A rule's word is met by the same word with or without ``#``, in any letter case; a phrase by the same words
    side by side; a hashtag by the hashtag only.

    >>> from models.configuration import CommunityRule
    >>> rules = Rules(CoreSettings(communities=[CommunityRule(name="coffee", phrases=["flat white"])]))
    >>> rules.communities_of(Post(id="1", text="A Flat White, please", created_at=0))
    ['coffee']
    """

    def __init__(self, settings: CoreSettings) -> None:
        """Compile the rules of `settings`."""
        self._catch_all = settings.catch_all
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._by_hashtag: dict[str, list[str]] = defaultdict(list)
        self._phrases: list[tuple[str, str]] = []
        for rule in settings.communities:
            for word in [*rule.words, *rule.phrases]:
                self._add(" ".join(_words_of(word)), rule.name)
            for hashtag in rule.hashtags:
                for found in find_hashtags(f"#{hashtag.lstrip('#＃')}"):
                    self._by_hashtag[found].append(rule.name)
        self._has_rules = bool(settings.communities)

    def _add(self, phrase: str, community: str) -> None:
        if " " in phrase:
            self._phrases.append((f" {phrase} ", community))
        else:
            self._by_word[phrase].append(community)

    def communities_of(self, post: Post) -> list[str]:
        """Return each community of a post once, at most 16; empty if it belongs to none."""
        found = dict.fromkeys(post.communities)
        if self._has_rules:
            self._match(post, found)
        if not found and self._catch_all:
            return [self._catch_all]
        return list(found)[:COMMUNITIES_MAX]

    def _match(self, post: Post, found: dict[str, None]) -> None:
        words = find_terms(post.text, post.lang).words
        for word in words:
            found.update(dict.fromkeys(self._by_word.get(word, ())))
        if self._phrases:
            text = f" {' '.join(words)} "
            found.update((community, None) for phrase, community in self._phrases if phrase in text)
        if self._by_hashtag:
            for hashtag in find_hashtags(post.text):
                found.update(dict.fromkeys(self._by_hashtag.get(hashtag, ())))
