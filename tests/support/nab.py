"""Scores as the Numenta Anomaly Benchmark scores them: early alerts in labelled windows, few outside.

Rows in the first 15 % of a series, 750 at most, do not count. Of a window only the best-placed alert counts, worth up
to 1 at its start and 0 at its end. An alert outside costs up to the profile's share, more with its distance from
the last window; a window without one costs a miss. 100 is perfect, 0 is what a detector gets that never alerts. One
threshold serves all series of a pool.
"""

import math
from itertools import groupby
from typing import NamedTuple


class Profile(NamedTuple):
    """What an alert outside of the windows costs at most, and what a missed window costs; a find brings 1."""

    false_alert: float
    miss: float


PROFILES = {"standard": Profile(0.11, 1.0), "low FP": Profile(0.22, 1.0), "low FN": Profile(0.11, 2.0)}


class Labelled(NamedTuple):
    """A series of counts with its labelled windows, as first and last row."""

    name: str
    times_ms: list[int]
    counts: list[float]
    windows: list[tuple[int, int]]


class Alert(NamedTuple):
    """A row that was scored above 0: what alerting there is worth, and in which window it is."""

    score: float
    value: float
    window: tuple[int, int] | None


class Scored(NamedTuple):
    """A series as the benchmark sees it: its alerts, and how many windows can be found."""

    alerts: list[Alert]
    windows: int


class Result(NamedTuple):
    """Of a pool of series: at the best threshold, at those of the others ("leave one file out"), at 0.5."""

    best: float
    left_out: float
    at_half: float
    threshold: float


def place(position):
    """Return the value of an alert at a position: -1 is a window's start, 0 its end, above 0 is past it."""
    return -1.0 if position > 3.0 else 2.0 / (1.0 + math.exp(5.0 * position)) - 1.0


def scored(series, scores, profile):
    """Return a series' alerts with their values, by one profile.

    >>> series = Labelled("", [], [0] * 1000, [(800, 899)])
    >>> first, last = scored(series, [0.0] * 800 + [1.0] + [0.0] * 198 + [1.0], PROFILES["standard"]).alerts
    >>> first.value, round(last.value, 3)
    (1.0, -0.109)
    """
    probation = min(int(0.15 * len(scores)), 750)
    windows = [window for window in series.windows if window[1] >= probation]
    alerts = []
    for row, score in enumerate(scores):
        if score <= 0 or row < probation:
            continue
        inside = next((window for window in windows if window[0] <= row <= window[1]), None)
        if inside:
            first, last = inside
            value = place(-(last - row + 1) / (last - first + 1)) / place(-1.0)
        else:
            before = [window for window in series.windows if window[1] < row]
            value = profile.false_alert * (
                place((row - before[-1][1]) / (before[-1][1] - before[-1][0])) if before else -1
            )
        alerts.append(Alert(score, value, inside))
    return Scored(alerts, len(windows))


def raw_at(pool, profile, threshold):
    """Return what a pool gains and loses at one threshold."""
    total = 0.0
    for series in pool:
        told = [alert for alert in series.alerts if alert.score >= threshold]
        found = {}
        for alert in told:
            if alert.window is None:
                total += alert.value
            else:
                found[alert.window] = max(alert.value, found.get(alert.window, -math.inf))
        total += sum(found.values()) - profile.miss * (series.windows - len(found))
    return total


def best_threshold(pool, profile):
    """Return the threshold at which a pool gains most; the highest of several.

    It goes down through the scores as `raw_at` would be asked, but adds up instead of counting anew.
    """
    alerts = sorted(
        ((alert, number) for number, series in enumerate(pool) for alert in series.alerts),
        key=lambda each: -each[0].score,
    )
    found, total = {}, 0.0
    highest, threshold = 0.0, 1.1
    for score, group in groupby(alerts, key=lambda each: each[0].score):
        for alert, number in group:
            if alert.window is None:
                total += alert.value
                continue
            key = (number, alert.window)
            total += max(0.0, alert.value - found[key]) if key in found else profile.miss + alert.value
            found[key] = max(alert.value, found.get(key, -math.inf))
        if total > highest:
            highest, threshold = total, score
    return threshold


def judge(pool, profile):
    """Return how well a pool of series is scored, 100 is perfect."""
    windows = sum(series.windows for series in pool)

    def normal(raw):
        return 100 * (raw + profile.miss * windows) / (windows * (1 + profile.miss))

    threshold = best_threshold(pool, profile)
    left_out = sum(
        raw_at([series], profile, best_threshold(pool[:number] + pool[number + 1 :], profile))
        for number, series in enumerate(pool)
    )
    return Result(
        normal(raw_at(pool, profile, threshold)), normal(left_out), normal(raw_at(pool, profile, 0.5)), threshold
    )
