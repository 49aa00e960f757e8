import io

import numpy as np
import pytest

from figgen.config.spec.sources import DRAWS
from figgen.data.namespace import Namespace
from figgen.errors import SourceError
from figgen.site.limits import LIMITS
from tests.draw_figures import figure

LAYER = {"mark": "line", "x": 0, "y": 0}


def namespace(data, **files):
    def read_file(path):
        if path not in files:
            raise SourceError(f"file not found: {path}")
        return files[path]

    made = Namespace(figure(data=data, layers=[LAYER]).data, read_file)
    made.compute()
    return made


def array(source, **files):
    made = namespace({"x": source}, **files)
    assert not made.problems
    return made.arrays["x"]


def problem(source, **files):
    (found,) = namespace({"x": source}, **files).problems
    return found.where[2:], found.message


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"linspace": [-1, 1, 3]}, [-1, 0, 1]),
        ({"linspace": [1, 1, 1]}, [1]),
        ({"geomspace": [1, 100, 3]}, [1, 10, 100]),
        ({"integers": [-1, 2]}, [-1, 0, 1, 2]),
        ({"values": [3, 1.5]}, [3, 1.5]),
        ({"values": [[1, 2], [3, 4]]}, [[1, 2], [3, 4]]),
        ({"expr": "2 ** 0.5"}, 2**0.5),
    ],
)
def test_numbers(source, expected):
    np.testing.assert_array_equal(array(source), expected)
    assert array(source).dtype == np.float64


def test_strings_and_dates():
    assert array({"values": ["b", "a"]}).tolist() == ["b", "a"]
    assert array({"values": ["2025-01-31", "2025-02-01T10:30"]}).dtype.kind == "M"
    assert array({"values": ["2025-01-31", "later"]}).dtype.kind == "U"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"integers": [3, 1]}, (("integers",), "the last integer, 1, is less than the first, 3")),
        ({"integers": [0, 10**9]}, (("integers",), "array too large: 1,000,000,001 elements")),
        ({"values": [[1, 2], [3]]}, (("values",), "rows have different lengths: 2, 1")),
        ({"values": ["2025-02-30"]}, (("values",), "invalid date '2025-02-30'")),
        ({"random": "normal", "seed": 1, "shape": [10_000, 10_000]}, (("shape",), "array too large: 100,000,000 elements")),
        ({"random": "integers", "seed": 1, "low": 5, "high": 5}, (("high",), "must be greater than 'low' (5), not 5")),
    ],
)  # fmt: skip
def test_errors(source, expected):
    assert problem(source) == expected
    assert LIMITS["elements"].default < 10**8


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ({"linspace": [0, 1, 7]}, "linspace"),
        ({"geomspace": [1, 2, 7]}, "geomspace"),
        ({"integers": [1, 7]}, "integers"),
        ({"values": list(range(7))}, "values"),
        ({"values": list("abcdefg")}, "values"),
        ({"values": [[1, 2, 3, 4], [5, 6, 7, 8]]}, "values"),
        ({"random": "normal", "seed": 1, "shape": [7]}, "shape"),
        ({"random": "permutation", "seed": 1, "n": 7}, "n"),
    ],
)
def test_the_limit_alone_decides_how_long_an_array_may_be(source, key, monkeypatch):
    monkeypatch.setenv("FIGGEN_LIMITS", "elements=6")
    where, message = problem(source)
    assert where == (key,)
    assert message.endswith(" elements")
    monkeypatch.setenv("FIGGEN_LIMITS", "elements=100000000")
    array(source)
    if "linspace" in source:
        assert array({"linspace": [0, 1, 10_000_001]}).size == 10_000_001


CSV = b"epoch,loss,day,name,mixed\r\n1,0.5,2025-01-01,a b,1\r\n2,2.5e-1,2025-01-02,c,n/a\r\n"


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("loss", [0.5, 0.25]),
        ("day", np.asarray(["2025-01-01", "2025-01-02"], "datetime64[us]")),
        ("name", ["a b", "c"]),
    ],
)
def test_a_csv_column_is_what_its_cells_are(column, expected):
    for content in (CSV, b"\xef\xbb\xbf" + CSV, CSV.replace(b"\r\n", b"\n")):
        np.testing.assert_array_equal(array({"csv": "f", "column": column}, f=content), expected)


