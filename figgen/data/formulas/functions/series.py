"""Functions of the order of elements: running, smoothed, sampled, bools_as_numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from figgen.data.formulas.functions.base import (
    Array,
    bools_as_numbers,
    check_size,
    function,
    in_extended_precision,
    require_1d,
)

_Call = Callable[..., Any]


def _rolling(combine: _Call) -> _Call:
    """Combine each element with those before it in the window: fewer than that at the start."""

    def rolling(x: Array, window: int) -> Array:
        require_1d(x)
        if window > x.size:
            raise ValueError(f"window must be at most the {x.size} values there are, not {window}")
        result = x.copy()
        for shift in range(1, window):
            result[shift:] = combine(result[shift:], x[:-shift])
        return result

    return rolling


def _rolling_mean(x: Array, window: int) -> Array:
    total: Array = _rolling(np.add)(x, window)
    return total / np.minimum(np.arange(1, x.size + 1), window)


def _rolling_std(x: Array, window: int) -> Any:
    centre = _rolling_mean(x, window)
    total = (x - centre) ** 2
    for shift in range(1, window):
        total[shift:] += (x[:-shift] - centre[shift:]) ** 2
    return np.sqrt(total / np.minimum(np.arange(1, x.size + 1), window))


def _ema(x: Array, alpha: Array) -> Array:
    require_1d(x)
    if np.ndim(alpha) or not 0 < alpha <= 1:
        raise ValueError("alpha must be one number above 0, up to 1")
    result = x.copy()
    for index in range(1, x.size):
        result[index] = alpha * x[index] + (1 - alpha) * result[index - 1]
    return result


def _gradient(y: Array, x: Array) -> Any:
    require_1d(y, x)
    if y.shape != x.shape or x.size < 2:  # noqa: PLR2004 - a slope takes two points
        raise ValueError(f"it takes as many y as x, and at least 2, not {y.size} and {x.size}")
    steps = np.diff(x)
    if not (np.all(steps > 0) or np.all(steps < 0)):
        raise ValueError("x must rise, or fall, from each value to the next")
    return np.gradient(y, x)


def _interp(x: Array, xp: Array, fp: Array) -> Any:
    require_1d(xp, fp)
    if xp.shape != fp.shape or not np.all(np.diff(xp) > 0):
        raise ValueError("it takes as many xp as fp, and each xp must be above the one before")
    after = np.clip(np.searchsorted(xp, x), 1, max(xp.size - 1, 1))
    left, right = after - 1, np.minimum(after, xp.size - 1)
    share = (np.clip(x, xp[0], xp[-1]) - xp[left]) / np.where(left == right, 1, xp[right] - xp[left])
    return fp[left] * (1 - share) + fp[right] * share


def _trend(x: Array, y: Array, degree: int) -> Any:
    """Project y on polynomials made orthogonal over x: stable, and the same on every processor."""
    require_1d(x, y)
    if x.shape != y.shape or np.unique(x).size <= degree:
        raise ValueError(f"it takes as many y as x, and more than {degree} different x for degree={degree}")
    x = (x - np.mean(x)) / max(np.ptp(x), np.finfo(x.dtype).tiny)
    fitted = np.zeros_like(y)
    before, polynomial, norm_before = np.zeros_like(x), np.ones_like(x), np.longdouble(1)
    for _ in range(degree + 1):
        norm = np.sum(polynomial**2)
        fitted = fitted + np.sum((y - fitted) * polynomial) / norm * polynomial
        after = (x - np.sum(x * polynomial**2) / norm) * polynomial - norm / norm_before * before
        before, polynomial, norm_before = polynomial, after, norm
    return fitted


def _histogram(x: Array, bins: int) -> tuple[Array, Array]:
    check_size(bins)
    if not np.size(x) or not np.all(np.isfinite(x)):
        raise ValueError("it takes finite numbers, at least one")
    low, high = np.min(x), np.max(x)
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = (low + (high - low) * np.arange(bins + 1, dtype=np.longdouble) / bins).astype(np.float64)
    edges[-1] = high
    if not np.all(np.diff(edges) > 0):
        raise ValueError(f"the numbers are too close to each other for {bins} bins")
    return np.histogram(x, edges)


def _same(call: _Call) -> _Call:
    def same(a: Array, b: Array) -> Any:
        require_1d(a, b)
        return call(a, b, mode="same")

    return same


SERIES = (
    function("cumsum(x, axis=-1)", in_extended_precision(np.cumsum), "Sum up to each element."),
    function("cumprod(x, axis=-1)", in_extended_precision(np.cumprod), "Product up to each element."),
    function("cummin(x, axis=-1)", bools_as_numbers(np.minimum.accumulate), "Smallest element so far."),
    function("cummax(x, axis=-1)", bools_as_numbers(np.maximum.accumulate), "Largest element so far."),
    function(
        "difference(x, axis=-1)",
        bools_as_numbers(lambda x, axis: np.diff(x, axis=axis)),
        "Each element minus the one before: one value fewer.",
    ),
    function(
        "gradient(y, x)", in_extended_precision(_gradient), "Slope dy/dx estimated from samples; diff() is exact."
    ),
    function(
        "rolling_sum(x, window)",
        in_extended_precision(_rolling(np.add)),
        "Sum of the last elements; at the start, of as many as there are.",
    ),
    function("rolling_mean(x, window)", in_extended_precision(_rolling_mean), "Mean of the last elements, likewise."),
    function(
        "rolling_std(x, window)",
        in_extended_precision(_rolling_std),
        "Standard deviation of the last elements, likewise.",
    ),
    function(
        "rolling_min(x, window)", bools_as_numbers(_rolling(np.minimum)), "Smallest of the last elements, likewise."
    ),
    function(
        "rolling_max(x, window)", bools_as_numbers(_rolling(np.maximum)), "Largest of the last elements, likewise."
    ),
    function(
        "ema(x, alpha)",
        in_extended_precision(_ema),
        "Exponential moving average: each is alpha * x + (1 - alpha) * the one before; it starts at x[0].",
    ),
    function(
        "interp(x, xp, fp)",
        in_extended_precision(_interp),
        "Values at x of the line through the points xp, fp; flat beyond.",
    ),
    function("trend(x, y, degree=1)", in_extended_precision(_trend), "Values at x of the polynomial that fits y best."),
    function(
        "histogram(x, bins=10)",
        bools_as_numbers(lambda x, bins: _histogram(x, bins)[0]),
        "How many values fall into each of as many equal bins from the smallest to the largest.",
    ),
    function(
        "histogram_edges(x, bins=10)",
        bools_as_numbers(lambda x, bins: _histogram(x, bins)[1]),
        "The edges of those bins, one more than there are bins.",
    ),
    function(
        "convolve(a, b)", in_extended_precision(_same(np.convolve)), "Convolution, as long as the longer one, centred."
    ),
    function(
        "correlate(a, b)",
        in_extended_precision(_same(np.correlate)),
        "Cross-correlation, as long as the longer one, centred.",
    ),
)
