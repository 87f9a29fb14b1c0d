import csv
import io
import re

import pytest

from models.simulator import TRUTH_COLUMNS, Launch, truth_row
from models.simulator.truth import TRUTH_MAX, Truth, pattern_of


def test_no_file_of_events_holds_a_decoy(busy):
    assert not {decoy.terms for decoy in busy.decoys} & {launch.terms[:1] for launch in busy.launches}
    with pytest.raises(ValueError, match="must not be a decoy"):
        truth_row(busy.decoys[0])


def test_a_row_survives_csv_and_its_pattern_matches_every_term_and_nothing_else(busy):
    out = io.StringIO()
    writer = csv.DictWriter(out, TRUTH_COLUMNS)
    writer.writeheader()
    writer.writerows(map(truth_row, busy.launches))
    assert out.getvalue().splitlines()[0] == "community,onset_epoch_s,pattern,what"
    for row, launch in zip(csv.DictReader(io.StringIO(out.getvalue())), busy.launches, strict=True):
        assert round(float(row["onset_epoch_s"]) * 1000) == launch.onset_ms
        assert row["community"] == launch.community
        assert all(re.search(row["pattern"], term) for term in launch.terms)
        assert not re.search(row["pattern"], "something else")


def launch(onset_ms):
    return Launch("keyboards", onset_ms, pattern_of(["keybora"]), ("keybora",), "Keybora recall", "new", 9)


def test_truth_is_told_by_onset_and_none_of_it_is_at_or_after_the_end():
    truth = Truth(end_ms=400)
    for onset_ms in (300, 100, 200, 400):
        truth.note(launch(onset_ms))
    assert truth.until(250) == (launch(100), launch(200))
    assert truth.until(1_000) == (launch(100), launch(200), launch(300))


def test_the_oldest_truth_goes_first():
    truth = Truth(end_ms=1e9)
    for onset_ms in range(TRUTH_MAX + 2):
        truth.note(launch(onset_ms))
    told = truth.until(1e9)
    assert (len(told), told[0].onset_ms) == (TRUTH_MAX, 2)


def test_a_pattern_takes_its_terms_literally_and_as_whole_words():
    pattern = pattern_of(["a.b", "brick"])
    assert re.search(pattern, "an a.b here")
    assert re.search(pattern, "a brick")
    assert not re.search(pattern, "an axb, bricks")
