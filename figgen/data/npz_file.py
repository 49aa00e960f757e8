"""An array of a NumPy .npz file -> an array, without unpickling anything."""

import io
import math
import struct
import sys
import tokenize
import zipfile
import zlib
from typing import Any

import numpy as np

from figgen.config.spec.arrays import Array
from figgen.config.spec.sources import Npz
from figgen.data.array_size import check_size
from figgen.errors import SourceError, did_you_mean

_NUMBER_SIZE = 8  # bytes of a float64; a longer string counts as several elements
_MAX_DIMENSIONS = 32  # of all versions of NumPy, and of some functions of the newer ones
_DATES = frozenset((unit, 1) for unit in ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns"))

# What zipfile and NumPy are known to raise for damaged files.
_MALFORMED = (ValueError, TypeError, SyntaxError, KeyError, AttributeError, EOFError, OSError, RuntimeError)
_OF_C_CODE = (OverflowError, MemoryError, SystemError, struct.error, zlib.error)
_DAMAGED = (*_MALFORMED, *_OF_C_CODE, tokenize.TokenError, zipfile.BadZipFile)


def read_npz(source: Npz, content: bytes) -> Array:
    """Return an array of a file: float64, strings or dates. Raises SourceError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read_array(source, archive)
    except _DAMAGED:
        hint = "write it with numpy.savez()"
        raise SourceError(f"{source.npz} is not a NumPy .npz file of plain arrays", "npz", hint=hint) from None


def _read_array(source: Npz, archive: zipfile.ZipFile) -> Array:
    names = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]
    if source.array not in names:
        message = f"{source.npz} has no array '{source.array}'"
        raise SourceError(message, "array", tuple(sorted(names)), did_you_mean(source.array, names))
    with archive.open(f"{source.array}.npy") as member:
        size, dtype = _read_header(member)
    if dtype.kind not in "biufUM" or (dtype.kind == "M" and np.datetime_data(dtype) not in _DATES):
        found = "Python objects" if dtype.hasobject else dtype
        raise SourceError(f"'{source.array}' contains {found}", "array", ("real numbers", "strings", "dates"))
    check_size(max(size, size * dtype.itemsize // _NUMBER_SIZE), key="array")  # before memory is allocated
    with archive.open(f"{source.array}.npy") as member:
        array: Array = np.lib.format.read_array(member, allow_pickle=False)
    if dtype.kind == "U":
        "".join(array.ravel().tolist()).encode()  # raises for codes that no character has
    return array.astype(np.float64) if dtype.kind in "biuf" else array


def _read_header(member: Any) -> tuple[int, Any]:
    """Return the number of values of an array, and their dtype."""
    version = np.lib.format.read_magic(member)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(member)
    if len(shape) > _MAX_DIMENSIONS or (size := math.prod(shape)) > sys.maxsize:
        raise ValueError(shape)
    return size, dtype
