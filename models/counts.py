"""How unusual a count is in its own series: plain counts in, one score in 0..1 out, online.

The same idea as for terms, without authors: what is usual at this hour, how far above it the last minutes to hours
are, and how often this series gets so far by itself. For terms the last question is answered by a model of chatter;
here the series answers it, since brands differ more than any one tail does: of one the largest five minutes of half
a day are twice the usual, of another twenty times.

1. Usual: a level and a factor for each UTC hour, both learnt slowly and from counts that are cut, so that a burst
   teaches little.
2. For each of eight window lengths, the logarithm of (count + floor) / (expected + floor), less the mean of its own
   block maxima, in units of their spread. Their mean is the surprise: no length is preferred, and a burst that
   shows at several counts for more.
3. The surprise is held against its own block maxima in turn, which makes it comparable between series. Maxima of
   logarithms of heavy-tailed counts follow Gumbel's law, and that says how often chance comes so far: once a week is
   the score 0.5.
4. One story, one score: after it was told, only what is clearly more surprising is news, and all else is 0. What
   was told fades within days.
"""

import math
from collections import deque
from typing import Final

import msgspec

from models.mentions import DAY_MS, HOUR_MS, MINUTE_MS

STEP_MS_MIN: Final = 10_000
"""Rows that come closer are taken together; it bounds the memory of a series to 3,841 sums."""

WARM_UP_MS: Final = HOUR_MS
"""The first row's count weighs as much as an hour of them, so that a burst right at the start is not the level."""

LEVEL_PER_HOUR_MIN: Final = 0.25
"""A series that fell silent can still be exceeded: the floor decides then."""

HOUR_FACTOR_MIN: Final = 0.1
HOUR_FACTOR_MAX: Final = 4.0
"""How far one hour of the day may differ from the mean of all."""

GUMBEL_SCALE: Final = math.pi / math.sqrt(6)
GUMBEL_SHIFT: Final = 0.57722
"""Standard deviation and mean of Gumbel's law, by which a maximum in units of its spread becomes a probability."""

SCORE_DIGITS: Final = 6


class Prior(msgspec.Struct, frozen=True):
    """What block maxima are like before a series has shown its own.

    Attributes:
        mean: Their mean.
        spread: Their standard deviation; it is never learnt to be less than half of this.
        blocks: How many blocks this knowledge is worth.
    """

    mean: float
    spread: float
    blocks: float


class CountConstants(msgspec.Struct, frozen=True):
    """What the score depends on. Every one is flat: `tests/benchmarks/bench_counts.py` halves and doubles each.

    Attributes:
        memory_ms: Half-life of all that is learnt of a series. Two weeks hold two of each weekday.
        windows_ms: Window lengths, each twice the one before: bursts have no length of their own.
        blocks_ms: Lengths of the blocks whose maxima are learnt. Shorter ones are many, longer ones are alike by day
            and night: both are used.
        floor: Posts added to both sides of the ratio, so that one or two posts more are little news. As many as the
            voices that a term needs.
        learnt_max: A count teaches at most so many times what was expected, and the floor.
        ratio_prior: Of the log ratios: a block's highest is usually twice the expected.
        surprise_prior: Of the surprise: the mean of several windows' surprises has lower maxima than each.
        spreads_max: A block maximum of the surprise teaches at most so many spreads above the mean.
        margin: How much more surprising than what was told something must be to be news.
        told_half_life_ms: Half-life of what was told.
        score_half_ms: The score is 0.5 for what chance brings once in this time.
    """

    memory_ms: int = 14 * DAY_MS
    windows_ms: tuple[int, ...] = tuple(5 * MINUTE_MS * 2**doubled for doubled in range(8))
    blocks_ms: tuple[int, ...] = (6 * HOUR_MS, 12 * HOUR_MS)
    floor: float = 3.0
    learnt_max: float = 3.0
    ratio_prior: Prior = Prior(mean=0.7, spread=0.4, blocks=5.0)
    surprise_prior: Prior = Prior(mean=-0.3, spread=0.7, blocks=20.0)
    spreads_max: float = 3.0
    margin: float = 1.6
    told_half_life_ms: int = DAY_MS
    score_half_ms: int = 7 * DAY_MS


DEFAULTS: Final = CountConstants()


