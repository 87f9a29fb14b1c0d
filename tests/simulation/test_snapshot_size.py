"""A tracker whose memory is full still fits, compressed, into one message of the topic of snapshots."""

import random
import zlib
from itertools import accumulate

import msgspec
import pytest

from models import mentions, narratives, ordering, story
from models.clusterer import NarrativeClusterer
from models.detector import TermScore
from models.mentions import Faded, MentionWindow, Term
from models.narratives import Narrative, NarrativesState
from models.ordering import Ordering
from models.story import AuthorCount, Story
from models.terms import find_terms
from models.textclass import TextClasses
from models.windows import SlidingCounts
from streams.topics import SNAPSHOT_BYTES_MAX
from tests.support.chatter import NOON_MS, arrive, make_mention, make_post

LETTERS = "abcdefghijklmnopqrstuvwxyz"
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
    """Return a window with as many posts as it takes, its text classes, and a baseline full of other terms."""
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
    """Return a clusterer with as many micro-clusters as it holds, with many terms each."""
    clusterer = NarrativeClusterer()
    for number in range(CLUSTERS):
        own = writer.chance.choices(writer.words, k=60)
        for share in range(2):
            clusterer.assign(own[share:], NOON_MS + number * 100, str(number))
    return clusterer.snapshot()


def full_narratives(writer):
    """Return narratives with as many authors in all as may be known."""
    live = {}
    for number in range(CLUSTERS):
        authors = {writer.chance.getrandbits(64): NOON_MS // 60_000 for _ in range(narratives.AUTHORS_MAX // CLUSTERS)}
        counts = SlidingCounts(1440, latest=authors, posts={NOON_MS // 60_000 + minute: 3 for minute in range(30)})
        live[number] = Narrative(id=writer.name(), first_seen_ms=NOON_MS, last_seen_ms=NOON_MS, counts=counts)
    ids = {number: (narrative.id, NOON_MS) for number, narrative in live.items()}
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
