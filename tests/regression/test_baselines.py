import io
import json
import shutil
import tempfile
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from figgen.build.digest_cache import DigestCache
from figgen.cli import main
from figgen.regression.baselines import (
    BASELINES,
    _write,
    accept,
    compare_with_baseline,
    drawn_by,
    find_unused_baselines,
    read_baseline,
    read_toolchains,
    running_toolchain,
    write_toolchains,
)
from figgen.review import format_description
from figgen.site.paths import discover
from tests.conftest import MINIMAL
from tests.figures import cases

pytestmark = [pytest.mark.usefixtures("in_process"), pytest.mark.slow]


def accepted(site, *names, drift_only=False):
    targets = [target for target in discover(site)[0] if not names or target.name in names]
    return {one.name: one for one in accept(site, targets, drift_only=drift_only)}


def edit(site, before, after, name="one"):
    path = site / f"configs/Post/{name}.yaml"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def kept(site):
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in (site / BASELINES).rglob("*.*")}


@pytest.fixture
def approved(site):
    assert accepted(site)["Post/one"].diff.new
    return site


def test_a_baseline_is_a_picture_and_its_description(approved):
    assert kept(approved).keys() == {
        f"{BASELINES}/Post/one.png", f"{BASELINES}/Post/one.json", f"{BASELINES}/toolchain.json",
    }  # fmt: skip
    description = json.loads((approved / BASELINES / "Post/one.json").read_text())
    assert description["alt"] == "A rising line."
    before = kept(approved)
    assert accepted(approved)["Post/one"].status == "same"
    assert kept(approved) == before


values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
nested = st.recursive(values, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(), one, max_size=3))


@given(st.dictionaries(st.text(), nested, max_size=4))
def test_a_description_is_read_again_as_it_was_written(description):
    buffer = io.BytesIO()
    Image.new("RGB", (1, 1)).save(buffer, "PNG")
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root, BASELINES)
        _write(folder, "Post/one.json", format_description(description).encode())
        _write(folder, "Post/one.png", buffer.getvalue())
        assert read_baseline(folder, "Post/one").description == json.loads(format_description(description))


def test_a_change_is_reported_and_accepted(approved):
    edit(approved, "2 * x", "3 * x")
    one = accepted(approved)["Post/one"]
    assert one.status == "accepted"
    assert "line y: [0, 1, 2] -> [0, 1.5, 3]" in one.diff.changes
    assert one.diff.difference.pixels > 0
    assert accepted(approved)["Post/one"].status == "same"


def test_a_changed_description_is_not_drift(approved):
    edit(approved, "2 * x", "3 * x")
    (approved / "configs/Post/two.yaml").write_text(MINIMAL)
    before = kept(approved)
    found = accepted(approved, drift_only=True)
    assert {name: one.status for name, one in found.items()} == {"Post/one": "refused", "Post/two": "refused"}
    assert kept(approved) == before


def test_a_toolchain_is_that_of_the_names_and_the_bytes_of_its_fonts(tmp_path, monkeypatch):
    found = []
    for number, (name, content) in enumerate([("a.ttf", b"1"), ("a.ttf", b"2"), ("b.ttf", b"1"), ("a.ttf", b"1")]):
        (tmp_path / str(number) / "fonts/ttf").mkdir(parents=True)
        (tmp_path / str(number) / "fonts/ttf" / name).write_bytes(content)
        monkeypatch.setattr("matplotlib.get_data_path", lambda number=number: str(tmp_path / str(number)))
        found.append(running_toolchain(DigestCache(tmp_path, "digests.json"))["fonts"])
    assert len({*found[:3]}) == 3
    assert found[3] == found[0]


