"""Shares of a whole, as wedges of a disc or a ring."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Array, Color, Text, Texts
from figgen.config.spec.marks.base import Mark, check_unnamed
from figgen.config.spec.marks.helpers import readable_text_color
from figgen.config.spec.number_format import NumberFormat, format_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_PLAIN = 0.6  # where matplotlib writes shares, as a share of the radius


class Pie(Mark):
    """Shares of a whole, as wedges of a disc or a ring."""

    EXAMPLE: ClassVar[str] = """\
data:
  hours: {values: [12, 7, 4, 2]}
layers:
  - {mark: pie, sizes: hours, labels: [training, tuning, data, writing], shares: .0%}
"""

    mark: Literal["pie"]
    sizes: Array = Field(description="amounts of at least 0, of whose sum each wedge shows its share")
    labels: tuple[Text, ...] = Field((), description="the names of the wedges")
    texts: Texts | None = Field(None, description="the names of the wedges from the data, instead of 'labels'")
    place: Literal["beside", "legend"] = Field("beside", description="where the names stand")
    shares: NumberFormat | None = Field(
        None, description="write each share in its wedge, as Python's format() does: .0%"
    )
    text_color: Color | None = Field(None, description="of the shares; black or white on each wedge if left out")
    start: float = Field(0.0, description="where the first wedge starts, in degrees: 0 is right, 90 is up")
    turn: Literal["clockwise", "counterclockwise"] = Field(
        "counterclockwise", description="which way the wedges follow one another"
    )
    hole: Annotated[float, Field(ge=0, lt=1)] = Field(0.0, description="of a ring, as a share of its radius")
    colors: tuple[Color, ...] = Field((), description="the colours of the wedges, in turn; the style's if left out")
    edge_color: Color | None = Field(None, description="the colour of the wedges' outlines; none are drawn if left out")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_unnamed(self, "'labels' and 'place: legend' put its wedges there")
        if self.labels and self.texts is not None:
            raise PydanticCustomError("pie", "'labels' and 'texts' both name the wedges")
        if self.text_color is not None and self.shares is None:
            raise PydanticCustomError("pie", "'text_color' is of the 'shares', which are not written")
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        sizes = np.atleast_1d(arrays["sizes"])
        if sizes.ndim != 1:
            raise ValueError(f"sizes of shape {sizes.shape}; it takes a list of amounts")
        if np.any(sizes < 0) or not np.any(sizes > 0):
            raise ValueError(
                f"sizes from {np.min(sizes):g} to {np.max(sizes):g}; they must be at least 0, and not all 0"
            )
        names = _names(self, arrays)
        if names and len(names) != sizes.size:
            raise ValueError(f"{len(names)} names for {sizes.size} wedges")
        ring = 1 - self.hole if self.hole else None
        parts = axes.pie(
            sizes,
            labels=names or None,
            colors=self.colors or None,
            autopct="" if self.shares else None,
            pctdistance=(1 + self.hole) / 2 if self.hole else _PLAIN,
            labeldistance=1.1 if self.place == "beside" else None,
            startangle=self.start,
            counterclock=self.turn == "counterclockwise",
            wedgeprops=self.options(width=ring, edgecolor=self.edge_color),
        )
        wedges = parts[0]
        if self.place == "beside":
            for wedge in wedges:
                wedge.set_label("_nolegend_")  # its name stands beside it already
        if self.shares:
            for wedge, share, text in zip(wedges, sizes / np.sum(sizes), parts[-1], strict=True):
                text.set_text(format_value(share, self.shares))
                text.set_color(self.text_color or readable_text_color(wedge.get_facecolor(), axes.get_facecolor()))
                if self.order is not None:
                    text.set_zorder(self.order)


def _names(layer: Pie, arrays: Arrays) -> Sequence[str]:
    if "texts" not in arrays:
        return layer.labels
    if arrays["texts"].dtype.kind != "U":
        raise ValueError("'texts' gives numbers where texts are needed")
    return [str(text) for text in arrays["texts"].ravel()]
