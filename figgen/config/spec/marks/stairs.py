"""The outline of values that each hold between two edges, such as a histogram that is already counted."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import Coordinates, Height
from figgen.config.spec.marks.base import Arrays, Axes, Derived, Stroke
from figgen.config.spec.marks.helpers import default_base
from figgen.errors import LayerError


class Stairs(Stroke):
    """The outline of values that each hold between two edges, such as a histogram that is already counted."""

    EXAMPLE = """\
data:
  edges: {linspace: [0, 5, 6]}
  count: {values: [3, 8, 12, 6, 2]}
layers:
  - {mark: stairs, edges: edges, y: count, filled: true}
"""
    EXCLUSIVE = (("width", "filled: true"), ("dash", "filled: true"))

    MISSING = DRAWS_NAN = ("gap",)

    mark: Literal["stairs"]
    edges: Coordinates = Field(
        description="horizontal positions where values start and end: one more than there are values"
    )
    y: Height = Field(description="the value between each pair of edges")
    base: Height | None = Field(
        None,
        description="where the stairs start and end, vertically; 0 if omitted; several numbers are one for each value",
    )
    filled: bool = Field(default=False, description="fill down to the base, instead of drawing the outline")

    def derived(self, arrays: Arrays) -> Iterator[Derived]:
        """Yield the base, if it is omitted."""
        yield from default_base(arrays, "stairs")

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        edges, values = arrays["edges"], arrays["y"]
        if edges.ndim != 1 or edges.shape != (values.size + 1,):
            raise LayerError(f"expected {values.size + 1} 'edges' for {values.size} values, found {edges.size}")
        base = arrays.get("base", np.zeros(1)).ravel()
        if np.any(np.isnan(base)):
            raise LayerError("values of 'base' are missing")
        # A single number is where the outline starts and ends; of several, one for each value, the outline is closed.
        baseline = base if np.any(base != base[0]) else base[0]
        axes.stairs(values.ravel(), edges, fill=self.filled, baseline=baseline, **self.options(**self.stroke()))
