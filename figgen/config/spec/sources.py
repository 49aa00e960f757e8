"""Where the named arrays of a figure come from."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from figgen.config.spec.base import (
    DataName,
    Formula,
    Fraction,
    Model,
    NotNegative,
    Positive,
    conflict_error,
    union,
    value_of,
)

Seed = Annotated[int, Field(ge=0, lt=2**32)]
Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]  # what a float64 holds exactly
Count = Annotated[int, Field(ge=0)]
Length = Annotated[int, Field(ge=1)]  # at most the limit `elements`


class Linspace(Model):
    """Evenly spaced numbers, both ends included."""

    linspace: tuple[float, float, Length] = Field(description="start, stop, number of points")


class Geomspace(Model):
    """Numbers that grow by a constant factor, both ends included."""

    geomspace: tuple[Positive, Positive, Length] = Field(description="start, stop, number of points")


class Integers(Model):
    """Whole numbers, both ends included."""

    integers: tuple[Whole, Whole] = Field(description="first, last")


Numbers = Annotated[tuple[float, ...], Field(min_length=1)]
_VALUES: Mapping[str, Any] = {
    "numbers": Numbers,
    "texts": Annotated[tuple[str, ...], Field(min_length=1)],
    "rows": Annotated[tuple[Numbers, ...], Field(min_length=1)],
}


def _kind_of_values(value: Any) -> str:
    first = value[0] if isinstance(value, list | tuple) and value else None
    return "rows" if isinstance(first, list | tuple) else "texts" if isinstance(first, str) else "numbers"


class Values(Model):
    """What is written in the config: numbers, rows of numbers, texts (categories), or ISO dates."""

    values: union(_VALUES, _kind_of_values, "unknown_values") = Field(  # type: ignore[valid-type]
        description="a list of numbers or of texts, or a list of rows of numbers"
    )


class Csv(Model):
    """One column of a CSV file with a header line."""

    csv: str = Field(description="the file, relative to the config's folder, or to the site's root if it starts with /")
    column: str = Field(description="the column's name in the header")
    type: Literal["number", "text", "date"] | None = Field(
        None, description="what the cells are; told from the first one if left out"
    )


class Npz(Model):
    """One array of a NumPy .npz file."""

    npz: str = Field(description="the file, relative to the config's folder, or to the site's root if it starts with /")
    array: str = Field(description="the array's name in the file")


class Expr(Model):
    """An array derived from other names, which may stand in any order."""

    expr: Formula = Field(description="a formula over other names")


class Random(Model):
    """Base of the random draws, from a stream that is the same on every machine."""

    random: str
    seed: Seed | None = Field(None, description="where the stream starts; needed unless `after` is given")
    after: DataName | None = Field(None, description="go on with the stream after this draw, instead of a seed")
    stream: Literal["pcg64", "mt19937"] | None = Field(
        None, description="numpy.random.default_rng(seed), or the legacy numpy.random.seed(seed); pcg64 if left out"
    )

    @model_validator(mode="after")
    def _start(self) -> Self:
        if self.seed is None and self.after is None:
            raise conflict_error("seed", "'seed' is missing; needed: where the stream starts, or 'after' another draw")
        if self.seed is not None and self.after is not None:
            raise conflict_error("after", "'after' beside 'seed'; a draw starts a stream, or goes on with one")
        if self.after is not None and self.stream is not None:
            raise conflict_error("stream", "'stream' beside 'after'; it is said where the stream starts")
        return self


class Shaped(Random):
    """Base of the draws of any shape."""

    shape: tuple[Length, ...] = Field((), max_length=6, description="the array's shape; a single number if left out")


class Normal(Shaped):
    """Normally distributed draws."""

    random: Literal["normal"]
    mean: float = Field(0.0, description="the mean")
    std: NotNegative = Field(1.0, description="the standard deviation")


class Uniform(Shaped):
    """Evenly distributed draws."""

    random: Literal["uniform"]
    low: float = Field(0.0, description="the lower end")
    high: float = Field(1.0, description="the upper end")


class RandomIntegers(Shaped):
    """Whole numbers, evenly distributed."""

    random: Literal["integers"]
    low: int = Field(0, description="the least number")
    high: int = Field(description="one more than the greatest number, as in NumPy")


class Binomial(Shaped):
    """Numbers of successes in `n` trials."""

    random: Literal["binomial"]
    n: Count = Field(description="the number of trials")
    p: Fraction = Field(description="the chance of a success")


class Poisson(Shaped):
    """Numbers of events at a rate."""

    random: Literal["poisson"]
    rate: NotNegative = Field(description="the mean number of events")


class Exponential(Shaped):
    """Exponentially distributed draws."""

    random: Literal["exponential"]
    scale: Positive = Field(1.0, description="the mean, 1 / rate")


class Lognormal(Shaped):
    """Draws whose logarithm is normally distributed."""

    random: Literal["lognormal"]
    mean: float = Field(0.0, description="the mean of the logarithm")
    std: NotNegative = Field(1.0, description="the standard deviation of the logarithm")


class Laplace(Shaped):
    """Draws from the Laplace distribution."""

    random: Literal["laplace"]
    mean: float = Field(0.0, description="the mean")
    scale: NotNegative = Field(1.0, description="the scale of the two exponential sides")


class Gamma(Shaped):
    """Draws from the gamma distribution."""

    random: Literal["gamma"]
    k: Positive = Field(description="the shape parameter")
    scale: Positive = Field(1.0, description="the scale parameter")


class Beta(Shaped):
    """Draws from the beta distribution."""

    random: Literal["beta"]
    a: Positive = Field(description="the first parameter")
    b: Positive = Field(description="the second parameter")


class Permutation(Random):
    """The whole numbers below `n`, shuffled."""

    random: Literal["permutation"]
    n: Length = Field(description="how many numbers")


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
