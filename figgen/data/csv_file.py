"""A column of a CSV file -> an array. A column of numbers is never held in memory as strings, to save space."""

import contextlib
import csv
import io
import itertools
import math
import re
import warnings
from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np

from figgen.config.characters import disguised_at, find_disguise
from figgen.config.spec.arrays import Array
from figgen.config.spec.sources import CellType, Csv
from figgen.data.array_size import check_size
from figgen.data.cells import CONVERTERS, check_categories, is_iso_date, is_missing, to_array, to_number
from figgen.errors import SourceError, did_you_mean
from figgen.site.limits import limit

_INFINITE = re.compile(r"[-+]?inf(inity)?", re.IGNORECASE)


def read_csv(source: Csv, content: bytes) -> Array:
    """Return a column: float64, strings or dates (datetime64). Raises SourceError, whose message has the line."""
    if source.type in {None, "number"} and (numbers := _read_plain_numbers(source, content)) is not None:
        return numbers
    cells = _cells(source, content)
    start: list[tuple[int, str]] = []  # up to the first cell that has a value
    for cell in cells:
        start.append(cell)
        if not is_missing(cell[1]):
            break
    else:
        what = f"no values in column '{source.column}'" if start else "no rows after the header"
        raise SourceError(f"{source.csv} has {what}", "csv")
    kind = source.type or _guess_kind(start[-1][1])
    convert, expected = CONVERTERS[kind]
    values: Any = array("d") if kind == "number" else []
    lines = array("Q")  # of strings, which may turn out to be something else
    most = limit("elements")
    for line, text in itertools.chain(start, cells):
        value = convert(text)
        if value is None:
            hint = "" if source.type else "write 'type: text' if the column contains strings"
            message = f"{source.csv}, line {line}: expected {expected} in column '{source.column}', found '{text}'"
            raise SourceError(message, "csv", hint=hint)
        values.append(value)
        if kind == "text":
            lines.append(line)
        if len(values) > most:
            check_size(len(values) + sum(1 for _ in cells), key="csv")
    if kind == "text" and source.type is None:
        check_categories(values, "csv", lambda index: f"{source.csv}, line {lines[index]}: ")
        for line, text in zip(lines, values, strict=True):
            if text and math.isfinite(to_number(text.replace(",", "")) or math.nan):
                message = f"{source.csv}, line {line}: '{text}' in column '{source.column}' is a number among strings"
                raise SourceError(message, "csv", hint="write numbers without commas, or 'type: text'")
    return to_array(values, kind)


def first_missing(source: Csv, content: bytes, *, among_strings: bool) -> str:
    """Return where the first missing value of a column is, for a message: the file and the line."""
    cells = _cells(source, content)
    line = next(line for line, text in cells if not text or (not among_strings and is_missing(text)))
    return f"{source.csv}, line {line}"


def _read_plain_numbers(source: Csv, content: bytes) -> Array | None:
    """Return a column of numbers, by NumPy's fast reader; None if anything, such as an error, needs the slow one.

    NumPy ignores the cells that it need not read, so rows longer or shorter than the header need the slow reader, too.
    """
    if b'"' in content or content.count(b"\r") != content.count(b"\r\n") or content.count(b"\n") > limit("elements"):
        return None
    with contextlib.suppress(ValueError, OverflowError, SourceError, csv.Error), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about a file without rows
        lines = _decode(content)
        column = _find_column(source, next(csv.reader(lines, strict=True), []))
        if len({line.count(b",") for line in io.BytesIO(content) if line.strip(b"\r\n")}) > 1:
            return None
        numbers = np.loadtxt(lines, np.float64, comments=None, delimiter=",", usecols=column, ndmin=1)
        if numbers.size and np.all(np.isfinite(numbers)):
            return numbers
    return None


def _decode(content: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")


def _cells(source: Csv, content: bytes) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each cell of a column, stripped. Raises SourceError."""
    rows = csv.reader(_decode(content), strict=True)
    try:
        header = next(rows, None)
        if header is None:
            raise SourceError(f"{source.csv} is empty", "csv", ("a header line with column names, then the rows",))
        column = _find_column(source, header)
        width = len(header)
        # Spreadsheets leave commas at the ends of rows.
        fewest = max(index for index, name in enumerate(header, 1) if name or index == 1)
        for row in rows:
            if not row:
                continue
            if len(row) < fewest or "".join(row[width:]).strip():
                counts = f"expected {width} cells, as in the header, found {len(row)}"
                hint = "quote cells that contain commas, and write decimal numbers with a point"
                hint = hint if len(row) > width else ""
                raise SourceError(f"{source.csv}, line {rows.line_num}: {counts}", "csv", hint=hint)
            yield rows.line_num, row[column].strip()
    except csv.Error as error:
        message = "unclosed quote" if "unexpected end" in str(error) else str(error)
        raise SourceError(f"{source.csv}, line {rows.line_num}: {message}", "csv") from None
    except UnicodeDecodeError:
        _check_utf8(source, content)


def _check_utf8(source: Csv, content: bytes) -> None:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{source.csv}, line {line}: not UTF-8: byte 0x{content[error.start]:02x}"
        raise SourceError(message, "csv", hint="save the file as UTF-8") from None


def _find_column(source: Csv, header: list[str]) -> int:
    count = header.count(source.column)
    if count == 1:
        return header.index(source.column)
    if count > 1:
        raise SourceError(f"{source.csv} has {count} columns named '{source.column}'", "column")
    for name in header:
        if (place := disguised_at(name)) is not None:
            mistake = find_disguise(name[place])
            message = f"{source.csv}, line 1: {mistake.message} in the column name '{name}'"
            raise SourceError(message, "csv", hint=mistake.hint)
    names = sorted(filter(None, header))
    delimited = len(names) == 1 and re.search(r"[;\t]", names[0])
    hint = "separate the columns by commas" if delimited else did_you_mean(source.column, names)
    raise SourceError(f"{source.csv} has no column '{source.column}'", "column", tuple(names), hint)


def _guess_kind(text: str) -> CellType:
    if _INFINITE.fullmatch(text) or to_number(text) is not None:
        return "number"
    return "date" if is_iso_date(text) else "text"
