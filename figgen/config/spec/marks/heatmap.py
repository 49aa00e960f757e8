"""The numbers of a matrix as coloured cells."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Array, Coordinates, CoordinatesY
from figgen.config.spec.marks.base import Mapped, check_unnamed
from figgen.config.spec.marks.helpers import readable_text_color
from figgen.config.spec.number_format import NumberFormat, format_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage


class Heatmap(Mapped):
    """The numbers of a matrix as coloured cells."""

    EXAMPLE: ClassVar[str] = """\
data:
  truth: {values: [cat, dog]}
  counts: {values: [[48, 2], [7, 43]]}
layers:
  - {mark: heatmap, x: truth, y: truth, z: counts, values: d, colormap: Blues}
"""

    mark: Literal["heatmap"]
    z: Array = Field(description="a matrix: what the colours stand for, row by row")
    x: Coordinates | None = Field(
        None, description="the middle of each column, evenly spaced, or its category; 0, 1, 2 … if left out"
    )
    y: CoordinatesY | None = Field(
        None, description="the middle of each row, evenly spaced, or its category; 0, 1, 2 … if left out"
    )
    origin: Literal["upper", "lower"] | None = Field(
        None, description="where the first row is; above all others unless the style differs"
    )
    aspect: Literal["auto", "equal"] | None = Field(
        None, description="fill the panel, or make units as long on both axes; the style's choice if left out"
    )
    values: NumberFormat | None = Field(
        None, description="write each number in its cell, in black or white, as Python's format() does"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_unnamed(self, "'colorbar: {label: …}' says what its colours stand for")
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> "AxesImage":
        """Draw the layer."""
        import matplotlib as mpl

        z = arrays["z"]
        if z.ndim != 2:  # noqa: PLR2004 - rows and columns
            raise ValueError(f"z of shape {z.shape}; it takes a matrix")
        rows, columns = z.shape
        x = _middles("x", arrays.get("x", np.arange(columns)), "columns", z)
        y = _middles("y", arrays.get("y", np.arange(rows)), "rows", z)
        below, above = _ends("y", y)
        if (self.origin or mpl.rcParams["image.origin"]) == "upper":
            below, above = above, below
        image = axes.imshow(
            z,
            extent=(*_ends("x", x), below, above),
            **self.options(origin=self.origin, aspect=self.aspect, **self.color_options(z)),
        )
        # A style's grid lines are drawn in front of images, through the middle of the cells.
        axes.grid(visible=False, which="both")
        if self.values is not None:
            colors = image.to_rgba(z, alpha=self.opacity)
            for row, column in np.ndindex(z.shape):
                axes.text(
                    x[column],
                    y[row],
                    format_value(z[row, column], self.values),
                    horizontalalignment="center",
                    verticalalignment="center",
                    color=readable_text_color(colors[row, column], axes.get_facecolor()),
                    clip_on=True,
                    **self.options(label=None, alpha=None),
                )
        return image


def _middles(name: str, positions: Any, what: str, z: Any) -> Any:
    if positions.shape != (z.shape[1 if name == "x" else 0],):
        raise ValueError(f"{name} of shape {positions.shape} for the {what} of z of shape {z.shape}")
    return positions


def _ends(name: str, middles: Any) -> tuple[float, float]:
    """Give where the first cell begins and the last one ends."""
    steps = np.diff(middles)
    step = np.mean(steps) if steps.size else 1.0
    if step == 0 or not np.allclose(steps, step, rtol=1e-6, atol=0):
        raise ValueError(f"{name} that is not evenly spaced; as texts, its values would be categories, one a cell")
    return float(middles[0] - step / 2), float(middles[-1] + step / 2)
