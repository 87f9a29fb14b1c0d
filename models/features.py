"""What the clusterer takes from a post: few terms with ordinary weights, whatever it is given."""

from collections.abc import Mapping, Sequence
from itertools import islice
from numbers import Real
from typing import Any, Final

POST_TERMS_MAX: Final = 64
"""Distinct terms of one post that are looked at, so that the cost of a long text is bounded."""

FEATURE_MIN: Final = 1e-3
FEATURE_MAX: Final = 1e3
"""Features of less weight are left out and of more cut, so that squares neither vanish nor overflow."""


def counts_of_terms(terms: Sequence[str]) -> dict[str, float]:
    """Return how often each term is given, in the order of the text; the first `POST_TERMS_MAX` distinct ones.

    >>> counts_of_terms(["vault", "opens", "vault"])
    {'vault': 2.0, 'opens': 1.0}
    """
    counts = dict.fromkeys(terms, 1.0)
    if len(counts) < len(terms):
        counts = dict.fromkeys(terms, 0.0)
        for term in terms:
            counts[term] += 1.0
    return counts if len(counts) <= POST_TERMS_MAX else dict(islice(counts.items(), POST_TERMS_MAX))


def counts_of_features(x: Mapping[Any, Any]) -> dict[str, float]:
    """Return the heaviest positive features, in an order that does not depend on that of the mapping.

    >>> counts_of_features({"rain": 0.5, "vault": 2, "none": float("nan"), 7: "yes"})
    {'vault': 2.0, 'rain': 0.5}
    """
    weights = [
        (str(name), float(min(weight, FEATURE_MAX)))
        for name, weight in x.items()
        if _is_number(weight) and weight >= FEATURE_MIN
    ]
    weights.sort(key=lambda pair: (-pair[1], pair[0]))
    return dict(weights[:POST_TERMS_MAX])


def _is_number(weight: Any) -> bool:  # noqa: ANN401  # River's features are of any type
    return isinstance(weight, Real)
