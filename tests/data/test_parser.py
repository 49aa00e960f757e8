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
        ("", 0, "an empty formula"),
        ("x +", 3, "not a formula: it ends too early"),
        ("x 1", 2, "not a formula: '1' is out of place"),
        ("(x", 0, "not a formula: '(' was never closed"),
        ("x.real", 0, "'x.real' is not part of the formula language"),
        ("1 + (x ^ 2)", 5, "'x ^ 2' is not part of the formula language"),
        ("σ + x.T", 4, "'x.T' is not part of the formula language"),
        ("'text'", 0, "the text 'text' is not part of the formula language"),
        ("[1, 2]", 0, "'[1, 2]' is not part of the formula language"),
        ("[i for i in x]", 0, "'[i for i in x]' is not part of the formula language"),
        ("lambda: 0", 0, "'lambda: 0' is not part of the formula language"),
        ("(y := 1)", 1, "'y := 1' is not part of the formula language"),
        ("f'{x}'", 0, "'f'{x}'' is not part of the formula language"),
        ("x if x else 0", 0, "'x if x else 0' is not part of the formula language"),
        ("x is x", 0, "'x is x' is not part of the formula language"),
        ("sin(*x)", 4, "'*x' is not part of the formula language"),
        ("1j", 0, "'1j' is not part of the formula language"),
        ("sin.__class__(x)", 0, "'sin.__class__(x)' is not part of the formula language"),
        ("2 * sgimoid(x)", 4, "unknown function 'sgimoid'"),
        ("sin()", 0, "sin(): the argument 'x' is missing"),
        ("sin(x, x)", 0, "sin(): 2 arguments are too many"),
        ("sin(y=x)", 0, "sin(): there is no argument 'y'"),
        ("sin(x, x=x)", 0, "sin(): the argument 'x' is given twice"),
        ("diff(x)", 0, "diff() takes a formula, a name and perhaps an order"),
        ("1" + "0" * 400, 0, "a number that is too large"),
        ("1 + x[0.5]", 6, "an index that is not a whole number"),
        ("x[x:]", 2, "a slice that is bounded by an array"),
        ("x[9]", 0, "there is no index 9"),
        ("A[0, -4]", 0, "there is no index -4"),
        ("x[0, 0]", 0, "2 indices for an array of shape (5,)"),
        ("n[0]", 0, "an index into a single number"),
        ("x[::0]", 0, "a slice with a step of 0"),
        ("x[A > 0]", 0, "2 indices for an array of shape (5,)"),
        ("A[x > 0]", 0, "a condition of shape (5,) for an array of shape (2, 3)"),
        ("1 + 2x", 4, "not a formula: '2x'"),
        ("max(x) = 1", 7, "not a formula: '='"),
        ("softplus(x, beta=1", 8, "not a formula: '(' was never closed"),
        ("softplus(x, beta=1) x", 18, "not a formula: ') x'"),
        ("sin(x) and", 10, "not a formula: it ends too early"),
        ("1 + (x + A)", 5, "'+' of shapes that do not match: (5,) and (2, 3)"),
        ("A @ A", 0, "'@' of shapes that do not match: (2, 3) and (2, 3)"),
        ("x" * 2001, 0, "a formula of 2,001 characters"),
        ("-" * 1999 + "x", 101, "a formula nested too deeply"),
        ("x and " * 200 + "x", 0, "a formula nested too deeply"),
    ],
)
def test_what_is_refused(text, offset, message):
    found = error(text)
    assert (found.offset, found.message) == (offset, message)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x ^ 2", "write ** for a power"),
        ("x & x", "write 'and'"),
        ("np.sin(x)", "functions stand alone: sin(x), not np.sin(x)"),
        ("1 if x else 2", "write where(condition, a, b)"),
        ("sigmod(x)", "did you mean 'sigmoid'?"),
    ],
)
def test_what_to_write_instead(text, hint):
    assert error(text).hint == hint


def test_names_are_found_everywhere():
    assert [name.id for name in names(parse("a[b:c] + where(d, e, b=f) * pi"))] == ["a", "b", "c", "d", "e", "f", "pi"]


@given(st.text(alphabet="xA0123456789.+-*/%()[]:,<>=!&|^~ '\"_abcdefn", max_size=40))
def test_any_text_is_evaluated_or_refused_within_itself(text):
    try:
        value(text)
    except ExpressionError as found:
        assert 0 <= found.offset <= len(text)
        assert found.message
    except KeyError:
        pass  # a name that this test has no array for
