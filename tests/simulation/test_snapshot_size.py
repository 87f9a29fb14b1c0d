"""A tracker whose memory is full still fits, compressed, into one message of the topic of snapshots.

First full states made by hand from what compresses as badly as real talk, then real posts that are meant to break it.
"""

import random
import zlib
from itertools import accumulate

import msgspec
import pytest

from models import mentions, narratives, newcomers, ordering, story
from models.clusterer import NarrativeClusterer
from models.detector import TermScore
from models.mentions import Faded, MentionWindow, Term
from models.narratives import Narrative, NarrativeId, NarrativesState
from models.ordering import Ordering
from models.story import AuthorCount, Story
from models.terms import find_terms
from models.textclass import TextClasses
from models.tracker import CommunityTracker
from models.windows import SlidingCounts
from streams.topics import SNAPSHOT_BYTES_MAX
from tests.support.chatter import (
    COMMUNITY,
    LAUNCH_MS,
    NOON_MS,
    SETTINGS,
    arrive,
    by_time,
    chatter,
    follow,
    make_mention,
    make_post,
)

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALPHANUMERIC = LETTERS + "0123456789"
PRINTABLE = "".join(map(chr, range(33, 127)))
PUNCTUATION = "".join(sign for sign in PRINTABLE if not sign.isalnum() and sign not in "#$@_'")
HANGUL = "".join(map(chr, range(0xAC00, 0xD7A4)))
IDEOGRAPHS = "".join(map(chr, range(0x4E00, 0xA000)))
PLANE_2 = "".join(map(chr, range(0x20000, 0x2A6DF)))
HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 3_000)))
WORDS = 60_000
CLUSTERS = 2_000
FULL_STORIES = 10


class Writer:
    """Texts, names and numbers that compress as badly as real ones: Zipf words, random ids."""

    def __init__(self, script=LETTERS, names="short"):
        self.chance = random.Random(1)
        shortest, longest = (4, 11) if script is LETTERS else (1, 3)
        self.names = names
        self.words = [
            "".join(self.chance.choices(script, k=self.chance.randint(shortest, longest))) for _ in range(WORDS)
        ]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(WORDS)))

    def text(self, characters):
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=characters // 6))[:characters]

    def name(self):
        return f"did:plc:{self.chance.getrandbits(110):x}"

    def id(self):
        return f"{self.chance.getrandbits(56):x}" if self.names == "short" else f"{self.chance.getrandbits(1_900):x}"


def full_window(writer, characters):
    """Return a window full of posts, their text classes, and a baseline full of other terms and authors."""
    window, classes, number = MentionWindow(), TextClasses(), 0
    while window.covered_from_ms == 0:
        text, at_ms = writer.text(characters), NOON_MS + number * 100
        found = find_terms(text)
        mention = make_mention(
            writer.id(),
            [*found.terms, f"~{number % 500}"],
            at_ms,
            author=writer.name(),
            text=text,
            text_class=classes.classify(found.words, at_ms),
            url=f"https://social.example/{writer.id()}/post/{writer.id()}",
        )
        window.add(mention, at_ms)
        number += 1
    while len(window.terms) < mentions.TERMS_MAX:
        seen = Faded(writer.chance.random(), writer.chance.random(), NOON_MS + writer.chance.randrange(10**7))
        window.terms["".join(writer.chance.choices(LETTERS, k=9))] = Term(seen)
    while len(window.authors) < newcomers.AUTHORS_MAX:
        window.authors.note(writer.name(), NOON_MS - writer.chance.randrange(10**9))
    return window.snapshot(), classes.snapshot()


def full_ordering(writer):
    """Return an ordering in which as much waits as may, and as many ids are known."""
    own, number = Ordering(600_000), 0
    while not own.is_crowded:
        links = {"repost_of": writer.id(), "reply_to": writer.id(), "lang": writer.id()}
        post = make_post(writer.id(), writer.text(500), NOON_MS + number, author=writer.name(), **links)
        own.judge(arrive([post])[0])
        number += 1
    while len(own.state.recent) < ordering.RECENT_MAX:
        identity = writer.chance.getrandbits(64)
        own.state.recent[identity] = NOON_MS
        own.state.expiry.append((NOON_MS, identity))
    return own.state


