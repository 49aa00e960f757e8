import io
import json
import os
import shutil

import numpy as np
import pytest
from PIL import Image

from figgen.build import fingerprint, render_jobs
from figgen.build.builder import build, part, plan
from figgen.build.lockfile import read
from figgen.build.staleness import StaleReason
from figgen.errors import ConfigError
from figgen.site.files import SiteFiles
from figgen.site.paths import MAIN_ENDING, discover
from tests.conftest import MINIMAL
from tests.figures import GALLERY

pytestmark = pytest.mark.usefixtures("in_process")

ARTEFACT = "assets/posts/Post/one.png"


def built(site, **options):
    """Build a site, and give what became of each figure: why it was drawn, whether it was written, what was wrong."""
    targets, _ = discover(site)
    return {
        outcome.step.target.name: (
            [reason.kind for reason in outcome.step.reasons],
            outcome.written,
            [finding.message for finding in outcome.findings],
        )
        for outcome in build(site, targets, **options)
    }


FRESH = ([], False, [])


@pytest.fixture
def made(site):
    """A site that is built."""
    assert built(site) == {"Post/one": ([StaleReason.NEW], True, [])}
    assert built(site) == {"Post/one": FRESH}
    return site


def reasons(site, **options):
    (step,) = plan(site, discover(site)[0], **options)
    return [str(reason) for reason in step.reasons]


def test_a_touched_file_is_still_fresh(made):
    for path in [*made.rglob("*.yaml"), *made.rglob("*.png"), *made.rglob("*.mplstyle")]:
        os.utime(path, (1, 1))
    assert built(made) == {"Post/one": FRESH}


def test_a_copy_of_a_site_is_fresh(made):
    copy = made.parent / "clone"
    shutil.copytree(made, copy, ignore=shutil.ignore_patterns(".figgen"))
    assert built(copy) == {"Post/one": FRESH}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


STYLED = MINIMAL + "style: house\n"
FROM_CSV = MINIMAL.replace("{linspace: [0, 1, 3]}", "{csv: runs.csv, column: t}")


@pytest.mark.parametrize(
    ("config", "change", "expected"),
    [
        (MINIMAL, lambda root: write(root / "configs/Post/one.yaml", MINIMAL + "title: T\n"), "config"),
        (MINIMAL, lambda root: write(root / "configs/_defaults.yaml", "title: T\n"), "defaults configs/_defaults.yaml"),
        (MINIMAL, lambda root: write(root / "configs/Post/_defaults.yaml", "title: T\n"), "defaults configs/Post/_defaults.yaml"),
        (STYLED, lambda root: write(root / "configs/styles/house.mplstyle", "font.size: 9\n"), "style configs/styles/house.mplstyle"),
        (MINIMAL + "style: clean\n", lambda root: write(root / "configs/styles/clean.mplstyle", "font.size: 9\n"), "style configs/styles/clean.mplstyle"),
        (FROM_CSV, lambda root: write(root / "configs/Post/runs.csv", "t\n1\n3\n"), "data configs/Post/runs.csv"),
        (MINIMAL, lambda root: write(root / "configs/fonts/notes.txt", ""), "fonts configs/fonts/"),
        (MINIMAL, lambda root: (root / ARTEFACT).unlink(), "missing"),
        (MINIMAL, lambda root: write(root / ARTEFACT, "edited"), "edited by hand"),
    ],
)  # fmt: skip
def test_each_reason_is_named_and_mended(site, config, change, expected):
    write(site / "configs/Post/one.yaml", config)
    write(site / "configs/Post/runs.csv", "t\n1\n2\n")
    built(site)
    assert reasons(site) == []
    change(site)
    assert reasons(site) == [expected]
    built(site)
    assert reasons(site) == []


def test_a_file_changed_and_changed_back_is_fresh(made):
    write(made / "configs/Post/one.yaml", MINIMAL + "title: T\n")
    assert reasons(made) == ["config"]
    write(made / "configs/Post/one.yaml", MINIMAL)
    assert reasons(made) == []


def test_forced(made):
    assert reasons(made, forced=True) == ["forced"]
    assert built(made, forced=True) == {"Post/one": ([StaleReason.FORCED], False, [])}


