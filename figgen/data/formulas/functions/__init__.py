"""The functions that formulas may call: one table entry each.

An entry is its usage as an author writes it, the NumPy implementation, one line of help, and, for elementwise
functions, their differential: a formula over the parameters and their differentials (`dx` for `x`). Differentials are
chosen so that derivatives of any order keep their digits, near zeros and in the tails alike.

At kinks, derivatives follow PyTorch's convention, where it has one:

- 0: abs at 0, relu at 0, relu6 at 0 and 6, hard_tanh at low and high, hard_sigmoid at -3 and 3 (huber is smooth)
- the slope on the left: leaky_relu, elu, selu and celu at 0
- the slope of the outer, straight side: hard_swish at -3 (0) and 3 (1)
- the slope of x: clip at low and high
- the mean of both slopes: minimum and maximum of equal arguments
- 0: hinge where y * score is 1, and hypot at (0, 0)
- 0 everywhere: sign, floor, ceil, round, comparisons

Where only the second derivative has a kink (huber at delta, for example), the same rules hold for it.
"""

from collections.abc import Mapping

from figgen.data.formulas.functions.activations import ACTIVATIONS
from figgen.data.formulas.functions.elementary import ELEMENTARY
from figgen.data.formulas.functions.losses import LOSSES
from figgen.data.formulas.functions.operators import OPERATORS
from figgen.data.formulas.functions.reductions import REDUCTIONS
from figgen.data.formulas.functions.series import SERIES
from figgen.data.formulas.functions.shapes import SHAPES
from figgen.data.formulas.table import Function, function

__all__ = ["FUNCTIONS", "OPERATORS", "Function"]


def _diff(*_: object) -> None:
    raise AssertionError  # derivative.expand() replaces diff()


_DIFF = function("diff(f, x, n=1)", _diff, "Exact n-th derivative of f with respect to x.")
FUNCTIONS: Mapping[str, Function] = {
    entry.usage.partition("(")[0]: entry
    for entry in (_DIFF, *ELEMENTARY, *ACTIVATIONS, *LOSSES, *REDUCTIONS, *SERIES, *SHAPES)
}
