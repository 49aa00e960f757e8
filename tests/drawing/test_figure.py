import io

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from figgen.config.spec import MARKS
from figgen.data.sample import sample
from figgen.drawing.fonts import site_fonts
from figgen.site.files import SiteFiles
from tests.draw_figures import assert_same_picture, drawn, encoded, figure, no_files, problems
from tests.figures import ROOT

LAYER = {"mark": "line", "x": "x", "y": "2 * x"}
LINE = {"data": {"x": {"linspace": [0, 1, 3]}}, "layers": [LAYER]}


def rendered(**fields):
    spec = figure(**fields)
    with site_fonts(SiteFiles(ROOT), "configs/fonts") as fonts:
        return encoded(spec, sample(spec, no_files), {}, fonts)


def test_a_mark_is_one_file_with_its_model_and_its_drawing():
    for kind, mark in MARKS.items():
        assert mark.__module__ == f"figgen.config.spec.marks.{kind}"
        assert "draw" in vars(mark), kind


def test_layers_are_drawn_in_order():
    first, second = drawn(**{**LINE, "layers": [LAYER, {**LAYER, "y": "x"}]}).axes[0].lines
    assert first.get_zorder() <= second.get_zorder()
    assert second.get_ydata().tolist() == [0, 0.5, 1]


def test_texts_and_scales():
    axes = drawn(
        **LINE, title="T", axes={"x": {"label": "X"}, "y": {"label": "Y", "scale": "symlog", "threshold": 1}}
    ).axes[0]
    assert (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()) == ("T", "X", "Y")
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "symlog")


def size(**canvas):
    return Image.open(io.BytesIO(rendered(**LINE, canvas=canvas))).size


def test_a_full_canvas_has_the_stated_size():
    assert size() == (1200, 800)
    assert size(size=[3, 2], dpi=100) == (300, 200)
    assert size(size=[300, 200], unit="px") == (300, 200)


def test_a_tight_crop_is_what_is_drawn_on_plus_the_pad():
    tight = size(crop="tight", pad=0, layout="none")
    padded = size(crop="tight", pad=0.5, layout="none")
    assert tight[0] < 1200
    assert tight[1] < 800
    assert padded[0] - tight[0] in range(198, 203)  # half an inch on both sides, at 200 dpi


def test_the_same_bytes_twice_and_no_trace():
    before = dict(mpl.rcParams)
    assert rendered(**LINE) == rendered(**LINE)
    assert dict(mpl.rcParams) == before


def test_the_style_applies_where_a_layer_sets_nothing():
    (line,) = drawn({"lines.linewidth": 4}, **LINE).axes[0].lines
    assert (to_hex(line.get_color()), line.get_linewidth(), line.get_linestyle()) == ("#1f77b4", 4, "-")


