"""Alerts on standard output: as text for people, or one JSON object a line for programs."""

import shutil
import sys
from typing import Self

from models.message import AlertMessage, encode_delivered
from streams.commands.outputs import LineOutput
from streams.settings import is_colour_wanted
from streams.terminal import render_alert

_WIDTH_ELSEWHERE = 100
"""Where there is no terminal whose width could be asked for."""


def text_width(*, is_terminal: bool) -> int:
    """Return how wide text on standard output may be.

    Args:
        is_terminal: Whether standard output is one.
    """
    return shutil.get_terminal_size().columns if is_terminal else _WIDTH_ELSEWHERE


class AlertOutput:
    """Shows each alert message on standard output, whole.

    Args:
        output: Standard output.
        as_json: Whether as one JSON object a line, instead of text.
        is_terminal: Whether standard output is one, which decides width and colour.
    """

    def __init__(self, output: LineOutput, *, as_json: bool, is_terminal: bool) -> None:
        self._output = output
        self._as_json = as_json
        self._is_terminal = is_terminal
        self._colour = is_colour_wanted(is_terminal=is_terminal)

    @classmethod
    def to_standard_output(cls, *, as_json: bool) -> Self:
        """Return one for standard output as it is."""
        return cls(LineOutput(), as_json=as_json, is_terminal=sys.stdout.isatty())

    def show(self, message: AlertMessage) -> None:
        """Print a message."""
        if self._as_json:
            self._output.write_line(encode_delivered(message))
            return
        text = render_alert(message, text_width(is_terminal=self._is_terminal), colour=self._colour)
        self._output.write(f"{text}\n".encode())
