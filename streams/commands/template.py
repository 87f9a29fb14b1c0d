"""A settings file that explains itself: each setting with what it does, a default as a comment."""

import csv
import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from models.configuration import CommunityRule, DetectionSettings
from models.message import BudgetName
from streams.diagnosis import SettingDescription, describe_settings
from streams.errors import OutsideError
from streams.settings import Settings, parse_settings

_WIDTH: Final = 96

_HEAD: Final = """\
# Settings of Undercurrent. What is commented out has the value that it shows.
# `undercurrent check` says whether this file can be used, `undercurrent check posts.jsonl` also
# how the posts of a file fall into its communities.
"""

_EXAMPLE: Final = """\
# [[communities]]
# name = "coffee lovers"
# words = ["espresso", "barista"]
# phrases = ["flat white"]
# hashtags = ["#latteart"]
"""


def parse_community(text: str) -> CommunityRule:
    """Return the rule written as ``NAME=word,word,#hashtag,"a phrase"``.

    >>> rule = parse_community('coffee=espresso,#latteart,flat white')
    >>> rule.words, rule.hashtags, rule.phrases
    (['espresso'], ['#latteart'], ['flat white'])

    Raises:
        OutsideError: If it cannot be read so.
    """
    name, _, listed = text.partition("=")
    # A space behind a comma would make the quote after it part of the phrase.
    rows = csv.reader([" ".join(listed.split())], skipinitialspace=True)
    items = [item.strip() for row in rows for item in row if item.strip()]
    if not name.strip() or not items:
        example = "coffee=espresso,#latteart,flat white"
        raise OutsideError(f"{text!r} is no community; expected NAME=word,#hashtag,a phrase such as {example!r}.")
    return CommunityRule(
        name=name.strip(),
        words=[item for item in items if item[0] != "#" and " " not in item],
        phrases=[item for item in items if item[0] != "#" and " " in item],
        hashtags=[item for item in items if item[0] == "#"],
    )


def settings_text(communities: list[CommunityRule], budget: BudgetName) -> str:
    """Return a settings file with these communities and this budget, and all other settings explained.

    Raises:
        OutsideError: If they cannot be used together, as with two communities of one name.
    """
    by_table: dict[str, list[SettingDescription]] = {}
    for setting in describe_settings(Settings):
        by_table.setdefault(setting.name.rpartition(".")[0], []).append(setting)
    changed = {"detection.budget": budget} if budget != DetectionSettings().budget else {}
    parts = [_HEAD]
    for table, settings in by_table.items():
        if table.endswith("[]"):
            continue
        header = f"[{table}]\n\n" if table else ""
        parts.append(header + "\n".join(_setting(setting, changed) for setting in settings))
    parts.append(_communities(by_table["communities[]"], communities))
    text = "\n".join(parts)
    parse_settings(text, "the new settings")
    return text


def _setting(setting: SettingDescription, changed: Mapping[str, str]) -> str:
    key = setting.name.rpartition(".")[2]
    comment = _comment(f"{setting.description} Allowed: {setting.allowed}.")
    if setting.name in changed:
        return f"{comment}{key} = {_toml(changed[setting.name])}\n"
    return f"{comment}# {key} = {setting.default}\n"


def _communities(settings: list[SettingDescription], communities: list[CommunityRule]) -> str:
    keys = "".join(
        _comment(f"- {setting.name.rpartition('.')[2]}: {setting.description}", "  ") for setting in settings
    )
    about = _comment("Micro-communities: each with what tells its posts. Posts may also name theirs themselves.")
    rules = "\n".join(_rule(rule) for rule in communities)
    return f"{about}{keys}\n{rules or _EXAMPLE}"


def _rule(rule: CommunityRule) -> str:
    def lines() -> Iterator[str]:
        yield "[[communities]]\n"
        for key, value in msgspec.structs.asdict(rule).items():
            if value:
                yield f"{key} = {_toml(value)}\n"

    return "".join(lines())


def _comment(text: str, indent: str = "") -> str:
    lines = textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent=f"# {indent}", break_on_hyphens=False)
    return "".join(f"{line}\n" for line in lines)


def _toml(value: object) -> str:
    # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
