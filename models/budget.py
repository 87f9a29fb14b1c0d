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
from typing import Final

import msgspec

from models.mentions import HOUR_MS

_WEEK_HOURS: Final = 168
_TESTS_FACTOR: Final = 5.0
_MAXIMA_HOURS: Final = 28 * 24
_PEAKS_PER_WEEK: Final = 42.0
_PEAKS_SHARE_MAX: Final = 0.6
_PEAKS_MIN: Final = 4
_SLOPE_IF_MODEL_HOLDS: Final = 1 / math.log(10)
"""Mean excess in decades if the tail probabilities were right; as a prior worth ten peaks."""

_PRIOR_PEAKS: Final = 10.0
_SLOPE_STEPS: Final = 20
"""Of the iteration that finds the slope; each halves what is missing, at least."""

_CUT_MIN: Final = 0.1
_PEAKS_KEPT: Final = 32
"""Terms of the current hour of which the largest score is known: more stories than that begin in no hour."""

_RAISE_MAX: Final = 2.5
_FIRST_DAY_RAISE: Final = 3.0
"""Decades the bar is higher by at first, falling to none in a day: the baseline is being learnt."""

_FIRST_DAY_HOURS: Final = 24
_UNSURE_HOURS: Final = 12
_BAR_MIN: Final = 2.0


class BudgetState(msgspec.Struct):
    """What the bar is computed from.

    Attributes:
        hour: Number of the current hour of event time.
        maxima: Largest significance of each past hour, over terms in no story; 28 days.
        tests: Terms tested in each past hour; 28 days.
        peaks: Of the current hour so far, the largest significance of each term that has one; at most `_PEAKS_KEPT`.
        tested: In the current hour so far.
        bar: In force in the current hour; None if it has not been asked for.
    """

    hour: int
    maxima: list[float] = msgspec.field(default_factory=list)
    tests: list[int] = msgspec.field(default_factory=list)
    peaks: dict[str, float] = msgspec.field(default_factory=dict)
    tested: int = 0
    bar: float | None = None

    def restart(self, now_ms: int) -> None:
        """Forget all, as for a community that is followed from now on."""
        self.hour, self.maxima, self.tests = now_ms // HOUR_MS, [], []
        self.peaks, self.tested, self.bar = {}, 0, None

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
        self.hour, self.peaks, self.tested, self.bar = hour, {}, 0, None

    def bar_for(self, alerts_per_week: float) -> float:
        """Return the bar of the current hour, fixed when it is first asked for."""
        self.bar = self.estimate(alerts_per_week)
        return self.bar

    def estimate(self, alerts_per_week: float) -> float:
        """Return what `bar_for` would, without fixing it: for onlookers, who must not change what is told."""
        if self.bar is not None:
            return self.bar
        by_tests = self._by_tests(alerts_per_week)
        by_maxima = self._by_maxima(alerts_per_week, by_tests)
        bar = by_tests if by_maxima is None else max(by_tests, min(by_maxima, by_tests + _RAISE_MAX))
        return max(bar, _BAR_MIN)

    def _by_tests(self, alerts_per_week: float) -> float:
        per_week = self._tests_per_week()
        learning = max(0.0, 1 - len(self.maxima) / _FIRST_DAY_HOURS)
        return math.log10(max(_TESTS_FACTOR * per_week / alerts_per_week, 10.0)) + _FIRST_DAY_RAISE * learning

    def _tests_per_week(self) -> float:
        hours = len(self.tests)
        week = sum(self.tests[-_WEEK_HOURS:]) + self.tested
        if hours <= _WEEK_HOURS:
            return week / max(hours, 1) * _WEEK_HOURS
        while hours and not self.tests[hours - 1]:
            hours -= 1
        weeks = [self.tests[max(0, end - _WEEK_HOURS) : end] for end in range(hours, 0, -_WEEK_HOURS)]
        busy_hours = sum(len(own) for own in weeks if any(own))
        return max(week, sum(self.tests) / max(1, busy_hours) * _WEEK_HOURS)

    def _by_maxima(self, alerts_per_week: float, by_tests: float) -> float | None:
        weeks = len(self.maxima) / _WEEK_HOURS
        scores = sorted(score for score in self.maxima if score > 0)
        peaks = int(min(_PEAKS_PER_WEEK * weeks, _PEAKS_SHARE_MAX * len(scores)))
        if peaks < _PEAKS_MIN:
            return None
        least = scores[-peaks]
        excess = sum(scores[-peaks:]) - least * peaks
        mean = (excess + _PRIOR_PEAKS * _SLOPE_IF_MODEL_HOLDS) / (peaks + _PRIOR_PEAKS)
        reach = math.log(max(peaks / weeks / alerts_per_week, 1e-3))
        slope = mean
        for _ in range(_SLOPE_STEPS):
            # An exponential that is cut off at c has a mean of slope - c / (e^(c / slope) - 1).
            cut = min(max(by_tests - least, slope * reach, _CUT_MIN), max(by_tests + _RAISE_MAX - least, _CUT_MIN))
            slope = mean + cut / math.expm1(cut / slope)
        return least + slope * reach