def test_drift_is_accepted_and_changes_no_description(approved):
    """Simulate other libraries: another picture as the baseline, and another toolchain."""
    folder = approved / BASELINES
    other = next(case.baseline for case in cases())
    shutil.copyfile(other, folder / "Post/one.png")
    write_toolchains(folder, {"Post/one": {"matplotlib": "3.7.5"}})
    before = kept(approved)
    assert accepted(approved, drift_only=True)["Post/one"].status == "accepted"
    after = kept(approved)
    changed = {path for path in after if after[path] != before[path]}
    assert changed == {f"{BASELINES}/toolchain.json", f"{BASELINES}/Post/one.png"}
    assert drawn_by(read_toolchains(folder), "Post/one") == running_toolchain(DigestCache(approved, ".figgen/d.json"))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("alt: A rising line.", "alt: A rising line.\nclaims: [max(x) == 2]", "claim"),
        ("layers:", "canvas: {size: [4, 3], shown: 100}\nlayers:", "px high"),
        ("2 * x", "2 * y", "unknown name 'y'"),
    ],
)
def test_a_figure_with_findings_is_refused(approved, before, after, message):
    kept_before = kept(approved)
    edit(approved, before, after)
    one = accepted(approved)["Post/one"]
    assert one.status == "refused"
    assert message in one.findings[0].message
    assert kept(approved) == kept_before


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", None])
def test_a_damaged_picture_counts_as_no_baseline(approved, content):
    folder = approved / BASELINES
    whole = (folder / "Post/one.png").read_bytes()
    (folder / "Post/one.png").write_bytes(whole[: len(whole) // 2] if content is None else content)
    assert read_baseline(folder, "Post/one") is None
    assert accepted(approved)["Post/one"].diff.new
    assert (folder / "Post/one.png").read_bytes() == whole


def test_a_baseline_is_decoded_once(approved, monkeypatch):
    decoded = []
    png = PngImagePlugin.PngImageFile
    monkeypatch.setattr(PngImagePlugin, "PngImageFile", lambda file: decoded.append(file) or png(file))
    assert read_baseline(approved / BASELINES, "Post/one") is not None
    assert len(decoded) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00", '"text"'])
def test_a_damaged_description_counts_as_no_baseline(approved, text):
    (approved / BASELINES / "Post/one.json").write_text(text)
    (approved / BASELINES / "toolchain.json").write_text(text)
    assert read_baseline(approved / BASELINES, "Post/one") is None
    assert read_toolchains(approved / BASELINES) == {}
    assert accepted(approved)["Post/one"].diff.new


def test_toolchains_are_recorded_by_figure(tmp_path):
    by_name = {"Post/a": {"numpy": "2"}, "Post/b": {"numpy": "1"}, "Post/c": {"numpy": "2"}}
    write_toolchains(tmp_path, by_name)
    found = read_toolchains(tmp_path)
    assert found.keys() == {"", "Post/b"}
    assert {name: drawn_by(found, name) for name in by_name} == by_name


@pytest.mark.parametrize("text", ['{"": 3}', '{"Post/one": []}', "[]"])
def test_a_damaged_toolchain_is_replaced(approved, text):
    whole = kept(approved)
    (approved / BASELINES / "toolchain.json").write_text(text)
    assert read_toolchains(approved / BASELINES) == {}
    accepted(approved)
    assert kept(approved) == whole


def test_an_interrupted_run_records_what_drew_the_accepted_pictures(approved):
    (approved / "configs/Post/two.yaml").write_text(MINIMAL)
    write_toolchains(approved / BASELINES, {"Post/one": {"numpy": "0"}})
    running = accept(approved, discover(approved)[0])
    assert next(running).name == "Post/one"
    running.close()
    assert drawn_by(read_toolchains(approved / BASELINES), "Post/one").keys() > {"numpy", "fonts"}


def test_the_toolchains_of_many_figures_take_linear_time(tmp_path):
    """20,000 take 0.2 s of processor time; counting each in the list of all took 5 s."""
    started = time.process_time()
    write_toolchains(tmp_path, {f"Post/f{number}": {"numpy": "2", "fonts": "0" * 16} for number in range(20_000)})
    assert time.process_time() - started < 2
    assert read_toolchains(tmp_path) == {"": {"numpy": "2", "fonts": "0" * 16}}


def test_files_without_a_figure_are_unused(approved):
    (approved / "configs/Post/one.yaml").rename(approved / "configs/Post/two.yaml")
    accepted(approved)
    found = find_unused_baselines(approved / BASELINES, ["Post/two"])
    assert [path.name for path in found] == ["one.json", "one.png"]


def test_the_same_picture_needs_no_decoding():
    assert compare_with_baseline(None, b"", {}).new
    diff = compare_with_baseline(read_baseline(*_first()), *_picture())
    assert not diff.differs


def _first():
    case = cases()[0]
    return case.baselines, case.target.name


def _picture():
    picture = cases()[0].picture()
    return picture.content, picture.description


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_command(site):
    def outdated(name="one"):
        path = f"assets/posts/Post/{name}.png"
        return f"not the accepted picture, or missing: {path}; write it with 'figgen build --root {site}'\n"

    first = run("accept", "--root", site)
    assert (first.exit_code, first.output) == (
        0,
        f"accepted Post/one: new\n{outdated()}baselines: 1 accepted, 0 same, 0 refused, 0 removed\n",
    )
    assert run("build", "--root", site).exit_code == 0
    assert run("accept", "--root", site).output == "baselines: 0 accepted, 1 same, 0 refused, 0 removed\n"
    edit(site, "A rising line.", "A line that rises.")
    result = run("accept", "--root", site, "--drift-only")
    assert result.exit_code == 1
    assert result.output == (
        "refused Post/one: no pixels differ\n"
        '  alt: "A rising line." -> "A line that rises."\n'
        f"look at what changed, then approve it with 'figgen accept --root {site} Post/one'\n"
        "baselines: 0 accepted, 0 same, 1 refused, 0 removed\n"
    )
    assert outdated() in run("accept", "--root", site, "Post/one").output, "it has the old alt text"
    (site / "configs/Post/one.yaml").rename(site / "configs/Post/two.yaml")
    moved = run("accept", "--root", site)
    assert moved.exit_code == 0
    assert "removed Post/one.png: no config\n" in moved.output
    assert run("accept", site / "configs/Post/two.yaml", "--root", site).output == (
        f"{outdated('two')}baselines: 0 accepted, 1 same, 0 refused, 0 removed\n"
    )


def test_a_folder_that_cannot_be_written_to(site):
    (site / "tests").mkdir()
    (site / BASELINES).write_text("in the way")
    result = run("accept", "--root", site)
    assert result.exit_code == 1
    assert "cannot be written" in result.output
