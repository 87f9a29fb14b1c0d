"""What an alert rests on: the window that scored highest, scored again without some of its posts.

Without the one, three and five accounts that posted most in it, and without reposts and further copies of a text. What
is usual is taken as it was. Leaving out more never gives more voices, so a burst that would have passed the bar without
five accounts would have passed it without three.
"""

from collections.abc import Sequence
from typing import Final

from models.detector import AUTHORS_MIN, EVALUATED_MAX, VOICES_MIN, TermScore
from models.mentions import WINDOW_MS, Mention, MentionWindow
from models.message import Rescored, Robustness, rounded
from models.significance import surprise, voices
from models.terms import cut_name

TOP_MAX: Final = 5


def rescore(window: MentionWindow, best: TermScore, bar: float, now_ms: int) -> Robustness | None:
    """Return what a score is without some of its posts; None once some of them have left the window.

    Args:
        window: The community's posts of the last hour.
        best: The score.
        bar: What it must pass.
        now_ms: Event time that the community has reached.
    """
    term, start_ms = window.terms.get(best.term), best.at_ms - best.length_ms
    if term is None or start_ms < max(window.covered_from_ms, now_ms - WINDOW_MS):
        return None
    counted = [mention for mention in term.mentions if start_ms < mention.event_time_ms <= best.at_ms][-EVALUATED_MAX:]
    top = _most_active(counted)
    is_known = 2 * sum(mention.is_author_known for mention in counted) > len(counted)

    def without(accounts: int) -> Rescored | None:
        left_out = set(top[:accounts])
        return _score([each for each in counted if each.author not in left_out], best, bar) if is_known else None

    return Robustness(
        at_ms=best.at_ms,
        voices=best.voices,
        significance=rounded(best.significance),
        top=[cut_name(author) for author in top] if is_known else [],
        without_top_1=without(1),
        without_top_3=without(3),
        without_top_5=without(5),
        without_copies=_score(_originals(counted), best, bar),
    )


def earliest_ms(mentions: Sequence[Mention]) -> int:
    """Return when posts of a term, oldest first, came to be voices enough for an alert.

    Args:
        mentions: Of one hour.

    Returns:
        The event time of the post that made it so, or of the last if none did.
    """
    authors: set[str] = set()
    texts: set[int] = set()
    reposted: set[int] = set()
    for mention in mentions:
        _count(mention, authors, texts, reposted)
        if len(authors) >= AUTHORS_MIN and voices(len(authors), len(texts), len(reposted)) >= VOICES_MIN:
            return mention.event_time_ms
    return mentions[-1].event_time_ms


def _most_active(mentions: list[Mention]) -> list[str]:
    """Return who posted most; of those with as many posts, who came first."""
    posts: dict[str, int] = {}
    for mention in mentions:
        if mention.is_author_known:
            posts[mention.author] = posts.get(mention.author, 0) + 1
    return sorted(posts, key=lambda author: -posts[author])[:TOP_MAX]


def _originals(mentions: list[Mention]) -> list[Mention]:
    first: dict[int, Mention] = {}
    for mention in mentions:
        if not mention.is_repost:
            first.setdefault(mention.text_class, mention)
    return list(first.values())


def _score(mentions: list[Mention], best: TermScore, bar: float) -> Rescored:
    authors: set[str] = set()
    texts: set[int] = set()
    reposted: set[int] = set()
    for mention in mentions:
        _count(mention, authors, texts, reposted)
    # Posts that came late since then may make more of what is left than there was.
    count = min(voices(len(authors), len(texts), len(reposted)), best.voices)
    significance = surprise(count, best.share * best.volume, best.size)
    passes = count >= VOICES_MIN and len(authors) >= AUTHORS_MIN and significance >= bar
    return Rescored(count, rounded(significance), passes)


def _count(mention: Mention, authors: set[str], texts: set[int], reposted: set[int]) -> None:
    authors.add(mention.author)
    texts.add(mention.text_class)
    if mention.is_repost:
        reposted.add(mention.text_class)
