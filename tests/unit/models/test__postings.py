import random

import pytest

postings = pytest.importorskip("models._postings", reason="not compiled here", exc_type=ModuleNotFoundError)


def test_a_dot_product_is_that_of_plain_python_to_the_last_bit():
    chance = random.Random(7)
    left, right = ([chance.gauss(0.0, 1.0) for _ in range(1_000)] for _ in range(2))
    expected = 0.0
    for one, other in zip(left, right, strict=True):
        expected += one * other
    assert postings.dot(left, right) == expected


def test_a_product_is_rounded_before_it_is_added():
    # Fused, the multiplication and the addition leave what rounding takes away.
    assert postings.dot([1.0, 0.1], [-(0.1 * 0.1), 0.1]) == 0.0


def test_lists_of_different_length_are_refused():
    with pytest.raises(AssertionError, match="different length"):
        postings.dot([1.0], [])
