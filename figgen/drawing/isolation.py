"""Import matplotlib so that no settings of the machine affect it.

Importing this module does that; `figgen.drawing` imports it first.
"""

import contextlib
import errno
import os
import sys
import warnings
from pathlib import Path

from figgen.drawing.mpl_compat import skip_set_docstrings


def import_matplotlib() -> None:
    """Import matplotlib so that no `matplotlibrc`, MPLBACKEND or PYTHONWARNINGS can change what it draws, or stop it.

    Drawing starts from matplotlib's own defaults anyway (`style_context`), but the import reads them, and could fail.
    """
    if "matplotlib.figure" not in sys.modules:
        os.environ.pop("MPLBACKEND", None)
        os.environ["MATPLOTLIBRC"] = os.devnull
        # figgen multiplies no matrices in float64, and a process with numpy's threads should not be forked.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # A matplotlibrc in the working folder takes precedence over MATPLOTLIBRC.
        here = Path(__file__).parent
        with warnings.catch_warnings(action="ignore"), contextlib.chdir(here), skip_set_docstrings():
            try:
                import matplotlib.figure  # noqa: F401
            except RuntimeError as error:  # it starts a thread while it looks for fonts
                if "start new thread" in str(error):
                    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error
                raise
    import pyparsing

    # With any -W or PYTHONWARNINGS, pyparsing warns about the mathtext grammar of matplotlib 3.8.
    for diagnostic in pyparsing.Diagnostics:
        pyparsing.disable_diag(diagnostic)


import_matplotlib()
