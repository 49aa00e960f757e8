"""What import-linter, which `make lint` runs by the contracts in pyproject.toml, does not see."""

import ast
import re
import subprocess
import sys

from tests.figures import ROOT

PACKAGE = ROOT / "figgen"
MODULES = sorted(PACKAGE.rglob("*.py"))


def test_the_top_is_ten_packages_and_errors():
    names = {path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"}
    packages = {"site", "config", "data", "drawing", "review", "build", "posts", "regression", "watch", "cli"}
    assert names == packages | {"errors.py", "__init__.py", "__main__.py", "py.typed"}


def test_no_relative_imports():
    for path in MODULES:
        assert not any(
            isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(ast.parse(path.read_text()))
        )


def test_a_spec_is_validated_and_sampled_without_matplotlib():
    code = "import sys, figgen.config, figgen.data; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_only_the_build_writes_files():
    for path in MODULES:
        text = path.read_text()
        text = text.replace("archive.open", "")  # what is in memory
        name = path.relative_to(PACKAGE).as_posix()
        writes = name.startswith("site/") or name in {
            "build/builder.py",
            "build/digest_cache.py",
            "build/workers.py",  # opens its pipes
        }
        if not writes:
            text = text.replace("Image.open(", "")  # of bytes that are in memory
            text = text.replace("copy.write_bytes", "")  # a font that matplotlib is to read, in a folder of its own
            assert not any(word in text for word in ("write_bytes", "write_text", "open(", ".replace(path")), path


def test_the_names_of_tests_are_short():
    names = re.findall(
        r"^ *def (test_\w+)", "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py")), re.MULTILINE
    )
    assert [name for name in names if len(name) >= 80] == []
