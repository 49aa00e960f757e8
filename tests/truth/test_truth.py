"""What a figure shows is what its data say: random figures of every mark are read back from what is drawn.

Each is drawn or refused. What is drawn is judged by `judge`, which knows nothing of figgen's review. The figures are
made so that each is true; few are refused, for texts that have no room.
"""

import copy
from functools import cache, partial

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, currently_in_test_context, event, given, settings
from matplotlib.patches import Rectangle

from figgen.config.spec.marks import MARKS
from figgen.data.sample import sample
from figgen.drawing import draw
from figgen.errors import SpecError
from figgen.review import find_layout_problems
from tests.draw_figures import figure, fonts, no_files
from tests.truth import specs
from tests.truth.judge import judge
from tests.truth.labels import read_dates, read_numbers

# Without shrinking, which takes minutes: the figures are small.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
property_test = partial(settings, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
FONTS = cache(fonts)
NO_ROOM = {"overlap", "cut", "small", "hidden"}  # checks of texts, which random figures need not pass


def examine(document, *, tamper=None, reviewed=True, told=None):
    """Draw a config, and return what is false in its picture; None if figgen refuses it.

    `tamper` changes the drawn figure; `told` is the config that it is judged by, if not this one.
    """
    spec = figure(**document)
    try:
        samples = sample(spec, no_files)
        with draw(spec, samples, {}, FONTS()) as drawn:
            drawn.canvas.draw()
            problems = find_layout_problems(spec, drawn, int(drawn.bbox.width)) if reviewed else {}
            refused = [found.message for name in problems.keys() - NO_ROOM for found in problems[name]]
            if not refused:
                if tamper is not None:
                    tamper(drawn)
                    drawn.canvas.draw()
                return judge(told or document, drawn)
    except SpecError as error:
        refused = [problem.message for problem in error.problems]
    if currently_in_test_context():
        event(f"refused: {refused[0][:40]}")
    return None


def test_there_are_figures_of_every_mark():
    assert specs.BY_NAME.keys() == MARKS.keys()


@property_test(max_examples=12)
@given(specs.figures())
def test_a_figure_shows_what_its_data_say(document):
    assert not examine(document), document


@pytest.mark.slow
@pytest.mark.parametrize("mark", specs.BY_NAME)
def test_figures_of_each_mark_show_what_their_data_say(mark):
    drawn = []

    @property_test(max_examples=30)
    @given(specs.figures(marks=(mark,)))
    def examples(document):
        faults = examine(document)
        drawn.append(faults is not None)
        assert not faults, (faults, document)

    examples()
    assert sum(drawn) >= 0.7 * len(drawn), "figgen refuses true figures"


WIDE = {"canvas": {"size": [9, 6], "dpi": 60}}
DATA = {
    "name": {"values": ["a", "b", "c"]},
    "x": {"values": [1, 2, 3]},
    "y": {"values": [0.2, 0.9, 0.5]},
    "z": {"values": [0.9, 0.1, 0.3]},
    "m": {"values": [[1, 2, 3], [4, 5, 9]]},
}
LINES = [{"mark": "line", "x": "x", "y": one, "label": one} for one in "yz"]
BARS = [{"mark": "bar", "x": "name", "y": "y"}]
TRUE = {**WIDE, "data": DATA, "layers": LINES, "legend": {"place": "outside right"}}
BARRED = {**WIDE, "data": DATA, "layers": BARS}


# What would be false is refused, or drawn so that it is true; without what sees to it, the judge finds it.

MANY = {f"y{index}": {"values": [index, index + 1, index]} for index in range(11)}
DAYS = {"day": {"values": ["2024-01-01", "2024-02-01", "2024-03-01"]}}
ON_DAYS = {"data": DATA | DAYS, "layers": [{"mark": "line", "x": "day", "y": "y"}]}
AS = {"legend": {"place": "outside right"}}


def with_ticks(axis="y", limits=(0, 1), **ticks):
    return {"layers": LINES[:1], "axes": {axis: {"limits": [*limits], "ticks": ticks}}} | AS


def no_problems(*_, **__):
    return iter(())


def first_handles(sides):
    """Return the entries that matplotlib would make: of a band, its line alone."""
    return [entry for axes in sides for entry in zip(*axes.get_legend_handles_labels(), strict=True)]


def set_ticks_as_matplotlib(axis, ticks, *_, **__):
    """Set ticks as matplotlib does, which moves the limits."""
    axis.set_ticks(ticks.at or axis.get_ticklocs())


# Each with its kind, and what must be put back in figgen beside leaving out its review.
TRICKS = [
    ("hidden", {"data": DATA | {"twice": {"values": ["a", "a", "b"]}}, "layers": [BARS[0] | {"x": "twice"}]}, {}),
    ("hidden", {"layers": [*BARS, BARS[0] | {"y": "z"}]}, {}),
    ("hidden", {"layers": [{"mark": "box", "y": "y"}, {"mark": "box", "y": "z"}]}, {}),
    ("hidden", {"layers": [{"mark": "line", "x": "x", "y": 0.05}, {"mark": "span", "y": [-0.1, 0.1], "opacity": 1, "order": 5}]}, {}),
    ("ticks", with_ticks(format=".0f"), {}),
    ("ticks", with_ticks(format=".0%", at=[0, 0.125, 0.25, 0.375]), {}),
    ("ticks", ON_DAYS | {"axes": {"x": {"ticks": {"dates": "%Y"}}}}, {}),
    ("ticks", ON_DAYS | {"axes": {"x": {"ticks": {"dates": "%d"}}}}, {}),
    ("ticks", ON_DAYS | {"axes": {"x": {"ticks": {"format": ".0f"}}}}, {"axes.OF_DATES": ()}),
    ("ticks", {"data": DATA | {"y": {"values": [4, 60, 20]}}, "layers": LINES[:1], "axes": {"y": {"scale": "log"}}} | AS, {"axes.choose_log_ticks": no_problems}),
    ("limits", with_ticks(at=[0, 0.5, 2]), {"axes._check_ticks": no_problems, "axes._set_ticks": set_ticks_as_matplotlib}),
    ("limits", with_ticks("x", (1, 3), at=[1, 2, 9]), {"axes._check_ticks": no_problems, "axes._set_ticks": set_ticks_as_matplotlib}),
    ("legend", {"data": DATA | MANY, "layers": [{"mark": "line", "x": "x", "y": name, "label": name} for name in MANY]} | AS, {}),
    ("legend", {"layers": [*LINES, LINES[0] | {"color": "C1", "label": "w"}]} | AS, {}),
    ("legend", {"layers": [LINES[0] | {"opacity": 0}, LINES[1]]} | AS, {}),
    ("legend", {"layers": [LINES[0] | {"color": "white"}, LINES[1]]} | AS, {}),
    ("legend", {"layers": LINES, "axes": {"x": {"limits": [7, 9]}}} | AS, {}),
    ("legend", {"layers": [{"mark": "band", "x": "x", "y": "y", "spread": 0.1, "label": "y"}]} | AS, {"panel.entries_of": first_handles}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "document", "put_back"), TRICKS)
def test_a_false_picture_is_not_drawn_and_would_be_found(kind, document, put_back, monkeypatch):
    document = WIDE | {"data": DATA} | document
    assert not examine(document)
    for name, fault in put_back.items():
        monkeypatch.setattr(f"figgen.drawing.{name}", fault)
    faults = examine(document, reviewed=False)
    assert faults, "refused"
    assert kind in {fault.kind for fault in faults}, faults


@pytest.mark.slow
@pytest.mark.parametrize("temptation", specs.TEMPTATIONS)
def test_what_may_be_false_is_refused_or_drawn_as_it_is(temptation):
    @property_test(max_examples=40)
    @given(specs.tempted((temptation,)))
    def examples(document):
        faults = examine(document)
        assert not faults, (faults, document)

    examples()


# The judge reads what is written, and finds what is false.


@pytest.mark.parametrize(
    ("labels", "offset", "values"),
    [
        (["−2.5", "0.0", "2.5"], "1e6", [-2.5e6, 0, 2.5e6]),
        (["1,000", "2,000"], "", [1000, 2000]),
        (["12%"], "", [0.12]),
        (["1", "2"], "1e−6+2.5e1", [25.000001, 25.000002]),
        ([r"$\mathdefault{10^{-3}}$", r"$\mathdefault{2\times10^{1}}$", r"$\mathdefault{-10^{2}}$"], "", [0.001, 20, -100]),
        ([r"$\mathdefault{\frac{1}{2}}$", r"$\mathdefault{1-10^{-2}}$", r"$\mathdefault{4\cdot10^{-2}}$"], "", [0.5, 0.99, 0.04]),
        (["2"], r"$\times\mathdefault{10^{3}}\mathdefault{}$", [2000]),
    ],
)  # fmt: skip
def test_numbers_are_read(labels, offset, values):
    found, faults = read_numbers(labels, offset)
    assert faults == []
    np.testing.assert_allclose(found, values, rtol=1e-12)


@pytest.mark.parametrize(
    ("labels", "offset", "dates"),
    [
        (["20:00", "May-14", "04:00"], "2025-May-14", ["2025-05-13T20", "2025-05-14", "2025-05-14T04"]),
        (["22", "Feb", "08"], "2025-Feb", ["2025-01-22", "2025-02-01", "2025-02-08"]),
        (["25", "Jan", "08"], "2026-Jan", ["2025-12-25", "2026-01-01", "2026-01-08"]),
        (["Dec", "2026", "Feb"], "", ["2025-12-01", "2026-01-01", "2026-02-01"]),
        (["28 Feb\n2024", "06 Mar", "01 Jan\n2025"], "", ["2024-02-28", "2024-03-06", "2025-01-01"]),
        (["18 Dec", "02 Jan"], "", ["2024-12-18", "2025-01-02"]),
    ],
)
def test_dates_are_read(labels, offset, dates):
    found, faults = read_dates(labels, offset, 2024)
    assert faults == []
    assert found == [float((np.datetime64(date) - np.datetime64(0, "s")) / np.timedelta64(1, "D")) for date in dates]


@pytest.mark.parametrize(
    ("labels", "fault"),
    [(["18", "17"], "'18' has no month"), (["06:00", "12:00"], "has no month"), (["x"], "is no date")],
)
def test_dates_that_cannot_be_told_are_reported(labels, fault):
    ((message),) = read_dates(labels, "", 2024)[1]
    assert fault in message


@pytest.mark.slow
@pytest.mark.parametrize("mark", specs.BY_NAME)
def test_another_value_is_found_in_each_mark(mark):
    @property_test(max_examples=3)
    @given(specs.figures(marks=(mark,)))
    def examples(document):
        told = copy.deepcopy(document)
        panel = told.get("panels", [told])[0]
        layer = panel["layers"][0]
        names = [
            one
            for key in ("z", "sizes", "u", "high", "y", "x")
            for one in np.ravel(layer.get(key, []))
            if isinstance(one, str)
        ]
        if names:
            values = np.asarray(told["data"][names[0]]["values"])
            assume(values.dtype.kind != "U")
            assume(mark not in {"heatmap", "pie"} or np.ptp(values) > 0)  # cells or wedges alike show no value
            larger = np.where(values == values.max(), values + max(np.ptp(values), abs(values.max())), values)
            told["data"][names[0]]["values"] = (values * 1.3 if mark == "contour" else larger).tolist()
        else:  # numbers in the layer itself
            assume(isinstance(layer["y"], float))
            layer["y"] = layer["y"] * 2 or 1.0
        assume(not any(scale in str(panel["axes"]) for scale in ("logit", "symlog")))
        faults = examine(document, told=told)
        assert faults is None or {"data", "colors", "limits"} & {fault.kind for fault in faults}, document

    examples()


def lines(figure):
    return figure.axes[0].lines


def cover(figure):
    bar = figure.axes[0].patches[1]
    figure.axes[0].add_patch(Rectangle(bar.get_xy(), bar.get_width(), bar.get_height(), zorder=3))


def look_the_same(figure):
    for line in (*lines(figure), *figure.legends[0].get_lines()):
        line.set_color("red")


def look_nearly_the_same(figure, width=2.0):
    look_the_same(figure)
    lines(figure)[0].set_linewidth(width)
    figure.legends[0].get_lines()[0].set_linewidth(width)


def look_thick(figure):
    look_nearly_the_same(figure, width=3)


AT_THE_END = {**BARRED, "layers": [*BARS, {"mark": "rule", "y": 0}], "axes": {"y": {"limits": [0, 1]}}}


@pytest.mark.parametrize(
    ("document", "tamper", "kind", "message"),
    [
        (TRUE, None, None, ""),
        (BARRED, None, None, ""),
        (TRUE, lambda drawn: lines(drawn)[0].set_ydata([0.2, 0.9, 0.53]), "data", "no line is drawn"),
        (BARRED, lambda drawn: drawn.axes[0].patches[0].set_height(0.25), "data", "no extent is drawn"),
        (BARRED, lambda drawn: drawn.axes[0].add_patch(Rectangle((1.7, 0), 0.1, 0.2)), "data", "is of no layer"),
        (BARRED, lambda drawn: drawn.axes[0].set_xticks([0, 1, 2], ["a", "c", "b"]), "ticks", "from where that is"),
        (BARRED, lambda drawn: drawn.axes[0].set_xticks([0, 1, 2], ["a", "b", "b"]), "ticks", "several ticks"),
        (TRUE, lambda drawn: drawn.axes[0].yaxis.set_major_formatter(lambda value, _: f"{value:.0f}"), "ticks", "several ticks"),
        (TRUE, lambda drawn: drawn.axes[0].xaxis.set_major_formatter(lambda value, _: f"{value * value}"), "ticks", "from where that is"),
        (TRUE, lambda drawn: drawn.axes[0].set_yticks([0.4]), "ticks", "1 ticks have a label"),
        (TRUE, lambda drawn: drawn.axes[0].set_ylim(0, 0.7), "limits", "is outside of the panel"),
        ({**TRUE, "axes": {"y": {"limits": [0, 1]}}}, lambda drawn: drawn.axes[0].set_ylim(0, 1.2), "limits", "neither end is at the limit 1"),
        (BARRED, cover, "hidden", "cannot be seen"),
        (TRUE, lambda drawn: lines(drawn)[0].set_alpha(0), "hidden", "cannot be seen"),
        (TRUE, lambda drawn: lines(drawn)[0].set_alpha(0), "legend", "the entry 'y' stands for what cannot be seen"),
        (TRUE, lambda drawn: drawn.legends[0].get_lines()[1].set_color("red"), "legend", "the entry 'z' has a line of a colour"),
        (TRUE, lambda drawn: drawn.legends[0].get_texts()[1].set_text("w"), "legend", "the entry 'w' stands for nothing"),
        (TRUE, lambda drawn: drawn.legends[0].remove(), "legend", "has no entry"),
        (TRUE, look_the_same, "legend", "look the same"),
        (TRUE, look_nearly_the_same, "legend", "look the same"),
        (TRUE, look_thick, None, ""),
        (AT_THE_END, None, None, ""),
        (AT_THE_END, lambda drawn: drawn.axes[0].spines["bottom"].set_linewidth(4), "hidden", "cannot be seen"),
        ({**TRUE, "layers": [{"mark": "heatmap", "z": "m", "colorbar": {}}], "legend": {}}, lambda drawn: drawn.axes[0].images[0].set_data([[1, 2, 3], [4, 7, 9]]), "colors", "another value"),
    ],
)  # fmt: skip
def test_what_is_false_in_a_figure_is_found(document, tamper, kind, message):
    faults = examine(document, tamper=tamper, reviewed=False)
    if kind is None:
        assert faults == []
    else:
        assert any(fault.kind == kind and message in fault.message for fault in faults), faults
