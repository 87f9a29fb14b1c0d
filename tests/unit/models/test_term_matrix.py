import math

import pytest

from models.term_matrix import MERGE_TERMS_MAX, NO_MICRO_CLUSTER, REWEIGH_POSTS, Row
from models.term_matrix import TermMatrix as PlainTermMatrix

try:
    from models._term_matrix import TermMatrix as CompiledTermMatrix
except ModuleNotFoundError:
    CompiledTermMatrix = None

HOUR_MS = 3_600_000

needs_compiled = pytest.mark.skipif(CompiledTermMatrix is None, reason="not compiled here")


class Matrix:
    """A matrix that is told posts as texts, each of its own words once."""

    def __init__(self, make, *posts, **settings):
        defaults = {
            "terms_max": 100,
            "posting_max": 100,
            "damping": 1.0,
            "novelty": 1.0,
            "preference": 0.0,
            "recency": 0.0,
        }
        self.settings = defaults | settings
        self.own = make(**self.settings)
        self.numbers = []
        for number, post in enumerate(posts):
            self.found(number, post)

    def found(self, number, post, seen_ms=0, pace=0.0):
        self.own.enter(number, Row())
        self.numbers.append(number)
        self.learn(number, post, seen_ms=seen_ms, pace=pace)

    def learn(self, number, post, gain=1.0, seen_ms=0, pace=0.0):
        self.own.learn(number, dict.fromkeys(post.split(), 1.0), gain)
        self.own.mark(number, 1.0, seen_ms, pace)

    def leave(self, number):
        self.numbers.remove(number)
        row = self.own.row(number)
        self.own.leave(number)
        return row

    def nearest(self, post, now_ms=0):
        return self.own.nearest(dict.fromkeys(post.split(), 1.0), now_ms)

    def terms(self, number):
        return self.own.row(number).terms

    def holders(self, term):
        return [number for number in self.numbers if term in self.terms(number)]

    def rarity(self, term):
        """The definition, computed plainly."""
        return 1 + math.log((len(self.numbers) + 1) / max(1, len(self.holders(term))))

    def vector(self, number):
        return {t: count ** self.settings["damping"] * self.rarity(t) for t, count in self.terms(number).items()}

    def cosine(self, post, number):
        """The definition, computed plainly: rarities as they are now, no preference."""
        one = {term: self.rarity(term) for term in post.split()}
        other = self.vector(number)
        dot = sum(weight * other.get(term, 0) for term, weight in one.items())
        return dot / (math.hypot(*one.values()) * math.hypot(*other.values()))

    def reweigh_all(self):
        """Compute all lengths with the rarities as they are now."""
        for number in self.numbers:
            self.own.reweigh(number)

    def assert_sound(self):
        """What a row holds is found by it, no cap is exceeded, and the bytes are those of all terms."""
        rows = {number: self.terms(number) for number in self.numbers}
        assert self.own.bytes == sum(len(term.encode()) + 8 for terms in rows.values() for term in terms)
        for terms in rows.values():
            assert len(terms) <= self.settings["terms_max"]
            for term in terms:
                assert len(self.holders(term)) <= self.settings["posting_max"]
                assert self.own.rarity(term) == pytest.approx(self.rarity(term))


@pytest.fixture(
    params=[PlainTermMatrix, pytest.param(CompiledTermMatrix, marks=needs_compiled)], ids=["plain", "compiled"]
)
def matrix_of(request):
    """A function that makes a matrix in which each post is a row of its own."""
    return lambda *posts, **settings: Matrix(request.param, *posts, **settings)


def test_a_post_is_nearest_to_what_shares_its_rare_words(matrix_of):
    matrix = matrix_of("vault opens today", "rain today again", "match today again")
    assert matrix.nearest("again vault")[0] == 0