def test_a_csv_column_as_strings():
    assert array({"csv": "f", "column": "mixed", "type": "text"}, f=CSV).tolist() == ["1", "n/a"]


@pytest.mark.parametrize(
    ("source", "content", "expected"),
    [
        ({"column": "mixed"}, CSV, (("csv",), "f, line 3: expected a finite number in column 'mixed', found 'n/a'")),
        (
            {"column": "a"},
            b'a\n"1,100"\n900\n',
            (("csv",), "f, line 2: '1,100' looks like a number, but is a string"),
        ),
        ({"column": "a"}, b"a\nx\ny\n900\n", (("csv",), "f, line 4: '900' in column 'a' is a number among strings")),
        ({"column": "a"}, b"a\nx\n900\n", (("csv",), "f, line 3: '900' in column 'a' is a number among strings")),
        ({"column": "los"}, CSV, (("column",), "f has no column 'los'")),
        ({"column": "a"}, b"a,a\n1,2\n", (("column",), "f has 2 columns named 'a'")),
        ({"column": "b"}, b"a,b\n1,2\n\n3\n", (("csv",), "f, line 4: expected 2 cells, as in the header, found 1")),
        ({"column": "a"}, b"a,b\n1,2\n3\n", (("csv",), "f, line 3: expected 2 cells, as in the header, found 1")),
        ({"column": "a"}, b"a,b\n1,2,5\n", (("csv",), "f, line 2: expected 2 cells, as in the header, found 3")),
        ({"column": "b"}, b'a,b\nx,2,"5"\n', (("csv",), "f, line 2: expected 2 cells, as in the header, found 3")),
        ({"column": "a"}, b"a,b,\n1\n", (("csv",), "f, line 2: expected 3 cells, as in the header, found 1")),
        (
            {"column": "a"},
            b"a\n1\n\n\ninf\n",
            (("csv",), "f, line 5: expected a finite number in column 'a', found 'inf'"),
        ),
        (
            {"column": "a"},
            b'a,b\n1,"x\ny"\nz,\n',
            (("csv",), "f, line 4: expected a finite number in column 'a', found 'z'"),
        ),
        (
            {"column": "a", "type": "date"},
            b"a\n1\n",
            (("csv",), "f, line 2: expected a date such as 2025-08-17 in column 'a', found '1'"),
        ),
        ({"column": "a"}, b"a\n\xff\n", (("csv",), "f, line 2: not UTF-8: byte 0xff")),
        ({"column": "a"}, b"a\n", (("csv",), "f has no rows")),
        ({"column": "a"}, b"", (("csv",), "f is empty")),
        ({"column": "a"}, b'a\n"1\n', (("csv",), "f, line 2: unclosed quote")),
    ],
)
def test_errors_of_csv_files_have_their_line(source, content, expected):
    assert problem({"csv": "f", **source}, f=content)[0] == expected[0]
    assert problem({"csv": "f", **source}, f=content)[1].startswith(expected[1])


@pytest.mark.parametrize("content", [b"a,b\n1,2,\n3,4, ,\n", b"a,b,\n1,2\n3,4,,\n", b"a,b,,\n1,2,,\n3,4,,\n"])
def test_commas_without_cells_at_the_end_of_a_row(content):
    assert array({"csv": "f", "column": "b"}, f=content).tolist() == [2, 4]


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def test_an_npz_array():
    content = npz(a=np.arange(6).reshape(2, 3), b=np.asarray(["x"]))
    np.testing.assert_array_equal(array({"npz": "f", "array": "a"}, f=content), [[0, 1, 2], [3, 4, 5]])
    assert array({"npz": "f", "array": "a"}, f=content).dtype == np.float64
    assert array({"npz": "f", "array": "b"}, f=content).tolist() == ["x"]


