import importlib.metadata
import shutil

import numpy as np
import pytest
from matplotlib import ft2font

from figgen.build import fingerprint
from figgen.build.digest_cache import DigestCache
from figgen.build.fingerprint import LIBRARIES, code_digests, code_files, versions, without_wording
from figgen.config.spec import MARKS
from tests.figures import ROOT


def test_versions_are_those_of_the_installed_libraries(tmp_path):
    found = versions(DigestCache(tmp_path, "cache/digests.json"))
    assert found == {
        "freetype": ft2font.__freetype_version__,
        **{name: importlib.metadata.version(name) for name in LIBRARIES},
    }
    assert found["numpy"] == np.__version__


def test_the_version_of_freetype_is_remembered(tmp_path, monkeypatch):
    cache = DigestCache(tmp_path, "cache/digests.json")
    versions(cache)
    cache.save()
    monkeypatch.setattr(ft2font, "__freetype_version__", "0")
    assert versions(DigestCache(tmp_path, "cache/digests.json"))["freetype"] != "0"


def test_pixels_depend_on_folders_of_code():
    files = code_files()
    found = {path.removeprefix(f"{ROOT}/figgen/") for paths in files.values() for path in paths}
    assert files.keys() == {"", *MARKS}
    assert files["line"] == [f"{ROOT}/figgen/config/spec/marks/line.py"]
    assert {path.partition("/")[0] for path in found} == {"config", "data", "drawing"}
    assert {"drawing/figure.py", "drawing/stylesheets/clean.mplstyle", "data/formulas/table.py"} <= found
    assert not any("__pycache__" in path for path in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('raise ValueError("a")', 'raise ValueError("b")'),
        ('raise ValueError(f"a {x}")', 'raise ValueError(f"b {x!r}: {y}")'),
        ('problems.append(Problem(where, "a", ("b",), hint="c"))', 'problems.append(Problem(where, "d", (), hint=""))'),
        ('message = "a"', 'message = f"b {c}"'),
        ('x: int = Field(1, description="a")', 'x: int = Field(1, description="b")'),
        ('def f():\n    """A."""\n    return 1', 'def f():\n    """B.\n\n    More.\n    """\n    return 1'),
        ("x = 1  # why\ny = 2", "x = 1\n\n# Another\n# reason: 'x'.\n\ny = 2  # and more"),
    ],
)
def test_wording_is_left_out_of_the_code_digest(one, other):
    def bare(source):
        return without_wording(source.encode()).replace(b"(,)", b"()")

    assert bare(one) == bare(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('axes.plot(color="a b")', 'axes.plot(color="a c")'),
        ('label = "a"', 'label = "b"'),
        ('color = "#aaaaaa"  # why', 'color = "#bbbbbb"  # why'),
        ('label = f"# {x}"', 'label = f"# {y}"'),
        ("x = 1\nif x:\n    y = 2\nz = 3", "x = 1\nif x:\n    y = 2\n    z = 3"),
        ('x = Field("a", description="b")', 'x = Field("c", description="b")'),
        ('if x > 1:\n    raise ValueError("a")', 'if x > 2:\n    raise ValueError("a")'),
    ],
)
def test_all_else_is_a_part_of_the_code(one, other):
    assert without_wording(one.encode()) != without_wording(other.encode())


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of figgen's code, whose digest is asked for."""
    copy = shutil.copytree(ROOT / "figgen", tmp_path / "figgen", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "_PACKAGE", str(copy))
    return copy


def edit(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("config/yaml_errors.py", "quote", "put quotes around"),
        ("config/spec/figure.py", 'description="pixels per inch"', 'description="dots per inch"'),
        ("data/formulas/formula_errors.py", "unknown function", "no such function"),
        ("drawing/axes.py", "more than {_MAX_TICKS", "over {_MAX_TICKS"),
        ("review/behind_legend.py", "MAX_HIDDEN = 0.1", "MAX_HIDDEN = 0.2"),
        ("review/contrast.py", "MIN_GRAPHICS_CONTRAST = 3.0", "MIN_GRAPHICS_CONTRAST = 3.1"),
        ("site/limits.py", "20_000_000", "30_000_000"),
        ("errors.py", "allowed: ", "choose from: "),
        ("drawing/scales.py", "# For scales", "# Of scales"),
    ],
)
def test_a_message_a_check_or_a_limit_makes_no_figure_stale(package, tmp_path, file, old, new):
    before = code_digests(DigestCache(tmp_path, "cache/digests.json"))
    edit(package / file, old, new)
    assert code_digests(DigestCache(tmp_path, "cache/digests.json")) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("config/spec/figure.py", "Field(200.0", "Field(201.0"),
        ("data/sample.py", "broadcast_arrays", "broadcast_array"),
        ("drawing/axes.py", "_MAX_TICKS = 1000", "_MAX_TICKS = 999"),
        ("drawing/stylesheets/clean.mplstyle", ":", " :"),
        ("config/spec/marks/line.py", "axes.plot", "axes.step"),
    ],
)
def test_changed_drawing_code_makes_figures_stale(package, tmp_path, file, old, new):
    before = code_digests(DigestCache(tmp_path, "cache/digests.json"))
    edit(package / file, old, new)
    assert code_digests(DigestCache(tmp_path, "cache/digests.json")) != before


def test_a_new_or_changed_mark_changes_its_own_part_only(package, tmp_path):
    before = code_digests(DigestCache(tmp_path, "cache/digests.json"))
    marks = package / "config/spec/marks"
    (marks / "hexbin.py").write_text((marks / "scatter.py").read_text())
    edit(marks / "__init__.py", '"scatter",', '"scatter",\n    "hexbin",')
    edit(marks / "line.py", "axes.plot", "axes.step")
    after = code_digests(DigestCache(tmp_path, "cache/digests.json"))
    assert {part for part in after if after[part] != before.get(part)} == {"hexbin", "line"}
