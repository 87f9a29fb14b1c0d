"""A line chart as SVG: panels one below the other over one axis, for what a benchmark commits."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, PANEL_HEIGHT, GAP = 860, 150, 46
LEFT, RIGHT, TOP, BOTTOM = 80, 20, 56, 46
INK, PAPER, FRAME, LINE = "#24292f", "#ffffff", "#d0d7de", "#0969da"


class Panel(NamedTuple):
    """One line: what it shows, and its values, at least 0, one for each place on the axis."""

    label: str
    values: Sequence[float]


def line_chart(title: str, axis: str, places: Sequence[float], panels: Sequence[Panel]) -> str:
    """Return the chart; each panel begins at 0, so that a line that looks flat is flat.

    Args:
        title: Stands on top.
        axis: What the places are.
        places: Where on the axis the values stand, rising from 0 or later.
        panels: From top to bottom.
    """
    height = TOP + len(panels) * (PANEL_HEIGHT + GAP) - GAP + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
        f'<g font-family="sans-serif" font-size="13" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        f'<text x="{LEFT}" y="22" font-size="16" font-weight="bold">{escape(title)}</text>',
    ]
    for number, panel in enumerate(panels):
        parts += _drawn(panel, places, TOP + number * (PANEL_HEIGHT + GAP))
    foot = height - BOTTOM
    parts += [
        _text(f"{share * places[-1]:,.4g}", _across(share), foot + 18, "middle") for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    parts.append(_text(escape(axis), _across(0.5), foot + 36, "middle"))
    return "\n".join([*parts, "</g></svg>", ""])


def _drawn(panel: Panel, places: Sequence[float], top: float) -> list[str]:
    most = max(panel.values) * 1.1 or 1.0
    bottom = top + PANEL_HEIGHT
    points = " ".join(
        f"{_across(place / places[-1]):.1f},{bottom - value / most * PANEL_HEIGHT:.1f}"
        for place, value in zip(places, panel.values, strict=True)
    )
    return [
        f'<path d="M{LEFT},{top}H{WIDTH - RIGHT}V{bottom}H{LEFT}Z" fill="none" stroke="{FRAME}"/>',
        _text(escape(panel.label), LEFT, top - 8, "start"),
        _text(f"{most:,.3g}" if most < 1_000 else f"{most:,.0f}", LEFT - 6, top + 12, "end"),
        _text("0", LEFT - 6, bottom, "end"),
        f'<polyline points="{points}" fill="none" stroke="{LINE}" stroke-width="1.5"/>',
    ]


def _across(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _text(text: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
