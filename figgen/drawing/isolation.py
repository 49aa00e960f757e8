"""Import matplotlib out of reach of the machine's settings.

Importing this module does so; the package imports it before all else.
"""

import contextlib
import os
import sys
from pathlib import Path

from figgen.drawing.mpl_compat import skip_set_docstrings


def import_matplotlib() -> None:
    """Import matplotlib so that no `matplotlibrc` and no MPLBACKEND can change it, or stop it with an error.

    Drawing starts from matplotlib's own defaults anyway; this is for what is read, and can fail, during the import.
    """
    if "matplotlib.figure" in sys.modules:
        return
    os.environ.pop("MPLBACKEND", None)
    os.environ["MATPLOTLIBRC"] = os.devnull
    # figgen multiplies no matrices in float64, and a process with numpy's threads is not one to fork.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A matplotlibrc in the working folder comes before the one that the variable names.
    with contextlib.chdir(Path(__file__).parent), skip_set_docstrings():
        import matplotlib.figure  # noqa: F401


def freetype_version() -> str:
    """Return the version of the FreeType that matplotlib was built with."""
    from matplotlib import ft2font

    return str(ft2font.__freetype_version__)


import_matplotlib()
