import inspect
import keyword
import sys

import numpy as np
import pytest

from figgen.config.spec.number_format import format_number
from figgen.config.yaml_document import load
from figgen.data.formulas.functions import FUNCTIONS
from figgen.data.sample import sample
from figgen.errors import SpecError
from tests.draw_figures import figure, no_files

LAYER = {"mark": "line", "x": "x", "y": "x"}


def sampled(data, *layers, **fields):
    return sample(figure(data=data, layers=list(layers or (LAYER,)), **fields), no_files)


def raised(data, *layers, **fields):
    with pytest.raises(SpecError) as caught:
        sampled(data, *layers, **fields)
    return caught.value.problems


def problems(data, *layers, **fields):
    return [(problem.where, problem.offset, problem.message) for problem in raised(data, *layers, **fields)]


X = {"linspace": [-1, 1, 3]}


def test_formulas_in_any_order():
    layer = sampled({"c": {"expr": "b + 1"}, "b": {"expr": "2 * x"}, "x": X}, {**LAYER, "y": "c"}).panels[0].layers[0]
    np.testing.assert_array_equal(layer["y"], [-1, 1, 3])


def test_channels_are_formulas():
    layer = sampled({"x": X}, {"mark": "line", "x": "x[1:]", "y": "diff(x ** 2, x)[1:]"}).panels[0].layers[0]
    np.testing.assert_array_equal(layer["x"], [0, 1])
    np.testing.assert_array_equal(layer["y"], [0, 2])


def test_a_number_is_broadcast_along_the_other_channel():
    assert sampled({"x": X}, {"mark": "line", "x": "x", "y": 0.5}).panels[0].layers[0]["y"].tolist() == [0.5] * 3


@pytest.mark.parametrize(
    ("data", "layers", "expected"),
    [
        ({"x": {"expr": "2 * q"}}, (), [(("data", "x", "expr"), 4, "unknown name 'q'")]),
        ({"x": {"expr": "2 * ("}}, (), [(("data", "x", "expr"), 4, "invalid syntax: unclosed '('")]),
        (
            {"x": {"expr": "y"}, "y": {"expr": "z"}, "z": {"expr": "x"}},
            (),
            [(("data", "x", "expr"), 0, "circular definition: x -> y -> z -> x")],
        ),
        ({"x": {"expr": "x + 1"}}, (), [(("data", "x", "expr"), 0, "circular definition: x -> x")]),
        ({"x": X, "pi": X}, (), [(("data", "pi"), 0, "'pi' is the name of a constant")]),
        (
            {"x": X},
            ({"mark": "line", "x": "x", "y": "1 / x"},),
            [(("layers", 0, "y"), 0, "1 of 3 values cannot be drawn, the first (inf) at index [1]")],
        ),
        (
            {"x": X, "y": {"values": [1, 2]}},
            ({"mark": "line", "x": "x", "y": "y"},),
            [(("layers", 0), 0, "shapes do not match: 'x' has shape (3,), 'y' has shape (2,)")],
        ),
        (
            {"x": X},
            ({"mark": "line", "x": "a", "y": "sin"}, {"mark": "line", "x": "x", "y": "b"}),
            [
                (("layers", 0, "x"), 0, "unknown name 'a'"),
                (("layers", 0, "y"), 0, "'sin' is a function"),
                (("layers", 1, "y"), 0, "unknown name 'b'"),
            ],
        ),
    ],
)
def test_problems(data, layers, expected):
    assert problems(data, *layers) == expected


def test_a_failed_name_is_reported_once_and_not_by_its_users():
    found = problems({"x": {"expr": "q"}, "y": {"expr": "x + 1"}}, {"mark": "line", "x": "x", "y": "y"})
    assert [where for where, _, _ in found] == [("data", "x", "expr")]


def test_many_cycles_are_all_reported():
    """Each took a level of recursion, and 1,000 of them ended in an internal error."""
    data = {f"a{number}": {"expr": f"a{number}"} for number in range(400)}
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 250)
    try:
        assert len(problems({**data, "x": X})) == 400
    finally:
        sys.setrecursionlimit(limit)


