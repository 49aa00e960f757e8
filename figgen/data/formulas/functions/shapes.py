"""Functions that create, sort and rearrange arrays."""

from typing import Any

import numpy as np

from figgen.data.array_size import check_size
from figgen.data.formulas.table import (
    Array,
    any_kind,
    functions,
    in_extended_precision,
    mismatch,
    numbers_only,
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
        raise ValueError(f"expected a 1-d or 2-d array, found shape {np.shape(x)}")
    return np.diag(x)


def _reshape(x: Array, rows: int, columns: int) -> Array:
    if rows * columns != np.size(x):
        raise ValueError(f"cannot reshape array of size {np.size(x)} into shape ({rows}, {columns})")
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
    try:
        return np.concatenate([a, b], axis=axis)
    except np.exceptions.AxisError:
        raise
    except ValueError:
        raise mismatch(a, b, where=f" outside axis {axis}") from None


_ABOUT_ARGSORT = "Indices that sort x in increasing order; equal elements keep their order."

SHAPES = functions(
    any_kind,
    ("indices(n)", _indices, "0, 1, … n - 1."),
    ("eye(n)", _eye, "Identity matrix."),
    ("diag(x)", numbers_only(_diag), "Diagonal of a matrix, or the matrix with diagonal x."),
    ("outer(a, b)", in_extended_precision(_outer), "Products of all pairs: a[:, None] * b."),
    ("reshape(x, rows, columns)", _reshape, "The elements in rows and columns, row by row."),
    ("transpose(x)", np.transpose, "Transposed matrix."),
    ("concat(a, b, axis=0)", _concat, "a followed by b, along an axis."),
    ("repeat(x, times)", _repeat, "Each element repeated this many times."),
    ("tile(x, times)", _tile, "The whole array repeated this many times."),
    ("flip(x, axis=None)", np.flip, "Elements in reverse order, along one axis or all."),
    ("sort(x, axis=-1)", lambda x, axis: np.sort(x, axis=axis), "Elements in increasing order."),
    ("argsort(x, axis=-1)", lambda x, axis: np.argsort(x, axis=axis, kind="stable"), _ABOUT_ARGSORT),
    ("unique(x)", np.unique, "Different values, in increasing order."),
)
