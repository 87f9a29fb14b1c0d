"""The narratives of one community: which each post belongs to, and how each stands in sliding windows.

A narrative is a micro-cluster of the clusterer, with a public id that never changes. Trend messages tell how it
stands, from its third author on: at points of a 10 s grid while it has posts within an hour of one another, and after
the story that it is part of has changed its state; when its last hour has run empty; and when nothing of it is left in
the longest window, which is its end.

Bounded: the narratives with a post in the longest window, of at most `AUTHORS_MAX` authors in all; beyond that the ones
without a post for longest are dropped first. And the ids of the clusterer's live micro-clusters.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import blake2b
from heapq import heappop, heappush
from typing import Final, NamedTuple

import msgspec

from models.clusterers import Clusterer
from models.mentions import HOUR_MS, Mention
from models.message import Lineage, TrendMessage, TrendWindow, rounded
from models.story import Story
from models.surfaces import Surfaces, told_surface
from models.windows import SLICE_MS, SlidingCounts

REPORT_EVERY_MS: Final = 10_000
AUTHORS_MIN: Final = 3
AUTHORS_MAX: Final = 50_000
_TERMS_AGAIN_AT: Final = 1.25
"""What a narrative is about is looked up again when it has a quarter more posts."""

_TERMS_SHOWN: Final = 5
_TERMS_LOOKED_AT: Final = 40
"""So many pairs of characters may be needed to find five names."""

_HEADLINE_TERMS: Final = 3
_HOUR_SLICES: Final = HOUR_MS // SLICE_MS
_RUN_EMPTY_MS: Final = HOUR_MS + SLICE_MS
"""After so long without a post nothing is left in the window of an hour, whose first slice is a part of one."""


class Narrative(msgspec.Struct, kw_only=True):
    """How one narrative stands.

    Attributes:
        id: Its public id.
        first_seen_ms, last_seen_ms: Event times of its first and latest post.
        counts: Authors and posts by slice.
        story: Number of the story that its latest post belongs to; 0 for none.
        is_dirty: Whether a report is due at the next point of the grid.
        look_ms: When to look whether its windows have run empty.
        reported_ms: Event time of its latest message; -1 before the first.
        hour_authors: Authors of the last hour as last told.
        posts: Posts so far.
        terms: What it is about, as looked up at `terms_posts` posts.
        shown: How posts wrote these terms then, where that is something else.
        split_from: Public id of the narrative that it was a part of; None unless it was split off.
    """

    id: str
    first_seen_ms: int
    last_seen_ms: int
    counts: SlidingCounts
    story: int = 0
    is_dirty: bool = False
    look_ms: int = 0
    reported_ms: int = -1
    hour_authors: int = 0
    posts: int = 0
    terms: list[str] = msgspec.field(default_factory=list)
    terms_posts: int = 0
    shown: dict[str, str] = msgspec.field(default_factory=dict)
    split_from: str | None = None


class NarrativeId(NamedTuple):
    """What a micro-cluster is called outside.

    Attributes:
        public: Its public id.
        first_seen_ms: Event time at which it was given.
        split_from: Public id of the narrative that it was a part of; None unless it was split off.
    """

    public: str
    first_seen_ms: int
    split_from: str | None = None


class NarrativesState(msgspec.Struct):
    """`Narratives` as they are saved, the clusterer's own state apart."""

    live: dict[int, Narrative]
    ids: dict[int, NarrativeId]
    due: list[tuple[int, int, bool]]
    hour_authors: dict[int, int]