def test_figgens_own_code_is_an_input(made, monkeypatch):
    digests = fingerprint.code_digests
    monkeypatch.setattr(fingerprint, "code_digests", lambda cache: digests(cache) | {"": "another"})
    assert reasons(made) == ["figgen"]


@pytest.mark.parametrize(("mark", "expected"), [("line", ["figgen mark line"]), ("bar", [])])
def test_a_changed_mark_makes_the_figures_stale_that_show_it(made, monkeypatch, mark, expected):
    digests = fingerprint.code_digests
    monkeypatch.setattr(fingerprint, "code_digests", lambda cache: digests(cache) | {mark: "another"})
    assert reasons(made) == expected


def test_a_lockfile_of_version_1_is_read(made):
    """Its digest is that of all drawing code, so that all is built once more."""
    lines = (made / "figgen.lock").read_text().splitlines()
    old = ['{"version": 1,', '"figgen": "f",', *lines[lines.index("},") + 1 :]]
    write(made / "figgen.lock", "\n".join(old))
    assert reasons(made) == ["figgen"]
    built(made)
    assert (made / "figgen.lock").read_text().splitlines() == lines


def test_equal_bytes_are_not_written_again(made):
    os.utime(made / ARTEFACT, (1, 1))
    write(made / "configs/Post/one.yaml", "# a comment\n" + MINIMAL)
    assert built(made) == {"Post/one": ([StaleReason.CONFIG], False, [])}
    assert (made / ARTEFACT).stat().st_mtime == 1
    assert reasons(made) == []


def test_the_lockfile_is_not_written_again_when_nothing_changed(made):
    os.utime(made / "figgen.lock", (1, 1))
    built(made, forced=True)
    assert (made / "figgen.lock").stat().st_mtime == 1


def test_one_failing_figure_never_stops_the_others(made):
    write(made / "configs/Post/one.yaml", "alt: 3\n")
    write(made / "configs/Post/two.yaml", MINIMAL)
    before = (made / ARTEFACT).read_bytes()
    assert built(made) == {
        "Post/one": ([StaleReason.CONFIG], False, ["expected a string, found 3"]),
        "Post/two": ([StaleReason.NEW], True, []),
    }
    assert (made / ARTEFACT).read_bytes() == before
    assert reasons_of(made, "Post/one") == ["config"]  # and is drawn again next time


def reasons_of(site, name):
    return next(
        [str(reason) for reason in step.reasons] for step in plan(site, discover(site)[0]) if step.target.name == name
    )


@pytest.mark.parametrize("jobs", [1, 2, 7])
@pytest.mark.slow
def test_equal_bytes_for_every_number_of_processes(site, jobs, tmp_path_factory):
    for number in range(6):
        write(site / f"configs/Post/f{number}.yaml", MINIMAL.replace("2 * x", f"{number} * x"))
    built(site, jobs=jobs)
    reference = shutil.copytree(site, tmp_path_factory.mktemp("reference") / "site")
    shutil.rmtree(reference / "assets")
    built(reference, jobs=1)
    for path in (site / "assets").rglob("*.png"):
        assert path.read_bytes() == (reference / path.relative_to(site)).read_bytes()
    assert (site / "figgen.lock").read_bytes() == (reference / "figgen.lock").read_bytes()


def other_libraries(monkeypatch):
    monkeypatch.setattr(fingerprint, "versions", lambda _: {"matplotlib": "9.9"})


def test_other_libraries_that_draw_the_same_pixels_are_accepted_quietly(made, monkeypatch):
    lockfile = (made / "figgen.lock").read_bytes()
    other_libraries(monkeypatch)
    assert reasons(made)[0].startswith("toolchain contourpy 1.3.3 -> none, freetype 2.6.1 -> none")
    assert built(made) == {"Post/one": ([StaleReason.TOOLCHAIN], False, [])}
    assert built(made) == {"Post/one": FRESH}, "and that is remembered on this machine"
    assert (made / "figgen.lock").read_bytes() == lockfile, "but not in the lockfile"
    monkeypatch.undo()
    assert built(made) == {"Post/one": FRESH}


def test_a_build_of_one_figure_keeps_what_is_known_of_the_others(made, monkeypatch):
    write(made / "configs/Post/two.yaml", MINIMAL)
    built(made)
    other_libraries(monkeypatch)
    built(made)
    list(build(made, [target for target in discover(made)[0] if target.name == "Post/one"], forced=True))
    assert reasons_of(made, "Post/two") == []


