"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from streams.settings import DEFAULT_FILE, Settings, load_settings

_FILE_KEY: Final = f"{__name__}.settings_file"

EXIT_STATUSES: Final = (
    "Ends with 0 when all was done, 1 when an input broke off or held nothing usable, 2 when it could not "
    "begin, 130 after Ctrl-C, 143 after SIGTERM."
)

Command = TypeVar("Command", bound=Callable[..., Any])


def epilogue(*examples: str, note: str = EXIT_STATUSES) -> str:
    """Return what stands at the end of a command's help: examples, one a line, and a note."""
    lines = "\n".join(f"  {example}" for example in examples)
    # Click breaks lines anew, but for paragraphs that begin with this character.
    return f"\b\nExamples:\n{lines}\n\n{note}"


def settings_option(command: Command) -> Command:
    """Give a command the option ``--config FILE``, and the settings as its argument `settings`.

    The option may also stand before the command: ``undercurrent --config FILE replay ...``.
    """
    return click.option(
        "--config",
        "settings",
        metavar="FILE",
        callback=_load,
        help=f"Settings file; by default {DEFAULT_FILE} in this folder, if there is one.",
    )(command)


def backfill_option(command: Command) -> Command:
    """Give a command the option ``--backfill FILE``, and the files as its argument `backfill`."""
    return click.option(
        "--backfill",
        multiple=True,
        metavar="FILE",
        help="Before all else learn from the posts of this file, without a word; may be given several times.",
    )(command)


def settings_file() -> str | None:
    """Return which file the settings of the command that runs came from; None if they are the defaults."""
    found: str | None = click.get_current_context().meta[_FILE_KEY]
    return found


def _load(context: click.Context, _parameter: click.Parameter, path: str | None) -> Settings:
    path = path or context.find_root().params.get("config")
    context.meta[_FILE_KEY] = path or (DEFAULT_FILE if Path(DEFAULT_FILE).exists() else None)
    return load_settings(path)
