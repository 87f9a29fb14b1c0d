import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models.clusterer
from models import term_matrix
from models.clusterer import NarrativeClusterer
from models.clusterer_state import ClustererState
from models.term_matrix import REWEIGH_POSTS, Row
from tests.support.eventful import CROWDED, FADING, eventful_posts, kinds_of
from tests.support.narratives import assign_all

compiled = pytest.importorskip("models._term_matrix", reason="not compiled here", exc_type=ModuleNotFoundError)

PLAIN, COMPILED = term_matrix.TermMatrix, compiled.TermMatrix
WORDS = ["vault", "opens", "today", "rain", "mud", "été", "東京", "🎈", "a", ""]


def to_the_bit(value):
    """Return a value as bytes: 0.0 and -0.0 differ, and so does the order of terms."""
    return msgspec.msgpack.encode(value)


class Both:
    """The two matrices, which are told the same and must return the same."""

    def __init__(self, **parameters):
        self.matrices = [kind(**parameters) for kind in (PLAIN, COMPILED)]
        self.numbers = []
        self.left = []
        self.entered = 0

    def __getattr__(self, method):
        def call(*arguments):
            plain, own = (getattr(matrix, method)(*arguments) for matrix in self.matrices)
            assert to_the_bit(own) == to_the_bit(plain), (method, arguments)
            return plain

        return call

    def bring_in(self, row):
        """Bring in a row under a number that says nothing of how old it is."""
        self.entered += 1
        self.numbers.append(7_919 * self.entered % 10_007)
        self.enter(self.numbers[-1], row)

    def twin(self, number):
        """Bring in two rows like another, and look for all three: of equals the oldest is the nearest, and closest."""
        row = self.row(number)
        for _ in range(2):
            self.bring_in(row)
        for one in (number, *self.numbers[-2:]):
            self.reweigh(one)
        self.nearest(row.terms, 0)
        self.closest(number)

    def learn_on(self, number, counts):
        """Learn so many posts that lengths are computed anew on the way."""
        for _ in range(REWEIGH_POSTS + 1):
            self.learn(number, counts, 1.0)

    def halve(self, number):
        """Take half of all counts away: what is just the least count stays, what is below it goes."""
        terms = self.row(number).terms
        half = {term: count / 2 for term, count in terms.items()}
        self.take_away(number, half, max(half.values(), default=0.0))

    def do(self, kind, place, counts, number, now_ms):
        """Do what is asked for to the row at a place; a new row is founded where there is none."""
        if kind == "found" or not self.numbers:
            self.bring_in(Row())
        elif kind == "let go":
            gone = self.numbers.pop(place % len(self.numbers))
            self.left.append((gone, self.row(gone)))
            self.leave(gone)
        elif kind == "bring back" and self.left:
            back, row = self.left.pop()
            self.enter(back, row)
            self.reweigh(back)
            self.numbers.append(back)
        else:
            row = self.numbers[place % len(self.numbers)]
            calls = {
                "learn": (row, counts, number),
                "learn_on": (row, counts),
                "twin": (row,),
                "take_away": (row, counts, 1e-9 * number),
                "halve": (row,),
                "mark": (row, number, now_ms, number / 1e7),
                "rescale": (2.0**-10, 1e-3),
                "nearest": (counts, now_ms),
                "heaviest": (row, place),
                "closest": (row,),
            }
            if kind in calls:
                getattr(self, kind)(*calls[kind])

    def assert_alike(self):
        for number in self.numbers:
            self.row(number)
        for word in WORDS:
            self.rarity(word)
        plain, own = self.matrices
        assert own.bytes == plain.bytes


KINDS = [
    "found",
    "twin",
    "let go",
    "bring back",
    "learn_on",
    "take_away",
    "halve",
    "mark",
    "rescale",
    "heaviest",
    "closest",
]
KINDS += 4 * ["learn", "nearest"]
all_counts = st.dictionaries(
    st.sampled_from(WORDS) | st.text(max_size=2), st.sampled_from([1.0, 2.0, 3.0]) | st.floats(1e-3, 1e3), max_size=8
)
operations = st.tuples(
    st.sampled_from(KINDS),
    st.integers(0, 20),
    all_counts,
    st.sampled_from([1.0, 1.5]) | st.floats(1.0, 2.0**200),
    st.sampled_from([0, 1, 60_000, 10**9, 10**14]),
)
parameters = st.fixed_dictionaries(
    {
        "terms_max": st.integers(1, 8),
        "posting_max": st.integers(1, 5),
        "damping": st.sampled_from([1.0, 0.7, 0.5]),
        "novelty": st.sampled_from([0.0, 0.5, 1.0]),
        "preference": st.sampled_from([0.0, 0.05]),
        "recency": st.sampled_from([0.0, 0.25, 1.0]),
    }
)


