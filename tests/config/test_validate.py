import math

import pytest

from figgen.config.spec import MARKS, SOURCES, Figure, Model
from figgen.config.unused_keys import find_unused
from figgen.config.validate import validate, validate_partially
from figgen.errors import SpecError

LAYER = {"mark": "line", "x": "x", "y": "2 * x"}
MINIMAL = {"alt": "A line.", "data": {"x": {"linspace": [0, 1, 3]}}, "layers": [LAYER]}


def problems(**changes):
    with pytest.raises(SpecError) as caught:
        validate({**MINIMAL, **changes})
    return [(p.where, p.message, p.allowed, p.hint) for p in caught.value.problems]


def test_the_minimal_figure():
    figure = validate(MINIMAL)
    assert isinstance(figure, Figure)
    assert figure.canvas.size == (6, 4)
    assert figure.layers[0].y == "2 * x"


def test_a_number_serves_as_a_formula():
    figure = validate({**MINIMAL, "layers": [{**LAYER, "y": 0.5}]})
    assert figure.layers[0].y == "0.5"


def test_one_formula_serves_as_a_list():
    figure = validate({**MINIMAL, "layers": [{"mark": "bar", "x": "x", "y": "2 * x"}]})
    assert figure.layers[0].y == ("2 * x",)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"titel": "a"}, (("titel",), "unknown key 'titel'", ("alt", "axes", "canvas", "claims", "dark", "data", "formats", "grid", "layers", "legend", "optimize", "panels", "preview", "rc", "style", "title", "variants", "waive"), "did you mean 'title'?")),
        ({"title": 5}, (("title",), "expected a string, found 5", (), "put the string in quotes")),
        ({"alt": ""}, (("alt",), "empty string", ("at least 1 character",), "")),
        ({"axes": None}, (("axes",), "expected a mapping (labels, scales, limits and ticks), found null", (), "")),
        ({"axes": []}, (("axes",), "expected a mapping (labels, scales, limits and ticks), found an empty list", (), "")),
        ({"legend": "yes"}, (("legend",), "expected a mapping (position and appearance of the legend), found the string 'yes'", (), "write {} for the defaults")),
        ({"legend": True}, (("legend",), "expected a mapping (position and appearance of the legend), found true", (), "write {} for the defaults")),
        ({"canvas": {"dpi": "200"}}, (("canvas", "dpi"), "expected a number, found the string '200'", (), "write the number without quotes, spaces, commas or underscores")),
        ({"canvas": {"dpi": True}}, (("canvas", "dpi"), "expected a number, found true", (), "")),
        ({"canvas": {"dpi": 0}}, (("canvas", "dpi"), "must be at least 10, not 0", (), "")),
        ({"canvas": {"dpi": float("nan")}}, (("canvas", "dpi"), "expected a finite number, found nan", (), "")),
        ({"canvas": {"size": [60, 400], "dpi": 200}}, (("canvas", "size"), "invalid canvas size: 12,000 x 80,000 pixels", ("1 to 20,000 pixels per side", "up to 50,000,000 pixels in total"), "the size is in inches, unless 'unit: px' is set")),
        ({"canvas": {"size": [6]}}, (("canvas", "size", 1), "missing item (width and height)", (), "")),
        ({"canvas": {"crop": "tigth"}}, (("canvas", "crop"), "the string 'tigth' is not a valid choice", ("full", "tight"), "did you mean 'tight'?")),
        ({"data": {"x": {"linspace": [0, 1, 2.5]}}}, (("data", "x", "linspace", 2), "expected an integer, found 2.5", (), "")),
        ({"data": {"x": {"linspace": [0, 1, 2, 3]}}}, (("data", "x", "linspace"), "expected at most 3 items (start, stop, number of values), found 4", (), "")),
        ({"data": {"x": {"linspce": [0, 1, 2]}}}, (("data", "x"), "'linspce' is not a valid data source", tuple(sorted(SOURCES)), "did you mean 'linspace'?")),
        ({"data": {"x": {"expr": "f(x", "x)": None}}}, (("data", "x", "x)"), "unknown key 'x)'", ("expr",), "quote a formula that has a comma inside { }")),
        ({"data": {"2x": {"values": [1]}}}, (("data", "2x"), "the string '2x' is not a valid name", ("a letter, then letters, digits and underscores",), "")),
        ({"layers": []}, (("layers",), "nothing to draw", (), "add 'layers', or 'panels' that have 'layers'")),
        ({"panels": [{"layers": [LAYER]}]}, (("layers",), "'layers' cannot be combined with 'panels'", (), "each panel has its own")),
        ({"panels": [{"layers": [LAYER]}], "layers": [], "grid": {"widths": [1, 2]}}, (("grid", "widths"), "expected 1 'widths', one for each column, found 2", (), "")),
        ({"panels": [{"layers": [LAYER]}], "layers": [], "axes": {}}, (("axes",), "'axes' cannot be combined with 'panels'", (), "each panel has its own")),
        ({"panels": [{"layers": []}], "layers": []}, (("panels", 0, "layers"), "expected at least 1 item (marks, drawn in this order), found 0", (), "")),
        ({"data": {"x": {"random": "norml", "seed": 1}}}, (("data", "x", "random"), "the string 'norml' is not a valid distribution", ("beta", "binomial", "exponential", "gamma", "integers", "laplace", "lognormal", "normal", "permutation", "poisson", "uniform"), "did you mean 'normal'?")),
        ({"data": {"x": {"random": "normal"}}}, (("data", "x"), "'seed' or 'after' is missing", (), "")),
        ({"data": {"x": {"values": [1, "2"]}}}, (("data", "x", "values", 1), "expected a number, found the string '2'", (), "write the number without quotes, spaces, commas or underscores")),
        ({"axes": {"x": {"ticks": {"labels": ["a"]}}}}, (("axes", "x", "ticks", "labels"), "'labels' requires 'at'", (), "")),
        ({"axes": {"x": {"ticks": {"format": "{x:.2f}"}}}}, (("axes", "x", "ticks", "format"), "the string '{x:.2f}' is not a valid number format", ("Python number formats such as .2f, .3g, .0% or ,d",), "did you mean '.2f'?")),
        ({"axes": {"x": {"base": 2}}}, (("axes", "x", "base"), "'base' requires 'scale: log' or 'scale: symlog'", (), "")),
        ({"layers": [{**LAYER, "mark": "lien"}]}, (("layers", 0, "mark"), "the string 'lien' is not a valid mark", tuple(sorted(MARKS)), "did you mean 'line'?")),
        ({"layers": [{"x": "x"}]}, (("layers", 0), "'mark' is missing", tuple(sorted(MARKS)), "")),
        ({"data": {"x": {"values": [1, ""]}}}, (("data", "x", "values", 1), "expected a number, found the string ''", (), "write null for a missing value")),
        ({"data": {"x": {"values": [1, math.nan]}}}, (("data", "x", "values", 1), "expected a finite number, found nan", (), "write null for a missing value")),
        ({"layers": [{**LAYER, "colour": "red"}]}, (("layers", 0, "colour"), "unknown key 'colour'", ("color", "dash", "label", "mark", "marker", "marker_size", "missing", "on", "opacity", "order", "width", "x", "y"), "did you mean 'color'?")),
        ({"layers": [{"mark": "line", "x": "x"}]}, (("layers", 0, "y"), "'y' is missing (vertical positions)", (), "")),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_is_allowed(changes, expected):
    assert problems(**changes) == [expected]


