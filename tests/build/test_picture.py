import io
import os
import shutil
import subprocess
import sys

import pytest
from PIL import Image

from figgen.build.picture import describe_picture, make_picture, make_pictures
from figgen.errors import ConfigError
from figgen.site.files import SiteFiles
from tests.conftest import MINIMAL
from tests.figures import ROOT, cases


def findings(site, text):
    (site / "configs" / "Post" / "one.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        make_picture(SiteFiles(site), "configs/Post/one.yaml")
    return [(f.path, f.line, f.column, f.where, f.message) for f in caught.value.findings]


def test_findings_are_placed_in_the_file(site):
    text = MINIMAL + "style: hose\naxes: {x: {label: $\\nope$}}\n"
    assert findings(site, text) == [
        ("configs/Post/one.yaml", 6, 8, "style", "unknown style 'hose'"),
    ]
    assert findings(site, text.replace("hose", "house"))[0][:4] == ("configs/Post/one.yaml", 7, 19, "axes.x.label")
    assert findings(site, MINIMAL.replace("2 * x", "2 * sgn(x)")) == [
        ("configs/Post/one.yaml", 5, 31, "layers[0].y", "unknown function 'sgn'")
    ]


def test_mistakes_in_style_and_formulas_are_reported_in_one_run(site):
    found = findings(site, MINIMAL.replace("2 * x", "2 * q") + "style: hose\n")
    assert [where for _, _, _, where, _ in found] == ["layers[0].y", "style"]


def test_a_broken_style_is_placed_in_its_own_file(site):
    (site / "configs" / "styles" / "bad.mplstyle").write_text("font.size: 9\nfont.sise: 9\n")
    ((path, line, _, _, _),) = findings(site, MINIMAL + "style: bad\n")
    assert (path, line) == ("configs/styles/bad.mplstyle", 2)


def test_defaults_of_the_post_come_before_those_of_the_site(site):
    (site / "configs" / "_defaults.yaml").write_text("canvas: {size: [1, 1], dpi: 100}\nstyle: nowhere\n")
    (site / "configs" / "Post" / "_defaults.yaml").write_text("canvas: {size: [3, 2]}\nstyle: house\n")
    picture = make_picture(SiteFiles(site), "configs/Post/one.yaml")
    assert picture.size == (300, 200) == Image.open(io.BytesIO(picture.content)).size


def test_a_key_without_effect_is_a_mistake_but_in_defaults(site):
    key = "axes: {x: {ticks: {dates: '%Y'}}}\n"
    assert findings(site, MINIMAL + key) == [
        ("configs/Post/one.yaml", 6, 20, "axes.x.ticks.dates", "a date format on an axis of numbers")
    ]
    (site / "configs" / "Post" / "_defaults.yaml").write_text(key)
    (site / "configs" / "Post" / "one.yaml").write_text(MINIMAL)
    assert make_picture(SiteFiles(site), "configs/Post/one.yaml").content.startswith(b"\x89PNG")


def test_a_mistake_in_defaults_is_placed_in_their_file(site):
    (site / "configs" / "_defaults.yaml").write_text("canvas: {dpi: 0}\naxes: {x: {lable: a}}\n")
    assert findings(site, MINIMAL + "axes: {x: {label: b}, y: {labl: c}}\n") == [
        ("configs/Post/one.yaml", 6, 27, "axes.y.labl", "unknown key 'labl'"),
        ("configs/_defaults.yaml", 1, 15, "canvas.dpi", "must be at least 10, not 0"),
        ("configs/_defaults.yaml", 2, 12, "axes.x.lable", "unknown key 'lable'"),
    ]


def test_data_files_are_read_beside_the_config_or_from_the_root(site):
    (site / "configs" / "Post" / "near.csv").write_text("t,loss\n1,0.5\n2,0.25\n")
    (site / "runs.csv").write_text("t,loss\n1,0.5\n2,0.25\n")
    text = MINIMAL.replace("{linspace: [0, 1, 3]}", "{csv: near.csv, column: loss}")
    (site / "configs" / "Post" / "one.yaml").write_text(text)
    (site / "configs" / "Post" / "two.yaml").write_text(text.replace("near.csv", "/runs.csv"))
    files = SiteFiles(site)
    assert make_picture(files, "configs/Post/one.yaml") == make_picture(files, "configs/Post/two.yaml")
    assert files.digests["configs/Post/near.csv"] == files.digests["runs.csv"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("../../../secret.csv", "../../../secret.csv: outside the site"),
        ("link.csv", "link.csv: outside the site"),
        ("nera.csv", "file not found: nera.csv"),
        ("..", "..: not a file"),
    ],
)
def test_data_files_are_read_below_the_root_only(site, path, message):
    (site.parent / "secret.csv").write_text("loss\n1\n")
    (site / "configs" / "Post" / "link.csv").symlink_to(site.parent / "secret.csv")
    text = MINIMAL.replace("{linspace: [0, 1, 3]}", f"{{csv: {path}, column: loss}}")
    assert findings(site, text) == [("configs/Post/one.yaml", 3, 12, "data.x.csv", message)]


