"""The standard streams, which whoever starts figgen may have closed, or connected to what is full."""

import io
import os
import sys
from typing import Any


class _Lossy(io.FileIO):
    """A stream that ignores errors, such as those of a full disk or a closed pipe: what is written then is lost."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data) or 0
        except OSError:
            return len(data)


def open_streams() -> None:
    """Replace each standard stream that was closed before the start, as git does: nothing printed there is an error.

    Nor is what cannot be written to standard error, since nobody can be told.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # It takes the lowest number that is free, which is that of the stream: no other file may have it.
            descriptor = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8", closefd=False))
    if isinstance(sys.stderr, io.TextIOWrapper):
        raw = io.BufferedWriter(_Lossy(sys.stderr.fileno(), "wb", closefd=False))
        sys.stderr = io.TextIOWrapper(raw, sys.stderr.encoding, "backslashreplace", line_buffering=True)
