"""Axes are drawn once all layers are: their limits are those that are set, and their ticks are within them."""

import matplotlib as mpl
import numpy as np
import pytest

from figgen.config.validate import validate_partially
from figgen.review.visible import shown_ticks
from tests.draw_figures import assert_same_picture, context, draw_figure, drawn, problems

DATA = {"x": {"linspace": [1, 9, 5]}, "p": {"linspace": [0.1, 0.9, 5]}}
LAYER = {"mark": "line", "x": "x", "y": "x"}
# For each scale: the channel, keys of the axis, limits within which all data are, and a tick inside and one outside.
SCALES = {
    "linear": ("x", {}, (0, 10), 5, 20),
    "log": ("x", {"scale": "log"}, (0.5, 10), 5, 20),
    "symlog": ("x", {"scale": "symlog", "threshold": 2}, (-3, 10), 5, -20),
    "logit": ("p", {"scale": "logit"}, (0.01, 0.99), 0.5, 0.999),
}


def one_axis(name, channel, **axis):
    """Return a figure whose data are on an axis of this name."""
    layer = {"mark": "line", "x": channel, "y": channel, "on": "right" if name == "right" else "left"}
    return {"data": DATA, "layers": [layer], "axes": {name: axis}}


def limits(name, figure):
    axes = figure.axes[1 if name == "right" else 0]
    return axes.get_xlim() if name == "x" else axes.get_ylim()


@pytest.mark.parametrize("name", ["x", "y", "right"])
@pytest.mark.parametrize(("channel", "axis", "ends", "inside", "outside"), SCALES.values(), ids=SCALES)
def test_ticks_never_move_limits_that_are_set(name, channel, axis, ends, inside, outside):
    figure = drawn(**one_axis(name, channel, **axis, limits=ends, ticks={"at": [inside]}))
    assert limits(name, figure) == ends
    (problem,) = problems(**one_axis(name, channel, **axis, limits=ends, ticks={"at": [inside, outside]}))
    message = f"the tick at {outside:g} is outside the limits, {ends[0]:g} to {ends[1]:g}"
    assert problem == (("axes", name, "ticks", "at", 1), message)


@pytest.mark.parametrize(("channel", "axis", "ends", "inside", "outside"), SCALES.values(), ids=SCALES)
def test_of_half_open_limits_only_the_other_end_makes_room_for_ticks(channel, axis, ends, inside, outside):
    upwards = outside > ends[1]
    half = (ends[0], None) if upwards else (None, ends[1])
    figure = drawn(**one_axis("x", channel, **axis, limits=half, ticks={"at": [inside, outside]}))
    assert limits("x", figure) == ((ends[0], outside) if upwards else (outside, ends[1]))
    closed = (None, ends[1]) if upwards else (ends[0], None)
    ((where, _),) = problems(**one_axis("x", channel, **axis, limits=closed, ticks={"at": [inside, outside]}))
    assert where == ("axes", "x", "ticks", "at", 1)


def test_free_limits_make_room_for_ticks_as_in_matplotlib():
    def by_hand(_, axes):
        axes.plot(np.linspace(1, 9, 5), np.linspace(1, 9, 5))
        axes.set_xticks([-3, 5, 20])

    assert_same_picture(by_hand, **one_axis("x", "x", ticks={"at": [-3, 5, 20]}))


def test_a_tick_that_the_scale_cannot_show():
    assert problems(**one_axis("y", "x", scale="log", ticks={"at": [0, 1]})) == [
        (("axes", "y", "ticks", "at"), "tick 0 cannot be shown on a log axis")
    ]


def test_ticks_of_categories_do_not_move_limits():
    data = {"x": {"values": ["a", "b", "c"]}, "y": {"values": [1, 2, 3]}}
    bars = {"mark": "bar", "x": "x", "y": "y"}
    (axes,) = drawn(data=data, layers=[bars], axes={"x": {"limits": [-0.5, 1.5]}}).axes
    assert axes.get_xlim() == (-0.5, 1.5)
    (axes,) = drawn(data=data, layers=[bars], axes={"x": {"ticks": {"at": [0, 2]}}}).axes
    axes.figure.draw_without_rendering()
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "c"]


def shared(first, second, second_layer=LAYER, data=DATA):
    """Return a figure of two panels that share their x axis, which has these keys in each of them."""
    panels = [{"layers": [LAYER], "axes": {"x": first}}, {"layers": [second_layer], "axes": {"x": second}}]
    return {"data": data, "panels": panels, "grid": {"share_x": "all"}}


def test_ticks_of_one_panel_do_not_move_limits_of_another():
    for first, second, where in (
        ({"limits": [0, 10]}, {"ticks": {"at": [5, 20]}}, ("panels", 1, "axes", "x", "ticks", "at", 1)),
        ({"ticks": {"at": [20, 5]}}, {"limits": [0, 10]}, ("panels", 0, "axes", "x", "ticks", "at", 0)),
        ({"limits": [0, None]}, {"ticks": {"at": [-5, 5]}}, ("panels", 1, "axes", "x", "ticks", "at", 0)),
    ):
        assert [found for found, _ in problems(**shared(first, second))] == [where]
    figure = drawn(**shared({"limits": [0, None]}, {"ticks": {"at": [5, 20]}}))
    assert [axes.get_xlim() for axes in figure.axes] == [(0, 20)] * 2


