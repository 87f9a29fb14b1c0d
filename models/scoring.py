"""The inputs of an alert's score and bar, as its messages hold them: part of their contract."""

import msgspec


class Maxima(msgspec.Struct, frozen=True):
    """The largest of a community's own hourly maxima, of terms in no story, and how their tail falls.

    Attributes:
        per_week: How many of them there are in a week.
        least: The least of them.
        mean_excess: How far they are above it on average, with ten more of what chatter has by itself.
    """

    per_week: float
    least: float
    mean_excess: float


class BarInputs(msgspec.Struct, frozen=True):
    """What the bar of an hour was computed from, beside the budget; see `budget.find_bar`.

    Attributes:
        tests_per_week: Terms tested a week.
        learning_raise: By how much the bar is higher while the community is new.
        maxima: The tail of its hourly maxima; None where there are too few.
    """

    tests_per_week: float
    learning_raise: float
    maxima: Maxima | None


class Scoring(msgspec.Struct, frozen=True):
    """The inputs from which `significance` and `bar` can be computed again to the last digit.

    Attributes:
        term: The term that scored highest; `…` if all posts with it were taken back.
        voices: Distinct authors or texts, the lesser, plus the unseen originals of reposts.
        authors: Distinct authors.
        texts: Distinct texts.
        reposted_texts: Distinct texts among reposts.
        share: The term's expected share of the community's posts.
        volume: Posts of the community in the window, of those with the term its voices only; floored at a share of its
            mean.
        size: Size parameter of the negative binomial; small means over-dispersed.
        bar_inputs: Of the bar; None in messages of versions that did not tell.
        open_stories: Stories of the community that were open before it; each raised what it took to open.
    """

    term: str
    voices: int
    authors: int
    texts: int
    reposted_texts: int
    share: float
    volume: float
    size: float
    bar_inputs: BarInputs | None = None
    open_stories: int = 0
