"""Made-up posts of made-up communities, with the truth about what breaks in them.

Rules:

* Chatter is a Poisson process whose rate follows a day cycle, a week cycle and, hour by hour, a gamma factor
  of shape 2. Words follow Zipf's law, each with a gamma factor of its own that hour. So an hour's posts are
  negative binomial with k = 2, and a word's share of them is as uneven: bursts that are no news.
* A launch is a story told by 8 to 60 authors, each in their own words or as a repost, who come in along an
  S-curve within 20 to 60 minutes and come back, less and less, for 1 to 3 hours. Some hop to another
  community.
* A decoy looks loud and is one voice: a text passed on by many accounts, or an account that floods.
* Posts arrive with the delays and repetitions of a real feed.

All chance is drawn from `random.Random.random`, the one method whose sequence Python promises to keep, and no
set is iterated: a seed gives the same bytes under every Python version and hash seed.
"""

import math
import random
import re
from bisect import bisect
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, cycle
from typing import Final, Literal, TypeVar

import msgspec

from models.post import Engagement, Post
from models.vocabularies import (
    COPIED,
    EVERYDAY,
    FLOODED,
    HANDLE_ENDS,
    HANDLE_FIRSTS,
    HANDLE_SECONDS,
    MAKER_ENDINGS,
    PLACE_ENDINGS,
    PLACE_STEMS,
    VOCABULARIES,
    Kit,
    Tongue,
    Vocabulary,
)

Item = TypeVar("Item")
Draw = Callable[[], str]

TRUTH_COLUMNS: Final = ("community", "onset_epoch_s", "pattern", "what")
TRUTH_MAX: Final = 10_000
"""Launches, and as many decoys, that a simulation remembers: some four years; the oldest go first."""

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MINUTE_MS
_DAY_MS: Final = 24 * _HOUR_MS
_WEEK_MS: Final = 7 * _DAY_MS
_SLOT_MS: Final = _HOUR_MS // 4
"""Posts are made a slot at a time; within one the rate is constant."""

_DAY_SWING: Final = 0.6
_EPOCH_WEEKDAY: Final = 3  # 1970-01-01 was a Thursday; Monday is 0.
_ZIPF_OFFSET: Final = 2.7  # Mandelbrot's: the first word is common, not everywhere.
_LAUNCH_GAP_MS: Final = 4 * _HOUR_MS  # Longer than any launch, so that a community tells one story at a time.
_LATE_SHARE: Final = 0.03
_VERY_LATE_SHARE: Final = 0.002
_DUPLICATE_SHARE: Final = 0.008
_REPOST_SHARE: Final = 0.12
_REPLY_SHARE: Final = 0.18
_LAUNCH_REPOST_SHARE: Final = 0.35
_HOP_SHARE: Final = 0.6
_NEWCOMER_SHARE: Final = 0.2
_RECENT_MAX: Final = 64  # Enough that no post of the chatter is reposted more than a few times.
_SCATTER: Final = 7919  # A prime that divides no table's size: stepping by it visits every entry once.
_PART: Final = re.compile(r"\{(\w+)\}|\[([^\]]*)\]")
_ARTICLE: Final = re.compile(r"\ba $")
_WORD_SLOTS: Final = ("thing", "doing", "quality")


class SimulatedPost(msgspec.Struct, frozen=True):
    """A post and the moment, in epoch milliseconds, at which a reader of the feed gets it."""

    arrival_ms: int
    post: Post


class Launch(msgspec.Struct, frozen=True):
    """The truth about one launch, or one decoy, in one community.

    Attributes:
        community: Where it happens.
        onset_ms: Event time of its first post there.
        pattern: Matches one of its terms in lower case without ``#``.
        terms: The words that rise, best first, in lower case without ``#``.
        what: The story in a few words.
        kind: ``new``: its words were never used before; ``known``: they were common; ``decoy``: no launch.
        authors: Distinct authors who take part, all within an hour of the onset.
        hop_from: The community it came from, or None where it began.
    """

    community: str
    onset_ms: int
    pattern: str
    terms: tuple[str, ...]
    what: str
    kind: Literal["new", "known", "decoy"]
    authors: int
    hop_from: str | None = None


