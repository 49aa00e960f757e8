"""Compare pictures with approved ones: with the baselines in tests/baseline, and with those of another git revision.

`accept` draws figures and makes their pictures the baselines. `compare` draws the figures of two versions of a site and
returns what changed; `report` and `html_report` format that for people.
"""

from figgen.regression.baselines import accept
from figgen.regression.figure_diff import compare

__all__ = ["accept", "compare"]
