"""Elementwise functions: the usual ones of mathematics and statistics."""

from typing import Any

import numpy as np

from figgen.data.formulas.table import (
    Array,
    any_kind,
    bools_as_numbers,
    functions,
    in_extended_precision,
    numbers_only,
    ordered,
)

_PI = 4 * np.arctan(np.longdouble(1))
# B(2k) / (2k (2k - 1)) for k = 1 to 8: the coefficients of Stirling's series.
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400)
# The Riemann zeta function, less 1, at 2, 3 and so on; and Euler's constant.
_ZETA_LESS_1 = tuple(
    np.longdouble(text)
    for text in (
        *(
            "0.6449340668482264364724",
            "0.2020569031595942853997",
            "0.0823232337111381915160",
            "0.0369277551433699263314",
        ),
        *(
            "0.0173430619844491397145",
            "0.0083492773819228268398",
            "0.0040773561979443393787",
            "0.0020083928260822144179",
        ),
        *("9.945751278180853371e-4", "4.941886041194645587e-4", "2.460865533080482986e-4", "1.227133475784891468e-4"),
        *("6.124813505870482926e-5", "3.058823630702049355e-5", "1.528225940865187173e-5", "7.637197637899762274e-6"),
        *("3.817293264999839856e-6", "1.908212716553938926e-6", "9.53962033872796113e-7", "4.76932986787806463e-7"),
        *("2.38450502727732990e-7", "1.19219925965311073e-7", "5.9608189051259480e-8", "2.9803503514652280e-8"),
        *("1.4901554828365041e-8", "7.450711789835429e-9", "3.725334024788457e-9", "1.862659723513049e-9"),
        *("9.31327432419668e-10", "4.65662906503378e-10", "2.32831183367651e-10", "1.16415501727005e-10"),
    )
)
_EULER = np.longdouble("0.5772156649015328606065121")


def _erf_near_0(x: Array) -> Any:
    """Return erf(x) for |x| <= 2, by a series whose terms have one sign (DLMF 7.6.2): no digits cancel."""
    term = total = x
    for n in range(1, 60):
        term = term * (2 * x * x) / (2 * n + 1)
        total = total + term
    return total * 2 * np.exp(-x * x) / np.sqrt(_PI)


def _erfc_far(x: Array) -> Any:
    """Return erfc(x) for x >= 2, by Laplace's continued fraction (DLMF 7.9)."""
    fraction = x
    for n in range(160, 0, -1):
        fraction = x + n / fraction / 2
    return np.exp(-x * x) / (fraction * np.sqrt(_PI))


def _erf(x: Array) -> Any:
    far = np.copysign(1 - _erfc_far(np.maximum(np.abs(x), 2)), x)
    return np.where(np.abs(x) < 2, _erf_near_0(np.clip(x, -2, 2)), far)  # noqa: PLR2004 - where both are exact


def erfc(x: Array) -> Any:
    """Return 1 - erf(x) in extended precision, which keeps its digits where erf(x) is close to 1."""
    far = _erfc_far(np.maximum(np.abs(x), 2))
    return np.where(np.abs(x) < 2, 1 - _erf_near_0(np.clip(x, -2, 2)), np.where(x < 0, 2 - far, far))  # noqa: PLR2004


def _log_gamma_near_2(x: Array) -> Any:
    """Return log(gamma(x)) for x from 1.5 to 2.5, by a series that is 0 at 2 (DLMF 5.7.3)."""
    z = x - 2
    terms = (coefficient * (-z) ** n / n for n, coefficient in enumerate(_ZETA_LESS_1, 2))
    return z * (1 - _EULER) + sum(terms)


