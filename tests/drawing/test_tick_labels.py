"""Ticks that figgen chooses are at round numbers, and its labels are in one notation that shows all they differ in."""

import numpy as np
import pytest

from figgen.review.visible import shown_ticks
from tests.draw_figures import drawn

LINE = {"mark": "line", "x": "x", "y": "x"}
Z = {"data": {"z": {"values": [[4, 20], [30, 60]]}}}
HEATMAP = {"mark": "heatmap", "z": "z", "color_scale": "log", "colorbar": {}}


def labels(axis):
    """Return the labels of the ticks that are shown, by their positions, once the figure is laid out."""
    axis.figure.draw_without_rendering()
    ticks = [*shown_ticks(axis, minor=False), *shown_ticks(axis, minor=True)]
    texts = {float(f"{position:.12g}"): tick.label1.get_text() or tick.label2.get_text() for position, tick in ticks}
    return {position: text.replace(r"\mathdefault", "") for position, text in sorted(texts.items()) if text}


def x_axis(low, high, **axis):
    figure = drawn(data={"x": {"values": [low, high]}}, layers=[LINE], axes={"x": axis})
    return figure.axes[0].xaxis


def plain(*numbers):
    return {float(number): number for number in numbers}


@pytest.mark.parametrize(
    ("low", "high", "axis", "expected"),
    [
        (4, 60, {}, plain("5", "10", "20", "50")),
        (0.3, 4.5, {}, plain("0.5", "1", "2", "5")),
        (1, 10, {"limits": [1, 10]}, plain("1", "2", "5", "10")),
        (4, 7, {}, plain("4", "5", "6", "7")),
        (2.1, 2.2, {}, plain("2.10", "2.12", "2.14", "2.16", "2.18", "2.20")),
        (4e6, 6e7, {}, {5e6: r"${5\times10^{6}}$", 1e7: r"${1\times10^{7}}$", 2e7: r"${2\times10^{7}}$", 5e7: r"${5\times10^{7}}$"}),
        (5, 7, {"base": 2}, plain("5", "6", "7")),
        (5, 70, {"base": 2}, {8: "${2^{3}}$", 16: "${2^{4}}$", 32: "${2^{5}}$", 64: "${2^{6}}$"}),
        (1, 100, {}, {1: "${10^{0}}$", 10: "${10^{1}}$", 100: "${10^{2}}$"}),
        # Positions of the config are labelled, all of them, in one notation.
        (1, 100, {"ticks": {"at": [1, 2, 50]}}, plain("1", "2", "50")),
        (1, 100, {"ticks": {"at": [1, 100]}}, {1: "${10^{0}}$", 100: "${10^{2}}$"}),
        (1e-4, 100, {"ticks": {"at": [2e-4, 100]}}, {2e-4: r"${2\times10^{-4}}$", 100: r"${1\times10^{2}}$"}),
        (1, 100, {"ticks": {"every": 30}}, plain("30", "60", "90", "120")),
        (2, 11, {"ticks": {"format": ".1f"}}, {2: "2.0", 5: "5.0", 10: "10.0"}),
    ],
)  # fmt: skip
def test_labels_of_a_log_axis(low, high, axis, expected):
    assert labels(x_axis(low, high, **{"scale": "log", **axis})) == expected


@pytest.mark.parametrize(
    ("low", "high", "threshold", "expected"),
    [
        (500, 1000, 1, plain("500", "600", "700", "800", "900", "1000")),
        (-0.4, 0.7, 1, {-0.4: "−0.4", -0.2: "−0.2", 0: "0.0", 0.2: "0.2", 0.4: "0.4", 0.6: "0.6"}),
        (-100, 100, 1, {-100: "${-10^{2}}$", -10: "${-10^{1}}$", -1: "${-10^{0}}$", 0: "${0}$", 1: "${10^{0}}$", 10: "${10^{1}}$", 100: "${10^{2}}$"}),
    ],
)  # fmt: skip
def test_labels_of_a_symlog_axis(low, high, threshold, expected):
    assert labels(x_axis(low, high, scale="symlog", threshold=threshold)) == expected