@pytest.mark.parametrize(
    ("fields", "where", "message"),
    [
        ({"title": r"$\frac{1$"}, ("title",), "invalid mathtext: Expected"),
        ({"axes": {"y": {"label": "$\\nope$"}}}, ("axes", "y", "label"), "invalid mathtext: Unknown symbol"),
        ({"title": "漢"}, ("title",), "the fonts of the style have no glyph for '漢'"),
        ({"layers": [LAYER, {**LAYER, "color": "bleu"}]}, ("layers", 1, "color"), "'bleu' is not a valid colour"),
        ({"title": "$\tau$"}, ("title",), "the text contains a tab"),
        ({"title": "$\nu$"}, ("title",), "the text contains a line break between two $"),
        ({"axes": {"x": {"secondary": {"forward": "1000", "inverse": "x / 1000"}}}}, ("axes", "x", "secondary", "forward"), "the formula must return one value for each x"),
        ({"axes": {"x": {"secondary": {"forward": "1000 * x", "inverse": "x / 10"}}}}, ("axes", "x", "secondary", "inverse"), "not the inverse of 'forward': 'forward' maps -0.05 to -50, which 'inverse' maps to -5"),
        ({"data": {"x": {"values": ["a", "b"]}}, "layers": [{**LAYER, "y": 1}], "axes": {"x": {"scale": "log"}}}, ("axes", "x", "scale"), "a log axis cannot show strings"),
        ({"axes": {"x": {"limits": [2, 1]}}}, ("axes", "x", "limits"), "the lower limit 2 must be less than the upper limit 1"),
        ({"axes": {"y": {"scale": "log"}}}, ("layers", 0, "y"), "1 of 3 values cannot be shown on a log axis, the first (0)"),
        ({"axes": {"y": {"scale": "logit"}}}, ("layers", 0, "y"), "3 of 3 values cannot be shown on a logit axis, the first (0) at index [0]"),
        ({"axes": {"x": {"scale": "log", "limits": [0, 1]}}, "layers": [{**LAYER, "x": "x + 1"}]}, ("axes", "x", "limits"), "limit 0 cannot be shown on a log axis"),
        ({"axes": {"x": {"secondary": {"forward": "y", "inverse": "x +"}}}}, ("axes", "x", "secondary", "forward"), "unknown name 'y'"),
        ({"legend": {"place": "outside right"}, "canvas": {"layout": "none"}, "layers": [{**LAYER, "label": "a"}]}, ("legend", "place"), "'outside right' cannot be combined with 'layout: none'"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_reported_at_its_place(fields, where, message):
    found = problems(**{**LINE, **fields})
    assert found[0][0] == where
    assert found[0][1].startswith(message)


def test_a_panel_grid():
    panel = {"title": "T", "layers": [LAYER]}
    figure = drawn(
        data=LINE["data"],
        title="All",
        panels=[panel, panel, {**panel, "axes": {"y": {"limits": [0, 9]}}}],
        grid={"columns": 2, "share_y": "all", "letters": True, "widths": [2, 1]},
    )
    assert figure.get_suptitle() == "All"
    assert [axes.get_title() for axes in figure.axes] == ["(a) T", "(b) T", "(c) T"]
    assert [axes.get_ylim() for axes in figure.axes] == [(0, 9)] * 3


def test_letters_of_panels_never_repeat():
    panels = [{"layers": [LAYER]}] * 60
    figure = drawn(data=LINE["data"], panels=panels, grid={"columns": 12, "letters": True}, canvas={"layout": "none"})
    letters = [axes.get_title() for axes in figure.axes]
    assert len(set(letters)) == len(letters)
    assert [letters[place] for place in (0, 25, 26, 27, 51, 52)] == ["(a)", "(z)", "(aa)", "(ab)", "(az)", "(ba)"]


def test_a_shared_legend_of_a_grid_names_each_label_once():
    panel = {"layers": [{**LAYER, "label": "a"}]}
    figure = drawn(data=LINE["data"], panels=[panel, panel], legend={"place": "outside bottom"})
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a"]
    assert all(axes.get_legend() is None for axes in figure.axes)


def test_categories_are_in_the_order_of_their_first_appearance():
    axes = drawn(
        data={"x": {"values": ["b", "a", "b"]}, "z": {"values": ["c", "a", "b"]}, "y": {"values": [1, 2, 3]}},
        layers=[{"mark": "line", "x": "x", "y": "y"}, {"mark": "line", "x": "z", "y": "y"}],
    ).axes[0]
    assert axes.lines[0].get_xdata().tolist() == [0, 1, 0]
    assert axes.lines[1].get_xdata().tolist() == [2, 1, 0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["b", "a", "c"]


def test_dates_are_drawn_as_matplotlib_draws_them():
    days = np.asarray(["2025-01-31", "2025-03-01", "2025-12-24"], "datetime64[us]")

    def by_hand(_, axes):
        axes.plot(days, [1, 2, 3])
        axes.xaxis.set_major_formatter(mpl.dates.ConciseDateFormatter(axes.xaxis.get_major_locator()))

    data = {"x": {"values": [str(day)[:10] for day in days]}, "y": {"values": [1, 2, 3]}}
    assert_same_picture(by_hand, data=data, layers=[{"mark": "line", "x": "x", "y": "y"}])


def test_dates_without_ticks():
    data = {"x": {"values": ["2025-01-31", "2025-03-01"]}, "y": {"values": [1, 2]}}
    layers = [{"mark": "line", "x": "x", "y": "y"}]
    axes = drawn(data=data, layers=layers, axes={"x": {"ticks": {"at": []}}}).axes[0]
    axes.figure.canvas.draw()
    assert axes.get_xticks().tolist() == []
    assert axes.xaxis.get_offset_text().get_text() == ""
    assert axes.lines[0].get_xdata().tolist() == [20119, 20148]


@pytest.mark.parametrize(
    ("axis", "by_hand"),
    [
        ({"scale": "log", "base": 2}, lambda axes: axes.set_xscale("log", base=2)),
        ({"scale": "symlog", "threshold": 0.5, "limits": [-3, 30]}, lambda axes: (axes.set_xscale("symlog", linthresh=0.5), axes.set_xlim(-3, 30))),
        ({"ticks": {"at": [1, 2], "labels": ["one", "two"], "rotation": 30}}, lambda axes: (axes.set_xticks([1, 2], labels=["one", "two"]), axes.tick_params(axis="x", rotation=30))),
        ({"ticks": {"every": 0.5, "format": ".2f"}}, lambda axes: (axes.xaxis.set_major_locator(mpl.ticker.MultipleLocator(0.5)), axes.xaxis.set_major_formatter("{x:.2f}"))),
        ({"ticks": {"at": [0.5, 1, 2], "minor": True}}, lambda axes: (axes.set_xticks([0.5, 1, 2]), axes.xaxis.minorticks_on())),
        ({"ticks": {"minor": True}, "grid": True}, lambda axes: (axes.xaxis.minorticks_on(), axes.xaxis.grid(visible=True))),
        ({"invert": True, "limits": [0, None]}, lambda axes: (axes.set_xlim(0, None), axes.xaxis.set_inverted(True))),
        ({"secondary": {"label": "per cent", "forward": "diff(50 * x ** 2, x)", "inverse": "x / 100"}}, lambda axes: axes.secondary_xaxis("top", functions=(lambda x: 100 * x, lambda x: x / 100)).set_xlabel("per cent")),
        ({"secondary": {"label": "per cent", "forward": "100 * x", "inverse": "x / 100"}}, lambda axes: axes.secondary_xaxis("top", functions=(lambda x: 100 * x, lambda x: x / 100)).set_xlabel("per cent")),
    ],
)  # fmt: skip
def test_axes_are_drawn_as_by_hand(axis, by_hand):
    def both(_, axes):
        axes.plot(x, x**2)
        by_hand(axes)

    x = np.linspace(0.5, 3, 20)
    data = {"x": {"linspace": [0.5, 3, 20]}}
    assert_same_picture(both, data=data, layers=[{"mark": "line", "x": "x", "y": "x ** 2"}], axes={"x": axis})


def test_a_twin_axis_and_its_legend_are_drawn_as_by_hand():
    x = np.linspace(0, 1, 20)

    def by_hand(_, axes):
        right = axes.twinx()
        (first,) = axes.plot(x, x, label="a")
        (second,) = right.plot(x, np.exp(x), color="C1", label="b")
        right.set_ylabel("R")
        axes.legend([first, second], ["a", "b"])
        right.grid(visible=False)

    layers = [
        {"mark": "line", "x": "x", "y": "x", "label": "a"},
        {"mark": "line", "x": "x", "y": "exp(x)", "on": "right", "color": "C1", "label": "b"},
    ]
    assert_same_picture(by_hand, data={"x": {"linspace": [0, 1, 20]}}, layers=layers, axes={"right": {"label": "R"}})


def test_heights_beside_categories_on_one_axis():
    bars, line = {"mark": "bar", "x": "x", "y": "x"}, {"mark": "line", "x": "x", "y": "names"}
    data = {"x": {"values": [1, 2]}, "names": {"values": ["a", "b"]}}
    message = "'y' is measured along the y axis, on which another layer has strings"
    assert problems(data=data, layers=[line, bars]) == [(("layers", 1, "y", 0), message)]
    assert problems(data=data, layers=[{**line, "x": "names", "y": "x"}, {**bars, "direction": "horizontal"}]) == [
        (("layers", 1, "y", 0), message.replace("y axis", "x axis"))
    ]
    figure_drawn = drawn(data=data, layers=[line, {**bars, "on": "right"}])
    assert [text.get_text() for text in figure_drawn.axes[0].get_yticklabels()] == ["a", "b"]
