"""Formulas: tree -> array.

Numbers are float64 throughout, so that no power or product wraps around as integers do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from figgen.config.spec.arrays import Array
from figgen.data.array_size import check_size
from figgen.data.formulas.functions import FUNCTIONS, OPERATORS
from figgen.data.formulas.table import mismatch
from figgen.data.formulas.tree import CONSTANTS, NONE, Call, ExpressionError, Name, Node, Number, limit_nesting
from figgen.errors import SourceError
from figgen.site.limits import limit_advice

Overrides = Mapping[str, Callable[..., Any]]


@limit_nesting()
def evaluate(node: Node, lookup: Callable[[Name], Array], overrides: Overrides | None = None) -> Array:
    """Evaluate a tree over arrays.

    `lookup` returns the array of a name, or raises; `overrides` replaces operators, by their names (`==`). The result
    is float64, boolean, or what `lookup` returned (strings, dates). Shared subtrees, of which derivatives have many,
    are evaluated once. Raises ExpressionError, for example if shapes do not match.
    """
    with np.errstate(all="ignore"):
        return _Evaluator(lookup, overrides or {}, {}).value(node)


@dataclass
class _Evaluator:
    lookup: Callable[[Name], Array]
    overrides: Overrides
    known: dict[int, Array]

    def value(self, node: Node) -> Array:
        key = id(node)
        if key not in self.known:
            self.known[key] = self._value(node)
        return self.known[key]

    def _value(self, node: Node) -> Array:
        match node:
            case Number(value=value):
                return np.float64(value)  # type: ignore[return-value]  # a scalar is used as a 0-d array
            case Name(id=name):
                return np.float64(CONSTANTS[name]) if name in CONSTANTS else self.lookup(node)  # type: ignore[return-value]
            case Call(function="[]", args=(value, *items)):
                return self._subscript(node, np.asarray(self.value(value)), tuple(map(self._index, items)))
            case Call():
                return self._call(node)

    def _call(self, node: Call) -> Array:
        function = OPERATORS.get(node.function) or FUNCTIONS[node.function]
        args: list[Any] = [None if arg is NONE else self.value(arg) for arg in node.args]
        try:
            if function.elementwise:
                check_size(*_broadcast(*args))
            call = self.overrides.get(node.function, function.call)
            result = np.asarray(call(*args))
        except MemoryError:
            raise ExpressionError("out of memory", node.offset, *limit_advice("memory_mib")) from None
        except SourceError as error:
            raise ExpressionError(error.message, node.offset, error.allowed, error.hint) from None
        except (ValueError, TypeError, IndexError) as error:
            sign = {"neg": "-", "pos": "+"}.get(node.function, node.function)
            shown = f"{sign}()" if node.function in FUNCTIONS else f"'{sign}'"
            dates = isinstance(error, TypeError) and any(np.asarray(arg).dtype.kind == "M" for arg in args)
            hint = "dates can be compared, sorted, selected and drawn along an axis" if dates else ""
            raise ExpressionError(f"{shown}: {error}", node.offset, hint=hint) from None
        return result if result.dtype.kind in "fbMU" else result.astype(np.float64)

    @staticmethod
    def _subscript(node: Call, value: Array, index: tuple[Any, ...]) -> Array:
        try:
            return np.asarray(value[index])
        except (IndexError, ValueError) as error:  # NumPy's message is clear
            raise ExpressionError(str(error), node.offset) from None

    def _index(self, item: Node) -> Any:
        if item is NONE:
            return None
        if isinstance(item, Call) and item.function == ":":
            return slice(*map(self._bound, item.args))
        value = self.value(item)
        return value if value.dtype == bool else self._integers(item)

    def _bound(self, node: Node) -> int | None:
        bound = None if node is NONE else self._integers(node)
        if not isinstance(bound, int | None):
            raise ExpressionError("slice bound must be a single integer", node.offset)
        return bound

    def _integers(self, node: Node) -> Any:
        value = self.value(node)
        if value.dtype.kind != "f" or not np.all(np.isfinite(value) & (value == np.floor(value))):
            raise ExpressionError("index must be an integer or a condition", node.offset)
        integers = value.astype(np.int64)
        return int(integers) if integers.ndim == 0 else integers


def _broadcast(*args: Array) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(*(np.shape(arg) for arg in args))
    except ValueError:
        raise mismatch(*args) from None
