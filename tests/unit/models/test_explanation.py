import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.explanation import SETTINGS, differences, explain
from models.lifecycle import FRAGMENT_RAISE
from models.message import decode_alert
from models.scoring import BarInputs, Maxima, Scoring
from models.significance import surprise
from tests.support.chatter import alerts_of, by_time, chatter, follow, launch
from tests.support.messages import make_alert


@pytest.fixture(scope="module")
def messages():
    """All alert messages of a launch, and of a second one that had to be more surprising to open."""
    second = launch("dirigible", from_ms=launch()[-1].created_at + 3_600_000, seed=3)
    return alerts_of(follow([*by_time(chatter(12), launch(authors=40), second)])[1])


@pytest.fixture
def opened(messages):
    """The message that opened the first alert."""
    return messages[0]


def changed(message, **changes):
    return msgspec.structs.replace(message, scoring=msgspec.structs.replace(message.scoring, **changes))


def fields(message):
    return [difference.field for difference in explain(message).differences]


def test_what_a_message_tells_agrees_with_its_own_inputs(messages):
    assert {message.type for message in messages} >= {"opened", "updated", "resolved"}
    assert [fields(message) for message in messages] == [[]] * len(messages)


def test_the_score_is_computed_again_from_what_was_counted(opened):
    own, scoring = explain(opened), opened.scoring
    assert own.significance == opened.significance
    assert own.own_voices + own.unseen_voices == scoring.voices
    assert own.expected == scoring.share * scoring.volume


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"significance": 99.0}, ["significance"]),
        ({"bar": 0.001}, ["bar"]),
        ({"ratio": 0.5}, ["ratio"]),
    ],
)
def test_a_field_that_was_changed_is_named_with_both_values(opened, changes, wrong):
    [difference] = explain(msgspec.structs.replace(opened, **changes)).differences
    assert [difference.field] == wrong
    assert difference.told == next(iter(changes.values()))
    assert difference.found == getattr(opened, wrong[0])


def test_an_input_that_was_changed_shows_in_all_that_follows_from_it(opened):
    assert fields(changed(opened, volume=opened.scoring.volume * 2)) == ["significance", "expected.authors", "ratio"]
    assert "scoring.voices" in fields(changed(opened, texts=1))


@pytest.mark.parametrize(
    ("inputs", "bar", "source"),
    [
        (BarInputs(6_000, 0.0, None), 4.0, "tests"),
        (BarInputs(6_000, 1.5, None), 5.5, "tests"),
        (BarInputs(6_000, 0.0, Maxima(3.0, 3.0, 0.4)), 4.0, "tests"),
        (BarInputs(6_000, 0.0, Maxima(3.0, 5.0, 0.4)), 5.0, "maxima"),
        (BarInputs(6_000, 0.0, Maxima(3.0, 50.0, 0.4)), 6.5, "limit"),
        (BarInputs(0, 0.0, None), 2.0, "least"),
    ],
)
def test_the_bar_says_which_estimate_is_in_force(opened, inputs, bar, source):
    found = explain(changed(opened, bar_inputs=inputs)).bar
    assert (found.value, found.source) == (pytest.approx(bar), source)


def test_each_budget_is_asked_for_its_bar_and_the_stricter_asks_for_more(opened):
    decisions = explain(opened).decisions
    assert tuple(decision.setting for decision in decisions) == SETTINGS
    assert [decision.bar for decision in decisions] == sorted((d.bar for d in decisions), reverse=True)
    assert next(decision.bar for decision in decisions if decision.setting == "balanced") == opened.bar


def test_a_score_between_two_bars_would_open_under_the_looser_budget_alone(opened):
    own = surprise(opened.scoring.voices, opened.scoring.share * opened.scoring.volume, opened.scoring.size)
    # So many tests that Balanced, at 3 a week, asks for a hair more than this score.
    inputs = BarInputs(10 ** (own + 0.01) * 3 / 5, 0.0, None)
    decisions = explain(changed(opened, bar_inputs=inputs)).decisions
    assert [decision.would_open for decision in decisions] == [False, False, True]


def test_each_open_story_raises_what_it_takes_to_open(messages):
    first, second = (message for message in messages if message.type == "opened")
    assert (first.scoring.open_stories, second.scoring.open_stories) == (0, 1)
    assert [d.needed for d in explain(second).decisions] == [
        pytest.approx(d.bar + FRAGMENT_RAISE) for d in explain(second).decisions
    ]


def test_a_message_of_a_version_without_the_inputs_of_the_bar_is_explained_as_far_as_they_go():
    raw = msgspec.json.decode(msgspec.json.encode(make_alert()))
    for name in ("bar_inputs", "open_stories"):
        del raw["scoring"][name]
    own = explain(decode_alert(msgspec.json.encode(raw)))
    assert (own.bar, own.decisions) == (None, [])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"share": 0.0}, r"`scoring.share` is 0; expected a number from 1e-12 to 1"),
        ({"size": -1.0}, r"`scoring.size` is -1; "),
        ({"volume": float("nan")}, r"`scoring.volume` is nan; "),
        ({"authors": 10**9}, r"`scoring.authors` is 1e\+09; "),
        ({"bar_inputs": BarInputs(-1.0, 0.0, None)}, r"`scoring.bar_inputs.tests_per_week` is -1; "),
        ({"bar_inputs": BarInputs(1.0, 0.0, Maxima(1.0, -1.0, 1.0))}, r"`scoring.bar_inputs.maxima.least` is -1; "),
    ],
)
def test_an_input_that_no_score_can_have_is_refused(opened, changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        explain(changed(opened, **changes))


counts = st.integers(0, 10**6)


@given(
    st.builds(
        Scoring,
        st.just("ferry"), counts, counts, counts, counts,
        st.floats(1e-12, 1), st.floats(1e-6, 1e9), st.floats(1e-6, 1e9),
        st.builds(
            BarInputs,
            st.floats(0, 1e9),
            st.floats(0, 1e6),
            st.none() | st.builds(Maxima, st.floats(0, 1e9), st.floats(0, 1e9), st.floats(1e-6, 1e9)),
        ),
        counts,
    )
)  # fmt: skip
def test_whatever_a_message_tells_within_these_ranges_has_an_explanation(scoring):
    explain(msgspec.structs.replace(make_alert(), scoring=scoring))


def test_two_messages_differ_in_the_fields_that_are_named(opened):
    other = msgspec.structs.replace(
        opened, severity=9, observed=msgspec.structs.replace(opened.observed, authors=77), into="a9"
    )
    assert differences(opened, opened) == []
    assert [(d.field, d.told, d.found) for d in differences(opened, other)] == [
        ("into", None, "a9"),
        ("observed.authors", opened.observed.authors, 77),
        ("severity", opened.severity, 9),
    ]