@pytest.mark.parametrize("damping", [1.0, 0.6])
def test_the_similarity_is_the_cosine_of_counts_times_rarity(matrix_of, damping):
    matrix = matrix_of("vault opens today", "rain today again", damping=damping)
    matrix.learn(0, "vault queue", gain=3.0)
    matrix.reweigh_all()
    found, similarity, second = matrix.nearest("vault today unheard")
    assert found == 0
    assert similarity == pytest.approx(matrix.cosine("vault today unheard", 0))
    assert second == pytest.approx(matrix.cosine("vault today unheard", 1))


def test_how_often_a_post_has_a_term_counts(matrix_of):
    matrix = matrix_of("vault", "rain")
    matrix.reweigh_all()
    assert matrix.own.nearest({"vault": 2.0, "rain": 1.0}, 0)[0] == 0
    found, similarity, second = matrix.own.nearest({"vault": 1.0, "rain": 2.0}, 0)
    assert (found, similarity) == (1, pytest.approx(2 / math.sqrt(5)))
    assert second == pytest.approx(1 / math.sqrt(5))


def test_a_post_that_shares_no_term_has_no_nearest(matrix_of):
    assert matrix_of("vault opens").nearest("rain again") == (NO_MICRO_CLUSTER, 0.0, 0.0)
    assert matrix_of().nearest("rain") == (NO_MICRO_CLUSTER, 0.0, 0.0)
    assert matrix_of("vault").nearest("") == (NO_MICRO_CLUSTER, 0.0, 0.0)


def test_where_only_one_shares_a_term_the_second_has_no_similarity(matrix_of):
    assert matrix_of("vault opens", "rain again").nearest("vault")[2] == 0.0


def test_of_equals_the_oldest_is_nearest_and_another_second(matrix_of):
    matrix = matrix_of("vault opens", "vault opens", "vault opens")
    matrix.reweigh_all()
    found, similarity, second = matrix.nearest("vault")
    assert (found, similarity) == (0, second)
    first = matrix.leave(0)
    matrix.own.enter(0, first)  # now the last that is come upon
    assert matrix.nearest("vault") == (found, similarity, second)


def test_of_two_alike_the_larger_is_preferred_by_the_stated_factor(matrix_of):
    matrix = matrix_of("vault opens", "vault opens", preference=0.1)
    matrix.reweigh_all()
    for number, weight in ((0, 3.0), (1, 7.0)):
        matrix.own.mark(number, weight, 0, 0.0)
    found, similarity, second = matrix.nearest("vault")
    assert found == 1
    assert similarity == pytest.approx(matrix.cosine("vault", 1) * (1 + 0.1 * math.log(8)))
    assert second == pytest.approx(matrix.cosine("vault", 0) * (1 + 0.1 * math.log(4)))


def test_damping_keeps_a_frequent_word_from_drowning_the_others(matrix_of):
    similarities = {}
    for damping in (0.5, 1.0):
        matrix = matrix_of("vault opens", damping=damping)
        for _ in range(20):
            matrix.learn(0, "vault")
        similarities[damping] = matrix.nearest("opens")[1]
    assert similarities[0.5] > similarities[1.0]


def test_words_never_seen_count_less_the_less_novelty_does(matrix_of):
    similarities = [
        matrix_of("vault opens", novelty=novelty).nearest("vault unheard unseen")[1] for novelty in (0.0, 0.5, 1.0)
    ]
    assert similarities == sorted(similarities, reverse=True)
    assert len(set(similarities)) == 3


