"""Unusual and large CSV and NPZ files, and both ways to read a CSV file; plain ones are in test_sources.py."""

import base64
import io
import re
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figgen.config.spec.sources import Csv, Npz
from figgen.data.csv_file import _cells, _read_plain_numbers, read_csv
from figgen.data.npz_file import read_npz
from figgen.errors import SourceError

COLUMN = Csv(csv="f", column="x")
ARRAY = Npz(npz="f", array="x")


@pytest.mark.parametrize(
    "content",
    [
        b"x,y\n1,2\n3,4\n", b"\xef\xbb\xbfx,y\r\n1,2\r\n3,4\r\n", b"y,x\nword,1e-3\nother,-0\n", b"x\n 1 \n\n2\n",
        b"x\n1.7976931348623157e308\n4.9e-324\n0.1\n",
    ],
)  # fmt: skip
def test_plain_numbers_are_read_fast(content):
    fast = _read_plain_numbers(COLUMN, content)
    assert fast is not None
    np.testing.assert_array_equal(fast, [float(text) for _, text in _cells(COLUMN, content)])


@pytest.mark.parametrize("text", [b"x," + b"a" * 140_000 + b"\n1,2\n", b'x\n"' + b"1" * 140_000 + b'"\n'])
def test_a_cell_that_is_too_long_is_told_with_its_line(text):
    with pytest.raises(SourceError, match=r"^f, line [12]: field larger than field limit"):
        read_csv(COLUMN, text)


@pytest.mark.parametrize(
    "content",
    [b'x\n"1"\n', b"x\n1\n1_000\n", b"x\n1\nnan\n", b"x\n0x10\n", b"x\n", b"", b"y\n1\n", b"x,x\n1,2\n", b"x\r1\r", b"x\n\xff\n", b"x,y\n1,2,5\n", b"x,y\n1,2\n3\n"],
)  # fmt: skip
def test_files_that_are_not_read_fast(content):
    assert _read_plain_numbers(COLUMN, content) is None


CELLS = st.one_of(
    st.floats(allow_nan=False).map(repr), st.integers().map(str), st.text('01e-+._ ,"xn\t\r\n', max_size=6)
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=5))
def test_both_ways_to_read_agree(rows):
    content = ("a,x\n" + "\n".join(",".join(row) for row in rows)).encode()
    fast = _read_plain_numbers(COLUMN, content)
    try:
        slow = [float(text) for _, text in _cells(COLUMN, content)]
    except (SourceError, ValueError):
        slow = None
    if fast is not None:
        assert slow is not None
        np.testing.assert_array_equal(fast, slow)


@pytest.mark.slow
def test_many_rows_take_only_the_memory_of_their_numbers():
    import tracemalloc

    content = b"x,y\n" + b"0.123456789,1\n" * 400_000
    tracemalloc.start()
    assert read_csv(COLUMN, content).size == 400_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3 * 8 * 400_000 + len(content)


def archive(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return buffer.getvalue()


def header(shape, descr="<f8"):
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": descr, "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def written_header(text):
    """Return the start of an array whose header is any text."""
    return b"\x93NUMPY\x02\0" + len(text).to_bytes(4, "little") + text.encode()


NOT_SUPPORTED = base64.b64decode(
    "UEsDBHGpSrM/G3+ismFN4+Q/UEsBAhQD//////////8hAOvEm5IABQAAAAUAAAsAAAAAAAAAAAADAIABAAAAAHdlaWdodHMubnB5UEsFBgAAAAABAAEA"
    "OQAAACkFAAAAAA=="
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (archive(x=header((10**9,))), "array too large: 1,000,000,000 elements"),
        (archive(x=header((10**6, 10**6))), "array too large: 1,000,000,000,000 elements"),
        (archive(x=header((5, 10**5), "<U100000")), "array too large: 25,000,000,000 elements"),
        (archive(x=header((3,)) + b"\0" * 8), "f is not a NumPy .npz file"),
        (archive(x=b""), "f is not a NumPy .npz file"),
        (archive(x=b"\x93NUMPY\x09\x00"), "f is not a NumPy .npz file"),
        (archive(x=header((1,), "|O")), "'x' contains Python objects"),
        (archive(x=header((1,), "V8")), "'x' contains"),
        (NOT_SUPPORTED, "f is not a NumPy .npz file"),
        (archive(x=written_header("[" * 9000)), "f is not a NumPy .npz file"),  # an error of the tokenizer
        (archive(x=written_header("-" * 9000 + "1")), "f is not a NumPy .npz file"),
        (archive(x=header((10**2000, 10**2000))), "f is not a NumPy .npz file"),  # no text of that number is made
        (archive(x=header((10**12,), "<U0")), "array too large: 1,000,000,000,000 elements"),
        (archive(x=header((10**8,), "|u1")), "array too large: 100,000,000 elements"),  # they become float64
        (archive(x=header((1,) * 40) + b"\0" * 8), "f is not a NumPy .npz file"),
        (archive(x=header((1,), "<U1") + b"\xff" * 4), "f is not a NumPy .npz file"),  # no code of a character
        (archive(x=header((1,), "<U1") + b"\0\xd8\0\0"), "f is not a NumPy .npz file"),  # a lone surrogate
        (archive(x=header((1,), "<M8[as]") + b"\x7f" * 8), "'x' contains datetime64[as]"),
        (archive(x=header((1,), "<M8") + b"\0" * 8), "'x' contains datetime64"),
    ],
)
def test_size_of_an_npz_array_is_checked_before_memory_is_allocated(content, message):
    with pytest.raises(SourceError, match=re.escape(message)):
        read_npz(ARRAY, content)


@pytest.mark.parametrize("unit", ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns"])
def test_npz_dates_of_every_unit_that_is_drawn(unit):
    dates = np.array(["2025-08-17", "NaT"], f"M8[{unit}]")
    np.testing.assert_array_equal(read_npz(ARRAY, archive(x=header((2,), dates.dtype.str) + dates.tobytes())), dates)


def test_an_npz_array_of_plain_numbers():
    assert read_npz(ARRAY, archive(x=header((1000,)) + bytes(8000))).size == 1000


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_rejected(content):
    for read, source in ((read_csv, COLUMN), (read_npz, ARRAY)):
        try:
            read(source, content)
        except SourceError as error:
            assert error.message


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("\u200bx", "f, line 1: invisible character: ZERO WIDTH SPACE (U+200B) in the column name '\u200bx'"),
        ("x\u00a0,y", "f, line 1: NO-BREAK SPACE (U+00A0) in place of a space in the column name 'x\u00a0'"),
        ("y,\ufeffx", "f, line 1: invisible character: BYTE ORDER MARK (U+FEFF) in the column name '\ufeffx'"),
    ],
)
def test_a_column_name_that_is_not_what_it_looks_like(header, message):
    with pytest.raises(SourceError) as caught:
        read_csv(COLUMN, f"{header}\n1,2\n".encode())
    assert caught.value.message == message


def test_the_names_of_other_columns_do_not_matter():
    assert read_csv(COLUMN, "x,\u200by\n1,2\n".encode()).tolist() == [1]