def test_no_tick_is_near_0_on_a_symlog_axis_for_rounding_its_threshold_down():
    for threshold in (10, 100, 1000, 1e6):
        positions = labels(x_axis(-100 * threshold, 100 * threshold, scale="symlog", threshold=threshold))
        assert [*positions] == [factor * threshold for factor in (-100, -10, -1, 0, 1, 10, 100)]


def test_labels_of_a_second_scale_of_a_log_axis():
    axis = x_axis(4, 20, scale="log", secondary={"forward": "x / 4", "inverse": "4 * x"})
    assert labels(axis.axes.child_axes[0].xaxis) == plain("1", "2", "5")


@pytest.mark.parametrize("place", ["right", "bottom"])
def test_labels_of_a_colorbar_on_a_log_scale(place):
    for number_format, expected in ((None, "10"), (".1f", "10.0")):
        bar = {"place": place, **({"format": number_format} if number_format else {})}
        _, bar = drawn(**Z, layers=[{**HEATMAP, "colorbar": bar}]).axes
        found = labels(bar.yaxis if place == "right" else bar.xaxis)
        assert [*found] == [5, 10, 20, 50]
        assert found[10] == expected


def test_a_log_axis_may_span_all_floats():
    axis = x_axis(1, 10, scale="log", limits=[1e-300, 1e300])
    assert len(labels(axis)) >= 2


def dates(first, last, **ticks):
    data = {"x": {"values": [first, last]}, "y": {"values": [1, 2]}}
    figure = drawn(data=data, layers=[{**LINE, "y": "y"}], axes={"x": {"ticks": ticks}})
    return figure.axes[0].xaxis


@pytest.mark.parametrize(
    ("first", "last", "ticks", "texts", "offset"),
    [
        ("2024-02-01", "2024-05-01", {"every": 30}, ["17 Feb", "18 Mar", "17 Apr"], "2024"),
        ("2024-11-01", "2025-02-01", {"every": 30}, ["13 Nov\n2024", "13 Dec", "12 Jan\n2025"], ""),
        ("2022-01-01", "2025-01-01", {"at": [18993, 19358, 19723]}, ["2022", "2023", "2024"], ""),
        ("2022-02-01", "2022-06-01", {"at": [19024, 19083]}, ["Feb", "Apr"], "2022"),
        ("2022-02-01", "2024-06-01", {"at": [19024, 19389]}, ["Feb\n2022", "Feb\n2023"], ""),
        ("2022-02-01", "2024-06-01", {"at": [19024, 19083, 19389, 19448]}, ["Feb\n2022", "Apr", "Feb\n2023", "Apr 2023"], None),
        ("2022-02-01", "2022-02-02", {"every": 0.25}, ["00:00", "06:00", "12:00", "18:00", "00:00"], None),
    ],
)  # fmt: skip
def test_labels_of_dates_at_positions_of_the_config(first, last, ticks, texts, offset):
    axis = dates(first, last, **ticks)
    found = [*labels(axis).values()]
    if offset is None:  # a day, or a month and day, would be there twice
        assert len(set(found)) == len(found)
        assert all(text.split()[0] == short.split()[0] or ":" in text for text, short in zip(found, texts, strict=True))
    else:
        assert (found, axis.get_offset_text().get_text()) == (texts, offset)


def test_labels_of_dates_without_ticks():
    assert labels(dates("2024-02-01", "2024-05-01", at=[])) == {}


def test_clock_times_of_one_day():
    axis = dates("2022-02-01", "2022-02-01", at=[19024.25, 19024.5])
    assert [*labels(axis).values()] == ["06:00", "12:00"]
    assert axis.get_offset_text().get_text() == "01 Feb 2022"
    assert np.all(np.diff(axis.get_majorticklocs()) > 0)
