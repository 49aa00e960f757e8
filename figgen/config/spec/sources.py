"""The data sources: where the named arrays of a figure come from."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from figgen.config.spec.base import (
    DataName,
    Formula,
    Fraction,
    Model,
    NotNegative,
    Positive,
    union,
    value_of,
)

Seed = Annotated[int, Field(ge=0, lt=2**32)]
Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]  # what a float64 holds exactly
Length = Annotated[int, Field(ge=1)]  # at most the limit `elements`, which is checked before the array is made


class Linspace(Model):
    """Evenly spaced numbers, both ends included."""

    linspace: tuple[float, float, Length] = Field(description="start, stop, number of values")


class Geomspace(Model):
    """Numbers that grow by a constant factor, both ends included."""

    geomspace: tuple[Positive, Positive, Length] = Field(description="start, stop, number of values")


class Integers(Model):
    """Consecutive integers, both ends included."""

    integers: tuple[Whole, Whole] = Field(description="first, last")


Numbers = Annotated[tuple[float | None, ...], Field(min_length=1)]
_VALUES: Mapping[str, Any] = {
    "numbers": Numbers,
    "texts": Annotated[tuple[str | None, ...], Field(min_length=1)],
    "rows": Annotated[tuple[Numbers, ...], Field(min_length=1)],
}


def _kind_of_values(value: Any) -> str:
    values = value if isinstance(value, list | tuple) else ()
    first = next((one for one in values if one is not None), None)
    return "rows" if isinstance(first, list | tuple) else "texts" if isinstance(first, str) else "numbers"


CellType = Literal["number", "text", "date"]


class Typed(Model):
    """Base of the sources whose values can be strings."""

    type: CellType | None = Field(
        None, description="what the values are: number, text (categories) or date; detected if omitted"
    )


class Values(Typed):
    """Values written in the config: numbers, rows of numbers, texts (categories) or ISO dates; null is missing."""

    values: union(_VALUES, _kind_of_values, "unknown_values") = Field(  # type: ignore[valid-type]
        description="numbers, strings, or rows of numbers"
    )


FilePath = Annotated[
    str,
    Field(description="path of the file, relative to the config's folder, or to the site's root if it starts with /"),
]


class Csv(Typed):
    """One column of a CSV file with a header line.

    An empty cell is a missing value, and so is NaN or NA among numbers.
    """

    csv: FilePath
    column: str = Field(description="name of the column in the header")


class Npz(Typed):
    """One array of a NumPy .npz file; NaN is a missing value."""

    npz: FilePath
    array: str = Field(description="name of the array in the file")


class Expr(Model):
    """An array computed from others, which can be defined in any order."""

    expr: Formula = Field(description="a formula that uses other names")


class Random(Model):
    """Base of the random draws, from a stream that is the same on every machine."""

    EXCLUSIVE = (("after", "seed"), ("stream", "after"))
    ONE_OF = ("seed", "after")

    random: str
    seed: Seed | None = Field(None, description="seed of a new stream; required unless `after` is set")
    after: DataName | None = Field(None, description="name of the draw whose stream is continued, instead of `seed`")
    stream: Literal["pcg64", "mt19937"] | None = Field(
        None, description="numpy.random.default_rng(seed), or the legacy numpy.random.seed(seed); pcg64 if omitted"
    )


class Shaped(Random):
    """Base of the draws of any shape."""

    shape: tuple[Length, ...] = Field((), max_length=6, description="shape of the array; a single number if omitted")


class Normal(Shaped):
    """Normally distributed numbers."""

    random: Literal["normal"]
    mean: float = Field(0.0, description="the mean")
    std: NotNegative = Field(1.0, description="the standard deviation")


class Uniform(Shaped):
    """Uniformly distributed numbers."""

    random: Literal["uniform"]
    low: float = Field(0.0, description="the lower end")
    high: float = Field(1.0, description="the upper end")


class RandomIntegers(Shaped):
    """Uniformly distributed integers."""

    random: Literal["integers"]
    low: int = Field(0, description="the least integer")
    high: int = Field(description="one more than the greatest integer, as in NumPy")


class Binomial(Shaped):
    """Numbers of successes in `n` trials."""

    random: Literal["binomial"]
    n: Annotated[int, Field(ge=0)] = Field(description="the number of trials")
    p: Fraction = Field(description="the probability of a success")


class Poisson(Shaped):
    """Numbers of events that occur at a constant rate."""

    random: Literal["poisson"]
    rate: NotNegative = Field(description="the mean number of events")


class Exponential(Shaped):
    """Exponentially distributed numbers."""

    random: Literal["exponential"]
    scale: Positive = Field(1.0, description="the mean, 1 / rate")


class Lognormal(Shaped):
    """Numbers whose logarithm is normally distributed."""

    random: Literal["lognormal"]
    mean: float = Field(0.0, description="the mean of the logarithm")
    std: NotNegative = Field(1.0, description="the standard deviation of the logarithm")


class Laplace(Shaped):
    """Numbers from a Laplace distribution."""

    random: Literal["laplace"]
    mean: float = Field(0.0, description="the mean")
    scale: NotNegative = Field(1.0, description="the scale of the exponential decay")


class Gamma(Shaped):
    """Numbers from a gamma distribution."""

    random: Literal["gamma"]
    k: Positive = Field(description="the shape parameter")
    scale: Positive = Field(1.0, description="the scale parameter")


class Beta(Shaped):
    """Numbers from a beta distribution."""

    random: Literal["beta"]
    a: Positive = Field(description="the first shape parameter")
    b: Positive = Field(description="the second shape parameter")


class Permutation(Random):
    """The integers from 0 to `n` - 1 in random order."""

    random: Literal["permutation"]
    n: Length = Field(description="the number of integers")


DRAWS: Mapping[str, type[Random]] = {
    "normal": Normal,
    "uniform": Uniform,
    "integers": RandomIntegers,
    "binomial": Binomial,
    "poisson": Poisson,
    "exponential": Exponential,
    "lognormal": Lognormal,
    "laplace": Laplace,
    "gamma": Gamma,
    "beta": Beta,
    "permutation": Permutation,
}

SOURCES: Mapping[str, Any] = {
    "linspace": Linspace,
    "geomspace": Geomspace,
    "integers": Integers,
    "values": Values,
    "csv": Csv,
    "npz": Npz,
    "random": union(DRAWS, value_of("random"), "unknown_draw"),
    "expr": Expr,
}


def _source_of(value: Any) -> str | None:
    keys = value if isinstance(value, Mapping) else getattr(type(value), "model_fields", ())
    return next((key for key in SOURCES if key in keys), None)


if TYPE_CHECKING:
    Source = Model
else:
    Source = union(SOURCES, _source_of, "unknown_source")