def draw_a_line_more(monkeypatch):
    """Make the workers draw another picture, as another matplotlib would."""
    make = render_jobs.render_from_site

    def render(root, config, **options):
        rendered = make(root, config, **options)
        return rendered._replace(outputs={MAIN_ENDING: rendered.outputs[MAIN_ENDING]._replace(content=OTHER)})

    monkeypatch.setattr(render_jobs, "render_from_site", render)


def _other_picture():
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((800, 1200, 4), np.uint8)).save(buffer, "png")
    return buffer.getvalue()


OTHER = _other_picture()


@pytest.mark.parametrize("missing", [False, True])
def test_other_libraries_that_draw_other_pixels_overwrite_nothing(made, monkeypatch, missing):
    before = (made / ARTEFACT).read_bytes()
    lockfile = (made / "figgen.lock").read_bytes()
    if missing:
        (made / ARTEFACT).unlink()
    other_libraries(monkeypatch)
    draw_a_line_more(monkeypatch)
    ((_, written, messages),) = built(made).values()
    assert not written
    assert "matplotlib 3.10.9 -> 9.9" in messages[0]
    assert (made / "figgen.lock").read_bytes() == lockfile
    assert not (made / ARTEFACT).exists() if missing else (made / ARTEFACT).read_bytes() == before
    ((_, written, messages),) = built(made, accept_drift=True).values()
    assert (written, messages) == (True, [])
    assert (made / ARTEFACT).read_bytes() == OTHER
    assert built(made) == {"Post/one": FRESH}


def change_code(_site, monkeypatch):
    digests = fingerprint.code_digests
    monkeypatch.setattr(fingerprint, "code_digests", lambda cache: digests(cache) | {"line": "another"})


@pytest.mark.parametrize(
    ("change", "other"),
    [
        (change_code, "figgen mark line"),
        (lambda site, _: write(site / "configs/Post/one.yaml", MINIMAL + "claims: [all(x >= 0)]\n"), "config"),
        (lambda site, _: write(site / "configs/_defaults.yaml", "title: T\n"), "defaults configs/_defaults.yaml"),
        (lambda site, _: write(site / "configs/fonts/notes.txt", ""), "fonts configs/fonts/"),
    ],
    ids=["figgen", "claim", "defaults", "fonts"],
)
def test_drift_is_guarded_whatever_else_changed(made, monkeypatch, change, other):
    before, lockfile = (made / ARTEFACT).read_bytes(), (made / "figgen.lock").read_bytes()
    other_libraries(monkeypatch)
    draw_a_line_more(monkeypatch)
    change(made, monkeypatch)
    ((_, written, (message,)),) = built(made).values()
    assert message.startswith("not overwritten: output changed, either with library versions (contourpy ")
    assert message.endswith(f") or with the rest that changed ({other})")
    assert (written, (made / ARTEFACT).read_bytes(), (made / "figgen.lock").read_bytes()) == (False, before, lockfile)
    assert built(made, accept_drift=True)["Post/one"][1:] == (True, [])
    assert built(made) == {"Post/one": FRESH}


def test_what_changed_beside_libraries_that_draw_the_same_pixels_is_recorded(made, monkeypatch):
    """A claim moves no pixel; the alt text is written into the picture."""
    other_libraries(monkeypatch)
    write(made / "configs/Post/one.yaml", MINIMAL + "claims: [all(x >= 0)]\n")
    assert built(made) == {"Post/one": ([StaleReason.CONFIG, StaleReason.TOOLCHAIN], False, [])}
    assert built(made) == {"Post/one": FRESH}
    monkeypatch.setattr(fingerprint, "versions", lambda _: {"matplotlib": "9.10"})
    write(made / "configs/Post/one.yaml", MINIMAL.replace("A rising line.", "Another text."))
    assert built(made) == {"Post/one": ([StaleReason.CONFIG, StaleReason.TOOLCHAIN], True, [])}
    with Image.open(made / ARTEFACT) as image:
        assert image.text["Description"] == "Another text."
    assert built(made) == {"Post/one": FRESH}