def test_two_cycles_are_both_named():
    data = {"a": {"expr": "b"}, "b": {"expr": "a"}, "c": {"expr": "c"}, "x": X}
    assert len(problems(data)) == 2


def test_a_deep_derivative_ends_with_an_error():
    formula = "x" + "".join(f" * sin(x + {n})" for n in range(90))
    found = problems({"x": X, "y": {"expr": f"diff({formula}, x, 8)"}})
    assert found[0][0] == ("data", "y", "expr")


def test_a_deep_derivative_of_a_secondary_axis_ends_with_an_error():
    formula = "x" + "".join(f" * sin(x + {n})" for n in range(90))
    secondary = {"forward": f"diff({formula}, x, 8)", "inverse": "x", "label": "slope"}
    found = problems({"x": X}, axes={"x": {"secondary": secondary}})
    assert found == [(("axes", "x", "secondary", "forward"), 0, "formula or derivative nested too deeply")]


def test_an_error_in_a_named_formula_is_placed_at_the_name():
    data = {"x": X, "y": {"expr": "1 + 2 + 3 + 4 + max(x) * x"}, "z": {"expr": "1 + diff(y, x)"}}
    assert problems(data) == [(("data", "z", "expr"), 9, "cannot differentiate max()")]


def test_strings_are_not_compared_by_claims():
    ((where, _, message),) = problems({"x": X, "names": {"values": ["a", "b"]}}, claims=["names[0] == names[1]"])
    assert (where, message) == (("claims", 0, "claim"), "'==': expected numbers, found strings")


@pytest.mark.parametrize(
    "claim", ["max(x) == 1", "x ** 2 <= 1", {"claim": "max(x) == 1.05", "tolerance": 0.1}, "max(x) != 2"]
)
def test_claims_that_hold(claim):
    sampled({"x": X}, claims=[claim])


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("max(x) == 2", "claim does not hold: left side is 1, right side is 2"),
        ("x >= 0", "claim does not hold for 1 of 3 values: at index [0], left side is -1, right side is 0"),
        ("all(x >= 0)", "claim does not hold for 1 of 3 values: at index [0], left side is -1, right side is 0"),
        ("not max(x) > 0", "claim does not hold"),
        ("-1 <= max(x) < 1", "claim does not hold: left side is 1, right side is 1"),
        (
            "max(x) > 0 and x <= 0",
            "claim does not hold for 1 of 3 values: at index [2], left side is 1, right side is 0",
        ),
        (
            {"claim": "x == x + 0.1 * (x > 0)", "tolerance": 1e-3},
            "claim does not hold for 1 of 3 values: at index [2], left side is 1, right side is 1.1",
        ),
        (
            {"claim": "x * (1 + 1e-4) == x + 0.1 * (x > 0)", "tolerance": 1e-3},
            "claim does not hold for 1 of 3 values: at index [2], left side is 1.0001, right side is 1.1",
        ),
        ("max(x) == 1 + 1e-8", "claim does not hold: left side is 1, right side is 1.00000001"),
        ("max(x)", "claim must be a boolean expression"),
        ("max(q) > 0", "unknown name 'q'"),
    ],
)
def test_claims_that_do_not_hold(claim, message):
    ((where, _, found),) = problems({"x": X}, claims=["max(x) > 0", claim])
    assert (where, found) == (("claims", 1, "claim"), message)


@pytest.mark.parametrize(
    ("alt", "expected"),
    [
        ("peak {max(x):.2f}", "peak 1.00"),
        ("{x[0]:.0%} {{braces}} {max(x)}", "-100% {braces} 1"),
        ("{1234567.8:,d}", "1,234,568"),
        ("{{{max(x)}}} {x[0:2][1]:.1f}", "{1} 0.0"),
        ("none", "none"),
        ("from $5 to ${max(x):.2f}/${x[0]} (US$)", "from $5 to $1.00/$-1 (US$)"),
        ("Price (US$) and cost (US$), $1-$5", "Price (US$) and cost (US$), $1-$5"),
        ("{1:.1f} and {2 * max(x)}", "1.0 and 2"),
    ],
)
def test_values_in_alt_text(alt, expected):
    assert sampled({"x": X}, alt=alt).alt == expected


