"""One story: bursting terms of a community that share posts, and what they are about.

It gathers the posts that hold one of its core terms. Its leading terms are those that its authors use far more than
the community does: that names common words that rise with it, which would not pass the bar alone.
"""

import math
from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec

from models.baseline import VolumeChange
from models.detector import TermScore
from models.mentions import MINUTE_MS, Mention
from models.message import Robustness, State
from models.significance import voices
from models.terms import cut_name, size_in_bytes

TAKEN_BACK: Final = "…"
"""Stands for a term of which all posts were taken back."""

AUTHORS_MAX: Final = 5_000
TEXTS_MAX: Final = 5_000
NAMES_MAX: Final = 64
TERMS_MAX: Final = 400
CANDIDATES_MAX: Final = 24
"""Caps of one story. Beyond them further authors, texts, languages, sources and communities are not told apart; the
rarest terms and the least typical samples are dropped."""

STORIES_MAX: Final = 50
"""Open at once in a community."""

SAMPLES_MAX: Final = 5
"""Posts shown in a message; where fewer candidates are left, others are looked for."""

TERMS_BYTES_MAX: Final = 8_192
CANDIDATE_BYTES_MAX: Final = 6_144
STORIES_BYTES_MAX: Final = 500_000
"""Of the terms of one story, of a post that may be shown, and of all the stories of a community; see `share_room`."""

_SHARE_BYTES: Final = STORIES_BYTES_MAX // STORIES_MAX
"""What each of the stories of a community may take up however large the others are."""

_ALWAYS_SHOWN: Final = 2
"""The first posts of a story can always be shown."""

_ENTRY_BYTES: Final = 4
_AUTHOR_BYTES: Final = 16
"""What a number with its count, and what the counts of an author take up."""

RISING_MS: Final = 10 * MINUTE_MS
ACTIVE_MS: Final = 30 * MINUTE_MS
OPEN_MS: Final = 120 * MINUTE_MS
"""A story is rising while a term passed the bar in the last 10 minutes, active while one scored 60 % of the bar in
the last 30, cooling after that, and over two hours after the last time."""

HOLD_SHARE: Final = 0.6
_TERM_HALF_LIFE_MS: Final = 30 * MINUTE_MS
_WEIGHT_MIN: Final = 1e-6
"""Less than any post still weighs: what rounding leaves of a post that was taken back."""


class AuthorCount(msgspec.Struct, array_like=True):
    """Posts of one author in the story, the event time of the first, and whether the author is known by name."""

    posts: int
    first_ms: int
    is_known: bool = True


