import subprocess
import sys

from tests.figures import ROOT


def run(code):
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT).stdout


def test_matplotlib_writes_no_docstrings_that_nobody_reads_and_does_so_again_afterwards():
    said = run(
        "import gc\n"
        "from figgen.drawing.isolation import import_matplotlib\n"
        "import_matplotlib()\n"
        "from matplotlib.lines import Line2D\n"
        "from matplotlib.artist import Artist\n"
        "class Later(Artist): pass\n"
        "line = Line2D([], [])\n"
        "line.set(linewidth=3)\n"
        "words = 'Supported properties'\n"
        "print(words in (Line2D.set.__doc__ or ''), words in Later.set.__doc__, line.get_linewidth(), gc.isenabled())\n"
    )
    assert said == "False True 3.0 True\n"


def test_no_setting_of_the_machine_is_read(tmp_path, monkeypatch):
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\n")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path))
    monkeypatch.setenv("MPLBACKEND", "no such backend")
    said = run(
        "from figgen.drawing.isolation import import_matplotlib\n"
        "import_matplotlib()\n"
        "import matplotlib\n"
        "print(matplotlib.rcParams['lines.linewidth'])\n"
    )
    assert said == "1.5\n"
