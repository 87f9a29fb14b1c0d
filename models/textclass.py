"""Classes of near-copies: texts that share their beginning, their end, or their rarest-hashed words.

Two texts within a day are of one class if they share the first five words, the last five, or the four with the
lowest CRC-32, mentions and links left out. It is a coarse form of min-shingle hashing (described in the documentation
of the crate schindel): three look-ups a post, robust to a changed beginning or end.
"""

from typing import Final
from zlib import crc32

import msgspec

CLASS_MS: Final = 86_400_000
KEYS_MAX: Final = 60_000
_EDGE_WORDS: Final = 5
_LOWEST_WORDS: Final = 4
_MULTIPLIER: Final = 1_000_003
_MODULUS: Final = (1 << 61) - 1
_SWEEP_EVERY_MS: Final = CLASS_MS // 4


class TextClassState(msgspec.Struct):
    """`TextClasses` as it is saved: key to (class, event time of its latest text), class to micro-cluster."""

    keys: dict[int, tuple[int, int]]
    narratives: dict[int, int]
    count: int
    swept_ms: int


class TextClasses:
    """Numbers the classes of near-copies of a community.

    Bounded: at most `keys_max` keys, three a text; the ones not met for longest go first.

    Attributes:
        narratives: The micro-cluster of the first text of each class, noted by the caller.
    """

    def __init__(self, keys_max: int = KEYS_MAX) -> None:
        self._keys_max = keys_max
        self._keys: dict[int, tuple[int, int]] = {}
        self._count = 0
        self._swept_ms = 0
        self.narratives: dict[int, int] = {}

    def classify(self, words: list[str], event_time_ms: int) -> int:
        """Return the class of a text, given its words in order; a new number if it is a copy of none."""
        keys = _keys_of(words)
        own = 0
        for key in keys:
            found = self._keys.get(key)
            if found is not None and event_time_ms - found[1] < CLASS_MS:
                own = found[0]
                break
        if not own:
            self._count += 1
            own = self._count
        for key in keys:
            self._keys[key] = (own, event_time_ms)
        if len(self._keys) > self._keys_max or event_time_ms - self._swept_ms > _SWEEP_EVERY_MS:
            self._sweep(event_time_ms)
        return own

    def _sweep(self, now_ms: int) -> None:
        self._swept_ms = now_ms
        self._keys = {key: found for key, found in self._keys.items() if now_ms - found[1] < CLASS_MS}
        excess = len(self._keys) - self._keys_max * 3 // 4
        if len(self._keys) > self._keys_max and excess > 0:
            for _, key in sorted((found[1], key) for key, found in self._keys.items())[:excess]:
                del self._keys[key]
        known = {found[0] for found in self._keys.values()}
        self.narratives = {own: narrative for own, narrative in self.narratives.items() if own in known}

    def snapshot(self) -> TextClassState:
        """Return the state; shares its parts, so encode it before going on."""
        return TextClassState(self._keys, self.narratives, self._count, self._swept_ms)

    def restore(self, state: TextClassState) -> None:
        """Take over a state."""
        self._keys, self._count, self._swept_ms = state.keys, state.count, state.swept_ms
        self.narratives = state.narratives


def _keys_of(words: list[str]) -> tuple[int, ...]:
    own = [word for word in words if word != "rt"]
    first = crc32(" ".join(own[:_EDGE_WORDS]).encode()) << 2
    last = crc32(" ".join(own[-_EDGE_WORDS:]).encode()) << 2 | 1
    lowest = sorted({crc32(word.encode()) for word in own})[:_LOWEST_WORDS]
    if len(lowest) < _LOWEST_WORDS:
        return first, last
    joined = 0
    for number in lowest:
        joined = (joined * _MULTIPLIER + number) % _MODULUS
    return first, last, joined << 2 | 2