def test_all_mistakes_are_told_at_once():
    found = problems(titel="a", canvas={"dpi": 0, "size": ["a", 4]}, layers=[{"mark": "line"}, 3])
    assert [where for where, *_ in found] == [
        ("layers", 0, "x"),
        ("layers", 0, "y"),
        ("layers", 1),
        ("canvas", "size", 0),
        ("canvas", "dpi"),
        ("titel",),
    ]


def test_all_conflicts_of_a_model_are_reported_at_once_one_at_each_key():
    layer = {"mark": "errorbar", "x": "x", "y": "x", "label": "a", "error": 1, "error_low": 1, "x_error_high": 1}
    found = problems(layers=[layer], variants=["dark"], formats=["svg"])
    assert [(where, message) for where, message, *_ in found] == [
        (("layers", 0, "x_error_high"), "'x_error_high' requires 'x_error_low'"),
        (("layers", 0, "error_low"), "'error_low' cannot be combined with 'error'"),
    ]
    found = problems(variants=["dark"], formats=["svg"])
    assert [where for where, *_ in found] == [("formats",), ("variants",)]


def test_what_a_condition_of_a_conflict_is():
    scatter = {"mark": "scatter", "x": "x", "y": "x", "edge_color": "red"}
    assert validate({**MINIMAL, "layers": [scatter]}), "a marker that is omitted is not the marker none"
    stairs = {"mark": "stairs", "edges": "x", "y": "x[1:]", "width": 1}
    assert validate({**MINIMAL, "layers": [{**stairs, "filled": False}]})
    [(where, message, *_)] = problems(layers=[{**stairs, "filled": True}])
    assert (where, message) == (("layers", 0, "width"), "'width' cannot be combined with 'filled: true'")


