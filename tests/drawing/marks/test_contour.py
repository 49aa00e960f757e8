import numpy as np
import pytest
from matplotlib.colors import LogNorm, to_hex

from tests.drawing.marks.helpers import axes_of, pixels, pixels_by_hand, reported

XS, YS = np.linspace(-2, 2, 21), np.linspace(-1, 1, 11)
ZS = XS**2 + YS.reshape(11, 1) ** 2
DATA = {
    "x": {"linspace": [-2, 2, 21]},
    "y": {"linspace": [-1, 1, 11]},
    "z": {"expr": "x ** 2 + reshape(y, 11, 1) ** 2"},
}
CONTOUR = {"mark": "contour", "x": "x", "y": "y", "z": "z"}


def drawn(layer=CONTOUR, **changes):
    axes = axes_of(layer, data=DATA, **changes)
    return axes, axes.collections


def test_lines_at_round_levels():
    _, (lines,) = drawn()
    assert not lines.filled
    np.testing.assert_allclose(lines.levels, [0, 0.8, 1.6, 2.4, 3.2, 4, 4.8, 5.6])
    for level, segments in list(zip(lines.levels, lines.allsegs, strict=True))[1:4]:
        for segment in segments:
            np.testing.assert_allclose(np.sum(segment**2, axis=1), level, atol=0.02)


@pytest.mark.parametrize(("levels", "expected"), [(2, [0, 2, 4, 6]), ([1, 2.5], [1, 2.5])])
def test_levels(levels, expected):
    _, (lines,) = drawn({**CONTOUR, "levels": levels})
    assert lines.levels.tolist() == expected


def test_coordinates_of_each_value():
    layer = {**CONTOUR, "x": "x + 0 * z", "y": "reshape(y, 11, 1) + 0 * z", "levels": [1]}
    _, (lines,) = drawn(layer)
    _, (same,) = drawn({**CONTOUR, "levels": [1]})
    np.testing.assert_array_equal(lines.allsegs[0][0], same.allsegs[0][0])


def test_areas():
    axes, (areas,) = drawn({**CONTOUR, "form": "filled", "opacity": 0.5, "order": 7, "colorbar": {"label": "z"}})
    assert areas.filled
    assert (areas.get_alpha(), areas.get_zorder(), areas.extend) == (0.5, 7, "neither")
    assert axes.figure.axes[1].get_ylabel() == "z"


@pytest.mark.parametrize(("extend", "expected"), [("below", "min"), ("above", "max"), ("both", "both")])
def test_areas_beyond_the_levels(extend, expected):
    _, (areas,) = drawn({**CONTOUR, "form": "filled", "levels": [1, 2], "extend": extend})
    assert areas.extend == expected


def test_lines_on_areas():
    _, (areas, lines) = drawn({**CONTOUR, "form": "both", "levels": 3, "line_width": 3}, settings={"text.color": "red"})
    assert (areas.filled, lines.filled) == (True, False)
    assert areas.levels.tolist() == lines.levels.tolist()
    assert {to_hex(color) for color in lines.get_edgecolor()} == {"#ff0000"}
    assert set(lines.get_linewidth()) == {3}
    _, (areas, lines) = drawn({**CONTOUR, "form": "both", "levels": 3, "extend": "both"})
    assert areas.levels.tolist() == lines.levels.tolist() == [1.5, 3, 4.5]


def test_lines_of_one_colour():
    _, (lines,) = drawn({**CONTOUR, "line_color": "green"})
    assert {to_hex(color) for color in lines.get_edgecolor()} == {"#008000"}


def test_the_rest_is_the_styles():
    _, (lines,) = drawn(settings={"image.cmap": "gray", "contour.linewidth": 4})
    assert (lines.get_cmap().name, set(lines.get_linewidth())) == ("gray", {4})


def test_levels_are_written_on_the_lines():
    axes, _ = drawn({**CONTOUR, "z": "-z", "levels": [-2, -1], "values": ".1f"})
    assert {text.get_text() for text in axes.texts} == {"−2.0", "−1.0"}


