"""The life of alerts: which bursting terms open a story, join one, or merge two; when people are told.

quiet -> rising -> active -> cooling -> quiet, see `models.story`. Rules:

* A term whose significance passes the bar *joins* the open story that holds at least `JOIN_SHARE` of its posts of
  the last hour; if two hold that much, they are one story: the older stays, the other is resolved as merged.
* One that joins none so joins the open story of which most of its posts speak, if at least `KIN_SHARE` of them hold one
  of the words by which people know that story, or a core term.
* A term that joins none *opens* a story, if it passes the bar by `FRAGMENT_RAISE` for each story that is open: a large
  event brings many words, and each further alert must say more.
* Mentions and links only join. So does the number of a micro-cluster, a term that all its posts share.
* People are told when a story opens, when it has doubled its authors, when something new leads it, and when it is
  over; between messages at least a minute, and a growing share of the story's age.
* What people said of alerts moves the bar, see `models.feedback`. A muted word bursts no more and is not shown, see
  `models.mutes`; only where a story has no other is it still what the story is known by. Nor does another term open a
  story if at least `MUTED_SHARE` of its posts hold a muted word: it would be the same story by another name.
* A story whose posts are taken back until half of the voices are left that it took to open it is retracted.
* A story that opens with a post of a backfill lives like any other, so that what is learnt is the same, but nobody is
  ever told of it.
"""

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Final

import msgspec

from models.budget import BudgetState
from models.configuration import ALERTS_PER_WEEK
from models.detector import AUTHORS_MIN, VOICES_MIN, Detector, TermScore
from models.evidence import Circumstances, make_alert
from models.feedback import FeedbackState
from models.joining import holding, kin
from models.leading import leading_terms
from models.mentions import MINUTE_MS, Mention, MentionWindow
from models.message import AlertMessage, AlertType, BudgetName, rounded
from models.narratives import Narratives
from models.robustness import earliest_ms, rescore
from models.story import STORIES_MAX, Story, share_room
from models.terms import is_context, is_shown

MUTED_SHARE: Final = 0.5
RETRACT_SHARE: Final = 0.5
"""Of the voices it takes to open a story: with all of them, one post edited back and forth would be four alerts."""

FRAGMENT_RAISE: Final = 0.5
_SPACING_MIN_MS: Final = MINUTE_MS
_SPACING_SHARE: Final = 0.3
_SPACING_SHARE_OF_NEWS: Final = 0.1
"""Where a further term has passed the bar, people wait less to be told of it."""

_LOOK_GROWTH: Final = 1.05
"""Growth of a story after which it is looked for something new: that costs more than taking in a post."""

_TOLD: Final = 5
_NEW_SHOWN: Final = 3


class StoriesState(msgspec.Struct):
    """`Stories` as they are saved."""

    open: list[Story]
    count: int