class Story(msgspec.Struct, kw_only=True):
    """See the module's description. All times are event times.

    Attributes:
        number: Counts the community's stories from 1.
        alert_id: Of its alert.
        narrative_id: Public id of the narrative that held most of its posts when it opened.
        opened_ms: When it first passed the bar.
        earliest_ms: When the term that opened it had voices enough for an alert; None if that is not known.
        onset_ms: Its first post.
        latest_ms: Its latest post.
        passed_ms: When a term last passed the bar.
        held_ms: When a core term last scored `HOLD_SHARE` of the bar.
        beside: Stories of the community that were open before it.
        volume_change: How the community's usual volume had changed in the week before it opened.
        best: The score by which it opened; after a message the next that passes the bar, and the largest since.
        is_untold: Whether it opened in a backfill: then it never becomes an alert.
        is_told: Whether a message has told `best`.
        core: Bursting terms, with their largest significance.
        joined: Terms that passed the bar and joined it since the last message, as far as a message has room for them.
        ground: Voices below which deletions take its ground away; set when people are first told.
        weights: Fading count of authors by term.
        weight: Fading count of posts that brought a term of their author's for the first time within an hour.
        shares: Least expected share of the community's posts, by term, since the story began: its own posts make its
            terms usual after a while, and must not count against them.
        weighed_ms: Up to when the weights have faded.
        authors: By name, see `cut_name`.
        author_bytes: Bytes of these names.
        size: Bytes that it takes up, its terms aside, which have a cap of their own.
        size_max: Bytes that it may take up, see `share_room`.
        is_full: Whether it has taken them up: then there is no room for further authors, texts, names and samples.
        texts: Posts by class of near-copies.
        reposted: Reposts by class of near-copies.
        narratives: Posts by micro-cluster.
        candidates: Posts that may be shown, one a class of near-copies.
        posts, reposts, anonymous: Counts of posts.
        languages, sources, communities: Posts by each.
        state_told: Its state as trend messages tell it.
        narratives_told: How many narratives it had then.
        revision: Of its latest message; 0 before the first.
        messaged_ms: When that was.
        looked_posts: Posts when it was last looked whether there is something new to tell.
        messaged_authors: Authors told in the message that last told a step in size.
        told: Terms that messages have told among the first five.
        about: Leading terms as last told, best first.
        terms: The same, with what was new in that message right after the first.
        robustness: What `best` was without some of its posts, as last scored; None after a post was taken back.
    """

    number: int
    alert_id: str
    narrative_id: str
    opened_ms: int
    earliest_ms: int | None = None
    onset_ms: int
    latest_ms: int
    passed_ms: int
    held_ms: int
    best: TermScore
    beside: int = 0
    volume_change: VolumeChange | None = None
    is_untold: bool = False
    is_told: bool = False
    core: dict[str, float] = msgspec.field(default_factory=dict)
    joined: list[str] = msgspec.field(default_factory=list)
    ground: int = 0
    weights: dict[str, float] = msgspec.field(default_factory=dict)
    weight: float = 0.0
    shares: dict[str, float] = msgspec.field(default_factory=dict)
    weighed_ms: int = 0
    authors: dict[str, AuthorCount] = msgspec.field(default_factory=dict)
    author_bytes: int = 0
    size: int = 0
    size_max: int = STORIES_BYTES_MAX
    is_full: bool = False
    texts: dict[int, int] = msgspec.field(default_factory=dict)
    reposted: dict[int, int] = msgspec.field(default_factory=dict)
    narratives: dict[int, int] = msgspec.field(default_factory=dict)
    candidates: list[Mention] = msgspec.field(default_factory=list)
    posts: int = 0
    reposts: int = 0
    anonymous: int = 0
    languages: dict[str, int] = msgspec.field(default_factory=dict)
    sources: dict[str, int] = msgspec.field(default_factory=dict)
    communities: dict[str, int] = msgspec.field(default_factory=dict)
    state_told: State = "quiet"
    narratives_told: int = 0
    revision: int = 0
    messaged_ms: int = 0
    looked_posts: int = 0
    messaged_authors: int = 0
    told: list[str] = msgspec.field(default_factory=list)
    about: list[str] = msgspec.field(default_factory=list)
    terms: list[str] = msgspec.field(default_factory=list)
    robustness: Robustness | None = None

    @property
    def severity(self) -> int:
        """1 to 10: six tenths more authors or texts for each step, whichever are fewer; 3 reach 2, and 121 reach 10."""
        size = min(len(self.authors), len(self.texts))
        return max(1, min(10, round(1.5 * math.log2(max(1.0, size / 1.5)))))

    @property
    def voices(self) -> int:
        """Voices of the whole story so far; see `significance.voices`."""
        return voices(len(self.authors), len(self.texts), len(self.reposted))

    @property
    def voices_max(self) -> int:
        """The same if each post whose author or text found no room was one more."""
        told_apart = min(sum(own.posts for own in self.authors.values()), sum(self.texts.values()))
        return self.voices + self.posts - told_apart

    def state(self, now_ms: int) -> State:
        """Return where in its life it is; see `RISING_MS`."""
        if now_ms - self.passed_ms < RISING_MS:
            return "rising"
        if now_ms - self.held_ms < ACTIVE_MS:
            return "active"
        return "cooling" if now_ms - self.held_ms < OPEN_MS else "quiet"

    def next_change_ms(self, now_ms: int) -> int:
        """Return when, without further posts, its state will change next."""
        state = self.state(now_ms)
        if state == "rising":
            return self.passed_ms + RISING_MS
        return self.held_ms + (ACTIVE_MS if state == "active" else OPEN_MS)

    def note(self, score: TermScore, bar: float) -> None:
        """Take note of a score of a core term."""
        if score.significance >= HOLD_SHARE * bar:
            self.held_ms = score.at_ms
            self.mark(score.term, score.significance)
        if score.significance >= bar:
            self.passed_ms = score.at_ms
        if score.significance > self.best.significance or (self.is_told and score.significance >= bar):
            self.best = score
            self.is_told = False

    def mark(self, term: str, significance: float) -> None:
        """Make a term core, or note that it scored higher."""
        if term in self.core or (len(self.core) < TERMS_MAX and _bytes_of(self.core) < TERMS_BYTES_MAX):
            self.core[term] = max(self.core.get(term, 0.0), significance)

    def add(self, mention: Mention) -> None:
        """Gather a post that is in no other open story; one that was updated weighs what it did before."""
        mention.story = self.number
        self.is_full = self.size >= self.size_max
        self.posts += 1
        self.reposts += mention.is_repost
        self.anonymous += not mention.is_author_known
        self.onset_ms = min(self.onset_ms, mention.event_time_ms)
        self.latest_ms = max(self.latest_ms, mention.event_time_ms)
        self._count_author(mention)
        self._count(self.texts, mention.text_class, TEXTS_MAX)
        if mention.is_repost:
            self._count(self.reposted, mention.text_class, TEXTS_MAX)
        self._count(self.narratives, mention.narrative, TEXTS_MAX)
        if mention.lang:
            self._count(self.languages, mention.lang, NAMES_MAX)
        if mention.source:
            self._count(self.sources, cut_name(mention.source), NAMES_MAX)
        for community in mention.communities:
            self._count(self.communities, cut_name(community), NAMES_MAX)
        self._weigh(mention)
        self._propose(mention)
        self._measure()

    def drop(self, mention: Mention, others: Iterable[Mention] = ()) -> None:
        """Forget a post that was taken back: its text, and what it counted for.

        Args:
            mention: The post.
            others: Those in the window, of which the story's own may be shown where it no longer is.
        """
        self.posts -= 1
        # It may name the author.
        self.robustness = None
        self.reposts -= mention.is_repost
        self.anonymous -= not mention.is_author_known
        author = cut_name(mention.author)
        own = self.authors.get(author)
        if own is not None:
            own.posts -= 1
            if own.posts <= 0:
                del self.authors[author]
                self.author_bytes -= size_in_bytes(author)
        _uncount(self.texts, mention.text_class)
        if mention.is_repost:
            _uncount(self.reposted, mention.text_class)
        _uncount(self.narratives, mention.narrative)
        _uncount(self.languages, mention.lang)
        _uncount(self.sources, cut_name(mention.source))
        for community in mention.communities:
            _uncount(self.communities, cut_name(community))
        candidates = len(self.candidates)
        self.candidates = [other for other in self.candidates if other.key != mention.key]
        self._unweigh(mention)
        self._measure()
        if len(self.candidates) < min(candidates, SAMPLES_MAX):
            self.is_full = self.size >= self.size_max
            for other in others:
                if other.story == self.number:
                    self._propose(other)
            self._measure()

    def hide_terms(self) -> None:
        """Show no term any more of which posts were taken back until none is left that weighs anything."""
        self.about = [term for term in self.about if term in self.weights]
        self.terms = [term for term in self.terms if term in self.weights]
        if self.best.term not in self.weights:
            self.best = msgspec.structs.replace(self.best, term=TAKEN_BACK)

    def _measure(self) -> None:
        # Kept, since it is asked of all stories of the community with each post that one of them gathers.
        entries = len(self.texts) + len(self.reposted) + len(self.narratives)
        names = (*self.languages, *self.sources, *self.communities)
        authors = self.author_bytes + _AUTHOR_BYTES * len(self.authors)
        candidates = sum(mention.size for mention in self.candidates)
        self.size = authors + candidates + _ENTRY_BYTES * entries + sum(map(size_in_bytes, names))

    def _count_author(self, mention: Mention) -> None:
        author = cut_name(mention.author)
        own = self.authors.get(author)
        if own is not None:
            own.posts += 1
            own.first_ms = min(own.first_ms, mention.event_time_ms)
        elif len(self.authors) < AUTHORS_MAX and not self.is_full:
            self.authors[author] = AuthorCount(1, mention.event_time_ms, mention.is_author_known)
            self.author_bytes += size_in_bytes(author)

    def _count(self, counts: dict[Any, int], key: str | int, keys_max: int) -> None:
        if key in counts or (len(counts) < keys_max and not self.is_full):
            counts[key] = counts.get(key, 0) + 1

    def _weigh(self, mention: Mention) -> None:
        passed = mention.event_time_ms - self.weighed_ms
        if passed > _TERM_HALF_LIFE_MS:
            factor = math.exp2(-passed / _TERM_HALF_LIFE_MS) if self.weighed_ms else 1.0
            self.weighed_ms = mention.event_time_ms
            self.weight *= factor
            self.weights = {term: weight * factor for term, weight in self.weights.items()}
        mention.weighed_ms = min(mention.weighed_ms or self.weighed_ms, self.weighed_ms)
        left = self._left_of(mention)
        fresh = [term for term in mention.terms if term not in mention.repeats]
        if fresh:
            self.weight += left
            for term in fresh:
                self.weights[term] = self.weights.get(term, 0.0) + left
        if len(self.weights) > TERMS_MAX or _bytes_of(self.weights) > TERMS_BYTES_MAX:
            kept = sorted(self.weights.items(), key=lambda item: (-item[1], item[0]))[: TERMS_MAX * 3 // 4]
            while _bytes_of(term for term, _ in kept) > TERMS_BYTES_MAX * 3 // 4:
                del kept[len(kept) * 3 // 4 :]
            self.weights = dict(kept)
            self.shares = {term: share for term, share in self.shares.items() if term in self.weights}

    def _left_of(self, mention: Mention) -> float:
        return math.exp2(-(self.weighed_ms - mention.weighed_ms) / _TERM_HALF_LIFE_MS)

    def _unweigh(self, mention: Mention) -> None:
        left = self._left_of(mention)
        fresh = [term for term in mention.terms if term not in mention.repeats]
        if fresh:
            self.weight = max(0.0, self.weight - left)
        for term in fresh:
            if term in self.weights:
                self.weights[term] -= left
                if self.weights[term] < _WEIGHT_MIN:
                    del self.weights[term]

    def _propose(self, mention: Mention) -> None:
        if mention.size > CANDIDATE_BYTES_MAX:
            return
        for index, other in enumerate(self.candidates):
            if other.text_class == mention.text_class:
                if other.is_repost and not mention.is_repost:
                    self.candidates[index] = mention
                return
        held = sum(other.size for other in self.candidates)
        if len(self.candidates) >= _ALWAYS_SHOWN and (self.is_full or held > self.size_max // 4):
            return
        self.candidates.append(mention)
        if len(self.candidates) > CANDIDATES_MAX:
            first, rest = self.candidates[:_ALWAYS_SHOWN], self.candidates[_ALWAYS_SHOWN:]
            rest.sort(key=self.relevance, reverse=True)
            self.candidates = first + rest[: CANDIDATES_MAX // 2]

    def relevance(self, mention: Mention) -> float:
        """Return how much a post says of what the story is about: the weights of its core and leading terms."""
        about = set(self.terms) | self.core.keys()
        return math.fsum(self.weights.get(term, 0.0) for term in mention.terms if term in about)


def share_room(stories: Collection[Story]) -> None:
    """Let the stories of a community grow into the room that is left, and each to its share if there is none.

    So they take up hardly more than twice `STORIES_BYTES_MAX`, and a new one is followed however large the others are.
    """
    room = max(0, STORIES_BYTES_MAX - sum(story.size for story in stories))
    for story in stories:
        story.size_max = max(_SHARE_BYTES, story.size + room)


def _bytes_of(terms: Iterable[str]) -> int:
    return size_in_bytes("".join(terms))


def _uncount(counts: dict[Any, int], key: str | int | None) -> None:
    if key in counts:
        counts[key] -= 1
        if not counts[key]:
            del counts[key]
