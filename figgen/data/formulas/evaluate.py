"""Formulas: tree -> array.

Numbers are float64 throughout, so that no power or product wraps around as integers do.
"""

import contextlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from figgen.data.formulas.functions import FUNCTIONS, OPERATORS, Function
from figgen.data.formulas.tree import CONSTANTS, Call, ExpressionError, Name, Node, Number, Slice, Subscript
from figgen.site.limits import limit, limit_text, raise_limit_hint

Array = np.ndarray[Any, Any]


def evaluate(
    node: Node, lookup: Callable[[Name], Array], overrides: Mapping[str, Callable[..., Any]] | None = None
) -> Array:
    """Evaluate a tree over arrays.

    `lookup` gives a name's array, or raises; `overrides` are taken instead of the operators of the same names. The
    result is float64, boolean, or what `lookup` gave (texts, dates). Shared subtrees, of which derivatives are full,
    are evaluated once. Raises ExpressionError where shapes do not fit.
    """
    with np.errstate(all="ignore"):
        return _Evaluator(lookup, overrides or {}, {}).value(node)


@dataclass
class _Evaluator:
    lookup: Callable[[Name], Array]
    overrides: Mapping[str, Callable[..., Any]]
    known: dict[int, Array]

    def value(self, node: Node) -> Array:
        key = id(node)
        if key not in self.known:
            self.known[key] = self._value(node)
        return self.known[key]

    def _value(self, node: Node) -> Array:
        match node:
            case Number(value=value):
                return np.float64(value)  # type: ignore[return-value]  # a scalar serves as a 0-d array
            case Name(id=name):
                return np.float64(CONSTANTS[name]) if name in CONSTANTS else self.lookup(node)  # type: ignore[return-value]
            case Call():
                return self._call(node)
            case Subscript():
                return self._subscript(node)

    def _call(self, node: Call) -> Array:
        function: Function = OPERATORS.get(node.function) or FUNCTIONS[node.function]
        args = [self.value(arg) for arg in node.args]
        keywords = {name: self.value(value) for name, value in node.keywords}
        if function.differential:  # of each element by itself, so the arguments are broadcast
            self._check_size(node, [*args, *keywords.values()])
        try:
            call = self.overrides.get(node.function, function.call)
            result = np.asarray(call(*args, **keywords))
        except MemoryError:
            message = "an array too large for the memory"
            raise ExpressionError(
                message, node.offset, limit_text("memory_mib"), raise_limit_hint("memory_mib")
            ) from None
        except (ValueError, TypeError, IndexError, np.exceptions.AxisError) as error:
            shaped = [*args, *keywords.values()] if function.differential or node.function == "@" else []
            raise ExpressionError(_explain(node.function, shaped, error), node.offset) from None
        return result if result.dtype.kind in "fbMmU" else result.astype(np.float64)

    @staticmethod
    def _check_size(node: Call, args: list[Array]) -> None:
        try:
            size = math.prod(np.broadcast_shapes(*(np.shape(arg) for arg in args)))
        except ValueError:
            return  # the function itself says which shapes do not match
        if size > limit("elements"):
            message = f"an array of {size:,} numbers"
            raise ExpressionError(message, node.offset, limit_text("elements"), raise_limit_hint("elements"))

    def _subscript(self, node: Subscript) -> Array:
        value = np.asarray(self.value(node.value))
        index = tuple(self._index(item) for item in node.items)
        try:
            return np.asarray(value[index])
        except (IndexError, ValueError):
            raise _wrong_index(value, index, node.offset) from None

    def _index(self, item: Node | Slice | None) -> Any:
        if item is None:
            return None
        if isinstance(item, Slice):
            return slice(*(part and self._bound(part) for part in (item.start, item.stop, item.step)))
        value = self.value(item)
        return value if value.dtype == bool else self._whole(item)

    def _bound(self, node: Node) -> int:
        whole = self._whole(node)
        if not isinstance(whole, int):
            raise ExpressionError("a slice that is bounded by an array", node.offset, ("a single number",))
        return whole

    def _whole(self, node: Node) -> Any:
        value = self.value(node)
        if value.dtype.kind != "f" or not np.all(np.isfinite(value) & (value == np.floor(value))):
            raise ExpressionError("an index that is not a whole number", node.offset)
        whole = value.astype(np.int64)
        return int(whole) if whole.ndim == 0 else whole


def _explain(function: str, args: list[Array], error: Exception) -> str:
    shapes = [np.shape(arg) for arg in args]
    shown = f"'{_SIGNS.get(function, function)}'"
    with contextlib.suppress(ValueError):
        np.broadcast_shapes(*shapes)
        if function != "@":
            return f"{shown}: {error}"
    return f"{shown} of shapes that do not match: " + " and ".join(str(shape) for shape in shapes)


_SIGNS: Mapping[str, str] = {"neg": "-", "pos": "+"}


def _wrong_index(value: Array, index: tuple[Any, ...], offset: int) -> ExpressionError:
    """Describe an index that an array does not have."""
    axes = [item for item in index if item is not None]
    taken = sum(item.ndim if isinstance(item, np.ndarray) and item.dtype == bool else 1 for item in axes)
    if value.ndim == 0:
        return ExpressionError("an index into a single number", offset)
    if taken > value.ndim:
        return ExpressionError(f"{taken} indices for an array of shape {value.shape}", offset)
    if any(isinstance(item, slice) and item.step == 0 for item in axes):
        return ExpressionError("a slice with a step of 0", offset)
    if conditions := [item for item in axes if isinstance(item, np.ndarray) and item.dtype == bool]:
        shape = conditions[0].shape
        return ExpressionError(f"a condition of shape {shape} for an array of shape {value.shape}", offset)
    for item, size in zip(axes, value.shape, strict=False):
        whole = [] if isinstance(item, slice) else np.ravel(item).tolist()
        if beyond := [number for number in whole if not -size <= number < size]:
            return ExpressionError(f"there is no index {beyond[0]}", offset, (f"{-size} to {size - 1}",))
    return ExpressionError("indices of shapes that do not match", offset)