@pytest.mark.parametrize(
    ("alt", "offset", "message"),
    [
        ("up to {max(q)}", 11, "unknown name 'q'"),
        ("{x}", 1, "'x' is not a single number"),
        ("{max(x):>30}", 8, "'>30' is not a valid number format"),
        ("{max(x)", 0, "unclosed '{'"),
        ("{{ {max(x)} up to {max(x)", 18, "unclosed '{'"),
        ("{max(x)} up to max(x)}", 21, "unmatched '}'"),
        ("{max(x)!r}", 7, "invalid syntax: unexpected '!'"),
        ("the {1} and", 4, "'{1}' is replaced by 1, without its braces"),
        ("weight $x_{1}$", 7, "'$x_{1}$' is TeX, which screen readers read out character by character"),
        (r"loss $\mathcal{L}$", 5, r"'$\mathcal{L}$' is TeX, which screen readers read out character by character"),
        ("of $f(x)$", 3, "'$f(x)$' is TeX, which screen readers read out character by character"),
        ("$$x$$", 0, "'$$x$$' is TeX, which screen readers read out character by character"),
        (r"\(x)", 0, r"'\(' is TeX, which screen readers read out character by character"),
        (r"rate \eta", 5, r"'\eta' is TeX, which screen readers read out character by character"),
        (r"for \$5", 4, r"'\$' is TeX, which screen readers read out character by character"),
        ("angle \theta", 0, "the text contains a tab"),
    ],
)
def test_errors_in_alt_text(alt, offset, message):
    assert problems({"x": X}, alt=alt) == [(("alt",), offset, message)]


@pytest.mark.parametrize(
    "text", ["{max(x):.2f}, {max(x):.2f} and {max(x):!}", "{{max(x):!}} {max(x):!}", "a\n{max(x)}\n{max(x):!}\n"]
)
def test_an_invalid_format_is_placed_at_itself(text):
    """It was placed at the first of several equal formulas."""
    message = "'!' is not a valid number format"
    assert problems({"x": X}, alt=text) == [(("alt",), text.rindex(":!") + 1, message)]


def test_all_errors_of_an_alt_text_are_reported():
    text = "{max(x):z} {x:.2f} } {max(q)} {max(x):z} {"
    found = [(offset, message) for _, offset, message in problems({"x": X}, alt=text)]
    assert found == [
        (8, "'z' is not a valid number format"),
        (12, "'x' is not a single number"),
        (19, "unmatched '}'"),
        (26, "unknown name 'q'"),
        (38, "'z' is not a valid number format"),
        (41, "unclosed '{'"),
    ]


def test_an_error_in_an_alt_text_of_a_config_has_its_column():
    text = "alt: '{max(x):.2f} {{max(x):z}} {max(x):z}'"
    document = load(text, "a.yaml")
    (problem,) = raised({"x": X}, alt=document.data["alt"])
    finding = document.locate(problem)
    assert (finding.line, finding.column) == (1, text.rindex(":z") + 2)


def test_format_number():
    assert format_number(2.6, "d") == "3"
    assert format_number(0.25, ".0%") == "25%"


def test_strings_for_a_channel_of_numbers():
    layer = {"mark": "scatter", "x": "x", "y": "x", "size": "names"}
    assert problems({"x": X, "names": {"values": ["a", "b", "c"]}}, layer) == [
        (("layers", 0, "size"), 0, "expected numbers, found strings")
    ]


def test_data_with_the_name_of_a_function():
    layer = sampled({"x": X, "max": {"expr": "2 * max(x)"}}, {**LAYER, "y": "max + 0 * x"}).panels[0].layers[0]
    assert layer["y"].tolist() == [2, 2, 2]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_formulas_can_use_data_with_the_name_of_any_function(name):
    layer = sampled({name: X}, {"mark": "line", "x": name, "y": f"2 * {name}"}).panels[0].layers[0]
    assert layer["y"].tolist() == [-2, 0, 2]


@pytest.mark.parametrize("name", [word for word in keyword.kwlist if word[0] != "_"])
def test_data_with_the_name_of_a_keyword(name):
    (problem,) = raised({"x": X, name: X})
    assert (problem.where, problem.on_key) == (("data", name), True)
    assert problem.message == f"'{name}' is a Python keyword, which no formula can use as a name"
    assert problem.hint == "choose another name"


