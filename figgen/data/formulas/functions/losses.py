"""Loss functions: elementwise, so that they can be drawn as curves, and the means `mse` and `mae`."""

from typing import Any

import numpy as np

from figgen.data.formulas.table import Array, Implementation, functions, in_extended_precision, mismatch, require_values


def _huber(p: Array, y: Array, delta: Any) -> Any:
    distance = np.abs(p - y)
    near = np.minimum(distance, delta)
    return near * (distance - near / 2)


def _binary_cross_entropy(p: Array, y: Array) -> Any:
    return -np.where(y == 0, 0, y * np.log(p)) - np.where(y == 1, 0, (1 - y) * np.log1p(-p))


def _mean(error: Implementation) -> Implementation:
    def mean(p: Array, y: Array, axis: int | None) -> Any:
        try:
            distance = p - y
        except ValueError:
            raise mismatch(p, y) from None
        return require_values(np.mean)(error(distance), axis)

    return mean


_D_HUBER = "clip(p - y, -delta, delta) * (dp - dy) + relu(abs(p - y) - delta) * ddelta"
_D_CROSS_ENTROPY = "(where(y == 1, 0, (1 - y) / (1 - p)) - where(y == 0, 0, y / p)) * dp - logit(p) * dy"
_ABOUT_CROSS_ENTROPY = "-y * log(p) - (1 - y) * log(1 - p), elementwise; p: probability, y: class 0 or 1."

LOSSES = functions(
    in_extended_precision,
    ("squared_error(p, y)", lambda p, y: (p - y) ** 2, "(p - y) ** 2, elementwise.", "2 * (p - y) * (dp - dy)"),
    ("absolute_error(p, y)", lambda p, y: np.abs(p - y), "abs(p - y), elementwise.", "sign(p - y) * (dp - dy)"),
    ("huber(p, y, delta=1)", _huber, "Half the squared error up to delta, linear beyond, elementwise.", _D_HUBER),
    (
        "hinge(score, y)",
        lambda score, y: np.maximum(1 - y * score, 0),
        "relu(1 - y * score), elementwise; y: class -1 or 1.",
        "where(y * score < 1, -(y * dscore + score * dy), 0)",
    ),
    ("binary_cross_entropy(p, y)", _binary_cross_entropy, _ABOUT_CROSS_ENTROPY, _D_CROSS_ENTROPY),
    ("mse(p, y, axis=None)", _mean(np.square), "Mean of squared_error(p, y)."),
    ("mae(p, y, axis=None)", _mean(np.abs), "Mean of absolute_error(p, y)."),
)
