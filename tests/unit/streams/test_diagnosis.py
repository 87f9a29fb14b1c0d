from typing import Annotated, Literal

import msgspec
import pytest

from streams.diagnosis import annotation_at, describe_settings, expectation, find_problem, nearest


class Point(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A point.

    Attributes:
        label: What it is called,
            over two lines.
        sizes: How large.
    """

    label: Annotated[str, msgspec.Meta(min_length=1)]
    sizes: list[Annotated[int, msgspec.Meta(ge=1)]] = msgspec.field(default_factory=lambda: [1])


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    """An inner table.

    Attributes:
        rate: How fast.
        mode: How it goes.
    """

    rate: Annotated[float, msgspec.Meta(ge=0)] = 0.5
    mode: Literal["slow", "fast"] | None = None

    def __post_init__(self):
        if self.rate == 13:
            raise ValueError("rate is 13; expected any other")


class Root(msgspec.Struct, forbid_unknown_fields=True):
    """All of it.

    Attributes:
        is_on: Whether it runs.
        inner: See there.
        points: Some points.
    """

    is_on: bool = True
    inner: Inner = msgspec.field(default_factory=Inner)
    points: list[Point] = []


AT_THE_TOP = "it belongs at the top of the file, before the first [table]."


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({}, None),
        ({"is_on": False, "inner": {"rate": 2}, "points": [{"label": "a", "sizes": [3]}]}, None),
        ({"is_onn": 1}, "`is_onn` is not a setting; did you mean `is_on`?"),
        ({"inner": {"raet": 1}}, "in [inner]: `raet` is not a setting; did you mean `rate`?"),
        (
            {"points": [{"label": "a"}, {"lable": "b"}]},
            "in [[points]] number 2: `lable` is not a setting; did you mean `label`?",
        ),
        ({"rate": 1}, "`rate` is not a setting at the top of the file; it belongs below [inner]."),
        ({"inner": {"label": "a"}}, "in [inner]: `label` is not a setting there; it belongs below [[points]]."),
        (
            {"points": [{"label": "a", "is_on": True}]},
            f"in [[points]] number 1: `is_on` is not a setting there; {AT_THE_TOP}",
        ),
        ({"points": [{}]}, "in [[points]] number 1: `label` is missing; expected a string of at least 1 character."),
        ({"is_on": "yes"}, '`is_on` is "yes"; expected true or false.'),
        ({"inner": 3}, "`inner` is 3; expected a table."),
        ({"inner": {"rate": -1.5}}, "in [inner]: `rate` is -1.5; expected a number of at least 0."),
        ({"inner": {"rate": float("inf")}}, "in [inner]: `rate` is Infinity; expected a number of at least 0."),
        ({"inner": {"rate": float("nan")}}, "in [inner]: `rate` is NaN; expected a number of at least 0."),
        ({"inner": {"mode": "medium"}}, 'in [inner]: `mode` is "medium"; expected one of "fast", "slow".'),
        ({"inner": {"rate": 13}}, "in [inner]: rate is 13; expected any other."),
        ({"points": {"label": "a"}}, "`points` is a table; expected a list, each a table."),
        (
            {"points": [{"label": "a", "sizes": [1, 0]}]},
            "in [[points]] number 1: item 2 of `sizes` is 0; expected a whole number of at least 1.",
        ),
        ({"points": [7]}, "item 1 of `points` is 7; expected a table."),
    ],
)
def test_the_first_problem_is_one_sentence_that_says_what_came_where_and_what_is_allowed(value, problem):
    assert find_problem(value, Root) == problem


def test_a_long_value_is_shown_in_part():
    problem = find_problem({"is_on": "x" * 500}, Root)
    assert len(problem) < 150


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (Annotated[int, msgspec.Meta(ge=60, le=86_400)], "a whole number from 60 to 86,400"),
        (Annotated[str, msgspec.Meta(max_length=5)], "a string of at most 5 characters"),
        (Annotated[str, msgspec.Meta(min_length=2, max_length=5)], "a string of 2 to 5 characters"),
        (Annotated[list[bool], msgspec.Meta(min_length=2)], "a list of at least 2 items, each true or false"),
    ],
)
def test_what_is_allowed_is_read_from_the_type(annotation, words):
    assert expectation(annotation) == words


def test_a_type_without_words_is_an_error_of_the_program():
    with pytest.raises(TypeError, match="no words"):
        expectation(bytes)


def test_the_nearest_name_ignores_letter_case():
    assert nearest("REDIS_ULR", ["redis_url", "console_host"]) == "redis_url"


def test_a_type_is_found_by_its_place():
    assert annotation_at(Root, ("inner", "mode")) == Literal["slow", "fast"] | None


def test_every_setting_is_described_from_its_docstring_type_and_default():
    described = {setting.name: setting for setting in describe_settings(Root)}
    assert list(described) == ["is_on", "inner.rate", "inner.mode", "points[].label", "points[].sizes"]
    assert described["points[].label"].description == "What it is called, over two lines."
    assert described["points[].label"].default == ""
    assert described["points[].sizes"].default == "[1]"
    assert described["is_on"].default == "true"
    assert described["is_on"].allowed == "true or false"
