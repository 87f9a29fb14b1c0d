"""Decoys: what looks loud and is one voice, a text passed on by many accounts, or an account that floods."""

import math

from models.simulator.chance import Chance
from models.simulator.feed import Feed
from models.simulator.rhythm import MINUTE_MS, WEEK_MS
from models.simulator.scene import Scene
from models.simulator.truth import Launch, Truth, pattern_of
from models.simulator.vocabulary.decoy_texts import COPIED, FLOODED


class Decoys:
    """Lets decoys break in communities, and notes the truth about each.

    Args:
        chance: Where all choices come from.
        feed: Where the posts go.
        per_week: Decoys in a community, on average; 0: none ever.
        end_ms: Event time from which on nothing is noted.
    """

    def __init__(self, chance: Chance, feed: Feed, per_week: float, end_ms: float) -> None:
        self._chance = chance
        self._feed = feed
        self._gap_ms = WEEK_MS / per_week if per_week else math.inf
        self.truth = Truth(end_ms)

    def wait_ms(self) -> float:
        """Return how long a community waits for its next decoy."""
        return self._chance.exponential(self._gap_ms)

    def break_out(self, scene: Scene) -> None:
        """Publish the scene's next decoy, and set when the one after that is due."""
        onset_ms = int(scene.next_decoy_ms)
        scene.next_decoy_ms = onset_ms + self.wait_ms()
        new = scene.makers.fresh()
        publish = self._copy if self._chance.happens(0.5) else self._flood
        what, authors = publish(scene, new, onset_ms)
        terms = (new.lower(),)
        self.truth.note(Launch(scene.community, onset_ms, pattern_of(terms), terms, what, "decoy", authors))

    def _copy(self, scene: Scene, new: str, onset_ms: int) -> tuple[str, int]:
        """Publish one text by many accounts, as reposts or as copies; return what it is, and how many accounts."""
        chance = self._chance
        text = scene.speeches["en"].fill(chance.pick(COPIED), new)
        first, *others = scene.people.cast(chance.whole(24, 60))
        original = self._feed.publish(scene.community, first, onset_ms, text, lang="en")
        is_marked = chance.happens(0.5)
        length_ms = chance.whole(15 * MINUTE_MS, 40 * MINUTE_MS)
        for author, share in zip(others, sorted(chance.unit() for _ in others), strict=True):
            at_ms = onset_ms + int(length_ms * share)
            if is_marked:
                self._feed.repost(scene.community, author, at_ms, original)
            else:
                self._feed.publish(scene.community, author, at_ms, text, lang="en")
        return f"one text about {new} passed on by {len(others)} accounts", 1 + len(others)

    def _flood(self, scene: Scene, new: str, onset_ms: int) -> tuple[str, int]:
        """Publish many texts by one account; return what it is, and how many accounts: one."""
        chance, speech = self._chance, scene.speeches["en"]
        author = scene.people.newcomer(1_000)
        count = chance.whole(40, 80)
        length_ms = chance.whole(20 * MINUTE_MS, 40 * MINUTE_MS)
        for share in [0.0, *sorted(chance.unit() for _ in range(count - 1))]:
            text = speech.tell(speech.fill(chance.pick(FLOODED), new), is_lower=author.writes_lower)
            self._feed.publish(scene.community, author, onset_ms + int(length_ms * share), text, lang="en")
        return f"one account posts about {new} {count} times", 1
