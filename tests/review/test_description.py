"""A description changes with every edit of a spec or a style, and with nothing else."""

import copy
import json

import numpy as np
import pytest
from matplotlib.axes import Axes

from figgen.review.description import describe, format_description
from figgen.review.description.values import describe_array, describe_color, round_number
from figgen.review.description_diff import diff_descriptions
from tests import draw_figures
from tests.figures import cases

BASE = {
    "title": "Title",
    "canvas": {"size": [4, 3], "dpi": 100, "crop": "full", "layout": "none"},
    "data": {"x": {"linspace": [1, 9, 40]}, "g": {"values": [[1, 2], [3, 4]]}},
    "layers": [
        {"mark": "line", "x": "x", "y": "x ** 2", "label": "square"},
        {"mark": "scatter", "x": "x", "y": "2 * x", "size": 9, "label": "twice"},
        {"mark": "text", "x": "2", "y": "30", "text": "here"},
    ],
    "axes": {"x": {"label": "layers"}, "y": {"label": "loss", "limits": [0, 90]}},
}


def description_of(spec, style=()):
    figure = draw_figures.figure(**spec)
    with draw_figures.context(style):
        return describe(draw_figures.draw_figure(figure), figure.canvas, figure.alt)


def edited(path, value):
    spec = copy.deepcopy(BASE)
    *parents, last = path
    part = spec
    for key in parents:
        part = part.setdefault(key, {}) if isinstance(part, dict) else part[key]
    part[last] = value
    return spec


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (["title"], "Titel", 'title text: "Title" -> "Titel"'),
        (["canvas", "dpi"], 101, "canvas dpi: 100 -> 101"),
        (["canvas", "size"], [4, 3.1], "canvas inches: [4, 3] -> [4, 3.1]"),
        (["canvas", "crop"], "tight", 'canvas crop: "full" -> "tight"'),
        (["axes", "x", "label"], "layer", 'x label text: "layers" -> "layer"'),
        (["axes", "x", "scale"], "log", 'x scale name: "linear" -> "log"'),
        (["axes", "y", "limits"], [0, 91], "y limits: [0, 90] -> [0, 91]"),
        (["axes", "y", "invert"], True, "y inverted: false -> true"),
        (["axes", "y", "grid"], True, "y ticks grid:"),
        (["axes", "y", "ticks"], {"every": 45}, "y ticks at: [0, 20, 40, 60, 80] -> [0, 45, 90]"),
        (["axes", "y", "ticks"], {"format": ".1f"}, 'y ticks texts: ["0", "20", '),
        (["axes", "y", "ticks"], {"rotation": 30}, "y ticks labels rotation: 0 -> 30"),
        (["axes", "aspect"], "equal", 'aspect: "auto" -> 1'),
        (["axes"], {"visible": False, "y": {"limits": [0, 90]}}, "x: "),
        (["legend"], {"place": "lower left"}, 'legend place: "best" -> "lower left"'),
        (["legend"], {"columns": 2}, "legend columns: 1 -> 2"),
        (["data", "x"], {"linspace": [1, 9, 41]}, "line 'square' x: 40 values (first 1, last 9, min 1, max 9) -> 41 values"),
        (["layers", 0, "y"], "x ** 2.0001", "line 'square' y: 39 of 40 values, most at x = 9: 81 -> 81.01"),
        (["layers", 0, "color"], "#1f77b5", "line 'square' color: \"#1f77b4\" -> \"#1f77b5\""),
        (["layers", 0, "width"], 1.6, "line 'square' width: 1.5 -> 1.6"),
        (["layers", 0, "dash"], "--", "line 'square' linestyle: \"-\" -> \"--\""),
        (["layers", 0, "opacity"], 0.5, "line 'square' alpha: 0.5 added"),
        (["layers", 0, "order"], 7, "line 'square' z-order: 2 -> 7"),
        (["layers", 0, "marker"], "o", "line 'square' marker: \"o\" added"),
        (["layers", 0, "label"], "squares", "line 'squares' label"),
        (["layers", 1, "size"], 10, "points 'twice' sizes: "),
        (["layers", 2, "text"], "there", "text 'there' text: \"here\" -> \"there\""),
        (["layers", 2, "y"], "31", "text 'here' at: [2, 30] -> [2, 31]"),
        (["layers", 2, "size"], 11, "text 'here' size: 10 -> 11"),
        (["layers", 1], {"mark": "heatmap", "z": "g"}, "image added"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_an_edit_of_the_spec_changes_the_description(path, value, line):
    found = diff_descriptions(description_of(BASE), description_of(edited(path, value)))
    assert bool(found) == (line is not None)
    if line is not None:
        assert any(other.startswith(line) for other in found), found


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("font.family", "DejaVu Serif"), ("font.size", 11), ("axes.linewidth", 1.0), ("axes.edgecolor", "red"),
        ("axes.titlesize", 16), ("axes.titlepad", 9), ("axes.titleweight", "bold"), ("axes.titlecolor", "red"),
        ("axes.labelpad", 5), ("axes.labelsize", 12), ("axes.labelcolor", "red"), ("axes.facecolor", "#eeeeee"),
        ("axes.spines.top", False), ("axes.grid", True), ("axes.xmargin", 0.1), ("xtick.direction", "in"),
        ("xtick.color", "red"), ("xtick.labelsize", 8), ("xtick.major.size", 5), ("xtick.major.pad", 5),
        ("xtick.top", True), ("ytick.minor.visible", True), ("lines.linewidth", 2), ("lines.solid_capstyle", "butt"),
        ("legend.frameon", False), ("legend.fontsize", 8), ("legend.edgecolor", "red"), ("legend.handlelength", 3),
        ("figure.facecolor", "#eeeeee"), ("figure.subplot.left", 0.2), ("text.color", "red"),
        ("scatter.edgecolors", "red"), ("axes.unicode_minus", False),
    ],
)  # fmt: skip
def test_a_setting_of_the_style_changes_the_description(setting, value):
    base = edited(["axes", "x", "ticks"], {"at": [-1, 9]})
    assert diff_descriptions(description_of(base), description_of(base, {setting: value}))


