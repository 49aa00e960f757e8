import io

import numpy as np
import pytest
from PIL import Image

from figgen.regression import figure_diff as module
from figgen.regression.figure_diff import ChangeKind, compare
from figgen.regression.git import checked_out, find_revision
from figgen.regression.pixels import compare_pixels, draw_overlay
from figgen.regression.report import as_text, detail_lines
from tests.conftest import MINIMAL
from tests.repository import commit

pytestmark = [pytest.mark.usefixtures("in_process"), pytest.mark.slow]

SMALL = MINIMAL + "canvas: {size: [2, 1.5], dpi: 50}\n"
RULE = "alt: Another.\nlayers:\n- mark: rule\n  y: 3\n"  # too different from the others to be one of them renamed
STYLED = SMALL + "style: house\n"
FROM_CSV = SMALL.replace("{linspace: [0, 1, 3]}", "{csv: /data/runs.csv, column: t}")


@pytest.fixture
def site(site):
    """A site in a repository: a figure alone, one with a style and one with data."""
    (site / "configs" / "Post" / "one.yaml").write_text(SMALL)
    (site / "configs" / "Post" / "styled.yaml").write_text(STYLED)
    (site / "configs" / "Post" / "csv.yaml").write_text(FROM_CSV)
    (site / "data").mkdir()
    (site / "data" / "runs.csv").write_text("t\n1\n2\n")
    commit(site)
    return site


def diffs_by_name(site):
    """Compare a working tree with its last commit, and return the diffs by name, without unchanged figures."""
    with checked_out(site, find_revision(site, "HEAD").commit) as base:
        diffs = compare(base, site, 2)
    assert [diff.name for diff in diffs] == sorted(diff.name for diff in diffs)
    return {diff.name: diff for diff in diffs if diff.kind is not ChangeKind.UNCHANGED}


def edit(site, path, before, after):
    text = (site / path).read_text()
    assert before in text
    (site / path).write_text(text.replace(before, after))


def write(site, text):
    (site / "configs/Post/one.yaml").write_text(text)


def test_nothing_changed(site):
    assert diffs_by_name(site) == {}


def test_files_that_no_figure_reads_change_nothing(site):
    (site / "README.md").write_text("new")
    (site / "data" / "other.csv").write_text("t\n1\n")
    assert diffs_by_name(site) == {}


def test_a_figure_whose_files_are_the_same_is_drawn_once(site, monkeypatch):
    drawn = []

    def render_all(root, jobs, configs, **options):
        drawn.append((root == site, sorted(configs)))
        return everything(root, jobs, configs, **options)

    everything = module.render_all
    monkeypatch.setattr(module, "render_all", render_all)
    edit(site, "configs/Post/one.yaml", "2 * x", "3 * x")
    assert set(diffs_by_name(site)) == {"Post/one"}
    assert [configs for at_head, configs in drawn if not at_head] == [["configs/Post/one.yaml"]]


def test_a_comment_changes_no_picture(site):
    edit(site, "configs/Post/one.yaml", "alt:", "# a word\nalt:")
    assert diffs_by_name(site) == {}


@pytest.mark.parametrize(
    ("change", "name", "line"),
    [
        (lambda site: edit(site, "configs/Post/one.yaml", "2 * x", "3 * x"), "Post/one", "line y: [0, 1, 2] -> [0, 1.5, 3]"),
        (lambda site: edit(site, "configs/Post/one.yaml", "alt:", "title: A\nalt:"), "Post/one", 'title: "A" added'),
        (lambda site: edit(site, "configs/styles/house.mplstyle", "axes.grid: True", "axes.grid: True\nlines.linewidth: 4"), "Post/styled", "line width: 1.5 -> 4"),
        (lambda site: edit(site, "data/runs.csv", "2", "3"), "Post/csv", "line x: [1, 2] -> [1, 3]"),
    ],
)  # fmt: skip
def test_an_edit_changes_the_figure_that_reads_it(site, change, name, line):
    change(site)
    found = diffs_by_name(site)
    assert {name: diff.kind for name, diff in found.items()} == {name: ChangeKind.CHANGED}
    assert line in found[name].changes
    assert found[name].difference.pixels > 0
    assert found[name].before.content != found[name].after.content