def test_a_log_scale():
    _, (lines,) = drawn({**CONTOUR, "z": "z + 0.01", "color_scale": "log"})
    assert isinstance(lines.norm, LogNorm)
    np.testing.assert_allclose(lines.levels, [0.001, 0.01, 0.1, 1, 10])


def test_the_styles_grid_lies_below_the_areas():
    below = {"axes.grid": True, "axes.axisbelow": "line"}
    axes, (areas,) = drawn({**CONTOUR, "form": "filled"}, settings=below)
    assert axes.xaxis.get_zorder() < areas.get_zorder()
    assert drawn({**CONTOUR, "form": "filled"})[0].get_axisbelow() == "line"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"z": "x"}, "layers[0]: 'z' must be a matrix of at least two rows and columns, not an array of shape (21,)"),
        (
            {"x": "y"},
            "layers[0]: shapes do not match: 'x' has shape (11,), 'y' has shape (11,), 'z' has shape (11, 21)",
        ),
        (
            {"x": "z"},
            "layers[0]: shapes do not match: 'x' has shape (11, 21), 'y' has shape (11,), 'z' has shape (11, 21)",
        ),
        ({"z": "0 * z + 3"}, "layers[0]: 'z' is 3 everywhere: there are no contours to draw"),
        ({"levels": [7, 8]}, "layers[0]: no level is between the minimum of 'z', 0, and its maximum, 5"),
        ({"levels": [5]}, "layers[0]: no level is between the minimum of 'z', 0, and its maximum, 5"),
        ({"levels": [0]}, "layers[0]: no level is between the minimum of 'z', 0, and its maximum, 5"),
        (
            {"levels": [5, 8], "form": "filled"},
            "layers[0]: no level is between the minimum of 'z', 0, and its maximum, 5",
        ),
        (
            {"levels": [-1, 0], "form": "filled"},
            "layers[0]: no level is between the minimum of 'z', 0, and its maximum, 5",
        ),
        (
            {"levels": [7, 8], "form": "filled"},
            "layers[0]: no level is between the minimum of 'z', 0, and its maximum, 5",
        ),
        (
            {"color_scale": "log"},
            "layers[0]: 1 of 231 values are not positive, as 'color_scale: log' requires: minimum 0",
        ),
        ({"levels": [2, 1]}, "layers[0].levels: 'levels' must be strictly increasing"),
        ({"levels": [2], "form": "filled"}, "layers[0].levels: 'form: filled' requires at least two 'levels'"),
        ({"extend": "both"}, "layers[0].extend: 'extend' requires 'form: filled' or 'form: both'"),
        ({"form": "filled", "values": "g"}, "layers[0].values: 'values' cannot be combined with 'form: filled'"),
        (
            {"line_color": "k", "colormap": "gray"},
            "layers[0].colormap: 'colormap' cannot be combined with 'line_color', which is one colour for all lines",
        ),
        (
            {"label": "a"},
            "layers[0].label: unknown key 'label'",
        ),
    ],
)
def test_what_cannot_be_drawn(changes, message):
    assert reported({**CONTOUR, **changes}, data=DATA) == message


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        areas = axes.contourf(XS, YS, ZS, levels=[0.5, 1, 2], extend="both", cmap="magma", alpha=0.8)
        axes.clabel(axes.contour(XS, YS, ZS, levels=[0.5, 1, 2], colors="k", linewidths=0.5, alpha=0.8), fmt="%.1f")
        axes.figure.colorbar(areas, ax=axes)

    layer = {**CONTOUR, "form": "both", "levels": [0.5, 1, 2], "extend": "both", "colormap": "magma", "opacity": 0.8}
    drawn = pixels({**layer, "line_width": 0.5, "values": ".1f", "colorbar": {}}, data=DATA)
    np.testing.assert_array_equal(drawn, pixels_by_hand(by_hand))


def test_the_pixels_of_coloured_lines_are_matplotlibs():
    expected = pixels_by_hand(lambda axes: axes.contour(XS, YS, ZS, 5, linewidths=2))
    np.testing.assert_array_equal(pixels({**CONTOUR, "levels": 5, "line_width": 2}, data=DATA), expected)