@pytest.mark.parametrize(
    ("content", "key", "message"),
    [
        (npz(b=[1.0]), "array", "f has no array 'a'"),
        (npz(a=[1j]), "array", "'a' contains complex128"),
        (npz(a=np.asarray([{}], object)), "array", "'a' contains Python objects"),
        (b"no zip", "npz", "f is not a NumPy .npz file of plain arrays"),
        (npz(a=[1.0])[:-30], "npz", "f is not a NumPy .npz file of plain arrays"),
        (b"\x80\x04N.", "npz", "f is not a NumPy .npz file of plain arrays"),
    ],
)
def test_errors_of_npz_files(content, key, message):
    found = problem({"npz": "f", "array": "a"}, f=content)
    assert found[0] == (key,)
    assert found[1].startswith(message)


@pytest.mark.parametrize("source", [{"csv": "g", "column": "a"}, {"npz": "g", "array": "a"}])
def test_a_missing_file(source):
    assert problem(source) == ((next(iter(source)),), "file not found: g")


# Each draw in NumPy, for both kinds of stream.
BY_HAND = {
    "normal": ({"mean": 1, "std": 2}, lambda rng: rng.normal(1, 2, (2, 3))),
    "uniform": ({"low": -1, "high": 2}, lambda rng: rng.uniform(-1, 2, (2, 3))),
    "integers": (
        {"low": 1, "high": 7},
        lambda rng: (rng.randint if hasattr(rng, "randint") else rng.integers)(1, 7, (2, 3)),
    ),
    "binomial": ({"n": 10, "p": 0.3}, lambda rng: rng.binomial(10, 0.3, (2, 3))),
    "poisson": ({"rate": 4}, lambda rng: rng.poisson(4, (2, 3))),
    "exponential": ({"scale": 2}, lambda rng: rng.exponential(2, (2, 3))),
    "lognormal": ({"mean": 0, "std": 0.5}, lambda rng: rng.lognormal(0, 0.5, (2, 3))),
    "laplace": ({"mean": 0, "scale": 2}, lambda rng: rng.laplace(0, 2, (2, 3))),
    "gamma": ({"k": 2, "scale": 1}, lambda rng: rng.gamma(2, 1, (2, 3))),
    "beta": ({"a": 2, "b": 5}, lambda rng: rng.beta(2, 5, (2, 3))),
    "permutation": ({"n": 9}, lambda rng: rng.permutation(9)),
}


def test_every_draw_is_compared_with_numpy():
    assert BY_HAND.keys() == DRAWS.keys()


@pytest.mark.parametrize("stream", ["pcg64", "mt19937"])
@pytest.mark.parametrize("kind", BY_HAND)
def test_draws_are_numpys_number_for_number(kind, stream):
    """Two draws from one stream: the second continues where the first stopped."""
    fields, by_hand = BY_HAND[kind]
    rng = np.random.RandomState(42) if stream == "mt19937" else np.random.default_rng(42)
    shape = {} if kind == "permutation" else {"shape": [2, 3]}
    data = {
        "second": {"random": kind, **fields, **shape, "after": "first"},
        "first": {"random": kind, **fields, **shape, "seed": 42, "stream": stream},
    }
    arrays = namespace(data).arrays
    np.testing.assert_array_equal(arrays["first"], by_hand(rng))
    np.testing.assert_array_equal(arrays["second"], by_hand(rng))


def test_legacy_streams_are_those_of_the_global_functions():
    np.random.seed(0)  # noqa: NPY002 - the very functions that old scripts call
    expected = (np.random.randn(3, 2), np.random.rand(4))  # noqa: NPY002
    data = {
        "a": {"random": "normal", "shape": [3, 2], "seed": 0, "stream": "mt19937"},
        "b": {"random": "uniform", "shape": [4], "after": "a"},
    }
    arrays = namespace(data).arrays
    np.testing.assert_array_equal(arrays["a"], expected[0])
    np.testing.assert_array_equal(arrays["b"], expected[1])


def test_known_draws_stay_the_same():
    """The first draws of both streams, as NumPy has given them since 1.17."""
    assert array({"random": "normal", "seed": 0}) == pytest.approx(0.12573022, abs=1e-8)
    assert array({"random": "normal", "seed": 0, "stream": "mt19937"}) == pytest.approx(1.76405235, abs=1e-8)


