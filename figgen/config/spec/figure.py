"""The figure: panels of layers, their legends, and the canvas they are drawn on."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from figgen.config.spec.axes import Axes
from figgen.config.spec.base import Conflicts, DataName, Formula, Model, NotNegative, Positive, Setting, Text, conflict
from figgen.config.spec.marks import Layer
from figgen.config.spec.outputs import Dark, Format, Preview, StyleName
from figgen.config.spec.sources import Source
from figgen.errors import Where

MAX_SIDE = 20_000  # pixels
MAX_PIXELS = 50_000_000
MIN_DPI, MAX_DPI = 10.0, 2400.0


class Legend(Model):
    """The legend of a panel, which is drawn if layers have labels."""

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
    ] = Field("best", description="position in or beside the panel; `best` is where it covers the least data")
    columns: Annotated[int, Field(ge=1, le=20)] = Field(1, description="number of columns")
    title: Text | None = Field(None, description="text above the entries")
    frame: bool | None = Field(None, description="draw a box around it; the style's if omitted")


class Panel(Model):
    """One plot area."""

    title: Text | None = Field(None, description="text above the plot; $…$ is mathtext")
    layers: tuple[Layer, ...] = Field((), description="marks, drawn in this order")
    axes: Axes = Field(Axes(), description="labels, scales, limits and ticks")
    legend: Legend = Field(Legend(), description="position and appearance of the legend")


class GridPanel(Panel):
    """One panel of a grid."""

    layers: Annotated[tuple[Layer, ...], Field(min_length=1)] = Field(description="marks, drawn in this order")


class Grid(Model):
    """How panels are arranged."""

    columns: Annotated[int, Field(ge=1, le=100)] | None = Field(None, description="panels in a row; all if omitted")
    share_x: Literal["none", "all", "rows", "columns"] = Field("none", description="panels that share their x axis")
    share_y: Literal["none", "all", "rows", "columns"] = Field("none", description="panels that share their y axis")
    widths: tuple[Positive, ...] | None = Field(None, description="relative widths of the columns")
    heights: tuple[Positive, ...] | None = Field(None, description="relative heights of the rows")
    letters: bool = Field(default=False, description="label the panels (a), (b), (c) …")


class Canvas(Model):
    """The area that the figure is drawn on."""

    UNUSED_WITHOUT = (("pad", "crop: tight"),)

    size: tuple[Positive, Positive] = Field((6.0, 4.0), description="width and height")
    unit: Literal["in", "px"] = Field("in", description="unit of the size: inches or pixels")
    dpi: Annotated[float, Field(ge=MIN_DPI, le=MAX_DPI)] = Field(200.0, description="pixels per inch")
    crop: Literal["full", "tight"] = Field(
        "full", description="keep the whole canvas, or crop it to what is drawn plus `pad`"
    )
    pad: Annotated[float, Field(ge=0, le=10)] = Field(0.1, description="margin around a tight crop, in inches")
    layout: Literal["none", "tight", "constrained"] = Field(
        "constrained", description="matplotlib's layout engine, which makes room for labels, or none"
    )
    shown: Positive = Field(
        720.0, description="width of the picture in a post, in CSS pixels, at which text must be legible"
    )

    def conflicts(self) -> Conflicts:
        """Yield a conflict if the size is too small or too large in pixels."""
        width, height = (side * self.dpi for side in self.inches)
        if min(width, height) < 1 or max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            allowed = (f"1 to {MAX_SIDE:,} pixels per side", f"up to {MAX_PIXELS:,} pixels in total")
            hint = "the size is in inches, unless 'unit: px' is set" if self.unit == "in" else ""
            yield conflict("size", f"invalid canvas size: {width:,.0f} x {height:,.0f} pixels", allowed, hint)

    @property
    def inches(self) -> tuple[float, float]:
        """Return the size in inches."""
        unit = self.dpi if self.unit == "px" else 1.0
        return self.size[0] / unit, self.size[1] / unit


class Claim(Model):
    """A condition that the data must meet, with a tolerance."""

    claim: Formula = Field(description="condition over the data: max(y) == 0.25")
    tolerance: NotNegative = Field(1e-9, description="absolute and relative tolerance of ==, as in numpy.isclose")

    def unused(self) -> Conflicts:
        """Yield the keys that have no effect."""
        if self._holds("tolerance") and "==" not in self.claim and "!=" not in self.claim:
            yield conflict("tolerance", "'tolerance' requires a claim with == or !=")


def _claim_from_text(value: Any) -> Any:
    return {"claim": value} if isinstance(value, str) else value


class Figure(Panel):
    """One figure: named data, the layers drawn from it, and how."""

    alt: Annotated[str, Field(min_length=1)] = Field(
        description="what the picture shows, for readers who cannot see it; {max(y):.2f} inserts a value"
    )
    style: StyleName | None = Field(
        None, description="style: configs/styles/<name>.mplstyle, or one that comes with figgen"
    )
    rc: dict[str, Setting] = Field(default_factory=dict, description="matplotlib settings that override the style")
    canvas: Canvas = Field(Canvas(), description="size, resolution and crop")
    data: dict[DataName, Source] = Field(
        default_factory=dict, description="named arrays", json_schema_extra={"additionalProperties": False}
    )
    panels: tuple[GridPanel, ...] = Field((), description="several plot areas, instead of `layers`")
    grid: Grid = Field(Grid(), description="how the panels are arranged")
    variants: tuple[Literal["light", "dark"], ...] = Field(
        ("light",), description="page themes to draw the figure for; `dark` also writes <name>-dark.png"
    )
    dark: Dark | None = Field(None, description="how the dark variant differs, beyond its style")
    preview: Preview | None = Field(
        None, description="also write <name>-card.png, a preview card for links to the post; {} for the defaults"
    )
    formats: tuple[Format, ...] = Field(("png",), description="file formats in which each variant is written")
    optimize: bool = Field(default=False, description="compress the PNGs as far as possible, which takes seconds")
    waive: dict[
        Literal["cut", "overlap", "hidden", "covered", "small", "contrast", "legend"],
        Annotated[str, Field(min_length=8, max_length=300)],
    ] = Field(
        default_factory=dict,
        description="checks that this figure need not pass, each with the reason: cut (text that is cut off), overlap "
        "(texts that overlap), hidden (data behind a legend), covered (data behind other data), small "
        "(text too small to read), contrast (too little), legend (entries that look alike, or are of nothing seen)",
    )
    claims: tuple[Annotated[Claim, BeforeValidator(_claim_from_text, json_schema_input_type=str | Claim)], ...] = Field(
        (), description="conditions that the data must meet for the figure to be drawn"
    )

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        if not self.layers and not self.panels:
            yield conflict("layers", "nothing to draw", hint="add 'layers', or 'panels' that have 'layers'")
        if self.panels and self.layers:
            yield conflict("layers", "'layers' cannot be combined with 'panels'", hint="each panel has its own")
        if self.panels:
            rows, columns = self.grid_shape
            for name, ratios, count in (("widths", self.grid.widths, columns), ("heights", self.grid.heights, rows)):
                if ratios is not None and len(ratios) != count:
                    what = "column" if name == "widths" else "row"
                    yield conflict(
                        ("grid", name), f"expected {count} '{name}', one for each {what}, found {len(ratios)}"
                    )
        if "light" not in self.variants:
            yield conflict("variants", "the light variant is missing", ("[light]", "[light, dark]"))
        if "dark" in self.variants and not (self.style or (self.dark and self.dark.style)):
            yield conflict("variants", "the dark variant requires a style", hint="set 'style' or 'dark: {style: …}'")
        if "png" not in self.formats:
            hint = f"write [{', '.join(('png', *self.formats))}]; posts and tests use the PNG"
            yield conflict("formats", "the format png is missing", hint=hint)

    @property
    def grid_shape(self) -> tuple[int, int]:
        """Return the numbers of rows and columns that the panels are arranged in."""
        count = max(1, len(self.panels))
        columns = min(self.grid.columns or count, count)
        return -(-count // columns), columns

    def placed_panels(self) -> Iterator[tuple[Where, Panel]]:
        """Yield every panel with its path; a figure without `panels` is itself the only panel."""
        if self.panels:
            yield from ((("panels", index), panel) for index, panel in enumerate(self.panels))
        else:
            yield (), self


def json_schema() -> str:
    """Return the JSON Schema of a config."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Figure.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
