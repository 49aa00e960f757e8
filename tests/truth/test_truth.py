"""What a figure shows is what its data say: random figures of every mark are read back from what is drawn.

Each is drawn or refused. What is drawn is judged by `judge`, which knows nothing of figgen's review. The figures are
made so that each is true; few are refused, for texts that have no room.
"""

import copy
from functools import cache, partial

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from matplotlib.patches import Rectangle

from figgen.config.spec.marks import MARKS
from figgen.data.sample import sample
from figgen.drawing import draw
from figgen.errors import SpecError
from figgen.review import find_layout_problems
from tests.draw_figures import figure, fonts, no_files
from tests.truth import specs
from tests.truth.judge import judge

# Without shrinking, which takes minutes: the figures are small.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
property_test = partial(settings, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
FONTS = cache(fonts)
NO_ROOM = {"overlap", "cut", "small", "hidden"}  # checks of texts, which random figures need not pass

# Faults that are found in today's pictures: parts of messages. Each goes with the fault.
KNOWN = (
    "does not show what is filled",  # the entry of a band is a thin line
    "ticks have a label",  # a log axis of less than two decades has one label, or none
    "(stairs): no outline",  # stairs with a base are closed
)


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
    event(f"refused: {refused[0][:40]}")
    return None


def unknown(faults):
    return [fault for fault in faults or () if not any(known in fault.message for known in KNOWN)]


def test_there_are_figures_of_every_mark():
    assert specs.BY_NAME.keys() == MARKS.keys()


@property_test(max_examples=12)
@given(specs.figures())
def test_a_figure_shows_what_its_data_say(document):
    assert not unknown(examine(document)), document


@pytest.mark.slow
@pytest.mark.parametrize("mark", specs.BY_NAME)
def test_figures_of_each_mark_show_what_their_data_say(mark):
    drawn = []

    @property_test(max_examples=30)
    @given(specs.figures(marks=(mark,)))
    def examples(document):
        faults = examine(document)
        drawn.append(faults is not None)
        assert not unknown(faults), document

    examples()
    assert sum(drawn) >= 0.7 * len(drawn), "figgen refuses true figures"


# The judge finds what is false.


@pytest.mark.slow
@pytest.mark.parametrize("mark", specs.BY_NAME)
def test_another_value_is_found_in_each_mark(mark):
    @property_test(max_examples=3)
    @given(specs.figures(marks=(mark,)))
    def examples(document):
        told = copy.deepcopy(document)
        layer = told["layers"][0]
        names = [
            one
            for key in ("z", "sizes", "u", "high", "y", "x")
            for one in np.ravel(layer.get(key, []))
            if isinstance(one, str)
        ]
        values = np.asarray(told["data"][names[0]]["values"])
        assume(values.dtype.kind != "U")
        if mark == "contour":
            changed = values * 1.3
        else:
            changed = np.where(values == values.max(), values + max(np.ptp(values), abs(values.max())), values)
        told["data"][names[0]]["values"] = changed.tolist()
        assume(not any(scale in str(document["axes"]) for scale in ("logit", "symlog")))
        faults = examine(document, told=told)
        assert faults is None or {"data", "colors", "limits"} & {fault.kind for fault in faults}, (document, names[0])

    examples()


DATA = {
    "name": {"values": ["a", "b", "c"]},
    "x": {"values": [1, 2, 3]},
    "y": {"values": [0.2, 0.9, 0.5]},
    "z": {"values": [0.9, 0.1, 0.3]},
    "m": {"values": [[1, 2, 3], [4, 5, 9]]},
}
LINES = [{"mark": "line", "x": "x", "y": one, "label": one} for one in "yz"]
BARS = [{"mark": "bar", "x": "name", "y": "y"}]
TRUE = {"canvas": {"size": [9, 6], "dpi": 60}, "data": DATA, "layers": LINES, "legend": {"place": "outside right"}}
BARRED = {"canvas": {"size": [9, 6], "dpi": 60}, "data": DATA, "layers": BARS}


def lines(figure):
    return figure.axes[0].lines


def cover(figure):
    bar = figure.axes[0].patches[1]
    figure.axes[0].add_patch(Rectangle(bar.get_xy(), bar.get_width(), bar.get_height(), zorder=3))


def look_the_same(figure):
    for line in (*lines(figure), *figure.legends[0].get_lines()):
        line.set_color("red")


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
        ({**TRUE, "layers": [{"mark": "heatmap", "z": "m", "colorbar": {}}]}, lambda drawn: drawn.axes[0].images[0].set_data([[1, 2, 3], [4, 7, 9]]), "colors", "another value"),
    ],
)  # fmt: skip
def test_what_is_false_in_a_figure_is_found(document, tamper, kind, message):
    faults = examine(document, tamper=tamper, reviewed=False)
    if kind is None:
        assert faults == []
    else:
        assert any(fault.kind == kind and message in fault.message for fault in faults), faults