def _models(base):
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def test_no_model_has_a_mutable_default():
    defaults = {
        f"{model.__name__}.{name}": info.default
        for model in _models(Model)
        for name, info in model.model_fields.items()
    }
    assert len(defaults) > 200
    assert [name for name, default in defaults.items() if isinstance(default, dict | list | set)] == []
    assert validate(MINIMAL).rc is not validate(MINIMAL).rc


def test_a_config_that_is_no_mapping():
    for data in (None, [], "text"):
        with pytest.raises(SpecError, match="expected a mapping"):
            validate(data)


SHARED = {"panels": [{"layers": [LAYER]}, {"layers": [{**LAYER, "label": "b"}]}]}


@pytest.mark.parametrize(
    "changes",
    [
        {"axes": {"right": {}, "visible": True, "x": {"ticks": {"labels": [], "at": []}}}},
        {"legend": {"place": "best", "columns": 1}, "grid": {"letters": False}, "canvas": {"pad": 0.1}, "dark": None},
        {"layers": [{"mark": "scatter", "x": "x", "y": "x", "color_limits": [None, None], "color_scale": "linear"}]},
        {"layers": [{"mark": "bar", "x": "x", "y": "x", "arrange": "grouped", "labels": []}]},
        {"layers": [{"mark": "bar", "x": "x", "y": "x", "arrange": "stacked", "values": "d"}]},
        {"layers": [], **SHARED, "grid": {"columns": 2, "share_x": "all", "share_y": "rows"}, "legend": {"title": "t"}},
        {"layers": [], **SHARED, "grid": {"columns": 1, "share_x": "columns", "heights": [1, 2]}},
        {"layers": [{**LAYER, "on": "right"}], "axes": {"visible": False, "right": {"limits": [0, 9]}}},
        {"axes": {"x": {"scale": "symlog", "threshold": 1, "grid": True, "ticks": {"at": [], "minor": True}}}},
        {"axes": {"x": {"grid": True, "ticks": {"at": [0], "minor": None}}, "y": {"ticks": {"at": [0, 2], "minor": True}}}},
        {"claims": [{"claim": "max(x) == 1", "tolerance": 0.1}]},
    ],
)  # fmt: skip
def test_a_key_with_an_effect_or_its_default_is_accepted(changes):
    assert find_unused(validate({**MINIMAL, **changes})) == ()


def test_keys_without_effect_come_with_the_figure_that_is_the_same_without_them():
    figure, problems = validate_partially({**MINIMAL, "grid": {"letters": True}, "legend": {"frame": False}})
    assert figure.grid.letters
    assert [(problem.where, problem.unused) for problem in problems] == [(("grid",), True), (("legend",), True)]


def test_of_many_mistakes_the_first_are_explained_and_the_others_counted(monkeypatch):
    explained = []
    monkeypatch.setattr("figgen.config.validation_errors.did_you_mean", lambda *_: explained.append(1) or "")
    found = problems(**{f"key{number}": 1 for number in range(350)})
    assert len(found) == 101
    assert found[99][:2] == (("key99",), "unknown key 'key99'")
    assert found[100] == (("key100",), "250 more mistakes, not shown", (), "fix those above first")
    assert len(explained) <= 101