def truth_row(launch: Launch) -> dict[str, str]:
    r"""Return the launch as a row of a file of events, by `TRUTH_COLUMNS`.

    Raises:
        ValueError: If it is a decoy: nobody should be alerted to one, so no file of events holds it.

    >>> launch = Launch("keyboards", 1_500, r"\bkeybora\b", ("keybora",), "Keybora recall", "new", 9)
    >>> ",".join(truth_row(launch).values())
    'keyboards,1.500,\\bkeybora\\b,Keybora recall'
    """
    if launch.kind == "decoy":
        message = f"launch must not be a decoy: {launch.what}"
        raise ValueError(message)
    onset = f"{launch.onset_ms / 1000:.3f}"
    return dict(zip(TRUTH_COLUMNS, (launch.community, onset, launch.pattern, launch.what), strict=True))


class _Chance:
    """The draws that a simulation makes, all from one seed."""

    def __init__(self, seed: int) -> None:
        self.unit = random.Random(seed).random

    def happens(self, probability: float) -> bool:
        return self.unit() < probability

    def whole(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        return items[int(self.unit() * len(items))]

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


class _Ranked:
    """Words drawn by rank, the first most often; `stir` gives each a new burst factor."""

    def __init__(self, chance: _Chance, words: Sequence[str]) -> None:
        self._chance = chance
        self._words = words
        self._weights = [1.0 / (rank + _ZIPF_OFFSET) for rank in range(1, len(words) + 1)]
        self._sums: list[float] = []
        self._last = ""
        self.stir()

    def stir(self) -> None:
        burst = self._chance.burst
        self._sums = list(accumulate([weight * burst() for weight in self._weights]))

    def draw(self) -> str:
        """Return a word, as a rule not the one drawn just before: "the pump and the pump" is no sentence."""
        word = self._draw()
        if word == self._last:
            word = self._draw()
        self._last = word
        return word

    def _draw(self) -> str:
        sums = self._sums
        return self._words[bisect(sums, self._chance.unit() * sums[-1], 0, len(sums) - 1)]


def _compile(template: str, slots: Mapping[str, Draw], chance: _Chance) -> Draw:
    """Return a function that fills the template's slots and chooses among its alternatives anew each time."""
    form, parts, end = "", list[Draw](), 0
    for found in _PART.finditer(template):
        literal = template[end : found.start()]
        slot, alternatives = found.groups()
        draw = slots[slot] if slot else _choice(alternatives.split("|"), slots, chance)
        if slot in _WORD_SLOTS and _ARTICLE.search(literal):
            literal, draw = literal[:-2], _with_article(draw)
        form += literal.replace("%", "%%") + "%s"
        parts.append(draw)
        end = found.end()
    form += template[end:].replace("%", "%%")
    return lambda: form % tuple([part() for part in parts])


def _with_article(draw: Draw) -> Draw:
    def draw_with_article() -> str:
        word = draw()
        is_vowel = word[0] in "aeiou" and not word.startswith(("us", "uni"))
        return f"an {word}" if is_vowel else f"a {word}"

    return draw_with_article


def _choice(templates: Sequence[str], slots: Mapping[str, Draw], chance: _Chance) -> Draw:
    draws = [_compile(template, slots, chance) for template in templates]

    def draw_one() -> str:
        return chance.pick(draws)()

    return draw_one


class _Names:
    """Names that nobody has used: each beginning with each ending, scattered, then again with a number."""

    def __init__(self, chance: _Chance, stems: Sequence[str], endings: Sequence[str]) -> None:
        self._names = [stem + ending for stem in stems for ending in endings]
        self._offset = chance.whole(0, len(self._names) - 1)
        self._used = 0

    def fresh(self) -> str:
        series, index = divmod(self._used, len(self._names))
        self._used += 1
        name = self._names[(self._offset + index * _SCATTER) % len(self._names)]
        return f"{name}{series + 1}" if series else name


class _Author(msgspec.Struct, frozen=True):
    name: str
    lang: str
    followers: int
    writes_lower: bool


class _Speech:
    """One language of one community, ready to speak."""

    def __init__(self, chance: _Chance, tongue: Tongue, names: _Ranked) -> None:
        everyday = EVERYDAY[tongue.lang]
        ranked = {
            "thing": _Ranked(chance, tongue.things),
            "doing": _Ranked(chance, tongue.doings),
            "quality": _Ranked(chance, tongue.qualities),
            "phrase": _Ranked(chance, tongue.phrases),
        }
        self._chance = chance
        self._ranked = tuple(ranked.values())
        self.slots: dict[str, Draw] = {slot: words.draw for slot, words in ranked.items()}
        self.slots["name"] = names.draw
        self.slots["when"] = lambda: chance.pick(everyday.moments)
        self.slots["count"] = lambda: str(2 + int(40 * chance.unit() * chance.unit()))
        self.reply = _choice(everyday.replies, self.slots, chance)
        self._own = _choice(tongue.sentences, self.slots, chance)
        self._shared = _choice(everyday.sentences, self.slots, chance)
        self._openers = everyday.openers
        self._closers = everyday.closers

    def stir(self) -> None:
        for words in self._ranked:
            words.stir()

    def sentence(self) -> str:
        return self._own() if self._chance.happens(0.6) else self._shared()

    def tell(self, core: str, *, is_lower: bool) -> str:
        """Return the sentence as somebody would post it: led in, commented on, with another thought."""
        chance = self._chance
        if chance.happens(0.35):
            core = f"{chance.pick(self._openers)} {core}"
        parts = [core]
        if chance.happens(0.25):
            parts.append(self.sentence())
        if chance.happens(0.35):
            parts.append(chance.pick(self._closers))
        if not is_lower:
            parts = [part[0].upper() + part[1:] for part in parts]
        text = parts[0]
        for part in parts[1:]:
            text += f" {part}" if text[-1] in "?!." else f". {part}"
        return text


class _Scene:
    """One community as it runs: its words, its people, what was said last, and when it breaks out next."""

    def __init__(self, chance: _Chance, vocabulary: Vocabulary, posts_per_hour: float) -> None:
        self._chance = chance
        self.vocabulary = vocabulary
        self.community = vocabulary.community
        self._names = _Ranked(chance, vocabulary.names)
        self._hashtags = _Ranked(chance, vocabulary.hashtags)
        self.speeches = {tongue.lang: _Speech(chance, tongue, self._names) for tongue in vocabulary.tongues}
        self.makers = _Names(chance, vocabulary.stems, MAKER_ENDINGS)
        self.kits: Iterator[Kit] = cycle(chance.shuffled(vocabulary.kits))
        self.recent: deque[tuple[_Author, Post]] = deque(maxlen=_RECENT_MAX)
        self.people: list[_Author] = []
        self._people_sums: list[float] = []
        self._posts_per_hour = posts_per_hour
        self._loudness = 1.0
        self.next_launch_ms = 0.0
        self.next_decoy_ms = 0.0

    def admit(self, people: list[_Author]) -> None:
        """Make these its authors, the busiest first."""
        self.people = people
        self._people_sums = list(accumulate(1.0 / (rank + _ZIPF_OFFSET) for rank in range(1, len(people) + 1)))

    def stir(self) -> None:
        """Begin an hour: another loudness, other words in fashion."""
        self._loudness = self._chance.burst()
        self._names.stir()
        self._hashtags.stir()
        for speech in self.speeches.values():
            speech.stir()

    def gap_ms(self, slot_ms: int) -> float:
        """Return the mean time between two posts of the slot that begins then."""
        day, hour = divmod((slot_ms + _SLOT_MS // 2) / _HOUR_MS, 24)
        swing = 1 + _DAY_SWING * math.cos(2 * math.pi * (hour - self.vocabulary.peak_hour) / 24)
        weekend = self.vocabulary.weekend
        is_weekend = (int(day) + _EPOCH_WEEKDAY) % 7 >= 5  # noqa: PLR2004 - Saturday is 5.
        week = weekend if is_weekend else (7 - 2 * weekend) / 5
        return _HOUR_MS / (self._posts_per_hour * swing * week * self._loudness)

    def regular(self) -> _Author:
        """Return an author, by how busy each is."""
        sums = self._people_sums
        return self.people[bisect(sums, self._chance.unit() * sums[-1], 0, len(sums) - 1)]

    def decorate(self, text: str, links: list[str], tag: str = "") -> str:
        """Return the text with what people put behind it; a link goes into `links` as well."""
        chance = self._chance
        if tag and chance.happens(0.6):
            text += f" {tag}"
        if chance.happens(0.25):
            text += f" {self._hashtags.draw()}"
        if chance.happens(0.2):
            text += f" {chance.pick(self.vocabulary.emoji)}"
        if chance.happens(0.06):
            text += f" cc @{self.regular().name}"
        if chance.happens(0.1):
            links.append(f"https://{chance.pick(self.vocabulary.domains)}/{chance.whole(1000, 99_999)}")
            text += f" {links[-1]}"
        return text


class _Plot(msgspec.Struct, frozen=True):
    """A story about to break: its kit, what is new in it, and what the truth will say."""

    kit: Kit
    new: str
    terms: tuple[str, ...]

    @property
    def pattern(self) -> str:
        return _pattern(self.terms)

    @property
    def tag(self) -> str:
        return f"#{self.new}{self.kit.tag}" if self.kit.tag else ""


def _pattern(terms: Sequence[str]) -> str:
    return rf"\b(?:{'|'.join(map(re.escape, terms))})\b"


class Simulation:
    """An endless feed of made-up posts, with the truth about what was launched in it.

    Pure and lazy: the same arguments give the same posts, to the byte, and none is made before it is needed.
    Memory is bounded: kept are a slot (15 minutes) of posts, those that arrive late, launches under way,
    64 recent posts a community, and the last `TRUTH_MAX` launches and decoys.

    Args:
        seed: Any integer from 0 on.
        start_ms: Event time of the beginning, in epoch milliseconds.
        communities: How many of the made-up communities take part, from 1 on; the first ones do.
        posts_per_hour: Posts of chatter in a community, on average over a week and all communities.
        launches_per_week: New stories in a community, on average, hops not counted; at most 40.
        first_launch_after_ms: No launch and no decoy before that, counted from the start.
        decoys_per_week: Decoys in a community, on average; at most 40.
        duration_ms: Length in event time; None: endless.

    Raises:
        ValueError: If an argument is out of its range.

    >>> simulation = Simulation(seed=1, start_ms=1_750_000_000_000)
    >>> posts = simulation.posts()
    >>> first, second = next(posts), next(posts)
    >>> first.post.source, first.arrival_ms <= second.arrival_ms
    ('simulated', True)
    >>> simulation.launches_until(1_750_000_000_000)
    ()
    """

    def __init__(
        self,
        seed: int,
        start_ms: int,
        *,
        communities: int = len(VOCABULARIES),
        posts_per_hour: float = 60,
        launches_per_week: float = 3,
        first_launch_after_ms: int = 6 * _HOUR_MS,
        decoys_per_week: float = 1,
        duration_ms: int | None = None,
    ) -> None:
        _check("seed", seed, 0)
        _check("start_ms", start_ms, 0)
        _check("communities", communities, 1, len(VOCABULARIES))
        _check("posts_per_hour", posts_per_hour, 0.001)
        _check("launches_per_week", launches_per_week, 0, 40)
        _check("first_launch_after_ms", first_launch_after_ms, 0)
        _check("decoys_per_week", decoys_per_week, 0, 40)
        _check("duration_ms", 0 if duration_ms is None else duration_ms, 0)
        self._chance = _Chance(seed)
        self._prefix = f"{seed:x}"
        self._start_ms = start_ms
        self._end_ms = math.inf if duration_ms is None else start_ms + duration_ms
        self._slot_ms = start_ms
        self._launch_gap_ms = _WEEK_MS / launches_per_week if launches_per_week else math.inf
        self._decoy_gap_ms = _WEEK_MS / decoys_per_week if decoys_per_week else math.inf
        self._waiting: list[tuple[int, int, Post]] = []
        self._ready: deque[SimulatedPost] = deque()
        self._ids = 0
        self._arrivals = 0
        self._accounts = 0
        self._account_offset = self._chance.whole(0, 9_999)
        self._launches: deque[Launch] = deque(maxlen=TRUTH_MAX)
        self._decoys: deque[Launch] = deque(maxlen=TRUTH_MAX)
        self._places = _Names(self._chance, PLACE_STEMS, PLACE_ENDINGS)
        self._scenes = self._set_up(communities, posts_per_hour, start_ms + first_launch_after_ms)

    def posts(self) -> Iterator[SimulatedPost]:
        """Yield the posts by arrival; another call goes on where the last one stopped."""
        while self._fill():
            while self._ready:
                yield self._ready.popleft()

    def launches_until(self, event_time_ms: float) -> tuple[Launch, ...]:
        """Return the launches with an onset up to then, by onset, as far as posts were asked for."""
        return _until(self._launches, min(event_time_ms, self._slot_ms))

    def decoys_until(self, event_time_ms: float) -> tuple[Launch, ...]:
        """Return the decoys with an onset up to then, by onset, as far as posts were asked for."""
        return _until(self._decoys, min(event_time_ms, self._slot_ms))

    def _set_up(self, communities: int, posts_per_hour: float, first_ms: int) -> dict[str, _Scene]:
        sizes = [1 / math.sqrt(rank) for rank in range(2, communities + 2)]
        scenes = {}
        for vocabulary, size in zip(VOCABULARIES, sizes, strict=False):
            scene = _Scene(self._chance, vocabulary, posts_per_hour * size * communities / sum(sizes))
            scene.admit([self._account(scene, rank) for rank in range(self._chance.whole(240, 420))])
            scene.next_launch_ms = first_ms + self._launch_wait_ms()
            scene.next_decoy_ms = first_ms + self._chance.exponential(self._decoy_gap_ms)
            scenes[scene.community] = scene
        return scenes

    def _launch_wait_ms(self) -> float:
        return self._chance.exponential(self._launch_gap_ms - _LAUNCH_GAP_MS)

    def _account(self, scene: _Scene, rank: int) -> _Author:
        """Return an account of a name not taken, until some 29,000 are; rank 0 has the most followers."""
        number = (self._account_offset + self._accounts * _SCATTER) % (
            len(HANDLE_FIRSTS) * len(HANDLE_SECONDS) * len(HANDLE_ENDS)
        )
        self._accounts += 1
        number, end = divmod(number, len(HANDLE_ENDS))
        first, second = divmod(number, len(HANDLE_SECONDS))
        name = HANDLE_FIRSTS[first] + HANDLE_SECONDS[second] + HANDLE_ENDS[end]
        # Steps of the golden ratio spread the languages evenly over busy and quiet authors.
        place, lang = rank * 0.618034 % 1, ""
        for tongue in scene.vocabulary.tongues:
            lang = tongue.lang
            place -= tongue.share
            if place < 0:
                break
        followers = int(self._chance.skewed(20, 800) + 30_000 / (rank + 4))
        return _Author(name, lang, followers, self._chance.happens(0.4))

    # Time.

    def _fill(self) -> bool:
        """Make slots until a post is ready; return whether one is."""
        while not self._ready:
            if self._slot_ms >= self._end_ms and not self._waiting:
                return False
            if self._slot_ms < self._end_ms:
                self._make_slot()
            self._waiting.sort()
            # All that is made later is posted, and so arrives, after the slot's end.
            is_over = self._slot_ms >= self._end_ms
            count = len(self._waiting) if is_over else bisect(self._waiting, self._slot_ms, key=_arrival)
            self._ready.extend(SimulatedPost(arrival_ms, post) for arrival_ms, _, post in self._waiting[:count])
            del self._waiting[:count]
        return True

    def _make_slot(self) -> None:
        begin_ms = self._slot_ms
        self._slot_ms += _SLOT_MS
        is_new_hour = (begin_ms - self._start_ms) % _HOUR_MS == 0
        for scene in self._scenes.values():
            if is_new_hour:
                scene.stir()
            while scene.next_launch_ms < self._slot_ms:
                self._break_story(scene)
            while scene.next_decoy_ms < self._slot_ms:
                self._break_decoy(scene)
            gap_ms = scene.gap_ms(begin_ms)
            at_ms = begin_ms + self._chance.exponential(gap_ms)
            while at_ms < self._slot_ms:
                self._chat(scene, int(at_ms))
                at_ms += self._chance.exponential(gap_ms)

    def _send(self, post: Post, at_ms: int) -> None:
        """Let the post arrive: nearly always at once, sometimes late, sometimes twice."""
        if at_ms >= self._end_ms:
            return
        arrival_ms = at_ms + self._delay_ms()
        self._queue(arrival_ms, post)
        if self._chance.happens(_DUPLICATE_SHARE):
            self._queue(arrival_ms + int(self._chance.skewed(1_000, 10 * _MINUTE_MS)), post)

    def _delay_ms(self) -> int:
        roll = self._chance.unit()
        if roll < _VERY_LATE_SHARE:
            return self._chance.whole(630_000, 20 * _MINUTE_MS)
        if roll < _VERY_LATE_SHARE + _LATE_SHARE:
            return int(self._chance.skewed(1_000, 5 * _MINUTE_MS))
        return self._chance.whole(50, 450)

    def _queue(self, arrival_ms: int, post: Post) -> None:
        self._arrivals += 1
        self._waiting.append((arrival_ms, self._arrivals, post))

    # Posts.

    def _post(
        self,
        scene: _Scene,
        author: _Author,
        at_ms: int,
        text: str,
        *,
        lang: str,
        links: Sequence[str] = (),
        reply_to: str | None = None,
        repost_of: str | None = None,
    ) -> Post:
        self._ids += 1
        post_id = f"{self._prefix}-{self._ids}"
        likes = int((1.0 - self._chance.unit()) ** -0.8) - 1
        post = Post(
            id=post_id,
            text=text,
            created_at=at_ms,
            author=author.name,
            source="simulated",
            communities=[scene.community],
            lang=lang,
            url=f"https://{scene.community}.example/posts/{post_id}",
            links=list(links),
            reply_to=reply_to,
            repost_of=repost_of,
            is_repost=repost_of is not None,
            engagement=Engagement(likes=likes, reposts=likes // 6, replies=likes // 9, views=12 + 31 * likes),
            author_followers=author.followers,
        )
        self._send(post, at_ms)
        return post

    def _repost(self, scene: _Scene, author: _Author, at_ms: int, original: Post) -> Post:
        text = f"RT @{original.author}: {original.text}"
        lang = original.lang or ""
        return self._post(scene, author, at_ms, text, lang=lang, links=original.links, repost_of=original.id)

    def _chat(self, scene: _Scene, at_ms: int) -> None:
        author, roll = scene.regular(), self._chance.unit()
        other, earlier = self._chance.pick(scene.recent) if scene.recent else (author, None)
        if earlier and other != author and roll < _REPOST_SHARE:
            self._repost(scene, author, at_ms, earlier)
            return
        if earlier and other != author and roll < _REPOST_SHARE + _REPLY_SHARE:
            speech = scene.speeches[other.lang]
            text = f"@{other.name} {speech.reply()}"
            post = self._post(scene, author, at_ms, text, lang=other.lang, reply_to=earlier.id)
        else:
            speech = scene.speeches[author.lang]
            links: list[str] = []
            text = scene.decorate(speech.tell(speech.sentence(), is_lower=author.writes_lower), links)
            post = self._post(scene, author, at_ms, text, lang=author.lang, links=links)
        scene.recent.append((author, post))

    # Launches.

    def _break_story(self, scene: _Scene) -> None:
        onset_ms = int(scene.next_launch_ms)
        scene.next_launch_ms = onset_ms + _LAUNCH_GAP_MS + self._launch_wait_ms()
        kit = next(scene.kits)
        new = ""
        if kit.kind == "new":
            new = (self._places if kit.named == "place" else scene.makers).fresh()
        terms = (new.lower(), f"{new}{kit.tag}".lower()) if new else kit.known
        plot = _Plot(kit, new, terms)
        self._launch(scene, plot, onset_ms, None)
        other = self._scenes.get(kit.hops_to)
        if other and self._chance.happens(_HOP_SHARE):
            hop_ms = onset_ms + self._chance.whole(20 * _MINUTE_MS, _HOUR_MS)
            other.next_launch_ms = max(other.next_launch_ms, hop_ms + _LAUNCH_GAP_MS)
            self._launch(other, plot, hop_ms, scene.community)

    def _launch(self, scene: _Scene, plot: _Plot, onset_ms: int, hop_from: str | None) -> None:
        cast = self._cast(scene, int(self._chance.skewed(8, 60.99)))
        what = plot.kit.what.replace("{new}", plot.new)
        kind = plot.kit.kind
        truth = Launch(scene.community, onset_ms, plot.pattern, plot.terms, what, kind, len(cast), hop_from)
        self._note(self._launches, truth)
        told: list[Post] = []
        for author, at_ms in self._uptake(cast, onset_ms):
            original = self._chance.pick(told) if told and self._chance.happens(_LAUNCH_REPOST_SHARE) else None
            if original and original.author != author.name:
                self._repost(scene, author, at_ms, original)
            else:
                told.append(self._tell(scene, plot, author, at_ms))

    def _tell(self, scene: _Scene, plot: _Plot, author: _Author, at_ms: int) -> Post:
        lang = author.lang if author.lang in plot.kit.sentences else "en"
        speech = scene.speeches[lang]
        template = self._chance.pick(plot.kit.sentences[lang]).replace("{new}", plot.new)
        core = _compile(template, speech.slots, self._chance)()
        links: list[str] = []
        text = scene.decorate(speech.tell(core, is_lower=author.writes_lower), links, plot.tag)
        return self._post(scene, author, at_ms, text, lang=lang, links=links)

    def _cast(self, scene: _Scene, size: int) -> list[_Author]:
        """Return that many distinct authors: busy ones, quiet ones, and some never seen before."""
        chance, cast = self._chance, dict[str, _Author]()
        while len(cast) < size:
            if chance.happens(_NEWCOMER_SHARE):
                author = self._account(scene, chance.whole(200, 5_000))
            else:
                author = scene.regular() if chance.happens(0.5) else chance.pick(scene.people)
            cast[author.name] = author
        return list(cast.values())

    def _uptake(self, cast: Sequence[_Author], onset_ms: int) -> list[tuple[_Author, int]]:
        """Return who posts when: each once along the S-curve, then some again while it fades."""
        chance = self._chance
        rise_ms = chance.whole(20 * _MINUTE_MS, _HOUR_MS)
        fade_ms = chance.whole(_HOUR_MS, 3 * _HOUR_MS)
        shares = [0.0, *sorted(chance.unit() for _ in cast[2:]), 1.0]
        turns = [(author, int(rise_ms * _s_curve(share))) for author, share in zip(cast, shares, strict=True)]
        again = sorted(_fading(chance.unit()) for _ in range(int(len(cast) * (0.4 + 0.8 * chance.unit()))))
        turns += [(chance.pick(cast), rise_ms + int(fade_ms * share)) for share in again]
        return [(author, onset_ms + after_ms) for author, after_ms in turns]

    # Decoys.

    def _break_decoy(self, scene: _Scene) -> None:
        onset_ms = int(scene.next_decoy_ms)
        scene.next_decoy_ms = onset_ms + self._chance.exponential(self._decoy_gap_ms)
        new = scene.makers.fresh()
        break_out = self._copy if self._chance.happens(0.5) else self._flood
        what, authors = break_out(scene, new, onset_ms)
        terms = (new.lower(),)
        self._note(self._decoys, Launch(scene.community, onset_ms, _pattern(terms), terms, what, "decoy", authors))

    def _copy(self, scene: _Scene, new: str, onset_ms: int) -> tuple[str, int]:
        chance, speech = self._chance, scene.speeches["en"]
        template = chance.pick(COPIED).replace("{new}", new)
        text = _compile(template, speech.slots, chance)()
        first, *others = self._cast(scene, chance.whole(24, 60))
        original = self._post(scene, first, onset_ms, text, lang="en")
        is_marked = chance.happens(0.5)
        length_ms = chance.whole(15 * _MINUTE_MS, 40 * _MINUTE_MS)
        for author, share in zip(others, sorted(chance.unit() for _ in others), strict=True):
            at_ms = onset_ms + int(length_ms * share)
            if is_marked:
                self._repost(scene, author, at_ms, original)
            else:
                self._post(scene, author, at_ms, text, lang="en")
        return f"one text about {new} passed on by {len(others)} accounts", 1 + len(others)

    def _flood(self, scene: _Scene, new: str, onset_ms: int) -> tuple[str, int]:
        chance, speech = self._chance, scene.speeches["en"]
        author = self._account(scene, 1_000)
        count = chance.whole(40, 80)
        length_ms = chance.whole(20 * _MINUTE_MS, 40 * _MINUTE_MS)
        for share in [0.0, *sorted(chance.unit() for _ in range(count - 1))]:
            template = chance.pick(FLOODED).replace("{new}", new)
            text = speech.tell(_compile(template, speech.slots, chance)(), is_lower=author.writes_lower)
            self._post(scene, author, onset_ms + int(length_ms * share), text, lang="en")
        return f"one account posts about {new} {count} times", 1

    def _note(self, truth: deque[Launch], launch: Launch) -> None:
        if launch.onset_ms < self._end_ms:
            truth.append(launch)


def _arrival(waiting: tuple[int, int, Post]) -> int:
    return waiting[0]


def _check(name: str, value: float, low: float, high: float = math.inf) -> None:
    if not low <= value <= high:
        allowed = f"at least {low}" if high == math.inf else f"from {low} to {high}"
        message = f"{name} is {value}, must be {allowed}"
        raise ValueError(message)


def _until(truth: Sequence[Launch], event_time_ms: float) -> tuple[Launch, ...]:
    begun = [launch for launch in truth if launch.onset_ms <= event_time_ms]
    return tuple(sorted(begun, key=lambda launch: launch.onset_ms))


def _s_curve(share: float) -> float:
    """Return when, between 0 and 1, that share of the authors has come in: slow, fast, slow."""
    edge = 0.03
    position = edge + (1 - 2 * edge) * share
    return 0.5 + 0.5 * math.log(position / (1 - position)) / math.log((1 - edge) / edge)


def _fading(share: float) -> float:
    """Return when, between 0 and 1, that share of the afterthoughts has come: fewer and fewer."""
    rate = 3.0
    return -math.log(1 - share * (1 - math.exp(-rate))) / rate
