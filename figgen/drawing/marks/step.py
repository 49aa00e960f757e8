"""Values that hold until the next one, joined by jumps."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from matplotlib.axes import Axes

from figgen.config.spec.marks.curves import Step
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options

_WHERE: Mapping[str, Any] = MappingProxyType({"after": "post", "before": "pre", "around": "mid"})


def draw(axes: Axes, layer: Step, arrays: Arrays) -> None:
    """Draw the layer."""
    axes.step(
        arrays["x"],
        arrays["y"],
        where=_WHERE[layer.hold],
        **options(layer, color=layer.color, linewidth=layer.width, linestyle=layer.dash),
    )
