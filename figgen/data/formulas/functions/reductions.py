"""Functions of all elements, or of those along an axis."""

from collections.abc import Callable
from typing import Any

import numpy as np

from figgen.data.formulas.functions.activations import logsumexp
from figgen.data.formulas.functions.base import Array, bools_as_numbers, function, in_extended_precision

_Call = Callable[..., Any]


def _along(call: _Call) -> _Call:
    return lambda x, axis, keepdims: call(x, axis=axis, keepdims=keepdims)


def _filled(call: _Call) -> _Call:
    """Refuse to choose from nothing."""

    def filled(x: Array, *args: Any) -> Any:
        if not np.size(x):
            raise ValueError("there are no values")
        return call(x, *args)

    return filled


def _spread(call: _Call) -> _Call:
    def spread(x: Array, axis: int | None, keepdims: bool, ddof: int) -> Any:  # noqa: FBT001 - in the order of usage
        count = np.size(x, axis)
        if count <= ddof:
            raise ValueError(f"there are {count} values, too few with ddof={ddof}")
        return call(x, axis=axis, keepdims=keepdims, ddof=ddof)

    return spread


def _quantile(whole: int) -> _Call:
    def quantile(x: Array, q: Array, axis: int | None) -> Any:
        if np.ndim(q) > 1 or not np.size(q):
            raise ValueError("q must be one number, or some along one axis")
        if not np.all((q >= 0) & (q <= whole)):
            raise ValueError(f"q must lie between 0 and {whole}")
        return np.quantile(x, q / whole, axis=axis)

    return quantile


def _norm(x: Array, *, axis: int | None, keepdims: bool) -> Any:
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


def _size(x: Array, axis: int | None) -> Any:
    return np.size(x, axis)


REDUCTIONS = (
    function(
        "sum(x, axis=None, keepdims=False)",
        in_extended_precision(_along(np.sum)),
        "Sum; of a condition, how often it holds.",
    ),
    function("prod(x, axis=None, keepdims=False)", in_extended_precision(_along(np.prod)), "Product."),
    function(
        "mean(x, axis=None, keepdims=False)",
        in_extended_precision(_filled(_along(np.mean))),
        "Mean; of a condition, the share for which it holds.",
    ),
    function("median(x, axis=None, keepdims=False)", in_extended_precision(_filled(_along(np.median))), "Median."),
    function(
        "std(x, axis=None, keepdims=False, ddof=0)",
        in_extended_precision(_spread(np.std)),
        "Standard deviation; ddof=1 estimates it from a sample.",
    ),
    function(
        "var(x, axis=None, keepdims=False, ddof=0)",
        in_extended_precision(_spread(np.var)),
        "Variance; ddof=1 estimates it from a sample.",
    ),
    function("min(x, axis=None, keepdims=False)", bools_as_numbers(_filled(_along(np.min))), "Smallest element."),
    function("max(x, axis=None, keepdims=False)", bools_as_numbers(_filled(_along(np.max))), "Largest element."),
    function("argmin(x, axis=None)", bools_as_numbers(_filled(np.argmin)), "Index of the first smallest element."),
    function("argmax(x, axis=None)", bools_as_numbers(_filled(np.argmax)), "Index of the first largest element."),
    function(
        "quantile(x, q, axis=None)",
        in_extended_precision(_filled(_quantile(1))),
        "Value that a share q, 0 to 1, of all lies below, interpolated.",
    ),
    function(
        "percentile(x, q, axis=None)",
        in_extended_precision(_filled(_quantile(100))),
        "Value that q percent of all lie below, interpolated.",
    ),
    function(
        "norm(x, axis=None, keepdims=False)",
        in_extended_precision(_along(_norm)),
        "Euclidean length, sqrt(sum(x ** 2)).",
    ),
    function("logsumexp(x, axis=None)", in_extended_precision(logsumexp), "log(sum(exp(x))), without overflow."),
    function("size(x, axis=None)", _size, "Number of elements."),
    function("any(x, axis=None)", np.any, "Whether any element is true, or not 0."),
    function("all(x, axis=None)", np.all, "Whether all elements are true, or not 0."),
)