class Narratives:
    """See the module's description.

    Args:
        community: Its name.
        clusterer: Finds the micro-cluster of each post.
        lengths_ms: Lengths of the windows in trend messages, shortest first.
        life: Number of the community's life, a part of ids: none is given a second time.
    """

    def __init__(self, community: str, clusterer: Clusterer, lengths_ms: tuple[int, ...], life: int = 0) -> None:
        self._community = community
        self._life = life
        self._clusterer = clusterer
        self._slices = [length // SLICE_MS for length in lengths_ms]
        self._longest_ms = max(*lengths_ms, HOUR_MS)
        self._live: dict[int, Narrative] = {}
        self._ids: dict[int, NarrativeId] = {}
        self._due: list[tuple[int, int, bool]] = []
        self._hour_authors: dict[int, int] = {}
        self._authors = 0

    def __len__(self) -> int:
        """Return how many narratives have a post in the longest window."""
        return len(self._live)

    def assign(self, terms: list[str], event_time_ms: int, key: str) -> int:
        """Return the micro-cluster of a post, and learn from it; negative for a post without terms."""
        cluster = self._clusterer.assign(terms, event_time_ms, key)
        if cluster not in self._ids and cluster >= 0:
            self._ids[cluster] = NarrativeId(self._make_id(f"{key}\n{cluster}"), event_time_ms)
        return cluster

    def still_live(self, cluster: int) -> int | None:
        """Return the micro-cluster that stands for this one now; None if it faded."""
        own = self._clusterer.resolve(cluster)
        return own if own in self._ids else None

    def id_of_most(self, mentions: list[Mention]) -> str:
        """Return the public id of the narrative that holds most of these posts; the oldest of several."""
        held = Counter(self._clusterer.resolve(mention.narrative) for mention in mentions)
        ranked = sorted(held.items(), key=lambda item: (-item[1], item[0]))
        for cluster, _ in ranked:
            if cluster in self._ids:
                return self._ids[cluster].public
        return self._make_id(mentions[0].key)

    def _make_id(self, first: str) -> str:
        life = f"\n{self._life}" if self._life else ""
        return "n" + blake2b(f"{self._community}\n{first}{life}".encode(), digest_size=10).hexdigest()

    def touch(self, mention: Mention, now_ms: int) -> list[TrendMessage]:
        """Count a post for its narrative, and plan what is to be told of it; return the last of those dropped."""
        cluster = self._clusterer.resolve(mention.narrative)
        if cluster not in self._ids:
            return []
        narrative = self._enter(cluster)
        is_answered = mention.event_time_ms - narrative.last_seen_ms < HOUR_MS
        narrative.posts += 1
        narrative.first_seen_ms = min(narrative.first_seen_ms, mention.event_time_ms)
        before = len(narrative.counts.latest)
        narrative.counts.add(mention.author, mention.event_time_ms)
        self._authors += len(narrative.counts.latest) - before
        narrative.last_seen_ms = max(narrative.last_seen_ms, mention.event_time_ms)
        narrative.story = mention.story or narrative.story
        if narrative.look_ms < now_ms or narrative.look_ms > now_ms + _RUN_EMPTY_MS:
            self._look(cluster, narrative, now_ms + _RUN_EMPTY_MS)
        if is_answered and len(narrative.counts.latest) >= AUTHORS_MIN:
            self._plan(cluster, narrative, now_ms)
        return self._make_room(now_ms) if self._authors > AUTHORS_MAX else []

    def forget(self, mention: Mention) -> None:
        """Count a post that was taken back no longer."""
        narrative = self._live.get(self._clusterer.resolve(mention.narrative))
        if narrative is not None:
            narrative.posts -= 1
            narrative.counts.take_back(mention.event_time_ms)

    def follow_stories(self, changes: Iterable[tuple[Story, int]], now_ms: int) -> None:
        """Plan to tell of the narratives whose story has changed its state, see `Stories.drain_changes`."""
        for story, number in changes:
            own = {self._clusterer.resolve(cluster) for cluster in story.narratives} if number else set()
            for cluster, narrative in self._live.items():
                if narrative.story == story.number or (not narrative.story and cluster in own):
                    narrative.story = number
                    if narrative.reported_ms >= 0:
                        self._plan(cluster, narrative, now_ms)

    def _plan(self, cluster: int, narrative: Narrative, now_ms: int) -> None:
        if not narrative.is_dirty:
            narrative.is_dirty = True
            heappush(self._due, (-(-(now_ms + 1) // REPORT_EVERY_MS) * REPORT_EVERY_MS, cluster, False))

    def close(self, now_ms: int) -> list[TrendMessage]:
        """Return the last messages of all narratives: their community is followed no longer."""
        return [
            self._farewell(narrative, now_ms, None) for narrative in self._live.values() if narrative.reported_ms >= 0
        ]

    def _make_room(self, now_ms: int) -> list[TrendMessage]:
        messages = []
        for _, cluster in sorted((narrative.last_seen_ms, cluster) for cluster, narrative in self._live.items()):
            if self._authors <= AUTHORS_MAX * 3 // 4 or len(self._live) == 1:
                break
            narrative = self._drop(cluster)
            if narrative is not None and narrative.reported_ms >= 0:
                messages.append(self._farewell(narrative, now_ms, None))
        return messages

    def _drop(self, cluster: int) -> Narrative | None:
        narrative = self._live.pop(cluster, None)
        self._hour_authors.pop(cluster, None)
        if narrative is not None:
            self._authors -= len(narrative.counts.latest)
        return narrative

    def _enter(self, cluster: int) -> Narrative:
        narrative = self._live.get(cluster)
        if narrative is None:
            known = self._ids[cluster]
            narrative = Narrative(
                id=known.public,
                first_seen_ms=known.first_seen_ms,
                last_seen_ms=0,
                split_from=known.split_from,
                counts=SlidingCounts(self._longest_ms // SLICE_MS),
            )
            self._live[cluster] = narrative
        return narrative

    def _look(self, cluster: int, narrative: Narrative, at_ms: int) -> None:
        narrative.look_ms = at_ms
        heappush(self._due, (at_ms, cluster, True))

    @property
    def next_due_ms(self) -> int | None:
        """When something is to be told next, if no post comes."""
        return self._due[0][0] if self._due else None

    def advance(
        self,
        now_ms: int,
        story_of: Callable[[int], Story | None],
        usual_within: Callable[[int], float],
        share_of: Callable[[int], float],
        is_told: Callable[[str], bool],
        *,
        texts_of: Callable[[str], list[str]] = lambda _: [],
        is_backfill: bool = False,
    ) -> list[TrendMessage]:
        """Return what is to be told at `now_ms`, a moment that `next_due_ms` gave.

        Args:
            now_ms: The moment.
            story_of: The open story of a number.
            usual_within: How many posts of the community are usual in a window of this length that ends now.
            share_of: A micro-cluster's expected share of them.
            is_told: Whether a post with a term is left (the clusterer forgets nothing), and nobody has muted it.
            texts_of: Texts of the latest posts with a term.
            is_backfill: Whether the latest post is of a backfill: then of no narrative it is begun to tell.
        """
        messages = []
        usual: list[float] = []
        while self._due and self._due[0][0] <= now_ms:
            due_ms, cluster, is_look = heappop(self._due)
            narrative = self._live.get(cluster)
            if narrative is None or (is_look and due_ms != narrative.look_ms):
                continue
            if is_look and not self._look_again(cluster, narrative, now_ms):
                continue
            narrative.is_dirty = narrative.is_dirty and is_look
            usual = usual or [usual_within(slices * SLICE_MS) for slices in self._slices]
            share = share_of(cluster)
            expected = [share * posts for posts in usual]
            if narrative.posts >= _TERMS_AGAIN_AT * narrative.terms_posts:
                self._look_up(cluster, narrative, texts_of)
            message = self._report(cluster, narrative, now_ms, story_of(narrative.story), expected)
            if is_backfill and narrative.reported_ms < 0:
                continue
            narrative.reported_ms = now_ms
            terms = [told_surface(term, narrative.shown, is_told) for term in message.terms if is_told(term)]
            messages.append(msgspec.structs.replace(message, terms=terms, headline=" ".join(terms[:_HEADLINE_TERMS])))
        return messages

    def _look_again(self, cluster: int, narrative: Narrative, now_ms: int) -> bool:
        """Plan the next look at a narrative; return whether there is something to tell now."""
        quiet_ms = now_ms - narrative.last_seen_ms
        if quiet_ms >= self._longest_ms:
            self._drop(cluster)
            return narrative.reported_ms >= 0
        has_run_empty = quiet_ms >= _RUN_EMPTY_MS
        self._look(
            cluster,
            narrative,
            narrative.last_seen_ms + (self._longest_ms if has_run_empty else _RUN_EMPTY_MS),
        )
        return has_run_empty and narrative.hour_authors > 0

    def follow_lineage(self, now_ms: int) -> list[TrendMessage]:
        """Return the last messages of narratives that are no more; the counts of merged ones go to those that stay."""
        messages = []
        for event in self._clusterer.drain_lineage():
            if event.kind == "split" and event.split_from in self._ids:
                whole = self._ids[event.split_from].public
                public = self._make_id(f"{whole}\n{event.micro_cluster_id}")
                self._ids[event.micro_cluster_id] = NarrativeId(public, event.at_ms, whole)
            if not event.is_end:
                continue
            own = self._drop(event.micro_cluster_id)
            known = self._ids.pop(event.micro_cluster_id, None)
            if own is None or known is None:
                continue
            into = self._take_over(own, event.into, now_ms) if event.into in self._ids else None
            if own.reported_ms >= 0:
                messages.append(self._farewell(own, now_ms, into.id if into else None))
        return messages

    def _take_over(self, own: Narrative, cluster: int, now_ms: int) -> Narrative:
        into = self._enter(cluster)
        before = len(into.counts.latest)
        into.counts.absorb(own.counts)
        self._authors += len(into.counts.latest) - before
        into.story = into.story or own.story
        into.posts += own.posts
        into.last_seen_ms = max(into.last_seen_ms, own.last_seen_ms)
        if into.look_ms < now_ms:
            self._look(cluster, into, now_ms + _RUN_EMPTY_MS)
        return into

    def _farewell(self, narrative: Narrative, now_ms: int, merged_into: str | None) -> TrendMessage:
        return TrendMessage(
            narrative_id=narrative.id,
            community=self._community,
            at_ms=now_ms,
            state="quiet",
            terms=[],
            headline="",
            windows=[],
            rank=0,
            first_seen_ms=narrative.first_seen_ms,
            last_seen_ms=narrative.last_seen_ms,
            lineage=Lineage(merged_into=merged_into, split_from=narrative.split_from),
            is_gone=True,
        )

    def _look_up(self, cluster: int, narrative: Narrative, texts_of: Callable[[str], list[str]]) -> None:
        leading = [term for term, _ in self._clusterer.leading_terms(cluster, _TERMS_LOOKED_AT)]
        surfaces = Surfaces(texts_of(f"~{cluster}")).shown(leading, _TERMS_SHOWN)
        narrative.terms_posts, narrative.terms = narrative.posts, list(surfaces)
        narrative.shown = {term: surface for term, surface in surfaces.items() if surface != term}

    def _report(
        self, cluster: int, narrative: Narrative, now_ms: int, story: Story | None, expected: list[float]
    ) -> TrendMessage:
        if cluster not in self._live:
            return self._farewell(narrative, now_ms, None)
        *counts, (narrative.hour_authors, _) = narrative.counts.count(now_ms, [*self._slices, _HOUR_SLICES])
        if narrative.hour_authors:
            self._hour_authors[cluster] = narrative.hour_authors
        else:
            self._hour_authors.pop(cluster, None)
        return TrendMessage(
            narrative_id=narrative.id,
            community=self._community,
            at_ms=now_ms,
            state=story.state(now_ms) if story else "quiet",
            terms=narrative.terms,
            headline="",
            windows=[
                TrendWindow(slices * SLICE_MS, authors, posts, rounded(usual))
                for slices, (authors, posts), usual in zip(self._slices, counts, expected, strict=True)
            ],
            rank=1 + len([authors for authors in self._hour_authors.values() if authors > narrative.hour_authors]),
            first_seen_ms=narrative.first_seen_ms,
            last_seen_ms=narrative.last_seen_ms,
            lineage=Lineage(split_from=narrative.split_from),
            alert_id=story.alert_id if story and not story.is_untold else None,
        )

    def snapshot(self) -> NarrativesState:
        """Return the state; shares its parts, so encode it before going on."""
        return NarrativesState(self._live, self._ids, self._due, self._hour_authors)

    def restore(self, state: NarrativesState) -> None:
        """Take over a state."""
        self._live, self._ids, self._due = state.live, state.ids, state.due
        self._hour_authors = state.hour_authors
        self._authors = sum(len(narrative.counts.latest) for narrative in self._live.values())