def test_new_defaults_change_the_figures_of_their_post(site):
    (site / "configs" / "Post" / "_defaults.yaml").write_text("title: All of them\n")
    found = diffs_by_name(site)
    assert set(found) == {"Post/csv", "Post/one", "Post/styled"}
    assert all('title: "All of them" added' in diff.changes for diff in found.values())
    commit(site)
    (site / "configs" / "Post" / "_defaults.yaml").unlink()
    found = diffs_by_name(site)
    assert set(found) == {"Post/csv", "Post/one", "Post/styled"}
    assert all('title: "All of them" removed' in diff.changes for diff in found.values())


def test_a_changed_alt_text(site):
    edit(site, "configs/Post/one.yaml", "A rising line.", "A line.")
    (diff,) = diffs_by_name(site).values()
    assert (diff.kind, diff.changes) == (ChangeKind.CHANGED, ('alt: "A rising line." -> "A line."',))
    assert (diff.difference.pixels, diff.difference.rms) == (0, 0)


def test_pixels_that_differ_though_the_description_does_not(site):
    edit(site, "configs/styles/house.mplstyle", "axes.grid: True", "axes.grid: True\ntext.antialiased: False")
    (diff,) = diffs_by_name(site).values()
    assert (diff.name, diff.kind, diff.changes) == ("Post/styled", ChangeKind.CHANGED, ())
    assert diff.difference.pixels > 0


OUTPUTS = "formats: [png, svg, pdf, webp]\n"
DARK = "variants: [light, dark]\nstyle: house\ncanvas: {size: [3, 2]}\n"


@pytest.mark.parametrize(
    ("config", "change", "name"),
    [
        (SMALL + OUTPUTS, "rc: {svg.fonttype: none}\n", "Post/one"),
        (MINIMAL + OUTPUTS + DARK, "dark: {rc: {svg.fonttype: none}}\n", "Post/one-dark"),
    ],
)
def test_an_svg_that_changes_while_the_png_does_not(site, config, change, name):
    write(site, config)
    commit(site)
    write(site, config + change)
    (diff,) = diffs_by_name(site).values()
    assert (diff.name, diff.kind, diff.changes) == (name, ChangeKind.CHANGED, ("SVG output changed, PNG unchanged",))
    assert diff.difference.pixels == 0


def test_outputs_that_are_added_and_removed(site):
    write(site, SMALL + "formats: [png, svg]\n")
    commit(site)
    write(site, SMALL + "formats: [png, webp, pdf]\n")
    (diff,) = diffs_by_name(site).values()
    assert sorted(diff.changes) == ["PDF output added", "SVG output removed", "WEBP output added"]


def test_outputs_that_change_with_the_png_are_not_listed(site):
    write(site, SMALL + OUTPUTS)
    commit(site)
    edit(site, "configs/Post/one.yaml", "2 * x", "3 * x")
    (diff,) = diffs_by_name(site).values()
    assert not [line for line in diff.changes if "output" in line]


def test_added_and_removed(site):
    (site / "configs" / "New").mkdir()
    (site / "configs" / "New" / "two.yaml").write_text(RULE)
    (site / "configs" / "Post" / "csv.yaml").unlink()
    found = diffs_by_name(site)
    assert {name: diff.kind for name, diff in found.items()} == {
        "New/two": ChangeKind.ADDED,
        "Post/csv": ChangeKind.REMOVED,
    }
    assert found["New/two"].before is None
    assert found["New/two"].after.content[:4] == found["Post/csv"].before.content[:4] == b"\x89PNG"


def test_a_renamed_figure_is_one_entry(site):
    (site / "configs" / "Post" / "one.yaml").rename(site / "configs" / "Post" / "uno.yaml")
    (diff,) = diffs_by_name(site).values()
    assert (diff.name, diff.old_name, diff.kind) == ("Post/uno", "Post/one", ChangeKind.RENAMED)
    assert (diff.causes, diff.changes, diff.difference.pixels) == ((), (), 0)
    assert detail_lines(diff) == []
    assert diff.before.content == diff.after.content


