import copy

import pytest

from figgen.review.description_diff import diff_descriptions

LINE = {"kind": "line", "x": [1, 2], "y": [3, 4], "color": "#1f77b4", "width": 1.5, "label": "loss"}
LONG = {"shape": [400], "first": 1, "last": 9, "least": 1, "greatest": 9, "digest": "0123"}
TOLD = {
    "alt": "A line.",
    "panels": [
        {
            "title": {"text": "Layers", "color": "#333333"},
            "x": {"limits": [0, 1], "scale": {"name": "linear"}},
            "artists": [LINE, {"kind": "line", "x": LONG, "y": LONG, "color": "#ff7f0e"}],
        }
    ],
}


def edited(edit):
    told = copy.deepcopy(TOLD)
    edit(told["panels"][0])
    return told


def test_nothing_changed():
    assert diff_descriptions(TOLD, copy.deepcopy(TOLD)) == []


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda panel: panel["title"].update(text="Layer"), 'title text: "Layers" -> "Layer"'),
        (lambda panel: panel["x"].update(limits=[0, 2]), "x limits: [0, 1] -> [0, 2]"),
        (lambda panel: panel["x"]["scale"].update(name="log"), 'x scale name: "linear" -> "log"'),
        (lambda panel: panel.pop("title"), 'title: "Layers" is gone'),
        (lambda panel: panel.update(legend={"place": "best"}), 'legend: {"place": "best"} is new'),
        (lambda panel: panel["artists"][0].update(color="#d62728"), """line 1 'loss' color: "#1f77b4" -> "#d62728\""""),
        (lambda panel: panel["artists"].pop(0), "line 1 'loss' is gone"),
        (lambda panel: panel["artists"].reverse(), "artists: drawn in another order"),
        (
            lambda panel: panel["artists"].append({"kind": "text", "text": "here", "color": "#000000"}),
            "text 'here' is new: \"here\"",
        ),
        (
            lambda panel: panel["artists"][1].update(y={**LONG, "digest": "4567"}),
            "line 2 y: some of the 400 values from 1 to 9, between 1 and 9 changed",
        ),
        (
            lambda panel: panel["artists"][1].update(y={**LONG, "shape": [401], "digest": "4567"}),
            "line 2 y: 400 values from 1 to 9, between 1 and 9 -> 401 values from 1 to 9, between 1 and 9",
        ),
    ],
)
def test_a_change_in_words(edit, said):
    found = diff_descriptions(TOLD, edited(edit))
    assert found == [said]


def test_every_change_is_told():
    def edit(panel):
        panel["title"]["text"] = "Layer"
        panel["artists"][1]["width"] = 2
        panel["artists"].insert(0, {"kind": "line", "x": [0], "y": [0], "color": "#000000", "label": "new"})

    assert diff_descriptions(TOLD, edited(edit)) == [
        'title text: "Layers" -> "Layer"',
        "line 3 width: 2 is new",
        """line 1 'new' is new: {"color": "#000000", "x": [0], "y": [0]}""",
    ]


def test_panels_are_told_by_their_number():
    two = {"panels": [TOLD["panels"][0], TOLD["panels"][0]]}
    other = {"panels": [TOLD["panels"][0], edited(lambda panel: panel["x"].update(limits=[0, 9]))["panels"][0]]}
    assert diff_descriptions(two, other) == ["panel 2 x limits: [0, 1] -> [0, 9]"]
    assert diff_descriptions(two, {"panels": TOLD["panels"]}) == ["panel 2 is gone"]