class Stories:
    """The open stories of one community, and the messages they give rise to.

    Args:
        community: Its name.
        budget: Name of the budget in force.
        window: The community's posts of the last hour.
        detector: Scores terms.
        bars: The bar that the budget asks for.
        feedback: What people said of alerts here.
        narratives: The community's narratives.
        is_muted: Whether people want to hear no more of a term.

    Bounded: at most `STORIES_MAX` open stories; while there are as many, none opens.
    """

    def __init__(
        self,
        *,
        community: str,
        budget: BudgetName,
        window: MentionWindow,
        detector: Detector,
        bars: BudgetState,
        feedback: FeedbackState,
        narratives: Narratives,
        is_muted: Callable[[str], bool],
    ) -> None:
        self._community = community
        self._budget = budget
        self._window = window
        self._detector = detector
        self._bars = bars
        self._feedback = feedback
        self._is_muted = is_muted
        self._narratives = narratives
        self._open: dict[int, Story] = {}
        self._count = 0
        self._ended: list[tuple[Story, int]] = []

    def __len__(self) -> int:
        """Return how many stories are open that people are told of."""
        return sum(not story.is_untold for story in self._open.values())

    def get(self, number: int) -> Story | None:
        """Return the open story of this number, if it is open."""
        return self._open.get(number)

    @property
    def bar(self) -> float:
        """The bar in force."""
        return self._feedback.bar_over(self._bars.bar_for(ALERTS_PER_WEEK[self._budget]))

    def take(
        self, mention: Mention, scores: Iterable[TermScore], at_ms: int, *, is_backfill: bool = False
    ) -> list[AlertMessage]:
        """Let a post, and the scores of its terms, have their effect; return what people are told.

        Args:
            mention: A post that is in the window.
            scores: Of its terms, see `Detector.score`.
            at_ms: Event time that messages carry.
            is_backfill: Whether the post is of a backfill.
        """
        messages: list[AlertMessage] = []
        touched: dict[int, Story] = {}
        for term in mention.terms:
            story = self._open.get(self._window.terms[term].story)
            if story is not None and term in story.core:
                touched[story.number] = story
        bursting = self._weigh(scores, is_free=not touched)
        for score in sorted(bursting, key=lambda score: (-score.significance, score.term)):
            story = self._place(score, at_ms, messages, is_backfill=is_backfill)
            if story is not None:
                touched[story.number] = story
        if touched:
            share_room(self._open.values())
        for story in touched.values():
            if story.number in self._open:
                if not mention.story:
                    story.add(mention)
                self._tell_if_due(story, at_ms, messages)
        return messages

    def _weigh(self, scores: Iterable[TermScore], *, is_free: bool) -> list[TermScore]:
        """Note scores in stories or, if the post is of none, in the bar's maxima; return those that pass the bar."""
        bar = self.bar
        bursting = []
        for score in scores:
            if self._is_muted(score.term):
                # Nor is it noted for the bar: a burst that nobody wants to hear of is no measure of chance.
                continue
            story = self._open.get(self._window.terms[score.term].story)
            is_enough = score.voices >= VOICES_MIN and score.authors >= AUTHORS_MIN
            if story is not None:
                story.note(score, bar)
            elif is_enough and is_free and not is_context(score.term):
                self._bars.observe(score.term, score.significance)
            if is_enough and score.significance >= bar:
                bursting.append(score)
        return [] if self._detector.is_silent(max((s.at_ms for s in bursting), default=0)) else bursting

    def _place(self, score: TermScore, at_ms: int, messages: list[AlertMessage], *, is_backfill: bool) -> Story | None:
        term = self._window.terms[score.term]
        story = self._open.get(term.story)
        if story is not None:
            return story
        found = holding(self._open, term.mentions)
        if found:
            story, *others = found
            for other in others:
                self._merge(other, story, at_ms, messages)
        elif (own := kin(self._open.values(), term.mentions)) is not None:
            story = own
        elif self._may_open(score):
            story = self._open_story(score, at_ms, is_untold=is_backfill)
        else:
            return None
        term.story = story.number
        self._bars.leave_out(score.term)
        if story.revision and is_shown(score.term) and len(story.joined) < _NEW_SHOWN:
            story.joined.append(score.term)
        story.mark(score.term, score.significance)
        story.note(score, self.bar)
        for other_mention in term.mentions:
            if not other_mention.story:
                story.add(other_mention)
        return story

    def _may_open(self, score: TermScore) -> bool:
        if is_context(score.term) or len(self._open) >= STORIES_MAX:
            return False
        if self._is_mostly_muted(self._window.terms[score.term].mentions):
            return False
        return score.significance >= self.bar + FRAGMENT_RAISE * len(self._open)

    def _is_mostly_muted(self, mentions: list[Mention]) -> bool:
        muted = sum(any(map(self._is_muted, mention.terms)) for mention in mentions)
        return muted >= MUTED_SHARE * len(mentions)

    def _open_story(self, score: TermScore, at_ms: int, *, is_untold: bool) -> Story:
        mentions = self._window.terms[score.term].mentions
        self._count += 1
        narrative_id = self._narratives.id_of_most(mentions)
        identity = f"{self._community}\n{narrative_id}\n{at_ms}\n{self._count}"
        story = Story(
            number=self._count,
            alert_id="a" + blake2b(identity.encode(), digest_size=10).hexdigest(),
            narrative_id=narrative_id,
            opened_ms=at_ms,
            earliest_ms=earliest_ms(mentions),
            onset_ms=mentions[0].event_time_ms,
            latest_ms=mentions[-1].event_time_ms,
            passed_ms=score.at_ms,
            held_ms=score.at_ms,
            best=score,
            beside=len(self._open),
            volume_change=self._window.volume.change_before(at_ms),
            is_untold=is_untold,
        )
        self._open[story.number] = story
        share_room(self._open.values())
        return story

    def _merge(self, story: Story, into: Story, at_ms: int, messages: list[AlertMessage]) -> None:
        for text, significance in story.core.items():
            into.mark(text, significance)
            if text in self._window.terms:
                self._window.terms[text].story = into.number
        for mention in self._window.mentions:
            if mention.story == story.number:
                mention.weighed_ms = 0
                into.add(mention)
        self._end(story, into.number)
        if story.revision:
            messages.append(self._message(story, "resolved", "merged", at_ms, into=into.alert_id))

    def _end(self, story: Story, into: int = 0) -> None:
        del self._open[story.number]
        self._ended.append((story, into))
        if not into:
            # Another story of the same posts may take them.
            for mention in self._window.mentions:
                if mention.story == story.number:
                    mention.story = mention.weighed_ms = 0

    def _tell_if_due(self, story: Story, at_ms: int, messages: list[AlertMessage]) -> None:
        if story.is_untold:
            return
        if not story.revision:
            story.about = story.terms = self._leading(story, at_ms)
            story.ground = min(VOICES_MIN, story.voices)
            messages.append(self._tell(story, "opened", "burst", at_ms))
            return
        joined = [term for term in story.joined if term not in story.told]
        share = _SPACING_SHARE_OF_NEWS if joined else _SPACING_SHARE
        if at_ms - story.messaged_ms < max(_SPACING_MIN_MS, share * (at_ms - story.opened_ms)):
            return
        if not joined and story.posts < _LOOK_GROWTH * story.looked_posts:
            return
        story.looked_posts = story.posts
        leading = self._leading(story, at_ms)
        new = [*joined, *(term for term in leading[:_TOLD] if term not in story.told and term not in joined)]
        has_doubled = len(story.authors) >= 2 * story.messaged_authors
        if new or has_doubled:
            # What is new comes right after what the story is known by: it is why people are told again.
            known = [term for term in leading if term not in new[:_NEW_SHOWN]]
            story.about = leading
            story.terms = [*known[:1], *new[:_NEW_SHOWN], *known[1:]]
            messages.append(self._tell(story, "updated", "severity" if has_doubled else "terms", at_ms))

    def _tell(self, story: Story, type_: AlertType, reason: str, at_ms: int) -> AlertMessage:
        story.told = list(dict.fromkeys([*story.told, *story.terms[:_TOLD]]))
        if len(story.authors) >= 2 * story.messaged_authors:
            story.messaged_authors = len(story.authors)
        story.messaged_ms = at_ms
        story.joined = []
        message = self._message(story, type_, reason, at_ms)
        story.is_told = True
        return message

    def _message(
        self, story: Story, type_: AlertType, reason: str, at_ms: int, into: str | None = None
    ) -> AlertMessage:
        story.revision += 1
        story.about, story.terms = self._unmuted(story.about), self._unmuted(story.terms)
        asked, bar = ALERTS_PER_WEEK[self._budget], self.bar
        story.robustness = rescore(self._window, story.best, bar, at_ms) or story.robustness
        is_learning = self._detector.is_learning(at_ms)
        about = Circumstances(
            type=type_,
            reason=reason,
            at_ms=at_ms,
            community=self._community,
            budget=self._budget,
            bar=bar,
            bar_inputs=self._bars.inputs,
            learning=is_learning,
            new_authors=None if is_learning else self._count_new(story),
            into=into,
            expected_per_week=rounded(self._bars.expected_per_week(asked, bar)),
            feedback=self._feedback.note(self._bars.bar_for(asked)),
            is_muted=self._is_muted,
        )
        return make_alert(story, about)

    def _count_new(self, story: Story) -> int:
        known = self._window.authors
        return sum(own.is_known and known.is_new(author, story.onset_ms) for author, own in story.authors.items())

    def _unmuted(self, terms: list[str]) -> list[str]:
        return [term for term in terms if not self._is_muted(term)]

    def _leading(self, story: Story, now_ms: int) -> list[str]:
        followed = self._window.terms
        for term in story.weights:
            if term in followed and is_shown(term):
                share = self._detector.share_of(followed[term], now_ms)
                story.shares[term] = min(share, story.shares.get(term, 1.0))
        return self._unmuted(leading_terms(story))

    def next_change_ms(self, now_ms: int) -> int | None:
        """Return when, without further posts, a story will change its state next; None without stories."""
        return min((story.next_change_ms(now_ms) for story in self._open.values()), default=None)

    def advance(self, now_ms: int) -> list[AlertMessage]:
        """Close the stories that are over at `now_ms`, a moment that `next_change_ms` gave."""
        return self._resolve((story for story in self._open.values() if story.state(now_ms) == "quiet"), "over", now_ms)

    def close(self, at_ms: int) -> list[AlertMessage]:
        """Close all stories: their community is followed no longer."""
        return self._resolve(self._open.values(), "evicted", at_ms)

    def _resolve(self, stories: Iterable[Story], reason: str, at_ms: int) -> list[AlertMessage]:
        messages = []
        for story in list(stories):
            self._end(story)
            if not story.is_untold:
                messages.append(self._message(story, "resolved", reason, at_ms))
        return messages

    def drain_changes(self, now_ms: int) -> list[tuple[Story, int]]:
        """Return the stories whose state has changed since the last call, or to which narratives have come.

        Each with the number under which it goes on: its own, that of the story it was merged into, or 0 if it is over.
        """
        changes, self._ended = self._ended, []
        for story in self._open.values():
            state = story.state(now_ms)
            if state != story.state_told or len(story.narratives) != story.narratives_told:
                story.state_told, story.narratives_told = state, len(story.narratives)
                changes.append((story, story.number))
        return changes

    def shown(self, key: str) -> tuple[Story, Mention] | None:
        """Return the post of this source and id that an open story keeps to be shown, and the story."""
        for story in self._open.values():
            for mention in story.candidates:
                if mention.key == key:
                    return story, mention
        return None

    def forget(self, mention: Mention) -> None:
        """Take a post that was deleted, or is about to be updated, out of its story."""
        story = self._open.get(mention.story)
        if story is not None:
            story.drop(mention, self._window.mentions)

    def retract(self, number: int, at_ms: int) -> list[AlertMessage]:
        """Take back the alert of a story of which deletions and updates have left too little, or else words of it."""
        story = self._open.get(number)
        if story is None or not story.revision:
            return []
        story.hide_terms()
        if story.voices_max > RETRACT_SHARE * story.ground:
            return []
        self._end(story)
        return [self._message(story, "retracted", "deleted", at_ms)]

    def snapshot(self) -> StoriesState:
        """Return the state; shares its parts, so encode it before going on."""
        return StoriesState(list(self._open.values()), self._count)

    def restore(self, state: StoriesState) -> None:
        """Take over a state, when the window has its own."""
        self._open = {story.number: story for story in state.open}
        for story in state.open:
            story.candidates = [self._in_window(mention) for mention in story.candidates]
        self._count = state.count

    def _in_window(self, mention: Mention) -> Mention:
        """Return the window's own of a post: an update changes it wherever it is."""
        held = self._window.get(mention.key)
        return held if held is not None and held.event_time_ms == mention.event_time_ms else mention
