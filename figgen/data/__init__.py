"""A figure's spec -> the arrays that it is drawn from: data sources, formulas, claims and values in texts."""

from figgen.config.spec.arrays import Samples
from figgen.data.sample import sample

__all__ = ["Samples", "sample"]
