"""The bar: the significance that an alert needs, so that chance opens no more alerts than the budget allows.

Two estimates of the bar, the higher counts:

* the number of tests: with m terms tested a week, a tail probability of B / (5 m) lets chance through B times a week
  (Bonferroni; 5 for three windows and many starting points, measured at 2 to 7 on null streams). m is that of the last
  week, or the mean of those weeks of the last four, up to its last test, that were not silent: else a community that
  comes back from its holidays would be met by a bar for silence;
* the community's own hourly maxima of the last 28 days, extrapolated by an exponential tail above the value that is
  exceeded 42 times a week (peaks over threshold, as libspot's documentation describes SPOT, with the shape of the tail
  fixed at zero). Scores of stories are left out, else a community with much news would hear of less and less of it; so
  the tail is seen up to the bar only, which the slope allows for. The maxima correct a wrong model, but words that rise
  along with news and open no story are taken for chance; so they may raise the bar by no more than 2.5. Those of the
  first half day are left out as well: what is usual is hardly known then, and all is surprising.
"""

import math
from typing import Final, Literal

import msgspec

from models.mentions import HOUR_MS
from models.scoring import BarInputs, Maxima

_WEEK_HOURS: Final = 168
TESTS_FACTOR: Final = 5.0
_MAXIMA_HOURS: Final = 28 * 24
_PEAKS_PER_WEEK: Final = 42.0
_PEAKS_SHARE_MAX: Final = 0.6
_PEAKS_MIN: Final = 4
_SLOPE_IF_MODEL_HOLDS: Final = 1 / math.log(10)
"""Mean excess in decades if the tail probabilities were right; as a prior worth ten peaks."""

_PRIOR_PEAKS: Final = 10.0
RAISE_MAX: Final = 2.5
_SLOPE_STEPS: Final = 20
"""Of the iteration that finds the slope; each halves what is missing, at least."""

_EXPONENT_MAX: Final = 700.0
"""The exponential of more than 709 is no float; by then the cut no longer matters."""

_CUT_MIN: Final = 0.1
_PEAKS_KEPT: Final = 32
"""Terms of the current hour of which the largest score is known: more stories than that begin in no hour."""

_FIRST_DAY_RAISE: Final = 3.0
"""Decades the bar is higher by at first, falling to none in a day: the baseline is being learnt."""

_FIRST_DAY_HOURS: Final = 24
_UNSURE_HOURS: Final = 12
BAR_MIN: Final = 2.0


BarSource = Literal["tests", "maxima", "limit", "least"]


class Bar(msgspec.Struct, frozen=True):
    """A bar, and how it came about.

    Attributes:
        value: The significance that an alert needs.
        by_tests: The estimate from the number of tests, what a new community adds included.
        by_maxima: The estimate from the community's own maxima; None where there are too few.
        source: Which of them is in force; ``limit`` is that of the maxima, cut at `RAISE_MAX` above that of the tests,
            and ``least`` is `BAR_MIN`.
    """

    value: float
    by_tests: float
    by_maxima: float | None
    source: BarSource

    def expected_per_week(self, alerts_per_week: float, bar: float) -> float:
        """Return how many alerts a week chance brings over a bar, if a decade of it lets a tenth pass.

        Args:
            alerts_per_week: What the budget allows.
            bar: The bar that is in force, whatever has moved it.
        """
        # Without the limit and the least bar, which let more or less pass than the budget allows.
        needed = max(self.by_tests, self.by_maxima or 0.0)
        return float(alerts_per_week * 10 ** (needed - bar))


def find_bar(inputs: BarInputs, alerts_per_week: float) -> Bar:
    """Return the bar for a budget.

    >>> find_bar(BarInputs(tests_per_week=6_000, learning_raise=0.0, maxima=None), alerts_per_week=3).value
    4.0
    """
    by_tests = math.log10(max(TESTS_FACTOR * inputs.tests_per_week / alerts_per_week, 10.0)) + inputs.learning_raise
    by_maxima = None if inputs.maxima is None else _by_maxima(inputs.maxima, by_tests, alerts_per_week)
    value: float = by_tests
    source: BarSource = "tests"
    if by_maxima is not None and by_maxima > by_tests:
        limit = by_tests + RAISE_MAX
        value, source = (by_maxima, "maxima") if by_maxima <= limit else (limit, "limit")
    if value < BAR_MIN:
        value, source = BAR_MIN, "least"
    return Bar(value, by_tests, by_maxima, source)


def _by_maxima(maxima: Maxima, by_tests: float, alerts_per_week: float) -> float:
    reach = math.log(max(maxima.per_week / alerts_per_week, 1e-3))
    slope = maxima.mean_excess
    for _ in range(_SLOPE_STEPS):
        # An exponential that is cut off at c has a mean of slope - c / (e^(c / slope) - 1).
        limit = max(by_tests + RAISE_MAX - maxima.least, _CUT_MIN)
        cut = min(max(by_tests - maxima.least, slope * reach, _CUT_MIN), limit)
        slope = maxima.mean_excess + cut / math.expm1(min(cut / slope, _EXPONENT_MAX))
    return maxima.least + slope * reach


