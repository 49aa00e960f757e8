"""A column of a CSV file -> an array. The column is never held twice, as text and as numbers."""

import contextlib
import csv
import io
import math
import re
import warnings
from array import array
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from figgen.config.spec.sources import Csv
from figgen.errors import SourceError, did_you_mean
from figgen.site.limits import limit, limit_text, raise_limit_hint

Array = np.ndarray[Any, Any]

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?")

_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity)", re.IGNORECASE)


def dates(texts: Any) -> Array:
    """Make an array of dates (datetime64) of texts in ISO format. Raises SourceError for one that is no day."""
    for text in texts:
        if _date(text) is None:
            raise SourceError(f"'{text}' is no day of the calendar", "values", ("2025-08-17, 2025-08-17T10:30",))
    return np.asarray(texts, "datetime64[us]")


def read_csv(source: Csv, content: bytes) -> Array:
    """Read a column: float64, texts or dates (datetime64). Raises SourceError with the line of what is wrong."""
    if source.type in {None, "number"} and (numbers := _read_plain_numbers(source, content)) is not None:
        return numbers
    kind: str = source.type or ""
    values: Any = None
    most = limit("elements")
    for line, text in _cells(source, content):
        if values is None:
            kind = kind or _kind(text)
            values = array("d") if kind == "number" else []
        convert, described = _CELLS[kind]
        value = convert(text)
        if value is None:
            raise SourceError(_wrong_cell(source, line, text, described), "csv", hint=_text_hint(source, text))
        if kind == "text" and source.type is None and _number(text.replace(",", "")) is not None:
            message = f"{source.csv}, line {line}: '{text}' in column '{source.column}' is a number among texts"
            raise SourceError(message, "csv", hint="write numbers without commas, or say 'type: text'")
        values.append(value)
        if len(values) > most:
            raise SourceError(
                f"{source.csv} has more than {most:,} rows", "csv", limit_text("elements"), raise_limit_hint("elements")
            )
    if values is None:
        raise SourceError(f"{source.csv} has no rows below its line of column names", "csv")
    return dates(values) if kind == "date" else np.asarray(values)


def _read_plain_numbers(source: Csv, content: bytes) -> Array | None:
    """Read a column of numbers fast, or give None where anything is unusual and must be looked at cell by cell."""
    head, _, _ = content.partition(b"\n")
    if b'"' in content or content.count(b"\r") != content.count(b"\r\n") or content.count(b"\n") > limit("elements"):
        return None
    with contextlib.suppress(ValueError, OverflowError, SourceError), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that there is no row, which is told below
        header = next(csv.reader([head.decode("utf-8-sig")], strict=True), [])
        index = _index(source, header)
        rows = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig")
        numbers = np.loadtxt(rows, np.float64, comments=None, delimiter=",", skiprows=1, usecols=index, ndmin=1)
        if numbers.size and np.all(np.isfinite(numbers)):
            return numbers
    return None


def _cells(source: Csv, content: bytes) -> Iterator[tuple[int, str]]:
    """Yield the cells of a column with their lines."""
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""), strict=True)
    try:
        header = next(rows, None)
        if header is None:
            raise SourceError(f"{source.csv} is empty", "csv", ("a line of column names, then the rows",))
        index = _index(source, header)
        for row in rows:
            if len(row) > index:
                yield rows.line_num, row[index].strip()
            elif row:
                raise SourceError(f"{source.csv}, line {rows.line_num}: no cell in column '{source.column}'", "csv")
    except csv.Error as error:
        wrong = "a quote that is never closed" if "unexpected end" in str(error) else str(error)
        raise SourceError(f"{source.csv}, line {rows.line_num}: {wrong}", "csv") from None
    except UnicodeDecodeError:
        raise _not_text(source, content) from None


def _not_text(source: Csv, content: bytes) -> SourceError:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Bytes are counted from behind the byte order mark, if there is one.
        start = error.start + (3 if content.startswith(b"\xef\xbb\xbf") else 0)
        line = content[:start].count(b"\n") + 1
        message = f"{source.csv}, line {line}: not UTF-8: the byte 0x{content[start]:02x}"
        return SourceError(message, "csv", hint="save the file as UTF-8")
    raise AssertionError(source)


def _index(source: Csv, header: list[str]) -> int:
    if source.column not in header:
        known = [name for name in header if name]
        message = f"{source.csv} has no column '{source.column}'"
        separated = len(known) == 1 and re.search(r"[;\t]", known[0])
        hint = "separate the columns by commas" if separated else did_you_mean(source.column, known)
        raise SourceError(message, "column", tuple(sorted(known)), hint)
    if header.count(source.column) > 1:
        raise SourceError(f"{source.csv} has {header.count(source.column)} columns '{source.column}'", "column")
    return header.index(source.column)


def _wrong_cell(source: Csv, line: int, text: str, described: str) -> str:
    cell = f"'{text}' in column '{source.column}' is" if text else f"column '{source.column}' is empty,"
    return f"{source.csv}, line {line}: {cell} not {described}"


def _text_hint(source: Csv, text: str) -> str:
    named = text and not source.type and not _NOT_FINITE.fullmatch(text)
    return "say 'type: text' if the column holds texts" if named else ""


def _kind(text: str) -> str:
    if _NOT_FINITE.fullmatch(text):
        return "number"
    return "date" if ISO_DATE.fullmatch(text) else "text" if _number(text) is None else "number"


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def _date(text: str) -> str | None:
    try:
        np.datetime64(text, "us")
    except ValueError:
        return None
    return text if ISO_DATE.fullmatch(text) else None


_CELLS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "number": (_number, "a finite number"),
    "text": (lambda text: text or None, "a text"),
    "date": (_date, "a date like 2025-08-17"),
}
