import pytest

from figgen.errors import SpecError
from figgen.spec import Figure, channels
from figgen.validation import validate

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
    assert dict(channels(figure.layers[0])) == {"x": "x", "y": "2 * x"}


def test_a_number_serves_as_a_formula():
    figure = validate({**MINIMAL, "layers": [{**LAYER, "y": 0.5}]})
    assert figure.layers[0].y == "0.5"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"titel": "a"},
            (
                ("titel",),
                "unknown key 'titel'",
                "allowed: alt, axes, canvas, data, layers, style, title",
                "did you mean 'title'?",
            ),
        ),
        ({"title": 5}, (("title",), "expected a text, found 5", "", "put the text in quotes")),
        ({"alt": ""}, (("alt",), "an empty text", "allowed: at least one character", "")),
        ({"axes": None}, (("axes",), "expected a mapping, found nothing", "", "")),
        ({"axes": []}, (("axes",), "expected a mapping, found an empty list", "", "")),
        ({"canvas": {"dpi": "200"}}, (("canvas", "dpi"), "expected a number, found the text '200'", "", "write the number without quotes, blanks, commas or underscores")),
        ({"canvas": {"dpi": True}}, (("canvas", "dpi"), "expected a number, found true", "", "")),
        ({"canvas": {"dpi": 0}}, (("canvas", "dpi"), "0 is out of range", "allowed: more than 0", "")),
        ({"canvas": {"dpi": float("nan")}}, (("canvas", "dpi"), "nan is not a finite number", "", "")),
        ({"canvas": {"size": [6]}}, (("canvas", "size", 1), "too few items", "needed: width and height in inches", "")),
        ({"canvas": {"crop": "tigth"}}, (("canvas", "crop"), "the text 'tigth' is not a choice here", "allowed: full, tight", "did you mean 'tight'?")),
        ({"data": {"x": {"linspace": [0, 1, 2.5]}}}, (("data", "x", "linspace", 2), "expected a whole number, found 2.5", "", "")),
        ({"data": {"x": {"linspace": [0, 1, 2, 3]}}}, (("data", "x", "linspace"), "4 items", "allowed: at most 3 (start, stop, number of points)", "")),
        ({"data": {"x": {"linspce": [0, 1, 2]}}}, (("data", "x"), "a mapping is no data source", "allowed: expr, integers, linspace, values", "did you mean 'linspace'?")),
        ({"data": {"x": {"expr": "f(x", "x)": None}}}, (("data", "x", "x)"), "unknown key 'x)'", "allowed: expr", "quote a formula that has a comma inside { }")),
        ({"data": {"2x": {"values": [1]}}}, (("data", "2x"), "the text '2x' is not a name", "allowed: a letter, then letters, digits and underscores", "")),
        ({"layers": []}, (("layers",), "0 items", "allowed: at least 1 (marks, drawn in this order)", "")),
        ({"layers": [{**LAYER, "mark": "lien"}]}, (("layers", 0), "the text 'lien' is no mark", "allowed: line", "did you mean 'line'?")),
        ({"layers": [{"x": "x"}]}, (("layers", 0), "a layer without its mark", "needed: 'mark', allowed: line", "")),
        ({"layers": [{**LAYER, "colour": "red"}]}, (("layers", 0, "colour"), "unknown key 'colour'", "allowed: color, dash, mark, width, x, y", "did you mean 'color'?")),
        ({"layers": [{"mark": "line", "x": "x"}]}, (("layers", 0, "y"), "'y' is missing", "needed: vertical positions", "")),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_is_allowed(changes, expected):
    assert problems(**changes) == [expected]


def test_all_mistakes_are_told_at_once():
    found = problems(titel="a", canvas={"dpi": 0, "size": ["a", 4]}, layers=[{"mark": "line"}, 3])
    assert [where for where, *_ in found] == [
        ("canvas", "size", 0),
        ("canvas", "dpi"),
        ("layers", 0, "x"),
        ("layers", 0, "y"),
        ("layers", 1),
        ("titel",),
    ]


def test_a_config_that_is_no_mapping():
    for data in (None, [], "text"):
        with pytest.raises(SpecError, match="expected a mapping"):
            validate(data)
