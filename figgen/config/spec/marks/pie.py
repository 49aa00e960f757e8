"""Shares of a whole, as wedges of a disc or a ring."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import Array, Text, Texts
from figgen.config.spec.marks.base import Arrays, Axes, Colors, EdgeColor, Mark, TextColor, ValueFormat
from figgen.config.spec.marks.helpers import readable_text_color
from figgen.config.spec.number_format import format_value
from figgen.errors import LayerError, Where

_SHARES_AT = 0.6  # the distance of the shares from the centre, in radii: matplotlib's default


class Pie(Mark):
    """Shares of a whole, as wedges of a disc or a ring."""

    EXAMPLE = """\
data:
  hours: {values: [12, 7, 4, 2]}
layers:
  - {mark: pie, sizes: hours, labels: [training, tuning, data, writing], shares: .0%}
"""
    INSTEAD_OF_LABEL = "use 'labels' with 'place: legend'"
    EXCLUSIVE = (("texts", "labels"),)
    MISSING = ()  # the shares of a whole with an unknown part are unknown
    REQUIRES = (("text_color", "shares"), ("place: legend", "labels", "texts"))

    mark: Literal["pie"]
    sizes: Array = Field(description="numbers that are not negative; each wedge shows its share of their sum")
    labels: tuple[Text, ...] = Field((), description="names of the wedges")
    texts: Texts | None = Field(None, description="names of the wedges from the data, instead of `labels`")
    place: Literal["beside", "legend"] = Field("beside", description="where the names are written")
    shares: ValueFormat = None
    text_color: TextColor = None
    start: float = Field(0.0, description="where the first wedge starts, in degrees: 0 is right, 90 is up")
    turn: Literal["clockwise", "counterclockwise"] = Field("counterclockwise", description="order of the wedges")
    hole: Annotated[float, Field(ge=0, lt=1)] = Field(0.0, description="size of the hole, as a fraction of the radius")
    colors: Colors = ()
    edge_color: EdgeColor = None

    @property
    def scales(self) -> tuple[str, ...]:
        """Return the scales on which the shape is true."""
        return ("linear",)

    def legend_labels(self) -> Iterator[tuple[Where, str]]:
        """Yield the names in the legend, each with its key; "" stands for names from the data."""
        if self.place == "legend":
            yield from ((("labels", index), name) for index, name in enumerate(self.labels))
            if self.texts is not None:
                yield ("texts",), ""

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        sizes = np.atleast_1d(arrays["sizes"])
        if sizes.ndim != 1:
            raise LayerError(f"'sizes' must be a list of numbers, not an array of shape {sizes.shape}")
        if np.any(sizes < 0) or not np.any(sizes > 0):
            bounds = f"minimum {np.min(sizes):g}, maximum {np.max(sizes) + 0:g}"
            raise LayerError(f"'sizes' must not be negative, nor all 0: {bounds}")
        names = self._names(arrays)
        if names and len(names) != sizes.size:
            raise LayerError(f"expected {sizes.size} names, one for each wedge, found {len(names)}")
        if len(self.colors) > sizes.size:
            raise LayerError(f"expected up to {sizes.size} 'colors', one for each wedge, found {len(self.colors)}")
        ring = 1 - self.hole if self.hole else None
        parts = axes.pie(
            sizes,
            labels=names or None,
            colors=self.colors or None,
            autopct="" if self.shares else None,
            pctdistance=(1 + self.hole) / 2 if self.hole else _SHARES_AT,
            labeldistance=1.1 if self.place == "beside" else None,
            startangle=self.start,
            counterclock=self.turn == "counterclockwise",
            wedgeprops=self.options(width=ring, edgecolor=self.edge_color),
        )
        wedges = parts[0]
        if self.place == "beside":
            for wedge in wedges:
                wedge.set_label("_nolegend_")  # its name is written beside it already
        if self.shares:
            for wedge, share, text in zip(wedges, sizes / np.sum(sizes), parts[-1], strict=True):
                text.set_text(format_value(share, self.shares))
                text.set_color(self.text_color or readable_text_color(wedge.get_facecolor(), axes.get_facecolor()))
                if self.order is not None:
                    text.set_zorder(self.order)

    def _names(self, arrays: Arrays) -> Sequence[str]:
        if "texts" not in arrays:
            return self.labels
        if arrays["texts"].dtype.kind != "U":
            raise LayerError("'texts' must be strings, not numbers")
        return [str(text) for text in arrays["texts"].ravel()]
