"""The numbers of a matrix as coloured cells."""

from typing import Any, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import Array, Cells, CellsY
from figgen.config.spec.marks.base import Arrays, Axes, Mapped, ScalarMappable, ValueFormat
from figgen.config.spec.marks.helpers import masked_where_missing, readable_text_color
from figgen.config.spec.number_format import format_value
from figgen.errors import LayerError


class Heatmap(Mapped):
    """The numbers of a matrix as coloured cells."""

    EXAMPLE = """\
data:
  truth: {values: [cat, dog]}
  counts: {values: [[48, 2], [7, 43]]}
layers:
  - {mark: heatmap, x: truth, y: truth, z: counts, values: d, colormap: Blues}
"""
    INSTEAD_OF_LABEL = "use 'colorbar: {label: …}'"
    MISSING = DRAWS_NAN = ("gap",)

    mark: Literal["heatmap"]
    z: Array = Field(description="matrix of the numbers that the colours stand for, row by row")
    x: Cells | None = Field(None, description="centres of the columns, or categories; 0, 1, 2 … if omitted")
    y: CellsY | None = Field(None, description="centres of the rows, or categories; 0, 1, 2 … if omitted")
    origin: Literal["upper", "lower"] | None = Field(
        None, description="where the first row is drawn; the style's if omitted"
    )
    aspect: Literal["auto", "equal"] | None = Field(None, description="equal: square cells; the style's if omitted")
    values: ValueFormat = None

    @property
    def scales(self) -> tuple[str, ...]:
        """Return the scales on which the shape is true."""
        return ("linear",)

    def draw(self, axes: Axes, arrays: Arrays) -> ScalarMappable:
        """Draw the layer."""
        import matplotlib as mpl

        z = masked_where_missing(arrays["z"])
        if z.ndim != 2:  # noqa: PLR2004 - rows and columns
            raise LayerError(f"'z' must be a matrix, not an array of shape {z.shape}")
        rows, columns = z.shape
        x = _check_length("x", arrays.get("x", np.arange(columns)), columns, "columns")
        y = _check_length("y", arrays.get("y", np.arange(rows)), rows, "rows")
        below, above = _ends("y", y)
        if (self.origin or mpl.rcParams["image.origin"]) == "upper":
            below, above = above, below
        image = axes.imshow(
            z,
            extent=(*_ends("x", x), below, above),
            **self.options(origin=self.origin, aspect=self.aspect, **self.color_options(z)),
        )
        # A style's grid lines are drawn over images, through the middle of the cells.
        axes.grid(visible=False, which="both")
        if self.values is not None:
            colors = image.to_rgba(z, alpha=self.opacity)
            for row, column in np.argwhere(~np.isnan(arrays["z"])):
                axes.text(
                    x[column],
                    y[row],
                    format_value(z[row, column], self.values),
                    horizontalalignment="center",
                    verticalalignment="center",
                    color=readable_text_color(colors[row, column], axes.get_facecolor()),
                    clip_on=True,
                    **self.options(alpha=None),
                )
        return image


def _check_length(name: str, centres: Any, count: int, what: str) -> Any:
    if centres.shape != (count,):
        raise LayerError(f"shapes do not match: '{name}' has shape {centres.shape}, 'z' has {count} {what}")
    return centres


def _ends(name: str, centres: Any) -> tuple[float, float]:
    """Return where the first cell starts and the last one ends. Raises LayerError unless centres are evenly spaced."""
    steps = np.diff(centres)
    step = np.mean(steps) if steps.size else 1.0
    if step == 0 or not np.allclose(steps, step, rtol=1e-6, atol=0):
        raise LayerError(f"'{name}' must be evenly spaced numbers, or strings (categories)")
    return float(centres[0] - step / 2), float(centres[-1] + step / 2)
