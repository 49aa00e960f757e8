"""Compute the arrays that a figure is drawn from: spec -> `Samples`.

`sample` is the entry point. It reads the data sources of a spec (`sources`, `csv_file`, `npz_file`), evaluates its
formulas over them (`namespace`, `formulas`), checks its claims and fills values into its alt text. Files are read by a
function that the caller passes (`files` has the one for a site); nothing here draws or imports matplotlib.
"""

from figgen.config.spec.arrays import Samples
from figgen.data.files import read_data_file
from figgen.data.sample import sample

__all__ = ["Samples", "read_data_file", "sample"]
