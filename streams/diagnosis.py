"""What is wrong with a table of settings, in one sentence; and what each setting is.

Works on any tree of msgspec types: tables are structs, and whatever a type allows is read from it, so that
neither the messages nor the reference of all settings can say anything else than what is checked.
"""

import difflib
import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect

from models.docstrings import read_docstring

Annotation = Any
"""A type as it stands behind a field: a class, or a special form such as ``Annotated[int, ...]``."""

_SHOWN_MAX: Final = 60


class SettingDescription(msgspec.Struct, frozen=True):
    """One setting, for the reference.

    Attributes:
        name: With its tables, such as ``time.disorder_s`` or ``communities[].words``.
        allowed: What it may be, in words.
        default: As it is written in TOML; empty where it must be given.
        description: What it does.
    """

    name: str
    allowed: str
    default: str
    description: str


def find_problem(value: object, annotation: Annotation) -> str | None:
    """Return the first thing that is wrong with `value`, as a sentence, or None.

    Args:
        value: What TOML gave.
        annotation: The type that it should be.

    >>> class Window(msgspec.Struct):
    ...     length_s: int = 60
    >>> find_problem({"lenght_s": 5}, Window)
    '`lenght_s` is not a setting; did you mean `length_s`?'
    >>> find_problem({"length_s": "long"}, Window)
    '`length_s` is "long"; expected a whole number.'
    """
    return _Search(annotation).find(value, annotation, _Place())


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the one of `names` that is most like `name`."""
    return max(names, key=lambda known: difflib.SequenceMatcher(None, name.lower(), known.lower()).ratio())


def annotation_at(annotation: Annotation, place: Iterable[str]) -> Annotation:
    """Return the type of the setting at `place`."""
    for key in place:
        annotation = get_type_hints(annotation, include_extras=True)[key]
    return annotation


def expectation(annotation: Annotation) -> str:
    """Return what a setting of this type may be, in words.

    >>> expectation(bool)
    'true or false'
    """
    return _in_words(inspect.type_info(annotation))


def describe_settings(annotation: Annotation, prefix: str = "") -> Iterator[SettingDescription]:
    """Yield every setting of a tree of tables, those of inner tables included, in the order of the code."""
    notes = _attribute_notes(annotation)
    hints = get_type_hints(annotation, include_extras=True)
    for field in msgspec.structs.fields(annotation):
        kind, name = hints[field.name], prefix + field.name
        if _is_table(kind):
            yield from describe_settings(kind, f"{name}.")
        elif _is_table(_item_of(kind)):
            yield from describe_settings(_item_of(kind), f"{name}[].")
        else:
            note = notes.get(field.name, "")
            yield SettingDescription(name, expectation(kind), _default(field), note)


class _Place(NamedTuple):
    """Where a value stands: its key, its number if it is an item of a list, and the table around both."""

    key: str = ""
    number: int = 0
    outer: str = ""

    def label(self) -> str:
        """Return how the value is called: ``in [time]: `disorder_s` ``."""
        item = f"item {self.number} of " if self.number else ""
        return f"{self.outer}{item}`{self.key}`"

    def inside(self) -> str:
        """Return what stands before a key of it, if it is a table: ``in [time]: ``."""
        if not self.key:
            return ""
        header = f"[[{self.key}]] number {self.number}" if self.number else f"[{self.key}]"
        return f"{self.outer}in {header}: "


class _Search:
    """A walk through a tree of settings, inner values first, up to the first problem."""

    def __init__(self, root: Annotation) -> None:
        described = describe_settings(root) if _is_table(root) else ()
        names = [setting.name.rpartition(".") for setting in described]
        self._homes = sorted(((table, name) for table, _, name in names), key=lambda home: "[]" in home[0])

    def find(self, value: object, annotation: Annotation, place: _Place) -> str | None:
        problem = None
        if _is_table(annotation) and isinstance(value, dict):
            problem = self._find_in_table(value, annotation, place)
        elif _item_of(annotation) is not None and isinstance(value, list):
            places = (place._replace(number=number) for number in range(1, len(value) + 1))
            found = map(self.find, value, itertools.repeat(_item_of(annotation)), places)
            problem = next(filter(None, found), None)
        return problem or _find_in_value(value, annotation, place)

    def _find_in_table(self, table: dict[str, object], annotation: Annotation, place: _Place) -> str | None:
        hints = get_type_hints(annotation, include_extras=True)
        for key, value in table.items():
            if key not in hints:
                return f"{place.inside()}`{key}` is not a setting{self._hint(key, hints, place)}"
            problem = self.find(value, hints[key], _Place(key, outer=place.inside()))
            if problem:
                return problem
        for field in msgspec.structs.fields(annotation):
            if field.required and field.name not in table:
                wanted = expectation(hints[field.name])
                return f"{place.inside()}`{field.name}` is missing; expected {wanted}."
        return None

    def _hint(self, key: str, known: Iterable[str], place: _Place) -> str:
        # A key below the wrong [table] header is as common a slip as a mistyped one.
        for table, name in self._homes:
            if key == name and not table:
                return " there; it belongs at the top of the file, before the first [table]."
            if key == name:
                header = f"[[{table.removesuffix('[]')}]]" if table.endswith("[]") else f"[{table}]"
                return f" {'there' if place.key else 'at the top of the file'}; it belongs below {header}."
        return f"; did you mean `{nearest(key, known)}`?"


def _find_in_value(value: object, annotation: Annotation, place: _Place) -> str | None:
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError as error:
        if _is_table(annotation) and isinstance(value, dict):
            # The table's own check speaks of its keys by name; msgspec adds a path that repeats the place.
            return f"{place.inside()}{re.sub(' - at `[^`]*`$', '', str(error))}."
    else:
        if not isinstance(value, float) or math.isfinite(value):
            return None
    return f"{place.label()} is {_shown(value)}; expected {expectation(annotation)}."


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"


def _is_table(annotation: Annotation) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, msgspec.Struct)


def _item_of(annotation: Annotation) -> Annotation:
    if hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    origin: object = get_origin(annotation)
    return get_args(annotation)[0] if origin is list else None


def _in_words(kind: inspect.Type) -> str:
    match kind:
        case inspect.BoolType():
            words = "true or false"
        case inspect.IntType():
            words = "a whole number" + _range(kind.ge, kind.le)
        case inspect.FloatType():
            words = "a number" + _range(kind.ge, kind.le)
        case inspect.StrType():
            words = "a string" + _lengths(kind.min_length, kind.max_length, "character")
        case inspect.LiteralType():
            words = "one of " + ", ".join(f'"{value}"' for value in kind.values)
        case inspect.ListType():
            lengths = _lengths(kind.min_length, kind.max_length, "item")
            words = f"a list{lengths}, each {_in_words(kind.item_type)}"
        case inspect.UnionType():
            # TOML has no null: a setting that may be None is simply left out.
            words = " or ".join(_in_words(part) for part in kind.types if not isinstance(part, inspect.NoneType))
        case inspect.StructType():
            words = "a table"
        case _:
            message = f"{kind} has no words yet; add them where a setting of this type is added"
            raise TypeError(message)
    return words


def _range(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f" from {least:,} to {most:,}"
    return f" of at least {least:,}" if least is not None else ""


def _lengths(least: int | None, most: int | None, unit: str) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return f" of at least {least} {unit}{'s' if least != 1 else ''}"
    return f" of {least} to {most:,} {unit}s" if least else f" of at most {most:,} {unit}s"


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return ""
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _attribute_notes(annotation: Annotation) -> dict[str, str]:
    # The docstrings are the only place where settings are described.
    _, notes = read_docstring(annotation.__doc__ or "")
    is_derived = annotation.__base__ is not msgspec.Struct
    inherited = _attribute_notes(annotation.__base__) if is_derived else {}
    return inherited | notes
