"""Loss functions: of each prediction by itself, so that a curve can be drawn; `mse` and `mae` are means of them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from figgen.data.formulas.functions.base import Array, function, in_extended_precision


def _huber(p: Array, y: Array, delta: Any) -> Any:
    distance = np.abs(p - y)
    near = np.minimum(distance, delta)
    return near * (distance - near / 2)


def _binary_cross_entropy(p: Array, y: Array) -> Any:
    return -np.where(y == 0, 0, y * np.log(p)) - np.where(y == 1, 0, (1 - y) * np.log1p(-p))


def _mean(error: Callable[..., Any]) -> Callable[..., Any]:
    def mean(p: Array, y: Array, axis: int | None) -> Any:
        try:
            distance = p - y
        except ValueError:
            raise ValueError(f"shapes that do not match: {p.shape} and {y.shape}") from None
        if not distance.size:
            raise ValueError("there are no values")
        return np.mean(error(distance), axis=axis)

    return mean


_D_CROSS_ENTROPY = "(where(y == 1, 0, (1 - y) / (1 - p)) - where(y == 0, 0, y / p)) * dp - logit(p) * dy"

LOSSES = (
    function(
        "squared_error(p, y)",
        in_extended_precision(lambda p, y: (p - y) ** 2),
        "(p - y) ** 2, each.",
        "2 * (p - y) * (dp - dy)",
    ),
    function(
        "absolute_error(p, y)",
        in_extended_precision(lambda p, y: np.abs(p - y)),
        "abs(p - y), each.",
        "sign(p - y) * (dp - dy)",
    ),
    function(
        "huber(p, y, delta=1)",
        in_extended_precision(_huber),
        "Half the squared error up to delta, straight beyond, each.",
        "clip(p - y, -delta, delta) * (dp - dy) + relu(abs(p - y) - delta) * ddelta",
    ),
    function(
        "hinge(score, y)",
        in_extended_precision(lambda score, y: np.maximum(1 - y * score, 0)),
        "relu(1 - y * score) of a score and a class y of -1 or 1, each.",
        "where(y * score < 1, -(y * dscore + score * dy), 0)",
    ),
    function(
        "binary_cross_entropy(p, y)",
        in_extended_precision(_binary_cross_entropy),
        "-y * log(p) - (1 - y) * log(1 - p) of a probability p and a class y of 0 or 1, each.",
        _D_CROSS_ENTROPY,
    ),
    function("mse(p, y, axis=None)", in_extended_precision(_mean(np.square)), "Mean of squared_error(p, y)."),
    function("mae(p, y, axis=None)", in_extended_precision(_mean(np.abs)), "Mean of absolute_error(p, y)."),
)
