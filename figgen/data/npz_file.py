"""An array of an .npz file."""

import io
import math
import struct
import zipfile
import zlib
from typing import Any

import numpy as np

from figgen.config.spec.sources import Npz
from figgen.errors import SourceError, did_you_mean
from figgen.site.limits import limit, limit_text, raise_limit_hint

Array = np.ndarray[Any, Any]

_ITEM = 8  # bytes of a number; texts are of more

# What reading a file that is no zip, or no array within one, is known to raise.
_DAMAGED = (
    ValueError,
    OSError,
    EOFError,
    KeyError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    TypeError,
    MemoryError,
    SyntaxError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)


def read_npz(source: Npz, content: bytes) -> Array:
    """Read an array: float64, texts or dates. Raises SourceError; nothing is ever unpickled."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]
            if source.array in names:
                with archive.open(f"{source.array}.npy") as member:
                    size, dtype = _header(member)
                most = _ITEM * limit("elements")
                if size * dtype.itemsize <= most and dtype.kind in "biufUM":
                    with archive.open(f"{source.array}.npy") as member:
                        found = np.lib.format.read_array(member, allow_pickle=False)
    except _DAMAGED:
        message = f"{source.npz} is not a NumPy .npz file of plain arrays"
        raise SourceError(message, "npz", hint="numpy.savez() writes one") from None
    if source.array not in names:
        message = f"{source.npz} has no array '{source.array}'"
        raise SourceError(message, "array", tuple(sorted(names)), did_you_mean(source.array, names))
    if dtype.hasobject:
        message = f"'{source.array}' in {source.npz} holds Python objects"
        raise SourceError(message, "array", ("real numbers, texts, dates",))
    if dtype.kind not in "biufUM":
        raise SourceError(f"'{source.array}' holds {dtype}", "array", ("real numbers, texts, dates",))
    if size * dtype.itemsize > most:
        raise SourceError(
            f"'{source.array}' has {size:,} values", "array", limit_text("elements"), raise_limit_hint("elements")
        )
    return found.astype(np.float64) if dtype.kind in "biuf" else found


def _header(member: Any) -> tuple[int, Any]:
    """Read how many values an array has and of what type, before there is memory for them."""
    version = np.lib.format.read_magic(member)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(member)
    return math.prod(shape), dtype
