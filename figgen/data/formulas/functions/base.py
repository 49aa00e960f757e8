"""What every table of functions is made with."""

import ast
import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from figgen.site.limits import limit

Array = np.ndarray[Any, Any]

_LARGEST = 1_000_000_000

# Parameters of these names are whole numbers, wherever they appear, and this is the least that each may be.
_WHOLE: Mapping[str, int | None] = {
    "axis": None,
    "bins": 1,
    "columns": 1,
    "ddof": 0,
    "degree": 0,
    "digits": None,
    "n": 1,
    "rows": 1,
    "times": 1,
    "window": 1,
}


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the formula language."""

    usage: str
    call: Callable[..., Any]
    summary: str
    differential: str
    signature: inspect.Signature


def function(usage: str, call: Callable[..., Any], summary: str, differential: str = "") -> Function:
    """Make a table entry. `call` is given every parameter in the order of `usage`, whole numbers as such."""
    signature = _signature(usage)
    return Function(usage, _bound(call, signature), summary, differential, signature)


def _signature(usage: str) -> inspect.Signature:
    """Read a signature from the way it is written, so that what is shown is what is checked."""
    definition = ast.parse(f"def {usage}: ...").body[0]
    assert isinstance(definition, ast.FunctionDef)  # noqa: S101 - the line above is a definition
    arguments = definition.args
    required = len(arguments.args) - len(arguments.defaults)
    defaults = [inspect.Parameter.empty] * required + [ast.literal_eval(default) for default in arguments.defaults]
    return inspect.Signature(
        [
            inspect.Parameter(argument.arg, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)
            for argument, default in zip(arguments.args, defaults, strict=True)
        ]
    )


def _bound(call: Callable[..., Any], signature: inspect.Signature) -> Callable[..., Any]:
    def bound(*args: Any, **keywords: Any) -> Any:
        given = signature.bind(*args, **keywords)
        given.apply_defaults()
        converted = [_converted(name, value) for name, value in given.arguments.items()]
        try:
            return call(*converted)
        except IndexError:  # numpy's AxisError is one
            if (axis := given.arguments.get("axis")) is None:
                raise
            axes = max(np.ndim(value) for value in converted)
            allowed = f"{-axes} to {axes - 1}" if axes else "none, of a single number"
            raise ValueError(f"there is no axis {axis:.0f}; allowed: {allowed}") from None

    return bound


def _converted(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "keepdims":
        if np.ndim(value) or value not in (0, 1):
            raise ValueError("keepdims must be True or False")
        return bool(value)
    if name not in _WHOLE:
        return value
    if np.ndim(value) or np.asarray(value).dtype.kind not in "fiub" or not math.isfinite(value) or value % 1:
        raise ValueError(f"{name} must be a whole number" + ("" if np.ndim(value) else f", not {value}"))
    whole, least = int(value), _WHOLE[name]
    if abs(whole) > _LARGEST:
        raise ValueError(f"{name} must be within {_LARGEST:,}, not {value:g}")
    if least is not None and whole < least:
        raise ValueError(f"{name} must be at least {least}, not {whole}")
    return whole


def explain_type_errors(call: Callable[..., Any]) -> Callable[..., Any]:
    """Say in plain words which arguments do not go together; numpy speaks of its own types and loops."""

    def explaining(*args: Any) -> Any:
        try:
            return call(*args)
        except TypeError:
            kinds = {arg.dtype.kind.replace("b", "f") for arg in args if isinstance(arg, np.ndarray | np.generic)}
            if kinds <= {"f"}:
                raise
            mixed = len(kinds) > 1 and "numbers, texts and dates do not mix"
            raise TypeError(mixed or "it takes numbers, not texts or dates") from None

    return explaining


def bools_as_numbers(call: Callable[..., Any]) -> Callable[..., Any]:
    """Count conditions as 1 and 0; numpy's `+` of two conditions is a condition, its `-` an error."""
    return explain_type_errors(lambda *args: call(*(_number(arg) for arg in args)))


def _number(arg: Any) -> Any:
    return np.float64(arg) if isinstance(arg, np.ndarray | np.bool_) and arg.dtype.kind == "b" else arg


def in_extended_precision(call: Callable[..., Any]) -> Callable[..., Array]:
    """Compute in extended precision and round once, to the nearest float64.

    The last bit of numpy's own exp, log, power, sum and the like depends on the instructions that a processor has, and
    a picture can show it: along a straight line, that bit decides which points are left out as superfluous.
    """

    def rounding(*args: Any) -> Array:
        return np.asarray(call(*(_extended(arg) for arg in args)), np.float64)

    return rounding


def _extended(arg: Any) -> Any:
    if arg is None or isinstance(arg, int):  # an axis, a flag, a count, a default
        return arg
    if np.asarray(arg).dtype.kind not in "fiub":
        raise TypeError("it takes numbers, not texts or dates")
    return np.asarray(arg, np.longdouble)


def check_size(*shape: int) -> int:
    """Count the elements of an array that is yet to be made. Raises ValueError where they are too many."""
    if (size := math.prod(shape)) > (most := limit("elements")):
        raise ValueError(f"the result would have more than {most:,} elements")
    return size


def require_1d(*arrays: Array) -> None:
    """Check that arrays have one axis and something along it. Raises ValueError otherwise."""
    for array in arrays:
        if np.ndim(array) != 1 or not np.size(array):
            raise ValueError(f"it takes arrays with one axis and at least one value, not of shape {np.shape(array)}")
