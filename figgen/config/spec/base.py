"""What all models are made of: the base class, the kinds of fields, and the ways to find fields of a kind."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, Union, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from figgen.errors import Where


class Model(BaseModel):
    """Base of all models: strict, closed and frozen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


def conflict_error(key: str, message: str) -> PydanticCustomError:
    """Make the error of a model whose parts are at odds; `key` is the one to blame (`grid.widths`)."""
    return PydanticCustomError("odds", "{message}", {"message": message, "key": key})


@dataclass(frozen=True, slots=True)
class ChannelType:
    """Marks a field as a formula whose array a layer draws from.

    `axis` names the axis that it gives positions on, where texts are categories and dates are dates; `pointwise`
    channels of a layer have one value a point, and a single number is repeated for all points.
    """

    axis: Literal["x", "y"] | None = None
    pointwise: bool = True
    texts: bool = False


@dataclass(frozen=True, slots=True)
class CheckedText:
    """Marks a field whose text has to be known to what draws it: a text, a colour, or the name of a colormap."""

    kind: Literal["text", "color", "colormap"]


def _number_as_text(value: Any) -> Any:
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _setting_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, bool | int | float) else value


def _one_as_many(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else (value,)


Formula = Annotated[str, BeforeValidator(_number_as_text), WithJsonSchema({"type": ["string", "number"]})]

Setting = Annotated[
    str,
    BeforeValidator(_setting_as_text),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
    Field(max_length=200),
]

# One value a point: positions along an axis, or other values.
X = Annotated[Formula, ChannelType("x")]
Y = Annotated[Formula, ChannelType("y")]
PerPoint = Annotated[Formula, ChannelType()]
# Arrays of a shape of their own: a matrix, its coordinates, the edges of bins.
Coordinates = Annotated[Formula, ChannelType("x", pointwise=False)]
CoordinatesY = Annotated[Formula, ChannelType("y", pointwise=False)]
Array = Annotated[Formula, ChannelType(pointwise=False)]
Texts = Annotated[Formula, ChannelType(pointwise=False, texts=True)]

Text = Annotated[str, CheckedText("text")]
Color = Annotated[str, CheckedText("color")]
ColormapName = Annotated[str, CheckedText("colormap")]

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]
DATA_NAME = r"^[A-Za-z][A-Za-z0-9_]*$"
DataName = Annotated[str, Field(pattern=DATA_NAME)]
Dash = Literal["-", "--", "-.", ":"]


# One formula, or a list of them: several series in one layer.
_ONE_OR_MORE = (
    BeforeValidator(_one_as_many),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "number"]},
                {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1},
            ]
        }
    ),
)
SeriesX = Annotated[tuple[X, ...], *_ONE_OR_MORE, ChannelType("x")]
SeriesY = Annotated[tuple[Y, ...], *_ONE_OR_MORE, ChannelType("y")]
Series = Annotated[tuple[Array, ...], *_ONE_OR_MORE, ChannelType(pointwise=False)]


def tag(kind: str) -> str:
    """Name a member of a union, with a character that no key of a config has, so that none can be taken for it."""
    return f"\0{kind}"


def is_tag(part: str | int) -> bool:
    """Tell whether a part of a pydantic path names a member of a union."""
    return isinstance(part, str) and part.startswith("\0")


def union(members: Mapping[str, Any], kind_of: Callable[[Any], Any], error: str) -> Any:
    """Make a type of several, told apart by `kind_of`; `error` is the type of error if that gives none of them."""

    def discriminate(value: Any) -> str | None:
        kind = kind_of(value)
        return tag(kind) if isinstance(kind, str) and kind in members else None

    tagged = tuple(Annotated[member, Tag(tag(kind))] for kind, member in members.items())
    return Annotated[Union[tagged], Discriminator(discriminate, custom_error_type=error, custom_error_message=error)]  # noqa: UP007


def value_of(key: str) -> Callable[[Any], Any]:
    """Tell the members of a union apart by the value of one key, in data and in models."""
    return lambda value: value.get(key) if isinstance(value, Mapping) else getattr(value, key, None)


T = TypeVar("T")


def find_annotation(field: FieldInfo, kind: type[T]) -> T | None:
    """Find the marker of a kind on a field, also within `X | None` and `tuple[X, ...]`."""
    found = (mark for mark in (*field.metadata, *_metadata(field.annotation)) if isinstance(mark, kind))
    return next(found, None)


def _metadata(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _metadata(part)


def models(model: Model, where: Where = ()) -> Iterator[tuple[Where, Model]]:
    """Yield a model and all models in it, each with its place."""
    yield where, model
    for name in type(model).model_fields:
        value = getattr(model, name)
        items = enumerate(value) if isinstance(value, tuple) else value.items() if isinstance(value, dict) else ()
        for key, inner in [((), value), *(((key,), item) for key, item in items)]:
            if isinstance(inner, Model):
                yield from models(inner, (*where, name, *key))
