import numpy as np
import pytest
from matplotlib.colors import LogNorm

from tests.drawing.marks.helpers import axes_of, pixels, pixels_by_hand, reported

VALUES = np.asarray([[1.0, 2, 3], [4, 5, 6]])
DATA = {
    "z": {"values": VALUES.tolist()},
    "columns": {"values": ["a", "b", "c"]},
    "rows": {"values": ["first", "second"]},
    "x": {"values": [10, 20, 30]},
    "y": {"values": [0.5, 1.5]},
    "days": {"values": ["2025-01-01", "2025-01-02", "2025-01-03"]},
}
HEATMAP = {"mark": "heatmap", "z": "z"}


def drawn(layer=HEATMAP, **changes):
    axes = axes_of(layer, data=DATA, **changes)
    return axes, axes.images[0]


def test_cells_stand_at_whole_numbers_from_above():
    axes, image = drawn()
    np.testing.assert_array_equal(image.get_array(), VALUES)
    assert image.get_extent() == [-0.5, 2.5, 1.5, -0.5]
    assert axes.get_ylim() == (1.5, -0.5)
    assert axes.get_aspect() == 1


def test_cells_stand_at_coordinates():
    _, image = drawn({**HEATMAP, "x": "x", "y": "y", "origin": "lower"})
    assert image.get_extent() == [5, 35, 0, 2]
    _, image = drawn({**HEATMAP, "x": "-x", "y": "y"})
    assert image.get_extent() == [-5, -35, 2, 0]
    _, image = drawn({**HEATMAP, "x": "days"})
    assert image.get_extent()[:2] == [20088.5, 20091.5]
    _, image = drawn({**HEATMAP, "z": "z[:, :1]", "x": "x[:1]"})
    assert image.get_extent()[:2] == [9.5, 10.5]


def test_categories_are_written_at_the_cells():
    axes, _ = drawn({**HEATMAP, "x": "columns", "y": "rows"})
    assert (axes.get_xticks().tolist(), axes.get_yticks().tolist()) == ([0, 1, 2], [0, 1])
    assert [text.get_text() for text in axes.get_xticklabels()] == ["a", "b", "c"]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["first", "second"]


def test_what_is_said_is_drawn():
    layer = {**HEATMAP, "aspect": "auto", "colormap": "magma", "color_limits": [0, 10], "opacity": 0.5, "order": 7}
    axes, image = drawn({**layer, "colorbar": {"label": "z"}})
    assert axes.get_aspect() == "auto"
    assert (image.get_cmap().name, image.get_clim()) == ("magma", (0, 10))
    assert (image.get_alpha(), image.get_zorder()) == (0.5, 7)
    assert axes.figure.axes[1].get_ylabel() == "z"


def test_the_rest_is_the_styles():
    axes, image = drawn(settings={"image.cmap": "gray", "image.origin": "lower", "image.aspect": "auto"})
    assert (image.get_cmap().name, image.origin, axes.get_aspect()) == ("gray", "lower", "auto")
    assert image.get_extent() == [-0.5, 2.5, -0.5, 1.5]


@pytest.mark.parametrize("grid", [True, False])
def test_no_grid_lines_on_the_cells(grid):
    settings = {"axes.grid": grid, "axes.grid.which": "both", "xtick.minor.visible": True, "axes.axisbelow": True}
    axes, _ = drawn(settings=settings)
    ticks = [*axes.xaxis.get_major_ticks(), *axes.xaxis.get_minor_ticks(), *axes.yaxis.get_major_ticks()]
    assert len(ticks) > 10
    assert not any(tick.gridline.get_visible() for tick in ticks)


def test_values_are_written_in_black_or_white():
    axes, _ = drawn({**HEATMAP, "z": "z - 2", "x": "x", "values": ".1f", "colormap": "gray", "order": 7})
    assert [text.get_text() for text in axes.texts] == ["−1.0", "0.0", "1.0", "2.0", "3.0", "4.0"]
    assert [text.get_position() for text in axes.texts][:4] == [(10, 0), (20, 0), (30, 0), (10, 1)]
    assert [text.get_color() for text in axes.texts] == ["white", "white", "white", "black", "black", "black"]
    assert {text.get_zorder() for text in axes.texts} == {7}


