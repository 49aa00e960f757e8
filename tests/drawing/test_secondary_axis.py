"""A second scale has its numbers where they are on the first one, whatever that is."""

import math

import pytest

from figgen.review.visible import shown_ticks
from tests.draw_figures import drawn, problems

LOG10 = {"forward": "10 * log10(x)", "inverse": "10 ** (x / 10)"}
SCALES = {
    "linear": {},
    "log": {"scale": "log"},
    "log2": {"scale": "log", "base": 2},
    "symlog": {"scale": "symlog", "threshold": 3},
    "logit": {"scale": "logit"},
}
# Functions as Python computes them, to compare with.
FUNCTIONS = {
    "scaled": ({"forward": "1000 * x", "inverse": "x / 1000"}, lambda x: x / 1000),
    "shifted": ({"forward": "x - 40", "inverse": "x + 40"}, lambda x: x + 40),
    "reciprocal": ({"forward": "1 / x", "inverse": "1 / x"}, lambda x: 1 / x if x else math.inf),
    "decibel": (LOG10, lambda x: 10 ** (x / 10)),
}


def figure(name, low, high, **axis):
    data = {"x": {"values": [low, high]}}
    layer = {"mark": "line", "x": "x", "y": "x", "on": "right" if name == "right" else "left"}
    return {"data": data, "layers": [layer], "axes": {name: {"limits": [low, high], **axis}}}


@pytest.mark.parametrize("name", ["x", "y", "right"])
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(("functions", "inverse"), FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.slow
def test_numbers_of_a_second_scale_are_at_their_values_on_the_first(name, scale, functions, inverse):
    low, high = (0.02, 0.98) if scale == "logit" else (0.2, 3000)
    drawing = drawn(**figure(name, low, high, **SCALES[scale], secondary=functions))
    drawing.draw_without_rendering()
    axes = drawing.axes[1 if name == "right" else 0]
    first, second = ((one.xaxis if name == "x" else one.yaxis) for one in (axes, axes.child_axes[0]))
    along = 0 if name == "x" else 1
    ticks = shown_ticks(second, minor=False)
    assert len(ticks) >= 2
    for value, tick in ticks:
        at = inverse(value)
        point = (at, 1.0) if name == "x" else (1.0, at)
        assert low * 0.999 <= at <= high * 1.001
        expected = axes.transData.transform(point)[along]
        line = tick.gridline
        assert line.get_transform().transform(line.get_xydata())[0][along] == pytest.approx(expected, abs=0.01)
    assert first.get_view_interval().tolist() == [low, high]


def test_a_second_scale_of_a_symlog_axis_is_symlog_too():
    drawing = drawn(**figure("x", -100, 100, scale="symlog", threshold=1, secondary=FUNCTIONS["scaled"][0]))
    drawing.draw_without_rendering()
    labels = [tick.label2.get_text() for _, tick in shown_ticks(drawing.axes[0].child_axes[0].xaxis, minor=False)]
    assert labels == [
        *(rf"$\mathdefault{{-10^{{{power}}}}}$" for power in (5, 4, 3)),
        r"$\mathdefault{0}$",
        *(rf"$\mathdefault{{10^{{{power}}}}}$" for power in (3, 4, 5)),
    ]


@pytest.mark.parametrize(
    ("low", "high", "axis", "functions", "key", "message"),
    [
        (-1, 4.1, {}, {"forward": "1 / x", "inverse": "1 / x"}, "forward", "'forward' does not rise or fall all the way from -1 to 4.1: it maps -0.031 to -32.2581 and 0.02 to 50"),
        (-1, 4, {}, {"forward": "sqrt(x)", "inverse": "x ** 2"}, "forward", "'forward' has no value at -1"),
        (-1, 4, {}, {"forward": "x ** 2", "inverse": "sqrt(x)"}, "forward", "'forward' does not rise or fall all the way from -1 to 4: it maps 0 to 0 and 0.05 to 0.0025"),
        (0, 1, {}, {"forward": "0 * x", "inverse": "0 * x"}, "forward", "'forward' does not rise or fall all the way from 0 to 1: it maps 0 to 0 and 0.01 to 0"),
        # A tolerance in units of the axis would not see what is wrong at the small end.
        (1e-9, 1, {"scale": "log"}, {"forward": "x", "inverse": "x + 1e-8"}, "inverse", "not the inverse of 'forward': 'forward' maps 1e-09 to 1e-09, which 'inverse' maps to 1.1e-08"),
    ],
)  # fmt: skip
def test_functions_of_which_no_scale_can_be_drawn(low, high, axis, functions, key, message):
    assert problems(**figure("x", low, high, **axis, secondary=functions)) == [
        (("axes", "x", "secondary", key), message)
    ]
