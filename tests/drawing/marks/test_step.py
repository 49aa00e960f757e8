import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import X, Y, axes_of, legend, pixels, pixels_by_hand

STEP = {"mark": "step", "x": "x", "y": "y"}


@pytest.mark.parametrize(
    ("hold", "style"), [("after", "steps-post"), ("before", "steps-pre"), ("around", "steps-mid"), (None, "steps-post")]
)
def test_where_a_value_holds(hold, style):
    (line,) = axes_of({**STEP, **({"hold": hold} if hold else {})}).lines
    assert line.get_drawstyle() == style


def test_what_is_said_is_drawn():
    layer = {**STEP, "color": "#d62728", "width": 3, "dash": ":", "opacity": 0.5, "order": 7, "label": "rate"}
    axes = axes_of(layer)
    (line,) = axes.lines
    assert (to_hex(line.get_color()), line.get_linewidth(), line.get_linestyle()) == ("#d62728", 3, ":")
    assert (line.get_alpha(), line.get_zorder(), legend(axes)) == (0.5, 7, ["rate"])


def test_the_rest_is_the_styles():
    first, second = axes_of(STEP, STEP, settings={"lines.linewidth": 4}).lines
    assert (first.get_linewidth(), first.get_color(), second.get_color()) == (4, "#1f77b4", "#ff7f0e")


def test_the_pixels_are_matplotlibs():
    drawn = pixels({**STEP, "hold": "around", "color": "green", "width": 2, "dash": "-."})
    by_hand = pixels_by_hand(lambda axes: axes.step(X, Y, where="mid", color="green", linewidth=2, linestyle="-."))
    np.testing.assert_array_equal(drawn, by_hand)
