"""How many posts a community usually has: a level that fades, times a factor for each hour of the week.

Hours are counted from the community's first post, and it is interpolated between the middles of two hours, so no
boundary of the calendar means anything here. An hour teaches when all its posts have left the window: no post is
compared with itself. Factors begin as the mean of that hour on other days, else as 1, and move the less the fewer
posts an hour has: where little is posted the mean stays the best guess.

When the volume has changed for good, which a Page-Hinkley test finds in the logarithm of what an hour had over
what is usual, the level begins anew from that of the last hours.

Bounded: `WEEK_HOURS` factors and a handful of numbers.
"""

from math import ceil, exp2, floor, fsum, inf, log
from typing import Final

import msgspec

HOUR_MS: Final = 3_600_000
WEEK_MS: Final = 7 * 24 * HOUR_MS
DAY_HOURS: Final = 24
WEEK_HOURS: Final = 7 * DAY_HOURS

_LEVEL_RATE: Final = 1 - exp2(-1 / (14 * DAY_HOURS))
"""A half-life of 14 days, as that of what is usual for a term."""

_RECENT_HOURS: Final = 6
_RECENT_RATE: Final = 1 - exp2(-1 / _RECENT_HOURS)
"""A half-life of six hours: a change takes most of a day to be found, so by then this is near the new level."""

_FACTOR_RATE: Final = 1 - exp2(-1 / 2)
"""A half-life of two visits, which are 14 days."""

_FACTOR_PRIOR_VISITS: Final = 1
_FACTOR_PRIOR_POSTS: Final = 10.0
"""An hour counts as seen once before at the factor it begins with; and with so many posts usual in it the factor moves
half as far as with very many."""

_FACTOR_MAX: Final = 4.0
_FACTOR_MIN: Final = 0.05

_SMOOTHING_POSTS: Final = 5.0
"""Added to what an hour had and to what is usual, so that a few posts more or less are no change."""

TEST_HOURS_MIN: Final = DAY_HOURS
TEST_IGNORED: Final = 0.5
"""Changes by less than a factor of e^0.5 = 1.6 are left to fading; so is a weekend that has half the posts."""

TEST_THRESHOLD: Final = 20.0
"""A change by a factor of 5, which adds 1.1 an hour, is found within a day; a story of some hours is none."""


class ChangeTest(msgspec.Struct, array_like=True):
    """The Page-Hinkley test in both directions: has the mean of a series changed?

    It does what River's `drift.PageHinkley` does with an `alpha` of 1, which the tests hold it to. Importing that one
    brings River's data sets and SciPy, 70 MiB in every process; and its state is private.

    Attributes:
        count: Values so far.
        mean: Of these.
        rise, fall: Sums of what they were above and below the mean, less what is ignored.
        rise_min, fall_max: Their extremes.
    """

    count: int = 0
    mean: float = 0.0
    rise: float = 0.0
    fall: float = 0.0
    rise_min: float = inf
    fall_max: float = -1.0

    def update(self, value: float) -> bool:
        """Take in a value; return whether there is a change. After one, begin with a new test."""
        self.count += 1
        self.mean += (value - self.mean) / self.count
        deviation = value - self.mean
        self.rise += deviation - TEST_IGNORED
        self.fall += deviation + TEST_IGNORED
        self.rise_min = min(self.rise_min, self.rise)
        self.fall_max = max(self.fall_max, self.fall)
        distance = max(self.rise - self.rise_min, self.fall_max - self.fall)
        return self.count >= TEST_HOURS_MIN and distance > TEST_THRESHOLD

    @property
    def is_rise(self) -> bool:
        """Whether what it has seen is a rise rather than a fall."""
        return self.rise - self.rise_min > self.fall_max - self.fall


class VolumeChange(msgspec.Struct, frozen=True):
    """When the usual volume of a community was found to have changed for good, and how.

    Attributes:
        found_ms: End of the hour that showed it; it began earlier, by most of a day if it is by a factor of five.
        before: Usual posts an hour before it began, on average over the hours of the week; to one decimal.
        now: The same when the alert opened that tells of it.
    """

    found_ms: int
    before: float
    now: float


