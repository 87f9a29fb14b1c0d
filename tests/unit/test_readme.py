"""The README says what there is: each setting, variable, metric, key, command and module, and none that is gone."""

import re
from pathlib import Path

import pytest

from models.post import Post
from streams import topics
from streams.commands import cli
from streams.diagnosis import describe_settings
from streams.metrics import METRICS
from streams.settings import ENVIRONMENT, Settings
from tests.support.source import ROOT

README = (ROOT / "README.md").read_text()
ROWS = [line for line in README.splitlines() if line.startswith("|")]


def first_cells(pattern):
    """Return the first cells of table rows that match, without back quotes."""
    cells = (row.split("|")[1].strip() for row in ROWS)
    return {match[1] for cell in cells if (match := re.fullmatch(pattern, cell))}


def test_every_setting_is_described_with_its_default():
    for setting in describe_settings(Settings):
        row = next((row for row in ROWS if row.startswith(f"| `{setting.name}` |")), "")
        assert setting.description in row, f"{setting.name} is not described as it is"
        assert not setting.default or f"`{setting.default}`" in row, f"{setting.name} has another default"


def test_no_setting_is_described_that_there_is_not():
    described = first_cells(r"`((?:communities\[\]|detection|time|console|kafka|redis|stack|workers)\.\w+)`")
    assert described <= {setting.name for setting in describe_settings(Settings)}


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_every_environment_variable_is_named(name):
    assert f"`{name}`" in README


def test_the_metrics_are_those_that_are_exported():
    assert first_cells(r"`(undercurrent_\w+)`") == {metric.name for metric in METRICS}
    for metric in METRICS:
        assert any(metric.name in row and metric.about in row for row in ROWS), metric.name


def test_the_commands_are_those_that_there_are():
    named = first_cells(r"`undercurrent ([\w-]+)[^`]*`")
    assert named == set(cli.list_commands(cli.make_context("undercurrent", [], resilient_parsing=True)))


def test_the_redis_keys_are_those_that_are_used():
    keys = {
        value.removeprefix(topics.REDIS_PREFIX)
        for value in vars(topics).values()
        if isinstance(value, str) and value.startswith(topics.REDIS_PREFIX) and value != topics.REDIS_PREFIX
    }
    patterns = {
        "alert:<id>",
        "narrative:<id>",
        "top:<community>",
        "top-day:<community>",
        "position:<topic>/<partition>",
    }
    section = README.split("## In Redis")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
    assert named == keys | patterns


def test_the_topics_are_those_that_are_made():
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in ROWS if row.startswith("| `undercurrent.")]
    assert [row[0] for row in rows] == [f"`{topic.name}`" for topic in topics.TOPICS]
    for (_, key, partitions, cleanup, kept, about), topic in zip(rows, topics.TOPICS, strict=True):
        assert (key, cleanup, about) == (topic.key, topic.cleanup, topic.about)
        assert partitions == f"{topic.partitions}{', for life' if topic.fixed else ''}"
        expected = "for ever" if topic.retention_ms < 0 else f"{topic.retention_ms // 86_400_000} d"
        assert kept == ("latest" if topic.cleanup == "compact" else expected)


def test_every_field_of_a_post_is_described():
    section = README.split("## Posts")[1].split("\n## ")[0]
    for field in Post.__struct_fields__:
        assert f"`{field}`" in section, field


def test_the_alert_shown_is_one_that_this_program_writes():
    shown = README.split("```")[1]
    for label in ("Usual", "Observed", "About", "Posts", "Carried by", "How sure", "Budget", "Alert"):
        assert f"  {label}" in shown


def test_every_module_stands_on_the_map():
    code_map = README.split("## Map of the code")[1] + (ROOT / "models/README.md").read_text()
    code_map += (ROOT / "streams/README.md").read_text()
    for folder in ("models", "streams"):
        for path in sorted((ROOT / folder).glob("*.py*")):
            if not path.name.startswith("__"):
                assert re.search(rf"\b{path.stem}\b", code_map), f"{folder}/{path.name} is not on the map"


@pytest.mark.parametrize("name", re.findall(r"`((?:models|streams|tests|deploy)/[\w/.-]+)`", README))
def test_every_path_that_is_named_exists(name):
    assert Path(ROOT, name).exists(), name
