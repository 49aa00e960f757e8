"""The bases of the marks that draw several series or groups at once."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from figgen.config.spec.base import Conflicts, DistributionY, Positive, Table, Text, conflict
from figgen.config.spec.marks.base import Arrays, Colors, Derived, Directed, SeriesLabels
from figgen.errors import LayerError, Where


class OfSeries(Directed):
    """Base of the marks that draw one series or several."""

    SERIES: ClassVar[str]  # the key of the series
    EXCLUSIVE: ClassVar[Table] = (("label", "labels"),)

    arrange: str
    labels: SeriesLabels = ()
    colors: Colors = ()

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        yield from super().conflicts()
        series = len(getattr(self, self.SERIES))
        if self.labels and len(self.labels) != series:
            yield conflict("labels", f"expected {series} 'labels', one for each series, found {len(self.labels)}")
        elif self.label is not None and not self.labels and series > 1:
            yield conflict("label", "'label' names a single series", hint="use 'labels', with a name for each series")
        if len(self.colors) > series:
            yield conflict("colors", f"expected up to {series} 'colors', one for each series, found {len(self.colors)}")
        # The values of one series are written inside its bars if it is stacked.
        if series == 1 and self._holds("arrange") and getattr(self, "values", None) is None:
            yield conflict("arrange", f"'arrange: {self.arrange}' has no effect on a single series", hint="remove it")

    def legend_labels(self) -> Iterator[tuple[Where, str]]:
        """Yield the names in the legend, each with its key."""
        yield from super().legend_labels()
        yield from ((("labels", index), name) for index, name in enumerate(self.labels))


class Grouped(Directed):
    """Base of the marks that draw one distribution for each group."""

    MISSING = DRAWS_NAN = ("drop",)

    y: DistributionY = Field(
        description="values: one formula for each group, or one matrix whose columns are the groups"
    )
    labels: tuple[Text, ...] = Field((), description="names of the groups, written along the axis")
    positions: tuple[float, ...] = Field((), description="positions of the groups along the axis; 1, 2, 3 … if omitted")
    width: Positive | None = Field(None, description="extent of each group along the axis; matplotlib's if omitted")
    colors: Colors = ()

    def groups(self, series: Sequence[Any]) -> tuple[list[Any], list[float]]:
        """Return the groups, which are the series or the columns of a single matrix, and their positions."""
        matrix = series[0] if len(series) == 1 and series[0].ndim == 2 else None  # noqa: PLR2004 - rows and columns
        values = list(series) if matrix is None else list(matrix.T)
        if any(group.ndim != 1 for group in values):
            shapes = " and ".join(str(group.shape) for group in values)
            expected = "lists of values, or one matrix with a column for each group"
            raise LayerError(f"'y' must be {expected}, not arrays of shape {shapes}")
        for name in ("labels", "positions"):
            given = len(getattr(self, name))
            if given not in {0, len(values)}:
                raise LayerError(f"expected {len(values)} '{name}', one for each group, found {given}")
        if len(self.colors) > len(values):
            raise LayerError(f"expected up to {len(values)} 'colors', one for each group, found {len(self.colors)}")
        values = [group[~np.isnan(group)] for group in values]
        if not all(group.size for group in values):
            raise LayerError("all values of a group are missing")
        return values, list(self.positions) or [float(number) for number in range(1, len(values) + 1)]

    def derived(self, arrays: Arrays) -> Iterator[Derived]:
        """Yield the sides of the groups along the axis of their positions."""
        positions = np.asarray(self.groups(arrays["y"])[1])
        half = (self.default_width(positions) if self.width is None else self.width) / 2
        hint = "choose other 'positions', or a smaller 'width'"
        yield Derived("positions", "x", "sides of the groups (positions - width / 2)", positions - half, hint)
        yield Derived("positions", "x", "sides of the groups (positions + width / 2)", positions + half, hint)

    def default_width(self, positions: Any) -> float:
        """Return matplotlib's width of groups at these positions."""
        raise NotImplementedError
