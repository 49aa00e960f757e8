"""Compare every figure with its baseline: its description, and its pixels by pytest-mpl, with a tolerance of 0."""

import hashlib
import io
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from figgen.build.builder import plan
from figgen.build.digest_cache import DigestCache
from figgen.build.fingerprint import LIBRARIES
from figgen.build.picture import make_picture
from figgen.build.staleness import differences
from figgen.errors import ConfigError, as_text
from figgen.regression.baselines import (
    BASELINES,
    compare_with_baseline,
    drawn_by,
    find_unused_baselines,
    read_baseline,
    read_toolchains,
    running_toolchain,
)
from figgen.regression.pixels import format_difference
from figgen.site.files import SiteFiles
from figgen.site.paths import discover
from tests.figures import GALLERY, PUBLISHED, ROOT, cases


class Rendered:
    """What pytest-mpl takes for a figure: it saves the very bytes that a build writes."""

    def __init__(self, content):
        self.content = content

    def savefig(self, target, **_options):
        if isinstance(target, io.IOBase):
            target.write(self.content)
        else:
            Path(target).write_bytes(self.content)


toolchains = cache(read_toolchains)  # one file for all figures of a site


def same_toolchain(case):
    """Check whether the libraries and fonts are those that drew a baseline; only then are pixels compared."""
    return drawn_by(toolchains(case.baselines), case.figure) in ({}, RUNNING)


def image_test(case):
    compare = pytest.mark.mpl_image_compare(
        baseline_dir=str(case.baseline.parent), filename=case.baseline.name, tolerance=0
    )
    return pytest.param(case, id=case.name, marks=[compare] if same_toolchain(case) else [])


RUNNING = running_toolchain(DigestCache(ROOT, ".figgen/digests.json"))
each_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
# Under other libraries than the locked ones, only descriptions are compared.
locked_only = pytest.mark.skipif(
    not all(map(same_toolchain, cases())), reason="other libraries than those that drew the baselines"
)


@pytest.mark.parametrize("case", [image_test(case) for case in cases()])
def test_figure(case, record_property, pytestconfig):
    """Draw a figure, with all its checks, and compare its description and pixels with those of its baseline.

    Under other libraries than the baseline's, differing pixels are reported at the end of the run as drift.
    """
    try:
        picture = case.picture()
    except ConfigError as error:
        pytest.fail(as_text(error.findings), pytrace=False)
    diff = compare_with_baseline(read_baseline(case.baselines, case.figure), picture.content, picture.description)
    if diff.new:
        pytest.fail(
            f"{case.name} has no baseline: look at {case.artefact}, then approve it with 'make baselines'",
            pytrace=False,
        )
    same = same_toolchain(case)
    if diff.changes:
        lines = [f"{case.name} has another description than its baseline:", *(f"  {line}" for line in diff.changes)]
        lines += [f"  ({format_difference(diff.difference)})", "if this is intended, approve it with 'make baselines'"]
        print("\n".join(lines))
        if not (same and fails_pytest_mpl(case.baseline, picture.content)):
            pytest.fail("\n".join(lines), pytrace=False)
    elif diff.difference and not same:
        versions = ", ".join(differences(drawn_by(toolchains(case.baselines), case.figure), RUNNING))
        drift = f"{case.name}: {format_difference(diff.difference)}; {versions}"
        if pytestconfig.getoption("exact"):
            pytest.fail(drift, pytrace=False)
        record_property("drift", drift)
    return Rendered(picture.content) if same else None


def fails_pytest_mpl(path, content):
    """Check whether pytest-mpl, which ignores alpha, will fail a picture and show it beside its baseline."""
    before, after = (np.asarray(Image.open(source).convert("RGB")) for source in (path, io.BytesIO(content)))
    return before.shape != after.shape or bool(np.any(before != after))


def test_images_are_compared(request):
    plugins = {type(plugin).__name__ for plugin in request.config.pluginmanager.get_plugins()}
    assert "ImageComparison" in plugins, "pytest-mpl compares nothing without --mpl, which pyproject.toml sets"


@pytest.mark.slow
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
    result = pytester.runpytest_subprocess("--mpl", "--mpl-results-path=results", "-p", "no:randomly")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*Image files did not match*"])


@pytest.mark.parametrize("site", [ROOT, GALLERY], ids=["site", "gallery"])
def test_every_baseline_has_a_config(site):
    orphans = find_unused_baselines(site / BASELINES, [case.figure for case in cases(site)])
    assert not orphans, "baselines without a config: 'make baselines' removes them"


@locked_only
@each_case
def test_the_committed_artefact_is_what_its_config_renders(case):
    assert case.artefact.read_bytes() == case.render()


@locked_only
@pytest.mark.parametrize("site", [ROOT, GALLERY], ids=["site", "gallery"])
def test_a_build_would_have_nothing_to_do(site):
    """According to the lockfiles, the committed pictures are those of the configs, the code and the libraries."""
    stale = {step.target.name: [str(reason) for reason in step.reasons] for step in plan(site, discover(site)[0])}
    assert not any(stale.values()), f"run 'make {'gallery' if site == GALLERY else 'figures'}'"


def test_every_artefact_has_a_config():
    """Pictures that figgen does not make are in other folders than those it writes to."""
    folders = {case.artefact.parent for case in cases()}
    orphans = {path for folder in folders for path in folder.glob("*.png")} - {case.artefact for case in cases()}
    assert not orphans, "pictures without a config: remove them, or write the config"


@locked_only
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


def test_the_baselines_were_drawn_by_the_locked_libraries():
    locked = (ROOT / "figgen/cli/templates/requirements.txt").read_text()
    for site in (ROOT, GALLERY):
        for versions in read_toolchains(site / BASELINES).values():
            for library in LIBRARIES:
                assert f"{library}=={versions[library]} " in locked
