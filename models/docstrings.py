"""What a class says of itself and of its attributes: settings and messages are described nowhere else."""

import re
import textwrap
from typing import Final

_ATTRIBUTE: Final = re.compile(r"^(\w+(?:, \w+)*): (.+(?:\n {4}.+)*)", re.MULTILINE)


def read_docstring(docstring: str) -> tuple[str, dict[str, str]]:
    """Return what a class is, and what each of its attributes is, out of a Google docstring; each on one line.

    >>> read_docstring('''A post.
    ...
    ...     Attributes:
    ...         id: Unique within
    ...             its ``source``.
    ... ''')
    ('A post.', {'id': 'Unique within its `source`.'})
    """
    first, _, rest = docstring.partition("\n")  # Python 3.13 takes the indentation off, earlier ones do not
    summary, _, section = f"{first}\n{textwrap.dedent(rest)}".partition("\nAttributes:\n")
    section = re.split(r"^(?=\S)", section, maxsplit=1, flags=re.MULTILINE)[0]
    attributes = {
        name: _on_one_line(description)
        for names, description in _ATTRIBUTE.findall(textwrap.dedent(section))
        for name in names.split(", ")
    }
    return _on_one_line(summary), attributes


def _on_one_line(text: str) -> str:
    return " ".join(text.replace("``", "`").split())