def test_a_claim_about_dates_that_does_not_hold():
    days = {"days": {"values": ["2025-08-17", "2025-08-16T12:00"]}}
    claims = ["days[0] < days[1]", "days[1:] >= days[0]"]
    assert [message for _, _, message in problems({"x": X, **days}, claims=claims)] == [
        "claim does not hold: left side is 2025-08-17, right side is 2025-08-16T12:00",
        "claim does not hold for 1 of 1 values: at index [0], left side is 2025-08-16T12:00, right side is 2025-08-17",
    ]


GAP = {"x": {"values": [1, None, 3]}, "half": {"expr": "x / 2"}}


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("x < 9", "claim compares missing values: 1 of 3"),
        ("x != 9", "claim compares missing values: 1 of 3"),
        ("max(half) <= 9", "claim compares a missing value"),
        ("all(x < 9) or x[0] == 1", "claim compares missing values: 1 of 3"),
        ("not x[1] > 2", "claim compares a missing value"),
    ],
)
def test_claims_about_missing_values(claim, message):
    layer = {**LAYER, "missing": "drop"}
    (problem,) = raised(GAP, layer, claims=[claim, "max(x[x == x]) == 3"])
    assert (problem.where, problem.message) == (("claims", 0, "claim"), message)
    assert problem.hint == "compare the others: y[y == y] has the values of y that are not missing"


def test_a_missing_value_in_an_alt_text():
    layer = {**LAYER, "missing": "drop"}
    assert sampled(GAP, layer, alt="up to {max(x[x == x]):d}").alt == "up to 3"
    (problem,) = raised(GAP, layer, alt="up to {max(x):.2f}")
    assert (problem.where, problem.message) == (("alt",), "'max(x)' is nan, not a finite number")
    assert problem.hint == "y[y == y] has the values of y that are not missing"


EFFECTS = "'missing: gap' leaves a gap there, 'missing: drop' draws the others as if there were no more"


@pytest.mark.parametrize(
    ("formula", "message", "hint"),
    [
        ("loss", "missing values: 2 of 4, the first at index [1] (run.csv, line 4)", EFFECTS),
        ("2 * twice + epoch", "missing values: 2 of 4, the first at index [1] (run.csv, line 4)", EFFECTS),
        ("gap", "missing values: 1 of 4, the first at index [3] ('gap')", EFFECTS),
        ("sqrt(epoch - 2)", "missing values: 1 of 4, the first at index [0]", f"restrict the data to where the formula is defined; {EFFECTS}"),
    ],
)  # fmt: skip
def test_where_missing_values_come_from(formula, message, hint):
    content = b"epoch,loss\n1,0.5\n\n2,\n3,0.2\n4,NaN\n"
    data = {
        "epoch": {"csv": "run.csv", "column": "epoch"},
        "loss": {"csv": "run.csv", "column": "loss"},
        "twice": {"expr": "2 * loss"},
        "gap": {"values": [1, 2, 3, None]},
    }
    spec = figure(data=data, layers=[{"mark": "line", "x": "epoch", "y": formula}])
    with pytest.raises(SpecError) as caught:
        sample(spec, {"run.csv": content}.get)
    problem = caught.value.problems[0]
    assert (problem.where, problem.message, problem.hint) == (("layers", 0, "y"), message, hint)


