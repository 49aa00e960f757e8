"""Arrows from one position to another, with or without words where they start."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Color, Positive, Text, X, Y
from figgen.config.spec.marks.base import (
    Mark,
    check_unlabelled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


# One head, and one at both ends.
_HEADS: Mapping[str, tuple[str, str]] = {
    "open": ("->", "<->"),
    "filled": ("-|>", "<|-|>"),
    "none": ("-", "-"),
}


class Arrow(Mark):
    """Arrows from one position to another, with or without words where they start."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [0, 4, 100]}
layers:
  - {mark: line, x: x, y: x * exp(-x)}
  - {mark: arrow, from_x: 2.5, from_y: 0.33, x: 1, y: exp(-1), text: maximum}
"""

    mark: Literal["arrow"]
    x: X = Field(description="where it points to, along the horizontal axis")
    y: Y = Field(description="where it points to, along the vertical axis")
    from_x: X = Field(description="where it starts, along the horizontal axis")
    from_y: Y = Field(description="where it starts, along the vertical axis")
    text: Text | None = Field(None, description="words that it starts from; $…$ is mathtext")
    size: Positive | None = Field(None, description="of the letters and the head, in points")
    color: Color | None = Field(None, description="any matplotlib colour; the style's colour of texts if left out")
    width: Positive | None = Field(None, description="in points")
    head: Literal["open", "filled", "none"] = Field("open", description="the shape of its head")
    both_ends: bool = Field(default=False, description="draw a head at its start too")
    curve: Annotated[float, Field(ge=-2, le=2)] = Field(
        0.0, description="how far it bends, as a share of its length; below 0, to the other side"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_unlabelled(self)
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        import matplotlib as mpl

        # The arrow and its words are one thing, so they have one colour; matplotlib's own arrows are black and blue.
        color = self.color or mpl.rcParams["text.color"]
        arrow = self.options(
            zorder=None,
            arrowstyle=_HEADS[self.head][self.both_ends],
            color=color,
            linewidth=self.width,
            connectionstyle=f"arc3,rad={self.curve}",
        )
        look = self.options(color=color, fontsize=self.size)
        for x, y, from_x, from_y in zip(
            *(arrays[name].ravel() for name in ("x", "y", "from_x", "from_y")), strict=True
        ):
            axes.annotate(
                self.text or "",
                (x, y),
                (from_x, from_y),
                horizontalalignment="center",
                verticalalignment="center",
                arrowprops=arrow,
                annotation_clip=False,  # an arrow to a point beyond the limits would vanish without a word
                **look,
            )
