"""Arrows from one position to another, with or without a text where they start."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from figgen.config.spec.base import Conflicts, Text, X, Y, conflict
from figgen.config.spec.marks.base import Arrays, Axes, FontSize, LayerColor, LineWidth, Mark

# matplotlib's arrow styles, with one head and with two.
_HEADS: Mapping[str, tuple[str, str]] = {"open": ("->", "<->"), "filled": ("-|>", "<|-|>"), "none": ("-", "-")}


class Arrow(Mark):
    """Arrows from one position to another, with or without a text where they start."""

    EXAMPLE = """\
data:
  x: {linspace: [0, 4, 100]}
layers:
  - {mark: line, x: x, y: x * exp(-x)}
  - {mark: arrow, from_x: 2.5, from_y: 0.33, x: 1, y: exp(-1), text: maximum}
"""
    INSTEAD_OF_LABEL = "use 'text'"
    EXCLUSIVE = (("both_ends", "head: none"),)

    mark: Literal["arrow"]
    x: X = Field(description="horizontal position of the tip")
    y: Y = Field(description="vertical position of the tip")
    from_x: X = Field(description="horizontal position of the start")
    from_y: Y = Field(description="vertical position of the start")
    text: Text | None = Field(None, description="text at the start; $…$ is mathtext")
    size: FontSize = Field(None, description="size of the text and the head in points; the style's if omitted")
    color: LayerColor = None
    width: LineWidth = None
    head: Literal["open", "filled", "none"] = Field("open", description="shape of the head")
    both_ends: bool = Field(default=False, description="draw a head at the start too")
    curve: Annotated[float, Field(ge=-2, le=2)] = Field(
        0.0, description="how far the arrow bends, as a fraction of its length; negative: to the other side"
    )

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        yield from super().conflicts()
        if self.size is not None and self.head == "none" and self.text is None:
            yield conflict("size", "'size' has no effect without a head or a 'text'", hint="remove it")

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        import matplotlib as mpl

        # The arrow and its text have one colour; in matplotlib the text would be black, and the arrow blue.
        color = self.color or mpl.rcParams["text.color"]
        arrow = self.options(
            arrowstyle=_HEADS[self.head][self.both_ends],
            color=color,
            linewidth=self.width,
            connectionstyle=f"arc3,rad={self.curve}",
        )
        options = self.options(color=color, fontsize=self.size)
        ends = (arrays[name].ravel() for name in ("x", "y", "from_x", "from_y"))
        for x, y, from_x, from_y in zip(*ends, strict=True):
            axes.annotate(
                self.text or "",
                (x, y),
                (from_x, from_y),
                horizontalalignment="center",
                verticalalignment="center",
                arrowprops=arrow,
                annotation_clip=False,  # else an arrow to a point outside the limits would not be drawn
                **options,
            )
