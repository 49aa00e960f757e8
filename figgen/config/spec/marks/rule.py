"""Straight lines across the whole panel: level, upright, or of a slope."""

from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Color, PerPoint, X, Y
from figgen.config.spec.marks.base import Stroke

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Rule(Stroke):
    """Straight lines across the whole panel: level, upright, or of a slope."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [0, 10, 100]}
layers:
  - {mark: line, x: x, y: tanh(x)}
  - {mark: rule, y: 1, dash: "--", color: gray, label: limit}
"""

    mark: Literal["rule"]
    x: X | None = Field(None, description="where it is upright; with `slope`, a point that it goes through")
    y: Y | None = Field(None, description="where it is level; with `slope`, a point that it goes through")
    slope: PerPoint | None = Field(
        None, description="how steep it is through the point x, y; where both axes are log, the exponent of a power law"
    )
    color: Color | None = Field(None, description="any matplotlib colour; the style's first if left out")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        given = (self.x is not None) + (self.y is not None)
        if self.slope is None and given != 1:
            raise PydanticCustomError("rule", "a rule needs one of 'x' and 'y', or both and a 'slope'")
        if self.slope is not None and given != 2:  # noqa: PLR2004 - both of them
            raise PydanticCustomError("rule", "a rule with a 'slope' needs 'x' and 'y', a point that it goes through")
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        from matplotlib.lines import AxLine

        look = self.options(**self.stroke())
        channels = (np.ravel(arrays[name]) for name in ("x", "y", "slope") if name in arrays)
        for position in zip(*channels, strict=True):
            if self.slope is not None:
                x, y, slope = position
                # As by axline(), which minds a scale that another panel has given a shared axis already.
                axes.add_artist(AxLine((x, y), None, slope, **look))
                axes.update_datalim([(x, y)])
                axes.autoscale_view()
            elif self.x is not None:
                axes.axvline(*position, **look)
            else:
                axes.axhline(*position, **look)
            look.pop("label", None)  # one entry in the legend stands for all
