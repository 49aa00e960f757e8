"""The parts of the tables of functions: entries, wrappers of implementations, and checks of arguments."""

import ast
import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from figgen.config.spec.arrays import kind_of
from figgen.data.formulas.tree import NONE, Number

Array = np.ndarray[Any, Any]
Implementation = Callable[..., Any]
Entry = tuple[str, Implementation, str] | tuple[str, Implementation, str, str]

_LARGEST = 1_000_000_000

# Parameters of these names are integers in every function, some with a smallest value.
_SMALLEST = {"bins": 1, "columns": 1, "ddof": 0, "degree": 0, "n": 1, "rows": 1, "times": 1, "window": 1}
_INTEGERS = {"axis", "digits", *_SMALLEST}


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the formula language; `differential` is "" unless it is elementwise and differentiable."""

    usage: str
    call: Implementation
    summary: str
    differential: str
    signature: inspect.Signature

    @property
    def elementwise(self) -> bool:
        """Check whether the function acts on each element by itself, so that it has a derivative and broadcasts."""
        return bool(self.differential)


def functions(wrap: Callable[[Implementation], Implementation], *entries: Entry) -> tuple[Function, ...]:
    """Return table entries, given as tuples of usage, implementation, summary and (if elementwise) differential.

    Each implementation is wrapped by `wrap`, and called with every parameter in the order of its usage.
    """
    return tuple(function(usage, wrap(call), *texts) for usage, call, *texts in entries)


def function(usage: str, call: Implementation, summary: str, differential: str = "") -> Function:
    """Return a table entry (see `functions`)."""
    signature = _parse_usage(usage)

    def convert_and_call(*args: Any) -> Any:
        return call(*map(_convert, signature.parameters, args))

    return Function(usage, convert_and_call, summary, differential, signature)


def _parse_usage(usage: str) -> inspect.Signature:
    """Return the signature of a usage such as `clip(x, low=-1)`, with the defaults as nodes of a tree."""
    call = ast.parse(usage, mode="eval").body
    assert isinstance(call, ast.Call)  # noqa: S101 - every usage is written as a call
    defaults: dict[str, Any] = {ast.unparse(name): inspect.Parameter.empty for name in call.args}
    for keyword in call.keywords:
        default = ast.literal_eval(keyword.value)
        defaults[str(keyword.arg)] = NONE if default is None else Number(float(default))
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature([inspect.Parameter(name, kind, default=value) for name, value in defaults.items()])


def _convert(name: str, value: Any) -> Any:
    """Convert an argument to the Python type that NumPy expects. Raises ValueError if that parameter cannot have it."""
    if value is None:
        return None
    if name == "keepdims":
        if np.ndim(value) or value not in (0, 1):
            raise ValueError("keepdims must be True or False")
        return bool(value)
    if name not in _INTEGERS:
        return value
    if np.ndim(value) or np.asarray(value).dtype.kind not in "fiub" or not math.isfinite(value) or value % 1:
        raise ValueError(f"{name} must be an integer" + ("" if np.ndim(value) else f", not {value}"))
    integer, least = int(value), _SMALLEST.get(name)
    if abs(integer) > _LARGEST:
        raise ValueError(f"{name} must be within ±{_LARGEST:,}, not {value:g}")
    if least is not None and integer < least:
        raise ValueError(f"{name} must be at least {least}, not {integer}")
    return integer


def accept(*kinds: str) -> Callable[[Implementation], Implementation]:
    """Return a wrapper of implementations whose arrays must all be of one of these kinds: numbers, strings or dates.

    NumPy would add strings, turn a number beside a string into a string, and subtract dates into a type of its own. The
    wrapper raises TypeError instead. Arguments that are no arrays, such as an axis, are not checked.
    """

    def wrap(call: Implementation) -> Implementation:
        def wrapped(*args: Any) -> Any:
            found = {kind_of(arg) for arg in args if isinstance(arg, np.ndarray | np.generic)}
            if wrong := sorted(found - {*kinds}):
                raise TypeError(f"expected {' or '.join(kinds)}, found {' and '.join(wrong)}")
            if len(found) > 1:
                raise TypeError(f"cannot combine {' and '.join(sorted(found))}")
            return call(*args)

        return wrapped

    return wrap


numbers_only = accept("numbers")
ordered = accept("numbers", "dates")
any_kind = accept("numbers", "strings", "dates")


def bools_as_numbers(call: Implementation, check: Callable[[Implementation], Implementation] = numbers_only) -> Any:
    """Wrap an implementation so that booleans become 1 and 0: in NumPy, the difference of two is an error."""
    return check(lambda *args: call(*(_to_number(arg) for arg in args)))


def _to_number(arg: Any) -> Any:
    return np.float64(arg) if isinstance(arg, np.ndarray | np.bool_) and arg.dtype.kind == "b" else arg


def in_extended_precision(call: Implementation) -> Implementation:
    """Wrap an implementation so that it computes in extended precision, and rounds once, to the nearest float64.

    The last bit of NumPy's own exp, log, power, sum and the like depends on the instructions of the processor. It can
    be visible in a picture: along a straight line, it decides which points matplotlib leaves out as redundant.
    """
    return numbers_only(lambda *args: np.asarray(call(*(_extend(arg) for arg in args)), np.float64))


def _extend(arg: Any) -> Any:
    if arg is None or isinstance(arg, int):  # an axis, a flag, a count, a default
        return arg
    return np.asarray(arg, np.longdouble)


def mismatch(*arrays: Array, where: str = "") -> ValueError:
    """Return the error of arrays whose shapes cannot be combined."""
    return ValueError(f"shapes {' and '.join(str(np.shape(array)) for array in arrays)} do not match{where}")


def require_1d(*arrays: Array, same_shape: bool = False) -> None:
    """Raise ValueError unless arrays are one-dimensional and not empty, and of the same shape if that is required."""
    for array in arrays:
        if np.ndim(array) != 1 or not np.size(array):
            raise ValueError(f"expected a non-empty 1-d array, found shape {np.shape(array)}")
    if same_shape and len({array.shape for array in arrays}) > 1:
        raise mismatch(*arrays)


def require_values(call: Implementation) -> Implementation:
    """Wrap an implementation so that it raises ValueError if the first argument is empty, and so has no mean."""

    def wrapped(x: Array, *args: Any) -> Any:
        if not np.size(x):
            raise ValueError("the array is empty")
        return call(x, *args)

    return wrapped
