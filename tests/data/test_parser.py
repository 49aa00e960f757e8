import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figgen.data.formulas.evaluate import evaluate
from figgen.data.formulas.parser import parse
from figgen.data.formulas.tree import ExpressionError, names

X = np.linspace(-2, 2, 5)
ARRAYS = {"x": X, "A": np.arange(6.0).reshape(2, 3), "n": np.asarray(3.0)}


def value(text):
    return evaluate(parse(text), lambda name: ARRAYS[name.id])


def error(text):
    with pytest.raises(ExpressionError) as caught:
        value(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 ** 2", 19),
        ("-2 ** 2", -4),
        ("7 // 2 + 7 % 4", 6),
        ("2 ** -2", 0.25),
        ("2 ** 100", 2.0**100),
        ("x ** 2", X**2),
        ("+x - 1", X - 1),
        ("pi", np.pi),
        ("A @ A[0]", ARRAYS["A"] @ ARRAYS["A"][0]),
        ("A[1, 0:2]", [3, 4]),
        ("A[:, None, 1]", ARRAYS["A"][:, None, 1]),
        ("A[-1]", [3, 4, 5]),
        ("x[x > 0]", [1, 2]),
        ("x[::2]", X[::2]),
        ("x[n]", 1),
        ("x > 0", X > 0),
        ("-1 < x <= 1", (X > -1) & (X <= 1)),
        ("not x > 0 and x != -1", ~(X > 0) & (X != -1)),
        ("x < 0 or x == 2", (X < 0) | (X == 2)),
        ("(x > 0) + (x > 1)", (X > 0).astype(float) + (X > 1)),
        ("-(x > 0)", -(X > 0).astype(float)),
        ("where(x > 0, x, 0)", np.maximum(X, 0)),
        ("True + 1", 2),
        ("  x\n + 1", X + 1),
    ],
)
def test_values(text, expected):
    np.testing.assert_array_equal(value(text), expected)


def test_numbers_do_not_wrap_around():
    assert value("3 ** 50") == 3.0**50
    assert value("9 ** 9 ** 9 ** 9") == np.inf


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, "empty formula"),
        ("x +", 3, "invalid syntax: unexpected end of formula"),
        ("x 1", 2, "invalid syntax: unexpected '1'"),
        ("(x", 0, "invalid syntax: unclosed '('"),
        ("x.real", 0, "unsupported syntax: x.real"),
        ("1 + (x ^ 2)", 5, "unsupported syntax: x ^ 2"),
        ("σ + x.T", 4, "unsupported syntax: x.T"),
        ("'text'", 0, "unsupported syntax: 'text'"),
        ("[1, 2]", 0, "unsupported syntax: [1, 2]"),
        ("[i for i in x]", 0, "unsupported syntax: [i for i in x]"),
        ("lambda: 0", 0, "unsupported syntax: lambda: 0"),
        ("(y := 1)", 1, "unsupported syntax: y := 1"),
        ("f'{x}'", 0, "unsupported syntax: f'{x}'"),
        ("x if x else 0", 0, "unsupported syntax: x if x else 0"),
        ("x is x", 0, "unsupported syntax: x is x"),
        ("sin(*x)", 4, "unsupported syntax: *x"),
        ("1j", 0, "unsupported syntax: 1j"),
        ("sin.__class__(x)", 0, "unsupported syntax: sin.__class__(x)"),
        ("2 * sgimoid(x)", 4, "unknown function 'sgimoid'"),
        ("sin()", 0, "sin(): missing a required argument: 'x'"),
        ("sin(x, x)", 0, "sin(): too many positional arguments"),
        ("sin(y=x)", 0, "sin(): got an unexpected keyword argument 'y'"),
        ("elu(x, alpha=1, alpha=2)", 0, "elu(): keyword argument repeated"),
        ("sin(x, x=x)", 0, "sin(): multiple values for argument 'x'"),
        ("diff(x)", 0, "diff(): missing a required argument: 'x'"),
        ("1" + "0" * 400, 0, "number too large"),
        ("1 + x[0.5]", 6, "index must be an integer or a condition"),
        ("x[x:]", 2, "slice bound must be a single integer"),
        ("x[9]", 0, "index 9 is out of bounds for axis 0 with size 5"),
        ("A[0, -4]", 0, "index -4 is out of bounds for axis 1 with size 3"),
        ("x[0, 0]", 0, "too many indices for array: array is 1-dimensional, but 2 were indexed"),
        ("n[0]", 0, "too many indices for array: array is 0-dimensional, but 1 were indexed"),
        ("x[::0]", 0, "slice step cannot be zero"),
        ("x[A > 0]", 0, "too many indices for array: array is 1-dimensional, but 2 were indexed"),
        (
            "A[x > 0]",
            0,
            "boolean index did not match indexed array along axis 0; size of axis is 2 but size of corresponding boolean axis is 5",
        ),
        ("1 + 2x", 4, "invalid syntax: '2x'"),
        ("max(x) = 1", 7, "invalid syntax: '='"),
        ("softplus(x, beta=1", 8, "invalid syntax: unclosed '('"),
        ("softplus(x, beta=1) x", 18, "invalid syntax: ') x'"),
        ("sin(x) and", 10, "invalid syntax: unexpected end of formula"),
        ("1 + (x + A)", 5, "'+': shapes (5,) and (2, 3) do not match"),
        ("A @ A", 0, "'@': shapes (2, 3) and (2, 3) do not match"),
        ("x" * 2001, 0, "formula too long: 2,001 characters"),
        ("-" * 1999 + "x", 101, "formula nested too deeply"),
        ("x and " * 200 + "x", 0, "formula nested too deeply"),
    ],
)
def test_errors(text, offset, message):
    found = error(text)
    assert (found.offset, found.message) == (offset, message)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x ^ 2", "write ** for a power"),
        ("x & x", "write 'and'"),
        ("np.sin(x)", "write functions without a module or object: sin(x), mean(x)"),
        ("1 if x else 2", "write where(condition, a, b)"),
        ("sigmod(x)", "did you mean 'sigmoid'?"),
    ],
)
def test_hints(text, hint):
    assert error(text).hint == hint


@pytest.mark.parametrize(
    ("text", "offset"),
    [("0x10 +", 6), ("1_000 +", 7), ("x + ) * 2x", 4), ("2 (x) + )", 8), ("abs(2 * (x)) - 2 x", 15)],
)
def test_a_syntax_error_is_placed_where_python_finds_it(text, offset):
    """A hint about a missing * was given wherever digits are followed by letters."""
    assert error(text).offset == offset


def test_names_in_every_kind_of_node():
    assert [name.id for name in names(parse("a[b:c] + where(d, e, b=f) * pi"))] == ["a", "b", "c", "d", "e", "f", "pi"]


@given(st.text(alphabet="xA0123456789.+-*/%()[]:,<>=!&|^~ '\"_abcdefn", max_size=40))
def test_any_text_is_evaluated_or_rejected_at_an_offset_within_it(text):
    try:
        value(text)
    except ExpressionError as found:
        assert 0 <= found.offset <= len(text)
        assert found.message
    except (KeyError, AssertionError):
        pass  # diff(), or a name that this test has no array for
