import click
import pytest

from streams.commands.options import epilogue, settings_file, settings_option
from streams.errors import OutsideError


@click.group()
@click.option("--config")
def group(config):
    """A group."""


@group.command()
@settings_option
def show(settings):
    """A command."""
    return settings_file(), settings.catch_all


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.toml").write_text('catch_all = "mine"')
    return lambda *arguments: group.main(list(arguments), standalone_mode=False)


def test_without_the_option_and_without_a_file_the_defaults_are_used(run):
    assert run("show") == (None, "everyone else")


def test_without_the_option_the_file_of_the_folder_is_used(run, tmp_path):
    (tmp_path / "undercurrent.toml").write_text('catch_all = "here"')
    assert run("show") == ("undercurrent.toml", "here")
    assert run("show", "--config", "my.toml") == ("my.toml", "mine")


def test_the_option_may_stand_before_the_command(run):
    assert run("--config", "my.toml", "show") == ("my.toml", "mine")


def test_a_file_that_was_asked_for_must_exist(run):
    with pytest.raises(OutsideError, match="no such file"):
        run("show", "--config", "no.toml")


def test_examples_keep_their_lines_in_help():
    @click.command(epilog=epilogue("undercurrent a", "undercurrent b", note="A note."))
    def command():
        """A command."""

    text = command.get_help(click.Context(command))
    assert "  Examples:\n    undercurrent a\n    undercurrent b\n\n  A note." in text
