"""When things happen: how volume follows the clock and the week, and how a story comes up and fades."""

import math
from typing import Final

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
WEEK_MS: Final = 7 * 24 * HOUR_MS
SLOT_MS: Final = HOUR_MS // 4
"""Posts are made a slot at a time; within one the rate is constant."""

_DAY_SWING: Final = 0.6
_EPOCH_WEEKDAY: Final = 3  # 1970-01-01 was a Thursday; Monday is 0.
_SATURDAY: Final = 5


def day_factor(at_ms: float, peak_hour: float) -> float:
    """Return volume at that moment relative to the day's mean; most is written at the peak hour (UTC)."""
    hour = at_ms / HOUR_MS % 24
    return 1 + _DAY_SWING * math.cos(2 * math.pi * (hour - peak_hour) / 24)


def week_factor(at_ms: float, weekend: float) -> float:
    """Return volume on that day relative to the week's mean: `weekend` on two days, what keeps the mean on five."""
    day = int(at_ms / HOUR_MS // 24)
    is_weekend = (day + _EPOCH_WEEKDAY) % 7 >= _SATURDAY
    return weekend if is_weekend else (7 - 2 * weekend) / 5


def uptake(share: float) -> float:
    """Return when, between 0 and 1, that share of the authors has come in: slow, fast, slow."""
    edge = 0.03
    position = edge + (1 - 2 * edge) * share
    return 0.5 + 0.5 * math.log(position / (1 - position)) / math.log((1 - edge) / edge)


def fading(share: float) -> float:
    """Return when, between 0 and 1, that share of the afterthoughts has come: fewer and fewer."""
    rate = 3.0
    return -math.log(1 - share * (1 - math.exp(-rate))) / rate
