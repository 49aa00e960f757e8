import io
import os
import subprocess
import sys

import pytest
from PIL import Image

from figgen.build import build, discover, render_config
from figgen.errors import ConfigError
from tests.conftest import MINIMAL
from tests.figures import ROOT, cases


def findings(site, text):
    (site / "configs" / "Post" / "one.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    (target,), _ = discover(site)
    with pytest.raises(ConfigError) as caught:
        render_config(site, target.config)
    return [(f.path, f.line, f.column, f.where, f.message) for f in caught.value.findings]


def test_discover(site):
    (site / "configs" / "Other").mkdir()
    (site / "configs" / "Other" / "b-2.yaml").touch()
    (site / "configs" / "Other" / "notes.txt").touch()
    found, misnamed = discover(site)
    assert [(str(target.config), str(target.artefact), target.name) for target in found] == [
        ("configs/Other/b-2.yaml", "assets/posts/Other/b-2.png", "Other/b-2"),
        ("configs/Post/one.yaml", "assets/posts/Post/one.png", "Post/one"),
    ]
    assert not misnamed


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("Post/two.yml", "a config that ends in '.yml'"),
        ("two.yaml", "a config outside a post's folder"),
        ("Post/deep/two.yaml", "a config outside a post's folder"),
        ("Post/my figure.yaml", "a name that may not stand in a web address"),
        ("Post/ONE.yaml", "writes the same file as configs/Post/ONE.yaml, where letter case is not told apart"),
    ],
)
def test_a_config_by_a_wrong_name_is_a_finding_and_the_others_are_built(site, path, message):
    (site / "configs" / path).parent.mkdir(exist_ok=True)
    (site / "configs" / path).write_text(MINIMAL)
    found, misnamed = discover(site)
    assert [finding.message for finding in misnamed] == [message]
    assert len(found) == 1


def test_findings_are_placed_in_the_file(site):
    text = MINIMAL + "style: hose\naxes: {x: {label: $\\nope$}}\n"
    assert findings(site, text) == [
        ("configs/Post/one.yaml", 6, 8, "style", "unknown style 'hose'"),
    ]
    assert findings(site, text.replace("hose", "house"))[0][:4] == ("configs/Post/one.yaml", 7, 19, "axes.x.label")
    assert findings(site, MINIMAL.replace("2 * x", "2 * sgn(x)")) == [
        ("configs/Post/one.yaml", 5, 31, "layers[0].y", "unknown function 'sgn'")
    ]


def test_mistakes_of_style_and_formulas_are_told_at_once(site):
    found = findings(site, MINIMAL.replace("2 * x", "2 * q") + "style: hose\n")
    assert [where for _, _, _, where, _ in found] == ["layers[0].y", "style"]


def test_a_broken_style_is_placed_in_its_own_file(site):
    (site / "configs" / "styles" / "bad.mplstyle").write_text("font.size: 9\nfont.sise: 9\n")
    ((path, line, _, _, _),) = findings(site, MINIMAL + "style: bad\n")
    assert (path, line) == ("configs/styles/bad.mplstyle", 2)


def test_defaults_of_the_post_come_before_those_of_the_site(site):
    (site / "configs" / "_defaults.yaml").write_text("canvas: {size: [1, 1], dpi: 100}\nstyle: nowhere\n")
    (site / "configs" / "Post" / "_defaults.yaml").write_text("canvas: {size: [3, 2]}\nstyle: house\n")
    (target,), _ = discover(site)
    assert Image.open(io.BytesIO(render_config(site, target.config))).size == (300, 200)


def test_a_mistake_in_defaults_is_placed_in_their_file(site):
    (site / "configs" / "_defaults.yaml").write_text("canvas: {dpi: 0}\naxes: {x: {lable: a}}\n")
    assert findings(site, MINIMAL + "axes: {x: {label: b}, y: {labl: c}}\n") == [
        ("configs/Post/one.yaml", 6, 27, "axes.y.labl", "unknown key 'labl'"),
        ("configs/_defaults.yaml", 1, 15, "canvas.dpi", "0 is out of range"),
        ("configs/_defaults.yaml", 2, 12, "axes.x.lable", "unknown key 'lable'"),
    ]


