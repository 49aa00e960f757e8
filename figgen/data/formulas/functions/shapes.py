"""Functions that make, order and arrange arrays."""

from typing import Any

import numpy as np

from figgen.data.formulas.functions.base import (
    Array,
    check_size,
    explain_type_errors,
    function,
    in_extended_precision,
    require_1d,
)


def _outer(a: Array, b: Array) -> Any:
    require_1d(a, b)
    check_size(a.size, b.size)
    return np.outer(a, b)


def _eye(n: int) -> Array:
    check_size(n, n)
    return np.eye(n)


def _indices(n: int) -> Array:
    return np.arange(check_size(n), dtype=np.float64)


def _diag(x: Array) -> Array:
    if np.ndim(x) == 1:
        check_size(x.size, x.size)
    elif np.ndim(x) != 2:  # noqa: PLR2004 - rows and columns
        raise ValueError(f"it takes an array with one or two axes, not of shape {np.shape(x)}")
    return np.diag(x)


def _reshape(x: Array, rows: int, columns: int) -> Array:
    if rows * columns != np.size(x):
        raise ValueError(f"{np.size(x)} elements do not make {rows} rows of {columns}")
    return np.reshape(x, (rows, columns))


def _repeat(x: Array, times: int) -> Array:
    check_size(np.size(x), times)
    return np.repeat(x, times, axis=-1) if np.ndim(x) else np.repeat(x, times)


def _tile(x: Array, times: int) -> Array:
    check_size(np.size(x), times)
    return np.tile(x, times)


def _concat(a: Array, b: Array, axis: int) -> Array:
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    check_size(np.size(a) + np.size(b))
    if [n for i, n in enumerate(a.shape) if i != axis % a.ndim] != [
        n for i, n in enumerate(b.shape) if i != axis % b.ndim
    ]:
        raise ValueError(f"shapes that do not match: {a.shape} and {b.shape}, along axis {axis}")
    return np.concatenate([a, b], axis=axis)


SHAPES = (
    function("indices(n)", _indices, "0, 1, … n - 1."),
    function("eye(n)", _eye, "Identity matrix."),
    function("diag(x)", _diag, "Diagonal of a matrix, or the matrix of a diagonal."),
    function(
        "outer(a, b)", in_extended_precision(_outer), "Table of the products of every a, down, and every b, across."
    ),
    function("reshape(x, rows, columns)", _reshape, "The same elements in rows and columns, row by row."),
    function("transpose(x)", np.transpose, "Rows as columns."),
    function("concat(a, b, axis=0)", explain_type_errors(_concat), "a, and b after it."),
    function("repeat(x, times)", _repeat, "Each element so many times in a row."),
    function("tile(x, times)", _tile, "The whole so many times in a row."),
    function("flip(x, axis=None)", np.flip, "In reverse order, along an axis or along all."),
    function("sort(x, axis=-1)", lambda x, axis: np.sort(x, axis=axis), "In rising order."),
    function(
        "argsort(x, axis=-1)",
        lambda x, axis: np.argsort(x, axis=axis, kind="stable"),
        "Indices that put x in rising order; of equals, the first comes first.",
    ),
    function("unique(x)", np.unique, "Every value once, in rising order."),
)
