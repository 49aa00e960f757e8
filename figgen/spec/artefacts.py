"""What else is made from a figure, beside the picture that shows it as it is: its dark variant."""

from typing import Annotated

from pydantic import Field

from figgen.spec.base import Color, ColormapName, Model, Setting

StyleName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]


class Dark(Model):
    """How the dark variant of a figure looks, where its style alone does not say it."""

    style: StyleName | None = Field(None, description="its style sheet; the figure's, with `-dark` added, if left out")
    rc: dict[str, Setting] = Field({}, description="matplotlib settings that differ from the dark style's")
    colors: dict[str, Color] = Field({}, description="for colours that the figure gives, those that it has instead")
    colormaps: dict[str, ColormapName] = Field(
        {}, description="for colormaps that the figure gives, those that it has instead"
    )
