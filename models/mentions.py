"""The posts of one community in the last hour, by term, and what is usual for each term before that.

A post is *in the window* from its event time on for `WINDOW_MS`; then it leaves the window and enters the
baseline: so no post is compared with itself. The baseline of a term is its share of the community's posts, as
counts that fade with two half-lives, 14 days and 1 day.

Bounded: at most `posts_max` posts, and `bytes_max` bytes before the latest one, in the window; the oldest
leave early, and windows that would reach behind them are not `covered`. At most `terms_max` terms of
`terms_bytes_max` bytes in all, of which those without a post in the window go first, by least faded count; what has no
room is not followed.
"""

from bisect import bisect_right
from math import exp2
from operator import attrgetter
from typing import Final

import msgspec

from models.baseline import Volume
from models.newcomers import KnownAuthors
from models.terms import TERM_BYTES_MAX, size_in_bytes

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
WINDOW_MS: Final = HOUR_MS
HALF_LIFE_MS: Final = 14 * DAY_MS
RECENT_HALF_LIFE_MS: Final = DAY_MS
"""Two memories: what is usual, and what has become usual since yesterday. The larger share counts."""

POSTS_MAX: Final = 20_000
BYTES_MAX: Final = 4_000_000
"""Of texts, names and terms in the window: 10,000 short posts or 3,800 long ones in the hour."""

_NAMES_BYTES: Final = 256
"""Bytes of names and links that a post may have; what is beyond counts double, since it compresses badly."""

TERMS_MAX: Final = 50_000
TERMS_BYTES_MAX: Final = 1_000_000
"""Words have eight bytes on average, and 16 in Cyrillic: made-up ones have 64."""

TEXTS_MAX: Final = 16
"""Enough to tell how a word is written."""

PRUNE_EVERY_MS: Final = 3 * DAY_MS
FORGOTTEN_BELOW: Final = 0.7
"""A term that was seen once two weeks ago, or twice a month ago, is as good as new."""

_time_of = attrgetter("event_time_ms")


class Mention(msgspec.Struct, gc=False, eq=False):
    """A post as the window keeps it.

    Attributes:
        key: Source and id.
        event_time_ms: When.
        author: Its author, or a name of its own if that is not known.
        is_author_known: Whether the post named its author.
        text_class: Number of its class of near-copies.
        is_repost: Whether it passes on another's text.
        narrative: The micro-cluster that it fell into at arrival.
        terms: What is followed in it.
        repeats: Those of its terms that its author had used within the hour before.
        story: Number of the story that it belongs to; 0 for none.
        weighed_ms: Up to when that story's weights had faded as they took it in; 0 before that.
        changed_ms: Event time of the latest update; 0 without one.
        text: Its text, cut, for samples.
        size: Bytes that it takes up in the window.
    """

    key: str
    event_time_ms: int
    author: str
    is_author_known: bool
    text_class: int
    is_repost: bool
    narrative: int
    terms: list[str]
    text: str
    url: str | None = None
    lang: str | None = None
    source: str = ""
    communities: list[str] = msgspec.field(default_factory=list)
    repeats: list[str] = msgspec.field(default_factory=list)
    story: int = 0
    weighed_ms: int = 0
    changed_ms: int = 0
    size: int = 0


def _size_of(mention: Mention) -> int:
    """Return the bytes that the texts, names and terms of a post take up in a snapshot; see `_NAMES_BYTES`."""
    names = (mention.key, mention.author, mention.url or "", mention.lang or "", mention.source, *mention.communities)
    named = sum(map(size_in_bytes, names))
    return size_in_bytes(mention.text) + sum(map(size_in_bytes, mention.terms)) + max(named, 2 * named - _NAMES_BYTES)


class Faded(msgspec.Struct, array_like=True):
    """Two fading counts, as they were at one moment."""

    long: float = 0.0
    recent: float = 0.0
    at_ms: int = 0

    def add(self, count: int, at_ms: int) -> None:
        """Fade to `at_ms`, if that is later, and count."""
        self.fade(at_ms)
        self.long += count
        self.recent += count

    def at(self, at_ms: int) -> "Faded":
        """Return the counts as they will be at `at_ms`, if that is later; they stay as they are."""
        if at_ms <= self.at_ms:
            return self
        faded = Faded(self.long, self.recent, self.at_ms)
        faded.fade(at_ms)
        return faded

    def fade(self, at_ms: int) -> None:
        """Let the counts lose weight up to `at_ms`."""
        passed = at_ms - self.at_ms
        if passed > 0:
            self.long *= exp2(-passed / HALF_LIFE_MS)
            self.recent *= exp2(-passed / RECENT_HALF_LIFE_MS)
            self.at_ms = at_ms


