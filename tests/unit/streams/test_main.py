"""The entry point: `streams/__main__.py`."""

import os
import subprocess
import sys

import click
import pytest

from streams import __main__ as module
from streams.__main__ import main
from streams.commands.interrupts import Interrupted
from streams.errors import OutsideError, Status
from tests.support.posts import make_lines


@pytest.fixture
def ending(monkeypatch):
    """A function that runs `main` with a command that ends as told."""

    def run(how):
        @click.command()
        def command():
            """A command."""
            if isinstance(how, BaseException):
                raise how
            return how

        monkeypatch.setattr(module, "cli", command)
        return main([])

    return run


@pytest.mark.parametrize(
    ("how", "status", "sentence"),
    [
        (None, 0, ""),
        (Status.INCOMPLETE, 1, ""),
        (OutsideError("posts.jsonl is no file."), 2, "undercurrent: posts.jsonl is no file.\n"),
        (OutsideError("it broke off.", Status.INCOMPLETE), 1, "undercurrent: it broke off.\n"),
        (KeyboardInterrupt(), 130, "undercurrent: stopped by Ctrl-C.\n"),
        (Interrupted(Status.TERMINATED), 143, "undercurrent: stopped at once, by a second signal.\n"),
        (click.Abort(), 130, "undercurrent: stopped by Ctrl-C.\n"),
        (click.UsageError("No such thing."), 2, "undercurrent: no such thing. See `undercurrent --help`.\n"),
    ],
)
def test_every_ending_has_its_status_and_at_most_one_sentence(ending, capsys, how, status, sentence):
    assert ending(how) == status
    assert capsys.readouterr().err == sentence


def test_an_error_of_the_program_is_not_hidden(ending):
    with pytest.raises(ZeroDivisionError):
        ending(ZeroDivisionError())


def test_a_mistyped_option_is_answered_with_the_nearest(capsys):
    assert main(["init", "--forse"]) == 2
    wanted = "undercurrent: no such option: --forse; did you mean --force? See `undercurrent init --help`.\n"
    assert capsys.readouterr().err == wanted


def test_a_reader_who_goes_away_ends_it_quietly(tmp_path):
    (tmp_path / "texts").write_bytes(make_lines(3_000))
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "streams", "cluster", str(tmp_path / "texts")]
    result = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (result.returncode, result.stderr) == (141, "")