class BlockMaxima:
    """Fading mean and spread of the maxima of one number over blocks of time.

    Args:
        length_ms: Of a block; a step that is longer is a block of its own.
        memory_ms: Half-life of a block's weight.
        prior: What they are like at first.
        spreads_max: How far above the mean a maximum may teach, in spreads.
    """

    __slots__ = (
        "_elapsed_ms",
        "_highest",
        "_length_ms",
        "_mean",
        "_memory_ms",
        "_spreads_max",
        "_variance",
        "_variance_min",
        "_weight",
    )

    def __init__(self, length_ms: int, memory_ms: int, prior: Prior, spreads_max: float = math.inf) -> None:
        self._length_ms = length_ms
        self._memory_ms = memory_ms
        self._spreads_max = spreads_max
        self._mean = prior.mean
        self._variance = prior.spread**2
        # Else a series that never moves would find anything surprising.
        self._variance_min = self._variance / 4
        self._weight = prior.blocks
        self._elapsed_ms = 0
        self._highest = -math.inf

    def surprise(self, value: float) -> float:
        """Return how far a value is above the mean maximum, in spreads."""
        return (value - self._mean) / math.sqrt(self._variance)

    def learn(self, value: float, step_ms: int) -> None:
        """Take the value of one step."""
        self._highest = max(self._highest, value)
        self._elapsed_ms += step_ms
        if self._elapsed_ms < self._length_ms:
            return
        taught = min(self._highest, self._mean + self._spreads_max * math.sqrt(self._variance))
        self._weight = self._weight * 0.5 ** (self._elapsed_ms / self._memory_ms) + 1.0
        off = taught - self._mean
        self._mean += off / self._weight
        variance = self._variance + (off * (taught - self._mean) - self._variance) / self._weight
        self._variance = max(self._variance_min, variance)
        self._elapsed_ms = 0
        self._highest = -math.inf


class UsualCounts:
    """What is usual at an hour of the day: a level, and a factor for each UTC hour.

    Args:
        per_hour: The level to begin with.
        memory_ms: Half-life of what was learnt.
    """

    def __init__(self, per_hour: float, memory_ms: int) -> None:
        self._memory_ms = memory_ms
        self._per_hour = max(per_hour, LEVEL_PER_HOUR_MIN)
        self._factors = [1.0] * 24
        self._learnt_ms = WARM_UP_MS

    def per_hour(self, hour: int) -> float:
        """Return how many posts an hour are usual at this hour of the day."""
        return self._per_hour * self._factors[hour]

    def learn(self, hour: int, per_hour: float, step_ms: int) -> None:
        """Take what came in one step.

        Args:
            hour: Of the day, 0 to 23.
            per_hour: Posts an hour in this step, already cut.
            step_ms: How long it was.
        """
        self._learnt_ms += step_ms
        rate = max(1.0 - 0.5 ** (step_ms / self._memory_ms), step_ms / self._learnt_ms)
        self._per_hour += rate * (per_hour / self._factors[hour] - self._per_hour)
        self._per_hour = max(LEVEL_PER_HOUR_MIN, self._per_hour)
        # An hour comes round once a day, so that its memory is counted in visits.
        visit = min(step_ms, HOUR_MS) / HOUR_MS
        factor = min(per_hour / self._per_hour, HOUR_FACTOR_MAX)
        self._factors[hour] += (1.0 - 0.5 ** (visit * DAY_MS / self._memory_ms)) * (factor - self._factors[hour])
        self._factors[hour] = max(HOUR_FACTOR_MIN, self._factors[hour])


