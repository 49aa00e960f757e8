"""Data sources -> arrays: spaced numbers, written values, columns of files, random draws."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from figgen.config.spec.sources import (
    Beta,
    Binomial,
    Csv,
    Exponential,
    Gamma,
    Geomspace,
    Integers,
    Laplace,
    Linspace,
    Lognormal,
    Normal,
    Npz,
    Permutation,
    Poisson,
    Random,
    RandomIntegers,
    Shaped,
    Source,
    Uniform,
    Values,
)
from figgen.data.csv_file import ISO_DATE, dates, read_csv
from figgen.data.npz_file import read_npz
from figgen.errors import SourceError
from figgen.site.limits import limit, limit_text, raise_limit_hint

Array = np.ndarray[Any, Any]
Stream = np.random.Generator | np.random.RandomState
ReadFile = Callable[[str], bytes]


def read(source: Source, read_file: ReadFile) -> Array:
    """Make the array of a source that stands for itself: float64, texts, or dates (datetime64).

    `read_file` gives the content of a file by the path that the config names, or raises SourceError, as this does.
    """
    match source:
        case Linspace(linspace=(start, stop, count)):
            _check_count("linspace", count)
            return np.linspace(start, stop, count)
        case Geomspace(geomspace=(start, stop, count)):
            _check_count("geomspace", count)
            return np.geomspace(start, stop, count)
        case Integers(integers=(first, last)):
            if last < first:
                hint = "flip(x) puts numbers in reverse order"
                raise SourceError(f"from {first} to {last}", "integers", ("the lower one first",), hint)
            _check_count("integers", last - first + 1)
            return np.arange(first, last + 1, dtype=np.float64)
        case Values():
            return _read_values(source)
        case Csv(csv=path):
            return read_csv(source, _content(read_file, path, "csv"))
        case Npz(npz=path):
            return read_npz(source, _content(read_file, path, "npz"))
    raise AssertionError(source)


def _check_count(key: str, count: int) -> None:
    """Raise SourceError if an array would have more values than the limit allows."""
    if count > limit("elements"):
        raise SourceError(f"{count:,} values", key, limit_text("elements"), raise_limit_hint("elements"))


def _content(read_file: ReadFile, path: str, key: str) -> bytes:
    try:
        return read_file(path)
    except SourceError as error:
        error.key = key
        raise


def _read_values(source: Values) -> Array:
    values = source.values
    _check_count("values", sum(len(row) if isinstance(row, tuple) else 1 for row in values))
    if isinstance(values[0], str):
        return dates(values) if all(map(ISO_DATE.fullmatch, values)) else np.asarray(values)
    if isinstance(values[0], tuple) and len({len(row) for row in values}) > 1:
        raise SourceError("rows of different lengths: " + ", ".join(str(len(row)) for row in values), "values")
    return np.asarray(values, np.float64)


# The arguments of each draw, in NumPy's order; the methods have the same names on both streams, but for integers.
_ARGUMENTS: Mapping[type[Random], Callable[[Any], tuple[Any, ...]]] = {
    Normal: lambda draw: (draw.mean, draw.std),
    Uniform: lambda draw: (draw.low, draw.high),
    RandomIntegers: lambda draw: (draw.low, draw.high),
    Binomial: lambda draw: (draw.n, draw.p),
    Poisson: lambda draw: (draw.rate,),
    Exponential: lambda draw: (draw.scale,),
    Lognormal: lambda draw: (draw.mean, draw.std),
    Laplace: lambda draw: (draw.mean, draw.scale),
    Gamma: lambda draw: (draw.k, draw.scale),
    Beta: lambda draw: (draw.a, draw.b),
    Permutation: lambda draw: (draw.n,),
}


def start_stream(source: Random) -> Stream:
    """Start the stream that a draw with a seed begins."""
    return np.random.RandomState(source.seed) if source.stream == "mt19937" else np.random.default_rng(source.seed)


def draw(source: Random, stream: Stream) -> Array:
    """Take a draw from a stream, which moves on by it."""
    method: str = source.random
    if method == "integers" and isinstance(stream, np.random.RandomState):
        method = "randint"
    arguments = _ARGUMENTS[type(source)](source)
    empty = isinstance(source, RandomIntegers) and source.low >= source.high
    # The legacy stream takes the limits of a uniform draw either way round, and scripts may rely on that.
    turned = isinstance(source, Uniform) and source.low > source.high and isinstance(stream, np.random.Generator)
    if isinstance(source, Uniform | RandomIntegers) and (empty or turned):
        raise SourceError(f"from {source.low:g} to {source.high:g}", "high", ("more than 'low'",))
    if isinstance(source, Shaped):
        _check_count("shape", math.prod(source.shape))
        arguments = (*arguments, source.shape or None)
    if isinstance(source, Permutation):
        _check_count("n", source.n)
    try:
        return np.asarray(getattr(stream, method)(*arguments), np.float64)
    except (ValueError, OverflowError) as error:
        raise SourceError(str(error)) from None