def test_the_end_of_shared_half_open_limits_is_from_the_data_of_all_panels():
    figure = drawn(**shared({"limits": [0, None]}, {}, second_layer={**LAYER, "x": "10 * x"}))
    assert [axes.get_xlim() for axes in figure.axes] == [(0, 94.45)] * 2


def test_panels_that_share_an_axis_share_its_ticks_and_scale():
    figure = drawn(**shared({"scale": "log", "ticks": {"at": [2, 8], "labels": ["two", "eight"]}}, {"scale": "log"}))
    figure.draw_without_rendering()
    for axes in figure.axes:
        assert [(at, tick.label1.get_text()) for at, tick in shown_ticks(axes.xaxis, minor=False)] == [(2, "two"), (8, "eight")]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        ({"scale": "log"}, {}, "scale"),
        ({"scale": "log", "base": 2}, {"scale": "log"}, "scale"),
        ({"limits": [0, 10]}, {"limits": [0, 20]}, "limits"),
        ({"ticks": {"at": [2, 8]}}, {"ticks": {"every": 2}}, "ticks"),
        ({"ticks": {"format": ".1f"}}, {"ticks": {"format": ".2f"}}, "ticks"),
    ],
)
def test_panels_that_share_an_axis_do_not_contradict_each_other(first, second, key):
    message = f"panel 1 and panel 2 share this axis, and need the same {key}"
    assert problems(**shared(first, second)) == [(("panels", 1, "axes", "x", key), message)]


def test_panels_that_share_an_axis_have_the_same_categories():
    data = {"a": {"values": ["a", "b"]}, "b": {"values": ["b", "a"]}, "y": {"values": [1, 2]}}
    panels = [{"layers": [{"mark": "bar", "x": x, "y": "y"}]} for x in "ab"]
    message = "panel 1 and panel 2 share this axis, and need the same categories"
    assert problems(data=data, panels=panels, grid={"share_x": "all"}) == [(("panels", 1, "axes", "x"), message)]
    figure = drawn(data=data, panels=[panels[0]] * 2, grid={"share_x": "all"})
    figure.draw_without_rendering()
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["a", "b"]


@pytest.mark.parametrize("name", ["x", "y"])
@pytest.mark.parametrize("others", [{}, {"scale": "symlog", "threshold": 5}])
def test_the_margins_of_an_axis_are_a_share_of_its_length_on_the_scale(name, others):
    other = "y" if name == "x" else "x"
    figure = drawn(
        data={"x": {"linspace": [500, 1000, 3]}},
        layers=[LAYER],
        axes={name: {"scale": "symlog", "threshold": 1}, other: others},
    )
    assert limits(name, figure) == pytest.approx((482.968, 1035.265), abs=1e-3)


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_labels_are_aligned_with_their_ticks_also_those_of_ticks_made_later(align):
    (axes,) = drawn(**one_axis("x", "x", ticks={"rotation": 45, "align": align})).axes
    axes.figure.draw_without_rendering()
    ticks = shown_ticks(axes.xaxis, minor=False)
    assert len(ticks) > 3
    for position, tick in ticks:
        box, (place, _) = tick.label1.get_window_extent(), axes.transData.transform((position, 5))
        side = {"left": box.x0, "center": (box.x0 + box.x1) / 2, "right": box.x1}[align]
        assert side == pytest.approx(place, abs=1)


def test_labels_of_a_y_axis_cannot_be_aligned():
    from figgen.errors import SpecError

    with pytest.raises(SpecError, match="'align' is for tick labels of an x axis"):
        drawn(**one_axis("y", "x", ticks={"align": "left"}))


def test_number_formats_use_a_minus_sign():
    (axes,) = drawn(**one_axis("x", "x - 5", ticks={"format": ".1f", "at": [-4, 4]})).axes
    axes.figure.draw_without_rendering()
    assert [label.get_text() for label in axes.get_xticklabels()] == ["−4.0", "4.0"]
    assert mpl.rcParams["axes.unicode_minus"]


def test_axes_that_are_not_visible_are_not_drawn_on_any_side():
    """A second scale is refused beside `visible: false`, but the defaults of a folder may set one."""
    line = {"mark": "line", "x": "x", "y": "x"}
    axes = {"visible": False, "x": {"secondary": {"forward": "2 * x", "inverse": "x / 2"}}}
    document = {"alt": "a", "data": {"x": {"values": [0, 1]}}, "layers": [line, line | {"on": "right"}], "axes": axes}
    figure, unused = validate_partially(document)
    assert [problem.where for problem in unused] == [("axes", "x", "secondary")]
    with context():
        drawn = draw_figure(figure)
    assert [(axes.axison, axes.child_axes) for axes in drawn.axes] == [(False, []), (False, [])]
