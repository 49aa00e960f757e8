"""Lines from a base to each point, with a marker at the end."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import ChannelType, Formula, Height
from figgen.config.spec.marks.base import Arrays, Axes, Derived, LayerColor, LineWidth, Points, Positioned
from figgen.config.spec.marks.helpers import default_base
from figgen.errors import LayerError


class Stem(Points, Positioned):
    """Lines from a base to each point, with a marker at the end."""

    EXAMPLE = """\
data:
  lag: {integers: [0, 12]}
layers:
  - {mark: stem, x: lag, y: 0.8 ** lag}
"""

    mark: Literal["stem"]
    y: Height = Field(description="vertical positions")
    base: Annotated[Formula, ChannelType("y", pointwise=False)] | None = Field(
        None, description="single number where all stems start; 0 if omitted"
    )
    color: LayerColor = None
    width: LineWidth = None

    def derived(self, arrays: Arrays) -> Iterator[Derived]:
        """Yield the base, if it is omitted."""
        yield from default_base(arrays, "stems")

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        import matplotlib as mpl

        base: Any = arrays.get("base", 0.0)
        if np.size(base) != 1:
            raise LayerError(f"'base' must be a single number, not {np.size(base)} values")
        container = axes.stem(arrays["x"], arrays["y"], bottom=np.ravel(base)[0], label=self.label)
        # stem() takes colours only in format strings such as "C0-", so they are set afterwards.
        shared = {"color": self.color, "label": None}
        container.stemlines.set(**self.options(linewidth=self.width, **shared))
        container.markerline.set(**self.options(**self.points(), **shared))
        frame = {"color": mpl.rcParams["axes.edgecolor"], "linewidth": mpl.rcParams["axes.linewidth"]}
        container.baseline.set(**self.options(label=None, **frame))
