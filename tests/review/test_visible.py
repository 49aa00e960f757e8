"""The ticks that are found are those that matplotlib draws, on every scale and axis, whatever the limits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figgen.review import describe
from figgen.review.description.values import describe_array
from figgen.review.visible import shown_ticks
from tests.draw_figures import context, draw_figure, figure

LINE = {"mark": "line", "x": "x", "y": "x"}


def pixel(tick, along):
    """Return where the grid line of a tick is, along its axis."""
    line = tick.gridline
    return float(line.get_transform().transform(line.get_xydata())[0][along])


def axes_of(drawn):
    every = [one for axes in drawn.axes for one in (axes, *axes.child_axes)]
    return [axis for axes in every for axis in (axes.xaxis, axes.yaxis) if axis.get_visible()]


def assert_shown_ticks_are_drawn(drawn):
    drawn.draw_without_rendering()
    for axis in axes_of(drawn):
        for minor in (False, True):
            along = 0 if axis.axis_name == "x" else 1
            start, end = axis.axes.bbox.min[along], axis.axes.bbox.max[along]
            shown = dict(shown_ticks(axis, minor=minor))
            assert all(tick.get_loc() == position for position, tick in shown.items())
            ticks = axis.get_minor_ticks() if minor else axis.get_major_ticks()
            assert all(
                (tick in shown.values()) == (start - 0.001 <= pixel(tick, along) <= end + 0.001) for tick in ticks
            )


LOG = {"scale": "log"}
WIDE = {"data": {"x": {"values": [1e-14, 0.01]}}, "layers": [LINE]}
Z = {"data": {"z": {"values": [[1e-14, 0.01], [1e-7, 1e-3]]}}}
CASES = {
    "x": {**WIDE, "axes": {"x": LOG}},
    "y": {**WIDE, "axes": {"y": LOG}},
    "right": {**WIDE, "layers": [{**LINE, "on": "right"}], "axes": {"right": LOG}},
    "symlog": {**WIDE, "axes": {"y": {"scale": "symlog", "threshold": 1e-12}}},
    "logit": {**WIDE, "axes": {"y": {"scale": "logit"}}},
    "inverted": {**WIDE, "axes": {"y": {**LOG, "invert": True}}},
    "secondary": {**WIDE, "axes": {"y": {**LOG, "secondary": {"forward": "1000 * x", "inverse": "x / 1000"}}}},
    "colorbar": {**Z, "layers": [{"mark": "heatmap", "z": "z", "color_scale": "log", "colorbar": {}}]},
}


@pytest.mark.parametrize("fields", CASES.values(), ids=CASES)
def test_ticks_of_an_axis_of_many_decades(fields):
    with context():
        drawn = draw_figure(figure(**fields))
        assert_shown_ticks_are_drawn(drawn)
        for axis in axes_of(drawn):
            if axis.get_scale() != "linear":
                low, high = sorted(axis.get_view_interval())
                assert low > 1e-20 or axis.get_scale() == "symlog"
                positions = [position for position, _ in shown_ticks(axis, minor=False)]
                assert all(low - 1e-9 * abs(low) <= position <= high * (1 + 1e-9) for position in positions), axis
                assert len(positions) >= 2
        described = describe(drawn, figure(**fields).canvas, "")
        for axes, panel in zip(drawn.axes, described["panels"], strict=True):
            for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
                low, high = sorted(axis.get_transform().transform(axis.get_view_interval()))
                places = axis.get_transform().transform(axis.get_majorticklocs())
                within = axis.get_majorticklocs()[(places >= low) & (places <= high)]
                if axis.get_visible() and within.size:
                    assert panel[name]["ticks"]["at"] == describe_array(within)


def test_a_tick_at_an_end_is_shown():
    fields = {**WIDE, "axes": {"x": {**LOG, "limits": [1e-15, 1e-3], "ticks": {"at": [1e-15, 1e-3]}}}}
    with context():
        drawn = draw_figure(figure(**fields))
        drawn.draw_without_rendering()
        assert [position for position, _ in shown_ticks(drawn.axes[0].xaxis, minor=False)] == [1e-15, 1e-3]


EXPONENTS = st.floats(-300, 300)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.sampled_from(["linear", "log", "symlog"]), EXPONENTS, EXPONENTS)
@pytest.mark.slow
def test_ticks_within_any_limits(scale, one, other):
    low, high = sorted((10.0**one, 10.0**other))
    if not high > low * 1.0001:
        high = 2 * low
    axis = {
        "scale": scale,
        "limits": [low, high],
        **({"threshold": math.sqrt(low) * math.sqrt(high)} if scale == "symlog" else {}),
    }
    fields = {
        "data": {"x": {"values": [low, high]}},
        "layers": [LINE],
        "axes": {"x": axis},
        "canvas": {"layout": "none"},
    }
    with context(), np.errstate(all="ignore"):
        assert_shown_ticks_are_drawn(draw_figure(figure(**fields)))
