"""A chart that a benchmark writes is one of panels, and shows its values where they belong."""

import re

from tests.support.line_chart import BOTTOM, GAP, PANEL_HEIGHT, TOP, Panel, line_chart


def points_of(svg):
    lines = re.findall(r'<polyline points="([^"]+)"', svg)
    return [[tuple(map(float, point.split(","))) for point in line.split()] for line in lines]


def test_each_panel_is_a_line_from_0_at_its_foot():
    svg = line_chart("a < b", "posts", [0.0, 5.0, 10.0], [Panel("one", [0.0, 1.0, 2.0]), Panel("two", [3.0, 3.0, 3.0])])
    first, second = points_of(svg)
    foot = TOP + PANEL_HEIGHT
    assert [y for _, y in first] == [foot, round(foot - PANEL_HEIGHT / 2.2, 1), round(foot - PANEL_HEIGHT / 1.1, 1)]
    assert len({y for _, y in second}) == 1
    (left, _), (middle, _), (right, _) = first
    assert middle - left == right - middle
    assert "a &lt; b" in svg
    assert int(re.search(r'height="(\d+)"', svg)[1]) == TOP + 2 * PANEL_HEIGHT + GAP + BOTTOM


def test_a_line_of_zeros_is_drawn():
    assert (
        points_of(line_chart("none", "posts", [1.0, 2.0], [Panel("zero", [0.0, 0.0])]))[0][0][1] == TOP + PANEL_HEIGHT
    )
