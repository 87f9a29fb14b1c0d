"""`undercurrent init`: a settings file to begin with."""

import os
import sys
from pathlib import Path

import click

from models.configuration import ALERTS_PER_WEEK, CommunityRule
from models.message import BudgetName
from streams.commands.options import epilogue
from streams.commands.template import parse_community, settings_text
from streams.errors import OutsideError, describe_os_error
from streams.settings import DEFAULT_FILE


@click.command(
    epilog=epilogue(
        "undercurrent init",
        """undercurrent init --budget fewer --community 'coffee=espresso,#latteart,"flat white"'""",
        note="The file is never overwritten without --force.",
    )
)
@click.option(
    "--community",
    "communities",
    multiple=True,
    metavar="NAME=WORDS",
    help='A community and its words, as NAME=word,#hashtag,"a phrase"; may be given several times.',
)
@click.option(
    "--budget",
    type=click.Choice(list(ALERTS_PER_WEEK)),
    help="At most 1, 3 or 10 alerts a week and community when nothing happens; by default balanced.",
)
@click.option(
    "--output",
    "--config",
    default=DEFAULT_FILE,
    show_default=True,
    metavar="FILE",
    help="Where to; `-` is standard output.",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
def init(communities: tuple[str, ...], budget: BudgetName | None, output: str, *, force: bool) -> None:
    """Write a settings file in which every setting is explained.

    Without options, and on a terminal, it asks for the communities.
    """
    if output != "-" and not force and os.path.lexists(output):
        raise OutsideError(f"{output} is there already and was left as it is; --force overwrites it.")
    rules = [parse_community(text) for text in communities]
    if not communities and budget is None and _is_terminal() and output != "-":
        rules, budget = _ask()
    text = settings_text(rules, budget or "balanced")
    if output == "-":
        click.echo(text, nl=False)
        return
    _write(output, text, force=force)
    click.echo(f"{output} is written. Next: `undercurrent check --config {output} posts.jsonl`", err=True)


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _ask() -> tuple[list[CommunityRule], BudgetName]:
    rules: list[CommunityRule] = []
    click.echo("Which communities do you follow? An empty name ends the list.", err=True)
    while name := click.prompt("Name", default="", show_default=False, err=True).strip():
        words = click.prompt("  Words, #hashtags and phrases of it, with commas between", err=True)
        try:
            rules.append(parse_community(f"{name}={words}"))
        except OutsideError as error:
            click.echo(f"  {error.sentence}", err=True)
    budget: BudgetName = click.prompt(
        "How many alerts", default="balanced", type=click.Choice(list(ALERTS_PER_WEEK)), err=True
    )
    return rules, budget


def _write(output: str, text: str, *, force: bool) -> None:
    path = Path(output)
    try:
        raw = text.encode()
        if force:
            # In one step, so that nobody reads half of it and a full disk leaves the old one.
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            beside.write_bytes(raw)
            beside.replace(path)
        else:
            with path.open("xb") as file:
                file.write(raw)
    except OSError as error:
        raise OutsideError(f"{output} cannot be written: {describe_os_error(error)}.") from None
    except UnicodeEncodeError:
        raise OutsideError(f"{output} cannot be written: it is not all Unicode text.") from None
