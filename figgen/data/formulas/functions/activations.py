"""Activation functions of neural networks, under PyTorch's names and with its conventions at kinks."""

from typing import Any

import numpy as np

from figgen.data.formulas.functions.base import Array, bools_as_numbers, function, in_extended_precision
from figgen.data.formulas.functions.elementary import erfc

# Of torch.nn.SELU, whose authors give them to these digits.
_ALPHA, _SCALE = 1.6732632423543772, 1.0507009873554805


def _sigmoid(x: Array) -> Any:
    e = np.exp(-np.abs(x))  # cannot overflow, and keeps full precision in both tails
    return np.where(x >= 0, 1, e) / (1 + e)


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


def logsumexp(x: Array, axis: int | None, *, keepdims: bool = False) -> Any:
    """Compute log(sum(exp(x))) without overflow."""
    top = np.max(x, axis=axis, keepdims=True, initial=-np.inf)
    top = np.where(np.isfinite(top), top, 0)
    total = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return total if keepdims else np.squeeze(total, axis=axis)


def _log_softmax(x: Array, axis: int) -> Any:
    return x - logsumexp(x, axis, keepdims=True)


_D_SIGMOID = "sech(x / 2) ** 2 / 4"
_U = "(sqrt(8 / pi) * (x + 0.044715 * x ** 3))"
_D_GELU_TANH = (
    f"where(abs(x) < 40, sigmoid{_U} + x * (sech({_U} / 2) ** 2 / 4) * (sqrt(8 / pi) * (1 + 0.134145 * x ** 2)), x > 0)"
    " * dx"
)
_D_SOFTPLUS_BETA = (
    "(sigmoid(beta * x) * softplus(-beta * x) + sigmoid(-beta * x) * softplus(beta * x)) / beta ** 2 * dbeta"
)

ACTIVATIONS = (
    function("sigmoid(x)", in_extended_precision(_sigmoid), "Logistic function.", f"{_D_SIGMOID} * dx"),
    function("log_sigmoid(x)", in_extended_precision(lambda x: -_softplus(-x)), "log(sigmoid(x)).", "sigmoid(-x) * dx"),
    function(
        "hard_sigmoid(x)",
        in_extended_precision(lambda x: np.clip(x + 3, 0, 6) / 6),
        "relu6(x + 3) / 6.",
        "where(x > -3 and x < 3, dx / 6, 0)",
    ),
    function(
        "hard_tanh(x, low=-1, high=1)",
        bools_as_numbers(np.clip),
        "x between low and high, flat beyond.",
        "where(x <= low, dlow, where(x >= high, dhigh, dx))",
    ),
    function(
        "softsign(x)",
        in_extended_precision(lambda x: x / (1 + np.abs(x))),
        "x / (1 + abs(x)).",
        "dx / (1 + abs(x)) / (1 + abs(x))",
    ),
    function("relu(x)", bools_as_numbers(lambda x: np.maximum(x, 0)), "The larger of x and 0.", "where(x > 0, dx, 0)"),
    function(
        "relu6(x)",
        bools_as_numbers(lambda x: np.clip(x, 0, 6)),
        "x between 0 and 6, flat beyond.",
        "where(x > 0 and x < 6, dx, 0)",
    ),
    function(
        "leaky_relu(x, slope=0.01)",
        in_extended_precision(lambda x, slope: np.where(x > 0, x, slope * x)),
        "x above 0, slope * x below.",
        "where(x > 0, dx, slope * dx + x * dslope)",
    ),
    function(
        "elu(x, alpha=1)",
        in_extended_precision(_elu),
        "x above 0, alpha * (exp(x) - 1) below.",
        "where(x > 0, dx, alpha * exp(x) * dx + expm1(x) * dalpha)",
    ),
    function(
        "selu(x)",
        in_extended_precision(lambda x: _SCALE * _elu(x, np.longdouble(_ALPHA))),
        "Self-normalising elu, scaled.",
        f"where(x > 0, {_SCALE}, {_SCALE} * ({_ALPHA} * exp(x))) * dx",
    ),
    function(
        "celu(x, alpha=1)",
        in_extended_precision(_celu),
        "x above 0, alpha * (exp(x / alpha) - 1) below.",
        "where(x > 0, dx, exp(x / alpha) * dx + (expm1(x / alpha) - x / alpha * exp(x / alpha)) * dalpha)",
    ),
    function("gelu(x)", in_extended_precision(_gelu), "x * normal_cdf(x).", "(normal_cdf(x) + x * normal_pdf(x)) * dx"),
    function("gelu_tanh(x)", in_extended_precision(_gelu_tanh), "gelu(x), approximated by tanh.", _D_GELU_TANH),
    function(
        "silu(x)",
        in_extended_precision(lambda x: x * _sigmoid(x)),
        "x * sigmoid(x), also called swish.",
        f"(sigmoid(x) + x * ({_D_SIGMOID})) * dx",
    ),
    function(
        "hard_swish(x)",
        in_extended_precision(lambda x: x * (np.clip(x + 3, 0, 6) / 6)),
        "x * hard_sigmoid(x).",
        "where(x <= -3, 0, where(x < 3, x / 3 + 0.5, 1)) * dx",
    ),
    function(
        "mish(x)",
        in_extended_precision(lambda x: x * np.tanh(_softplus(x))),
        "x * tanh(softplus(x)).",
        "(tanh(softplus(x)) + x * (sech(softplus(x)) ** 2 * sigmoid(x))) * dx",
    ),
    function(
        "softplus(x, beta=1)",
        in_extended_precision(_softplus),
        "log(1 + exp(beta * x)) / beta.",
        f"sigmoid(beta * x) * dx - {_D_SOFTPLUS_BETA}",
    ),
    function(
        "softmax(x, axis=-1)",
        in_extended_precision(lambda x, axis: np.exp(_log_softmax(x, axis))),
        "exp(x), scaled to a sum of 1 along an axis.",
    ),
    function("log_softmax(x, axis=-1)", in_extended_precision(_log_softmax), "log(softmax(x))."),
)