class Volume(msgspec.Struct):
    """See the module's description. Also its saved state.

    Attributes:
        origin_ms: Event time of the first post, from which hours are counted; -1 before it.
        hour: Number of the current hour.
        posts: Posts of the current hour so far.
        level: Usual posts of an hour whose factor is 1.
        recent: The same over the last hours.
        learnt: Hours that the level has learnt from since it began or changed.
        factors: By hour of the week, of those that were seen.
        test: Looks for changes.
        changes: How often the level changed for good.
        has_changed: Whether it has since `drain_change`.
        rise_level, fall_level: The level when `test` last saw no sign of a change upwards, or downwards.
        changed_ms: When the latest change was found, see `VolumeChange`; -1 before the first.
        changed_from: What it was a change from, as posts of an hour.
    """

    origin_ms: int = -1
    hour: int = 0
    posts: int = 0
    level: float = 0.0
    recent: float = 0.0
    learnt: int = 0
    factors: list[float] = msgspec.field(default_factory=list)
    test: ChangeTest = msgspec.field(default_factory=ChangeTest)
    changes: int = 0
    has_changed: bool = False
    rise_level: float = 0.0
    fall_level: float = 0.0
    changed_ms: int = -1
    changed_from: float = 0.0

    def add(self, event_time_ms: int) -> None:
        """Count a post; posts come in the order of event time, but for late ones, which count in the current hour."""
        if self.origin_ms < 0:
            self.origin_ms = event_time_ms
        self.advance(event_time_ms)
        self.posts += 1

    def advance(self, until_ms: int) -> None:
        """Learn from the hours that were over at a moment up to which all posts were added."""
        if self.origin_ms >= 0:
            while self.origin_ms + (self.hour + 1) * HOUR_MS <= until_ms:
                self._learn()

    def per_ms(self, at_ms: int) -> float:
        """Return how many posts a millisecond are usual at a moment; before the first hour is over, as many as came."""
        if not self.learnt:
            return self.posts / HOUR_MS
        place = (at_ms - self.origin_ms) / HOUR_MS - 0.5
        before = floor(place)
        part = place - before
        factor = self._factor(before) * (1 - part) + self._factor(before + 1) * part
        return self.level * factor / HOUR_MS

    def posts_within(self, length_ms: int, until_ms: int) -> float:
        """Return how many posts are usual in a window that ends at a moment: hour by hour, each at its middle."""
        hours = ceil(length_ms / HOUR_MS)
        step_ms = length_ms / hours
        return step_ms * fsum(self.per_ms(round(until_ms - (hour + 0.5) * step_ms)) for hour in range(hours))

    def drain_change(self) -> bool:
        """Return whether the level has changed for good since the last call."""
        has_changed, self.has_changed = self.has_changed, False
        return has_changed

    def change_before(self, at_ms: int) -> VolumeChange | None:
        """Return the latest change if it was found in the week before a moment: not every hour was met since.

        Args:
            at_ms: The moment, up to which all posts that have left the window were added.
        """
        if self.changed_ms < 0 or self.changed_ms <= at_ms - WEEK_MS:
            return None
        return VolumeChange(self.changed_ms, round(self.changed_from, 1), round(self._mean(self.level), 1))

    def _mean(self, level: float) -> float:
        """Return the usual posts of an hour at a level, on average over the hours of the week that were seen."""
        return level * fsum(self.factors) / len(self.factors)

    def _factor(self, hour: int) -> float:
        """Return the factor of an hour; in the first week the mean of that hour on the days before."""
        slot = hour % WEEK_HOURS
        seen = len(self.factors)
        if slot < seen:
            return self.factors[slot]
        # Of the day before alone, it would wander where little is posted.
        same = self.factors[slot % DAY_HOURS : seen : DAY_HOURS]
        return fsum(same) / len(same) if same else 1.0

    def _learn(self) -> None:
        posts, self.posts = self.posts, 0
        factor = self._factor(self.hour)
        self.learnt += 1
        self.level += (posts / factor - self.level) * max(_LEVEL_RATE, 1 / self.learnt)
        self.recent += (posts / factor - self.recent) * max(_RECENT_RATE, 1 / (self.hour + 1))
        usual = self.level * factor
        if self.test.update(log((posts + _SMOOTHING_POSTS) / (usual + _SMOOTHING_POSTS))):
            self._change()
            if self.hour == len(self.factors):
                # In the first week each hour adds a factor; without this one all further ones would be an hour early.
                self.factors.append(factor)
        else:
            if self.test.rise == self.test.rise_min:
                self.rise_level = self.level
            if self.test.fall == self.test.fall_max:
                self.fall_level = self.level
            self._learn_factor(factor, posts)
        self.hour += 1

    def _change(self) -> None:
        # The level has moved since the change began, the more so the newer the community is.
        self.changed_from = self._mean(self.rise_level if self.test.is_rise else self.fall_level)
        self.changed_ms = self.origin_ms + (self.hour + 1) * HOUR_MS
        self.test = ChangeTest()
        self.changes += 1
        self.has_changed = True
        self.level, self.learnt = self.recent, _RECENT_HOURS

    def _learn_factor(self, factor: float, posts: int) -> None:
        visits, slot = divmod(self.hour, WEEK_HOURS)
        usual = self.level * factor
        if usual > 0:
            trust = usual / (usual + _FACTOR_PRIOR_POSTS)
            rate = trust * max(_FACTOR_RATE, 1 / (visits + 1 + _FACTOR_PRIOR_VISITS))
            factor += (min(posts / self.level, _FACTOR_MAX) - factor) * rate
        factor = max(factor, _FACTOR_MIN)
        if slot < len(self.factors):
            self.factors[slot] = factor
        else:
            self.factors.append(factor)
