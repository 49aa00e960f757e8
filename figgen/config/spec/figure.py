"""The figure: panels of layers, their axes and legends, and the canvas they are drawn on."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from figgen.config.spec.base import DataName, Formula, Model, NotNegative, Positive, Setting, Text, conflict_error
from figgen.config.spec.marks import Layer
from figgen.config.spec.number_format import NumberFormat
from figgen.config.spec.outputs import Dark, Format, Preview, StyleName
from figgen.config.spec.sources import Source
from figgen.errors import Where

MAX_SIDE = 20_000  # pixels
MAX_PIXELS = 50_000_000
MIN_DPI, MAX_DPI = 10.0, 2400.0


class Ticks(Model):
    """The ticks of an axis."""

    at: tuple[float, ...] | None = Field(None, description="positions; [] for none")
    every: Positive | None = Field(None, description="the distance from one tick to the next")
    labels: tuple[Text, ...] | None = Field(None, description="texts for the positions in `at`")
    format: NumberFormat | None = Field(None, description="how numbers are written, as Python's format() does")
    dates: str | None = Field(None, min_length=1, max_length=40, description="how dates are written, as strftime does")
    minor: bool | None = Field(None, description="draw minor ticks; the style's choice if left out")
    rotation: float | None = Field(None, description="of the labels, in degrees")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.labels is not None and (self.at is None or len(self.at) != len(self.labels)):
            positions = "without positions" if self.at is None else f"for {len(self.at)} positions"
            raise conflict_error("labels", f"{len(self.labels)} 'labels' {positions} in 'at'; each needs one")
        if self.at is not None and self.every is not None:
            raise conflict_error("every", "'at' and 'every' both say where the ticks are; keep one")
        return self


class Secondary(Model):
    """A second scale on the other side of the panel, for the same data in another unit."""

    label: Text | None = Field(None, description="text beside the axis")
    forward: Formula = Field(description="from the axis' own value, called x, to the second one: x * 1000")
    inverse: Formula = Field(description="back again: x / 1000")


class Axis(Model):
    """One axis of a panel."""

    label: Text | None = Field(None, description="text beside the axis; $…$ is mathtext")
    scale: Literal["linear", "log", "symlog", "logit"] = Field("linear", description="how values are laid out along it")
    base: Annotated[float, Field(gt=1)] | None = Field(None, description="of a log or symlog scale; 10 if left out")
    threshold: Positive | None = Field(None, description="a symlog scale is linear between it and its negative")
    limits: tuple[float | None, float | None] = Field((None, None), description="the range shown; null: the data's own")
    invert: bool = Field(default=False, description="let values grow the other way")
    ticks: Ticks = Field(Ticks(), description="the ticks of the axis")
    grid: bool | None = Field(None, description="draw grid lines; the style's choice if left out")
    secondary: Secondary | None = Field(None, description="a second scale on the other side")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.base is not None and self.scale not in {"log", "symlog"}:
            raise conflict_error(
                "base", f"'base' on a {self.scale} scale; it goes with 'scale: log' or 'scale: symlog'"
            )
        if self.threshold is not None and self.scale != "symlog":
            raise conflict_error("threshold", f"'threshold' on a {self.scale} scale; it goes with 'scale: symlog'")
        if self.threshold is None and self.scale == "symlog":
            raise conflict_error("scale", "a symlog scale without 'threshold', up to which it is linear")
        return self


class Axes(Model):
    """The axes of a panel."""

    x: Axis = Field(Axis(), description="the horizontal axis")
    y: Axis = Field(Axis(), description="the vertical axis")
    right: Axis = Field(Axis(), description="the vertical axis on the right, for layers that are `on: right`")
    aspect: Literal["auto", "equal"] = Field("auto", description="equal: one unit is as long on both axes")
    visible: bool = Field(default=True, description="draw the axes at all")


class Legend(Model):
    """The legend of a panel, which stands wherever layers have labels."""

    place: Literal[
        "best",
        "upper left",
        "upper center",
        "upper right",
        "center left",
        "center",
        "center right",
        "lower left",
        "lower center",
        "lower right",
        "outside right",
        "outside top",
        "outside bottom",
    ] = Field("best", description="where it stands; `best` is where it hides least")
    columns: Annotated[int, Field(ge=1, le=20)] = Field(1, description="the number of columns")
    title: Text | None = Field(None, description="text above the entries")
    frame: bool | None = Field(None, description="draw a box around it; the style's choice if left out")


class Panel(Model):
    """One plot area."""

    title: Text | None = Field(None, description="text above the plot; $…$ is mathtext")
    layers: tuple[Layer, ...] = Field((), description="marks, drawn in this order")
    axes: Axes = Field(Axes(), description="labels, scales, limits, ticks")
    legend: Legend = Field(Legend(), description="where the legend stands")


class GridPanel(Panel):
    """One panel of a grid."""

    layers: Annotated[tuple[Layer, ...], Field(min_length=1)] = Field(description="marks, drawn in this order")


class Grid(Model):
    """How panels are laid out."""

    columns: Annotated[int, Field(ge=1, le=100)] | None = Field(None, description="panels in a row; all if left out")
    share_x: Literal["none", "all", "rows", "columns"] = Field("none", description="which panels share their x axis")
    share_y: Literal["none", "all", "rows", "columns"] = Field("none", description="which panels share their y axis")
    widths: tuple[Positive, ...] | None = Field(None, description="relative widths of the columns")
    heights: tuple[Positive, ...] | None = Field(None, description="relative heights of the rows")
    letters: bool = Field(default=False, description="letter the panels: (a), (b), (c) …")


class Canvas(Model):
    """The sheet that the figure is drawn on."""

    size: tuple[Positive, Positive] = Field((6.0, 4.0), description="width and height")
    unit: Literal["in", "px"] = Field("in", description="what the size is given in: inches or pixels")
    dpi: Annotated[float, Field(ge=MIN_DPI, le=MAX_DPI)] = Field(200.0, description="pixels per inch")
    crop: Literal["full", "tight"] = Field("full", description="the whole sheet, or only what is drawn on plus `pad`")
    pad: Annotated[float, Field(ge=0, le=10)] = Field(0.1, description="inches left around a tight crop")
    layout: Literal["none", "tight", "constrained"] = Field(
        "constrained", description="how room is made for labels: not at all, or by one of matplotlib's layouts"
    )
    shown: Positive = Field(720.0, description="how wide a post shows the picture, in CSS pixels; text must be legible")

    @model_validator(mode="after")
    def _not_too_large(self) -> Self:
        width, height = (side * self.dpi for side in self.inches)
        if min(width, height) < 1 or max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            message = f"a canvas of {width:,.0f} x {height:,.0f} pixels; allowed: 1 to {MAX_SIDE:,} a side"
            hint = "; the size is in inches, unless 'unit: px' says otherwise" if self.unit == "in" else ""
            raise conflict_error("size", f"{message}, {MAX_PIXELS:,} in all{hint}")
        return self

    @property
    def inches(self) -> tuple[float, float]:
        """Give the size in inches."""
        unit = self.dpi if self.unit == "px" else 1.0
        return self.size[0] / unit, self.size[1] / unit


class Claim(Model):
    """A condition that the data must meet, and how exactly."""

    claim: Formula = Field(description="a condition over the data: max(y) == 0.25")
    tolerance: NotNegative = Field(1e-9, description="how far apart two sides of == may be, of 1 or of their size")


def _claim_from_text(value: Any) -> Any:
    return {"claim": value} if isinstance(value, str) else value


class Figure(Panel):
    """One figure: named data, the layers drawn from it, and how."""

    alt: Annotated[str, Field(min_length=1)] = Field(
        description="what the picture shows, for those who do not see it; {max(y):.2f} puts in a value"
    )
    style: StyleName | None = Field(
        None, description="a style sheet, by name: configs/styles/<name>.mplstyle, or one of figgen's own"
    )
    rc: dict[str, Setting] = Field({}, description="matplotlib settings that differ from the style's")
    canvas: Canvas = Field(Canvas(), description="size, resolution and crop")
    data: dict[DataName, Source] = Field(
        {}, description="names for arrays", json_schema_extra={"additionalProperties": False}
    )
    panels: tuple[GridPanel, ...] = Field((), description="several plot areas, instead of one's `layers`")
    grid: Grid = Field(Grid(), description="how the panels are laid out")
    variants: tuple[Literal["light", "dark"], ...] = Field(
        ("light",), description="the pages that it is drawn for; with `dark`, <name>-dark.png is made too"
    )
    dark: Dark | None = Field(None, description="how the dark variant looks, where its style alone does not say it")
    preview: Preview | None = Field(
        None, description="make a card for links to the post too, <name>-card.png; {} for one as it comes"
    )
    formats: tuple[Format, ...] = Field(("png",), description="the files that each variant is written to")
    optimize: bool = Field(default=False, description="compress the PNGs as far as it goes, which takes seconds")
    waive: dict[
        Literal["cut", "overlap", "hidden", "small", "contrast"], Annotated[str, Field(min_length=8, max_length=300)]
    ] = Field(
        {},
        description="checks of the layout that this figure may fail, each with the reason: text that is cut off, "
        "texts that overlap, data hidden by a legend, text too small to read, too little contrast in a variant",
    )
    claims: tuple[Annotated[Claim, BeforeValidator(_claim_from_text, json_schema_input_type=str | Claim)], ...] = Field(
        (), description="what must be true of the data for the figure to be written"
    )

    @model_validator(mode="after")
    def _one_or_many(self) -> Self:
        if self.layers and self.panels:
            raise conflict_error("layers", "'layers' beside 'panels'; each panel has its own")
        if not self.layers and not self.panels:
            raise conflict_error(
                "layers", "there is nothing to draw; needed: 'layers', or 'panels' with layers of their own"
            )
        if self.panels and "axes" in self.model_fields_set:
            raise conflict_error("axes", "'axes' beside 'panels'; each panel has its own")
        return self

    @model_validator(mode="after")
    def _ratios(self) -> Self:
        if self.panels:
            columns = min(self.grid.columns or len(self.panels), len(self.panels))
            rows = -(-len(self.panels) // columns)
            for name, ratios, count in (("widths", self.grid.widths, columns), ("heights", self.grid.heights, rows)):
                if ratios is not None and len(ratios) != count:
                    what = "columns" if name == "widths" else "rows"
                    raise conflict_error(f"grid.{name}", f"{len(ratios)} '{name}' for {count} {what} of panels")
        return self

    @model_validator(mode="after")
    def _variants(self) -> Self:
        if "light" not in self.variants:
            raise conflict_error(
                "variants", "no light variant, which is the figure itself; write [light] or [light, dark]"
            )
        if "dark" not in self.variants and self.dark is not None:
            raise conflict_error("dark", "'dark' without a dark variant; it goes with 'variants: [light, dark]'")
        if "dark" in self.variants and self.style is None and (self.dark is None or self.dark.style is None):
            raise conflict_error("variants", "a dark variant without a style; needed: 'style', or 'dark: {style: …}'")
        return self

    @model_validator(mode="after")
    def _with_png(self) -> Self:
        if "png" not in self.formats:
            written = ", ".join(("png", *self.formats))
            raise conflict_error("formats", f"no png, which posts show and tests compare; write [{written}]")
        return self

    def placed_panels(self) -> Iterator[tuple[Where, Panel]]:
        """Yield every panel with its place; a figure of one panel is that panel itself."""
        if self.panels:
            yield from ((("panels", index), panel) for index, panel in enumerate(self.panels))
        else:
            yield (), self


def json_schema() -> str:
    """Write the JSON Schema of a config."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Figure.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
