"""Straight lines across the whole panel: horizontal, vertical, or with a slope."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import ChannelType, Conflicts, Formula, X, Y, conflict
from figgen.config.spec.marks.base import Arrays, Axes, Stroke


class Rule(Stroke):
    """Straight lines across the whole panel: horizontal, vertical, or with a slope."""

    EXAMPLE = """\
data:
  x: {linspace: [0, 10, 100]}
layers:
  - {mark: line, x: x, y: tanh(x)}
  - {mark: rule, y: 1, dash: "--", color: gray, label: limit}
"""
    ONE_OF = ("x", "y")

    mark: Literal["rule"]
    x: X | None = Field(None, description="position of a vertical line; with `slope`, of a point on the line")
    y: Y | None = Field(None, description="position of a horizontal line; with `slope`, of a point on the line")
    slope: Annotated[Formula, ChannelType(along=("x", "y"))] | None = Field(
        None, description="slope through the point x, y; with two log axes, the exponent"
    )

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        yield from super().conflicts()
        both = self.x is not None and self.y is not None
        if self.slope is not None and not both:
            yield conflict("slope", "'slope' requires 'x' and 'y', a point on the line")
        elif self.slope is None and both:
            yield conflict("y", "'y' cannot be combined with 'x' without 'slope'")

    @property
    def scales(self) -> tuple[str, ...]:
        """Return the scales on which a slope is defined."""
        return () if self.slope is None else ("linear", "log")

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        from matplotlib.lines import AxLine

        options = self.options(**self.stroke())
        is_first = {letter: np.isinf(getattr(axes.dataLim, f"interval{letter}")).all() for letter in "xy"}
        channels = (np.ravel(arrays[name]) for name in ("x", "y", "slope") if name in arrays)
        for position in zip(*channels, strict=True):
            if self.slope is not None:
                x, y, slope = position
                # As axline() does. That refuses log scales, which a shared axis may have from another panel already.
                axes.add_artist(AxLine((x, y), None, slope, **options))
                axes.update_datalim([(x, y)])
                axes.autoscale_view()
            elif self.x is not None:
                axes.axvline(*position, **options)
            else:
                axes.axhline(*position, **options)
            options.pop("label", None)  # one legend entry is enough
        # matplotlib widens the limits for a line beyond them only: on an empty axis, for the first of some close ones.
        axes.autoscale_view(scalex="x" in arrays and is_first["x"], scaley="y" in arrays and is_first["y"])
