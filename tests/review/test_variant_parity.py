"""A dark variant differs from the light one in colours only, and these correspond."""

import copy

import pytest

from figgen.review.variant_parity import check_variant_parity
from tests.review.both_variants import BOTH, draw, findings

pytestmark = pytest.mark.usefixtures("in_process")

TWO_LINES = BOTH.replace("y: 2 * x}", "y: x, color: '#0000aa'}\n  - {mark: line, x: x, y: 2 * x, color: '#aa0000'}")


def test_variants_differ_in_colours_only(site):
    lines = findings(site, BOTH + "dark: {rc: {lines.linewidth: 3}}\n")
    assert len(lines) == 1
    assert "variants: the dark variant differs in more than colours: line width: 1.8 -> 3; use the same" in lines[0]


def test_two_colours_of_the_data_do_not_become_one(site):
    assert draw(site, TWO_LINES + "dark: {colors: {'#0000aa': '#8888ff', '#aa0000': '#ff8888'}}\n")
    (line,) = findings(site, TWO_LINES + "dark: {colors: {'#0000aa': '#8888ff', '#aa0000': '#8888ff'}}\n")
    assert "the data colours #0000aa and #aa0000 become one colour, #8888ff, in the dark variant" in line


def test_one_colour_of_the_data_does_not_become_two(site):
    pictures = draw(site, BOTH, described=True)
    descriptions = [copy.deepcopy(picture.description) for picture in pictures.values()]
    light, dark = [{**one, "panels": [one["panels"][0], copy.deepcopy(one["panels"][0])]} for one in descriptions]
    assert not list(check_variant_parity(light, dark))
    dark["panels"][1]["artists"][0]["color"] = "#ffffff"
    assert [problem.message for problem in check_variant_parity(light, dark)] == [
        "the data colour #0969da becomes #58a6ff and #ffffff in the dark variant"
    ]
