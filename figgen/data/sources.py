"""Data sources -> arrays: sequences, values in the config, columns of files, random draws."""

from collections.abc import Callable
from typing import Any

import numpy as np

from figgen.config.spec import sources as spec
from figgen.config.spec.arrays import Array
from figgen.data.array_size import check_size
from figgen.data.cells import convert
from figgen.data.csv_file import read_csv
from figgen.data.npz_file import read_npz
from figgen.data.texts import texts_of_config, texts_of_file
from figgen.errors import SourceError

Stream = np.random.Generator | np.random.RandomState
ReadFile = Callable[[str], bytes]


def read(source: spec.Source, read_file: ReadFile) -> Array:
    """Return the array of a source that depends on no other: float64, strings, or dates (datetime64).

    `read_file` returns the content of a file by its path in the config, or raises SourceError, as this function does.
    """
    match source:
        case spec.Linspace(linspace=(start, stop, count)):
            check_size(count, key="linspace")
            return np.linspace(start, stop, count)
        case spec.Geomspace(geomspace=(start, stop, count)):
            check_size(count, key="geomspace")
            return np.geomspace(start, stop, count)
        case spec.Integers(integers=(first, last)):
            if last < first:
                message = f"the last integer, {last}, is less than the first, {first}"
                raise SourceError(message, "integers", hint="flip(x) reverses the order")
            check_size(last - first + 1, key="integers")
            return np.arange(first, last + 1, dtype=np.float64)
        case spec.Values(values=values, type=kind):
            return texts_of_config(convert(_to_array(values), kind, "values"))
        case spec.Csv(csv=path):
            return texts_of_file(read_csv(source, _read_content(read_file, path, "csv")), path, "csv")
        case spec.Npz(npz=path):
            array = read_npz(source, _read_content(read_file, path, "npz"))
            return texts_of_file(convert(array, source.type, "array"), path, "npz")
    raise AssertionError(source)


def _read_content(read_file: ReadFile, path: str, key: str) -> bytes:
    try:
        return read_file(path)
    except SourceError as error:
        raise SourceError(error.message, key, error.allowed, error.hint) from None


def _to_array(values: tuple[Any, ...]) -> Array:
    """Return values of a config as numbers or strings, with NaN and the empty string for null."""
    check_size(sum(len(row) if isinstance(row, tuple) else 1 for row in values), key="values")
    if isinstance(values[0], tuple) and len({len(row) for row in values}) > 1:
        raise SourceError("rows have different lengths: " + ", ".join(str(len(row)) for row in values), "values")
    if any(isinstance(value, str) for value in values):
        return np.asarray(["" if value is None else value for value in values])
    return np.asarray(values, np.float64)


def start_stream(source: spec.Random) -> Stream:
    """Return a new random stream for a draw that has a seed."""
    return np.random.RandomState(source.seed) if source.stream == "mt19937" else np.random.default_rng(source.seed)


def draw(source: spec.Random, stream: Stream) -> Array:
    """Return the array of a draw, and advance the stream. Raises SourceError."""
    method, legacy = source.random, isinstance(stream, np.random.RandomState)
    if isinstance(source, spec.RandomIntegers) and source.low >= source.high:
        raise SourceError(f"must be greater than 'low' ({source.low}), not {source.high}", "high")
    # NumPy's legacy stream accepts the bounds of a uniform draw in either order, and scripts may rely on that.
    if isinstance(source, spec.Uniform) and source.low > source.high and not legacy:
        raise SourceError(f"must be at least 'low' ({source.low:g}), not {source.high:g}", "high")
    # The fields of each distribution are the parameters of NumPy's method of the same name, in its order.
    arguments = [getattr(source, name) for name in type(source).model_fields if name not in spec.Shaped.model_fields]
    if isinstance(source, spec.Shaped):
        check_size(*source.shape, key="shape")
        arguments.append(source.shape or None)
    if isinstance(source, spec.Permutation):
        check_size(source.n, key="n")
    if method == "integers" and legacy:
        method = "randint"
    try:
        return np.asarray(getattr(stream, method)(*arguments), np.float64)
    except (ValueError, OverflowError) as error:
        raise SourceError(str(error)) from None
