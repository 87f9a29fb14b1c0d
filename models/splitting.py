"""Whether a micro-cluster fell apart: its latest posts put into the two groups that differ most.

This is 2-means by cosine (spherical k-means, Dhillon and Modha, "Concept Decompositions for Large Sparse Text Data
Using Clustering", Machine Learning 42, 2001), begun at two posts far apart, so that nothing depends on chance.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

ROUNDS_MAX: Final = 5
"""Rounds of 2-means; few posts settle in two or three."""

Vector = Mapping[str, float]


class Groups(NamedTuple):
    """Two groups of posts and how alike they are.

    Attributes:
        cosine: Of the sums of both.
        smaller: Places of the posts of the smaller group; of two alike that with the latest post.
    """

    cosine: float
    smaller: list[int]


def two_groups(vectors: Sequence[Vector]) -> Groups | None:
    """Return the two groups into which posts part best, or None if they do not part.

    Args:
        vectors: The posts' terms, oldest post first, each term with its weight; none is empty.

    Example:
        >>> posts = [{"rain": 1.0}, {"rain": 1.0, "again": 0.5}, {"vault": 1.0}, {"rain": 2.0}, {"vault": 1.0}]
        >>> two_groups(posts)
        Groups(cosine=0.0, smaller=[2, 4])
    """
    units = [_unit(vector) for vector in vectors]
    whole = _sum(units)
    first = min(range(len(units)), key=lambda place: _dot(units[place], whole))
    second = min(range(len(units)), key=lambda place: _dot(units[place], units[first]))
    centres = [units[first], units[second]]
    sides: list[bool] = []
    for _ in range(ROUNDS_MAX):
        before, sides = sides, [_dot(unit, centres[1]) > _dot(unit, centres[0]) for unit in units]
        if sides == before:
            break
        groups = [[unit for unit, side in zip(units, sides, strict=True) if side == which] for which in (False, True)]
        if not all(groups):
            return None
        centres = [_unit(_sum(group)) for group in groups]
    right = [place for place, side in enumerate(sides) if side]
    left = [place for place, side in enumerate(sides) if not side]
    is_right = len(right) < len(left) or (len(right) == len(left) and sides[-1])
    return Groups(_dot(*centres), right if is_right else left)


def most_typical(vectors: Sequence[Vector], count: int) -> list[int]:
    """Return the places of the posts most like the sum of all, best first, of equals the latest first.

    >>> most_typical([{"rain": 1.0}, {"rain": 1.0, "again": 1.0}, {"vault": 1.0}], 1)
    [1]
    """
    units = [_unit(vector) for vector in vectors]
    whole = _sum(units)
    ranked = sorted(range(len(units)), key=lambda place: (-_dot(units[place], whole), -place))
    return ranked[:count]


def _sum(vectors: Sequence[Vector]) -> Vector:
    total: dict[str, float] = {}
    for vector in vectors:
        for term, weight in vector.items():
            total[term] = total.get(term, 0.0) + weight
    return total


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(_dot(vector, vector))
    return {term: weight / length for term, weight in vector.items()}


def _dot(one: Vector, other: Vector) -> float:
    # Not `sum`, which rounds otherwise from Python 3.12 on.
    total = 0.0
    for term, weight in one.items():
        if term in other:
            total += weight * other[term]
    return total
