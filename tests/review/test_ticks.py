"""Tick labels that are not true are found, and those that figgen chooses are true on every axis."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from figgen.config.spec.number_format import format_value
from figgen.review.layout import find_layout_problems
from figgen.review.ticks import read_number
from tests.draw_figures import context, draw_figure, figure

LINE = {"mark": "line", "x": "x", "y": "x"}


def found(style=(), **fields):
    """Draw a figure, and return what is wrong with its ticks, as triples of key, message and hint."""
    spec = figure(**fields)
    with context(style):
        drawn = draw_figure(spec)
        drawn.canvas.draw()
        return [(one.where, one.message, one.hint) for one in find_layout_problems(spec, drawn, 1200)["ticks"]]


def on(name, low, high, **axis):
    """Return a figure with numbers from `low` to `high` on an axis of this name, which has these keys."""
    data = {"x": {"values": [low, high]}, "z": {"values": [[low, high]]}}
    ends = {} if axis.get("scale") == "logit" else {"limits": [low, high]}
    if name == "colorbar":
        bar = {"format": axis["ticks"]["format"]} if "ticks" in axis else {}
        layer = {
            "mark": "heatmap",
            "z": "z",
            "color_scale": axis.get("scale", "linear"),
            "colorbar": bar,
            "aspect": "auto",
        }
        return {"data": data, "layers": [layer]}
    layer = {**LINE, "on": "right" if name == "right" else "left"}
    if name == "secondary":
        return {"data": data, "layers": [layer], "axes": {"y": {**ends, **axis, "secondary": {"forward": "3 * x", "inverse": "x / 3"}}}}  # fmt: skip
    return {"data": data, "layers": [layer], "axes": {name: {**ends, **axis}}}


@pytest.mark.parametrize(
    ("label", "value", "unit"),
    [
        ("12%", 0.12, 0.01),
        ("12.5%", 0.125, 0.001),
        ("1,234.50", 1234.5, 0.01),
        ("−0.5", -0.5, 0.1),
        ("+3", 3, 1),
        (" 3", 3, 1),
        ("1.5e+03", 1500, 100),
        ("1e-300", 1e-300, 1e-300),
        (r"$\mathdefault{0.50}$", 0.5, 0.01),
        (r"$\mathdefault{10^{-3}}$", 1e-3, 0),
        (r"$\mathdefault{-10^{2}}$", -100, 0),
        (r"$\mathdefault{2\times10^{5}}$", 2e5, 1e5),
        (r"$\mathdefault{-2.5\times10^{-5}}$", -2.5e-5, 1e-6),
        (r"$\mathdefault{2^{10}}$", 1024, 0),
        (r"$\mathdefault{2.5^{2}}$", 6.25, 0),
        (r"$\mathdefault{\frac{1}{2}}$", 0.5, 0.1),
        (r"$\mathdefault{1-10^{-3}}$", 0.999, 0),
        (r"$\mathdefault{1-2\cdot10^{-3}}$", 0.998, 1e-3),
        ("0", 0, 1),
    ],
)
def test_a_label_is_read_as_a_number(label, value, unit):
    assert read_number(label) == (value, pytest.approx(unit))


@pytest.mark.parametrize("label", ["", "a", "1 of 2", "12 May", "1.2.3", "10^x"])
def test_other_labels_are_no_numbers(label):
    assert read_number(label) is None


@given(
    st.floats(-1e15, 1e15, allow_subnormal=False),
    st.sampled_from(["", ",", "+", " "]),
    st.sampled_from(["f", "e", "g", "%"]),
    st.integers(0, 9),
)
@settings(derandomize=True)
def test_a_label_in_any_format_is_read_to_its_digits(number, flags, kind, decimals):
    label = format_value(number, f"{flags}.{decimals}{kind}")
    read = read_number(label)
    assert read is not None, label
    assert abs(read.value - number) <= read.unit / 2 * (1 + 1e-9) + 1e-15 * abs(number), label


NUMBER_FORMATS = [
    (0, 1, ".0f", "prints '0' at both 0 and 0.2", ".1f"),
    (0, 0.01, ".0%", "prints '0%' at both 0 and 0.002", ".1%"),
    (0, 1, "d", "prints '0' at both 0 and 0.2", ".1f"),
    (1000, 1010, ",.2g", "prints '1e+03' at both 1000 and 1002", ",.4g"),
    (0, 10, ".0%", None, None),
    (0, 1, ".1f", None, None),
    (0, 1, "g", None, None),
    (0, 2e6, ",d", None, None),
    (0, 1e7, ".0e", None, None),
]


@pytest.mark.parametrize("name", ["x", "y", "right", "colorbar"])
@pytest.mark.parametrize(("low", "high", "number_format", "message", "better"), NUMBER_FORMATS)
def test_a_number_format_shows_where_ticks_are(name, low, high, number_format, message, better):
    where = ("layers", 0, "colorbar", "format") if name == "colorbar" else ("axes", name, "ticks", "format")
    expected = (where, f"'{number_format}' {message}", f"use 'format: {better}', which shows them")
    assert found(**on(name, low, high, ticks={"format": number_format})) == ([expected] if message else [])


@pytest.mark.parametrize(
    ("ticks", "message"),
    [
        ({"every": 0.125, "format": ".0%"}, "'.0%' prints '12%' at 0.125 and '38%' at 0.375"),
        ({"every": 0.125, "format": ".1%"}, None),
        ({"at": [0, 0.125, 1], "format": ".0%"}, "'.0%' prints '12%' at 0.125"),
        ({"every": 0.25, "format": ".1f"}, "'.1f' prints '0.2' at 0.25 and '0.8' at 0.75"),
        ({"at": [1 / 3, 2 / 3], "format": ".2f"}, None),
        ({"at": [0.333, 0.667], "format": ".0%"}, None),
        # Rounded as it should be, but unevenly where ticks are evenly spaced.
        ({"at": [0, 0.12, 0.24, 0.36], "format": ".1f"}, "'.1f' prints '0.1' at 0.12 and '0.2' at 0.24"),
        # 200 and 201 are both half a unit away.
        ({"at": [0, 0.6005, 1], "format": ".3f"}, "'.3f' prints '0.601' at 0.6005"),
        ({"at": [0.1234567, 0.9]}, None),
        ({"at": [0, 0.5, 0.50001, 1]}, "the axis shows '0.5' at both 0.5 and 0.50001"),
        ({"at": [0, 0.5, 1], "labels": ["none", "half", "all"]}, None),
        ({"at": [0, 0.5, 1], "labels": ["a", "a", "a"]}, None),
        ({"at": [0.5]}, None),
        ({"at": []}, None),
        ({"every": 5}, "the axis has a single tick label, '0': no other value can be read"),
    ],
)
def test_labels_of_chosen_positions(ticks, message):
    assert [said for _, said, _ in found(**on("x", 0, 1, ticks=ticks))] == ([message] if message else [])


@pytest.mark.parametrize("name", ["x", "y", "right"])
@pytest.mark.parametrize(
    ("low", "high", "axis", "message"),
    [
        (0.01, 100, {"scale": "log", "ticks": {"format": ".1f"}}, "'.1f' prints '0.0' at 0.01"),
        (1e-3, 1, {"scale": "log", "ticks": {"format": ".0%"}}, "'.0%' prints '0%' at 0.001"),
        (1e-3, 1, {"scale": "log", "ticks": {"format": "g"}}, None),
        (
            -10,
            10,
            {"scale": "symlog", "threshold": 0.1, "ticks": {"format": ".0f"}},
            "'.0f' prints '0' at both 0 and 0.1",
        ),
        (-10, 10, {"scale": "symlog", "threshold": 0.1, "ticks": {"format": "g"}}, None),
        (0.001, 0.999, {"scale": "logit", "ticks": {"format": ".1f"}}, "'.1f' prints '0.0' at both 0.001 and 0.01"),
        (0.001, 0.999, {"scale": "logit", "ticks": {"format": ".3f"}}, None),
    ],
)
def test_number_formats_on_other_scales(name, low, high, axis, message):
    said = [one for _, one, _ in found(**on(name, low, high, **axis))]
    assert said == ([message] if message else [])


def test_a_hidden_or_missing_offset_text():
    fields = on("x", 1e6, 1e6 + 1, ticks={})
    assert found(**fields) == []
    assert found({"axes.formatter.useoffset": "False"}, **fields) == []
    assert found({"axes.formatter.use_mathtext": "True"}, **fields) == []
    spec = figure(**fields)
    with context():
        drawn = draw_figure(spec)
        drawn.axes[0].xaxis.get_offset_text().set_visible(False)
        drawn.canvas.draw()
        assert drawn.axes[0].xaxis.get_offset_text().get_text() == "+1e6"
        (problem,) = find_layout_problems(spec, drawn, 1200)["ticks"]
    assert problem.message == "the axis shows '0.0' at 1000000 and '0.2' at 1000000.2"


def dates(first, last, **ticks):
    data = {"x": {"values": [first, last]}, "y": {"values": [1, 2]}}
    return {"data": data, "layers": [{**LINE, "y": "y"}], "axes": {"x": {"ticks": ticks}}}


@pytest.mark.parametrize(
    ("first", "last", "ticks", "message", "better"),
    [
        ("2024-01-18", "2024-12-10", {"dates": "%Y"}, "'%Y' prints '2024' at both 2024-02-01 and 2024-03-01", "%b %Y"),
        ("2024-01-18", "2024-12-10", {"dates": "%d", "every": 30}, "'%d' does not show the month of ticks from 2024-01-18 to 2024-12-13", "%d %b"),
        ("2022-01-18", "2024-12-10", {"dates": "%b", "every": 230}, "'%b' does not show the year of ticks from 2022-04-08 to 2024-10-14", "%b %Y"),
        ("2024-01-18", "2024-01-22", {"dates": "%H:%M", "every": 1.25}, "'%H:%M' does not show the day of ticks", "%d %b %H:%M"),
        ("2024-01-18", "2024-01-20", {"dates": "%d %b"}, "'%d %b' prints '18 Jan' at both 2024-01-18 and 2024-01-18 06:00:00", "%d %b %H:%M"),
        ("2024-01-18", "2024-12-10", {"dates": "day"}, "'day' prints 'day' at both 2024-02-01 and 2024-03-01", "%b %Y"),
        ("2024-01-18", "2024-12-10", {"dates": "%b"}, None, None),
        ("2024-01-18", "2024-12-10", {"dates": "%d %b"}, None, None),
        ("2023-12-20", "2024-01-10", {"dates": "%d %b"}, None, None),
        ("2024-01-18", "2024-02-10", {"dates": "%d"}, None, None),
        ("2010-01-18", "2024-02-10", {"dates": "%Y"}, None, None),
        ("2024-01-18", "2024-12-10", {}, None, None),
        ("2024-01-18", "2024-12-10", {"every": 60}, None, None),
        ("2024-01-18", "2024-12-10", {"every": 1000}, "the axis has a single tick label, '04 Oct': no other value can be read", None),
    ],
)  # fmt: skip
def test_labels_of_dates(first, last, ticks, message, better):
    problems = found(**dates(first, last, **ticks))
    assert len(problems) == bool(message), problems
    for where, said, hint in problems:
        assert where == ("axes", "x", "ticks", *(["dates"] if better else []))
        assert said.startswith(message)
        assert better is None or hint == f"use 'dates: \"{better}\"'"


def test_categories_names_and_hidden_axes_need_no_numbers():
    bars = {"data": {"x": {"values": ["a"]}, "y": {"values": [1]}}, "layers": [{"mark": "bar", "x": "x", "y": "y"}]}
    assert found(**bars) == []
    assert found(data={"y": {"values": [1, 2, 3]}}, layers=[{"mark": "box", "y": "y"}]) == []
    assert found(**on("x", 0, 1) | {"canvas": {"size": [0.5, 0.5]}, "axes": {"visible": False}}) == []
    panel = {"layers": [LINE], "axes": {"x": {"ticks": {"format": ".0f"}}}}
    shared = {"data": {"x": {"values": [0, 1]}}, "panels": [panel, panel], "grid": {"columns": 1, "share_x": "all"}}
    assert [where for where, _, _ in found(**shared)] == [("panels", 1, "axes", "x", "ticks", "format")]


def test_a_false_label_cannot_be_waived():
    from figgen.review.layout import check_layout

    spec = figure(**on("x", 0, 1, ticks={"format": ".0f"}), waive={"overlap": "for no reason at all"})
    with context():
        drawn = draw_figure(spec)
        drawn.canvas.draw()
        messages = [problem.message for problem in check_layout(spec, drawn, 1200)]
    assert messages == ["unused waiver 'overlap'", "'.0f' prints '0' at both 0 and 0.2"]


SCALES = st.sampled_from(["linear", "log", "symlog", "logit"])


@given(
    st.sampled_from(["x", "y", "right", "secondary", "colorbar"]), SCALES, st.floats(-300, 300), st.floats(-300, 300)
)
@settings(max_examples=60, deadline=None, derandomize=True)
@example("x", "linear", 0, 1e-9)
@example("y", "log", 0.6, 1.78)
@example("colorbar", "log", 0.6, 1.78)
@example("secondary", "log", 0.6, 1.78)
@example("x", "log", -300, 300)
@example("right", "symlog", 5, 5.1)
@pytest.mark.slow
def test_labels_that_figgen_chooses_are_true(name, scale, one, other):
    low, high = sorted((10.0**one, 10.0**other))
    high = max(high, low * (1 + 1e-9))
    axis = {"scale": scale}
    if scale == "symlog":
        axis["threshold"] = math.sqrt(low) * math.sqrt(high)
    if scale == "logit":
        low, high = low / (1 + low), high / (1 + high)
        low, high = (low, high) if 1e-12 < low < high - 1e-3 < 0.99 else (0.25, 0.75)
    if name == "colorbar" and scale not in {"linear", "log"}:
        axis = {}
    if name == "secondary" and high > 1e299:
        high = 2 * low
    fields = on(name, low, high, **axis)
    with np.errstate(all="ignore"):
        assert found(**fields, canvas={"layout": "none"}) == []