def test_numbers_are_rounded_to_what_all_versions_agree_on():
    assert round_number(0.1 + 0.2) == 0.3
    assert round_number(3.0) == 3
    assert isinstance(round_number(3.0), int)
    assert round_number(float("nan")) is None
    assert describe_array(np.array([1.0, 1e-17])) == [1, 1e-17]
    assert describe_array(np.ma.masked_invalid([1.0, np.nan])) == [1, None]
    long = np.linspace(0, 1, 400)
    noise = long * (1 + 1e-15)
    assert describe_array(long) == describe_array(noise)
    assert describe_array(long) != describe_array(long * (1 + 1e-6))
    assert describe_array(long)["shape"] == [400]


def test_equal_colours_are_described_equally():
    assert describe_color("C0") == describe_color((0x1F / 255, 0x77 / 255, 0xB4 / 255)) == "#1f77b4"
    assert describe_color((0, 0, 0, 0.5)) == "#00000080"
    assert describe_color("none") == describe_color(np.empty((0, 4))) == describe_color(None) == "none"
    assert describe_color([(0, 0, 0, 1), (0, 0, 0, 1)]) == "#000000"
    assert describe_color(["red", "blue"]) == ["#ff0000", "#0000ff"]


def test_a_second_scale_is_described_beside_the_artists_of_its_panel():
    spec = edited(("axes", "x", "secondary"), {"label": "twice", "forward": "2 * x", "inverse": "x / 2"})
    (panel,) = description_of(spec)["panels"]
    (second,) = panel["second"]
    assert second["x"]["label"]["text"] == "twice"
    assert [artist["kind"] for artist in panel["artists"]] == ["points", "line", "text"]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
@pytest.mark.slow
def test_a_description_is_json_and_contains_no_repr_of_an_object(case):
    description = case.picture().description
    text = format_description(description)
    assert json.loads(text) == description
    assert " object at 0x" not in text
    assert "<" not in text.replace("(derivative <", "").replace("<->", "").replace('"<"', "")


def test_many_texts_are_described_in_linear_time(monkeypatch):
    """The patches of a panel, which are searched for a pie, are listed once and not for each text."""
    listed = []
    patches = Axes.patches.fget
    monkeypatch.setattr(Axes, "patches", property(lambda axes: listed.append(axes) or patches(axes)))
    bars = {"mark": "bar", "x": "x", "y": "x", "values": "g"}
    spec = {"data": {"x": {"linspace": [1, 30, 30]}}, "layers": [bars]}
    figure = draw_figures.figure(**spec)
    with draw_figures.context():
        drawn = draw_figures.draw_figure(figure)
        listed.clear()
        (panel,) = describe(drawn, figure.canvas, figure.alt)["panels"]
    assert [artist["kind"] for artist in panel["artists"]].count("annotation") == 30
    assert len(listed) < 10


def test_what_the_parts_of_a_wedge_are_called():
    """Names in descriptions are a format: baselines and other tools read them."""
    spec = {"data": {"x": {"values": [1, 3]}}, "layers": [{"mark": "pie", "sizes": "x", "hole": 0.25}]}
    (panel,) = description_of(spec)["panels"]
    (wedge, _) = panel["artists"]
    parts = {"kind": "wedge", "center": [0, 0], "radius": 1, "ring": 0.75, "angles": [0, 90], "face": "#1f77b4"}
    assert {name: wedge[name] for name in parts} == parts
