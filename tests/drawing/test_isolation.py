import hashlib
import subprocess
import sys
import warnings

import pytest

from figgen.build.picture import make_picture
from figgen.data.sample import sample
from figgen.drawing import draw
from figgen.errors import SpecError
from figgen.site.files import SiteFiles
from tests.conftest import MINIMAL
from tests.draw_figures import figure, fonts, no_files
from tests.figures import ROOT

pytestmark = pytest.mark.slow


def run(code):
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT).stdout


def test_matplotlib_generates_no_docstrings_while_it_is_imported():
    printed = run(
        "import gc\n"
        "from figgen.drawing.isolation import import_matplotlib\n"
        "import_matplotlib()\n"
        "from matplotlib.lines import Line2D\n"
        "from matplotlib.artist import Artist\n"
        "class Later(Artist): pass\n"
        "line = Line2D([], [])\n"
        "line.set(linewidth=3)\n"
        "text = 'Supported properties'\n"
        "print(text in (Line2D.set.__doc__ or ''), text in Later.set.__doc__, line.get_linewidth(), gc.isenabled())\n"
    )
    assert printed == "False True 3.0 True\n"


@pytest.mark.parametrize("module", ["figgen.drawing", "figgen.drawing.mpl_compat", "figgen.review"])
def test_no_setting_of_the_machine_is_read(tmp_path, monkeypatch, module):
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\n")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path))
    monkeypatch.setenv("MPLBACKEND", "no such backend")
    printed = run(f"import {module}\nimport matplotlib\nprint(matplotlib.rcParams['lines.linewidth'])\n")
    assert printed == "1.5\n"


@pytest.mark.parametrize("setting", ["default", "error", "always::UserWarning"])
def test_no_warning_filter_of_the_machine_reaches_the_drawing(site, monkeypatch, setting):
    (site / "configs/Post/one.yaml").write_text(MINIMAL + "title: $x^2$ and $\\sqrt{x}$\n")
    here = make_picture(SiteFiles(site), "configs/Post/one.yaml").content
    monkeypatch.setenv("PYTHONWARNINGS", setting)
    monkeypatch.setenv("PYPARSINGENABLEALLWARNINGS", "1")
    printed = run(
        "import hashlib, pathlib, pyparsing\n"
        "from figgen.build.picture import make_picture\n"
        "from figgen.site.files import SiteFiles\n"
        f"picture = make_picture(SiteFiles(pathlib.Path({str(site)!r})), 'configs/Post/one.yaml')\n"
        "flags = [getattr(pyparsing.__diag__, diagnostic.name) for diagnostic in pyparsing.Diagnostics]\n"
        "print(any(flags), hashlib.sha256(picture.content).hexdigest())\n"
    )
    assert printed == f"False {hashlib.sha256(here).hexdigest()}\n"


class DeprecatedByUser(UserWarning, DeprecationWarning):
    """As pyparsing's are."""


def test_warnings_are_ignored_or_end_the_drawing(recwarn):
    spec = figure(data={"x": {"values": [1, 2]}}, layers=[{"mark": "line", "x": "x", "y": "x"}])
    for category in (FutureWarning, DeprecationWarning, ResourceWarning, DeprecatedByUser):
        warnings.simplefilter("error", category)
        with draw(spec, sample(spec, no_files), {}, fonts()):
            warnings.warn("not about the picture", category, stacklevel=1)
    with pytest.raises(SpecError), draw(spec, sample(spec, no_files), {}, fonts()):
        warnings.warn("about the picture", UserWarning, stacklevel=1)
    assert not recwarn.list