DRAW = {"random": "normal"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"a": {**DRAW, "after": "b"}}, [(("data", "a", "after"), "'b' is not a random draw")]),
        ({"a": {**DRAW, "after": "x"}, "x": {"values": [1]}}, [(("data", "a", "after"), "'x' is not a random draw")]),
        ({"a": {**DRAW, "after": "a"}}, [(("data", "a", "after"), "circular definition: a -> a")]),
        ({"a": {**DRAW, "after": "b"}, "b": {**DRAW, "after": "a"}}, [(("data", "a", "after"), "circular definition: a -> b -> a")]),
        ({"a": {**DRAW, "seed": 1}, "b": {**DRAW, "after": "a"}, "c": {**DRAW, "after": "a"}}, [(("data", "c", "after"), "the stream of 'a' is already continued by 'b'")]),
    ],
)  # fmt: skip
def test_errors_of_continued_streams(data, expected):
    found = [(problem.where, problem.message) for problem in namespace(data).problems]
    assert found == expected


LOOK_ALIKES = {
    "number": ("50%", "$5", "10k", "1 234", "1.234,5", "\u22125", "1_000", "1,234.5", "12,5", "1'000", "(5)", "7B", "~3", "\u20ac 2", "1e\u22123"),
    "date": ("2024/01/01", "01.02.2024", "2024-01", "2024-01-05T00:00:00Z", "1/2/24", "2024-01-05 10:30:00+01:00", "5 Jan 2024", "Jan 2024", "January 5, 2024"),
}  # fmt: skip


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in LOOK_ALIKES.items() for text in texts])
def test_strings_that_look_like_numbers_or_dates(what, text):
    """Every kind of source reports them, unless they are to be categories."""
    message = f"'{text}' looks like a {what}, but is a string"
    csv = f'a,b\n1,"{text}"\n2,"{text}"\n'.encode()
    for source, content, found in (
        ({"values": [text, text]}, b"", (("values",), message)),
        ({"csv": "f", "column": "b"}, csv, (("csv",), f"f, line 2: {message}")),
        ({"npz": "f", "array": "b"}, npz(b=np.asarray([text, text])), (("array",), message)),
    ):
        assert problem(source, f=content) == found
        drawn = text.replace("$", r"\$")  # else it would start mathtext
        assert array({**source, "type": "text"}, f=content).tolist() == [drawn, drawn]
        assert problem({**source, "type": "number"}, f=content)[1].endswith(f"found '{text}'") or "csv" in source
        (hinted,) = namespace({"x": source}, f=content).problems
        assert hinted.hint == f"write {what}s in this form, or 'type: text' to draw the strings as categories"


def test_one_format_among_others():
    """The value that is not read is named, not those that are."""
    assert problem({"values": ["2024-01-01", "01.02.2024"]})[1] == "'01.02.2024' looks like a date, but is a string"
    assert problem({"values": ["1", "2", "3%"]})[1] == "'3%' looks like a number, but is a string"
    assert problem({"values": ["a", "b", "$1", "$2", "$3"]})[1] == "'$1' looks like a number, but is a string"


@pytest.mark.parametrize(
    ("texts", "what"), [(["n/a", "1", "2"], "number"), (["2024-01-01", "soon", "2024-01-02"], "date")]
)
def test_one_string_among_numbers_or_dates(texts, what):
    (odd,) = {"n/a", "soon"} & {*texts}
    (found,) = namespace({"x": {"values": texts}}).problems
    assert found.message == f"'{odd}' is among {what}s, but is none"
    assert found.hint == "leave it empty if the value is missing, or 'type: text' to draw the strings as categories"
    content = "\n".join(["a", *texts]).encode()
    assert problem({"csv": "f", "column": "a"}, f=content)[1].startswith("f, line ")


