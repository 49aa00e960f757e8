"""Texts at positions of the data."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import Color, Texts
from figgen.config.spec.base import Text as DisplayedText
from figgen.config.spec.marks.base import Arrays, Axes, FontSize, LayerColor, Positioned
from figgen.config.spec.number_format import NumberFormat, format_number
from figgen.errors import LayerError


class Text(Positioned):
    """Texts at positions of the data."""

    EXAMPLE = """\
data:
  x: {linspace: [0, 4, 100]}
layers:
  - {mark: line, x: x, y: x * exp(-x)}
  - {mark: text, x: 1, y: exp(-1), text: maximum, horizontal: center, shift: [0, 4]}
axes:
  y: {limits: [0, 0.5]}
"""
    INSTEAD_OF_LABEL = "use 'text'"
    EXCLUSIVE = (("texts", "text"),)
    REQUIRES = (("format", "texts"),)
    ONE_OF = ("text", "texts")

    mark: Literal["text"]
    text: DisplayedText | None = Field(None, description="text, the same at every position; $…$ is mathtext")
    texts: Texts | None = Field(None, description="text for each position: strings or numbers from the data")
    format: NumberFormat | None = Field(None, description="Python number format of the numbers in `texts`: .2f")
    horizontal: Literal["left", "center", "right"] = Field("left", description="part of the text that is at x")
    vertical: Literal["top", "center", "baseline", "bottom"] = Field(
        "baseline", description="part of the text that is at y"
    )
    shift: tuple[float, float] | None = Field(None, description="distance to move the text right and up, in points")
    size: FontSize = None
    color: LayerColor = None
    rotation: float | None = Field(None, description="angle in degrees, counterclockwise")
    box: Color | None = Field(None, description="colour of a box behind the text; none if omitted")

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        from matplotlib.transforms import ScaledTranslation

        x, y = arrays["x"].ravel(), arrays["y"].ravel()
        texts = [self.text] * x.size if self.text is not None else list(self._texts(arrays))
        if len(texts) != x.size:
            raise LayerError(f"expected {x.size} 'texts', one for each position, found {len(texts)}")
        box = self.options(label=None, zorder=None, facecolor=self.box, edgecolor="none", boxstyle="round,pad=0.3")
        options = self.options(
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
            options["transform"] = axes.transData + ScaledTranslation(right, up, figure.dpi_scale_trans)
        for position in zip(x, y, texts, strict=True):
            axes.text(*position, **options)

    def _texts(self, arrays: Arrays) -> Iterable[str]:
        texts = np.ravel(arrays["texts"])
        if texts.dtype.kind == "U":
            return (str(text) for text in texts)
        return (format_number(float(number), self.format or "g") for number in texts)