@pytest.mark.parametrize("recency", [0.25, 1.0])
def test_a_silence_lowers_the_similarity_by_the_stated_power(matrix_of, recency):
    matrix = matrix_of(recency=recency)
    matrix.found(0, "vault opens", seen_ms=HOUR_MS, pace=4 / HOUR_MS)  # a post every quarter of an hour
    at_once = matrix.nearest("vault", HOUR_MS)[1]
    for quarters in (1, 3, 8):
        later = matrix.nearest("vault", HOUR_MS + quarters * HOUR_MS // 4)[1]
        assert later == pytest.approx(at_once * (1 + quarters) ** -recency)


def test_of_two_alike_the_one_that_is_not_silent_for_its_pace_is_nearest(matrix_of):
    matrix = matrix_of(recency=0.5)
    matrix.found(0, "vault opens", pace=60 / HOUR_MS)
    matrix.found(1, "vault opens", pace=1 / HOUR_MS)
    matrix.reweigh_all()
    assert matrix.nearest("vault", 0)[0] == 0
    found, similarity, second = matrix.nearest("vault", HOUR_MS)
    assert found == 1
    assert similarity == pytest.approx(matrix.cosine("vault", 1) * 2**-0.5)
    assert second == pytest.approx(matrix.cosine("vault", 0) * 61**-0.5)


@pytest.mark.parametrize(("recency", "pace"), [(0.5, 0.0), (0.0, 4 / HOUR_MS)])
def test_without_a_pace_or_recency_no_silence_counts(matrix_of, recency, pace):
    matrix = matrix_of(recency=recency)
    matrix.found(0, "vault opens", pace=pace)
    assert matrix.nearest("vault", 10**12) == matrix.nearest("vault", 0)


def test_before_its_latest_post_nothing_is_silent(matrix_of):
    matrix = matrix_of(recency=0.5)
    matrix.found(0, "vault opens", seen_ms=HOUR_MS, pace=1.0)
    assert matrix.nearest("vault", 0) == matrix.nearest("vault", HOUR_MS)


def test_scaling_a_whole_row_does_not_change_its_similarity(matrix_of):
    plain, inflated = matrix_of("vault opens"), matrix_of("")
    inflated.learn(0, "vault opens", gain=2.0**60)
    assert plain.nearest("vault")[1] == pytest.approx(inflated.nearest("vault")[1])


def test_lengths_are_computed_anew_after_so_many_posts(matrix_of):
    matrix = matrix_of("vault opens", "rain")
    for number in range(2, 30):
        matrix.found(number, "vault")  # becomes a common word
    for _ in range(REWEIGH_POSTS - 2):
        matrix.learn(0, "opens")
    assert matrix.own.row(0).posts_since_weighing == REWEIGH_POSTS - 1
    assert matrix.nearest("opens")[1] != pytest.approx(matrix.cosine("opens", 0), rel=1e-3)
    matrix.learn(0, "opens")
    assert matrix.own.row(0).posts_since_weighing == 0
    assert matrix.nearest("opens")[1] == pytest.approx(matrix.cosine("opens", 0))


def test_a_term_is_the_rarer_the_fewer_rows_hold_it(matrix_of):
    matrix = matrix_of("vault today", "rain today", "match today")
    assert matrix.own.rarity("today") == pytest.approx(1 + math.log(4 / 3))
    assert matrix.own.rarity("vault") == pytest.approx(1 + math.log(4))
    assert matrix.own.rarity("unheard") == matrix.own.rarity("vault")


def test_a_row_keeps_its_most_frequent_terms_of_equals_the_first(matrix_of):
    matrix = matrix_of("vault opens", terms_max=10)
    matrix.learn(0, "opens vault")
    matrix.learn(0, "these words come once here and are too many")
    assert list(matrix.terms(0)) == ["vault", "opens", "these", "words", "come"]
    matrix.assert_sound()


def test_a_row_that_is_just_full_loses_nothing(matrix_of):
    assert list(matrix_of("a b c d", terms_max=4).terms(0)) == ["a", "b", "c", "d"]


def test_a_term_is_kept_by_those_that_use_it_most_of_equals_by_the_oldest(matrix_of):
    matrix = matrix_of("vault a", "vault b", "vault c", "vault d", posting_max=4)
    matrix.learn(2, "vault")
    matrix.found(4, "vault e")
    assert matrix.holders("vault") == [0, 2]
    matrix.assert_sound()


def test_a_term_that_a_full_row_does_not_keep_is_lost_by_no_other(matrix_of):
    matrix = matrix_of("vault a", "vault b", posting_max=2, terms_max=2)
    matrix.found(2, "x y vault")
    assert list(matrix.terms(2)) == ["x"]
    assert matrix.holders("vault") == [0, 1]
    matrix.assert_sound()


def test_a_row_that_lost_a_term_is_found_by_its_others(matrix_of):
    matrix = matrix_of("vault a", "vault b", posting_max=1)
    assert list(matrix.terms(1)) == ["b"]
    assert matrix.nearest("b") == (1, pytest.approx(1.0), 0.0)


def test_a_row_that_lost_all_its_terms_is_found_by_none(matrix_of):
    matrix = matrix_of("vault", "vault", posting_max=1)
    assert matrix.terms(1) == {}
    assert matrix.nearest("vault")[0] == 0
    assert matrix.own.closest(1) == (NO_MICRO_CLUSTER, 0.0)
    assert matrix.own.heaviest(1, 5) == []


def test_a_row_that_left_leaves_no_trace(matrix_of):
    matrix = matrix_of("vault opens", "vault closes")
    left = matrix.leave(0)
    assert left.terms == {"vault": 1.0, "opens": 1.0}
    assert matrix.nearest("opens")[0] == NO_MICRO_CLUSTER
    assert matrix.nearest("vault")[0] == 1
    matrix.assert_sound()


def test_an_empty_matrix_takes_up_no_bytes(matrix_of):
    matrix = matrix_of("vault opens", "vault, 東京 é")
    assert matrix.own.bytes == len("vaultopensvault,") + 6 + 2 + 5 * 8
    for number in (0, 1):
        matrix.leave(number)
    assert matrix.own.bytes == 0


def test_a_row_comes_back_as_it_left(matrix_of):
    matrix = matrix_of("vault opens today", "rain today", preference=0.1, recency=0.5)
    matrix.own.mark(0, 5.0, HOUR_MS, 2 / HOUR_MS)
    before = matrix.nearest("vault today", 3 * HOUR_MS)
    row = matrix.own.row(0)
    matrix.own.leave(0)
    assert (row.preference, row.seen_ms, row.pace) == (1 + 0.1 * math.log1p(5.0), HOUR_MS, 2 / HOUR_MS)
    matrix.own.enter(0, row)
    assert matrix.own.row(0) == row
    assert matrix.nearest("vault today", 3 * HOUR_MS) == before


def test_a_row_that_is_given_or_returned_shares_nothing_with_the_matrix(matrix_of):
    matrix, given = matrix_of(), Row(terms={"vault": 1.0}, length_squared=1.0)
    matrix.own.enter(0, given)
    matrix.own.row(0).terms.clear()
    matrix.own.learn(0, {"opens": 1.0}, 1.0)
    assert matrix.own.row(0).terms == {"vault": 1.0, "opens": 1.0}
    assert given.terms == {"vault": 1.0}


def test_what_is_taken_away_is_gone_and_the_rest_stays(matrix_of):
    matrix = matrix_of("vault opens queue", "vault rain")
    matrix.learn(0, "vault opens")
    matrix.own.take_away(0, {"vault": 0.5, "queue": 1.0, "opens": 1.5, "unheard": 1.0}, 1e-9)
    assert matrix.terms(0) == {"vault": 1.5, "opens": 0.5}
    matrix.assert_sound()
    assert matrix.nearest("queue")[0] == NO_MICRO_CLUSTER
    assert matrix.nearest("opens vault")[1] == pytest.approx(matrix.cosine("opens vault", 0))


def test_a_term_of_which_hardly_anything_is_left_is_dropped(matrix_of):
    matrix = matrix_of("vault opens")
    matrix.own.take_away(0, {"vault": 0.75, "opens": 0.76}, 0.25)
    assert matrix.terms(0) == {"vault": 0.25}
    matrix.own.take_away(0, {"vault": 9.0}, 0.25)
    assert matrix.terms(0) == {}
    assert matrix.own.bytes == 0


def test_the_closest_is_another_row_by_the_cosine_of_both(matrix_of):
    matrix = matrix_of("vault opens today", "vault opens tomorrow", "rain today", damping=0.7)
    matrix.learn(1, "vault")
    matrix.reweigh_all()
    number, cosine = matrix.own.closest(0)
    one, other = matrix.vector(0), matrix.vector(1)
    dot = sum(weight * other.get(term, 0.0) for term, weight in one.items())
    assert number == 1
    assert cosine == pytest.approx(dot / (math.hypot(*one.values()) * math.hypot(*other.values())))


def test_of_equally_close_rows_the_oldest_is_the_closest(matrix_of):
    matrix = matrix_of("vault opens", "vault a", "vault b", "vault opens c")
    matrix.leave(3)
    matrix.reweigh_all()
    assert matrix.own.closest(0)[0] == 1
    row = matrix.own.row(1)
    matrix.own.leave(1)
    matrix.own.enter(1, row)  # now the last that is come upon
    assert matrix.own.closest(0)[0] == 1


def test_what_is_like_no_other_has_no_closest(matrix_of):
    assert matrix_of("vault opens", "rain again").own.closest(0) == (NO_MICRO_CLUSTER, 0.0)


def test_size_does_not_make_a_row_close(matrix_of):
    matrix = matrix_of("vault opens", "vault a", "vault opens b", preference=1.0)
    matrix.own.mark(1, 1e6, 0, 0.0)
    assert matrix.own.closest(0)[0] == 2


def test_a_row_looks_for_another_by_its_leading_terms_alone(matrix_of):
    words = [f"word{number}" for number in range(MERGE_TERMS_MAX)]
    matrix = matrix_of(" ".join(words), words[-1], "faint")
    matrix.learn(0, "faint", gain=1e-3)
    assert matrix.own.closest(0)[0] == 1
    matrix.leave(1)
    assert matrix.own.closest(0) == (NO_MICRO_CLUSTER, 0.0)


def test_the_heaviest_terms_are_frequent_here_and_rare_elsewhere(matrix_of):
    matrix = matrix_of("today vault", "rain today", "match today", damping=0.5)
    matrix.learn(0, "vault today")
    expected = [("vault", math.sqrt(2) * (1 + math.log(4))), ("today", math.sqrt(2) * (1 + math.log(4 / 3)))]
    assert [term for term, _ in matrix.own.heaviest(0, 5)] == ["vault", "today"]
    assert [weight for _, weight in matrix.own.heaviest(0, 5)] == pytest.approx([weight for _, weight in expected])
    assert matrix.own.heaviest(0, 1) == matrix.own.heaviest(0, 5)[:1]
    assert matrix.own.heaviest(0, 0) == []


def test_of_terms_equally_heavy_the_first_come_first(matrix_of):
    assert [term for term, _ in matrix_of("d a c b").own.heaviest(0, 3)] == ["d", "a", "c"]


def test_rescaling_changes_no_similarity_and_drops_what_faded(matrix_of):
    matrix = matrix_of("vault opens", "rain")
    matrix.learn(0, "vault", gain=2.0**40)
    matrix.learn(1, "rain", gain=2.0**40)
    before = matrix.nearest("vault")
    matrix.own.rescale(2.0**-40, 1e-9)
    assert matrix.nearest("vault") == pytest.approx(before)
    assert matrix.terms(0) == {"vault": 1.0 + 2.0**-40}
    matrix.assert_sound()


def test_rescaling_drops_no_row_though_nothing_of_it_is_left(matrix_of):
    matrix = matrix_of("vault", "rain")
    matrix.learn(1, "rain", gain=2.0**40)
    matrix.own.rescale(2.0**-40, 1e-9)
    assert matrix.terms(0) == {}
    assert matrix.nearest("vault")[0] == NO_MICRO_CLUSTER
    assert matrix.own.rarity("rain") == pytest.approx(1 + math.log(3))


@pytest.mark.parametrize("method", ["leave", "row", "reweigh", "closest"])
def test_a_number_that_no_row_has_is_a_programmer_error(matrix_of, method):
    with pytest.raises(KeyError):
        getattr(matrix_of("vault").own, method)(7)
