"""The commands of `undercurrent`. Each is imported when it is called, so that help comes at once."""

import difflib
import importlib
from importlib import metadata
from typing import Final

import click

from streams.settings import DEFAULT_FILE

COMMANDS: Final = {
    "run": "Everything in one process: posts in, alerts out, web page.",
    "replay": "Play an archive of posts at full speed.",
    "dry-run": "How often each budget would have fired on an archive.",
    "explain": "How the score of an alert came about, computed again.",
    "worker": "One stage on Kafka: intake, track or sink.",
    "watch": "Show alerts in the terminal as they come.",
    "init": "Write a settings file.",
    "check": "Check the settings, and how posts fall into communities.",
    "topics": "Make the topics in Kafka, and say how they are.",
    "ingest": "Send posts from files to Kafka.",
    "backfill": "Send posts of the past to Kafka, to learn from without alerts.",
    "dead-letters": "Show what could not be a post, and send it again.",
    "control": "Tell the running workers something.",
    "simulate": "Write posts of made-up communities.",
    "cluster": "Group texts into narratives.",
    "score-counts": "Score plain counts: how unusual each is.",
    "schemas": "Write the JSON Schemas of posts and messages.",
}
"""Each command with its short help, which stands here because it is shown without importing the command."""


class LazyGroup(click.Group):
    """Commands by name, each the function of its own name in the module of its own name; `-` is `_` there."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the names in the order in which help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now.

        Raises:
            UsageError: If there is none of this name, with the nearest that there is.
        """
        if cmd_name not in COMMANDS:
            near = difflib.get_close_matches(cmd_name, COMMANDS, n=1, cutoff=0.5)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(COMMANDS)}."
            raise click.UsageError(f"`{cmd_name}` is no command; {hint}", ctx)
        name = cmd_name.replace("-", "_")
        command = getattr(importlib.import_module(f"streams.commands.{name}"), name)
        assert isinstance(command, click.Command), f"{cmd_name} is no command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version() -> str:
    try:
        return metadata.version("undercurrent")
    except metadata.PackageNotFoundError:
        return "from a source tree that is not installed"


def _print_version(context: click.Context, _parameter: click.Parameter, is_wanted: bool) -> None:  # noqa: FBT001
    if is_wanted and not context.resilient_parsing:
        click.echo(f"undercurrent {_version()}")
        context.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--config", metavar="FILE", help=f"Settings file of the command; by default {DEFAULT_FILE}.")
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version.",
)
def cli(config: str | None) -> None:
    """Undercurrent tells you the moment a sub-narrative spikes in a micro-community, and why.

    To see it at work, with made-up posts: undercurrent run

    With an archive of your own: undercurrent replay posts.jsonl.gz
    """
