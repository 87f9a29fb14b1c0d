"""Rows of text in columns, for terminals and pipes alike."""

from collections.abc import Collection, Iterator, Sequence

from rich.cells import cell_len

_GAP = "  "


def columns(rows: Sequence[Sequence[str]], numbers: Collection[int] = ()) -> Iterator[str]:
    """Yield a line for each row, as wide as its cells need.

    Args:
        rows: Cells; all rows have as many.
        numbers: Which columns hold numbers, and are set to the right.

    >>> list(columns([("topic", "messages"), ("posts", "7")], numbers={1}))
    ['topic  messages', 'posts         7']
    """
    widths = [max(map(cell_len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - cell_len(cell))
            cells.append(space + cell if column in numbers else cell + space)
        yield _GAP.join(cells).rstrip()
