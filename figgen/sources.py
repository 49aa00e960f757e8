"""Data sources -> arrays: spaced numbers, written values, columns of files, random draws."""

import csv
import io
import math
import re
import zipfile
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from figgen.errors import FiggenError, listed, nearest
from figgen.spec.sources import (
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

Array = np.ndarray[Any, Any]
Stream = np.random.Generator | np.random.RandomState
ReadFile = Callable[[str], bytes]

MAX_ELEMENTS = 20_000_000

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?")


class SourceError(FiggenError):
    """A data source gives no array; `key` names the part of it that is wrong, if one is."""

    def __init__(self, message: str, key: str = "", allowed: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.key, self.allowed, self.hint = message, key, allowed, hint


def read(source: Source, read_file: ReadFile) -> Array:
    """Make the array of a source that stands for itself: float64, texts, or dates (datetime64).

    `read_file` gives the content of a file by the path that the config names, or raises SourceError, as this does.
    """
    match source:
        case Linspace(linspace=(start, stop, count)):
            return np.linspace(start, stop, count)
        case Geomspace(geomspace=(start, stop, count)):
            return np.geomspace(start, stop, count)
        case Integers(integers=(first, last)):
            if not 0 <= last - first < MAX_ELEMENTS:
                raise SourceError(f"{last - first + 1:,} numbers", "integers", f"allowed: 1 to {MAX_ELEMENTS:,}")
            return np.arange(first, last + 1, dtype=np.float64)
        case Values():
            return _read_values(source)
        case Csv():
            return _read_csv(source, read_file)
        case Npz():
            return _read_npz(source, read_file)
    raise AssertionError(source)


def _read_values(source: Values) -> Array:
    values = source.values
    if isinstance(values[0], str):
        return _dates(values) if all(map(_ISO_DATE.fullmatch, values)) else np.asarray(values)
    if isinstance(values[0], tuple) and len({len(row) for row in values}) > 1:
        raise SourceError("rows of different lengths: " + ", ".join(str(len(row)) for row in values), "values")
    return np.asarray(values, np.float64)


def _dates(texts: Any) -> Array:
    try:
        return np.asarray(texts, "datetime64[us]")
    except ValueError as error:
        raise SourceError(f"not a date: {error}", "values", "allowed: 2025-08-17 or 2025-08-17T10:30") from None


def _read_csv(source: Csv, read_file: ReadFile) -> Array:
    rows = csv.reader(io.StringIO(_decode(_content(read_file, source.csv, "csv"), source.csv), newline=""), strict=True)
    cells: list[tuple[int, str]] = []
    try:
        header = next(rows, None)
        if header is None:
            raise SourceError(f"{source.csv} is empty", "csv")
        if source.column not in header:
            known = [name for name in header if name]
            message = f"{source.csv} has no column '{source.column}'"
            raise SourceError(message, "column", listed(known), nearest(source.column, known))
        if header.count(source.column) > 1:
            raise SourceError(f"{source.csv} has {header.count(source.column)} columns '{source.column}'", "column")
        index = header.index(source.column)
        for row in rows:
            if len(row) > index:
                cells.append((rows.line_num, row[index].strip()))
            elif row:
                raise SourceError(f"{source.csv}, line {rows.line_num}: no cell in column '{source.column}'", "csv")
    except csv.Error as error:
        raise SourceError(f"{source.csv}, line {rows.line_num}: {error}", "csv") from None
    if not cells:
        raise SourceError(f"{source.csv} has no rows", "csv")
    return _convert(source, cells)


def _content(read_file: ReadFile, path: str, key: str) -> bytes:
    try:
        return read_file(path)
    except SourceError as error:
        error.key = key
        raise


def _decode(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"{path}, line {line}: not UTF-8: the byte 0x{content[error.start]:02x}"
        raise SourceError(message, "csv", "", "save the file as UTF-8") from None


def _convert(source: Csv, cells: list[tuple[int, str]]) -> Array:
    kind = source.type or _kind(cells[0][1])
    convert, described = _CELLS[kind]
    values = []
    for line, text in cells:
        value = convert(text)
        if value is None:
            message = f"{source.csv}, line {line}: '{text}' in column '{source.column}' is not {described}"
            hint = "" if source.type else "say 'type: text' if the column holds texts"
            raise SourceError(message, "csv", "", hint)
        values.append(value)
    return _dates(values) if kind == "date" else np.asarray(values)


def _kind(text: str) -> str:
    return "date" if _ISO_DATE.fullmatch(text) else "text" if _number(text) is None else "number"


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


_CELLS: Mapping[str, tuple[Callable[[str], Any], str]] = MappingProxyType({
    "number": (_number, "a finite number"),
    "text": (lambda text: text or None, "a text"),
    "date": (lambda text: text if _ISO_DATE.fullmatch(text) else None, "a date like 2025-08-17"),
})  # fmt: skip


def _read_npz(source: Npz, read_file: ReadFile) -> Array:
    try:
        with np.load(io.BytesIO(_content(read_file, source.npz, "npz")), allow_pickle=False) as arrays:
            if source.array not in arrays.files:
                message = f"{source.npz} has no array '{source.array}'"
                raise SourceError(message, "array", listed(arrays.files), nearest(source.array, arrays.files))
            array = np.asarray(arrays[source.array])
    except (ValueError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise SourceError(f"{source.npz} is not a NumPy .npz file of plain arrays: {error}", "npz") from None
    if array.dtype.kind not in "biufUM":
        raise SourceError(f"'{source.array}' holds {array.dtype}", "array", "allowed: real numbers, texts, dates")
    return array.astype(np.float64) if array.dtype.kind in "biuf" else array


# The arguments of each draw, in NumPy's order; the methods have the same names on both streams, but for integers.
_ARGUMENTS: Mapping[type[Random], Callable[[Any], tuple[Any, ...]]] = MappingProxyType({
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
})  # fmt: skip


def start_stream(source: Random) -> Stream:
    """Start the stream that a draw with a seed begins."""
    return np.random.RandomState(source.seed) if source.stream == "mt19937" else np.random.default_rng(source.seed)


def draw(source: Random, stream: Stream) -> Array:
    """Take a draw from a stream, which moves on by it."""
    method: str = source.random
    if method == "integers" and isinstance(stream, np.random.RandomState):
        method = "randint"
    arguments = _ARGUMENTS[type(source)](source)
    if isinstance(source, Shaped):
        if math.prod(source.shape) > MAX_ELEMENTS:
            raise SourceError(f"{math.prod(source.shape):,} numbers", "shape", f"allowed: up to {MAX_ELEMENTS:,}")
        arguments = (*arguments, source.shape or None)
    try:
        return np.asarray(getattr(stream, method)(*arguments), np.float64)
    except (ValueError, OverflowError) as error:
        raise SourceError(str(error)) from None
