"""Contours of a function of two variables: lines, or the areas between them."""

import warnings
from typing import Any, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import (
    Array,
    Color,
    Conflicts,
    Coordinates,
    CoordinatesY,
    conflict,
    count_or_list,
    increasing,
)
from figgen.config.spec.marks.base import Arrays, Axes, LineWidth, Mapped, ScalarMappable, ValueFormat
from figgen.config.spec.marks.helpers import masked_where_missing
from figgen.config.spec.number_format import format_value
from figgen.errors import LayerError

_EXTEND: dict[str | None, Any] = {None: "neither", "below": "min", "above": "max", "both": "both"}


class Contour(Mapped):
    """Contours of a function of two variables: lines, or the areas between them."""

    EXAMPLE = """\
data:
  x: {linspace: [-2, 2, 80]}
  y: {expr: "reshape(x, 80, 1)"}
layers:
  - {mark: contour, x: x, y: x, z: x ** 2 + 3 * y ** 2, levels: [0.5, 2, 4, 8], values: g}
"""
    INSTEAD_OF_LABEL = "use 'values' or 'colorbar: {label: …}'"
    EXCLUSIVE = (("values", "form: filled"), ("line_color", "form: filled"), ("line_width", "form: filled"))
    REQUIRES = (("extend", "form: filled", "form: both"),)

    MISSING = DRAWS_NAN = ("gap",)

    mark: Literal["contour"]
    x: Coordinates = Field(description="position of each column of z; or a matrix, like z")
    y: CoordinatesY = Field(description="position of each row of z; or a matrix, like z")
    z: Array = Field(description="matrix of the values, row by row")
    levels: count_or_list(1000, 1) | None = Field(  # type: ignore[valid-type]
        None, description="list of levels, or the approximate number of levels, chosen at round values"
    )
    form: Literal["lines", "filled", "both"] = Field("lines", description="lines, coloured areas, or lines on areas")
    extend: Literal["below", "above", "both"] | None = Field(
        None, description="also colour the areas below or above all levels"
    )
    line_color: Color | None = Field(
        None, description="one colour for all lines; if omitted, the colormap's, and on areas the style's text colour"
    )
    line_width: LineWidth = None
    values: ValueFormat = None

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        yield from super().conflicts()
        levels = self.levels if isinstance(self.levels, tuple) else ()
        yield from increasing("levels", levels)
        if self.form == "filled" and len(levels) == 1:
            yield conflict("levels", "'form: filled' requires at least two 'levels'")
        keys = ("colormap", "colorbar", "color_limits", "color_center")
        for key in keys if self.form == "lines" and self.line_color is not None else ():
            if self._holds(key):
                yield conflict(key, f"'{key}' cannot be combined with 'line_color', which is one colour for all lines")

    def draw(self, axes: Axes, arrays: Arrays) -> ScalarMappable:
        """Draw the layer."""
        import matplotlib as mpl

        x, y, z = _check_shapes(arrays)
        z = masked_where_missing(z)
        options = self.options(levels=self.levels, **self.color_options(z))
        areas = lines = None
        if self.form != "lines":
            areas = axes.contourf(x, y, z, extend=_EXTEND[self.extend], **options)
            if min(areas.levels) >= np.max(z) or max(areas.levels) <= np.min(z):
                raise LayerError(_no_level(z))
            options["levels"] = areas.levels
            if axes.get_axisbelow() == "line" and mpl.rcParams["axes.grid"]:
                axes.set_axisbelow(True)  # else a style's grid lines would be drawn over the areas
        if self.form != "filled":
            color = self.line_color or (mpl.rcParams["text.color"] if areas else None)
            if color is not None:
                options |= {"colors": [color]}
                options.pop("cmap", None)
            if self.line_width is not None:
                options["linewidths"] = self.line_width
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # matplotlib up to 3.9 warns about what is checked next
                lines = axes.contour(x, y, z, **options)
            if not np.any((lines.levels > np.min(z)) & (lines.levels < np.max(z))):
                raise LayerError(_no_level(z))
            if self.values is not None:
                number_format = self.values
                axes.clabel(lines, fmt=lambda level: format_value(level, number_format))
        mappable = areas or lines
        assert mappable is not None  # noqa: S101 - one of the two is drawn
        return mappable


def _check_shapes(arrays: Arrays) -> tuple[Any, Any, Any]:
    x, y, z = arrays["x"], arrays["y"], arrays["z"]
    if z.ndim != 2 or min(z.shape) < 2:  # noqa: PLR2004 - rows and columns, two of each
        raise LayerError(f"'z' must be a matrix of at least two rows and columns, not an array of shape {z.shape}")
    if (x.shape, y.shape) not in {((z.shape[1],), (z.shape[0],)), (z.shape, z.shape)}:
        shapes = f"'x' has shape {x.shape}, 'y' has shape {y.shape}, 'z' has shape {z.shape}"
        raise LayerError(f"shapes do not match: {shapes}")
    if np.nanmin(z) == np.nanmax(z):
        raise LayerError(f"'z' is {np.nanmin(z):g} everywhere: there are no contours to draw")
    return x, y, z


def _no_level(z: Any) -> str:
    return f"no level is between the minimum of 'z', {np.min(z):g}, and its maximum, {np.max(z):g}"
