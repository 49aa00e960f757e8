"""Lines from a base to each point, with a marker at its end."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import ChannelType, Color, Formula, Positive, X, Y
from figgen.config.spec.marks.base import Marker, Points

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Stem(Points):
    """Lines from a base to each point, with a marker at its end."""

    EXAMPLE: ClassVar[str] = """\
data:
  lag: {integers: [0, 12]}
layers:
  - {mark: stem, x: lag, y: 0.8 ** lag}
"""

    mark: Literal["stem"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")
    base: Annotated[Formula, ChannelType("y", pointwise=False)] | None = Field(
        None, description="one number, which all stems start from; 0 if left out"
    )
    color: Color | None = Field(None, description="any matplotlib colour; the first of the style's cycle if left out")
    width: Positive | None = Field(None, description="of the stems, in points")
    marker: Marker | None = Field(None, description="the shape at the end of each stem; a disc if left out")

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        import matplotlib as mpl

        base: Any = arrays.get("base", 0.0)
        if np.size(base) != 1:
            raise ValueError(f"'base' is one number, not {np.size(base)}")
        container = axes.stem(arrays["x"], arrays["y"], bottom=np.ravel(base)[0], label=self.label)
        # Matplotlib takes colours in short texts such as "C0-" only; what these cannot say is set afterwards.
        shared = {"color": self.color, "label": None}
        container.stemlines.set(**self.options(linewidth=self.width, **shared))
        container.markerline.set(**self.options(**self.points(), **shared))
        frame = {"color": mpl.rcParams["axes.edgecolor"], "linewidth": mpl.rcParams["axes.linewidth"]}
        container.baseline.set(**self.options(label=None, **frame))