def test_faint_cells_are_as_bright_as_what_is_behind():
    axes, _ = drawn({**HEATMAP, "values": "d", "colormap": "gray", "opacity": 0.1})
    assert {text.get_color() for text in axes.texts} == {"black"}
    axes, _ = drawn(
        {**HEATMAP, "values": "d", "colormap": "gray", "opacity": 0.1}, settings={"axes.facecolor": "black"}
    )
    assert {text.get_color() for text in axes.texts} == {"white"}


def test_values_outside_the_limits_are_not_drawn():
    axes, _ = drawn({**HEATMAP, "values": "d"})
    assert [text.get_clip_on() for text in axes.texts] == [True] * 6


def test_values_are_opaque_on_cells_that_are_not():
    axes, image = drawn({**HEATMAP, "values": "d", "opacity": 0.5})
    assert image.get_alpha() == 0.5
    assert {text.get_alpha() for text in axes.texts} == {None}


def test_a_log_scale():
    _, image = drawn({**HEATMAP, "color_scale": "log"})
    assert isinstance(image.norm, LogNorm)
    assert (image.norm.vmin, image.norm.vmax) == (1, 6)


UNEVEN = "must be evenly spaced numbers, or strings (categories)"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"z": "x"}, "layers[0]: 'z' must be a matrix, not an array of shape (3,)"),
        ({"x": "y"}, "layers[0]: shapes do not match: 'x' has shape (2,), 'z' has 3 columns"),
        ({"y": "x"}, "layers[0]: shapes do not match: 'y' has shape (3,), 'z' has 2 rows"),
        ({"x": "x ** 2"}, f"layers[0]: 'x' {UNEVEN}"),
        ({"x": "1e-9 * x ** 2"}, f"layers[0]: 'x' {UNEVEN}"),
        ({"y": "0 * y"}, f"layers[0]: 'y' {UNEVEN}"),
        (
            {"color_scale": "log", "z": "z - 2"},
            "layers[0]: 2 of 6 values are not positive, as 'color_scale: log' requires: minimum -1",
        ),
        (
            {"label": "a"},
            "layers[0].label: unknown key 'label'",
        ),
        ({"color_limits": [2, 1]}, "layers[0].color_limits: 'color_limits' must be strictly increasing"),
        (
            {"color_limits": [0, 1], "color_scale": "log"},
            "layers[0].color_limits: 'color_limits' must be greater than 0 with 'color_scale: log'",
        ),
        (
            {"color_center": 1, "color_scale": "log"},
            "layers[0].color_center: 'color_center' cannot be combined with 'color_scale: log'",
        ),
        (
            {"color_center": 1, "color_limits": [0, None]},
            "layers[0].color_center: 'color_center' must be between the two 'color_limits', if they are set",
        ),
        (
            {"color_center": 2, "color_limits": [2, 3]},
            "layers[0].color_center: 'color_center' must be between the two 'color_limits', if they are set",
        ),
        (
            {"color_center": 3, "color_limits": [2, 3]},
            "layers[0].color_center: 'color_center' must be between the two 'color_limits', if they are set",
        ),
        (
            {"color_center": 1, "color_limits": [2, 3]},
            "layers[0].color_center: 'color_center' must be between the two 'color_limits', if they are set",
        ),
    ],
)
def test_what_cannot_be_drawn(changes, message):
    assert reported({**HEATMAP, **changes}, data=DATA) == message


@pytest.mark.parametrize("origin", ["upper", "lower"])
def test_the_pixels_are_matplotlibs(origin):
    def by_hand(axes):
        axes.figure.colorbar(axes.imshow(VALUES, origin=origin, aspect="auto", cmap="Blues"), ax=axes, label="z")
        for row in range(2):
            for column in range(3):
                color = "white" if VALUES[row, column] > 4 else "black"
                axes.text(column, row, f"{VALUES[row, column]:.1f}", color=color, ha="center", va="center")
        axes.set_xticks(range(3), labels=["a", "b", "c"])
        axes.grid(visible=False)

    layer = {**HEATMAP, "x": "columns", "origin": origin, "aspect": "auto", "values": ".1f", "colormap": "Blues"}
    settings = {"axes.grid": True}
    expected = pixels_by_hand(by_hand, settings)
    np.testing.assert_array_equal(pixels({**layer, "colorbar": {"label": "z"}}, data=DATA, settings=settings), expected)
