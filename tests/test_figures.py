"""Every config is an image test: what the build writes is compared with the approved baseline by pytest-mpl."""

import hashlib
import io
import json
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from figgen.build import plan
from figgen.files import SiteFiles
from figgen.picture import make_picture
from figgen.site import discover
from tests.figures import BASELINES, GALLERY, ROOT, cases

# The digests of the published pictures. One that is to change after all is published anew, and this file with it.
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


IMAGE_TESTS = [
    pytest.param(
        case,
        id=case.name,
        marks=pytest.mark.mpl_image_compare(
            baseline_dir=str(case.baseline.parent), filename=case.baseline.name, tolerance=0
        ),
    )
    for case in cases()
]
each_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)


@pytest.mark.parametrize("case", IMAGE_TESTS)
def test_figure(case):
    content = case.render()
    if not case.baseline.exists():
        pytest.fail(f"{case.name} has no baseline: look at {case.artefact}, then approve it with 'make baselines'")
    return Rendered(content)


def test_images_are_compared(request):
    plugins = {type(plugin).__name__ for plugin in request.config.pluginmanager.get_plugins()}
    assert "ImageComparison" in plugins, "pytest-mpl compares nothing without --mpl, which pyproject.toml sets"


def test_a_changed_pixel_fails_the_comparison(pytester):
    """Run pytest-mpl on a picture one level of one channel of one pixel away from its baseline."""
    path = next(case.baseline for case in cases() if case.baseline.exists())
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
    orphans = {path for path in BASELINES.rglob("*") if path.is_file()} - {case.baseline for case in cases()}
    assert not orphans, "baselines without a config: 'make baselines' removes them"


@each_case
def test_the_committed_artefact_is_what_its_config_renders(case):
    assert case.artefact.read_bytes() == case.render()


@pytest.mark.parametrize("site", [ROOT, GALLERY], ids=["site", "gallery"])
def test_a_build_would_have_nothing_to_do(site):
    """By the lockfiles, what is committed is what the configs, the code and the locked libraries make."""
    stale = {step.target.name: [str(reason) for reason in step.reasons] for step in plan(site, discover(site)[0])}
    assert not any(stale.values()), "run 'make figures'"


def test_every_artefact_has_a_config():
    """A site has pictures that figgen does not make, but not in the folders that it writes to."""
    folders = {case.artefact.parent for case in cases()}
    orphans = {path for folder in folders for path in folder.glob("*.png")} - {case.artefact for case in cases()}
    assert not orphans, "pictures without a config: remove them, or write the config"


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_pixels(name):
    content = make_picture(SiteFiles(ROOT), f"configs/{name}.yaml").content
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))
    assert hashlib.sha256(pixels.tobytes()).hexdigest() == PUBLISHED[name], "not as published: see tests/published.json"


@each_case
def test_a_picture_carries_its_alt_text_and_names_no_software(case):
    with Image.open(case.artefact) as image:
        assert image.text.keys() == {"Description"}
        assert image.text["Description"] == case.alt()


def test_the_toolchain_is_the_locked_one():
    """The tolerance is 0, which only holds on the versions that drew the baselines."""
    locked = (ROOT / "requirements" / "figures.txt").read_text()
    assert f"matplotlib=={mpl.__version__} " in locked
    assert f"numpy=={np.__version__} " in locked
