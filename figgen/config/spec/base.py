"""The parts of all models: the base class, the types of fields, and functions that find fields of a type."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar, Union, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from figgen.config.mathtext import as_drawn, find_mistake
from figgen.errors import Problem, Where

CONFLICT = "conflict"  # the type of the error that models raise for `conflicts`, with the problems in its context
Conflicts = Iterator[Problem]
Table = Sequence[tuple[str, ...]]


class Model(BaseModel):
    """Base of all models: strict, closed and frozen.

    Most conflicts between keys are rows of the tables below; those of a model and of its bases apply. A condition in a
    row holds if a key is set to another value than its default (`shares`), or if it has this value (`form: filled`).
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    EXCLUSIVE: ClassVar[Table] = ()  # each row: a key, and a condition that it cannot be combined with
    REQUIRES: ClassVar[Table] = ()  # each row: a condition, and others of which at least one must hold, too
    ONE_OF: ClassVar[Sequence[str]] = ()  # keys of which one must be set
    UNUSED_WITH: ClassVar[Table] = ()  # as EXCLUSIVE, for keys that a folder's defaults may set without effect
    UNUSED_WITHOUT: ClassVar[Table] = ()  # as REQUIRES, for such keys

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        yield from self._excluded("EXCLUSIVE")
        yield from self._lacking("REQUIRES")
        if self.ONE_OF and not any(map(self._holds, self.ONE_OF)):
            yield conflict((), f"{_either(self.ONE_OF)} is missing")

    def unused(self) -> Conflicts:
        """Yield the keys that have no effect, which the defaults of a folder may set all the same."""
        yield from self._excluded("UNUSED_WITH")
        yield from self._lacking("UNUSED_WITHOUT")

    def _excluded(self, table: str) -> Conflicts:
        for key, condition in self._rows(table):
            if self._holds(key) and self._holds(condition):
                yield conflict(key, f"'{key}' cannot be combined with '{condition}'")

    def _lacking(self, table: str) -> Conflicts:
        for condition, *others in self._rows(table):
            if self._holds(condition) and not any(map(self._holds, others)):
                yield conflict(condition.partition(":")[0], f"'{condition}' requires {_either(others)}")

    def _rows(self, table: str) -> Iterator[tuple[str, ...]]:
        for model in type(self).__mro__:
            yield from vars(model).get(table, ())

    def _holds(self, condition: str) -> bool:
        key, _, expected = condition.partition(": ")
        value = getattr(self, key)
        if expected:
            return value is not None and str(value).lower() == expected
        return value not in (None, (), type(self).model_fields[key].default)

    @model_validator(mode="after")
    def _check_conflicts(self) -> Self:
        # Only the first conflict at each key is reported.
        if problems := {problem.where: problem for problem in reversed([*self.conflicts()])}:
            raise PydanticCustomError(CONFLICT, CONFLICT, {"problems": tuple(problems.values())})
        return self


def _either(conditions: Sequence[str]) -> str:
    *others, last = (f"'{condition}'" for condition in conditions)
    return f"{', '.join(others)} or {last}" if others else last


def conflict(key: str | Where, message: str, allowed: tuple[str, ...] = (), hint: str = "") -> Problem:
    """Return a problem at a key of a model, or at a path within it; `()` is the model itself."""
    where = (key,) if isinstance(key, str) else key
    return Problem(where, message, allowed, hint, on_key=bool(where))


def increasing(key: str, values: tuple[float | None, ...]) -> Conflicts:
    """Yield a conflict if numbers are not strictly increasing; null is skipped."""
    numbers = [value for value in values if value is not None]
    if numbers != sorted(set(numbers)):
        yield conflict(key, f"'{key}' must be strictly increasing")


@dataclass(frozen=True, slots=True)
class ChannelType:
    """Marks a field as a formula whose array a layer is drawn from.

    `axis` names the axis that it gives positions on, and `kinds` what its arrays can be. Strings and dates can only be
    positions: what is measured from a base, such as a height, is a number. A channel is a length `along` an axis if it
    is added to the positions on it, which must then be numbers, too. The `pointwise` channels of a layer have one value
    for each point; a single number is repeated for all points.
    """

    axis: Literal["x", "y"] | None = None
    kinds: tuple[str, ...] = ("numbers",)
    along: tuple[str, ...] = ()
    pointwise: bool = True

    @property
    def is_coordinate(self) -> bool:
        """Check whether it places other values, as those of the rows of a matrix do, so that none can be missing."""
        return self.axis is not None and not self.pointwise


@dataclass(frozen=True, slots=True)
class CheckedText:
    """Marks a field whose text is checked before drawing: displayed text, a colour, or the name of a colormap."""

    kind: Literal["text", "color", "colormap"]


def _number_to_text(value: Any) -> Any:
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _setting_to_text(value: Any) -> Any:
    return str(value) if isinstance(value, bool | int | float) else value


def _to_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else (value,)


def _to_drawn_text(text: str) -> str:
    if mistake := find_mistake(text):
        raise PydanticCustomError(CONFLICT, CONFLICT, {"problems": (Problem((), *mistake),)})
    return as_drawn(text)


_FORMULA_SCHEMA = {"type": ["string", "number"]}
Formula = Annotated[str, BeforeValidator(_number_to_text), WithJsonSchema(_FORMULA_SCHEMA)]
Setting = Annotated[
    str,
    BeforeValidator(_setting_to_text),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
    Field(max_length=200),
]

