import json
import pickle

import numpy as np
import pytest

from figgen.review.array_diff import diff_arrays
from figgen.review.description.values import describe_array
from figgen.review.description_diff import diff_descriptions

X = np.arange(40.0)
Y = X / 100


def changed(values, changes):
    others = np.array(values)
    for place, value in changes.items():
        others[place] = value
    return others


@pytest.mark.parametrize(
    ("before", "after", "x", "line"),
    [
        (Y, changed(Y, {19: 1.0}), X, "1 of 40 values: 0.19 -> 1 at x = 19"),
        (Y, changed(Y, {19: 1.0, 3: 0.5}), X, "2 of 40 values, most at x = 19: 0.19 -> 1"),
        (Y, changed(Y, {19: 1.0}), None, "1 of 40 values: 0.19 -> 1 at index 19"),
        (Y, changed(Y, {19: np.nan}), X, "1 of 40 values: 0.19 -> nothing at x = 19"),
        (Y, -Y, X, "39 of 40 values, most at x = 39: 0.39 -> -0.39"),
        (np.column_stack([X, Y]), np.column_stack([X, changed(Y, {19: 1.0})]), None, "1 of 80 values: 0.19 -> 1 at x = 19"),
        (np.column_stack([X, Y]), np.column_stack([changed(X, {19: 0.0}), Y]), None, "1 of 80 values: 19 -> 0 at index 19, 0"),
        (Y.reshape(8, 5), changed(Y.reshape(8, 5), {(3, 4): 1.0}), None, "1 of 40 values: 0.19 -> 1 at index 3, 4"),
        (Y, Y[:20], None, ""),
    ],
)  # fmt: skip
def test_how_many_values_differ_where_and_by_how_much(before, after, x, line):
    described = [None if values is None else describe_array(values) for values in (before, after, x)]
    assert diff_arrays(*pickle.loads(pickle.dumps(described))) == line, "also from another process"  # noqa: S301


def test_values_within_the_rounding_are_not_counted():
    before, after = describe_array(Y), describe_array(changed(Y * (1 + 1e-14), {19: 1.0}))
    assert diff_arrays(before, after, None) == "1 of 40 values: 0.19 -> 1 at index 19"


def test_descriptions_from_a_file_have_no_values():
    before, after = ({"y": json.loads(json.dumps(describe_array(values)))} for values in (Y, changed(Y, {19: 0.2})))
    assert diff_descriptions(before, after) == [
        "y: some of the 40 values (first 0, last 0.39, min 0, max 0.39) changed"
    ]
