import pytest

from models.budget import BAR_MIN, BudgetState
from models.feedback import (
    COUNTED,
    HELD_MAX,
    LOWER_MAX,
    RAISE_MAX,
    STEP,
    FeedbackState,
    Judgement,
    standing_of,
)
from models.message import FeedbackNote


def judged(*verdicts):
    feedback = FeedbackState()
    for number, verdict in enumerate(verdicts):
        feedback.judge(Judgement(number, f"a{number}", verdict))
    return feedback


def test_as_long_as_nobody_has_said_anything_nothing_is_moved_or_told():
    feedback = FeedbackState()
    assert (feedback.bar_over(1.0), feedback.note(5.0)) == (1.0, None)


def test_each_dismissal_raises_the_bar_and_each_useful_alert_lowers_it_again():
    assert judged("noise", "duplicate").bar_over(5.0) == pytest.approx(5.0 + 2 * STEP)
    assert judged("noise", "duplicate", "useful").bar_over(5.0) == 5.0
    assert judged("noise", "noise", "useful", "duplicate", "noise").bar_over(3.0) == pytest.approx(3.4)


def test_the_bar_moves_within_limits():
    assert judged(*["noise"] * 15).bar_over(5.0) == 5.0 + RAISE_MAX
    assert judged(*["useful"] * 15).bar_over(5.0) == 5.0 - LOWER_MAX
    assert judged(*["useful"] * 15).bar_over(BAR_MIN) == BAR_MIN


def test_of_an_alert_that_was_judged_twice_the_latest_word_counts():
    feedback = judged("noise")
    feedback.judge(Judgement(7, "a0", "useful"))
    assert (feedback.judged, feedback.dismissed) == (1, 0)
    feedback.undo(7)
    assert (feedback.judged, feedback.dismissed) == (1, 1)


def test_only_the_latest_alerts_count():
    feedback = judged(*["noise"] * 5, *["useful"] * COUNTED)
    assert (feedback.judged, feedback.dismissed) == (COUNTED, 0)


def test_what_is_undone_leaves_the_very_bar_that_was_before():
    feedback = judged(*["noise"] * COUNTED)
    before = feedback.bar_over(5.1)
    feedback.judge(Judgement(100, "b", "useful"))
    assert feedback.dismissed == COUNTED - 1
    feedback.undo(100)
    assert feedback.bar_over(5.1) == before
    assert feedback.dismissed == COUNTED


def test_what_is_too_old_cannot_be_undone():
    feedback = judged(*["noise"] * (HELD_MAX + 1))
    assert len(feedback.judgements) == HELD_MAX
    assert not feedback.has(0)
    assert feedback.has(1)


def test_each_change_has_a_version_and_stands_in_messages():
    feedback = judged("noise", "useful", "noise")
    assert feedback.note(4.25) == FeedbackNote(judged=3, dismissed=2, bar_before=4.25, version=3)
    feedback.undo(1)
    assert feedback.note(4.25) == FeedbackNote(judged=2, dismissed=2, bar_before=4.25, version=4)


def test_how_a_bar_stands_is_told_without_fixing_it():
    bars = BudgetState(0, maxima=[0.0] * 24, tests=[100] * 24)
    standing = standing_of(bars, judged("noise", "noise", "useful", "noise"), 3.0)
    assert bars.bar is None
    assert standing.bar == pytest.approx(bars.find(3.0).value + STEP)
    assert standing.raised == pytest.approx(STEP)
    assert (standing.judged, standing.dismissed, standing.asked_per_week) == (4, 3, 3.0)
    assert standing.expected_per_week == pytest.approx(3.0 * 10**-STEP)
