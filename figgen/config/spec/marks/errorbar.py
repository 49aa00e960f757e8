"""Points with bars that show how uncertain they are."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Dash, NotNegative, PerPoint, Positive, X, Y
from figgen.config.spec.marks.base import Marker, Points, Stroke

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Errorbar(Points, Stroke):
    """Points with bars that show how uncertain they are."""

    EXAMPLE: ClassVar[str] = """\
data:
  layers: {values: [1, 2, 3, 4]}
  score: {values: [0.61, 0.72, 0.79, 0.81]}
  deviation: {values: [0.05, 0.04, 0.02, 0.02]}
layers:
  - {mark: errorbar, x: layers, y: score, error: deviation}
"""

    mark: Literal["errorbar"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")
    error: PerPoint | None = Field(None, description="how far the bars reach below and above y; at least 0")
    error_low: PerPoint | None = Field(None, description="how far they reach below y, where it differs from above")
    error_high: PerPoint | None = Field(None, description="how far they reach above y, where it differs from below")
    x_error: PerPoint | None = Field(None, description="how far the bars reach left and right of x; at least 0")
    x_error_low: PerPoint | None = Field(None, description="how far they reach left of x, where it differs from right")
    x_error_high: PerPoint | None = Field(None, description="how far they reach right of x, where it differs from left")
    width: Positive | None = Field(None, description="of the bars and the line, in points")
    cap: NotNegative | None = Field(
        None, description="half the width of the bars' ends, in points; the style's if left out"
    )
    marker: Marker = Field("o", description="the shape at each point")
    dash: Dash | Literal["none"] = Field("none", description="of a line that joins the points: solid, dashed, …")  # type: ignore[assignment]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        given = {name for name in type(self).model_fields if "error" in name and getattr(self, name) is not None}
        if not given:
            raise PydanticCustomError("errorbar", "an error bar without 'error' or 'x_error'")
        for name in ("error", "x_error"):
            sides = {f"{name}_low", f"{name}_high"} & given
            if name in given and sides:
                raise PydanticCustomError("errorbar", f"'{name}' is of both sides: say it, or each side's, not both")
            if len(sides) == 1:
                raise PydanticCustomError("errorbar", f"'{name}_low' and '{name}_high' go together; 0 for no bar")
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        axes.errorbar(
            arrays["x"].ravel(),
            arrays["y"].ravel(),
            yerr=_reach(arrays, "error"),
            xerr=_reach(arrays, "x_error"),
            **self.options(
                **self.stroke(),
                **self.points(),
                capsize=self.cap,
            ),
        )


def _reach(arrays: Arrays, name: str) -> Any:
    """Give how far the bars reach along one axis: nothing, one length a point, or two."""
    given = [side for side in (name, f"{name}_low", f"{name}_high") if side in arrays]
    for side in given:
        if np.any(arrays[side] < 0):
            raise ValueError(f"'{side}' has values below 0, the least is {np.min(arrays[side]):g}")
    lengths = [arrays[side].ravel() for side in given]
    return None if not lengths else lengths[0] if len(lengths) == 1 else np.stack(lengths)
