import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import X, Y, axes_of, legend, pixels, pixels_by_hand, problem

LINE = {"mark": "line", "x": "x", "y": "y"}
SPAN = {"mark": "span"}


def box(patch):
    return patch.get_patch_transform().transform_path(patch.get_path()).get_extents().extents.tolist()


def test_along_the_horizontal_axis():
    (span,) = axes_of({**SPAN, "x": [1, "max(x)"]}).patches
    assert box(span) == [1, 0, 4, 1]


def test_along_the_vertical_axis():
    (span,) = axes_of({**SPAN, "y": ["min(y)", 2]}).patches
    assert box(span) == [0, 1, 1, 2]


def test_several_with_one_entry_in_the_legend():
    axes = axes_of({**SPAN, "x": ["x", "x + 0.5"], "label": "warm-up"})
    assert [box(span)[0] for span in axes.patches] == [0, 1, 2, 3, 4]
    assert legend(axes) == ["warm-up"]


def test_from_one_date_to_another():
    (span,) = axes_of({**LINE, "x": "days"}, {**SPAN, "x": ["days[1]", "days[3]"]}).patches
    assert box(span) == [20090, 0, 20092, 1]


def test_from_one_category_to_another():
    (span,) = axes_of({**LINE, "x": "names"}, {**SPAN, "x": ["names[1]", "names[3]"]}).patches
    assert box(span) == [1, 0, 3, 1]


def test_what_is_said_is_drawn():
    (span,) = axes_of({**SPAN, "x": [1, 2], "color": "#d62728", "opacity": 0.5, "order": 7}).patches
    assert (to_hex(span.get_facecolor()), span.get_alpha(), span.get_zorder()) == ("#d62728", 0.5, 7)


def test_the_rest_is_the_styles():
    (span,) = axes_of({**SPAN, "x": [1, 2]}, settings={"patch.facecolor": "#aaaaaa"}).patches
    assert (to_hex(span.get_facecolor()), span.get_alpha(), span.get_linewidth()) == ("#aaaaaa", 0.2, 0)


@pytest.mark.parametrize(
    ("changes", "where", "message"),
    [
        ({}, ("layers", 0), "'x' or 'y' is missing"),
        ({"x": [1, 2], "y": [1, 2]}, ("layers", 0, "y"), "'y' cannot be combined with 'x'"),
        ({"x": ["x", 2]}, ("layers", 0), "expected as many starts as ends, found 5 and 1"),
        ({"x": 1}, ("layers", 0, "x"), "expected a list (start and end along the horizontal axis), found 1"),
    ],
)
def test_from_and_to(changes, where, message):
    assert problem({**SPAN, **changes}) == (where, message)


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        axes.axvspan(1, 2.5, facecolor="green", linewidth=0, alpha=0.3)
        axes.axhspan(0, 2, facecolor="C0", linewidth=0, alpha=0.2)
        axes.plot(X, Y)

    spans = [{**SPAN, "x": [1, 2.5], "color": "green", "opacity": 0.3}, {**SPAN, "y": [0, 2]}]
    np.testing.assert_array_equal(pixels(*spans, LINE), pixels_by_hand(by_hand))
