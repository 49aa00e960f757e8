"""Every config is an image test: what the build writes is compared with the approved baseline by pytest-mpl."""

import hashlib
import io
import json
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from figgen.build import render_config
from tests.figures import BASELINES, ROOT, baseline, targets

PUBLISHED = json.loads((ROOT / "tests" / "published.json").read_text())


class Rendered:
    """Stands in for a figure where pytest-mpl saves it: what is compared are the very bytes that the build writes."""

    def __init__(self, content):
        self.content = content

    def savefig(self, target, **_options):
        if isinstance(target, io.IOBase):
            target.write(self.content)
        else:
            Path(target).write_bytes(self.content)


def each_target(function):
    cases = [
        pytest.param(
            target,
            id=target.name.replace("/", "."),  # pytest-mpl makes a folder name of it
            marks=pytest.mark.mpl_image_compare(
                baseline_dir=str(baseline(target).parent), filename=baseline(target).name, tolerance=0
            ),
        )
        for target in targets()
    ]
    return pytest.mark.parametrize("target", cases)(function)


@each_target
def test_figure(target):
    content = render_config(ROOT, target.config)
    if not baseline(target).exists():
        pytest.fail(f"{target.name} has no baseline: look at {target.artefact}, then approve it with 'make baselines'")
    return Rendered(content)


def test_images_are_compared(request):
    plugins = {type(plugin).__name__ for plugin in request.config.pluginmanager.get_plugins()}
    assert "ImageComparison" in plugins, "pytest-mpl compares nothing without --mpl, which pyproject.toml sets"


def test_a_changed_pixel_fails_the_comparison(pytester):
    """Run pytest-mpl on a picture one level of one channel of one pixel away from its baseline."""
    path = baseline(targets()[0])
    pixels = np.asarray(Image.open(path).convert("RGBA")).copy()
    pixels[5, 5, 1] ^= 1
    Image.fromarray(pixels).save(pytester.path / "changed.png")
    pytester.makepyfile(
        f"""
        import pathlib, pytest
        from tests.test_figures import Rendered

        @pytest.mark.parametrize("name", ["same", "changed"])
        @pytest.mark.mpl_image_compare(baseline_dir={str(path.parent)!r}, filename={path.name!r}, tolerance=0)
        def test_picture(name):
            same = pathlib.Path({str(path)!r})
            return Rendered((same if name == "same" else pathlib.Path("changed.png")).read_bytes())
        """
    )
    pytester.syspathinsert(ROOT)
    result = pytester.runpytest_subprocess("--mpl", "-p", "no:randomly")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*Image files did not match*"])


def test_every_baseline_has_a_config():
    assert {path for path in BASELINES.rglob("*") if path.is_file()} == {baseline(target) for target in targets()}


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_the_committed_artefact_is_what_its_config_renders(target):
    assert (ROOT / target.artefact).read_bytes() == render_config(ROOT, target.config)


def test_every_artefact_has_a_config():
    committed = {path.relative_to(ROOT).as_posix() for path in (ROOT / "assets").rglob("*") if path.is_file()}
    assert committed == {str(target.artefact) for target in targets()}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_pixels(name):
    content = render_config(ROOT, next(target.config for target in targets() if target.artefact.name == name))
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))
    assert hashlib.sha256(pixels.tobytes()).hexdigest() == PUBLISHED[name]


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_a_picture_carries_its_alt_text_and_names_no_software(target):
    with Image.open(ROOT / target.artefact) as image:
        assert image.text.keys() == {"Description"}
        assert image.text["Description"] in (ROOT / target.config).read_text()


def test_the_toolchain_is_the_locked_one():
    """The tolerance is 0, which only holds on the versions that drew the baselines."""
    locked = (ROOT / "requirements" / "figures.txt").read_text()
    assert f"matplotlib=={mpl.__version__} " in locked
    assert f"numpy=={np.__version__} " in locked
