"""The tracker of one community: posts in, alert and trend messages out. All memory of the community is here.

It is told the watermark and never asks a clock, a random generator or a service. The steps of a post:

    offer -> (wait for the watermark) -> terms, text class, narrative -> window -> scores -> stories -> narratives

Time moves in `advance`, which lets go the posts that waited and reaches the *points* at which a story changes its
state or a narrative is told of, in the order of event time; a point comes before the posts of the same moment. So
advancing in one step or in several is the same, and cutting the input after a message leaves the message unchanged.

Posts of a *backfill* are learnt from like any other, but nothing new is told because of them: no story that one of them
opens, no narrative until a post comes that is of now. What people know of already goes on being told.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from models.baseline import Volume
from models.budget import BudgetState
from models.clusterers import AnyClustererState, make_clusterer, restore_clusterer
from models.configuration import ALERTS_PER_WEEK, CoreSettings
from models.detector import Detector
from models.feedback import FeedbackState, Standing, standing_of
from models.frame import FramedPost
from models.lifecycle import Stories, StoriesState
from models.mentions import DAY_MS, HOUR_MS, WINDOW_MS, Mention, MentionWindow, WindowState
from models.message import Message
from models.mutes import Mutes
from models.narratives import Narratives, NarrativesState
from models.ordering import Arrival, Ordering, OrderingState, identity_of
from models.post import key_of
from models.reading import Reader, carry_over, says_the_same, shown_of
from models.tally import Counts
from models.terms import is_context
from models.textclass import TextClasses, TextClassState

SNAPSHOT_VERSION: Final = 3
_FORGOTTEN_MS: Final = 21 * DAY_MS
"""After so long without a post the baseline holds a third of its weight, and of the four weeks behind the bar one."""


class _Versioned(msgspec.Struct):
    version: int


class TrackerState(_Versioned, kw_only=True):
    """A `CommunityTracker` as it is saved."""

    community: str
    life: int
    started_ms: int
    now_ms: int
    last_post_ms: int
    counts: Counts
    ordering: OrderingState
    window: WindowState
    text_classes: TextClassState
    bars: BudgetState
    feedback: FeedbackState = msgspec.field(default_factory=FeedbackState)
    stories: StoriesState
    narratives: NarrativesState
    clusterer: AnyClustererState
    is_backfill: bool = False


class CommunityTracker:
    """See the module's description.

    Args:
        community: Its name.
        settings: What the core needs to know.
        life: Tells this life of the community from those that were given up.
        mutes: Those of its partition, in whose header they are saved.

    Guarantees: the same posts with the same watermarks give the same messages, whatever the calls of `advance` between
    them, and going on from `restore` of a `snapshot` gives what going on from the original would.

    Attributes:
        feedback: What people said of its alerts; changed only when all that is due has been said.
    """

    def __init__(self, community: str, settings: CoreSettings, life: int = 0, mutes: Mutes | None = None) -> None:
        self.community = community
        self.mutes = Mutes() if mutes is None else mutes
        self._life = life
        self.counts = Counts()
        self._settings = settings
        self._now_ms = 0
        self._last_post_ms = 0
        self._is_backfill = False
        self._ordering = Ordering(min(settings.time.allowed_lateness_ms, HOUR_MS // 2))
        self._window = MentionWindow()
        self._text_classes = TextClasses()
        self._clusterer = make_clusterer(settings.detection.clusterer)
        self._bars = BudgetState(0)
        self.feedback = FeedbackState()
        self._wire(started_ms=0)

    def _wire(self, started_ms: int) -> None:
        lengths_ms = tuple(length * 1000 for length in self._settings.time.windows_s)
        self._detector = Detector(self._window, started_ms)
        self._narratives = Narratives(self.community, self._clusterer, lengths_ms, self._life)
        self._reader = Reader(self._text_classes, self._narratives)
        self._stories = Stories(
            community=self.community,
            budget=self._settings.budget_of(self.community),
            window=self._window,
            detector=self._detector,
            bars=self._bars,
            feedback=self.feedback,
            narratives=self._narratives,
            is_muted=self._is_muted,
        )

    @property
    def standing(self) -> Standing:
        """The bar, and what stands behind it; to ask changes nothing."""
        asked = ALERTS_PER_WEEK[self._settings.budget_of(self.community)]
        return standing_of(self._bars, self.feedback, asked)

    @property
    def open_alerts(self) -> int:
        """How many alerts are open."""
        return len(self._stories)

    def has(self, key: str, identity: int, watermark_ms: int) -> bool:
        """Return whether a post waits, is in the window, or is still shown, when the watermark is `watermark_ms`.

        Time need not have been advanced to there: what will be gone then counts as gone.

        Args:
            key: Of the post, see `models.post.key_of`.
            identity: The same as `models.ordering.identity_of` gives it.
            watermark_ms: The watermark.
        """
        if self._ordering.seen_ms(identity, watermark_ms) is not None:
            return True
        held = self._window.get(key)
        if held is not None and held.event_time_ms > watermark_ms - WINDOW_MS:
            return True
        shown = self._stories.shown(key)
        return shown is not None and shown[0].state(watermark_ms) != "quiet"

    def _not_before_its_post(self, framed: FramedPost) -> FramedPost:
        # The clock of who wrote it may be ahead of that of who saw it changed or deleted.
        post_ms = self._ordering.seen_ms(identity_of(key_of(framed.post)), self._ordering.state.watermark_ms)
        if post_ms is None or post_ms <= framed.event_time_ms:
            return framed
        return msgspec.structs.replace(framed, event_time_ms=post_ms)

    @property
    def next_due_ms(self) -> int | None:
        """The watermark at which there is something to do; None if only a post can bring that."""
        point_ms, post_ms = self._next_point_ms, self._ordering.next_ms
        if post_ms is None:
            return point_ms
        return post_ms + 1 if point_ms is None else min(point_ms, post_ms + 1)

    @property
    def _next_point_ms(self) -> int | None:
        told_ms, changes_ms = self._narratives.next_due_ms, self._stories.next_change_ms(self._now_ms)
        if told_ms is None or changes_ms is None:
            return told_ms if changes_ms is None else changes_ms
        return min(told_ms, changes_ms)

    def offer(self, framed: FramedPost, watermark_ms: int) -> list[Message]:
        """Take in a post when the watermark is `watermark_ms`, to which time is advanced first."""
        messages = self.advance(watermark_ms)
        if framed.post.op != "create":
            framed = self._not_before_its_post(framed)
        arrival = self._ordering.judge(framed)
        if arrival is Arrival.DUPLICATE:
            self.counts.duplicates += 1
        elif arrival is Arrival.TOO_LATE:
            self.counts.too_late += 1
        elif arrival is Arrival.LATE:
            own_ms = self._ordering.state.watermark_ms
            # Counted in the slices of its own time, but acted on now: what was to be said before has been said.
            self._now_ms = max(self._now_ms, own_ms)
            applied = self.counts.applied
            messages += self._apply(framed, own_ms + self._settings.time.disorder_ms)
            self.counts.late += self.counts.applied - applied
        while self._ordering.is_crowded:
            self._ordering.state.forced += 1
            messages += self._let_go()
        return messages

    def advance(self, watermark_ms: int) -> list[Message]:
        """Apply what waits before the watermark, and reach every point up to it."""
        self._ordering.move(watermark_ms)
        messages: list[Message] = []
        while True:
            point_ms, post_ms = self._next_point_ms, self._ordering.next_ms
            if point_ms is not None and point_ms <= watermark_ms and (post_ms is None or point_ms <= post_ms):
                messages += self._reach(point_ms)
            elif post_ms is not None and post_ms < watermark_ms:
                messages += self._apply(self._ordering.pop(), post_ms)
            else:
                return messages

    def finish(self) -> list[Message]:
        """Apply all that waits, as at the end of an input; time stops with the last post."""
        messages: list[Message] = []
        while self._ordering.next_ms is not None:
            messages += self._let_go()
        return messages

    def _let_go(self) -> list[Message]:
        """Apply the first post that waits, with the points before it, though the watermark is not there yet."""
        messages: list[Message] = []
        post_ms = self._ordering.next_ms
        assert post_ms is not None, "no post waits"
        while (point_ms := self._next_point_ms) is not None and point_ms <= post_ms:
            messages += self._reach(point_ms)
        framed = self._ordering.pop()
        self._ordering.move(post_ms)
        return messages + self._apply(framed, post_ms)

    def close(self, watermark_ms: int) -> list[Message]:
        """Say the last that there is to say, for a community that is followed no longer."""
        messages = self.advance(watermark_ms) + self.finish()
        at_ms = max(self._now_ms, watermark_ms)
        return [*messages, *self._stories.close(at_ms), *self._narratives.close(at_ms)]

    def _reach(self, point_ms: int) -> Iterator[Message]:
        self._now_ms = max(self._now_ms, point_ms)
        self._window.expire(self._now_ms)
        yield from self._stories.advance(self._now_ms)
        self._follow_stories()
        yield from self._narratives.advance(
            self._now_ms,
            self._stories.get,
            lambda length_ms: self._window.volume.posts_within(length_ms, self._now_ms),
            self._share_of,
            self._is_told,
            texts_of=self._window.texts_of,
            is_backfill=self._is_backfill,
        )

    def _share_of(self, cluster: int) -> float:
        term = self._window.terms.get(f"~{cluster}")
        return self._detector.share_of(term, self._now_ms) if term is not None else 0.0

    def _is_told(self, text: str) -> bool:
        """Return whether a post with this term is in the window, or has left it, and the term is not muted."""
        term = self._window.terms.get(text)
        return term is not None and (bool(term.mentions) or term.seen.long > 0) and not self._is_muted(text)

    def _is_muted(self, text: str) -> bool:
        return self.mutes.is_word_muted(text, self.community, self._now_ms)

    def _follow_stories(self) -> None:
        changes = self._stories.drain_changes(self._now_ms)
        if changes:
            self._narratives.follow_stories(changes, self._now_ms)

    def _apply(self, framed: FramedPost, at_ms: int) -> list[Message]:
        key = key_of(framed.post)
        self._now_ms = max(self._now_ms, framed.event_time_ms)
        self._window.expire(self._now_ms)
        is_create = framed.post.op == "create"
        if is_create and self._window.get(key) is not None:
            # Beyond the allowed lateness `Ordering` has forgotten it: a source that sends it again with a new time.
            self.counts.duplicates += 1
            return []
        if is_create:
            if framed.event_time_ms - self._last_post_ms > _FORGOTTEN_MS:
                self._start(framed.event_time_ms)
            self._last_post_ms = max(self._last_post_ms, framed.event_time_ms)
            self._is_backfill = framed.is_backfill
        self.counts.applied += 1
        self.counts.backfilled += framed.is_backfill
        self._bars.advance(self._now_ms)
        if self._window.volume.drain_change():
            self.counts.baseline_changes += 1
            self._bars.forget_tests()
        if is_create:
            mention = self._reader.read(framed.post, framed.event_time_ms, framed.communities, self._now_ms)
            return self._take(mention, at_ms, is_backfill=framed.is_backfill)
        return self._change(framed, key, at_ms)

    def _start(self, started_ms: int) -> None:
        """Begin to learn what is usual, with the first post applied or after a silence in which that was forgotten.

        Not with the first post offered: which comes first is up to how inputs are interleaved.
        """
        self._detector.started_ms = started_ms
        self._bars.restart(started_ms)
        self._window.volume = Volume()

    def _take(self, mention: Mention, at_ms: int, before: Mention | None = None, *, is_backfill: bool) -> list[Message]:
        """Take in a post, or its new text in the place of what it was before: what it keeps saying is not said anew."""
        self._window.add(mention, self._now_ms)
        if before is not None:
            carry_over(before, mention)
        self._bars.tested += sum(not is_context(term) for term in mention.terms)
        scores = self._detector.score(mention, self._now_ms)
        if before is not None:
            scores = [score for score in scores if score.term not in before.terms]
        messages: list[Message] = [*self._stories.take(mention, scores, at_ms, is_backfill=is_backfill)]
        messages += [*self._narratives.touch(mention, self._now_ms), *self._narratives.follow_lineage(self._now_ms)]
        self._follow_stories()
        return messages

    def _change(self, framed: FramedPost, key: str, at_ms: int) -> list[Message]:
        """Put a post's new text in the place of the old one, at the time of the post, or take it back."""
        held = self._window.get(key)
        if held is None:
            return self._change_shown(framed, key, at_ms)
        if framed.post.op == "update" and held.changed_ms > framed.event_time_ms:
            # A later update has come before this one, which is late.
            return []
        if framed.post.op == "update" and says_the_same(framed.post, held):
            held.changed_ms = framed.event_time_ms
            return []
        self._window.remove(held)
        self._stories.forget(held)
        self._narratives.forget(held)
        messages: list[Message] = []
        if framed.post.op == "update":
            mention = self._reader.read(framed.post, held.event_time_ms, held.communities, self._now_ms)
            mention.changed_ms = framed.event_time_ms
            if framed.post.author is None:
                mention.author, mention.is_author_known = held.author, held.is_author_known
            messages += self._take(mention, at_ms, held, is_backfill=framed.is_backfill)
        # Only now: an update brings back what it took.
        messages += self._stories.retract(held.story, at_ms)
        self._follow_stories()
        return messages

    def _change_shown(self, framed: FramedPost, key: str, at_ms: int) -> list[Message]:
        """The same for a post that has left the window, as far as a story still shows it."""
        found = self._stories.shown(key)
        if found is None:
            return []
        story, mention = found
        if framed.post.op == "update":
            if mention.changed_ms <= framed.event_time_ms:
                mention.text, mention.url = shown_of(framed.post)
                mention.changed_ms = framed.event_time_ms
            return []
        self._stories.forget(mention)
        messages: list[Message] = [*self._stories.retract(story.number, at_ms)]
        self._follow_stories()
        return messages

    def snapshot(self) -> bytes:
        """Return the whole state."""
        state = TrackerState(
            version=SNAPSHOT_VERSION,
            community=self.community,
            life=self._life,
            started_ms=self._detector.started_ms,
            now_ms=self._now_ms,
            last_post_ms=self._last_post_ms,
            counts=self.counts,
            ordering=self._ordering.state,
            window=self._window.snapshot(),
            text_classes=self._text_classes.snapshot(),
            bars=self._bars,
            feedback=self.feedback,
            stories=self._stories.snapshot(),
            narratives=self._narratives.snapshot(),
            clusterer=self._clusterer.snapshot(),
            is_backfill=self._is_backfill,
        )
        return msgspec.msgpack.encode(state)

    @classmethod
    def restore(cls, raw: bytes, settings: CoreSettings) -> "CommunityTracker":
        """Return the tracker that a snapshot was taken of.

        Raises:
            ValueError: If `raw` is no snapshot, or one of a version that this code does not know.
        """
        version = msgspec.msgpack.decode(raw, type=_Versioned).version  # what else there is depends on it
        if version != SNAPSHOT_VERSION:
            message = f"snapshot of version {version}; this program reads version {SNAPSHOT_VERSION}"
            raise ValueError(message)
        state = msgspec.msgpack.decode(raw, type=TrackerState)
        tracker = cls(state.community, settings, state.life)
        tracker._adopt(state)
        return tracker

    def _adopt(self, state: TrackerState) -> None:
        self._now_ms = state.now_ms
        self._last_post_ms = state.last_post_ms
        self._is_backfill = state.is_backfill
        self.counts = state.counts
        self._ordering.state = state.ordering
        self._window.restore(state.window)
        self._text_classes.restore(state.text_classes)
        self._bars = state.bars
        self.feedback = state.feedback
        self._clusterer = restore_clusterer(state.clusterer)
        self._wire(state.started_ms)
        self._stories.restore(state.stories)
        self._narratives.restore(state.narratives)