@pytest.mark.parametrize(
    "texts",
    [
        ["2B model", "7B model"], ["v1.2", "v1.3"], ["gpt-4", "gpt-5"], ["1st", "2nd"], ["Q1 2024", "Q2 2024"],
        ["Mon", "Tue"], ["Jan", "Feb"], ["May", "June"], ["0-10", "10-20"], ["<5", ">5"], ["3.8.1", "3.10.2"],
        ["2x", "4x"], ["16 GB", "32 GB"], ["2023/24", "2024/25"], ["A100", "H100"], ["none", "10%"], ["a", "b", "5%"],
        ["fp16", "int8"], ["1:10", "1:100"], ["+", "-"], ["k", "M"], [".", ","], ["%", "#"], ["3D", "2D"], ["e5", "E5"],
    ],
)  # fmt: skip
def test_categories_that_do_not_look_like_numbers_or_dates(texts):
    assert array({"values": texts}).tolist() == texts
    content = "\n".join(["a", *(f'"{text}"' for text in texts)]).encode()
    assert array({"csv": "f", "column": "a"}, f=content).tolist() == texts


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([2023, 2024], "text", ["2023", "2024"]),
        ([0.1, 2.5], "text", ["0.1", "2.5"]),
        ([[1, 2], [3, 4]], "text", [["1", "2"], ["3", "4"]]),
        (["30", "1e3"], "number", [30, 1000]),
        (["2024-01-01"], "text", ["2024-01-01"]),
        (["a", "b"], "text", ["a", "b"]),
        ([1, 2], "number", [1, 2]),
    ],
)
def test_the_type_of_values(values, kind, expected):
    assert array({"values": values, "type": kind}).tolist() == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"values": ["30", "40"]}, "'30' looks like a number, but is a string"),
        ({"values": [1, 2], "type": "date"}, "expected a date such as 2025-08-17, found '1'"),
        ({"values": ["a"], "type": "number"}, "expected a finite number, found 'a'"),
        ({"values": ["2025-02-30"], "type": "date"}, "invalid date '2025-02-30'"),
    ],
)
def test_values_that_are_not_of_their_type(source, message):
    assert problem(source) == (("values",), message)


def test_numbers_in_quotes_are_read_on_demand():
    (found,) = namespace({"x": {"values": ["30", "40"]}}).problems
    assert found.hint == "write 'type: number' to read numbers, or 'type: text' to draw the strings as categories"


def test_dates_of_an_npz_file_have_their_type():
    content = npz(a=np.asarray(["2025-01-01"], "datetime64[D]"))
    assert array({"npz": "f", "array": "a"}, f=content).dtype.kind == "M"
    assert array({"npz": "f", "array": "a", "type": "text"}, f=content).tolist() == ["2025-01-01"]
    message = "'type: number' cannot be combined with dates, which are read as such"
    assert problem({"npz": "f", "array": "a", "type": "number"}, f=content) == (("array",), message)


@pytest.mark.parametrize("cell", ["", "nan", "NaN", "NA", " "])
def test_missing_numbers_and_dates(cell):
    content = f"n,d,t\n{cell},{cell},\n1,2025-01-01,a\n{cell},{cell},\n".encode()
    np.testing.assert_array_equal(array({"csv": "f", "column": "n"}, f=content), [np.nan, 1, np.nan])
    dates = array({"csv": "f", "column": "d"}, f=content)
    assert np.isnat(dates).tolist() == [True, False, True]
    assert array({"csv": "f", "column": "t"}, f=content).tolist() == ["", "a", ""]


def test_missing_values_of_a_config():
    np.testing.assert_array_equal(array({"values": [None, 1]}), [np.nan, 1])
    np.testing.assert_array_equal(array({"values": [[None, 1], [2, 3]]}), [[np.nan, 1], [2, 3]])
    assert array({"values": [None, "a"]}).tolist() == ["", "a"]
    assert np.isnat(array({"values": ["2025-01-01", None]})).tolist() == [False, True]
    assert array({"values": [2024, None], "type": "text"}).tolist() == ["2024", ""]


def test_na_among_strings_is_a_string():
    assert array({"csv": "f", "column": "a"}, f=b"a\nNA\nUS\n").tolist() == ["NA", "US"]


@pytest.mark.parametrize("content", [b"a,b\n,1\nnan,2\n", b'a\n""\n'])
def test_a_column_without_values(content):
    assert problem({"csv": "f", "column": "a"}, f=content) == (("csv",), "f has no values in column 'a'")
