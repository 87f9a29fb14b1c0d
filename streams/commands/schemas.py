"""`undercurrent schemas`: the JSON Schemas of the contracts, written as files, or checked against the types."""

from pathlib import Path
from typing import Final

import click

from models.schema import schema_files
from streams.commands.options import epilogue
from streams.errors import OutsideError, Status, describe_os_error

FOLDER: Final = "deploy/schemas"


@click.command(
    epilog=epilogue(
        "undercurrent schemas --check",
        "undercurrent schemas --out /tmp/schemas",
        note="Ends with 0 when all is done, 1 when --check finds a file out of date, 2 when it could not begin.",
    )
)
@click.option("--out", default=FOLDER, show_default=True, metavar="FOLDER", help="Where the files are.")
@click.option("--check", is_flag=True, help="Write nothing; say which files are not what the types give.")
def schemas(out: str, *, check: bool) -> None:
    """Write the JSON Schemas of posts, frames, alert messages, trend messages and control messages."""
    folder = Path(out)
    if not folder.is_dir():
        raise OutsideError(f"{out} is no folder here; run this in the folder of the repository, or make one for --out.")
    stale = [name for name, text in schema_files().items() if _read(folder / name) != text]
    if check:
        _report(out, stale)
        return
    for name in stale:
        _write(folder / name, schema_files()[name])
    click.echo(f"{out}: {len(stale)} of {len(schema_files())} files changed.", err=True)


def _report(out: str, stale: list[str]) -> None:
    if stale:
        raise OutsideError(
            f"not what the types give: {', '.join(stale)} in {out}; `undercurrent schemas` writes them anew.",
            Status.INCOMPLETE,
        )


def _read(path: Path) -> bytes | None:
    """Return what a file holds, or None if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutsideError(f"{path} cannot be read: {describe_os_error(error)}.") from None


def _write(path: Path, text: bytes) -> None:
    try:
        path.write_bytes(text)
    except OSError as error:
        raise OutsideError(f"{path} cannot be written: {describe_os_error(error)}.") from None
