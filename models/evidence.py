"""The messages of an alert, made from its story: counts, evidence, scoring inputs, words."""

from collections.abc import Callable
from heapq import nsmallest
from typing import Final

import msgspec

from models import wording
from models.configuration import ALERTS_PER_WEEK
from models.mentions import MINUTE_MS, Mention
from models.message import (
    AlertMessage,
    AlertType,
    Budget,
    BudgetName,
    Clocks,
    Evidence,
    Expected,
    FeedbackNote,
    Observed,
    Sample,
    Voice,
    Window,
    rounded,
)
from models.scoring import BarInputs, Scoring
from models.sentiment import sentiment_of
from models.significance import usual_range
from models.story import SAMPLES_MAX, Story
from models.surfaces import Surfaces
from models.terms import cut_name

VOICES_MAX: Final = 5
TEXT_CHARACTERS_MAX: Final = 500
_NAMED_MAX: Final = 8
_KNOWN_SHARE: Final = 0.5


class Circumstances(msgspec.Struct, frozen=True):
    """What a message says beside its story.

    Attributes:
        type: What the message does.
        reason: Why, as a code.
        at_ms: Event time of its cause.
        community: Where.
        budget: The budget in force.
        bar: The bar in force.
        bar_inputs: What it was computed from.
        learning: Whether what is usual is still a guess.
        new_authors: How many of the story's authors are new to the community; None if that is not known.
        into: The alert that this one was merged into.
        expected_per_week: Alerts a week that chance brings over the bar.
        feedback: What people said of alerts here.
        is_muted: Whether people want to see no more of a term.
    """

    type: AlertType
    reason: str
    at_ms: int
    community: str
    budget: BudgetName
    bar: float
    learning: bool
    bar_inputs: BarInputs | None = None
    new_authors: int | None = None
    into: str | None = None
    expected_per_week: float | None = None
    feedback: FeedbackNote | None = None
    is_muted: Callable[[str], bool] = lambda _: False


def make_alert(story: Story, about: Circumstances) -> AlertMessage:
    """Return the next message of a story, whose `revision` the caller has counted up."""
    best = story.best
    mean = best.share * best.volume
    evidence = _evidence(story, about)
    observed = Observed(best.authors, best.posts)
    low, high = usual_range(mean, best.size)
    expected = Expected(rounded(mean), low, high)
    longevity = round((story.latest_ms - story.onset_ms) / MINUTE_MS)
    about_terms = story.about or [best.term]
    surfaces = Surfaces((mention.text for mention in story.candidates), about.is_muted)
    title = wording.title(about_terms, surfaces)
    budget = Budget(about.budget, ALERTS_PER_WEEK[about.budget], about.expected_per_week)
    if about.type in ("opened", "updated"):
        headline = wording.headline(
            title,
            about.community,
            observed,
            expected,
            length_ms=best.length_ms,
            evidence=evidence,
            unseen=max(0, best.voices - best.authors),
        )
    else:
        headline = wording.closing_headline(title, about.community, evidence, longevity, about.reason)
    return AlertMessage(
        message_id=f"{story.alert_id}:{story.revision}",
        alert_id=story.alert_id,
        revision=story.revision,
        type=about.type,
        reason=about.reason,
        community=about.community,
        narrative_id=story.narrative_id,
        into=about.into,
        at_ms=about.at_ms,
        onset_ms=story.onset_ms,
        window=Window(best.at_ms - best.length_ms, best.length_ms),
        headline=headline,
        summary=wording.summary(
            evidence,
            significance=best.significance,
            bar=about.bar,
            longevity_min=longevity,
            is_over=about.type in ("resolved", "retracted"),
            feedback=about.feedback,
        ),
        terms=surfaces.forms(story.terms or about_terms),
        severity=story.severity,
        longevity=longevity,
        observed=observed,
        expected=expected,
        ratio=rounded(best.authors / mean),
        significance=rounded(best.significance),
        bar=rounded(about.bar),
        budget=budget,
        evidence=evidence,
        scoring=Scoring(
            term=best.term,
            voices=best.voices,
            authors=best.authors,
            texts=best.texts,
            reposted_texts=best.reposted_texts,
            share=best.share,
            volume=best.volume,
            size=best.size,
            bar_inputs=about.bar_inputs,
            open_stories=story.beside,
        ),
        feedback=msgspec.UNSET if about.feedback is None else about.feedback,
    )


def _evidence(story: Story, about: Circumstances) -> Evidence:
    posts = max(story.posts, 1)
    known = story.anonymous < _KNOWN_SHARE * posts
    own = cut_name(about.community)
    shared = {name: count for name, count in story.communities.items() if name != own and count}
    return Evidence(
        authors=len(story.authors),
        posts=story.posts,
        texts=len(story.texts),
        repost_share=rounded(story.reposts / posts),
        copy_share=rounded(max(0, story.posts - len(story.texts)) / posts),
        authors_known=known,
        learning=about.learning,
        leading_authors=_leading_authors(story) if known else [],
        samples=[_sample(mention) for mention in _samples(story)],
        languages=_most(story.languages),
        sources=_most(story.sources),
        shared_posts={name: rounded(count / posts) for name, count in _most(shared).items()},
        clocks=Clocks(story.onset_ms, story.opened_ms, about.at_ms, story.earliest_ms),
        first_authors=_first_authors(story) if known else [],
        new_authors=about.new_authors if known else None,
        top_text_share=rounded(max(story.texts.values(), default=0) / posts),
        robustness=story.robustness,
        sentiment=sentiment_of((mention.text, mention.lang) for mention in story.candidates),
        volume_change=story.volume_change,
    )


def _voices(story: Story) -> list[Voice]:
    return [Voice(author, own.posts, own.first_ms) for author, own in story.authors.items() if own.is_known]


def _leading_authors(story: Story) -> list[Voice]:
    return nsmallest(VOICES_MAX, _voices(story), key=lambda voice: (-voice.posts, voice.first_ms, voice.author))


def _first_authors(story: Story) -> list[Voice]:
    return nsmallest(VOICES_MAX, _voices(story), key=lambda voice: (voice.first_ms, -voice.posts, voice.author))


def _samples(story: Story) -> list[Mention]:
    ranked = sorted(
        story.candidates,
        key=lambda mention: (-story.relevance(mention), mention.event_time_ms, mention.key),
    )
    chosen: dict[str, Mention] = {}
    for mention in ranked:
        if len(chosen) < SAMPLES_MAX:
            chosen.setdefault(mention.author, mention)
    return sorted(chosen.values(), key=lambda mention: (mention.event_time_ms, mention.key))


def _sample(mention: Mention) -> Sample:
    return Sample(
        id=mention.key.removeprefix(f"{len(mention.source)}/{mention.source}/"),
        source=mention.source,
        author=mention.author if mention.is_author_known else None,
        at_ms=mention.event_time_ms,
        text=mention.text,
        url=mention.url,
        is_repost=mention.is_repost,
    )


def _most(counts: dict[str, int]) -> dict[str, int]:
    ranked = sorted(((-count, name) for name, count in counts.items() if count > 0))[:_NAMED_MAX]
    return {name: -count for count, name in ranked}
