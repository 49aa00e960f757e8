"""What else is made from a figure besides its picture: a dark variant, a preview card, other formats."""

from typing import Annotated, Literal

from pydantic import Field

from figgen.config.spec.base import Color, ColormapName, Conflicts, Model, Setting, conflict

STYLE_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$"
StyleName = Annotated[str, Field(pattern=STYLE_NAME)]

Format = Literal["png", "svg", "webp", "pdf"]


class Dark(Model):
    """How the dark variant of a figure differs, beyond its style."""

    style: StyleName | None = Field(
        None, description="style, by name; the figure's `style` with `-dark` appended if omitted"
    )
    rc: dict[str, Setting] = Field(default_factory=dict, description="matplotlib settings that override the dark style")
    colors: dict[str, Color] = Field(default_factory=dict, description="colours to replace, each with its replacement")
    colormaps: dict[str, ColormapName] = Field(
        default_factory=dict, description="colormaps to replace, each with its replacement"
    )

    def conflicts(self) -> Conflicts:
        """Yield a conflict for each name that differs from an earlier one only in letter case, which has no meaning."""
        for key, table in (("colors", self.colors), ("colormaps", self.colormaps)):
            first: dict[str, str] = {}
            for name in table:
                if (earlier := first.setdefault(name.lower(), name)) != name:
                    yield conflict((key, name), f"'{name}' means the same as '{earlier}'", hint="keep one of the two")


class Preview(Model):
    """A card of 1200 x 630 pixels that shows the figure where its post is linked to."""

    zoom: Annotated[float, Field(ge=0.5, le=3)] = Field(
        1.2, description="how much larger text and lines are than on a figure that just fits on the card"
    )
