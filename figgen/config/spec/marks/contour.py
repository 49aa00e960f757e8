"""Where a function of two variables passes certain levels: lines, or the areas between them."""

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import (
    Array,
    Color,
    Coordinates,
    CoordinatesY,
    Positive,
    union,
)
from figgen.config.spec.marks.base import (
    Mapped,
    check_unnamed,
)
from figgen.config.spec.number_format import NumberFormat, format_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.contour import ContourSet


_EXTEND: Mapping[str | None, Any] = {
    None: "neither",
    "below": "min",
    "above": "max",
    "both": "both",
}


def _kind_of_levels(value: Any) -> str:
    return "levels" if isinstance(value, list | tuple) else "count"


_LEVELS = {
    "count": Annotated[int, Field(ge=1, le=1000)],
    "levels": Annotated[tuple[float, ...], Field(min_length=1, max_length=1000)],
}


class Contour(Mapped):
    """Where a function of two variables passes certain levels: lines, or the areas between them."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [-2, 2, 80]}
  y: {expr: "reshape(x, 80, 1)"}
layers:
  - {mark: contour, x: x, y: x, z: x ** 2 + 3 * y ** 2, levels: [0.5, 2, 4, 8], values: g}
"""

    mark: Literal["contour"]
    x: Coordinates = Field(description="where the columns of z lie; or a matrix, as z")
    y: CoordinatesY = Field(description="where the rows of z lie; or a matrix, as z")
    z: Array = Field(description="a matrix: the values, row by row")
    levels: union(_LEVELS, _kind_of_levels, "unknown_levels") | None = Field(  # type: ignore[valid-type]
        None, description="a list of levels, or about how many there are, at round numbers"
    )
    form: Literal["lines", "filled", "both"] = Field("lines", description="lines, coloured areas, or lines on these")
    extend: Literal["below", "above", "both"] | None = Field(
        None, description="colour also what lies below or above all levels"
    )
    line_color: Color | None = Field(
        None, description="one colour for all lines; if left out the colormap's, and on areas that of the style's texts"
    )
    line_width: Positive | None = Field(None, description="in points")
    values: NumberFormat | None = Field(None, description="write each level on its lines, as Python's format() does")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_unnamed(self, "'values' writes its levels, and 'colorbar: {label: …}' says what they are of")
        if isinstance(self.levels, tuple) and self.levels != tuple(sorted(set(self.levels))):
            raise PydanticCustomError("contour", "'levels' that do not rise")
        if self.form == "filled":
            if isinstance(self.levels, tuple) and len(self.levels) == 1:
                raise PydanticCustomError("contour", "areas lie between levels: there must be two at least")
            if (self.values, self.line_color, self.line_width) != (None, None, None):
                raise PydanticCustomError("contour", "'values', 'line_color' and 'line_width' need lines: 'form: both'")
        if self.form == "lines" and self.extend is not None:
            raise PydanticCustomError("contour", "'extend' needs areas: 'form: filled' or 'both'")
        if self.form == "lines" and self.line_color is not None and (self.colormap, self.colorbar) != (None, None):
            raise PydanticCustomError("contour", "lines of one 'line_color' have no use for 'colormap' or 'colorbar'")
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> "ContourSet":
        """Draw the layer."""
        import matplotlib as mpl

        x, y, z = _checked(arrays)
        look = self.options(levels=self.levels, **self.color_options(z))
        areas = lines = None
        if self.form != "lines":
            areas = axes.contourf(x, y, z, extend=_EXTEND[self.extend], **look)
            if min(areas.levels) >= np.max(z) or max(areas.levels) <= np.min(z):
                raise ValueError(_no_level(z))
            look["levels"] = areas.levels
            if axes.get_axisbelow() == "line" and mpl.rcParams["axes.grid"]:
                axes.set_axisbelow(True)  # else a style's grid lines would lie on the areas
        if self.form != "filled":
            color = self.line_color or (mpl.rcParams["text.color"] if areas else None)
            if color is not None:
                look |= {"colors": [color]}
                look.pop("cmap", None)
            if self.line_width is not None:
                look["linewidths"] = self.line_width
            lines = _draw_lines(axes, x, y, z, look)
            if self.values is not None:
                number_format = self.values
                axes.clabel(lines, fmt=lambda level: format_value(level, number_format))
        mappable = areas or lines
        assert mappable is not None  # noqa: S101 - one of the two is drawn
        return mappable


def _checked(arrays: Arrays) -> tuple[Any, Any, Any]:
    x, y, z = arrays["x"], arrays["y"], arrays["z"]
    if z.ndim != 2 or min(z.shape) < 2:  # noqa: PLR2004 - rows and columns, two of each
        raise ValueError(f"z of shape {z.shape}; it takes a matrix of two rows and two columns at least")
    if (x.shape, y.shape) not in {((z.shape[1],), (z.shape[0],)), (z.shape, z.shape)}:
        raise ValueError(f"x of shape {x.shape} and y of shape {y.shape} for z of shape {z.shape}")
    if np.all(z == z[0, 0]):
        raise ValueError(f"z is {z[0, 0]:g} everywhere, so that it passes no level")
    return x, y, z


def _draw_lines(axes: "Axes", x: Any, y: Any, z: Any, look: dict[str, Any]) -> "ContourSet":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # until 3.9, of what is checked next
        lines = axes.contour(x, y, z, **look)
    if not np.any((lines.levels > np.min(z)) & (lines.levels < np.max(z))):
        raise ValueError(_no_level(z))
    return lines


def _no_level(z: Any) -> str:
    return f"no level lies between the least z, {np.min(z):g}, and the greatest, {np.max(z):g}"