# One value for each point: positions along an axis, or other values.
_POSITIONS = ("numbers", "strings", "dates")  # strings are categories
_ORDERED = ("numbers", "dates")  # where the distance between two positions matters
X = Annotated[Formula, ChannelType("x", _POSITIONS)]
Y = Annotated[Formula, ChannelType("y", _POSITIONS)]
Height = Annotated[Formula, ChannelType("y")]
LengthX = Annotated[Formula, ChannelType(along=("x",))]
LengthY = Annotated[Formula, ChannelType(along=("y",))]
PerPoint = Annotated[Formula, ChannelType()]
# Arrays of their own shape: a matrix, its coordinates, the edges of bins.
Cells = Annotated[Formula, ChannelType("x", _POSITIONS, pointwise=False)]
CellsY = Annotated[Formula, ChannelType("y", _POSITIONS, pointwise=False)]
Coordinates = Annotated[Formula, ChannelType("x", _ORDERED, pointwise=False)]
CoordinatesY = Annotated[Formula, ChannelType("y", _ORDERED, pointwise=False)]
Array = Annotated[Formula, ChannelType(pointwise=False)]
Texts = Annotated[Formula, ChannelType(kinds=("numbers", "strings"), pointwise=False)]
# One formula, or a list of them: several series in one layer.
_ONE_OR_MORE = (
    BeforeValidator(_to_tuple),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [_FORMULA_SCHEMA, {"type": "array", "items": _FORMULA_SCHEMA, "minItems": 1}]}),
)
Heights = Annotated[tuple[Height, ...], *_ONE_OR_MORE, ChannelType("y")]
DistributionX = Annotated[tuple[X, ...], *_ONE_OR_MORE, ChannelType("x", _ORDERED)]
DistributionY = Annotated[tuple[Y, ...], *_ONE_OR_MORE, ChannelType("y", _ORDERED)]
Series = Annotated[tuple[Array, ...], *_ONE_OR_MORE, ChannelType(pointwise=False)]

DISPLAYED = (AfterValidator(_to_drawn_text), CheckedText("text"))
Text = Annotated[str, *DISPLAYED]
Color = Annotated[str, CheckedText("color")]
ColormapName = Annotated[str, CheckedText("colormap")]

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]
DATA_NAME = r"^[A-Za-z][A-Za-z0-9_]*$"
DataName = Annotated[str, Field(pattern=DATA_NAME)]
Dash = Literal["-", "--", "-.", ":"]


def tag(kind: str) -> str:
    """Return the tag of a member of a union; it contains a character that no key of a config can contain."""
    return f"\0{kind}"


def is_tag(part: str | int) -> bool:
    """Check whether a part of a pydantic path is the tag of a member of a union."""
    return isinstance(part, str) and part.startswith("\0")


def union(members: Mapping[str, Any], kind_of: Callable[[Any], Any], error: str) -> Any:
    """Return a union of types; `kind_of` returns the key of one, or else pydantic raises an error of type `error`."""

    def discriminate(value: Any) -> str | None:
        kind = kind_of(value)
        return tag(kind) if isinstance(kind, str) and kind in members else None

    tagged = tuple(Annotated[member, Tag(tag(kind))] for kind, member in members.items())
    return Annotated[Union[tagged], Discriminator(discriminate, custom_error_type=error, custom_error_message=error)]  # noqa: UP007


def value_of(key: str) -> Callable[[Any], Any]:
    """Return a discriminator of a union by the value of one key, in data and in models."""
    return lambda value: value.get(key) if isinstance(value, Mapping) else getattr(value, key, None)


def count_or_list(most: int, fewest: int) -> Any:
    """Return a type: an integer from 1 to `most`, or a list of `fewest` to `most + fewest - 1` numbers."""
    members = {
        "count": Annotated[int, Field(ge=1, le=most)],
        "list": Annotated[tuple[float, ...], Field(min_length=fewest, max_length=most + fewest - 1)],
    }
    return union(members, lambda value: "list" if isinstance(value, list | tuple) else "count", "neither")


T = TypeVar("T")


def find_annotation(field: FieldInfo, kind: type[T]) -> T | None:
    """Return the annotation of a kind on a field, also within `X | None` and `tuple[X, ...]`."""
    found = (mark for mark in (*field.metadata, *_metadata(field.annotation)) if isinstance(mark, kind))
    return next(found, None)


def channels_of(model: Model) -> Iterator[tuple[str, ChannelType]]:
    """Yield the name and type of each channel of a layer that is set."""
    for name, info in type(model).model_fields.items():
        channel = find_annotation(info, ChannelType)
        if channel is not None and getattr(model, name) is not None:
            yield name, channel


def _metadata(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _metadata(part)


def models(model: Model, where: Where = ()) -> Iterator[tuple[Where, Model]]:
    """Yield a model and all models in it, each with its path."""
    yield where, model
    for name in type(model).model_fields:
        value = getattr(model, name)
        items = enumerate(value) if isinstance(value, tuple) else value.items() if isinstance(value, dict) else ()
        for key, inner in [((), value), *(((key,), item) for key, item in items)]:
            if isinstance(inner, Model):
                yield from models(inner, (*where, name, *key))