MIXED = {
    "x": {"values": [1, 2]},
    "strings": {"values": ["a", "b"]},
    "dates": {"values": ["2025-01-01", "2025-02-01"]},
}
# Every channel that is not a position, and the position beside one that is a length along its axis.
MEASURED = [
    ("bar", "y", {"x": "x"}), ("bar", "base", {"x": "x", "y": "x"}), ("bar", "error", {"x": "x", "y": "x"}),
    ("area", "high", {"x": "x"}), ("area", "low", {"x": "x", "high": "x"}), ("stem", "y", {"x": "x"}),
    ("stem", "base", {"x": "x", "y": "x"}), ("stairs", "y", {"edges": "concat(x, 3)"}),
    ("stairs", "base", {"edges": "concat(x, 3)", "y": "x"}), ("errorbar", "error", {"x": "x", "y": "x"}),
    ("errorbar", "x_error", {"x": "x", "y": "x"}), ("band", "spread", {"x": "x", "y": "x"}),
    ("scatter", "size", {"x": "x", "y": "x"}), ("scatter", "color_by", {"x": "x", "y": "x"}),
    ("pie", "sizes", {}), ("quiver", "u", {"x": "x", "y": "x", "v": "x"}), ("rule", "slope", {"x": 1, "y": 1}),
    ("heatmap", "z", {}), ("area", "where", {"x": "x", "high": "x"}),
]  # fmt: skip
ALONG = [
    ("errorbar", "y", {"x": "x", "error": "x"}, "error"), ("errorbar", "x", {"y": "x", "x_error": "x"}, "x_error"),
    ("errorbar", "y", {"x": "x", "error_low": "x", "error_high": "x"}, "error_low"),
    ("band", "y", {"x": "x", "spread": "x"}, "spread"), ("rule", "x", {"y": 1, "slope": 1}, "slope"),
    ("quiver", "x", {"y": "x", "u": "x", "v": "x", "space": "data"}, "u"),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["strings", "dates"])
@pytest.mark.parametrize(("mark", "channel", "others"), MEASURED)
def test_what_is_measured_is_a_number(mark, channel, others, kind):
    (problem,) = raised(MIXED, {"mark": mark, channel: kind, **others})
    assert problem.where[:3] == ("layers", 0, channel)
    assert problem.message == f"expected numbers, found {kind}"
    assert problem.hint == f"{kind} are positions along an axis; they have no length, size or colour"


@pytest.mark.parametrize("kind", ["strings", "dates"])
@pytest.mark.parametrize(("mark", "position", "others", "length"), ALONG)
def test_a_length_is_added_to_numbers(mark, position, others, length, kind):
    found = problems(MIXED, {"mark": mark, position: kind, **others})
    message = f"'{length}' is a length along the axis on which '{position}' has {kind}"
    assert found[0] == (("layers", 0, length), 0, message)


def test_a_horizontal_bar_from_one_date_to_another():
    layer = {"mark": "bar", "x": "strings", "y": "dates", "base": "dates", "direction": "horizontal"}
    assert problems(MIXED, layer) == [
        (("layers", 0, "y", 0), 0, "expected numbers, found dates"),
        (("layers", 0, "base"), 0, "expected numbers, found dates"),
    ]


@pytest.mark.parametrize(
    "layer",
    [
        {"mark": "histogram", "x": "strings"}, {"mark": "box", "y": "strings"}, {"mark": "violin", "y": "strings"},
        {"mark": "contour", "x": "strings", "y": "x", "z": "outer(x, x)"},
        {"mark": "stairs", "edges": "concat(strings, strings[:1])", "y": "x"},
    ],
)  # fmt: skip
def test_what_has_a_distance_is_no_category(layer):
    ((_, _, message),) = problems(MIXED, layer)
    assert message == "expected numbers or dates, found strings"


@pytest.mark.parametrize("kind", ["strings", "dates"])
@pytest.mark.parametrize(
    "layer",
    [
        {"mark": "line", "y": "x"}, {"mark": "bar", "y": "x"}, {"mark": "stem", "y": "x"}, {"mark": "step", "y": "x"},
        {"mark": "errorbar", "y": "x", "error": "x"}, {"mark": "band", "y": "x", "spread": "x"},
        {"mark": "area", "high": "x"}, {"mark": "quiver", "y": "x", "u": "x", "v": "x"},
        {"mark": "heatmap", "z": "outer(x, x)"},
    ],
)  # fmt: skip
def test_positions_are_strings_or_dates(layer, kind):
    assert (
        sampled(MIXED, {"x": kind, **layer}).panels[0].layers[0]["x"].dtype.kind == {"strings": "U", "dates": "M"}[kind]
    )


def test_dates_as_texts():
    layer = {"mark": "text", "x": "x", "y": "x", "texts": "dates"}
    assert problems(MIXED, layer) == [(("layers", 0, "texts"), 0, "expected numbers or strings, found dates")]
