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

_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity)", re.IGNORECASE)


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
            if last < first:
                hint = "flip(x) puts numbers in reverse order"
                raise SourceError(f"from {first} to {last}", "integers", "allowed: the lower one first", hint)
            if last - first >= MAX_ELEMENTS:
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
    for text in texts:
        if _date(text) is None:
            raise SourceError(f"'{text}' is no day of the calendar", "values", "allowed: 2025-08-17, 2025-08-17T10:30")
    return np.asarray(texts, "datetime64[us]")


def _date(text: str) -> str | None:
    try:
        np.datetime64(text, "us")
    except ValueError:
        return None
    return text if _ISO_DATE.fullmatch(text) else None


def _read_csv(source: Csv, read_file: ReadFile) -> Array:
    rows = csv.reader(io.StringIO(_decode(_content(read_file, source.csv, "csv"), source.csv), newline=""), strict=True)
    cells: list[tuple[int, str]] = []
    try:
        header = next(rows, None)
        if header is None:
            raise SourceError(f"{source.csv} is empty", "csv", "needed: a line of column names, then the rows")
        if source.column not in header:
            known = [name for name in header if name]
            message = f"{source.csv} has no column '{source.column}'"
            separated = len(known) == 1 and re.search(r"[;\t]", known[0])
            hint = "separate the columns by commas" if separated else nearest(source.column, known)
            raise SourceError(message, "column", listed(known), hint)
        if header.count(source.column) > 1:
            raise SourceError(f"{source.csv} has {header.count(source.column)} columns '{source.column}'", "column")
        index = header.index(source.column)
        for row in rows:
            if len(row) > index:
                cells.append((rows.line_num, row[index].strip()))
            elif row:
                raise SourceError(f"{source.csv}, line {rows.line_num}: no cell in column '{source.column}'", "csv")
    except csv.Error as error:
        wrong = "a quote that is never closed" if "unexpected end" in str(error) else str(error)
        raise SourceError(f"{source.csv}, line {rows.line_num}: {wrong}", "csv") from None
    if not cells:
        raise SourceError(f"{source.csv} has no rows below its line of column names", "csv")
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
    if kind == "text" and source.type is None:
        for line, text in cells:
            if _number(text.replace(",", "")) is not None:
                message = f"{source.csv}, line {line}: '{text}' in column '{source.column}' is a number among texts"
                raise SourceError(message, "csv", "", "write numbers without commas, or say 'type: text'")
    values = []
    for line, text in cells:
        value = convert(text)
        if value is None:
            cell = f"'{text}' in column '{source.column}' is" if text else f"column '{source.column}' is empty,"
            message = f"{source.csv}, line {line}: {cell} not {described}"
            named = text and not source.type and not _NOT_FINITE.fullmatch(text)
            hint = "say 'type: text' if the column holds texts" if named else ""
            raise SourceError(message, "csv", "", hint)
        values.append(value)
    return _dates(values) if kind == "date" else np.asarray(values)


def _kind(text: str) -> str:
    if _NOT_FINITE.fullmatch(text):
        return "number"
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
    "date": (_date, "a date like 2025-08-17"),
})  # fmt: skip


def _read_npz(source: Npz, read_file: ReadFile) -> Array:
    try:
        with np.load(io.BytesIO(_content(read_file, source.npz, "npz")), allow_pickle=False) as arrays:
            if source.array not in arrays.files:
                message = f"{source.npz} has no array '{source.array}'"
                raise SourceError(message, "array", listed(arrays.files), nearest(source.array, arrays.files))
            array = np.asarray(arrays[source.array])
    except (ValueError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        if "Object arrays" in str(error):
            message = f"'{source.array}' in {source.npz} holds Python objects"
            raise SourceError(message, "array", "allowed: real numbers, texts, dates") from None
        message = f"{source.npz} is not a NumPy .npz file of plain arrays"
        raise SourceError(message, "npz", "", "numpy.savez() writes one") from None
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
    empty = isinstance(source, RandomIntegers) and source.low >= source.high
    # The legacy stream takes the limits of a uniform draw either way round, and scripts may rely on that.
    turned = isinstance(source, Uniform) and source.low > source.high and isinstance(stream, np.random.Generator)
    if isinstance(source, Uniform | RandomIntegers) and (empty or turned):
        raise SourceError(f"from {source.low:g} to {source.high:g}", "high", "allowed: more than 'low'")
    if isinstance(source, Shaped):
        if math.prod(source.shape) > MAX_ELEMENTS:
            raise SourceError(f"{math.prod(source.shape):,} numbers", "shape", f"allowed: up to {MAX_ELEMENTS:,}")
        arguments = (*arguments, source.shape or None)
    try:
        return np.asarray(getattr(stream, method)(*arguments), np.float64)
    except (ValueError, OverflowError) as error:
        raise SourceError(str(error)) from None
