import pytest

from figgen.build import lockfile
from figgen.build.builder import build
from figgen.build.lockfile import read
from figgen.build.orphans import find_orphans, remove_orphans
from figgen.errors import ConfigError
from figgen.site.paths import discover
from tests.conftest import MINIMAL


def built(site):
    return sum(outcome.written for outcome in build(site, discover(site)[0]))


def test_orphans_are_removed_only_if_figgen_made_them_and_they_are_unchanged(site):
    for name in ("two", "edited"):
        (site / f"configs/Post/{name}.yaml").write_text(MINIMAL)
    assert built(site) == 3
    (site / "assets/posts/Post/photo.png").write_text("not figgen's")
    for name in ("two", "edited"):
        (site / f"configs/Post/{name}.yaml").unlink()
    (site / "assets/posts/Post/edited.png").write_text("edited")
    found = find_orphans(site, discover(site)[0])
    assert found == [("assets/posts/Post/edited.png", True), ("assets/posts/Post/two.png", False)]
    remove_orphans(site, found)
    assert {path.name for path in (site / "assets/posts/Post").iterdir()} == {"one.png", "edited.png", "photo.png"}
    assert read(site).keys() == {"assets/posts/Post/one.png", "assets/posts/Post/edited.png"}
    assert built(site) == 0
    assert find_orphans(site, discover(site)[0]) == [("assets/posts/Post/edited.png", True)]


def test_an_orphan_that_cannot_be_removed_is_reported_and_stays_recorded(site):
    """Of a folder in its place, which is no file to remove, as of one that its user may not write to."""
    (site / "configs/Post/two.yaml").write_text(MINIMAL)
    built(site)
    (site / "configs/Post/two.yaml").unlink()
    found = find_orphans(site, discover(site)[0])
    (site / "assets/posts/Post/two.png").unlink()
    (site / "assets/posts/Post/two.png").mkdir()
    with pytest.raises(ConfigError, match="cannot be removed"):
        remove_orphans(site, found)
    assert "assets/posts/Post/two.png" in read(site)


def test_an_output_that_another_figure_makes_by_now_is_no_orphan(site):
    pair = "variants: [light, dark]\nstyle: house\n"
    (site / "configs/Post/two.yaml").write_text(MINIMAL + pair)
    built(site)
    recorded = read(site)
    (site / "configs/Post/two.yaml").rename(site / "configs/Post/two-dark.yaml")
    (site / "configs/Post/two-dark.yaml").write_text(MINIMAL)
    built(site)
    made = read(site)["assets/posts/Post/two-dark.png"]
    lockfile.write(site, {**recorded, "assets/posts/Post/two-dark.png": made})  # as a merge of two branches leaves it
    found = find_orphans(site, discover(site)[0])
    assert found == [("assets/posts/Post/two.png", False)]
    remove_orphans(site, found)
    assert read(site).keys() == {"assets/posts/Post/one.png", "assets/posts/Post/two-dark.png"}
    assert read(site)["assets/posts/Post/two-dark.png"] == made
    assert (site / "assets/posts/Post/two-dark.png").exists()
