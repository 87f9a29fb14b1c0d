"""How surprising a count of voices is: an over-dispersed tail probability.

Chatter is burstier than Poisson: the count of a window is taken as negative binomial with the expected mean and a
size that is small where little is known. Significance is -log10 of the probability of that many or more.
"""

import math
from typing import Final

CHATTER_SIZE: Final = 2.0
"""Size of ordinary chatter: words come in bursts, so a count spreads far more than a Poisson count would."""

_RANGE_STEPS_MAX: Final = 20_000


def voices(authors: int, texts: int, reposted_texts: int) -> int:
    """Return how many voices a burst has.

    The lesser of authors and distinct texts: the least number of accounts or texts that must be taken away to
    take away the burst, so that 500 copies count as one and a flooding author counts as one. A repost of a text
    whose author was not seen is a voice of that author; at most one extra for each reposting author.

    Args:
        authors: Distinct authors.
        texts: Distinct texts; near-copies count once.
        reposted_texts: How many of the texts came as reposts.

    >>> voices(authors=500, texts=1, reposted_texts=1)
    1
    """
    return min(authors, texts) + min(max(0, reposted_texts - authors), authors)


def size_for(seen: float) -> float:
    """Return the size parameter for a term with a faded count of `seen`.

    Two sources of spread add up: chatter's own, and not knowing the term's share yet.
    """
    return 1.0 / (1.0 / CHATTER_SIZE + 1.0 / (seen + 1.0))


def surprise(count: float, mean: float, size: float) -> float:
    """Return -log10 P(X >= count) for X negative binomial with this mean and size; 0 at or below the mean.

    The tail is bounded by a geometric series from its first term on, so the result is never too large.

    >>> round(surprise(10, 1.0, 2.0), 2)
    3.89
    """
    if count <= mean or count < 1 or mean <= 0:
        return 0.0
    odds = mean / (mean + size)
    # Each term is at most so many times the one before; for sizes below 1 the ratio rises towards `odds`.
    ratio = max((count + size) / (count + 1), 1.0) * odds
    if ratio >= 1:
        return 0.0
    log_first = (
        math.lgamma(count + size)
        - math.lgamma(size)
        - math.lgamma(count + 1)
        + size * math.log(size / (mean + size))
        + count * math.log(odds)
    )
    return max(0.0, -(log_first - math.log1p(-ratio)) / math.log(10))


def usual_range(mean: float, size: float) -> tuple[int, int]:
    """Return (low, high), between which nine windows in ten lie: the 5 % and 95 % quantiles."""
    odds = mean / (mean + size)
    probability = (1 - odds) ** size
    below, count, low = probability, 0, 0 if probability >= 0.05 else -1  # noqa: PLR2004
    while below < 0.95 and count < _RANGE_STEPS_MAX:  # noqa: PLR2004
        probability *= (count + size) / (count + 1) * odds
        count += 1
        below += probability
        if low < 0 and below >= 0.05:  # noqa: PLR2004
            low = count
    return max(low, 0), count
