import copy

import pytest

from figgen.review import description_diff
from figgen.review.description_diff import diff_descriptions

LINE = {"kind": "line", "x": [1, 2], "y": [3, 4], "color": "#1f77b4", "width": 1.5, "label": "loss"}
LONG = {"shape": [400], "first": 1, "last": 9, "least": 1, "greatest": 9, "digest": "0123"}
DESCRIPTION = {
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
    description = copy.deepcopy(DESCRIPTION)
    edit(description["panels"][0])
    return description


def test_nothing_changed():
    assert diff_descriptions(DESCRIPTION, copy.deepcopy(DESCRIPTION)) == []


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (lambda panel: panel["title"].update(text="Layer"), 'title text: "Layers" -> "Layer"'),
        (lambda panel: panel["x"].update(limits=[0, 2]), "x limits: [0, 1] -> [0, 2]"),
        (lambda panel: panel["x"]["scale"].update(name="log"), 'x scale name: "linear" -> "log"'),
        (lambda panel: panel.pop("title"), 'title: "Layers" removed'),
        (lambda panel: panel.update(legend={"place": "best"}), 'legend: {"place": "best"} added'),
        (lambda panel: panel["artists"][0].update(color="#d62728"), """line 1 'loss' color: "#1f77b4" -> "#d62728\""""),
        (lambda panel: panel["artists"].pop(0), "line 1 'loss' removed"),
        (lambda panel: panel["artists"].reverse(), "artists: drawn in a different order"),
        (
            lambda panel: panel["artists"].append({"kind": "text", "text": "here", "color": "#000000"}),
            "text 'here' added: \"here\"",
        ),
        (
            lambda panel: panel["artists"][1].update(y={**LONG, "digest": "4567"}),
            "line 2 y: some of the 400 values (first 1, last 9, min 1, max 9) changed",
        ),
        (
            lambda panel: panel["artists"][1].update(y={**LONG, "shape": [401], "digest": "4567"}),
            "line 2 y: 400 values (first 1, last 9, min 1, max 9) -> 401 values (first 1, last 9, min 1, max 9)",
        ),
    ],
)
def test_a_difference(edit, line):
    found = diff_descriptions(DESCRIPTION, edited(edit))
    assert found == [line]


@pytest.mark.parametrize("few", [[5, 6], []])
def test_a_long_array_that_becomes_a_short_one_is_one_difference(few):
    shrunk = edited(lambda panel: panel["artists"][1].update(y=few))
    for before, after in ((DESCRIPTION, shrunk), (shrunk, DESCRIPTION)):
        (line,) = diff_descriptions(before, after)
        assert line.startswith("line 2 y: ")
        assert "->" in line


def test_every_difference_is_listed():
    def edit(panel):
        panel["title"]["text"] = "Layer"
        panel["artists"][1]["width"] = 2
        panel["artists"].insert(0, {"kind": "line", "x": [0], "y": [0], "color": "#000000", "label": "new"})

    assert diff_descriptions(DESCRIPTION, edited(edit)) == [
        'title text: "Layers" -> "Layer"',
        "line 3 width: 2 added",
        """line 1 'new' added: {"color": "#000000", "x": [0], "y": [0]}""",
    ]


def test_a_long_array_that_becomes_short_is_no_digest():
    found = diff_descriptions(DESCRIPTION, edited(lambda panel: panel["artists"][1].update(y=[1, 2])))
    assert found == ["line 2 y: 400 values (first 1, last 9, min 1, max 9) -> [1, 2]"]
    assert diff_descriptions({"y": [1]}, {"y": LONG}) == ["y: [1] -> 400 values (first 1, last 9, min 1, max 9)"]


def test_causes_come_before_consequences():
    def edit(panel):
        panel["x"]["limits"] = [0, 2]
        panel["artists"][0]["x"] = [1, 3]

    assert diff_descriptions(DESCRIPTION, edited(edit)) == [
        "line 1 'loss' x: [1, 2] -> [1, 3]",
        "x limits: [0, 1] -> [0, 2]",
    ]


def test_many_parts_that_change_alike_are_one_line():
    before = {"panels": [{"artists": [{"kind": "patch", "box": [at, 0, 1, 1], "width": 1} for at in range(16)]}]}
    after = copy.deepcopy(before)
    for at, patch in enumerate(after["panels"][0]["artists"]):
        patch["width"] = 2
        if at != 3:
            patch["box"][3] = 2
    assert diff_descriptions(before, after) == [
        "15 patches box: changed, such as patch 1: [0, 0, 1, 1] -> [0, 0, 1, 2]",
        "16 patches width: 1 -> 2",
    ]
    after["panels"] *= 2
    before["panels"] *= 2
    assert diff_descriptions(before, after)[0] == (
        "panel 1 15 patches box: changed, such as patch 1: [0, 0, 1, 1] -> [0, 0, 1, 2]"
    )


def test_panels_have_numbers():
    two = {"panels": [DESCRIPTION["panels"][0], DESCRIPTION["panels"][0]]}
    other = {"panels": [DESCRIPTION["panels"][0], edited(lambda panel: panel["x"].update(limits=[0, 9]))["panels"][0]]}
    assert diff_descriptions(two, other) == ["panel 2 x limits: [0, 1] -> [0, 9]"]
    assert diff_descriptions(two, {"panels": DESCRIPTION["panels"]}) == ["panel 2 removed"]


class CountedIndex(int):
    """An index that counts the comparisons that are made with it."""

    comparisons = 0

    def __eq__(self, other):
        CountedIndex.comparisons += 1
        return int(self) == int(other)

    __hash__ = int.__hash__


@pytest.mark.parametrize("kinds", [("text", "text"), ("text", "line")], ids=["all are paired", "none is"])
def test_many_parts_are_paired_in_linear_time(kinds, monkeypatch):
    count = 20_000
    monkeypatch.setattr(
        description_diff,
        "enumerate",
        lambda parts: zip(map(CountedIndex, range(count)), parts, strict=True),
        raising=False,
    )
    before, after = ([{"kind": kind, "text": f"{kind} {at}"} for at in range(count)] for kind in kinds)
    CountedIndex.comparisons = 0
    differences = diff_descriptions({"artists": before}, {"artists": after[::-1]})
    if kinds[0] == kinds[1]:
        assert len(differences) == 1
    else:
        assert len(differences) == 201
        assert differences[-1] == "and 39,800 more differences"
    assert CountedIndex.comparisons <= 10 * count


def test_a_difference_takes_a_bounded_line():
    (line,) = diff_descriptions({"k" * 10**6: 1}, {"k" * 10**6: 2})
    assert line == "k" * 499 + "…"
