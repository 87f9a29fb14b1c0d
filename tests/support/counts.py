"""Made-up series of counts, with bursts of known time, as a brand's mentions may look; and changed real ones.

Five-minute counts of 55 days. Each kind has another difficulty; all have a day cycle of ±70 % and are over-dispersed.
`quiet` series have no burst: whatever is told of them is a false alert.
"""

from itertools import pairwise

import numpy as np

from tests.support.nab import Labelled

STEP_MS = 300_000
DAY_ROWS = 288
ROWS = 55 * DAY_ROWS
START_MS = 1_425_000_000_000

KINDS = {  # name: (posts a step, size of the negative binomial, more than Poisson by 1/size)
    "over-dispersed": (20, 2),
    "heavy tail": (30, 20),
    "level shifts": (10, 8),
    "sparse": (0.3, 2),
    "low": (3, 4),
    "drift": (40, 8),
    "high": (300, 20),
}
BURSTS = 4


def times_ms(rows):
    """Return the times of so many rows."""
    return [START_MS + STEP_MS * row for row in range(rows)]


def made(kind, seed, bursts=BURSTS):
    """Return a made-up series of one kind with so many bursts of two to six times the usual mean."""
    random = np.random.default_rng([list(KINDS).index(kind), seed])
    mean, size = KINDS[kind]
    hour = np.arange(ROWS) / 12 % 24
    rate = mean * (1 + 0.7 * np.sin(2 * np.pi * (hour - random.uniform(0, 24)) / 24))
    if kind == "level shifts":
        for _ in range(3):
            rate[random.integers(ROWS // 8, ROWS) :] *= random.choice([0.6, 1.7])
    if kind == "drift":
        rate *= np.exp(np.cumsum(random.normal(0, 0.01, ROWS)))
    if kind == "heavy tail":
        for _ in range(random.poisson(3 * 55)):
            add_burst(rate, random.integers(0, ROWS), mean * min(0.3 * random.pareto(1.8), 2.0), random.integers(1, 6))
    onsets = []
    slots = np.linspace(5 * DAY_ROWS, ROWS - 2 * DAY_ROWS, bursts + 1)
    for slot, following in pairwise(slots):
        onsets.append(int(random.uniform(slot, following - 400)))
        least = 3 * mean**0.5 + (2 if mean < 1 else 0)
        add_burst(rate, onsets[-1], max(random.uniform(2, 6) * mean, least), random.integers(12, 72), rise=3)
    return Labelled(kind, times_ms(ROWS), draw(rate, size, random), [window_of(onset, 198) for onset in onsets])


def brand(seed):
    """Return a made-up brand: bursts of any length and of scale-free size; labelled are the two to four largest.

    So it is with real brands and those who label them. One in seven of the largest is left out, as they do.
    """
    random = np.random.default_rng([99, seed])
    mean = 10 ** random.uniform(-0.5, 2)
    hour, day = np.arange(ROWS) / 12 % 24, np.arange(ROWS) // DAY_ROWS % 7
    base = mean * np.exp(random.uniform(0.2, 0.8) * np.sin(2 * np.pi * (hour - random.uniform(0, 24)) / 24))
    base *= np.where(day >= 5, random.uniform(0.5, 1), 1) * np.exp(np.cumsum(random.normal(0, 0.003, ROWS)))
    count = random.poisson(random.uniform(1, 8) * 55)
    onsets = np.sort(random.integers(0, ROWS - 30, count))
    lengths = np.exp(random.uniform(0, np.log(10 ** random.uniform(0.8, 2)), count))
    rises = np.maximum(1, lengths * random.uniform(0, 0.5, count))
    sizes = (
        (random.pareto(random.uniform(1.1, 2.2), count) + 1)
        * random.uniform(0.3, 1)
        * (0.3 + 1 / max(mean, 0.3)) ** 0.5
    )
    sizes = np.minimum(sizes, 300) * lengths ** -random.uniform(0, 0.5)
    rate = base.copy()
    for onset, size, length, rise in zip(onsets, sizes, lengths, rises, strict=True):
        add_burst(rate, onset, size * mean, length, rise)
    peaks, wanted = [], random.integers(2, 5)
    for which in np.argsort(-striking(rate, base, onsets)):
        peak = int(onsets[which] + rises[which])
        if onsets[which] > 900 and random.random() > 0.15 and all(abs(peak - other) > 600 for other in peaks):
            peaks.append(peak)
        if len(peaks) == wanted:
            break
    counts = draw(rate, 10 ** random.uniform(0.2, 1.3), random)
    windows = sorted(window_of(peak, ROWS // (20 * len(peaks))) for peak in peaks)
    return Labelled("brand", times_ms(ROWS), counts, windows)


def add_burst(rate, onset, size, length, rise=1):
    """Add to the rates what rises within so many rows, and falls to a third in each `length` of rows."""
    rows = np.arange(min(800, len(rate) - onset))
    rate[onset : onset + len(rows)] += (
        size * np.minimum(1, (rows + 1) / rise) * np.exp(-np.maximum(0, rows + 1 - rise) / length)
    )


def striking(rate, base, onsets):
    """Return how much each burst stands out to the eye: the mean of its log ratios over four window lengths."""
    total = np.zeros(len(onsets))
    for length in (1, 3, 12, 48):
        seen, usual = (np.convolve(each, np.ones(length))[: len(rate)] for each in (rate, base))
        ratio = np.log((seen + 2) / (usual + 2))
        total += [ratio[onset : onset + 48].max() / ratio.std() for onset in onsets]
    return total


def draw(rate, size, random):
    """Return counts drawn from the negative binomial of these means and this size."""
    return [float(count) for count in random.poisson(random.gamma(size, rate / size))]


def window_of(row, half):
    """Return a window around a row."""
    return max(0, row - half), min(ROWS - 1, row + half)


def thinned(series, share, seed):
    """Return a series of which each post is kept by chance: what a smaller brand would be like."""
    random = np.random.default_rng(seed)
    counts = [float(count) for count in random.binomial(np.array(series.counts, int), share)]
    return series._replace(counts=counts)


def shuffled(series, seed):
    """Return a series cut into four at whole days outside of its windows, and put together in another order."""
    random = np.random.default_rng(seed)
    rows = len(series.counts) // DAY_ROWS * DAY_ROWS
    free = [
        row
        for row in range(5 * DAY_ROWS, rows - 5 * DAY_ROWS, DAY_ROWS)
        if not any(first - 100 <= row <= last + 50 for first, last in series.windows)
    ]
    while True:
        cuts = [0, *sorted(random.choice(free, 3, replace=False)), rows]
        if min(np.diff(cuts)) > 4 * DAY_ROWS:
            break
    counts, windows = [], []
    for piece in random.permutation(4):
        start, end = int(cuts[piece]), int(cuts[piece + 1])
        moved = len(counts) - start
        windows += [(first + moved, last + moved) for first, last in series.windows if start <= first and last < end]
        counts += series.counts[start:end]
    return Labelled(series.name, series.times_ms[: len(counts)], counts, sorted(windows))