class BudgetState(msgspec.Struct):
    """What the bar is computed from.

    Attributes:
        hour: Number of the current hour of event time.
        maxima: Largest significance of each past hour, over terms in no story; 28 days.
        tests: Terms tested in each past hour; 28 days.
        peaks: Of the current hour so far, the largest significance of each term that has one; at most `_PEAKS_KEPT`.
        tested: In the current hour so far.
        bar: In force in the current hour; None if it has not been asked for.
        inputs: What that was computed from.
    """

    hour: int
    maxima: list[float] = msgspec.field(default_factory=list)
    tests: list[int] = msgspec.field(default_factory=list)
    peaks: dict[str, float] = msgspec.field(default_factory=dict)
    tested: int = 0
    bar: float | None = None
    inputs: BarInputs | None = None

    def restart(self, now_ms: int) -> None:
        """Forget all, as for a community that is followed from now on."""
        self.hour, self.maxima, self.tests = now_ms // HOUR_MS, [], []
        self.peaks, self.tested, self.bar, self.inputs = {}, 0, None, None

    def forget_tests(self) -> None:
        """Count on as many tests as in the last day, because the volume has changed for good."""
        self.tests, self.bar, self.inputs = self.tests[-_FIRST_DAY_HOURS:], None, None

    @property
    def maximum(self) -> float:
        """Largest significance of the current hour so far, of terms in no story."""
        return max(self.peaks.values(), default=0.0)

    def observe(self, term: str, score: float) -> None:
        """Take note of a score of a term that is in no story."""
        if score <= self.peaks.get(term, 0.0):
            return
        self.peaks[term] = score
        if len(self.peaks) > _PEAKS_KEPT:
            del self.peaks[min(self.peaks, key=lambda own: (self.peaks[own], own))]

    def leave_out(self, term: str) -> None:
        """Forget what a term scored in this hour: it has turned out to belong to a story."""
        self.peaks.pop(term, None)

    def advance(self, now_ms: int) -> None:
        """Begin a new hour if it is time; hours without posts count as hours without a score."""
        hour = now_ms // HOUR_MS
        passed = hour - self.hour
        if passed <= 0:
            return
        quiet = min(passed - 1, _MAXIMA_HOURS)
        maximum = self.maximum if len(self.maxima) >= _UNSURE_HOURS else 0.0
        self.maxima = [*self.maxima, maximum, *[0.0] * quiet][-_MAXIMA_HOURS:]
        self.tests = [*self.tests, self.tested, *[0] * quiet][-_MAXIMA_HOURS:]
        self.hour, self.peaks, self.tested, self.bar, self.inputs = hour, {}, 0, None, None

    def bar_for(self, alerts_per_week: float) -> float:
        """Return the bar of the current hour, fixed when it is first asked for."""
        if self.bar is None:
            self.inputs = self._find_inputs()
            self.bar = find_bar(self.inputs, alerts_per_week).value
        return self.bar

    def expected_per_week(self, alerts_per_week: float, bar: float) -> float:
        """See `Bar.expected_per_week`."""
        return self.find(alerts_per_week).expected_per_week(alerts_per_week, bar)

    def find(self, alerts_per_week: float) -> Bar:
        """Return what `bar_for` would, and how it comes about, without fixing it: for onlookers."""
        return find_bar(self.inputs or self._find_inputs(), alerts_per_week)

    def _find_inputs(self) -> BarInputs:
        learning = max(0.0, 1 - len(self.maxima) / _FIRST_DAY_HOURS)
        return BarInputs(self._tests_per_week(), _FIRST_DAY_RAISE * learning, self._find_maxima())

    def _tests_per_week(self) -> float:
        hours = len(self.tests)
        week = sum(self.tests[-_WEEK_HOURS:]) + self.tested
        if hours <= _WEEK_HOURS:
            return week / max(hours, 1) * _WEEK_HOURS
        while hours and not self.tests[hours - 1]:
            hours -= 1
        weeks = [self.tests[max(0, end - _WEEK_HOURS) : end] for end in range(hours, 0, -_WEEK_HOURS)]
        busy_hours = sum(len(own) for own in weeks if any(own))
        return max(float(week), sum(self.tests) / max(1, busy_hours) * _WEEK_HOURS)

    def _find_maxima(self) -> Maxima | None:
        weeks = len(self.maxima) / _WEEK_HOURS
        scores = sorted(score for score in self.maxima if score > 0)
        peaks = int(min(_PEAKS_PER_WEEK * weeks, _PEAKS_SHARE_MAX * len(scores)))
        if peaks < _PEAKS_MIN:
            return None
        least = scores[-peaks]
        excess = math.fsum(scores[-peaks:]) - least * peaks
        mean_excess = (excess + _PRIOR_PEAKS * _SLOPE_IF_MODEL_HOLDS) / (peaks + _PRIOR_PEAKS)
        return Maxima(peaks / weeks, least, mean_excess)
