"""Functions of series: running, smoothed and resampled values, slopes and trends, and histograms."""

from typing import Any

import numpy as np

from figgen.data.array_size import check_size
from figgen.data.formulas.table import (
    Array,
    Implementation,
    bools_as_numbers,
    functions,
    in_extended_precision,
    ordered,
    require_1d,
)


def _rolling(combine: Implementation) -> Implementation:
    """Return a function that combines each element with those before it in a window, which is shorter at the start."""

    def rolling(x: Array, window: int) -> Array:
        require_1d(x)
        if window > x.size:
            raise ValueError(f"window must be at most the number of values, {x.size}, not {window}")
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
        raise ValueError("alpha must be greater than 0 and at most 1")
    result = x.copy()
    for index in range(1, x.size):
        result[index] = alpha * x[index] + (1 - alpha) * result[index - 1]
    return result


def _gradient(y: Array, x: Array) -> Any:
    require_1d(y, x, same_shape=True)
    if x.size < 2:  # noqa: PLR2004 - a slope takes two points
        raise ValueError("a slope requires at least 2 values")
    steps = np.diff(x)
    if not (np.all(steps > 0) or np.all(steps < 0)):
        raise ValueError("x must be strictly increasing or decreasing")
    return np.gradient(y, x)


def _interp(x: Array, xp: Array, fp: Array) -> Any:
    require_1d(xp, fp, same_shape=True)
    if not np.all(np.diff(xp) > 0):
        raise ValueError("xp must be strictly increasing")
    after = np.clip(np.searchsorted(xp, x), 1, max(xp.size - 1, 1))
    left, right = after - 1, np.minimum(after, xp.size - 1)
    share = (np.clip(x, xp[0], xp[-1]) - xp[left]) / np.where(left == right, 1, xp[right] - xp[left])
    between = fp[left] * (1 - share) + fp[right] * share
    return np.where(share == 0, fp[left], np.where(share == 1, fp[right], between))  # 0 * inf is nan


def _trend(x: Array, y: Array, degree: int) -> Any:
    """Return the projection of y on polynomials that are orthogonal over x: stable, and equal on every processor.

    G. E. Forsythe, Generation and use of orthogonal polynomials for data-fitting, J. SIAM 5 (1957).
    """
    require_1d(x, y, same_shape=True)
    if np.unique(x).size <= degree:
        raise ValueError(f"degree={degree} requires more than {degree} different values of x")
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
        raise ValueError("expected at least one number, all finite")
    low, high = np.min(x), np.max(x)
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = (low + (high - low) * np.arange(bins + 1, dtype=np.longdouble) / bins).astype(np.float64)
    edges[-1] = high
    if not np.all(np.diff(edges) > 0):
        raise ValueError(f"the values are too close to each other for {bins} bins")
    return np.histogram(x, edges)


def _same(call: Implementation) -> Implementation:
    def same(a: Array, b: Array) -> Any:
        require_1d(a, b)
        return call(a, b, mode="same")

    return same


_ABOUT_DIFFERENCE = "Each element minus the one before: one value fewer."
_ABOUT_EMA = "Exponential moving average: alpha * x + (1 - alpha) * the previous average; it starts at x[0]."
_ABOUT_INTERP = "Linear interpolation at x between the points (xp, fp), constant beyond them."
_ABOUT_HISTOGRAM = "Number of values in each of the equally wide bins between the smallest and the largest value."

SERIES = (
    *functions(
        lambda call: bools_as_numbers(call, ordered),
        ("cummin(x, axis=-1)", np.minimum.accumulate, "Smallest element so far."),
        ("cummax(x, axis=-1)", np.maximum.accumulate, "Largest element so far."),
        ("rolling_min(x, window)", _rolling(np.minimum), "Smallest of the last window elements, fewer at the start."),
        ("rolling_max(x, window)", _rolling(np.maximum), "Largest of the last window elements, fewer at the start."),
    ),
    *functions(
        bools_as_numbers,
        ("difference(x, axis=-1)", lambda x, axis: np.diff(x, axis=axis), _ABOUT_DIFFERENCE),
        ("histogram(x, bins=10)", lambda x, bins: _histogram(x, bins)[0], _ABOUT_HISTOGRAM),
        (
            "histogram_edges(x, bins=10)",
            lambda x, bins: _histogram(x, bins)[1],
            "Edges of the bins of histogram(x, bins), bins + 1 in number.",
        ),
    ),
    *functions(
        in_extended_precision,
        ("cumsum(x, axis=-1)", np.cumsum, "Sum up to each element."),
        ("cumprod(x, axis=-1)", np.cumprod, "Product up to each element."),
        ("gradient(y, x)", _gradient, "Slope dy/dx estimated from samples; diff() is exact."),
        ("rolling_sum(x, window)", _rolling(np.add), "Sum of the last window elements, fewer at the start."),
        ("rolling_mean(x, window)", _rolling_mean, "Mean of the last window elements, fewer at the start."),
        ("rolling_std(x, window)", _rolling_std, "Standard deviation of the last window elements, fewer at the start."),
        ("ema(x, alpha)", _ema, _ABOUT_EMA),
        ("interp(x, xp, fp)", _interp, _ABOUT_INTERP),
        ("trend(x, y, degree=1)", _trend, "Least-squares polynomial through the points (x, y), at x."),
        ("convolve(a, b)", _same(np.convolve), "Convolution, centred, as long as the longer array."),
        ("correlate(a, b)", _same(np.correlate), "Cross-correlation, centred, as long as the longer array."),
    ),
)
