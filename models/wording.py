"""Plain words for people: the headline and the summary of an alert.

Written for someone who reads it at seven in the morning: what it is about, how many where how many are usual, how
sure that is, who carries it.
"""

from typing import Final

from models.mentions import DAY_MS, HOUR_MS, MINUTE_MS
from models.message import Evidence, Expected, Observed, Voice

_TITLE_TERMS: Final = 4
_MOSTLY: Final = 0.5
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


def headline(
    terms: list[str],
    community: str,
    observed: Observed,
    expected: Expected,
    length_ms: int,
    *,
    known: bool,
    unseen: int = 0,
) -> str:
    """Return one line: what, where, how many, how fast, how many are usual.

    Args:
        terms: What it is about, best first; at least one.
        community: Where.
        observed: Counts in the window.
        expected: What is usual in it.
        length_ms: Length of the window.
        known: Whether posts name their authors.
        unseen: Further voices: the originals of reposts, whose own posts were not seen.
    """
    people = counted(observed.authors, "author" if known else "post")
    if unseen:
        people += f" and {unseen} more behind reposts"
    return (
        f"“{' '.join(terms[:_TITLE_TERMS])}” in {community}: {people} "
        f"in {duration(length_ms)} where {usual(expected.authors)} usual"
    )


def closing_headline(terms: list[str], community: str, evidence: Evidence, longevity_min: int, reason: str) -> str:
    """Return one line for a story that people hear no more of, for the reason that the message gives."""
    noun = counted(evidence.authors, "author") if evidence.authors_known else counted(evidence.posts, "post")
    ending = _ENDINGS.get(reason, "is over")
    return (
        f"“{' '.join(terms[:_TITLE_TERMS])}” in {community} {ending}: {noun} in {duration(longevity_min * MINUTE_MS)}"
    )


def summary(
    evidence: Evidence,
    *,
    significance: float,
    bar: float,
    longevity_min: int,
    is_over: bool,
) -> str:
    """Return one paragraph: the size of the story, how sure it is, who carries it.

    Args:
        evidence: The story's counts.
        significance: Of its best window.
        bar: What it needed.
        longevity_min: Minutes from the first to the latest post.
        is_over: Whether no more is to come.
    """
    so_far = "In all" if is_over else "So far"
    size = f"{so_far} {counted(evidence.posts, 'post')}{_by(evidence)} in {duration(longevity_min * MINUTE_MS)}"
    parts = [f"{size}{_copies(evidence)}.", f"Surprise {significance:.1f}, where {bar:.1f} was needed."]
    if evidence.leading_authors:
        parts.append(_carried(evidence.leading_authors, evidence.posts))
    if not evidence.authors_known:
        parts.append("Authors are unknown: each post counts as an author of its own.")
    if evidence.learning:
        parts.append("This community has been followed for less than a day, so what is usual is still a guess.")
    shared = [f"{share:.0%} also in {name}" for name, share in list(evidence.shared_posts.items())[:3]]
    if shared:
        parts.append(f"Of its posts, {', '.join(shared)}.")
    return " ".join(parts)


def _by(evidence: Evidence) -> str:
    return f" by {counted(evidence.authors, 'author')}" if evidence.authors_known else ""


def _copies(evidence: Evidence) -> str:
    if evidence.texts == 1 and evidence.posts > 1:
        return ", all of them copies of one text"
    if evidence.repost_share > 0:
        mostly = " mostly copies:" if evidence.copy_share > _MOSTLY else ""
        return f",{mostly} {evidence.repost_share:.0%} reposts, {counted(evidence.texts, 'distinct text')}"
    return f", {counted(evidence.texts, 'distinct text')}"


def _carried(leading: list[Voice], posts: int) -> str:
    first = min(leading, key=lambda voice: (voice.first_ms, voice.author))
    top = leading[0]
    if top.posts >= _FLOOD_SHARE * posts and top.posts > 1:
        return f"{top.author} alone wrote {top.posts} of them."
    if len(leading) == 1:
        return f"Most active: {top.author}."
    names = ", ".join(voice.author for voice in leading[:3])
    return f"Most active: {names}; {first.author} was first among them."
