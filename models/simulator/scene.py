"""One community's chatter: how loud it is, who speaks, and what is said, reposted and replied to."""

from collections import deque
from collections.abc import Iterator
from itertools import cycle
from typing import Final

from models.post import Post
from models.simulator.cast import Accounts, Author, Names, People
from models.simulator.chance import Chance, RankedWords
from models.simulator.feed import Feed
from models.simulator.rhythm import HOUR_MS, SLOT_MS, day_factor, week_factor
from models.simulator.shapes import Kit, Vocabulary
from models.simulator.speech import Speech
from models.simulator.vocabulary.name_parts import MAKER_ENDINGS

_REPOST_SHARE: Final = 0.12
_REPLY_SHARE: Final = 0.18
_RECENT_MAX: Final = 64  # Enough that no post of the chatter is reposted more than a few times.


class Scene:
    """One community as it runs: its words, its people, what was said last, and what breaks out in it next.

    Args:
        chance: Where all choices come from.
        vocabulary: How the community talks.
        accounts: Where its people get their names.
        posts_per_hour: Posts of chatter, on average over a week.

    Attributes:
        speeches: Its languages, by their codes.
        people: Who writes here.
        makers: Names for what its stories are about.
        kits: Its stories, one after the other, then from the beginning again.
        next_launch_ms: Event time of its next story, for who makes launches to set.
        next_decoy_ms: The same for decoys.
    """

    def __init__(self, chance: Chance, vocabulary: Vocabulary, accounts: Accounts, posts_per_hour: float) -> None:
        self._chance = chance
        self._vocabulary = vocabulary
        self.community = vocabulary.community
        self._names = RankedWords(chance, vocabulary.names)
        self._hashtags = RankedWords(chance, vocabulary.hashtags)
        self.speeches = {tongue.lang: Speech(chance, tongue, self._names) for tongue in vocabulary.tongues}
        self.makers = Names(chance, vocabulary.stems, MAKER_ENDINGS)
        self.kits: Iterator[Kit] = cycle(chance.shuffled(vocabulary.kits))
        self.people = People(chance, accounts, vocabulary.tongues)
        self._recent: deque[tuple[Author, Post]] = deque(maxlen=_RECENT_MAX)
        self._posts_per_hour = posts_per_hour
        self._loudness = 1.0
        self.next_launch_ms = 0.0
        self.next_decoy_ms = 0.0

    def stir(self) -> None:
        """Begin an hour: another loudness, other words in fashion."""
        self._loudness = self._chance.burst()
        self._names.stir()
        self._hashtags.stir()
        for speech in self.speeches.values():
            speech.stir()

    def chat(self, feed: Feed, slot_ms: int) -> None:
        """Publish the chatter of the slot that begins then."""
        gap_ms = self._gap_ms(slot_ms + SLOT_MS // 2)
        at_ms = slot_ms + self._chance.exponential(gap_ms)
        while at_ms < slot_ms + SLOT_MS:
            self._say(feed, int(at_ms))
            at_ms += self._chance.exponential(gap_ms)

    def decorate(self, text: str, links: list[str], tag: str = "") -> str:
        """Return the text with what people put behind it; a link goes into `links` as well."""
        chance = self._chance
        if tag and chance.happens(0.6):
            text += f" {tag}"
        if chance.happens(0.25):
            text += f" {self._hashtags.draw()}"
        if chance.happens(0.2):
            text += f" {chance.pick(self._vocabulary.emoji)}"
        if chance.happens(0.06):
            text += f" cc @{self.people.regular().name}"
        if chance.happens(0.1):
            links.append(f"https://{chance.pick(self._vocabulary.domains)}/{chance.whole(1000, 99_999)}")
            text += f" {links[-1]}"
        return text

    def _gap_ms(self, at_ms: int) -> float:
        """Return the mean time between two posts at that moment."""
        day = day_factor(at_ms, self._vocabulary.peak_hour)
        week = week_factor(at_ms, self._vocabulary.weekend)
        return HOUR_MS / (self._posts_per_hour * day * week * self._loudness)

    def _say(self, feed: Feed, at_ms: int) -> None:
        author, roll = self.people.regular(), self._chance.unit()
        other, earlier = self._chance.pick(self._recent) if self._recent else (author, None)
        if earlier and other != author and roll < _REPOST_SHARE:
            feed.repost(self.community, author, at_ms, earlier)
            return
        if earlier and other != author and roll < _REPOST_SHARE + _REPLY_SHARE:
            text = f"@{other.name} {self.speeches[other.lang].reply()}"
            post = feed.publish(self.community, author, at_ms, text, lang=other.lang, reply_to=earlier.id)
        else:
            speech, links = self.speeches[author.lang], list[str]()
            text = self.decorate(speech.tell(speech.sentence(), is_lower=author.writes_lower), links)
            post = feed.publish(self.community, author, at_ms, text, lang=author.lang, links=links)
        self._recent.append((author, post))
