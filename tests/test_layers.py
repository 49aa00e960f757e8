"""Imports point one way: each module uses only those that come before it in the way of the data."""

import ast
import subprocess
import sys

import pytest

from tests.figures import ROOT

ORDER = [
    "__init__",
    "errors",
    "limits",
    "confined",
    "site",
    "files",
    "yaml_errors",
    "loader",
    "spec",
    "complaints",
    "validation",
    "editions",
    "functions",
    "nodes",
    "expression",
    "evaluation",
    "derivative",
    "tables",
    "sources",
    "workspace",
    "data",
    "hermetic",
    "toolchain",
    "fonts",
    "styles",
    "positions",
    "scales",
    "drawing",
    "marks",
    "checks",
    "panels",
    "render",
    "compress",
    "formats",
    "layout",
    "contrast",
    "content",
    "changes",
    "sameness",
    "picture",
    "show",
    "scaffold",
    "lock",
    "drift",
    "pool",
    "jobs",
    "exclusive",
    "build",
    "orphans",
    "regression.pixels",
    "regression.baselines",
    "posts.jekyll",
    "posts.liquid",
    "posts.inline",
    "posts.blocks",
    "posts.references",
    "posts.png",
    "posts.closure",
    "posts.mend",
    "posts.snippet",
    "adopt",
    "remote",
    "report",
    "regression.revision",
    "regression.compare",
    "regression.diff_report",
    "regression.diff_page",
    "page",
    "lookout",
    "watch",
    "cli",
    "__main__",
]
PACKAGES = {"spec", "functions", "marks", "content", "cli"}  # those whose modules may import one another
MODULES = sorted((ROOT / "figgen").rglob("*.py"))


def layer(path):
    module = ".".join(path.relative_to(ROOT / "figgen").with_suffix("").parts)
    return named(module) or module


def named(module):
    """Give the layer of a module, or of a name in one: its own, or that of its package, or "" if it is in none."""
    while module and module not in ORDER:
        module = module.rpartition(".")[0]
    return module


def imported(path):
    """Yield the layer of every import of figgen in a file, at its top or within a function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "figgen":
            module = node.module.removeprefix("figgen").removeprefix(".")
            yield from (named(f"{module}.{alias.name}".lstrip(".")) or "__init__" for alias in node.names)
        elif isinstance(node, ast.Import):
            names = [alias.name.removeprefix("figgen.") for alias in node.names if alias.name.startswith("figgen.")]
            yield from map(named, names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_up(path):
    own = layer(path)
    for other in imported(path):
        if other == own and own in PACKAGES:
            continue
        assert ORDER.index(other) < ORDER.index(own), f"{own} imports {other}"


def test_no_mark_imports_another():
    for path in (ROOT / "figgen" / "marks").glob("[!_]*.py"):
        assert "marks" not in imported(path), path


def test_no_relative_imports():
    for path in MODULES:
        assert not any(
            isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(ast.parse(path.read_text()))
        )


def test_a_spec_is_validated_without_matplotlib():
    code = "import sys, figgen.validation, figgen.loader, figgen.data; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_only_the_build_writes_files():
    for path in MODULES:
        text = path.read_text()
        text = text.replace("archive.open", "")  # what is in memory
        if layer(path) not in {"site", "confined", "files", "build", "pool"}:  # the pool opens its pipes
            text = text.replace("Image.open(", "")  # of bytes that are in memory
            text = text.replace("copy.write_bytes", "")  # a font that matplotlib is to read, in a folder of its own
            assert not any(word in text for word in ("write_bytes", "write_text", "open(", ".replace(path")), path