def _log_gamma(x: Array) -> Any:
    """Return log(gamma(x)) for x > 0, by Stirling's series (DLMF 5.11.1), and the recurrence where x < 20.

    That would lose all digits near 1 and 2, where the result is 0.
    """
    small = x < 20  # noqa: PLR2004 - from 20 on, the series is exact in extended precision
    y = np.where(small, x + 20, x)
    product = np.where(small, np.prod([np.where(small, x, 1) + np.where(small, n, 0) for n in range(20)], axis=0), 1)
    series = sum(coefficient / y ** (2 * n + 1) for n, coefficient in enumerate(np.asarray(_STIRLING, np.longdouble)))
    far = (y - np.longdouble(0.5)) * np.log(y) - y + np.log(2 * _PI) / 2 + series - np.log(product)
    near_1, near_2 = np.abs(x - 1) <= 0.5, np.abs(x - 2) <= 0.5  # noqa: PLR2004 - the series is for both
    near = _log_gamma_near_2(np.where(near_1, x + 1, np.where(near_2, x, 2)))
    return np.where(near_1, near - np.log1p(np.where(near_1, x - 1, 0)), np.where(near_2, near, far))


def _gamma(x: Array) -> Any:
    """Return gamma(x), for x < 0 by the reflection formula (DLMF 5.5.3)."""
    reflected = _PI / (np.sin(_PI * (x - 2 * np.round(x / 2))) * np.exp(_log_gamma(np.where(x > 0, 1, 1 - x))))
    return np.where(x > 0, np.exp(_log_gamma(np.where(x > 0, x, 1))), np.where(x % 1, reflected, np.nan))


def _round(x: Array, digits: int) -> Any:
    nearest = np.round(x, min(max(digits, -308), 308))  # 10 ** 309 would not be a float
    return np.where(np.isfinite(nearest), nearest, x)


def _sech(x: Array) -> Any:
    e = np.exp(-np.abs(x))  # cannot overflow, and keeps full precision in both tails
    return 2 * e / (1 + e * e)


def _where(c: Array, a: Array, b: Array) -> Any:
    choose = any_kind(lambda a, b: np.where(c, a, b))
    return numbers_only(lambda _: choose(a, b))(c)


def _logit(p: Array) -> Any:
    return np.where(np.abs(p - 0.5) < 0.25, np.log1p((2 * p - 1) / (1 - p)), np.log(p / (1 - p)))  # noqa: PLR2004


def _normal_pdf(x: Array, mean: Array, std: Array) -> Any:
    return np.exp(-(((x - mean) / std) ** 2) / 2) / (std * np.sqrt(2 * _PI))


def _normal_cdf(x: Array, mean: Array, std: Array) -> Any:
    return erfc((mean - x) / (std * np.sqrt(np.longdouble(2)))) / 2


# Hyperbolic functions keep the digits that 1 - x ** 2 and the like lose to cancellation, in derivatives of every order.
_D_HYPOT = (
    "where(b == 0, sign(a), tanh(arcsinh(a / abs(b)))) * da + where(a == 0, sign(b), tanh(arcsinh(b / abs(a)))) * db"
)
_D_NORMAL_PDF = (
    "normal_pdf(x, mean, std) * ((x - mean) / std) * (dmean - dx) / std"
    " + normal_pdf(x, mean, std) * ((x - mean) / std - 1) * ((x - mean) / std + 1) / std * dstd"
)
_D_NORMAL_CDF = "normal_pdf(x, mean, std) * (dx - dmean - (x - mean) / std * dstd)"
_D_ARCTAN2 = "(x / hypot(x, y) * dy - y / hypot(x, y) * dx) / hypot(x, y)"
_D_EXTREME = "where(a == b, (da + db) / 2, where(a {} b, da, db))"
_D_CLIP = "where(x > high, dhigh, where(x < low, dlow, dx))"

