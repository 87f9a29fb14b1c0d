"""The group of all commands: `streams/commands/__init__.py`."""

import subprocess
import sys

import click
import pytest

from streams.commands import COMMANDS, cli


def test_help_lists_every_command_with_what_it_does(undercurrent):
    ended = undercurrent("--help")
    assert (ended.status, ended.err) == (0, "")
    flat = " ".join(ended.out.split())
    for name, about in COMMANDS.items():
        assert f"{name} {about}" in flat


def test_help_imports_no_command():
    code = "import sys; from streams.__main__ import main; main(['--help']); print('river' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_imported_and_teaches_by_an_example(undercurrent, name):
    command = cli.get_command(click.Context(cli), name)
    assert command.name == name
    ended = undercurrent(name, "--help")
    assert ended.status == 0
    assert f"  undercurrent {name}" in ended.out


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("repaly", "did you mean `replay`?"),
        ("chekc", "did you mean `check`?"),
        ("xyz", f"there are {', '.join(COMMANDS)}."),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest(undercurrent, name, hint):
    ended = undercurrent(name)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"undercurrent: `{name}` is no command; {hint} See `undercurrent --help`.\n"


def test_the_version_is_shown(undercurrent):
    ended = undercurrent("--version")
    assert ended.status == 0
    assert ended.out.startswith("undercurrent ")
