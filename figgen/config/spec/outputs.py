"""What else is made from a figure, beside its picture: a dark variant, a preview card, other formats."""

from typing import Annotated, Literal

from pydantic import Field

from figgen.config.spec.base import Color, ColormapName, Model, Setting

STYLE_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$"
StyleName = Annotated[str, Field(pattern=STYLE_NAME)]

Format = Literal["png", "svg", "webp", "pdf"]


class Dark(Model):
    """How the dark variant of a figure looks, where its style alone does not say it."""

    style: StyleName | None = Field(None, description="its style sheet; the figure's, with `-dark` added, if left out")
    rc: dict[str, Setting] = Field({}, description="matplotlib settings that differ from the dark style's")
    colors: dict[str, Color] = Field({}, description="for colours that the figure gives, those that it has instead")
    colormaps: dict[str, ColormapName] = Field(
        {}, description="for colormaps that the figure gives, those that it has instead"
    )


class Preview(Model):
    """A card of 1200 x 630 pixels that shows the figure where its post is linked to."""

    zoom: Annotated[float, Field(ge=0.5, le=3)] = Field(
        1.2, description="how much larger words and lines are than on a figure that just fits on the card"
    )