def test_a_renamed_figure_shows_what_else_changed(site):
    edit(site, "configs/Post/one.yaml", "2 * x", "3 * x")
    (site / "configs" / "Post" / "one.yaml").rename(site / "configs" / "Post" / "uno.yaml")
    (site / "configs" / "Post" / "new.yaml").write_text(RULE)
    found = diffs_by_name(site)
    assert {diff.kind for diff in found.values()} == {ChangeKind.RENAMED, ChangeKind.ADDED}
    assert found["Post/uno"].causes == ('config: line y: "2 * x" -> "3 * x"',)
    assert "line y: [0, 1, 2] -> [0, 1.5, 3]" in found["Post/uno"].changes
    assert "renamed Post/one -> Post/uno: " in as_text("HEAD", [*found.values()])


BOXES = """\
alt: Boxes.
data: {a: {random: normal, shape: [4, 30], seed: 1}}
layers: [{mark: box, y: ["a[0]", "a[1]", "a[2]", "a[3]"], labels: [p, q, r, s], width: 0.55}]
canvas: {size: [3, 2], dpi: 50}
"""


def test_a_mark_is_compared_in_the_words_of_the_spec(site):
    """A box is made of many artists, each of many points: none of them is listed by itself."""
    write(site, BOXES)
    commit(site)
    edit(site, "configs/Post/one.yaml", "0.55", "0.6")
    (diff,) = diffs_by_name(site).values()
    assert detail_lines(diff)[0] == "config: box width: 0.55 -> 0.6"
    assert not [line for line in diff.changes if "points" in line]
    assert len(diff.changes) < 5


def test_changed_data_say_how_many_values_and_where(site):
    rows = [f"{t},{t / 50}" for t in range(40)]
    text = FROM_CSV.replace("layers:", "  v: {csv: /data/runs.csv, column: v}\nlayers:").replace("2 * x", "v")
    (site / "configs/Post/csv.yaml").write_text(text)
    (site / "data/runs.csv").write_text("\n".join(["t,v", *rows]) + "\n")
    commit(site)
    edit(site, "data/runs.csv", "19,0.38", "19,1.0")
    (diff,) = diffs_by_name(site).values()
    assert diff.causes == ("data data/runs.csv changed",)
    assert diff.changes[0] == "line y: 1 of 40 values: 0.38 -> 1 at x = 19"
    assert [line.split(":")[0] for line in diff.changes[1:]] == ["y limits", "y ticks at", "y ticks texts"]


def test_a_change_of_a_style_is_reported_once(site):
    (site / "configs/Post/styled2.yaml").write_text(STYLED)
    commit(site)
    edit(site, "configs/styles/house.mplstyle", "axes.grid: True", "axes.grid: True\nlines.linewidth: 4")
    line = (site / "configs/styles/house.mplstyle").read_text().splitlines().index("lines.linewidth: 4") + 1
    found = [*diffs_by_name(site).values()]
    assert as_text("HEAD", found).splitlines()[1:-3] == [
        "in 2 figures (Post/styled, Post/styled2)",
        f"  style configs/styles/house.mplstyle:{line}: lines.linewidth: 4 added",
        "  line width: 1.5 -> 4",
    ]
    assert "width" not in "".join(as_text("HEAD", found).splitlines()[4:])


def test_broken_on_one_side(site):
    edit(site, "configs/Post/one.yaml", "2 * x", "2 * q")
    (broken,) = diffs_by_name(site).values()
    assert (broken.kind, broken.after.findings[0].message) == (ChangeKind.FAILED, "unknown name 'q'")
    assert broken.before.content
    assert broken.fails
    commit(site)
    edit(site, "configs/Post/one.yaml", "2 * q", "2 * x")
    (mended,) = diffs_by_name(site).values()
    assert (mended.kind, mended.before.findings[0].message) == (ChangeKind.FAILED, "unknown name 'q'")
    assert not mended.fails


def test_broken_on_both_sides(site):
    edit(site, "configs/Post/one.yaml", "2 * x", "2 * q")
    commit(site)
    (broken,) = diffs_by_name(site).values()
    assert (broken.kind, broken.fails) == (ChangeKind.FAILED, True)


def test_a_config_with_an_invalid_name(site):
    (site / "configs" / "Post" / "my figure.yaml").write_text(SMALL)
    (broken,) = diffs_by_name(site).values()
    assert (broken.name, broken.kind, broken.fails) == ("configs/Post/my figure.yaml", ChangeKind.FAILED, True)


