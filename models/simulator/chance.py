"""The draws that a simulation makes, all from one seed.

All chance is drawn from `random.Random.random`, the one method whose sequence Python promises to keep, so a seed
gives the same values under every Python version.
"""

import math
import random
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, TypeVar

Item = TypeVar("Item")

_ZIPF_OFFSET: Final = 2.7  # Mandelbrot's: the first word is common, not everywhere.


class Chance:
    """Seeded draws; `unit` is the source of all of them: a number from 0 to 1, 1 excluded."""

    def __init__(self, seed: int) -> None:
        self.unit = random.Random(seed).random

    def happens(self, probability: float) -> bool:
        return self.unit() < probability

    def whole(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        return items[int(self.unit() * len(items))]

    def pick_weighted(self, items: Sequence[Item], sums: Sequence[float]) -> Item:
        """Return an item, each as likely as its weight; the sums are those of the weights so far."""
        return items[bisect(sums, self.unit() * sums[-1], 0, len(sums) - 1)]

    def skewed(self, low: float, high: float) -> float:
        """Return a number from low to high, each order of magnitude equally likely."""
        return low * math.exp(self.unit() * math.log(high / low))

    def exponential(self, mean: float) -> float:
        return -mean * math.log(1.0 - self.unit())

    def burst(self) -> float:
        """Return a gamma variate of shape 2 and mean 1; mixed into Poisson counts, it makes k = 2."""
        return -0.5 * math.log((1.0 - self.unit()) * (1.0 - self.unit()))

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        keyed = [(self.unit(), index) for index in range(len(items))]
        return [items[index] for _, index in sorted(keyed)]


def zipf_weights(count: int) -> list[float]:
    """Return how often each of that many ranks comes, by Zipf's law as Mandelbrot corrected it."""
    return [1.0 / (rank + _ZIPF_OFFSET) for rank in range(1, count + 1)]


class RankedWords:
    """Words drawn by rank, the first most often; `stir` gives each a new burst factor."""

    def __init__(self, chance: Chance, words: Sequence[str]) -> None:
        self._chance = chance
        self._words = words
        self._weights = zipf_weights(len(words))
        self._sums: list[float] = []
        self._last = ""
        self.stir()

    def stir(self) -> None:
        burst = self._chance.burst
        self._sums = list(accumulate([weight * burst() for weight in self._weights]))

    def draw(self) -> str:
        """Return a word, as a rule not the one drawn just before: "the pump and the pump" is no sentence."""
        word = self._chance.pick_weighted(self._words, self._sums)
        if word == self._last:
            word = self._chance.pick_weighted(self._words, self._sums)
        self._last = word
        return word
