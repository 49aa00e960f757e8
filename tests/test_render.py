import io

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from figgen.data import sample
from figgen.errors import SpecError
from figgen.marks import DRAWERS
from figgen.render import draw, render
from figgen.spec import MARKS
from figgen.styles import style_context
from figgen.validation import validate

LAYER = {"mark": "line", "x": "x", "y": "2 * x"}


def figure(**changes):
    data = {"x": {"linspace": [0, 1, 3]}}
    return validate({"alt": "A line.", "data": data, "layers": [LAYER], **changes})


def drawn(style=(), **changes):
    spec = figure(**changes)
    with style_context(dict(style)):
        return draw(spec, sample(spec))


def test_every_mark_has_a_drawer():
    assert MARKS.keys() == DRAWERS.keys()


def test_a_line():
    layer = {**LAYER, "color": "#d62728", "width": 2.5, "dash": "--"}
    (line,) = drawn(layers=[layer]).axes[0].lines
    np.testing.assert_array_equal(line.get_xydata(), [[0, 0], [0.5, 1], [1, 2]])
    assert (to_hex(line.get_color()), line.get_linewidth(), line.get_linestyle()) == ("#d62728", 2.5, "--")


def test_a_line_takes_what_it_does_not_say_from_the_style():
    (line,) = drawn({"lines.linewidth": 4}).axes[0].lines
    assert (line.get_color(), line.get_linewidth(), line.get_linestyle()) == ("#1f77b4", 4, "-")


def test_layers_are_drawn_in_order():
    first, second = drawn(layers=[LAYER, {**LAYER, "y": "x"}]).axes[0].lines
    assert first.get_zorder() <= second.get_zorder()
    assert second.get_ydata().tolist() == [0, 0.5, 1]


def test_texts_and_scales():
    axes = drawn(title="T", axes={"x": {"label": "X"}, "y": {"label": "Y", "scale": "log"}}).axes[0]
    assert (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()) == ("T", "X", "Y")
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")


def size(**canvas):
    spec = figure(canvas=canvas)
    return Image.open(io.BytesIO(render(spec, sample(spec), {}))).size


def test_a_full_canvas_has_the_stated_size():
    assert size() == (1200, 800)
    assert size(size=[3, 2], dpi=100) == (300, 200)


def test_a_tight_crop_is_what_is_drawn_on_plus_the_pad():
    tight, padded = size(crop="tight", pad=0), size(crop="tight", pad=0.5)
    assert tight[0] < 1200
    assert tight[1] < 800
    assert padded[0] - tight[0] in range(198, 203)  # half an inch on both sides, at 200 dpi


def test_the_same_bytes_twice_and_no_trace():
    spec = figure()
    before = dict(mpl.rcParams)
    assert render(spec, sample(spec), {}) == render(spec, sample(spec), {})
    assert dict(mpl.rcParams) == before


def test_an_unknown_colour_is_a_problem_of_its_layer():
    with pytest.raises(SpecError) as caught:
        drawn(layers=[LAYER, {**LAYER, "color": "bleu"}])
    (problem,) = caught.value.problems
    assert problem.where == ("layers", 1)
    assert "bleu" in problem.message


@pytest.mark.parametrize(
    ("changes", "where", "message"),
    [
        ({"title": r"$\frac{1$"}, ("title",), "not mathtext: ParseSyntaxException: Expected"),
        (
            {"axes": {"y": {"label": "$\\nope$"}}},
            ("axes", "y", "label"),
            "not mathtext: ParseFatalException: Unknown symbol",
        ),
        ({"title": "漢"}, ("title",), r"no font of the style has Glyph 28450 (\N{CJK UNIFIED IDEOGRAPH-6F22})"),
    ],
)
def test_a_text_that_cannot_be_set_is_a_problem_at_its_place(changes, where, message):
    with pytest.raises(SpecError) as caught:
        drawn(**changes)
    (problem,) = caught.value.problems
    assert problem.where == where
    assert problem.message.startswith(message)