@pytest.mark.parametrize(("edit", "found"), [(os.remove, "missing"), (lambda path: write(path, "x"), "edited by hand")])
def test_a_picture_that_is_not_there_to_compare_is_not_said_to_differ(made, monkeypatch, edit, found):
    other_libraries(monkeypatch)
    draw_a_line_more(monkeypatch)
    edit(made / ARTEFACT)
    ((_, written, (message,)),) = built(made).values()
    assert not written
    assert message.startswith(f"not written: {found}, and other library versions (")


def test_an_artefact_of_the_same_pixels_in_other_bytes_is_kept(made, monkeypatch):
    with Image.open(made / ARTEFACT) as image:
        image.save(made / "other.png", compress_level=1)
    content = (made / "other.png").read_bytes()
    monkeypatch.setattr("tests.build.test_builder.OTHER", content)
    other_libraries(monkeypatch)
    draw_a_line_more(monkeypatch)
    before = (made / ARTEFACT).read_bytes()
    assert content != before
    assert built(made) == {"Post/one": ([StaleReason.TOOLCHAIN], False, [])}
    assert (made / ARTEFACT).read_bytes() == before


@pytest.mark.parametrize("ending", [".svg", ".pdf", ".webp"])
@pytest.mark.slow
def test_another_output_that_other_libraries_draw_differently_is_not_overwritten(site, monkeypatch, ending):
    """An SVG and a PDF have no pixels to compare, so other bytes are a drift; a WebP has."""
    write(site / "configs/Post/one.yaml", MINIMAL + "formats: [png, svg, pdf, webp]\n")
    built(site)
    path = site / f"assets/posts/Post/one{ending}"
    before, make = path.read_bytes(), render_jobs.render_from_site

    def render(root, config, **options):
        rendered = make(root, config, **options)
        webp = io.BytesIO()
        Image.new("RGBA", (1200, 800)).save(webp, "WEBP", lossless=True)
        content = webp.getvalue() if ending == ".webp" else before + b"\n"
        changed = rendered.outputs[ending]._replace(content=content)
        return rendered._replace(outputs={**rendered.outputs, ending: changed})

    monkeypatch.setattr(render_jobs, "render_from_site", render)
    other_libraries(monkeypatch)
    ((_, written, messages),) = built(site).values()
    assert (written, path.read_bytes()) == (False, before)
    assert len(messages) == 1
    assert "output changed with library versions" in messages[0]


def test_what_a_killed_build_left_behind_is_swept(made):
    write(made / "assets/posts/Post/.figgen-abc", "half")
    write(made / ".figgen-abc", "half")
    write(made / "configs/Post/two.yaml", MINIMAL)
    built(made)
    assert not list(made.rglob(".figgen-*"))


def test_artefacts_that_cannot_be_written_are_reported(site):
    write(site / "assets/posts/Post", "a file where a folder is needed")
    ((_, _, messages),) = built(site).values()
    assert messages == ["cannot be written: Not a directory"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("{", 1, "not JSON"),
        ('{"version": 1}', 1, "malformed lockfile"),
        ("[]", 1, "malformed lockfile"),
        ('{"version": 99, "artefacts": {}}', 1, "unknown lockfile version 99"),
        (
            '{"version": 1, "figgen": "f", "toolchain": {}, "artefacts": {"assets/posts/Post/one.png": {"digest": "d", "size": [1], "inputs": {}}}}',
            1,
            "malformed lockfile",
        ),
        (
            '{"version": 1, "figgen": "f", "toolchain": {}, "artefacts": {"assets/posts/Post/one.png": {"digest": "d", "size": [1, 2, 3], "inputs": {}}}}',
            1,
            "malformed lockfile",
        ),
        (
            '{"version": 1, "figgen": "f", "toolchain": {}, "artefacts": {"assets/posts/Post/one.png": {"digest": "d", "size": ["1", 2], "inputs": {}}}}',
            1,
            "malformed lockfile",
        ),
        (
            '{"version": 1, "figgen": "f", "toolchain": {}, "artefacts": {"assets/posts/Post/one.png": {"digest": 1, "size": [1, 2], "inputs": {}}}}',
            1,
            "malformed lockfile",
        ),
        (
            '{"version": 1, "figgen": "f", "toolchain": {}, "artefacts": {"assets/posts/Post/one.png": {"digest": "d", "size": [1, 2], "inputs": {"a": 1}}}}',
            1,
            "malformed lockfile",
        ),
        (
            '{"version": 1, "figgen": "f", "toolchain": {}, "artefacts": {"assets/posts/Post/one.png": {"digest": "d", "size": [1, 2], "inputs": {}, "toolchain": []}}}',
            1,
            "malformed lockfile",
        ),
        (
            '{"version": 1, "figgen": "f", "toolchain": {}, "artefacts": {"assets/posts/Post/one.png": {"digest": "d", "size": [1, 2], "inputs": {}, "further": {"-dark.png": {}}}}}',
            1,
            "malformed lockfile",
        ),
        ('{"version": 1,\n<<<<<<< ours\n', 2, "unresolved merge conflict"),
    ],
)
def test_a_damaged_lockfile_is_reported_and_left_alone(made, text, line, message):
    write(made / "figgen.lock", text)
    with pytest.raises(ConfigError) as caught:
        built(made)
    (finding,) = caught.value.findings
    assert (finding.path, finding.line) == ("figgen.lock", line)
    assert finding.message.startswith(message)
    assert "remove it" in finding.hint
    assert (made / "figgen.lock").read_text() == text