@given(parameters, st.lists(operations, max_size=60))
def test_whatever_is_done_both_return_the_same_to_the_last_bit(some_parameters, some_operations):
    both = Both(**some_parameters)
    for operation in some_operations:
        both.do(*operation)
        both.assert_alike()


@pytest.mark.parametrize("seed", range(3))
def test_after_thousands_of_operations_both_still_return_the_same(seed):
    chance = random.Random(seed)
    words = [f"{word}{number}" for word in WORDS for number in range(6)]
    both = Both(terms_max=20, posting_max=12, damping=0.7, novelty=0.5, preference=0.05, recency=0.25)
    for step in range(4_000):
        kinds = ["found"] if len(both.numbers) < 40 else KINDS
        counts = {word: float(chance.randint(1, 3)) for word in chance.sample(words, chance.randint(0, 12))}
        gain, now_ms = 2.0 ** (seed * step // 100), chance.randrange(10**6)
        both.do(chance.choice([*kinds, "learn", "nearest"]), chance.randrange(1_000), counts, gain, now_ms)
        if step % 50 == 0:
            both.assert_alike()
    both.assert_alike()


def test_the_compiled_one_is_taken_where_there_is_one():
    assert models.clusterer.TermMatrix is COMPILED


@pytest.fixture
def make_with(monkeypatch):
    """A function that makes, or restores, a clusterer on one of the two."""

    def make(kind, parameters=None, state=None):
        monkeypatch.setattr(models.clusterer, "TermMatrix", kind)
        if state is None:
            return NarrativeClusterer(**parameters)
        return NarrativeClusterer.restore(msgspec.msgpack.decode(state, type=ClustererState))

    return make


@pytest.mark.parametrize("parameters", [CROWDED, FADING], ids=["crowded", "fading"])
def test_a_whole_clusterer_gives_the_same_ids_events_and_bytes_with_either(make_with, parameters):
    posts = eventful_posts(4_000)
    plain, own = make_with(PLAIN, parameters), make_with(COMPILED, parameters)
    for start in range(0, len(posts), 500):
        part = posts[start : start + 500]
        assert assign_all(own, part) == assign_all(plain, part)
        events = plain.drain_lineage()
        assert own.drain_lineage() == events
        assert to_the_bit(own.snapshot()) == to_the_bit(plain.snapshot())
        live = plain.live_ids()
        assert [own.summary(number) for number in live] == [plain.summary(number) for number in live]


@pytest.mark.parametrize("parameters", [CROWDED, FADING], ids=["crowded", "fading"])
@pytest.mark.parametrize("kinds", [(PLAIN, COMPILED), (COMPILED, PLAIN)], ids=["then compiled", "then plain"])
def test_what_the_one_has_written_the_other_goes_on_with(make_with, parameters, kinds):
    before, after = kinds
    posts = eventful_posts(3_000)
    whole = make_with(before, parameters)
    assign_all(whole, posts[:1_777])
    changed = make_with(after, state=to_the_bit(whole.snapshot()))
    assert assign_all(changed, posts[1_777:]) == assign_all(whole, posts[1_777:])
    assert to_the_bit(changed.snapshot()) == to_the_bit(whole.snapshot())


@pytest.mark.parametrize("parameters", [CROWDED, FADING], ids=["crowded", "fading"])
def test_what_is_compared_holds_all_that_can_happen(make_with, parameters):
    clusterer = make_with(COMPILED, parameters)
    assign_all(clusterer, eventful_posts(4_000))
    assert kinds_of(clusterer.drain_lineage()) == {"born", "split", "merged", "faded"}
    assert (clusterer.snapshot().origin_ms > 0) == (parameters is FADING)


@pytest.mark.parametrize("term", [None, 7, type("Word", (str,), {})("rain")])
def test_what_is_no_plain_string_is_refused_and_founds_nothing(make_with, term):
    clusterer = make_with(COMPILED, FADING)
    with pytest.raises(TypeError, match="Expected str"):
        clusterer.assign(["vault", term], 0, "a")
    assert clusterer.live_ids() == []
