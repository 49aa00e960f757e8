import io

import pytest
from PIL import Image

from figgen.build import lockfile, orphans
from figgen.build.builder import build
from figgen.build.lockfile import OutputRecord, read
from figgen.build.orphans import find_orphans, remove_orphans
from figgen.errors import ConfigError
from figgen.site.files import digest
from figgen.site.paths import discover
from tests.conftest import MINIMAL

MODIFIED, UNLIKE = "modified since figgen wrote it", "not like a picture that figgen writes"


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
    assert found == [("assets/posts/Post/edited.png", MODIFIED), ("assets/posts/Post/two.png", "")]
    remove_orphans(site, found)
    assert {path.name for path in (site / "assets/posts/Post").iterdir()} == {"one.png", "edited.png", "photo.png"}
    assert read(site).keys() == {"assets/posts/Post/one.png", "assets/posts/Post/edited.png"}
    assert built(site) == 0
    assert find_orphans(site, discover(site)[0]) == [("assets/posts/Post/edited.png", MODIFIED)]


def test_an_orphan_that_cannot_be_removed_is_reported_and_stays_recorded(site, monkeypatch):
    (site / "configs/Post/two.yaml").write_text(MINIMAL)
    built(site)
    (site / "configs/Post/two.yaml").unlink()
    found = find_orphans(site, discover(site)[0])

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(orphans, "remove_below", refuse)
    with pytest.raises(ConfigError, match="cannot be removed: Permission denied"):
        remove_orphans(site, found)
    assert "assets/posts/Post/two.png" in read(site)


def test_a_folder_in_the_place_of_an_orphan_keeps_no_other(site):
    for name in ("two", "three"):
        (site / f"configs/Post/{name}.yaml").write_text(MINIMAL)
    built(site)
    for name in ("two", "three"):
        (site / f"configs/Post/{name}.yaml").unlink()
    (site / "assets/posts/Post/two.png").unlink()
    (site / "assets/posts/Post/two.png").mkdir()
    found = find_orphans(site, discover(site)[0])
    assert found == [("assets/posts/Post/three.png", ""), ("assets/posts/Post/two.png", "not a file")]
    remove_orphans(site, found)
    assert (site / "assets/posts/Post/two.png").is_dir()
    assert read(site).keys() == {"assets/posts/Post/one.png", "assets/posts/Post/two.png"}


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
    assert found == [("assets/posts/Post/two.png", "")]
    remove_orphans(site, found)
    assert read(site).keys() == {"assets/posts/Post/one.png", "assets/posts/Post/two-dark.png"}
    assert read(site)["assets/posts/Post/two-dark.png"] == made
    assert (site / "assets/posts/Post/two-dark.png").exists()


def photo(kind, **options):
    """Return a picture of the size of the site's figure, as a camera or another program makes it."""
    buffer = io.BytesIO()
    Image.new("RGB", (1200, 800)).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.png", photo("PNG")),
        ("photo.webp", photo("WEBP")),
        ("photo.webp", photo("WEBP", lossless=True)),
        ("one-dark.webp", photo("WEBP", lossless=True)),
        ("photo.pdf", photo("PDF")),
        ("photo.svg", b'<?xml version="1.0" encoding="utf-8"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
)
def test_a_picture_of_somebody_elses_is_kept_whatever_a_lockfile_says(site, name, content):
    built(site)
    path = f"assets/posts/Post/{name}"
    (site / path).write_bytes(content)
    entries = read(site)
    made = entries["assets/posts/Post/one.png"]._replace(outputs={path: OutputRecord(digest(content), (1200, 800))})
    lockfile.write(site, {**entries, path: made})
    found = find_orphans(site, discover(site)[0])
    assert found == [(path, "not like a picture that figgen writes")]
    remove_orphans(site, found)
    assert (site / path).read_bytes() == content
    assert path in read(site)


def test_all_that_figgen_writes_is_known_as_its_own(site):
    """Also compressed, and a preview card; WebPs without a PNG beside them are not."""
    text = MINIMAL + "title: A\nvariants: [light, dark]\nstyle: house\nformats: [png, svg, webp, pdf]\n"
    text = text.replace("A rising line.", "A rising line, Δ.") + "preview: {}\noptimize: true\n"
    (site / "configs/Post/one.yaml").write_text(text)
    built(site)
    (site / "configs/Post/one.yaml").unlink()
    found = find_orphans(site, [])
    assert len(found) == 9
    assert not any(orphan.kept for orphan in found)
    (site / "assets/posts/Post/one.png").unlink()
    kept = [orphan for orphan in find_orphans(site, []) if orphan.kept]
    assert kept == [("assets/posts/Post/one.webp", UNLIKE)]
    found = [orphan for orphan in find_orphans(site, []) if not orphan.kept]
    remove_orphans(site, found)
    assert [path.name for path in (site / "assets/posts/Post").iterdir()] == ["one.webp"]


@pytest.mark.parametrize("change", ["content", "config"])
def test_what_changes_while_figgen_asks_is_kept(site, change):
    (site / "configs/Post/two.yaml").write_text(MINIMAL)
    built(site)
    (site / "configs/Post/two.yaml").unlink()
    found = find_orphans(site, discover(site)[0])
    if change == "content":
        (site / "assets/posts/Post/two.png").write_text("edited")
    else:
        (site / "configs/Post/two.yaml").write_text(MINIMAL)
    with pytest.raises(ConfigError) as caught:
        remove_orphans(site, found)
    (finding,) = caught.value.findings
    assert (finding.path, finding.message) == ("assets/posts/Post/two.png", "not removed: changed meanwhile")
    assert finding.hint == "run this again"
    assert (site / "assets/posts/Post/two.png").exists()
    assert "assets/posts/Post/two.png" in read(site)
