"""A figure's spec -> the arrays that it is drawn from: data sources, formulas, claims and values in texts."""

from figgen.data.sample import Samples, sample

__all__ = ["Samples", "sample"]
