import pytest

from figgen.config.spec import MARKS, SOURCES, Figure
from figgen.config.validate import validate
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
        (
            {"titel": "a"},
            (
                ("titel",),
                "unknown key 'titel'",
                "allowed: alt, axes, canvas, claims, dark, data, formats, grid, layers, legend, optimize, panels, preview, rc, style, title, variants, waive",
                "did you mean 'title'?",
            ),
        ),
        ({"title": 5}, (("title",), "expected a text, found 5", "", "put the text in quotes")),
        ({"alt": ""}, (("alt",), "an empty text", "allowed: at least one character", "")),
        ({"axes": None}, (("axes",), "expected a mapping, found nothing", "needed: labels, scales, limits, ticks", "")),
        ({"axes": []}, (("axes",), "expected a mapping, found an empty list", "needed: labels, scales, limits, ticks", "")),
        ({"canvas": {"dpi": "200"}}, (("canvas", "dpi"), "expected a number, found the text '200'", "", "write the number without quotes, blanks, commas or underscores")),
        ({"canvas": {"dpi": True}}, (("canvas", "dpi"), "expected a number, found true", "", "")),
        ({"canvas": {"dpi": 0}}, (("canvas", "dpi"), "0 is out of range", "allowed: at least 10", "")),
        ({"canvas": {"dpi": float("nan")}}, (("canvas", "dpi"), "nan is not a finite number", "", "")),
        ({"canvas": {"size": [60, 400], "dpi": 200}}, (("canvas", "size"), "a canvas of 12,000 x 80,000 pixels; allowed: 1 to 20,000 a side, 50,000,000 in all; the size is in inches, unless 'unit: px' says otherwise", "", "")),
        ({"canvas": {"size": [6]}}, (("canvas", "size", 1), "too few items", "needed: width and height", "")),
        ({"canvas": {"crop": "tigth"}}, (("canvas", "crop"), "the text 'tigth' is not a choice here", "allowed: full, tight", "did you mean 'tight'?")),
        ({"data": {"x": {"linspace": [0, 1, 2.5]}}}, (("data", "x", "linspace", 2), "expected a whole number, found 2.5", "", "")),
        ({"data": {"x": {"linspace": [0, 1, 2, 3]}}}, (("data", "x", "linspace"), "4 items", "allowed: at most 3 (start, stop, number of points)", "")),
        ({"data": {"x": {"linspce": [0, 1, 2]}}}, (("data", "x"), "'linspce' is no data source", "allowed: " + ", ".join(sorted(SOURCES)), "did you mean 'linspace'?")),
        ({"data": {"x": {"expr": "f(x", "x)": None}}}, (("data", "x", "x)"), "unknown key 'x)'", "allowed: expr", "quote a formula that has a comma inside { }")),
        ({"data": {"2x": {"values": [1]}}}, (("data", "2x"), "the text '2x' is not a name", "allowed: a letter, then letters, digits and underscores", "")),
        ({"layers": []}, (("layers",), "there is nothing to draw; needed: 'layers', or 'panels' with layers of their own", "", "")),
        ({"panels": [{"layers": [LAYER]}]}, (("layers",), "'layers' beside 'panels'; each panel has its own", "", "")),
        ({"panels": [{"layers": [LAYER]}], "layers": [], "grid": {"widths": [1, 2]}}, (("grid", "widths"), "2 'widths' for 1 columns of panels", "", "")),
        ({"panels": [{"layers": [LAYER]}], "layers": [], "axes": {}}, (("axes",), "'axes' beside 'panels'; each panel has its own", "", "")),
        ({"panels": [{"layers": []}], "layers": []}, (("panels", 0, "layers"), "0 items", "allowed: at least 1 (marks, drawn in this order)", "")),
        ({"data": {"x": {"random": "norml", "seed": 1}}}, (("data", "x", "random"), "the text 'norml' is no distribution", "allowed: beta, binomial, exponential, gamma, integers, laplace, lognormal, normal, permutation, poisson, uniform", "did you mean 'normal'?")),
        ({"data": {"x": {"random": "normal"}}}, (("data", "x", "seed"), "'seed' is missing; needed: where the stream starts, or 'after' another draw", "", "")),
        ({"data": {"x": {"values": [1, "2"]}}}, (("data", "x", "values", 1), "expected a number, found the text '2'", "", "write the number without quotes, blanks, commas or underscores")),
        ({"axes": {"x": {"ticks": {"labels": ["a"]}}}}, (("axes", "x", "ticks", "labels"), "1 'labels' without positions in 'at'; each needs one", "", "")),
        ({"axes": {"x": {"ticks": {"format": "{x:.2f}"}}}}, (("axes", "x", "ticks", "format"), "the text '{x:.2f}' is no number format", "allowed: .2f, .3g, .0%, ,d and the like", "did you mean '.2f'?")),
        ({"axes": {"x": {"base": 2}}}, (("axes", "x", "base"), "'base' on a linear scale; it goes with 'scale: log' or 'scale: symlog'", "", "")),
        ({"layers": [{**LAYER, "mark": "lien"}]}, (("layers", 0, "mark"), "the text 'lien' is no mark", "allowed: " + ", ".join(sorted(MARKS)), "did you mean 'line'?")),
        ({"layers": [{"x": "x"}]}, (("layers", 0), "'mark' is missing", "allowed: " + ", ".join(sorted(MARKS)), "")),
        ({"layers": [{**LAYER, "colour": "red"}]}, (("layers", 0, "colour"), "unknown key 'colour'", "allowed: color, dash, label, mark, marker, marker_size, on, opacity, order, width, x, y", "did you mean 'color'?")),
        ({"layers": [{"mark": "line", "x": "x"}]}, (("layers", 0, "y"), "'y' is missing", "needed: vertical positions", "")),
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


def test_a_config_that_is_no_mapping():
    for data in (None, [], "text"):
        with pytest.raises(SpecError, match="expected a mapping"):
            validate(data)