def test_a_site_without_configs_before_or_after(site, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    assert {diff.kind for diff in compare(empty, site, 1)} == {ChangeKind.ADDED}
    assert {diff.kind for diff in compare(site, empty, 1)} == {ChangeKind.REMOVED}


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(buffer, "png")
    return buffer.getvalue()


WHITE = np.full((4, 5, 3), 255)


def spotted(pixels, row, column, color):
    changed = np.array(pixels)
    changed[row, column] = color
    return changed


def seen(content):
    return np.asarray(Image.open(io.BytesIO(content)))


def compared(before, after):
    """Return how two arrays of pixels differ, and the picture that shows it."""
    before, after = png(before), png(after)
    found = compare_pixels(before, after)
    return found, draw_overlay(before, after, found.corner)


def test_pixels_are_counted_and_highlighted():
    found, overlay = compared(WHITE, spotted(WHITE, 1, 2, (255, 255, 225)))
    assert (found.pixels, found.share, found.before, found.after) == (1, 1 / 20, (5, 4), (5, 4))
    assert found.rms == pytest.approx((30**2 / 60) ** 0.5)
    expected = spotted(WHITE, 1, 2, (214, 0, 110))
    assert (seen(overlay) == expected).all()


def test_equal_pixels_are_faded():
    black = np.zeros((2, 2, 3))
    found, overlay = compared(black, black)
    assert (found.rms, found.pixels) == (0, 0)
    assert (seen(overlay) == round(255 * 0.75)).all()


def test_transparency_is_a_difference():
    opaque = np.dstack([WHITE, np.full((4, 5), 255)])
    clear = np.dstack([WHITE, np.zeros((4, 5))])
    found, _ = compared(opaque, clear)
    assert (found.pixels, found.rms) == (20, pytest.approx(255 / 2))


@pytest.mark.parametrize("corner", [(right, bottom) for right in (False, True) for bottom in (False, True)])
def test_pictures_of_two_sizes_are_aligned_where_they_fit(corner):
    rng = np.random.default_rng(1)
    small = rng.integers(0, 255, (4, 5, 3))
    large = np.full((6, 8, 3), 255)
    rows = slice(2, 6) if corner[1] else slice(0, 4)
    columns = slice(3, 8) if corner[0] else slice(0, 5)
    large[rows, columns] = small
    for pair in ((small, large), (large, small)):
        found, overlay = compared(*pair)
        assert (found.corner, found.pixels) == (corner, 6 * 8 - 4 * 5)
        tinted = (seen(overlay) == (255, 196, 224)).all(axis=2)
        assert not tinted[rows, columns].any()
        assert tinted.sum() == found.pixels


def test_a_picture_that_is_wider_and_one_that_is_higher():
    found, overlay = compared(np.zeros((2, 4, 3)), np.zeros((3, 3, 3)))
    assert (found.before, found.after, seen(overlay).shape) == ((4, 2), (3, 3), (3, 4, 3))
    assert found.pixels == 5, "what both lack is the same"
    faded, ink, paper = [191] * 3, [0] * 3, [255] * 3
    assert seen(overlay).tolist() == [[faded] * 3 + [ink], [faded] * 3 + [ink], [ink] * 3 + [paper]]


@pytest.mark.parametrize("sizes", [((30, 20), (30, 20)), ((30, 20), (33, 20)), ((30, 20), (28, 23))])
def test_bands_of_rows_give_the_same_as_whole_pictures(sizes, monkeypatch):
    rng = np.random.default_rng(2)
    before, after = (rng.integers(0, 255, (height, width, 4)) for width, height in sizes)
    whole, shown = compared(before, after)
    monkeypatch.setattr("figgen.site.png._BAND", 100)
    found, overlay = compared(before, after)
    assert found == whole
    assert (seen(overlay) == seen(shown)).all()
    width, height = map(max, zip(*sizes, strict=True))
    canvases = []
    for pixels in (before, after):
        canvas = np.full((height, width, 4), (255, 255, 255, 0))
        y, x = (height - pixels.shape[0]) * whole.corner[1], (width - pixels.shape[1]) * whole.corner[0]
        canvas[y : y + pixels.shape[0], x : x + pixels.shape[1]] = pixels
        canvases.append(canvas)
    assert whole.pixels == np.any(canvases[0] != canvases[1], axis=2).sum()
    assert whole.share == pytest.approx(whole.pixels / width / height)
    assert whole.rms == pytest.approx(((canvases[0] - canvases[1]) ** 2).mean() ** 0.5)
