import importlib.metadata
from pathlib import Path

import numpy as np
from matplotlib import ft2font

from figgen.build.digest_cache import DigestCache
from figgen.build.fingerprint import LIBRARIES, code_digest, code_files, versions
from figgen.site.files import digest
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
    found = {path.removeprefix(f"{ROOT}/figgen/") for path in code_files()}
    assert {path.partition("/")[0] for path in found} == {"config", "data", "drawing"}
    assert {"drawing/figure.py", "drawing/stylesheets/clean.mplstyle", "data/formulas/functions/base.py"} <= found
    assert not any("__pycache__" in path for path in found)


def test_a_changed_line_changes_the_digest():
    contents = {path: digest(Path(path).read_bytes()) for path in code_files()}
    before = code_digest(contents.get)
    contents[next(path for path in contents if path.endswith("drawing/figure.py"))] = "changed"
    assert code_digest(contents.get) != before
