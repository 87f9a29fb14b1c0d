"""Launches: stories told by many authors, who come in along an S-curve and then come back, less and less."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from models.post import Post
from models.simulator.cast import Author, Names
from models.simulator.chance import Chance
from models.simulator.feed import Feed
from models.simulator.rhythm import HOUR_MS, MINUTE_MS, WEEK_MS, fading, uptake
from models.simulator.scene import Scene
from models.simulator.shapes import Kit
from models.simulator.truth import Launch, Truth, pattern_of
from models.simulator.vocabulary.name_parts import PLACE_ENDINGS, PLACE_STEMS

_GAP_MS: Final = 4 * HOUR_MS  # Longer than any launch, so that a community tells one story at a time.
_REPOST_SHARE: Final = 0.35
_HOP_SHARE: Final = 0.6


class _Plot(msgspec.Struct, frozen=True):
    """A story about to break: its kit, what is new in it, and what the truth will say."""

    kit: Kit
    new: str
    terms: tuple[str, ...]

    @property
    def tag(self) -> str:
        return f"#{self.new}{self.kit.tag}" if self.kit.tag else ""


class Launches:
    """Lets stories break in communities, and notes the truth about each.

    Args:
        chance: Where all choices come from.
        feed: Where the posts go.
        per_week: Stories in a community, on average, hops not counted; 0: none ever.
        end_ms: Event time from which on nothing is noted.
        authors: Fewest and most who tell a story.
        rise_ms: Shortest and longest time until all of them have come in.
    """

    def __init__(
        self,
        chance: Chance,
        feed: Feed,
        per_week: float,
        end_ms: float,
        *,
        authors: tuple[int, int],
        rise_ms: tuple[int, int],
    ) -> None:
        self._chance = chance
        self._feed = feed
        self._gap_ms = WEEK_MS / per_week if per_week else math.inf
        self._authors = authors
        self._rise_ms = rise_ms
        self._places = Names(chance, PLACE_STEMS, PLACE_ENDINGS)
        self.truth = Truth(end_ms)

    def wait_ms(self) -> float:
        """Return how long a community that may tell a story waits until it does."""
        return self._chance.exponential(self._gap_ms - _GAP_MS)

    def break_out(self, scene: Scene, scenes: Mapping[str, Scene]) -> None:
        """Publish the scene's next story, let it hop to one of the scenes or not, and set when the next is due."""
        onset_ms = int(scene.next_launch_ms)
        scene.next_launch_ms = onset_ms + _GAP_MS + self.wait_ms()
        plot = self._plot(scene)
        self._launch(scene, plot, onset_ms, None)
        other = scenes.get(plot.kit.hops_to)
        if other and self._chance.happens(_HOP_SHARE):
            hop_ms = onset_ms + self._chance.whole(20 * MINUTE_MS, HOUR_MS)
            other.next_launch_ms = max(other.next_launch_ms, hop_ms + _GAP_MS)
            self._launch(other, plot, hop_ms, scene.community)

    def _plot(self, scene: Scene) -> _Plot:
        kit = next(scene.kits)
        if kit.kind == "known":
            return _Plot(kit, "", kit.known)
        new = (self._places if kit.named == "place" else scene.makers).fresh()
        return _Plot(kit, new, (new.lower(), f"{new}{kit.tag}".lower()))

    def _launch(self, scene: Scene, plot: _Plot, onset_ms: int, hop_from: str | None) -> None:
        fewest, most = self._authors
        cast = scene.people.cast(int(self._chance.skewed(fewest, most + 0.99)))
        what = plot.kit.what.replace("{new}", plot.new)
        pattern, kind = pattern_of(plot.terms), plot.kit.kind
        self.truth.note(Launch(scene.community, onset_ms, pattern, plot.terms, what, kind, len(cast), hop_from))
        told: list[Post] = []
        for author, at_ms in self._turns(cast, onset_ms):
            original = self._chance.pick(told) if told and self._chance.happens(_REPOST_SHARE) else None
            if original and original.author != author.name:
                self._feed.repost(scene.community, author, at_ms, original)
            else:
                told.append(self._tell(scene, plot, author, at_ms))

    def _turns(self, cast: Sequence[Author], onset_ms: int) -> list[tuple[Author, int]]:
        """Return who posts when: each once along the S-curve, then some again while it fades."""
        chance = self._chance
        rise_ms = chance.whole(*self._rise_ms)
        fade_ms = chance.whole(HOUR_MS, 3 * HOUR_MS)
        shares = [0.0, *sorted(chance.unit() for _ in cast[2:]), 1.0]
        turns = [(author, int(rise_ms * uptake(share))) for author, share in zip(cast, shares, strict=True)]
        again = sorted(fading(chance.unit()) for _ in range(int(len(cast) * (0.4 + 0.8 * chance.unit()))))
        turns += [(chance.pick(cast), rise_ms + int(fade_ms * share)) for share in again]
        return [(author, onset_ms + after_ms) for author, after_ms in turns]

    def _tell(self, scene: Scene, plot: _Plot, author: Author, at_ms: int) -> Post:
        lang = author.lang if author.lang in plot.kit.sentences else "en"
        speech, links = scene.speeches[lang], list[str]()
        core = speech.fill(self._chance.pick(plot.kit.sentences[lang]), plot.new)
        text = scene.decorate(speech.tell(core, is_lower=author.writes_lower), links, plot.tag)
        return self._feed.publish(scene.community, author, at_ms, text, lang=lang, links=links)
