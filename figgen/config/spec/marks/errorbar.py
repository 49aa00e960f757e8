"""Points with bars that show their uncertainty."""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import Dash, LengthX, LengthY, NotNegative
from figgen.config.spec.marks.base import Arrays, Axes, Derived, Marker, Points, Positioned, Stroke
from figgen.config.spec.marks.helpers import require_not_negative
from figgen.errors import LayerError


class Errorbar(Points, Stroke, Positioned):
    """Points with bars that show their uncertainty."""

    EXAMPLE = """\
data:
  layers: {values: [1, 2, 3, 4]}
  score: {values: [0.61, 0.72, 0.79, 0.81]}
  deviation: {values: [0.05, 0.04, 0.02, 0.02]}
layers:
  - {mark: errorbar, x: layers, y: score, error: deviation}
"""
    EXCLUSIVE = (("error_low", "error"), ("x_error_low", "x_error"))
    REQUIRES = (
        ("error_low", "error_high"),
        ("error_high", "error_low"),
        ("x_error_low", "x_error_high"),
        ("x_error_high", "x_error_low"),
    )
    ONE_OF = ("error", "error_low", "x_error", "x_error_low")

    DRAWS_NAN = ("gap",)

    mark: Literal["errorbar"]
    error: LengthY | None = Field(None, description="length of the bars below and above y, at least 0")
    error_low: LengthY | None = Field(None, description="length below y, if it differs from that above")
    error_high: LengthY | None = Field(None, description="length above y, if it differs from that below")
    x_error: LengthX | None = Field(None, description="length of the bars left and right of x, at least 0")
    x_error_low: LengthX | None = Field(None, description="length left of x, if it differs from that on the right")
    x_error_high: LengthX | None = Field(None, description="length right of x, if it differs from that on the left")
    cap: NotNegative | None = Field(None, description="half the width of the caps, in points; the style's if omitted")
    marker: Marker = Field("o", description="shape of the marker at each point")
    dash: Dash | Literal["none"] = Field(
        "none", description="solid, dashed, dash-dot, dotted or no line between points"
    )  # type: ignore[assignment]

    def derived(self, arrays: Arrays) -> Iterator[Derived]:
        """Yield the ends of the bars."""
        for axis, name in (("y", "error"), ("x", "x_error")):
            for side, sign in ((name, -1), (f"{name}_low", -1), (name, 1), (f"{name}_high", 1)):
                if side in arrays:
                    hint = f"set '{name}_low' and '{name}_high', or the limit of the axis, where the bars then end"
                    ends = f"ends of the bars ({axis} {'-' if sign < 0 else '+'} {side})"
                    yield Derived(side, axis, ends, arrays[axis] + sign * arrays[side], hint, is_straight=True)  # type: ignore[arg-type]

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        import matplotlib as mpl

        cap = mpl.rcParams["errorbar.capsize"] if self.cap is None else self.cap
        if self.marker == self.dash == "none" and not cap:
            _require_errors(arrays)
        axes.errorbar(
            arrays["x"].ravel(),
            arrays["y"].ravel(),
            yerr=_lengths(arrays, "error"),
            xerr=_lengths(arrays, "x_error"),
            **self.options(**self.stroke(), **self.points(), capsize=self.cap),
        )


def _require_errors(arrays: Arrays) -> None:
    """Raise LayerError if points without a marker have no error bar, so that they are not seen."""
    there = ~np.isnan(arrays["x"] + arrays["y"]).ravel()
    bars = [lengths for name in ("error", "x_error") if (lengths := _lengths(arrays, name)) is not None]
    unseen = there & ~np.any([np.any(np.nan_to_num(np.atleast_2d(one)) > 0, axis=0) for one in bars], axis=0)
    if count := np.count_nonzero(unseen):
        message = f"{count} of {np.count_nonzero(there)} points have no error and would not be seen"
        raise LayerError(f"{message}: a 'marker' or 'cap' shows them")


def _lengths(arrays: Arrays, name: str) -> Any:
    """Return the lengths of the bars along one axis: None, one for each point, or two."""
    given = [side for side in (name, f"{name}_low", f"{name}_high") if side in arrays]
    for side in given:
        require_not_negative(side, arrays[side])
    lengths = [arrays[side].ravel() for side in given]
    return None if not lengths else lengths[0] if len(lengths) == 1 else np.stack(lengths)
