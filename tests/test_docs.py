"""The documentation follows from the code, and what it shows works."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from figgen.build.staleness import StaleReason
from figgen.cli import main
from figgen.config.spec import DRAWS, MARKS, SOURCES
from figgen.config.validate import validate
from figgen.config.yaml_document import load
from figgen.data.formulas.functions import FUNCTIONS
from figgen.data.sample import sample
from figgen.site.paths import discover
from tests.draw_figures import no_files
from tests.figures import GALLERY, PUBLISHED, ROOT, cases
from tools.generate_docs import generated_files

REFERENCE = ROOT / "docs" / "reference"
SPEC = (REFERENCE / "spec.md").read_text()
EXTENDING = (ROOT / "docs" / "how-to" / "extending.md").read_text()
NEW_FILES = (
    "figgen/config/spec/marks/hexbin.py",
    "docs/gallery/configs/Marks/hexbin.yaml",
    "tests/drawing/marks/test_hexbin.py",
)
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize(("path", "text"), generated_files().items(), ids=lambda item: getattr(item, "name", ""))
def test_generated_files_are_up_to_date(path, text):
    assert path.read_text() == text, "run 'make docs'"


def test_every_kind_has_its_section():
    for kind in (*SOURCES, *DRAWS, *MARKS):
        assert f"### `{kind}`\n" in SPEC or kind == "random"
    for function in FUNCTIONS.values():
        assert f"`{function.usage}`" in (REFERENCE / "functions.md").read_text()


def test_every_field_is_described():
    undescribed = re.findall(r"^\| `(\w+)` \|.*\|  \|$", SPEC, re.MULTILINE)
    assert set(undescribed) <= {"mark", "random"}


def test_the_first_example_of_the_config_page_is_a_figure():
    example = re.search(r"```yaml\n(.*?)```", (REFERENCE / "config.md").read_text(), re.DOTALL)[1]
    samples = sample(validate(load(example, "example.yaml").data), no_files)
    assert "0.31, after epoch 19" in samples.alt


def test_the_gallery_has_every_mark_and_every_source():
    texts = [case.config.read_text() for case in cases(GALLERY)]
    for mark in MARKS:
        assert any(re.search(rf"mark: {mark}\b", text) for text in texts), mark
    for source in SOURCES:
        assert any(re.search(rf"\{{{source}:|^    {source}:", text, re.MULTILINE) for text in texts), source


def test_modelines_name_the_schema():
    for case in cases():
        first = case.config.read_text().splitlines()[0]
        modeline = re.fullmatch(r"# yaml-language-server: \$schema=(.*)", first)
        if modeline is None:
            assert case.site == ROOT, case.config
            assert case.target.name not in PUBLISHED, "only a config that an author added may do without"
        else:
            assert (case.config.parent / modeline[1]).resolve() == ROOT / "figgen.schema.json", case.config


def test_every_config_validates_against_the_schema_with_another_validator():
    configs = [str(case.config) for case in cases()]
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(ROOT / "figgen.schema.json"), *configs]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_the_schema_refuses_what_figgen_refuses(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("alt: a\nlayers: [{mark: line, x: x, y: x, colour: red}]\n")
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(ROOT / "figgen.schema.json"), str(bad)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 1


@pytest.mark.slow
def test_the_mark_of_extending_is_drawn(tmp_path):
    """Add the mark to a copy of figgen by the page's steps, draw its figure and no other, and run its test."""
    ignored = shutil.ignore_patterns("__pycache__", "baseline", "messages", "specs")
    for folder in ("figgen", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    shutil.copytree(GALLERY, tmp_path / "docs" / "gallery", ignore=shutil.ignore_patterns("tests", ".figgen"))
    files = dict(re.findall(r"`(\S+\.(?:py|yaml))`[^`]*(?:`[^`]*`[^`]*)?:\n\n```\w+\n(.*?)```", EXTENDING, re.DOTALL))
    entry = files.pop("figgen/config/spec/marks/__init__.py")
    table = tmp_path / "figgen" / "config" / "spec" / "marks" / "__init__.py"
    table.write_text(table.read_text().replace('    "heatmap",\n', entry + '    "heatmap",\n'))
    for path in NEW_FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(files[path])
    build = [sys.executable, "-m", "figgen", "build", "--root", "docs/gallery"]
    result = subprocess.run(build, cwd=tmp_path, check=False, capture_output=True, text=True)
    fresh = len(discover(GALLERY)[0])
    assert result.stdout.splitlines() == [
        "wrote assets/posts/Marks/hexbin.png",
        f"figures: 1 built, {fresh} fresh, 0 failed",
    ], result.stderr
    tests = [sys.executable, "-m", "pytest", "-q", "--config-file", os.devnull, "-p", "no:cacheprovider", NEW_FILES[2]]
    result = subprocess.run(tests, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_the_other_code_that_extending_shows_is_figgens_own():
    code = "".join(path.read_text() for path in (ROOT / "figgen").rglob("*.py"))
    blocks = re.findall(r"```(?:python|text)\n(.*?)```", EXTENDING.partition("## An output format")[2], re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        assert block in code, block


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_a_file_and_a_heading(page):
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    for link in re.findall(r"(?:src=\"|\]\()([^)\"\s]+)", text):
        path, _, anchor = link.partition("#")
        if not path.startswith(("http://", "https://")):
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def anchors(page):
    """Return the anchors that GitHub gives to the headings of a page."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_every_page_begins_with_its_purpose_and_is_in_the_index(page):
    title, first = page.read_text().split("\n\n")[:2]
    assert title.startswith("# ")
    assert first.startswith(("This page ", "This tutorial "))
    index = ROOT / "docs" / "README.md"
    assert page == index or f"]({page.relative_to(index.parent).as_posix()})" in index.read_text()


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_the_messages_page_shows_what_is_printed(form, tmp_path):
    page = (REFERENCE / "messages.md").read_text()
    config = tmp_path / "configs" / "Rates" / "decay.yaml"
    config.parent.mkdir(parents=True)
    config.write_text(re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1])
    result = CliRunner().invoke(main, ["validate", "--root", str(tmp_path), "--format", form])
    assert f"\n{result.stdout}```" in page


def test_the_builds_page_has_every_reason():
    page = (ROOT / "docs" / "explanation" / "builds.md").read_text()
    reasons = re.findall(r"^\| `([a-z ]+?)(?: [A-Z…]+)?` \|", page, re.MULTILINE)
    assert reasons == [reason.value for reason in StaleReason]
