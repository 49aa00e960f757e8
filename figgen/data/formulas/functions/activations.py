"""Activation functions of neural networks, under PyTorch's names and with its conventions at kinks.

Sources: GELU and its tanh form, Hendrycks and Gimpel (arXiv:1606.08415); SELU, Klambauer et al. (arXiv:1706.02515);
ELU, Clevert et al. (arXiv:1511.07289); CELU, Barron (arXiv:1704.07483); Mish, Misra (arXiv:1908.08681);
hard_swish, Howard et al. (arXiv:1905.02244).
"""

from typing import Any

import numpy as np

from figgen.data.formulas.functions.elementary import erfc
from figgen.data.formulas.table import Array, bools_as_numbers, functions, in_extended_precision

# The constants of SELU, to the digits of torch.nn.SELU.
_ALPHA, _SCALE = 1.6732632423543772, 1.0507009873554805


def _sigmoid(x: Array) -> Any:
    e = np.exp(-np.abs(x))  # cannot overflow, and keeps full precision in both tails
    return np.where(x >= 0, 1, e) / (1 + e)


def _hard_sigmoid(x: Array) -> Any:
    return np.clip(x + 3, 0, 6) / 6


def _softplus(x: Array, beta: Any = 1) -> Any:
    u = beta * x
    return (np.maximum(u, 0) + np.log1p(np.exp(-np.abs(u)))) / beta


def _elu(x: Array, alpha: Any) -> Any:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def _celu(x: Array, alpha: Any) -> Any:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha))


def _gelu(x: Array) -> Any:
    return x / 2 * erfc(-x / np.sqrt(np.longdouble(2)))


def _gelu_tanh(x: Array) -> Any:
    pi = 4 * np.arctan(np.longdouble(1))
    return x * _sigmoid(np.sqrt(8 / pi) * (x + np.longdouble("0.044715") * x**3))


def _less_the_largest(x: Array, axis: int | None) -> tuple[Any, Any]:
    """Return x less its largest value along an axis, whose exponentials cannot overflow, and that value."""
    top = np.max(x, axis=axis, keepdims=True, initial=-np.inf)
    top = np.where(np.isfinite(top), top, 0)
    return x - top, top


def logsumexp(x: Array, axis: int | None) -> Any:
    """Return log(sum(exp(x))), without overflow."""
    shifted, top = _less_the_largest(x, axis)
    return np.squeeze(np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True)) + top, axis=axis)


def _softmax(x: Array, axis: int) -> Any:
    exponentials = np.exp(_less_the_largest(x, axis)[0])
    return exponentials / np.sum(exponentials, axis=axis, keepdims=True)


def _log_softmax(x: Array, axis: int) -> Any:
    shifted, _ = _less_the_largest(x, axis)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


_D_SIGMOID = "sech(x / 2) ** 2 / 4"
_D_ELU = "where(x > 0, dx, alpha * exp(x) * dx + expm1(x) * dalpha)"
_D_SELU = f"where(x > 0, {_SCALE}, {_SCALE} * ({_ALPHA} * exp(x))) * dx"
_D_CELU = "where(x > 0, dx, exp(x / alpha) * dx + (expm1(x / alpha) - x / alpha * exp(x / alpha)) * dalpha)"
_D_LEAKY = "where(x > 0, dx, slope * dx + x * dslope)"
_D_HARD_TANH = "where(x <= low, dlow, where(x >= high, dhigh, dx))"
_D_HARD_SWISH = "where(x <= -3, 0, where(x < 3, x / 3 + 0.5, 1)) * dx"
_D_MISH = "(tanh(softplus(x)) + x * (sech(softplus(x)) ** 2 * sigmoid(x))) * dx"
_U = "(sqrt(8 / pi) * (x + 0.044715 * x ** 3))"
_D_GELU_TANH = (
    f"where(abs(x) < 40, sigmoid{_U} + x * (sech({_U} / 2) ** 2 / 4) * (sqrt(8 / pi) * (1 + 0.134145 * x ** 2)), x > 0)"
    " * dx"
)
_D_SOFTPLUS = (
    "sigmoid(beta * x) * dx"
    " - (sigmoid(beta * x) * softplus(-beta * x) + sigmoid(-beta * x) * softplus(beta * x)) / beta ** 2 * dbeta"
)

ACTIVATIONS = (
    *functions(
        bools_as_numbers,
        ("relu(x)", lambda x: np.maximum(x, 0), "Larger of x and 0.", "where(x > 0, dx, 0)"),
        (
            "relu6(x)",
            lambda x: np.clip(x, 0, 6),
            "x limited to the interval from 0 to 6.",
            "where(x > 0 and x < 6, dx, 0)",
        ),
        ("hard_tanh(x, low=-1, high=1)", np.clip, "clip(x, low, high).", _D_HARD_TANH),
    ),
    *functions(
        in_extended_precision,
        ("sigmoid(x)", _sigmoid, "Logistic function, 1 / (1 + exp(-x)).", f"{_D_SIGMOID} * dx"),
        ("log_sigmoid(x)", lambda x: -_softplus(-x), "log(sigmoid(x)).", "sigmoid(-x) * dx"),
        ("hard_sigmoid(x)", _hard_sigmoid, "relu6(x + 3) / 6.", "where(x > -3 and x < 3, dx / 6, 0)"),
        ("softsign(x)", lambda x: x / (1 + np.abs(x)), "x / (1 + abs(x)).", "dx / (1 + abs(x)) / (1 + abs(x))"),
        ("leaky_relu(x, slope=0.01)", lambda x, a: np.where(x > 0, x, a * x), "x if x > 0, else slope * x.", _D_LEAKY),
        ("elu(x, alpha=1)", _elu, "x if x > 0, else alpha * (exp(x) - 1).", _D_ELU),
        ("selu(x)", lambda x: _SCALE * _elu(x, np.longdouble(_ALPHA)), f"{_SCALE} * elu(x, {_ALPHA}).", _D_SELU),
        ("celu(x, alpha=1)", _celu, "x if x > 0, else alpha * (exp(x / alpha) - 1).", _D_CELU),
        ("gelu(x)", _gelu, "x * normal_cdf(x).", "(normal_cdf(x) + x * normal_pdf(x)) * dx"),
        ("gelu_tanh(x)", _gelu_tanh, "tanh approximation of gelu(x).", _D_GELU_TANH),
        (
            "silu(x)",
            lambda x: x * _sigmoid(x),
            "x * sigmoid(x), also called swish.",
            f"(sigmoid(x) + x * ({_D_SIGMOID})) * dx",
        ),
        ("hard_swish(x)", lambda x: x * _hard_sigmoid(x), "x * hard_sigmoid(x).", _D_HARD_SWISH),
        ("mish(x)", lambda x: x * np.tanh(_softplus(x)), "x * tanh(softplus(x)).", _D_MISH),
        ("softplus(x, beta=1)", _softplus, "log(1 + exp(beta * x)) / beta.", _D_SOFTPLUS),
        ("softmax(x, axis=-1)", _softmax, "exp(x) / sum(exp(x)), along an axis."),
        ("log_softmax(x, axis=-1)", _log_softmax, "log(softmax(x)), along an axis."),
    ),
)
