"""The marks: one file each, with one function that draws a layer from its arrays."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from figgen.marks import line

DRAWERS: Mapping[str, Callable[..., None]] = MappingProxyType({
    "line": line.draw,
})  # fmt: skip