ELEMENTARY = (
    *functions(
        bools_as_numbers,
        ("abs(x)", np.abs, "Absolute value.", "sign(x) * dx"),
        ("sign(x)", np.sign, "Sign: -1, 0 or 1.", "0"),
        ("sqrt(x)", np.sqrt, "Square root.", "dx / (2 * sqrt(x))"),
        ("floor(x)", np.floor, "Largest integer <= x.", "0"),
        ("ceil(x)", np.ceil, "Smallest integer >= x.", "0"),
        ("round(x, digits=0)", _round, "Round to a number of decimals, halves to even.", "0"),
    ),
    *functions(
        lambda call: bools_as_numbers(call, ordered),
        ("minimum(a, b)", np.minimum, "Smaller of a and b.", _D_EXTREME.format("<")),
        ("maximum(a, b)", np.maximum, "Larger of a and b.", _D_EXTREME.format(">")),
        ("clip(x, low, high)", np.clip, "x limited to the interval from low to high.", _D_CLIP),
    ),
    *functions(
        in_extended_precision,
        ("cbrt(x)", np.cbrt, "Cube root.", "dx / (3 * cbrt(x) ** 2)"),
        ("exp(x)", np.exp, "Exponential function.", "exp(x) * dx"),
        ("expm1(x)", np.expm1, "exp(x) - 1, accurate near 0.", "exp(x) * dx"),
        ("log(x)", np.log, "Natural logarithm.", "dx / x"),
        ("log1p(x)", np.log1p, "log(1 + x), accurate near 0.", "dx / (1 + x)"),
        ("log2(x)", np.log2, "Logarithm to base 2.", "dx / x / log(2)"),
        ("log10(x)", np.log10, "Logarithm to base 10.", "dx / x / log(10)"),
        ("sin(x)", np.sin, "Sine, x in radians.", "cos(x) * dx"),
        ("cos(x)", np.cos, "Cosine, x in radians.", "-sin(x) * dx"),
        ("tan(x)", np.tan, "Tangent, x in radians.", "(1 + tan(x) ** 2) * dx"),
        ("arcsin(x)", np.arcsin, "Inverse sine, in radians.", "cosh(arctanh(x)) * dx"),
        ("arccos(x)", np.arccos, "Inverse cosine, in radians.", "-cosh(arctanh(x)) * dx"),
        ("arctan(x)", np.arctan, "Inverse tangent, in radians.", "sech(arcsinh(x)) ** 2 * dx"),
        ("arctan2(y, x)", np.arctan2, "Angle of the point (x, y) in radians, from -pi to pi.", _D_ARCTAN2),
        ("sinh(x)", np.sinh, "Hyperbolic sine.", "cosh(x) * dx"),
        ("cosh(x)", np.cosh, "Hyperbolic cosine.", "sinh(x) * dx"),
        ("tanh(x)", np.tanh, "Hyperbolic tangent.", "sech(x) ** 2 * dx"),
        ("sech(x)", _sech, "Hyperbolic secant, 1 / cosh(x).", "-sech(x) * tanh(x) * dx"),
        ("arcsinh(x)", np.arcsinh, "Inverse of sinh.", "sech(arcsinh(x)) * dx"),
        ("arccosh(x)", np.arccosh, "Inverse of cosh.", "dx / (sqrt(x - 1) * sqrt(x + 1))"),
        ("arctanh(x)", np.arctanh, "Inverse of tanh.", "cosh(arctanh(x)) ** 2 * dx"),
        ("degrees(x)", lambda x: x * 180 / _PI, "Convert radians to degrees.", "180 / pi * dx"),
        ("radians(x)", lambda x: x * _PI / 180, "Convert degrees to radians.", "pi / 180 * dx"),
        ("hypot(a, b)", np.hypot, "sqrt(a ** 2 + b ** 2), without overflow.", _D_HYPOT),
        ("erf(x)", _erf, "Error function.", "2 * normal_pdf(x, 0, sqrt(0.5)) * dx"),
        ("erfc(x)", erfc, "1 - erf(x), accurate for large x.", "-2 * normal_pdf(x, 0, sqrt(0.5)) * dx"),
        ("gamma(x)", _gamma, "Gamma function; gamma(n + 1) is n factorial."),
        ("lgamma(x)", lambda x: _log_gamma(np.where(x > 0, x, np.nan)), "Logarithm of gamma(x), for x > 0."),
        ("logit(x)", _logit, "log(x / (1 - x)), the inverse of sigmoid.", "4 * cosh(logit(x) / 2) ** 2 * dx"),
        ("normal_pdf(x, mean=0, std=1)", _normal_pdf, "Density of the normal distribution.", _D_NORMAL_PDF),
        ("normal_cdf(x, mean=0, std=1)", _normal_cdf, "Normal cumulative distribution.", _D_NORMAL_CDF),
    ),
    *functions(
        lambda call: call,
        ("where(c, a, b)", _where, "a where the condition c holds, b elsewhere.", "where(c, da, db)"),
    ),
)
