import msgspec
import pytest
from rich.cells import cell_len

from models.explanation import Difference, explain
from models.scoring import BarInputs, Maxima
from streams.commands.explanation_text import render, render_decision, render_difference, render_outcome
from streams.commands.rerun import Comparison, Instead, Outcome
from tests.support.messages import NOON_MS, make_alert, make_evidence


def with_bar(inputs, **changes):
    """Returns a message whose bar was computed from these inputs."""
    message = make_alert(**changes)
    return msgspec.structs.replace(message, scoring=msgspec.structs.replace(message.scoring, bar_inputs=inputs))


def text_of(message, opening=None):
    return "\n".join(render(message, explain(message), opening and explain(opening)))


def flat(text):
    return " ".join(text.split())


def test_the_steps_stand_in_their_order_in_lines_that_fit():
    text = text_of(with_bar(BarInputs(6_000, 0.0, None)))
    places = [text.index(f"\n{label} ") for label in ("Counted", "Expected", "Score", "Bar")]
    assert places == sorted(places)
    assert max(map(cell_len, text.splitlines())) <= 110


@pytest.mark.parametrize(("width", "most"), [(60, 60), (10, 40), (500, 110)])
def test_sentences_are_as_wide_as_the_terminal(width, most):
    message = make_alert()
    lines = list(render(message, explain(message), None, width))
    assert most - 12 < max(map(cell_len, lines)) <= most


def test_unseen_originals_are_counted_beside_those_seen():
    message = make_alert()
    scoring = msgspec.structs.replace(message.scoring, authors=4, texts=9, reposted_texts=9, voices=8)
    text = flat(text_of(msgspec.structs.replace(message, scoring=scoring)))
    assert "Voices: min(4 authors, 9 texts) = 4 + 4 unseen originals of reposts: 8." in text


def test_that_authors_are_unknown_and_what_is_usual_a_guess_is_said():
    message = make_alert(evidence=make_evidence(authors_known=False, learning=True))
    text = flat(text_of(message))
    assert "14 authors (most are unknown, and each post of such counts as one) brought up" in text
    assert "followed for less than a day" in text


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (BarInputs(6_000, 0.0, None), "log10(5 × 6000 / 3) = 4.000. By its own past: too few hours"),
        (BarInputs(6_000, 1.5, None), "log10(5 × 6000 / 3) + 1.5 for a community of less than a day = 5.500."),
        (
            BarInputs(6_000, 0.0, Maxima(42, 3.0, 0.4)),
            "42 hours a week had a largest score of 3.000 or more, and 0.4 above that on average",
        ),
        (BarInputs(6_000, 0.0, Maxima(3, 5.0, 0.4)), "In force: that by its own past, the higher."),
        (BarInputs(6_000, 0.0, Maxima(3, 50.0, 0.4)), "which may raise it by 2.5 at most."),
        (BarInputs(0, 0.0, None), "In force: the least that any bar is, 2."),
        (None, "does not tell what the bar was computed from: an earlier version wrote it."),
    ],
)
def test_it_says_which_bar_was_in_force_and_why(inputs, words):
    assert words in flat(text_of(with_bar(inputs)))


def test_the_budgets_are_judged_by_the_message_that_opened_the_alert():
    message = with_bar(BarInputs(6_000, 0.0, None), revision=2)
    assert "by the score of a1:1, 5.806:" in text_of(message, with_bar(BarInputs(6_000, 0.0, None)))
    assert "by the score of a1:2, 5.806:" in text_of(message)
    assert "The message that opened it is not at hand" in text_of(message)
    assert "Under each budget" not in text_of(make_alert())


@pytest.mark.parametrize(("tests", "words"), [(6_000, "would have opened"), (6e6, "would not have opened")])
def test_a_decision_is_one_sentence(tests, words):
    own = explain(with_bar(BarInputs(tests, 0.0, None)))
    sentence = render_decision(own, own.decisions[1])
    assert sentence.startswith(f"Under balanced, 3 a week, it {words}: its score is 5.806, and ")


def test_values_of_strangers_are_cut_and_do_nothing_to_a_terminal():
    told = render_difference(Difference("terms", ["\x1b[2J" + "x" * 300], None), "the message", "in the run")
    assert "\x1b" not in told
    assert "…" in told
    assert told.endswith("in the message, None in the run")


def outcome(**changes):
    base = Outcome(budget="fewer", is_other=False, ended_ms=NOON_MS, compared=[], more=0, instead=[])
    return "\n".join(render_outcome(msgspec.structs.replace(base, **changes)))


def test_each_message_that_was_run_again_has_its_verdict():
    compared = [
        Comparison("a1:1", "identical", []),
        Comparison("a1:2", "different", [Difference("severity", 7, 8)]),
        Comparison("a1:3", "missing", []),
    ]
    assert outcome(compared=compared, more=2).splitlines() == [
        "The posts run again under fewer, up to 2026-01-05 12:00 UTC:",
        "  a1:1 identical",
        "  a1:2 comes out otherwise",
        "    severity: 7 in the message, 8 in the run",
        "  a1:3 does not come",
        "  2 messages of it beside these: not at hand here, or later than these",
    ]


def test_what_comes_instead_is_shown_and_so_is_that_nothing_does():
    alert = Instead("b1", NOON_MS, 9.5, 7.25, "“ferry” \x1b[2Jin islanders", 3)
    text = outcome(is_other=True, instead=[alert])
    assert "  b1, 3 messages, opened 2026-01-05 12:00 UTC by 9.5 where the bar was 7.25:\n    “ferry” in isl" in text
    assert "nothing about it would have come" in outcome(is_other=True)
    assert "nothing about it would have come" in outcome(compared=[Comparison("a1:1", "missing", [])])
    assert "nothing" not in outcome(compared=[Comparison("a1:1", "identical", [])])
