"""Texts, marks and lines have enough contrast with what is behind them, in each variant."""

import numpy as np
import pytest

from figgen.review.contrast import _most_common_color, contrast_ratio
from figgen.review.visible import TextBox
from tests.conftest import MINIMAL
from tests.review.both_variants import BOTH, draw, findings

pytestmark = [pytest.mark.usefixtures("in_process"), pytest.mark.slow]


def test_contrast_is_that_of_the_guidelines():
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    # The usual example of a pair that passes, and one that does not.
    assert contrast_ratio("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast_ratio("red", "red") == 1


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ("title: T\nrc: {axes.titlecolor: '999999'}\n", "title: the title is #999999 on #ffffff, a contrast of 2.85 to 1; allowed: at least 4.5; #767676 is"),
        ("dark: {rc: {axes.labelcolor: '555555'}}\naxes: {x: {label: x}}\n", "axes.x.label: in the dark variant, the x axis label is #555555 on #1b1b1e, a contrast of"),
        ("dark: {rc: {axes.edgecolor: '333333'}}\n", "axes: in the dark variant, the left spine is #333333"),
        ("dark: {rc: {xtick.color: '333333'}}\n", "in the dark variant, a tick of the x axis is #333333"),
        ("dark: {rc: {grid.color: '1c1c1f'}}\n", "the grid of the x axis is #1c1c1f on #1b1b1e, a contrast of 1.01 to 1; allowed: at least 1.2"),
    ],
)  # fmt: skip
def test_too_little_contrast_is_found(site, added, message):
    assert any(message in line for line in findings(site, BOTH + added))


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ("{mark: line, x: x, y: x, color: '#dddddd', label: a}", "the line 'a' is #dddddd"),
        ("{mark: scatter, x: x, y: x, color: '#dddddd', label: a}", "'a' is #dddddd"),
        ("{mark: bar, x: x, y: x, colors: ['#dddddd']}", "#dddddd on #ffffff"),
        ("{mark: span, x: [0, 1], color: '#fcfcfc', opacity: 0.5}", "allowed: at least 1.2"),
        ("{mark: text, x: 0.5, y: 0.5, text: a, color: '#bbbbbb'}", "the text 'a' is #bbbbbb"),
        ("{mark: arrow, x: 0.5, y: 0.5, from_x: 0, from_y: 1, color: '#dddddd'}", "an arrow is #dddddd"),
    ],
)
def test_marks_are_checked(site, layer, message):
    layers = "layers:\n  - {mark: line, x: x, y: 2 * x}\n  - " + layer + "\n"
    lines = findings(site, BOTH.replace("layers:\n  - {mark: line, x: x, y: 2 * x}\n", layers))
    assert any(message in line and "dark" not in line for line in lines), lines


def test_a_text_is_checked_against_what_is_behind_it(site):
    """White text on a blue bar is fine on a white page."""
    bars = MINIMAL.replace("{mark: line, x: x, y: 2 * x}", "{mark: bar, x: x, y: 2 + x, colors: ['#0969da']}")
    text = "  - {mark: text, x: 0.5, y: 1, text: a, color: white, size: 8}\n"
    assert draw(site, bars + text + BOTH.removeprefix(MINIMAL)).keys() == {".png", "-dark.png"}
    lines = findings(site, bars.replace("0969da", "9ec5f5") + text + BOTH.removeprefix(MINIMAL))
    assert any("the text 'a' is #ffffff on #9ec5f5" in line for line in lines)


@pytest.mark.parametrize(
    ("left", "bottom", "color"),
    [(-50, 10, "page"), (100, 10, "page"), (10, -30, "page"), (-15, 50, "page"), (-8, 10, "blue"), (-8, -5, "blue"), (15, 35, "red")],
)  # fmt: skip
def test_what_is_behind_a_text_is_looked_up_within_the_canvas(left, bottom, color):
    """The canvas is 40 pixels wide and high: blue at the left, red in the upper right, transparent elsewhere."""
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[:, :12] = (0, 0, 255, 255)
    pixels[:10, 12:] = (255, 0, 0, 255)  # rows are counted from the top
    corners = np.array([[0.0, 0], [20, 0], [20, 10], [0, 10]]) + np.array([left, bottom])
    found = _most_common_color(pixels, TextBox("a text", (), corners), (0.2, 0.4, 0.6))
    assert found == {"page": (0.2, 0.4, 0.6), "blue": (0, 0, 1), "red": (1, 0, 0)}[color]


def test_a_text_beside_the_canvas_of_a_tight_crop_is_on_the_page(site):
    text = "  - {mark: text, x: 1, y: 2, shift: [200, 0], text: a, size: 40, color: 'COLOR'}\n"
    config = MINIMAL + text + BOTH.removeprefix(MINIMAL) + "canvas: {layout: none, crop: tight}\n"
    assert draw(site, config.replace("COLOR", "#777b80")).keys() == {".png", "-dark.png"}
    lines = findings(site, config.replace("COLOR", "#cccccc"))
    assert any("the text 'a' is #cccccc on #ffffff" in line for line in lines)


def test_the_colour_of_the_hint_has_enough_contrast(site):
    dark = "dark: {rc: {axes.titlecolor: 'dddddd'}}\n"
    (line,) = findings(site, BOTH + "title: T\nrc: {axes.titlecolor: '999999'}\n" + dark)
    hinted = line.partition("; #")[2][:6]
    assert 4.5 <= contrast_ratio(f"#{hinted}", "#ffffff") < 4.7
    assert draw(site, BOTH + f"title: T\nrc: {{axes.titlecolor: '{hinted}'}}\n" + dark)


def test_contrast_is_waived_with_a_reason_and_not_without_need(site):
    faint = BOTH.replace("y: 2 * x", "y: x, color: '#cccccc'")
    assert draw(site, faint + "waive: {contrast: it is meant to be faint}\n")
    (line,) = findings(site, BOTH + "waive: {contrast: it is meant to be faint}\n")
    assert "unused waiver 'contrast'" in line
    assert draw(site, faint.replace("variants: [light, dark]\n", ""))


def test_a_transparent_figure_is_checked_against_the_page(site):
    clear = "{figure.facecolor: none, axes.facecolor: none}"
    assert draw(site, BOTH + f"rc: {clear}\ndark: {{rc: {clear}}}\n")
    lines = findings(site, BOTH.replace("y: 2 * x", "y: x, color: '#303030'") + f"rc: {clear}\n")
    dark = [line for line in lines if "in the dark variant, a line is" in line]
    assert dark
    assert all("#1b1b1e" in line for line in dark)