class Term(msgspec.Struct):
    """One followed term: its posts in the window, oldest first, and its baseline."""

    seen: Faded
    mentions: list[Mention] = msgspec.field(default_factory=list)
    story: int = 0


class WindowState(msgspec.Struct):
    """A `MentionWindow` as it is saved; the index by term is made again from the mentions."""

    mentions: list[Mention]
    baselines: dict[str, Faded]
    stories: dict[str, int]
    seen: Faded
    covered_from_ms: int
    pruned_ms: int
    terms_dropped: int
    volume: Volume = msgspec.field(default_factory=Volume)
    authors: dict[int, int] = msgspec.field(default_factory=dict)


class MentionWindow:
    """See the module's description.

    Attributes:
        mentions: The posts in the window, by event time, then by order of arrival.
        terms: By their text.
        seen: Fading count of the community's posts that have left the window.
        volume: How many of them are usual.
        authors: Who has posted here before.
        covered_from_ms: Windows that start before this are not whole.
        terms_dropped: Terms of posts that found no room.
    """

    def __init__(
        self,
        posts_max: int = POSTS_MAX,
        terms_max: int = TERMS_MAX,
        bytes_max: int = BYTES_MAX,
        terms_bytes_max: int = TERMS_BYTES_MAX,
    ) -> None:
        self._posts_max = posts_max
        self._bytes_max = bytes_max
        self._bytes = 0
        self._terms_max = terms_max
        self._terms_bytes_max = terms_bytes_max
        self._terms_bytes = 0
        self.mentions: list[Mention] = []
        self.terms: dict[str, Term] = {}
        self.seen = Faded()
        self.volume = Volume()
        self.authors = KnownAuthors()
        self.covered_from_ms = 0
        self._pruned_ms = 0
        self.terms_dropped = 0
        self._by_key: dict[str, Mention] = {}
        self._uses: dict[tuple[str, str], int] = {}

    def add(self, mention: Mention, now_ms: int) -> None:
        """Take in a post whose event time is at most `now_ms` and still in the window.

        Terms that find no room are taken out of the mention.
        """
        self.expire(now_ms)
        while len(self.mentions) >= self._posts_max or self._bytes > self._bytes_max:
            self.covered_from_ms = self.mentions[0].event_time_ms + 1
            self._leave(1, now_ms)
        # Before terms are taken out: where they are, the text mostly is, too, and is no shorter then.
        mention.size = _size_of(mention)
        if len(self.terms) + len(mention.terms) > self._terms_max or (
            self._terms_bytes + len(mention.terms) * (TERM_BYTES_MAX + 1) > self._terms_bytes_max
        ):
            self._make_room(mention, now_ms)
        self._bytes += mention.size
        _insert(self.mentions, mention)
        self._by_key[mention.key] = mention
        if mention.is_author_known:
            self.authors.note(mention.author, mention.event_time_ms)
        for text in mention.terms:
            term = self.terms.get(text)
            if term is None:
                term = self.terms[text] = Term(Faded(at_ms=now_ms))
                self._terms_bytes += size_in_bytes(text)
            _insert(term.mentions, mention)
            use = (mention.author, text)
            used = self._uses.get(use, 0)
            if used:
                mention.repeats.append(text)
            self._uses[use] = used + 1

    def get(self, key: str) -> Mention | None:
        """Return the post of this source and id, if it is in the window."""
        return self._by_key.get(key)

    def texts_of(self, text: str) -> list[str]:
        """Return the texts of the latest posts with a term, one of each class of near-copies, `TEXTS_MAX` at most."""
        term = self.terms.get(text)
        latest = term.mentions[-TEXTS_MAX:] if term is not None else ()
        return list({mention.text_class: mention.text for mention in latest}.values())

    def remove(self, mention: Mention) -> None:
        """Take a post that is in the window out of it, without a trace in the baseline."""
        del self._by_key[mention.key]
        self.mentions.remove(mention)
        self._bytes -= mention.size
        for text in mention.terms:
            self.terms[text].mentions.remove(mention)
            self._forget_use(mention.author, text)

    def _forget_use(self, author: str, text: str) -> None:
        use = (author, text)
        used = self._uses.pop(use)
        if used > 1:
            self._uses[use] = used - 1

    def expire(self, now_ms: int) -> None:
        """Let the posts leave that are older than the window, into the baseline."""
        last = now_ms - WINDOW_MS
        if self.mentions and self.mentions[0].event_time_ms <= last:
            self._leave(bisect_right(self.mentions, last, key=_time_of), None)
        self.volume.advance(last)
        if now_ms - self._pruned_ms > PRUNE_EVERY_MS:
            self._prune(now_ms, FORGOTTEN_BELOW)

    def volumes(self, now_ms: int, lengths_ms: tuple[int, ...]) -> list[int]:
        """Return how many posts the windows ``(now_ms - length, now_ms]`` hold."""
        count = len(self.mentions)
        return [count - bisect_right(self.mentions, now_ms - length, key=_time_of) for length in lengths_ms]

    def _leave(self, count: int, at_ms: int | None) -> None:
        for mention in self.mentions[:count]:
            left_ms = mention.event_time_ms + WINDOW_MS if at_ms is None else at_ms
            del self._by_key[mention.key]
            self._bytes -= mention.size
            self.seen.add(1, left_ms)
            self.volume.add(mention.event_time_ms)
            for text in mention.terms:
                term = self.terms[text]
                term.mentions.remove(mention)
                self._forget_use(mention.author, text)
                if text not in mention.repeats:
                    term.seen.add(1, left_ms)
        del self.mentions[:count]

    def _make_room(self, mention: Mention, now_ms: int) -> None:
        if now_ms - self._pruned_ms > HOUR_MS:
            self._prune(now_ms, FORGOTTEN_BELOW)
            idle = sorted(
                (term.seen.long * exp2((term.seen.at_ms - now_ms) / HALF_LIFE_MS), text)
                for text, term in self.terms.items()
                if not term.mentions
            )
            for _, text in idle:
                if self._is_roomy(len(self.terms), self._terms_bytes):
                    break
                self._forget(text)
        self._drop_unroomed(mention)

    def _is_roomy(self, terms: int, size: int) -> bool:
        return terms <= self._terms_max * 3 // 4 and size <= self._terms_bytes_max * 3 // 4

    def _drop_unroomed(self, mention: Mention) -> None:
        """Take the terms out of a mention for which there is no room, from the first such on."""
        terms, size, kept = len(self.terms), self._terms_bytes, []
        for text in mention.terms:
            if text not in self.terms:
                terms += 1
                size += size_in_bytes(text)
                if terms > self._terms_max or size > self._terms_bytes_max:
                    self.terms_dropped += 1
                    continue
            kept.append(text)
        mention.terms = kept

    def _forget(self, text: str) -> None:
        del self.terms[text]
        self._terms_bytes -= size_in_bytes(text)

    def _prune(self, now_ms: int, least: float) -> None:
        self._pruned_ms = now_ms
        forgotten = [
            text
            for text, term in self.terms.items()
            if not term.mentions and term.seen.long * exp2((term.seen.at_ms - now_ms) / HALF_LIFE_MS) < least
        ]
        for text in forgotten:
            self._forget(text)

    def snapshot(self) -> WindowState:
        """Return the state; shares its parts with the window, so encode it before going on."""
        return WindowState(
            mentions=self.mentions,
            baselines={text: term.seen for text, term in self.terms.items()},
            stories={text: term.story for text, term in self.terms.items() if term.story},
            seen=self.seen,
            covered_from_ms=self.covered_from_ms,
            pruned_ms=self._pruned_ms,
            terms_dropped=self.terms_dropped,
            volume=self.volume,
            authors=self.authors.snapshot(),
        )

    def restore(self, state: WindowState) -> None:
        """Take over a state; going on from it gives what going on from the original would."""
        self.mentions = state.mentions
        self.terms = {text: Term(seen, [], state.stories.get(text, 0)) for text, seen in state.baselines.items()}
        self._terms_bytes = sum(map(size_in_bytes, self.terms))
        for mention in self.mentions:
            for text in mention.terms:
                self.terms[text].mentions.append(mention)
                self._uses[mention.author, text] = self._uses.get((mention.author, text), 0) + 1
        self._by_key = {mention.key: mention for mention in self.mentions}
        self._bytes = sum(mention.size for mention in self.mentions)
        self.seen = state.seen
        self.covered_from_ms = state.covered_from_ms
        self._pruned_ms = state.pruned_ms
        self.terms_dropped = state.terms_dropped
        self.volume = state.volume
        self.authors.restore(state.authors)


def _insert(mentions: list[Mention], mention: Mention) -> None:
    if not mentions or mentions[-1].event_time_ms <= mention.event_time_ms:
        mentions.append(mention)
    else:
        mentions.insert(bisect_right(mentions, mention.event_time_ms, key=_time_of), mention)
