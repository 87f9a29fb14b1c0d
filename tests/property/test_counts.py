"""What holds for scores of counts whatever the counts and times are."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from models.counts import CountSeries
from streams.commands.score_counts import Scoring
from streams.sources import Line

gaps_ms = st.sampled_from(
    [0, 1, 9_999, 10_000, 60_000, 300_000, 300_000, 300_000, 301_000, 3_600_000, 10**8, 10**11, -300_000]
)
counts = st.floats(0, 1e15) | st.integers(0, 50)
rows = st.lists(st.tuples(gaps_ms, counts), max_size=120)
names = st.sampled_from(["tea", "coffee", "“x”"])


def timed(some_rows, at_ms=10**12):
    found = []
    for gap_ms, count in some_rows:
        at_ms += gap_ms
        found.append((at_ms, count))
    return found


def scores_of(some_rows):
    series = CountSeries()
    return [series.score(at_ms, count) for at_ms, count in timed(some_rows)]


@given(rows)
def test_a_score_is_between_0_and_1_and_the_same_again(some_rows):
    scores = scores_of(some_rows)
    assert all(0 <= score <= 1 for score in scores)
    assert scores_of(some_rows) == scores


@given(rows, rows)
def test_a_score_is_that_of_its_row_and_earlier_ones(before, after):
    assert scores_of(before + after)[: len(before)] == scores_of(before)


@given(st.lists(st.tuples(gaps_ms, counts), min_size=1, max_size=60), st.floats(0, 1e6))
def test_a_larger_last_count_is_never_scored_lower(some_rows, more):
    gap_ms, count = some_rows[-1]
    assert scores_of([*some_rows[:-1], (gap_ms, count + more)])[-1] >= scores_of(some_rows)[-1]


@settings(deadline=None)
@given(st.lists(st.tuples(names, gaps_ms, counts), max_size=60))
def test_communities_do_not_touch_each_other_and_the_order_stays(some_rows):
    given_rows = [
        {"community": name, "created_at": at_ms, "count": count}
        for (name, _, _), (at_ms, count) in zip(some_rows, timed([row[1:] for row in some_rows]), strict=True)
    ]

    def scored(which):
        run = Scoring()
        taken = [
            run.take(Line(number, json.dumps(row).encode(), is_too_long=False)) for number, row in enumerate(which, 1)
        ]
        return [json.loads(line) for line in taken]

    together = scored(given_rows)
    assert [(row["community"], row["created_at"]) for row in together] == [
        (row["community"], row["created_at"]) for row in given_rows
    ]
    for name in ("tea", "coffee", "“x”"):
        alone = scored([row for row in given_rows if row["community"] == name])
        assert alone == [row for row in together if row["community"] == name]