class CountSeries:
    """Scores one series of counts, row by row, each from that row and earlier ones only.

    The step is what the rows show: the shortest time between two of them, at least ten seconds. Rows that are
    missing count as zero, since counts are often written only where there are any; after more of them than the longest
    window holds, the windows begin anew and what is usual is kept. The first row is scored 0, since nothing is known.
    A row that comes within ten seconds of the one before adds to it; one from before that is scored 0 and teaches
    nothing.

    Args:
        constants: What the score depends on.

    >>> series = CountSeries()
    >>> scores = [series.score(300_000 * row, count) for row, count in enumerate([5, 4, 6, 5] * 300 + [90])]
    >>> max(scores[1:-1]) < 0.5 < scores[-1]
    True
    """

    def __init__(self, constants: CountConstants = DEFAULTS) -> None:
        self._constants = constants
        self._at_ms: int | None = None
        self._step_ms = 0
        self._count = 0.0
        self._usual = UsualCounts(0.0, constants.memory_ms)
        self._maxima = [
            [BlockMaxima(block_ms, constants.memory_ms, constants.ratio_prior) for block_ms in constants.blocks_ms]
            for _ in constants.windows_ms
        ]
        self._surprise_maxima = [
            BlockMaxima(block_ms, constants.memory_ms, constants.surprise_prior, constants.spreads_max)
            for block_ms in constants.blocks_ms
        ]
        self._told = 0.0
        self._ratios = [0.0] * len(constants.windows_ms)
        self._mean_surprise = 0.0
        self._lengths: list[int] = []
        self._sums: deque[float] = deque()

    def is_late(self, event_time_ms: int) -> bool:
        """Return whether a row of this time comes too late to be scored."""
        return self._at_ms is not None and event_time_ms < self._at_ms

    def score(self, event_time_ms: int, count: float) -> float:
        """Take a row and return its score.

        Args:
            event_time_ms: When it was counted.
            count: How many posts there were, 0 or more.

        Returns:
            0..1: T / (T + a week) for what chance brings once in a time T; 0 where there is nothing new.
        """
        if self.is_late(event_time_ms):
            return 0.0
        self._move_to(event_time_ms)
        self._count += count
        if not self._step_ms:
            return 0.0
        surprise = self._measure()
        if surprise <= self._told * self._constants.margin:
            return 0.0
        self._told = surprise
        return self._score_of(surprise)

    def _move_to(self, event_time_ms: int) -> None:
        if self._at_ms is None:
            self._at_ms = event_time_ms
            return
        gap_ms = event_time_ms - self._at_ms
        if gap_ms < STEP_MS_MIN:
            return
        if not self._step_ms:
            self._begin(gap_ms)
            self._usual = UsualCounts(self._count * HOUR_MS / gap_ms, self._constants.memory_ms)
            self._measure()
        elif 2 * gap_ms < self._step_ms:
            # What came until now was counted over longer steps.
            self._begin(gap_ms)
            self._at_ms, self._count = event_time_ms, 0.0
            return
        steps = round(gap_ms / self._step_ms)
        if not steps:
            return
        self._close()
        if steps > self._lengths[-1]:
            self._told *= 0.5 ** ((steps - 1) * self._step_ms / self._constants.told_half_life_ms)
            self._begin(self._step_ms)
        else:
            for missing in range(1, steps):
                self._at_ms += (event_time_ms - self._at_ms) // (steps - missing + 1)
                self._measure()
                self._close()
        self._at_ms = event_time_ms

    def _begin(self, step_ms: int) -> None:
        """Begin with empty windows."""
        self._step_ms = step_ms
        self._lengths = [max(1, round(length_ms / step_ms)) for length_ms in self._constants.windows_ms]
        self._sums = deque([0.0], maxlen=self._lengths[-1] + 1)

    def _hour(self) -> int:
        assert self._at_ms is not None, "a row came first"
        return self._at_ms // HOUR_MS % 24

    def _measure(self) -> float:
        """Return the surprise of the step that is open, and keep what it was made of."""
        floor = self._constants.floor
        expected = self._usual.per_hour(self._hour()) * self._step_ms / HOUR_MS
        so_far = self._sums[-1] + self._count
        total = 0.0
        for which, (length, maxima) in enumerate(zip(self._lengths, self._maxima, strict=True)):
            ratio = 0.0
            if length <= len(self._sums):
                # As usual at this hour, for long windows too: against the sum of their own hours nothing was better.
                ratio = math.log((so_far - self._sums[-length] + floor) / (expected * length + floor))
            self._ratios[which] = ratio
            total += math.fsum(each.surprise(ratio) for each in maxima)
        self._mean_surprise = total / (len(self._maxima) * len(self._constants.blocks_ms))
        surprises = [each.surprise(self._mean_surprise) for each in self._surprise_maxima]
        return math.fsum(surprises) / len(surprises)

    def _close(self) -> None:
        """Learn from the step that is open, and open an empty one."""
        for ratio, maxima in zip(self._ratios, self._maxima, strict=True):
            for each in maxima:
                each.learn(ratio, self._step_ms)
        for each in self._surprise_maxima:
            each.learn(self._mean_surprise, self._step_ms)
        steps_an_hour = HOUR_MS / self._step_ms
        hour = self._hour()
        highest = self._constants.learnt_max * self._usual.per_hour(hour) / steps_an_hour + self._constants.floor
        self._usual.learn(hour, min(self._count, highest) * steps_an_hour, self._step_ms)
        self._told *= 0.5 ** (self._step_ms / self._constants.told_half_life_ms)
        self._sums.append(self._sums[-1] + self._count)
        self._count = 0.0

    def _score_of(self, surprise: float) -> float:
        chance = -math.expm1(-math.exp(-(GUMBEL_SCALE * surprise + GUMBEL_SHIFT)))
        block_ms = max(self._step_ms, *self._constants.blocks_ms)
        return round(block_ms / (block_ms + chance * self._constants.score_half_ms), SCORE_DIGITS)
