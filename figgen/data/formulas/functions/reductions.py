"""Functions that reduce an array to one number, or to one number along an axis."""

from typing import Any

import numpy as np

from figgen.config.spec.arrays import kind_of
from figgen.data.formulas.functions.activations import logsumexp
from figgen.data.formulas.table import (
    Array,
    Implementation,
    any_kind,
    bools_as_numbers,
    function,
    functions,
    in_extended_precision,
    numbers_only,
    ordered,
    require_values,
)


def _along(call: Implementation) -> Implementation:
    return lambda x, axis, keepdims: call(x, axis=axis, keepdims=keepdims)


def _count(x: Array, axis: int | None) -> int:
    return np.size(np.flip(x, axis), axis)  # flip() raises an error with a clear message if there is no such axis


def _spread(call: Implementation) -> Implementation:
    def spread(x: Array, axis: int | None, keepdims: bool, ddof: int) -> Any:  # noqa: FBT001 - in the order of usage
        if (count := _count(x, axis)) <= ddof:
            raise ValueError(f"ddof={ddof} requires more than {ddof} values, found {count}")
        return call(x, axis=axis, keepdims=keepdims, ddof=ddof)

    return spread


def _quantile(most: int) -> Implementation:
    def quantile(x: Array, q: Array, axis: int | None) -> Any:
        if np.ndim(q) > 1 or not np.size(q):
            raise ValueError("q must be a number or a non-empty 1-d array")
        if not np.all((q >= 0) & (q <= most)):
            raise ValueError(f"q must be between 0 and {most}")
        return np.quantile(x, q / most, axis=axis)

    return require_values(quantile)


def _index(call: Implementation) -> Implementation:
    def index(x: Array, axis: int | None) -> Any:
        if np.any(np.isnan(x) if kind_of(x) == "numbers" else np.isnat(x)):
            raise ValueError("values are missing, of which NumPy would return the index")
        return call(x, axis)

    return index


def _norm(x: Array, *, axis: int | None, keepdims: bool) -> Any:
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


_ABOUT_MEAN = "Mean; of a condition, the fraction of elements for which it holds."
_ABOUT_STD = "Standard deviation; ddof=1 estimates it from a sample."
_ABOUT_QUANTILE = "Value below which a fraction q, 0 to 1, of the elements lies, interpolated."
_ABOUT_PERCENTILE = "Value below which q percent of the elements lie, interpolated."

REDUCTIONS = (
    *functions(
        in_extended_precision,
        ("sum(x, axis=None, keepdims=False)", _along(np.sum), "Sum; of a condition, how many times it holds."),
        ("prod(x, axis=None, keepdims=False)", _along(np.prod), "Product."),
        ("mean(x, axis=None, keepdims=False)", require_values(_along(np.mean)), _ABOUT_MEAN),
        ("median(x, axis=None, keepdims=False)", require_values(_along(np.median)), "Median."),
        ("std(x, axis=None, keepdims=False, ddof=0)", _spread(np.std), _ABOUT_STD),
        ("var(x, axis=None, keepdims=False, ddof=0)", _spread(np.var), "Variance; ddof=1 estimates it from a sample."),
        ("quantile(x, q, axis=None)", _quantile(1), _ABOUT_QUANTILE),
        ("percentile(x, q, axis=None)", _quantile(100), _ABOUT_PERCENTILE),
        ("norm(x, axis=None, keepdims=False)", _along(_norm), "Euclidean norm, sqrt(sum(x ** 2))."),
        ("logsumexp(x, axis=None)", logsumexp, "log(sum(exp(x))), without overflow."),
    ),
    *functions(
        lambda call: bools_as_numbers(require_values(call), ordered),
        ("min(x, axis=None, keepdims=False)", _along(np.min), "Smallest element."),
        ("max(x, axis=None, keepdims=False)", _along(np.max), "Largest element."),
        ("argmin(x, axis=None)", _index(np.argmin), "Index of the smallest element, the first of several."),
        ("argmax(x, axis=None)", _index(np.argmax), "Index of the largest element, the first of several."),
    ),
    function("size(x, axis=None)", any_kind(_count), "Number of elements."),
    function("any(x, axis=None)", numbers_only(np.any), "Whether any element is true (not 0)."),
    function("all(x, axis=None)", numbers_only(np.all), "Whether all elements are true (not 0)."),
)
