"""The validated, frozen model of a figure: what a config may say. Knows nothing of YAML files or matplotlib.

The docstring of each model and the description of each field are the reference that authors read.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema
from pydantic.fields import FieldInfo

from figgen.errors import Where


class Model(BaseModel):
    """Base of all models: strict, closed and frozen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


def _number_as_text(value: Any) -> Any:
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Formula = Annotated[
    str,
    BeforeValidator(_number_as_text),
    WithJsonSchema({"type": ["string", "number"], "title": "formula"}),
]
# A channel is a formula whose array a mark draws from. The marker lets `channels` find them.
_CHANNEL = "channel"
Channel = Annotated[Formula, _CHANNEL]

# A text that is drawn. The marker lets `texts` find them.
_TEXT = "text"
Text = Annotated[str, _TEXT]

DataName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Positive = Annotated[float, Field(gt=0)]


# Members of unions are told apart by tags in angle brackets, which no key of a config can be taken for.
def _tag(kind: str) -> str:
    return f"<{kind}>"


def is_tag(part: str | int) -> bool:
    """Tell whether a part of a pydantic path names a member of a union."""
    return isinstance(part, str) and part.startswith("<")


# --- data ---------------------------------------------------------------------------------------------------------


class Linspace(Model):
    """Evenly spaced numbers, both ends included."""

    linspace: tuple[float, float, Annotated[int, Field(ge=2)]] = Field(description="start, stop, number of points")


class Integers(Model):
    """Whole numbers, both ends included."""

    integers: tuple[int, int] = Field(description="first, last")


class Values(Model):
    """Numbers written in the config."""

    values: tuple[float, ...] = Field(min_length=1, description="the numbers")


class Expr(Model):
    """An array derived from other names, which may stand in any order."""

    expr: Formula = Field(description="a formula over other names")


SOURCES: Mapping[str, type[Model]] = MappingProxyType(
    {"linspace": Linspace, "integers": Integers, "values": Values, "expr": Expr}
)


def _source_tag(value: Any) -> str | None:
    keys = value if isinstance(value, Mapping) else ()
    return next((_tag(key) for key in keys if key in SOURCES), None)


Source = Annotated[
    Annotated[Linspace, Tag("<linspace>")]
    | Annotated[Integers, Tag("<integers>")]
    | Annotated[Values, Tag("<values>")]
    | Annotated[Expr, Tag("<expr>")],
    Discriminator(_source_tag, custom_error_type="unknown_source", custom_error_message="unknown data source"),
]


# --- layers -------------------------------------------------------------------------------------------------------


class Line(Model):
    """Points joined by straight segments."""

    mark: Literal["line"]
    x: Channel = Field(description="horizontal positions")
    y: Channel = Field(description="vertical positions")
    color: str | None = Field(None, description="any matplotlib colour; the next of the style's cycle if left out")
    width: Positive | None = Field(None, description="in points")
    dash: Literal["-", "--", "-.", ":"] | None = Field(None, description="solid, dashed, dash-dot or dotted")


MARKS: Mapping[str, type[Model]] = MappingProxyType({"line": Line})


def _mark_tag(value: Any) -> str | None:
    mark = value.get("mark") if isinstance(value, Mapping) else None
    return _tag(mark) if isinstance(mark, str) and mark in MARKS else None


Layer = Annotated[
    Annotated[Line, Tag("<line>")],
    Discriminator(_mark_tag, custom_error_type="unknown_mark", custom_error_message="unknown mark"),
]


# --- axes and canvas ----------------------------------------------------------------------------------------------


class Axis(Model):
    """One axis of a panel."""

    label: Text | None = Field(None, description="text beside the axis; $…$ is mathtext")
    scale: Literal["linear", "log"] = Field("linear", description="how values are laid out along the axis")


class Axes(Model):
    """Both axes of a panel."""

    x: Axis = Field(Axis(), description="the horizontal axis")
    y: Axis = Field(Axis(), description="the vertical axis")


class Canvas(Model):
    """The sheet that the figure is drawn on."""

    size: tuple[Positive, Positive] = Field((6.0, 4.0), description="width and height in inches")
    dpi: Positive = Field(200.0, description="pixels per inch")
    crop: Literal["full", "tight"] = Field("full", description="the whole sheet, or only what is drawn on plus `pad`")
    pad: Annotated[float, Field(ge=0)] = Field(0.1, description="inches left around a tight crop")


class Figure(Model):
    """One figure: named data, the layers drawn from it, and how."""

    alt: Annotated[str, Field(min_length=1)] = Field(description="what the picture shows, for those who do not see it")
    title: Text | None = Field(None, description="text above the plot; $…$ is mathtext")
    style: str | None = Field(None, description="a style sheet, by name: configs/styles/<name>.mplstyle")
    canvas: Canvas = Field(Canvas(), description="size, resolution and crop")
    data: dict[DataName, Source] = Field({}, description="names for arrays")
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)] = Field(description="marks, drawn in this order")
    axes: Axes = Field(Axes(), description="labels and scales")


def channels(layer: Layer) -> Iterator[tuple[str, str]]:
    """Yield the channels that a layer gives, as pairs of name and formula."""
    for name, info in type(layer).model_fields.items():
        formula = getattr(layer, name)
        if _CHANNEL in info.metadata and formula is not None:
            yield name, formula


def texts(model: Model, where: Where = ()) -> Iterator[tuple[Where, str]]:
    """Yield every text that a model and those in it have drawn, as pairs of place and text."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        items = enumerate(value) if isinstance(value, tuple) else ()
        if isinstance(value, Model):
            yield from texts(value, (*where, name))
        elif isinstance(value, str) and _is_text(info):
            yield (*where, name), value
        for index, item in items:
            if isinstance(item, Model):
                yield from texts(item, (*where, name, index))


def _is_text(info: FieldInfo) -> bool:
    """Tell whether a field is marked as a text, also where it may be left out (`Text | None`)."""
    return any(_TEXT in getattr(part, "__metadata__", ()) for part in (info.annotation, *get_args(info.annotation)))
