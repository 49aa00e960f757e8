"""Functions that act on each element by itself: the usual ones of mathematics and statistics."""

from typing import Any

import numpy as np

from figgen.data.formulas.functions.base import (
    Array,
    bools_as_numbers,
    explain_type_errors,
    function,
    in_extended_precision,
)

_PI = 4 * np.arctan(np.longdouble(1))
_BERNOULLI = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400)


def _erf_near_0(x: Array) -> Any:
    """Sum the series whose terms are all of one sign: exact for |x| <= 2."""
    term = total = x
    for n in range(1, 60):
        term = term * (2 * x * x) / (2 * n + 1)
        total = total + term
    return total * 2 * np.exp(-x * x) / np.sqrt(_PI)


def _erfc_far(x: Array) -> Any:
    """Evaluate the continued fraction: exact for x >= 2."""
    fraction = x
    for n in range(160, 0, -1):
        fraction = x + n / fraction / 2
    return np.exp(-x * x) / (fraction * np.sqrt(_PI))


def _erf(x: Array) -> Any:
    far = np.copysign(1 - _erfc_far(np.maximum(np.abs(x), 2)), x)
    return np.where(np.abs(x) < 2, _erf_near_0(np.clip(x, -2, 2)), far)  # noqa: PLR2004 - where both are exact


def erfc(x: Array) -> Any:
    """1 - erf(x) in extended precision, which keeps its digits where erf(x) is close to 1."""
    far = _erfc_far(np.maximum(np.abs(x), 2))
    return np.where(np.abs(x) < 2, 1 - _erf_near_0(np.clip(x, -2, 2)), np.where(x < 0, 2 - far, far))  # noqa: PLR2004


def _log_gamma(x: Array) -> Any:
    """Evaluate Stirling's series at 20 or more, from where the recurrence leads down to any x > 0."""
    small = x < 20  # noqa: PLR2004 - the series is exact from there on
    y = np.where(small, x + 20, x)
    product = np.where(small, np.prod([np.where(small, x, 1) + np.where(small, n, 0) for n in range(20)], axis=0), 1)
    series = sum(coefficient / y ** (2 * n + 1) for n, coefficient in enumerate(np.asarray(_BERNOULLI, np.longdouble)))
    return (y - np.longdouble(0.5)) * np.log(y) - y + np.log(2 * _PI) / 2 + series - np.log(product)


def _gamma(x: Array) -> Any:
    reflected = _PI / (np.sin(_PI * (x - 2 * np.round(x / 2))) * np.exp(_log_gamma(np.where(x > 0, 1, 1 - x))))
    return np.where(x > 0, np.exp(_log_gamma(np.where(x > 0, x, 1))), np.where(x % 1, reflected, np.nan))


def _log_positive_gamma(x: Array) -> Any:
    return np.where(x > 0, _log_gamma(np.where(x > 0, x, 1)), np.nan)


def _round(x: Array, digits: int) -> Any:
    nearest = np.round(x, min(max(digits, -308), 308))  # 10 ** 308 is a float still
    return np.where(np.isfinite(nearest), nearest, x)


def _sech(x: Array) -> Any:
    e = np.exp(-np.abs(x))  # cannot overflow, and keeps full precision in both tails
    return 2 * e / (1 + e * e)


def _logit(p: Array) -> Any:
    return np.where(np.abs(p - 0.5) < 0.25, np.log1p((2 * p - 1) / (1 - p)), np.log(p / (1 - p)))  # noqa: PLR2004


def _normal_pdf(x: Array, mean: Array, std: Array) -> Any:
    return np.exp(-(((x - mean) / std) ** 2) / 2) / (std * np.sqrt(2 * _PI))


def _normal_cdf(x: Array, mean: Array, std: Array) -> Any:
    return erfc((mean - x) / (std * np.sqrt(np.longdouble(2)))) / 2


# Derivatives by way of hyperbolic functions keep the digits that 1 - x ** 2 and its like lose, in every order.
_D_HYPOT = (
    "where(b == 0, sign(a), tanh(arcsinh(a / abs(b)))) * da + where(a == 0, sign(b), tanh(arcsinh(b / abs(a)))) * db"
)
_D_NORMAL_PDF = (
    "normal_pdf(x, mean, std) * ((x - mean) / std) * (dmean - dx) / std"
    " + normal_pdf(x, mean, std) * ((x - mean) / std - 1) * ((x - mean) / std + 1) / std * dstd"
)
_D_EXTREME = "where(a == b, (da + db) / 2, where(a {} b, da, db))"

