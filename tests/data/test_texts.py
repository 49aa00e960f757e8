"""Strings of the data, which are texts as they are drawn."""

import io

import numpy as np
import pytest

from tests.data.test_sources import array, problem


def npz(*texts):
    content = io.BytesIO()
    np.savez(content, names=np.array(texts))
    return content.getvalue()


def test_strings_of_a_config_may_contain_mathtext():
    assert array({"values": ["$x_1$", "$1-$5", "e\u0301"]}).tolist() == ["$x_1$", r"\$1-\$5", "é"]


def test_strings_of_files_contain_dollar_signs():
    csv = "name,x\n$x_1$,1\nUS$/GB$,2\ne\u0301,3\n".encode()
    expected = [r"\$x_1\$", r"US\$/GB\$", "é"]
    assert array({"csv": "a.csv", "column": "name"}, **{"a.csv": csv}).tolist() == expected
    written = npz("$x_1$", "US$/GB$", "e\u0301")
    assert array({"npz": "a.npz", "array": "names"}, **{"a.npz": written}).tolist() == expected


def test_an_array_of_strings_keeps_its_shape():
    written = npz(["a", "$b"], ["c", "d"])
    assert array({"npz": "a.npz", "array": "names"}, **{"a.npz": written}).tolist() == [["a", r"\$b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("source", "files", "expected"),
    [
        ({"values": ["a", "שלום"]}, {}, (("values",), "'שלום' is in a script that figgen cannot draw: Hebrew")),
        ({"values": ["$$x$$"]}, {}, (("values",), "'$$' looks like mathtext, but would be drawn as it stands")),
        (
            {"csv": "a.csv", "column": "x"},
            {"a.csv": b"x\na\nb\xe2\x80\x8b\n"},
            (("csv",), "a.csv: 'b\u200b' has an invisible character: ZERO WIDTH SPACE (U+200B)"),
        ),
        (
            {"npz": "a.npz", "array": "names"},
            {"a.npz": npz("خسارة")},
            (("npz",), "a.npz: 'خسارة' is in a script that figgen cannot draw: Arabic"),
        ),
    ],
)
def test_a_string_that_cannot_be_drawn_is_reported_with_its_source(source, files, expected):
    assert problem(source, **files) == expected


def test_a_text_has_a_bounded_length():
    assert array({"values": ["a" * 5000]}).tolist() == ["a" * 5000]
    csv = b"name\n" + b"a" * 5001 + b"\n"
    found = problem({"csv": "a.csv", "column": "name"}, **{"a.csv": csv})
    assert found == (("csv",), "a.csv: a text of 5,001 characters")
