"""The entry point: `undercurrent`, and `python -m streams`."""

import gc
import os
import sys
from typing import Final, TextIO

import click

from streams.commands import cli
from streams.commands.interrupts import Interrupted
from streams.errors import OutsideError, Status, say

COLLECT_EVERY_OBJECTS: Final = 50_000
"""Posts live for an hour of event time and hold no cycles. At Python's usual 700 the collector looks at them again and
again: a tenth of the time of a replay."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return what the process ends with; see `streams.errors.Status`.

    What the outside world does wrong ends in one sentence on stderr; a traceback is an error of the program.

    Args:
        arguments: Without the program's name; those of the process if not given.
    """
    gc.set_threshold(COLLECT_EVERY_OBJECTS, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        _survive_encoding(stream)
    try:
        # Not `cli.main`: click would take a closed pipe for a failure.
        with cli.make_context("undercurrent", sys.argv[1:] if arguments is None else arguments) as context:
            status = cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except OutsideError as error:
        say(error.sentence)
        return error.status
    except click.UsageError as error:
        _explain(error)
        return Status.UNUSABLE
    except (KeyboardInterrupt, click.Abort, Interrupted) as cause:
        return _stopped_by(cause)
    except BrokenPipeError:
        # Python would flush the closed pipe once more at the end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Status.PIPE_CLOSED
    return status if isinstance(status, int) else Status.DONE


def _stopped_by(cause: BaseException) -> Status:
    if isinstance(cause, Interrupted):
        say("stopped at once, by a second signal.")
        return cause.status
    say("stopped by Ctrl-C.")
    return Status.INTERRUPTED


def _survive_encoding(stream: TextIO) -> None:
    # Posts hold characters that not every terminal's encoding has; a question mark is better than no alert.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


def _explain(error: click.UsageError) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return
    path = error.ctx.command_path if error.ctx else "undercurrent"
    message = error.format_message().rstrip(".").replace(" Did you mean", "; did you mean")
    end = "" if message.endswith("?") else "."
    say(f"{message[:1].lower()}{message[1:]}{end} See `{path} --help`.")


if __name__ == "__main__":
    sys.exit(main())
