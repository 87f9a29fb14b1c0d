from fractions import Fraction

import pytest

from models.features import FEATURE_MAX, FEATURE_MIN, POST_TERMS_MAX, counts_of_features, counts_of_terms


def test_terms_are_counted_in_the_order_of_the_text():
    counts = counts_of_terms(["vault", "opens", "vault", "today"])
    assert list(counts.items()) == [("vault", 2.0), ("opens", 1.0), ("today", 1.0)]


def test_no_terms_have_no_counts():
    assert counts_of_terms([]) == {}
    assert counts_of_features({}) == {}


def test_of_a_very_long_post_the_first_terms_count_wherever_they_are_repeated():
    terms = [f"word{number}" for number in range(1_000)]
    counts = counts_of_terms([*terms, "word0", "word999"])
    assert list(counts) == terms[:POST_TERMS_MAX]
    assert (counts["word0"], counts["word1"]) == (2.0, 1.0)


def test_features_come_heaviest_first_and_equals_by_name_whatever_their_order():
    x = {"b": 1, "vault": 3.5, "a": 1, "c": 2}
    expected = [("vault", 3.5), ("c", 2.0), ("a", 1.0), ("b", 1.0)]
    assert list(counts_of_features(x).items()) == expected
    assert list(counts_of_features(dict(reversed(x.items()))).items()) == expected


def test_of_very_many_features_the_heaviest_count():
    counts = counts_of_features({f"word{number}": number + 1 for number in range(1_000)})
    assert list(counts.values()) == [1_000.0 - place for place in range(POST_TERMS_MAX)]


@pytest.mark.parametrize("weight", [0, -1, FEATURE_MIN / 2, float("nan"), -float("inf"), None, "1", 1j, [1]])
def test_what_is_no_positive_number_is_left_out(weight):
    assert counts_of_features({"vault": 1, "strange": weight}) == {"vault": 1.0}


@pytest.mark.parametrize(
    ("weight", "count"),
    [
        (FEATURE_MIN, FEATURE_MIN),
        (Fraction(1, 4), 0.25),
        (True, 1.0),
        (10**400, FEATURE_MAX),
        (float("inf"), FEATURE_MAX),
    ],
)
def test_any_positive_number_is_a_weight_and_a_great_one_is_cut(weight, count):
    counts = counts_of_features({"vault": weight})
    assert counts == {"vault": count}
    assert type(counts["vault"]) is float


def test_names_that_are_no_strings_are_made_some():
    assert counts_of_features({7: 1, None: 2, ("a", 1): 3}) == {"('a', 1)": 3.0, "None": 2.0, "7": 1.0}
