"""Words at positions of the data."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Color, Positive, Text, Texts, X, Y
from figgen.config.spec.marks.base import Mark, check_unlabelled
from figgen.config.spec.number_format import NumberFormat, format_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class TextMark(Mark):
    """Words at positions of the data."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [0, 4, 100]}
layers:
  - {mark: line, x: x, y: x * exp(-x)}
  - {mark: text, x: 1, y: exp(-1), text: maximum, horizontal: center, shift: [0, 4]}
axes:
  y: {limits: [0, 0.5]}
"""

    mark: Literal["text"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")
    text: Text | None = Field(None, description="the words, the same at every position; $…$ is mathtext")
    texts: Texts | None = Field(None, description="other words at each position: texts or numbers of the data")
    format: NumberFormat | None = Field(
        None, description="how numbers in `texts` are written, as Python's format() does"
    )
    horizontal: Literal["left", "center", "right"] = Field("left", description="which part of the words is at x")
    vertical: Literal["top", "center", "baseline", "bottom"] = Field(
        "baseline", description="which part of the words is at y"
    )
    shift: tuple[float, float] | None = Field(None, description="how far to move the words right and up, in points")
    size: Positive | None = Field(None, description="of the letters, in points")
    color: Color | None = Field(None, description="any matplotlib colour; the style's colour of texts if left out")
    rotation: float | None = Field(None, description="in degrees, counter-clockwise")
    box: Color | None = Field(None, description="the colour of a box behind the words; none is drawn if left out")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise PydanticCustomError("text", "words without one of 'text' and 'texts', or with both")
        if self.format is not None and self.texts is None:
            raise PydanticCustomError("text", "'format' is of the numbers in 'texts'")
        check_unlabelled(self)
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        from matplotlib.transforms import ScaledTranslation

        x, y = arrays["x"].ravel(), arrays["y"].ravel()
        texts = list(_texts(self, arrays)) if self.text is None else [self.text] * x.size
        if len(texts) != x.size:
            raise ValueError(f"{len(texts)} texts at {x.size} positions")
        box = self.options(label=None, zorder=None, facecolor=self.box, edgecolor="none", boxstyle="round,pad=0.3")
        look = self.options(
            horizontalalignment=self.horizontal,
            verticalalignment=self.vertical,
            fontsize=self.size,
            color=self.color,
            rotation=self.rotation,
            bbox=None if self.box is None else box,
        )
        if self.shift is not None:
            figure = axes.get_figure()
            assert figure is not None  # noqa: S101 - the axes were made in one
            right, up = (points / 72 for points in self.shift)
            look["transform"] = axes.transData + ScaledTranslation(right, up, figure.dpi_scale_trans)
        for position in zip(x, y, texts, strict=True):
            axes.text(*position, **look)


def _texts(layer: TextMark, arrays: Arrays) -> Iterable[str]:
    texts = np.ravel(arrays["texts"])
    if texts.dtype.kind == "U":
        return (str(text) for text in texts)
    return (format_number(float(number), layer.format or "g") for number in texts)