ELEMENTARY = (
    function("abs(x)", bools_as_numbers(np.abs), "Absolute value.", "sign(x) * dx"),
    function("sign(x)", bools_as_numbers(np.sign), "-1, 0 or 1.", "0"),
    function("sqrt(x)", bools_as_numbers(np.sqrt), "Square root.", "dx / (2 * sqrt(x))"),
    function("cbrt(x)", in_extended_precision(np.cbrt), "Cube root.", "dx / (3 * cbrt(x) ** 2)"),
    function("exp(x)", in_extended_precision(np.exp), "Exponential function.", "exp(x) * dx"),
    function("expm1(x)", in_extended_precision(np.expm1), "exp(x) - 1, exact near 0.", "exp(x) * dx"),
    function("log(x)", in_extended_precision(np.log), "Natural logarithm.", "dx / x"),
    function("log1p(x)", in_extended_precision(np.log1p), "log(1 + x), exact near 0.", "dx / (1 + x)"),
    function("log2(x)", in_extended_precision(np.log2), "Logarithm to base 2.", "dx / x / log(2)"),
    function("log10(x)", in_extended_precision(np.log10), "Logarithm to base 10.", "dx / x / log(10)"),
    function("sin(x)", in_extended_precision(np.sin), "Sine of an angle in radians.", "cos(x) * dx"),
    function("cos(x)", in_extended_precision(np.cos), "Cosine of an angle in radians.", "-sin(x) * dx"),
    function("tan(x)", in_extended_precision(np.tan), "Tangent of an angle in radians.", "(1 + tan(x) ** 2) * dx"),
    function("arcsin(x)", in_extended_precision(np.arcsin), "Angle in radians of a sine.", "cosh(arctanh(x)) * dx"),
    function("arccos(x)", in_extended_precision(np.arccos), "Angle in radians of a cosine.", "-cosh(arctanh(x)) * dx"),
    function(
        "arctan(x)", in_extended_precision(np.arctan), "Angle in radians of a tangent.", "sech(arcsinh(x)) ** 2 * dx"
    ),
    function(
        "arctan2(y, x)",
        in_extended_precision(np.arctan2),
        "Angle in radians of the point (x, y), all the way round.",
        "(x / hypot(x, y) * dy - y / hypot(x, y) * dx) / hypot(x, y)",
    ),
    function("sinh(x)", in_extended_precision(np.sinh), "Hyperbolic sine.", "cosh(x) * dx"),
    function("cosh(x)", in_extended_precision(np.cosh), "Hyperbolic cosine.", "sinh(x) * dx"),
    function("tanh(x)", in_extended_precision(np.tanh), "Hyperbolic tangent.", "sech(x) ** 2 * dx"),
    function("sech(x)", in_extended_precision(_sech), "Hyperbolic secant, 1 / cosh(x).", "-sech(x) * tanh(x) * dx"),
    function("arcsinh(x)", in_extended_precision(np.arcsinh), "Inverse of sinh.", "sech(arcsinh(x)) * dx"),
    function("arccosh(x)", in_extended_precision(np.arccosh), "Inverse of cosh.", "dx / (sqrt(x - 1) * sqrt(x + 1))"),
    function("arctanh(x)", in_extended_precision(np.arctanh), "Inverse of tanh.", "cosh(arctanh(x)) ** 2 * dx"),
    function("floor(x)", bools_as_numbers(np.floor), "Largest whole number that is not above x.", "0"),
    function("ceil(x)", bools_as_numbers(np.ceil), "Smallest whole number that is not below x.", "0"),
    function(
        "round(x, digits=0)", bools_as_numbers(_round), "x to so many decimals; halves to the even neighbour.", "0"
    ),
    function("degrees(x)", in_extended_precision(lambda x: x * 180 / _PI), "Radians to degrees.", "180 / pi * dx"),
    function("radians(x)", in_extended_precision(lambda x: x * _PI / 180), "Degrees to radians.", "pi / 180 * dx"),
    function("hypot(a, b)", in_extended_precision(np.hypot), "sqrt(a ** 2 + b ** 2).", _D_HYPOT),
    function("erf(x)", in_extended_precision(_erf), "Error function.", "2 * normal_pdf(x, 0, sqrt(0.5)) * dx"),
    function(
        "erfc(x)",
        in_extended_precision(erfc),
        "1 - erf(x), exact for large x.",
        "-2 * normal_pdf(x, 0, sqrt(0.5)) * dx",
    ),
    function("gamma(x)", in_extended_precision(_gamma), "Gamma function; gamma(n + 1) is n factorial."),
    function("lgamma(x)", in_extended_precision(_log_positive_gamma), "Logarithm of gamma(x), for x > 0."),
    function(
        "logit(x)",
        in_extended_precision(_logit),
        "log(x / (1 - x)), the inverse of sigmoid.",
        "4 * cosh(logit(x) / 2) ** 2 * dx",
    ),
    function(
        "normal_pdf(x, mean=0, std=1)",
        in_extended_precision(_normal_pdf),
        "Density of the normal distribution.",
        _D_NORMAL_PDF,
    ),
    function(
        "normal_cdf(x, mean=0, std=1)",
        in_extended_precision(_normal_cdf),
        "Share of the normal distribution below x.",
        "normal_pdf(x, mean, std) * (dx - dmean - (x - mean) / std * dstd)",
    ),
    function("minimum(a, b)", bools_as_numbers(np.minimum), "The smaller of a and b.", _D_EXTREME.format("<")),
    function("maximum(a, b)", bools_as_numbers(np.maximum), "The larger of a and b.", _D_EXTREME.format(">")),
    function(
        "clip(x, low, high)",
        bools_as_numbers(np.clip),
        "x, or the limit that it is beyond.",
        "where(x > high, dhigh, where(x < low, dlow, dx))",
    ),
    function(
        "where(c, a, b)",
        explain_type_errors(np.where),
        "a where the condition c holds, b elsewhere.",
        "where(c, da, db)",
    ),
)
