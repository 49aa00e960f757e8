import numpy as np
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import X, Y, axes_of, legend, pixels, pixels_by_hand, problem

STEM = {"mark": "stem", "x": "x", "y": "y"}


def parts(*layers, **changes):
    return axes_of(*layers, **changes).containers[0]


def test_a_stem_reaches_from_the_base_to_its_point():
    heads, stems, base = parts({**STEM, "base": 1})
    np.testing.assert_array_equal(heads.get_xydata(), np.column_stack([X, Y]))
    assert stems.get_segments()[3].tolist() == [[3, 1], [3, 5]]
    assert base.get_ydata().tolist() == [1, 1]


def test_what_is_said_is_drawn():
    layer = {**STEM, "color": "#d62728", "width": 3, "marker": "s", "marker_size": 9, "opacity": 0.5, "order": 7}
    heads, stems, base = parts(layer)
    assert (to_hex(heads.get_color()), heads.get_marker(), heads.get_markersize()) == ("#d62728", "s", 9)
    assert to_hex(stems.get_color()[0]) == "#d62728"
    assert stems.get_linewidth() == 3
    assert {(part.get_alpha(), part.get_zorder()) for part in (heads, stems, base)} == {(0.5, 7)}


def test_the_rest_is_the_styles():
    settings = {"lines.linewidth": 4, "lines.markersize": 2, "axes.edgecolor": "#aaaaaa", "axes.linewidth": 0.5}
    heads, stems, base = parts(STEM, settings=settings)
    assert (to_hex(heads.get_color()), heads.get_markersize(), heads.get_marker()) == ("#1f77b4", 2, "o")
    assert stems.get_linewidth() == 4
    assert (to_hex(base.get_color()), base.get_linewidth(), base.get_ydata().tolist()) == ("#aaaaaa", 0.5, [0, 0])


def test_its_label_is_in_the_legend_once():
    assert legend(axes_of({**STEM, "label": "weights"})) == ["weights"]


def test_the_base_is_one_number():
    assert problem({**STEM, "base": "z"}) == (("layers", 0), "'base' must be a single number, not 5 values")


def test_a_base_has_a_place_on_the_axis():
    where, message = problem({**STEM, "base": 0}, axes={"y": {"scale": "log"}})
    assert where == ("layers", 0, "base")
    assert message == "1 of 1 values cannot be shown on a log axis, the first (0) at index []"


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        heads, stems, base = axes.stem(X, Y, bottom=1, linefmt="C2-", markerfmt="D", basefmt="k-")
        heads.set_markersize(8)
        stems.set_linewidth(3)
        base.set_linewidth(0.8)

    layer = {**STEM, "base": 1, "color": "C2", "marker": "D", "marker_size": 8, "width": 3}
    np.testing.assert_array_equal(pixels(layer), pixels_by_hand(by_hand))