@pytest.mark.slow
def test_what_most_entries_share_is_recorded_once(made, monkeypatch):
    """A changed line of figgen's code that moves no pixel changes one line of the lockfile."""
    for number in range(4):
        write(made / f"configs/Post/f{number}.yaml", MINIMAL)
    built(made)
    before = (made / "figgen.lock").read_text().splitlines()
    monkeypatch.setattr(fingerprint, "code_digests", lambda _: {"": "another", "line": "a line"})
    list(build(made, discover(made)[0][:1]))
    assert read(made)[ARTEFACT.replace("one", "f0")].figgen == {"": "another", "line": "a line"}
    changed = (made / "figgen.lock").read_text().splitlines()
    assert len([1 for old, new in zip(before, changed, strict=True) if old != new]) == 1
    built(made)
    changed = (made / "figgen.lock").read_text().splitlines()
    assert [new for old, new in zip(before, changed, strict=True) if old != new] == [
        '"": "another",',
        '"line": "a line"',
    ]


def test_without_a_lockfile_all_is_drawn_and_nothing_rewritten(made):
    lockfile = (made / "figgen.lock").read_bytes()
    (made / "figgen.lock").unlink()
    assert built(made) == {"Post/one": ([StaleReason.NEW], False, [])}
    assert (made / "figgen.lock").read_bytes() == lockfile


def test_the_lockfile_is_sorted_and_has_an_entry_a_line(made):
    write(made / "configs/Post/two.yaml", MINIMAL)
    built(made)
    lines = (made / "figgen.lock").read_text().splitlines()
    assert [line.partition(":")[0] for line in lines if line.startswith('"assets')] == [
        '"assets/posts/Post/one.png"',
        '"assets/posts/Post/two.png"',
    ]
    entry = json.loads("\n".join(lines))["artefacts"][ARTEFACT]
    assert entry["size"] == [1200, 800]
    assert set(entry["inputs"]) == {
        "configs/Post/one.yaml",
        "configs/Post/_defaults.yaml",
        "configs/_defaults.yaml",
        "configs/fonts/",
    }


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_the_parts_of_a_site_are_the_whole(count):
    targets, _ = discover(GALLERY)
    parts = [part(targets, number + 1, count) for number in range(count)]
    assert sorted(target for one in parts for target in one) == targets
    assert part(targets[3:], 1, count) == [target for target in parts[0] if target in targets[3:]]


@pytest.mark.slow
def test_the_slowest_figures_are_drawn_first(site):
    write(site / "configs/Post/log.yaml", MINIMAL.replace("[0, 1, 3]", "[1, 2, 3]") + "axes: {y: {scale: log}}\n")
    write(site / "configs/Post/large.yaml", MINIMAL + "canvas: {size: [12, 8]}\n")
    order = []

    def render(configs):
        order.append([config.rpartition("/")[2] for config in configs])
        for config in configs:
            yield config, render_jobs.render(SiteFiles(site), config)

    for _ in range(2):
        assert all(not outcome.findings for outcome in build(site, discover(site)[0], forced=True, render=render))
    assert order[0][0] == "log.yaml", "of pictures never seen, those with a log scale"
    assert order[1] == ["large.yaml", "log.yaml", "one.yaml"], "else those of the most pixels, twice with a log scale"
