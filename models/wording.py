"""Plain words for people: the headline and the summary of an alert.

Written for someone who reads it at seven in the morning: what it is about, how many where how many are usual, how
sure that is, who carries it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from models.baseline import VolumeChange
from models.mentions import DAY_MS, HOUR_MS, MINUTE_MS
from models.message import Evidence, Expected, FeedbackNote, Observed, Robustness, Sentiment
from models.surfaces import Surfaces, isolated

_TITLE_TERMS: Final = 4
_MOSTLY: Final = 0.5
_WORTH_TELLING: Final = 0.1
_WITHOUT_FIVE: Final = "would have fired without its top five accounts"
_READ_MIN: Final = 5
_TONE_SHARE: Final = 2 / 3
"""Where fewer posts were read for their tone, or fewer of them agree, nothing is said of it: a lexicon often errs."""

_FLOOD_SHARE: Final = 0.3
_ENDINGS: Final = {
    "merged": "is part of another story now",
    "deleted": "is withdrawn, its posts were deleted or changed",
    "evicted": "is followed no longer",
}


def duration(length_ms: int) -> str:
    """Return a duration in the words of daily life.

    >>> duration(90 * 60_000)
    '1 h 30 min'
    """
    minutes = max(1, round(length_ms / MINUTE_MS))
    if minutes < HOUR_MS // MINUTE_MS:
        return f"{minutes} min"
    if minutes < 2 * DAY_MS // MINUTE_MS:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(length_ms / DAY_MS)} days"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun.

    >>> counted(1, "author"), counted(1200, "post")
    ('1 author', '1,200 posts')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def usual(authors: float) -> str:
    """Return an expected number of authors as people say it.

    >>> usual(0.04), usual(0.6), usual(3.2)
    ('almost none is', 'about one is', 'about 3 are')
    """
    if authors < 0.5:  # noqa: PLR2004
        return "almost none is"
    return "about one is" if authors < 1.5 else f"about {authors:,.0f} are"  # noqa: PLR2004


def title(terms: Sequence[str], surfaces: Surfaces) -> str:
    """Return what a story is about as its posts write it: as a hashtag if most do, in the case that most use.

    Args:
        terms: Best first; at least one.
        surfaces: Of its posts.

    >>> title(["kochfarms", "turkey"], Surfaces(["#KochFarms turkey", "Turkey of #KochFarms", "a turkey"]))
    '“#KochFarms turkey”'
    """
    return f"“{isolated(surfaces.title(terms, _TITLE_TERMS))}”"


def headline(
    title: str,
    community: str,
    observed: Observed,
    expected: Expected,
    *,
    length_ms: int,
    evidence: Evidence,
    unseen: int = 0,
) -> str:
    """Return one line: what, where, how many, how fast, how many are usual, what of it are copies, what it rests on.

    Args:
        title: What it is about; see `title`.
        community: Where.
        observed: Counts in the window.
        expected: What is usual in it.
        length_ms: Length of the window.
        evidence: The story's.
        unseen: Further voices: the originals of reposts, whose own posts were not seen.
    """
    people = counted(observed.authors, "author" if evidence.authors_known else "post")
    if unseen:
        people += f" and {counted(unseen, 'other')} they repost"
    told = f"{title} in {isolated(community)}: {people} in {duration(length_ms)} where {usual(expected.authors)} usual"
    return "; ".join([told, *_in_short(evidence)])


def _in_short(evidence: Evidence) -> Iterator[str]:
    if _is_one_text(evidence):
        yield f"{evidence.top_text_share:.0%} are copies of one post"
    elif evidence.repost_share >= _WORTH_TELLING:
        yield f"{evidence.repost_share:.0%} reposts"
    found = evidence.robustness
    if found is None:
        return
    # What needs a longer sentence stands in the summary, and that few accounts are few is seen.
    if found.without_top_5 is not None and found.without_top_5.passes:
        yield _WITHOUT_FIVE
    elif _hangs_on_one(found):
        yield f"would not have fired without {isolated(found.top[0])}"


def closing_headline(title: str, community: str, evidence: Evidence, longevity_min: int, reason: str) -> str:
    """Return one line for a story that people hear no more of, for the reason that the message gives."""
    noun = counted(evidence.authors, "author") if evidence.authors_known else counted(evidence.posts, "post")
    ending = _ENDINGS.get(reason, "is over")
    return f"{title} in {isolated(community)} {ending}: {noun} in {duration(longevity_min * MINUTE_MS)}"


def summary(
    evidence: Evidence,
    *,
    significance: float,
    bar: float,
    longevity_min: int,
    is_over: bool,
    feedback: FeedbackNote | None = None,
) -> str:
    """Return one paragraph: the size of the story, how sure it is, what it rests on, who carries it, how they sound.

    Args:
        evidence: The story's counts.
        significance: Of its best window.
        bar: What it needed.
        longevity_min: Minutes from the first to the latest post.
        is_over: Whether no more is to come.
        feedback: What people said of alerts here, if they did.
    """
    so_far = "In all" if is_over else "So far"
    size = f"{so_far} {counted(evidence.posts, 'post')}{_by(evidence)} in {duration(longevity_min * MINUTE_MS)}"
    parts = [f"{size}{_copies(evidence)}.", f"Surprise {significance:.1f}, where {bar:.1f} was needed."]
    if evidence.robustness is not None:
        parts.append(_rests_on(evidence.robustness, evidence))
    if feedback is not None and (moved := bar_moved(feedback, bar)):
        parts.append(f"The bar was {moved}.")
    if evidence.leading_authors:
        parts.append(_carried(evidence))
    if not evidence.authors_known:
        parts.append("Authors are unknown: each post counts as an author of its own.")
    if evidence.sentiment is not None:
        parts.extend(_sounds(evidence.sentiment))
    if evidence.learning:
        parts.append("This community has been followed for less than a day, so what is usual is still a guess.")
    if evidence.volume_change is not None:
        parts.append(_volume_changed(evidence.volume_change, evidence.clocks.opened_ms))
    shared = [f"{share:.0%} also in {isolated(name)}" for name, share in list(evidence.shared_posts.items())[:3]]
    if shared:
        parts.append(f"Of its posts, {_listed(shared)}.")
    return " ".join(filter(None, parts))


def bar_moved(feedback: FeedbackNote, bar: float) -> str:
    """Return how feedback has moved the bar; empty if it has not.

    >>> bar_moved(FeedbackNote(judged=5, dismissed=4, bar_before=3.0, version=5), 3.4)
    'raised 3.0 to 3.4 after 4 of 5 alerts were dismissed'
    >>> bar_moved(FeedbackNote(judged=1, dismissed=0, bar_before=3.0, version=1), 2.8)
    'lowered 3.0 to 2.8 after 1 of 1 alert was found useful'
    """
    if abs(bar - feedback.bar_before) < 0.05:  # noqa: PLR2004 - both would be shown as the same
        return ""
    is_raised = bar > feedback.bar_before
    count = feedback.dismissed if is_raised else feedback.judged - feedback.dismissed
    way, verdict = ("raised", "dismissed") if is_raised else ("lowered", "found useful")
    judged = f"{count} of {counted(feedback.judged, 'alert')} {'was' if count == 1 else 'were'}"
    return f"{way} {feedback.bar_before:.1f} to {bar:.1f} after {judged} {verdict}"


def _by(evidence: Evidence) -> str:
    if not evidence.authors_known:
        return ""
    new = ""
    if evidence.new_authors:
        new = " (all new here)" if evidence.new_authors == evidence.authors else f" ({evidence.new_authors} new here)"
    return f" by {counted(evidence.authors, 'author')}{new}"


def _is_one_text(evidence: Evidence) -> bool:
    return evidence.top_text_share > _MOSTLY and evidence.posts > 1


def _copies(evidence: Evidence) -> str:
    if evidence.texts == 1 and evidence.posts > 1:
        return ", all of them copies of one text"
    parts = []
    if _is_one_text(evidence):
        parts.append(f"{evidence.top_text_share:.0%} of them copies of one text")
    if evidence.repost_share > 0:
        parts.append(f"{evidence.repost_share:.0%} reposts")
    if evidence.copy_share > _MOSTLY and not _is_one_text(evidence):
        parts.append(f"{evidence.copy_share:.0%} near-copies")
    return "".join(f", {part}" for part in [*parts, counted(evidence.texts, "distinct text")])


def _rests_on(found: Robustness, evidence: Evidence) -> str:
    accounts = _without_accounts(found)
    if max(evidence.repost_share, evidence.copy_share) < _WORTH_TELLING:
        return f"It {accounts}." if accounts else ""
    passes, copies = found.without_copies.passes, "without reposts and copies"
    if not accounts:
        return f"It would {'' if passes else 'not '}have fired {copies}."
    if accounts == _WITHOUT_FIVE:
        return f"It {accounts}, {'and' if passes else 'but not'} {copies}."
    return f"It {accounts}{f'; {copies} it would have' if passes else f', nor {copies}'}."


def _without_accounts(found: Robustness) -> str:
    one, three, five = found.without_top_1, found.without_top_3, found.without_top_5
    if one is None or three is None or five is None:
        return ""
    if five.passes:
        return _WITHOUT_FIVE
    if three.passes:
        return "would have fired without its top three accounts, but not without the top five"
    if one.passes:
        return f"would have fired without {isolated(found.top[0])}, but not without its top three accounts"
    if _hangs_on_one(found):
        return f"would not have fired without {isolated(found.top[0])}"
    return "would not have fired with one account fewer"


def _hangs_on_one(found: Robustness) -> bool:
    """Return whether it takes the most active account, and that is more than one voice: else it is as any other."""
    one = found.without_top_1
    return one is not None and not one.passes and found.voices - one.voices > 1


def _carried(evidence: Evidence) -> str:
    leading = evidence.leading_authors
    top = leading[0]
    if top.posts >= _FLOOD_SHARE * evidence.posts and top.posts > 1:
        return f"{isolated(top.author)} alone wrote {top.posts} of them."
    active, first = ([isolated(voice.author) for voice in voices[:3]] for voices in (leading, evidence.first_authors))
    if not first or set(first) == set(active):
        return f"Carried by {_listed(first or active)}."
    return f"First came {_listed(first)}; most active are {_listed(active)}."


def _sounds(sentiment: Sentiment) -> Iterator[str]:
    read = sentiment.positive + sentiment.neutral + sentiment.negative
    for tone, count in (("negative", sentiment.negative), ("positive", sentiment.positive)):
        if read >= _READ_MIN and count >= _TONE_SHARE * read:
            yield f"Mostly {tone} in tone: {count} of {counted(read, 'post')} that were read for it."


def _volume_changed(change: VolumeChange, opened_ms: int) -> str:
    hours_ms = round((opened_ms - change.found_ms) / HOUR_MS) * HOUR_MS
    before, after = ("almost none" if posts < 0.5 else f"about {posts:,.0f}" for posts in (change.before, change.now))  # noqa: PLR2004
    told = f"The usual number of posts here changed {duration(hours_ms)} before this alert opened"
    return f"{told}, from {before} to {after} an hour."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