def test_data_files_are_read_beside_the_config_or_from_the_root(site):
    (site / "configs" / "Post" / "near.csv").write_text("t,loss\n1,0.5\n2,0.25\n")
    (site / "runs.csv").write_text("t,loss\n1,0.5\n2,0.25\n")
    text = MINIMAL.replace("{linspace: [0, 1, 3]}", "{csv: near.csv, column: loss}")
    (site / "configs" / "Post" / "one.yaml").write_text(text)
    (site / "configs" / "Post" / "two.yaml").write_text(text.replace("near.csv", "/runs.csv"))
    one, two = discover(site)[0]
    assert render_config(site, one.config) == render_config(site, two.config)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("../../../secret.csv", "'../../../secret.csv' is outside the site"),
        ("link.csv", "'link.csv' is outside the site"),
        ("nera.csv", "there is no file 'nera.csv'"),
        ("..", "there is no file '..'"),
    ],
)
def test_data_files_are_read_below_the_root_only(site, path, message):
    (site.parent / "secret.csv").write_text("loss\n1\n")
    (site / "configs" / "Post" / "link.csv").symlink_to(site.parent / "secret.csv")
    text = MINIMAL.replace("{linspace: [0, 1, 3]}", f"{{csv: {path}, column: loss}}")
    assert findings(site, text) == [("configs/Post/one.yaml", 3, 12, "data.x.csv", message)]


def test_a_file_that_is_not_utf_8_is_placed(site):
    text = MINIMAL.encode().replace(b"line.", b"l\xefne.")
    assert findings(site, text) == [("configs/Post/one.yaml", 1, 16, "", "not UTF-8: the byte 0xef")]


def test_a_config_that_cannot_be_read(site):
    (site / "configs" / "Post" / "one.yaml").unlink()
    (site / "configs" / "Post" / "one.yaml").symlink_to("nowhere")
    (target,), _ = discover(site)
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory"):
        render_config(site, target.config)


def test_a_build_writes_what_changed_and_only_that(site):
    found, _ = discover(site)
    artefact = site / found[0].artefact
    assert [outcome.written for outcome in build(site, found)] == [True]
    assert Image.open(io.BytesIO(artefact.read_bytes())).size == (1200, 800)
    assert artefact.stat().st_mode & 0o777 == 0o644
    os.utime(artefact, (0, 0))
    assert [outcome.written for outcome in build(site, found)] == [False]
    assert artefact.stat().st_mtime == 0
    artefact.write_bytes(b"edited")
    assert [outcome.written for outcome in build(site, found)] == [True]
    assert list(artefact.parent.iterdir()) == [artefact]


def test_a_broken_config_leaves_its_artefact_and_the_others_are_built(site):
    found, _ = discover(site)
    list(build(site, found))
    before = (site / found[0].artefact).read_bytes()
    (site / "configs" / "Post" / "one.yaml").write_text("layers: 5")
    (site / "configs" / "Post" / "two.yaml").write_text(MINIMAL)
    outcomes = list(build(site, discover(site)[0]))
    assert [(bool(outcome.findings), outcome.written) for outcome in outcomes] == [(True, False), (False, True)]
    assert (site / found[0].artefact).read_bytes() == before


def test_nothing_is_written_without_leave(site):
    list(build(site, discover(site)[0], write=False))
    assert not (site / "assets").exists()


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
    "no home": {"HOME": "/nonexistent"},
}


@pytest.mark.parametrize("environment", HOSTILE.values(), ids=HOSTILE)
def test_nothing_around_a_build_reaches_its_pictures(environment, tmp_path):
    """Build in a folder with a matplotlibrc, in a process with settings that must not matter, in reverse order."""
    rc = "savefig.dpi: 50\nsavefig.bbox: tight\nlines.linewidth: 9\ntimezone: Asia/Tokyo\nbackend: nonsense\nbad: 1\n"
    (tmp_path / "matplotlibrc").write_text(rc)
    (tmp_path / "rc").write_text(rc)
    (tmp_path / "configs").symlink_to(ROOT / "configs")
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
        assert (tmp_path / case.target.artefact).read_bytes() == case.render()