def test_a_file_that_is_not_utf_8_is_placed(site):
    text = MINIMAL.encode().replace(b"line.", b"l\xefne.")
    assert findings(site, text) == [("configs/Post/one.yaml", 1, 16, "", "not UTF-8: byte 0xef")]


def test_a_config_that_cannot_be_read(site):
    (site / "configs" / "Post" / "one.yaml").unlink()
    with pytest.raises(ConfigError, match="file not found"):
        make_picture(SiteFiles(site), "configs/Post/one.yaml")
    (site / "configs" / "Post" / "one.yaml").mkdir()
    with pytest.raises(ConfigError, match="not a file"):
        make_picture(SiteFiles(site), "configs/Post/one.yaml")
    (site / "configs" / "Post" / "one.yaml").rmdir()
    os.mkfifo(site / "configs" / "Post" / "one.yaml")
    with pytest.raises(ConfigError, match="not a file"):
        make_picture(SiteFiles(site), "configs/Post/one.yaml")


def _cpu_features():
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return " ".join(feature for feature in __cpu_dispatch__ if __cpu_features__.get(feature))


HOSTILE = {
    "plain": {},
    "a matplotlibrc by name": {"MATPLOTLIBRC": "rc"},
    "no such backend": {"MPLBACKEND": "module://nowhere"},
    "a backend with a window": {"MPLBACKEND": "TkAgg"},
    "an odd locale": {"LC_ALL": "de_DE.UTF-8", "LANG": "tr_TR.UTF-8"},
    "no UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "a time zone": {"TZ": "Asia/Kathmandu"},
    "a hash seed": {"PYTHONHASHSEED": "12345"},
    "another day": {"SOURCE_DATE_EPOCH": "1"},
    "an old processor": {"NPY_DISABLE_CPU_FEATURES": _cpu_features()},
    "no home": {"HOME": os.devnull},
}


@pytest.mark.parametrize("environment", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.slow
def test_nothing_around_a_build_reaches_its_pictures(environment, tmp_path):
    """Build in a folder with a matplotlibrc, in a process with settings that must not matter, in reverse order."""
    rc = "savefig.dpi: 50\nsavefig.bbox: tight\nlines.linewidth: 9\ntimezone: Asia/Tokyo\nbackend: nonsense\nbad: 1\n"
    (tmp_path / "matplotlibrc").write_text(rc)
    (tmp_path / "rc").write_text(rc)
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    names = [str(case.target.config) for case in reversed(cases(ROOT))]
    result = subprocess.run(
        [sys.executable, "-m", "figgen", "build", *names],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    for case in cases(ROOT):
        assert (tmp_path / case.artefact.relative_to(ROOT)).read_bytes() == case.render()


EXAMPLES = [case for case in cases() if case.site == ROOT or "Examples" in case.name]


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case.name)
@pytest.mark.slow
def test_a_picture_that_is_described_is_the_same(case):
    again = make_pictures(SiteFiles(case.site), case.target.config)[f"{case.suffix}.png"]
    assert case.picture().content == again.content
    assert case.suffix or case.picture().description == describe_picture(SiteFiles(case.site), case.target.config)


def test_a_picture_that_could_not_be_read_again_is_not_written(site, monkeypatch):
    """A tight crop adds to the canvas what is drawn beside it, and the pad."""
    monkeypatch.setattr("figgen.site.png.MAX_SIDE", 1000)
    expected = ("configs/Post/one.yaml", 1, 1, "canvas", "picture too large: 1,200 x 800 pixels")
    assert findings(site, MINIMAL) == [expected]
    with pytest.raises(ConfigError) as caught:
        make_picture(SiteFiles(site), "configs/Post/one.yaml")
    (finding,) = caught.value.findings
    assert finding.allowed == ("up to 100,000 on a side and 100,000,000 in all",)
    assert finding.hint == "lower its size, dpi or pad"