def full_clusterer(writer):
    """Return a clusterer with as many micro-clusters as it holds, with many terms each, and as many recent posts."""
    clusterer = NarrativeClusterer()
    for number in range(CLUSTERS):
        own = writer.chance.choices(writer.words, k=60)
        for share in range(2):
            clusterer.assign(own[share:], NOON_MS + number * 100, f"4/test/{number}")
    for number in range(clusterer.recent_terms_max):
        clusterer.assign([own[number % 60]], NOON_MS + CLUSTERS * 100, writer.id())
    state = clusterer.snapshot()
    assert CLUSTERS * 0.9 < len(state.clusters) <= CLUSTERS
    assert len(state.recent) == clusterer.recent_terms_max
    return state


def full_narratives(writer):
    """Return narratives with as many authors in all as may be known."""
    live = {}
    for number in range(CLUSTERS):
        authors = {writer.chance.getrandbits(64): NOON_MS // 60_000 for _ in range(narratives.AUTHORS_MAX // CLUSTERS)}
        counts = SlidingCounts(1440, latest=authors, posts={NOON_MS // 60_000 + minute: 3 for minute in range(30)})
        live[number] = Narrative(
            id=writer.name(), first_seen_ms=NOON_MS, last_seen_ms=NOON_MS, counts=counts, split_from=writer.name()
        )
    ids = {number: NarrativeId(one.id, NOON_MS, one.split_from) for number, one in live.items()}
    return NarrativesState(live, ids, [(NOON_MS, number, True) for number in ids], {})


def full_stories(writer):
    """Return large stories: more of them at once would need more posts than the window holds."""
    for number in range(FULL_STORIES):
        yield Story(
            number=number,
            alert_id=writer.id(),
            narrative_id=writer.id(),
            opened_ms=NOON_MS,
            onset_ms=NOON_MS,
            latest_ms=NOON_MS,
            passed_ms=NOON_MS,
            held_ms=NOON_MS,
            best=TermScore("word", 9.0, 600_000, NOON_MS, 9, 9, 9, 0, 9, 0.01, 9.0, 2.0),
            authors={writer.name(): AuthorCount(1, NOON_MS) for _ in range(story.AUTHORS_MAX // FULL_STORIES)},
            texts=dict.fromkeys(range(story.TEXTS_MAX), 1),
            weights=dict.fromkeys(writer.words[: story.TERMS_MAX], 1.0),
            candidates=[make_mention(writer.id(), [], NOON_MS, text=writer.text(500)) for _ in range(24)],
        )


@pytest.mark.parametrize(
    ("characters", "script", "names"),
    [(150, LETTERS, "short"), (500, LETTERS, "short"), (150, HAN, "short"), (150, LETTERS, "long")],
    ids=["short posts", "long posts", "Chinese posts", "endless names"],
)
def test_a_full_tracker_fits_in_one_message(characters, script, names):
    writer = Writer(script, names)
    parts = {
        "window": full_window(writer, characters),
        "ordering": full_ordering(writer),
        "clusterer": full_clusterer(writer),
        "narratives": full_narratives(writer),
        "stories": list(full_stories(writer)),
    }
    sizes = {name: len(zlib.compress(msgspec.msgpack.encode(part))) for name, part in parts.items()}
    assert sum(sizes.values()) < SNAPSHOT_BYTES_MAX, sizes


class Vandal:
    """Posts that are meant to take up as much room as possible."""

    def __init__(self):
        self.chance = random.Random(1)
        self.number = 0

    def run(self, script, characters):
        return "".join(self.chance.choices(script, k=characters))

    def words(self, script, count, characters=64):
        return " ".join(self.run(script, characters) for _ in range(count))

    def post(self, text, at_ms, *, author=30, link=0, name=8, script=PRINTABLE):
        self.number += 1
        return make_post(
            f"{self.number}/{self.run(script, name)}",
            text,
            at_ms,
            author=self.run(script, author),
            url=f"https://{self.run(script, link)}" if link else None,
        )

    def launches(self, count, **names):
        """Yield so many new words in a row, each by 40 authors and more: what is new must rise ever further."""
        at_ms = LAUNCH_MS
        for number in range(count):
            word = self.run(ALPHANUMERIC, 50)
            for _ in range(40 + 2 * number):
                at_ms += 800
                yield self.post(f"{word} {self.words(ALPHANUMERIC, 4, 8)}", at_ms, **names)


def endless_words(script, posts, step_ms=1_500):
    vandal = Vandal()
    return [vandal.post(vandal.words(script, 64), NOON_MS + number * step_ms) for number in range(posts)]


def endless_names():
    vandal = Vandal()
    names = {"author": 512, "name": 500, "link": 2_000}
    return [vandal.post(vandal.words(ALPHANUMERIC, 7), NOON_MS + number * 600, **names) for number in range(5_000)]


def endless_authors(script):
    """Return three words, each with its own talk, taken up by thousands of authors with names of 512 characters."""
    vandal, talk = Vandal(), chatter(4.05)
    crowd = [
        vandal.post(
            f"zeppelin{number % 3} {talk[number % 99].text} n{number}",
            LAUNCH_MS + number * 200,
            author=512,
            script=script,
        )
        for number in range(9_000)
    ]
    return by_time(talk, crowd)


def many_stories():
    return by_time(chatter(4.05), Vandal().launches(50, author=512, link=60))


@pytest.mark.parametrize(
    ("posts", "stories"),
    [
        (lambda: endless_words(ALPHANUMERIC, 4_000), 0),
        (lambda: endless_words(HANGUL, 4_000), 0),
        (lambda: endless_words(IDEOGRAPHS, 2_000), 0),
        (endless_names, 0),
        (lambda: endless_authors(PLANE_2), 3),
        (lambda: endless_authors(PRINTABLE), 3),
        (many_stories, 50),
    ],
    ids=["Latin words", "Hangul words", "Han words", "names", "authors", "printable authors", "50 stories"],
)
def test_a_tracker_whose_posters_mean_to_break_it_fits_in_one_message(posts, stories):
    tracker, _ = follow(posts())
    snapshot = tracker.snapshot()
    assert tracker.open_alerts == stories
    # Each alone leaves room for the others.
    assert len(zlib.compress(snapshot)) < SNAPSHOT_BYTES_MAX * 0.6
    assert CommunityTracker.restore(snapshot, SETTINGS).snapshot() == snapshot


def test_all_that_may_be_done_to_a_tracker_at_once_fits_in_one_message():
    vandal, tracker = Vandal(), CommunityTracker(COMMUNITY, SETTINGS)
    follow(by_time(chatter(4.05), vandal.launches(50, author=512, link=60)), tracker)
    at_ms = LAUNCH_MS + 2 * 3_600_000
    crowd = [vandal.post(vandal.words(ALPHANUMERIC, 7, 8), at_ms + number * 40) for number in range(25_000)]
    follow(crowd, tracker)
    follow(
        [vandal.post(vandal.words(ALPHANUMERIC, 60), at_ms + 10**6 + number * 500) for number in range(900)], tracker
    )
    signs = [
        "".join(vandal.run(ALPHANUMERIC, 2) + vandal.run(PUNCTUATION, 1) for _ in range(166)) for _ in range(8_000)
    ]
    follow(
        [vandal.post(text, at_ms + 15 * 10**5 + number * 5, author=100) for number, text in enumerate(signs)], tracker
    )
    waiting = [vandal.post(text, at_ms + 16 * 10**5, author=500, name=500) for text in signs[:900]]
    follow(waiting, tracker)
    size = len(zlib.compress(tracker.snapshot()))
    assert SNAPSHOT_BYTES_MAX * 0.7 < size < SNAPSHOT_BYTES_MAX
