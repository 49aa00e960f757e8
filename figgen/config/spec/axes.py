"""The axes of a panel: their scales, limits, ticks and labels."""

from typing import Annotated, Literal

from pydantic import Field

from figgen.config.spec.base import DISPLAYED, Conflicts, Formula, Model, Positive, Text, conflict
from figgen.config.spec.number_format import NumberFormat


class Ticks(Model):
    """The ticks of an axis."""

    EXCLUSIVE = (("every", "at"),)
    UNUSED_WITH = (("format", "labels"), ("dates", "labels"))
    UNUSED_WITHOUT = (("labels", "at"),)

    at: tuple[float, ...] | None = Field(
        None, description="positions, within the limits that are set; the other ends make room for them; [] for none"
    )
    every: Positive | None = Field(None, description="distance from one tick to the next")
    labels: tuple[Text, ...] | None = Field(None, description="tick labels for the positions in `at`")
    format: NumberFormat | None = Field(
        None, description="Python number format of the labels, such as .2f, which must show where each tick is"
    )
    dates: Annotated[str, Field(min_length=1, max_length=40), *DISPLAYED] | None = Field(
        None, description="strftime format of the date labels, such as %d %b, which must tell them apart"
    )
    minor: bool | None = Field(None, description="draw minor ticks; the style's if omitted")
    rotation: float | None = Field(None, description="angle of the labels in degrees")
    align: Literal["left", "center", "right"] | None = Field(
        None,
        description="side of the labels that is at their ticks, of an x axis only: labels with `rotation: 45` and "
        "`align: right` end there; center if omitted",
    )

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        yield from super().conflicts()
        if self.at is not None and len({*self.at}) < len(self.at):
            twice = next(position for position in self.at if self.at.count(position) > 1)
            yield conflict("at", f"'at' has the position {twice:g} more than once")
        if self.labels is not None and self.at is not None and len(self.at) != len(self.labels):
            found = len(self.labels)
            yield conflict("labels", f"expected {len(self.at)} 'labels', one for each position in 'at', found {found}")

    def unused(self) -> Conflicts:
        """Yield the keys that have no effect."""
        yield from super().unused()
        for key in ("format", "dates", "rotation", "align") if self.at == () else ():
            if self._holds(key):
                yield conflict(key, f"'{key}' has no effect with 'at: []', no ticks", hint="keep one of the two")


class Secondary(Model):
    """A second scale on the opposite side of the panel, for the same data in another unit."""

    label: Text | None = Field(None, description="text beside the axis")
    forward: Formula = Field(description="formula that converts a value x of the axis to the second scale: x * 1000")
    inverse: Formula = Field(description="formula that converts a value x of the second scale back: x / 1000")


class Axis(Model):
    """One axis of a panel."""

    REQUIRES = (("scale: symlog", "threshold"),)
    UNUSED_WITHOUT = (("base", "scale: log", "scale: symlog"), ("threshold", "scale: symlog"))

    label: Text | None = Field(None, description="text beside the axis; $…$ is mathtext")
    scale: Literal["linear", "log", "symlog", "logit"] = Field(
        "linear", description="how values are mapped to positions"
    )
    base: Annotated[float, Field(gt=1)] | None = Field(None, description="base of a log or symlog scale; 10 if omitted")
    threshold: Positive | None = Field(None, description="a symlog scale is linear from -threshold to threshold")
    limits: tuple[float | None, float | None] = Field(
        (None, None), description="lower and upper end of the axis; null: taken from the data"
    )
    invert: bool = Field(default=False, description="reverse the axis")
    ticks: Ticks = Field(Ticks(), description="ticks of the axis")
    grid: bool | None = Field(None, description="draw grid lines; the style's if omitted")
    secondary: Secondary | None = Field(None, description="second scale on the opposite side of the panel")

    def unused(self) -> Conflicts:
        """Yield the keys that have no effect."""
        yield from super().unused()
        if self.scale == "linear" and self.ticks.at is not None:  # other scales have minor ticks by themselves
            if self.grid is not None and not self.ticks.at:
                yield conflict("grid", "'grid' has no effect with 'at: []', no ticks", hint="keep one of the two")
            if self.ticks.minor is not None and len(self.ticks.at) < 2:  # noqa: PLR2004 - minor ticks are between two
                message = "'minor' has no effect with fewer than two positions in 'at'"
                yield conflict(("ticks", "minor"), message, hint="remove it")


class Axes(Model):
    """The axes of a panel."""

    x: Axis = Field(Axis(), description="the horizontal axis")
    y: Axis = Field(Axis(), description="the vertical axis")
    right: Axis = Field(Axis(), description="the vertical axis on the right, for layers with `on: right`")
    aspect: Literal["auto", "equal"] = Field("auto", description="equal: one unit has the same length on both axes")
    visible: bool = Field(default=True, description="draw the axes")

    def conflicts(self) -> Conflicts:
        """Yield a conflict for each vertical axis whose tick labels are aligned."""
        for name in ("y", "right"):
            if getattr(self, name).ticks.align is not None:
                where = (name, "ticks", "align")
                yield conflict(
                    where, "'align' is for tick labels of an x axis", hint="remove it; these end at their ticks"
                )

    def unused(self) -> Conflicts:
        """Yield the keys that have no effect."""
        yield from super().unused()
        for name, axis in (("x", self.x), ("y", self.y), ("right", self.right)) if not self.visible else ():
            for key in ("label", "ticks", "grid", "secondary"):
                if getattr(axis, key) and getattr(axis, key) != Ticks():
                    yield conflict((name, key), f"'{key}' cannot be combined with 'visible: false'")
