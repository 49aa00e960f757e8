"""The functions that are importable from the top of the package."""

import subprocess
import sys

import pytest

import figgen
from figgen.build import lockfile  # the package is there beside the function of its name
from figgen.errors import ConfigError, UsageError
from tests.conftest import MINIMAL

BAD = MINIMAL.replace("mark: line", "mark: lien")


def test_build_writes_what_is_stale_and_returns_the_outcomes(site):
    (outcome,) = figgen.build(site)
    assert outcome.files == ("assets/posts/Post/one.png",)
    assert lockfile.read(site).keys() == {"assets/posts/Post/one.png"}
    (outcome,) = figgen.build(str(site), ["Post/one"])
    assert outcome.files == ()
    (outcome,) = figgen.build(site, ["configs/Post/one.yaml"], force=True)
    assert str(outcome.step.reasons[0]) == "forced"


def test_validate_returns_findings_and_writes_nothing(site):
    (site / "configs/Post/two.yaml").write_text(BAD)
    (site / "configs/Post/three.yml").write_text(MINIMAL)
    findings = figgen.validate(site)
    assert [(finding.path, finding.line) for finding in findings] == [
        ("configs/Post/three.yml", 1),
        ("configs/Post/two.yaml", 5),
    ]
    assert figgen.validate(site, ["Post/one"]) == []
    assert not (site / "assets").exists()


def test_describe_returns_what_a_figure_says(site):
    description = figgen.describe(site, "Post/one")
    assert description["alt"] == "A rising line."
    assert description["panels"][0]["artists"][0]["y"] == [0, 1, 2]


def test_mistakes_are_raised(site):
    with pytest.raises(UsageError, match="figure not found: Post/two; did you mean"):
        figgen.build(site, ["Post/two"])
    (site / "configs/Post/one.yaml").write_text(BAD)
    with pytest.raises(ConfigError, match="is not a valid mark"):
        figgen.describe(site, "Post/one")


def test_importing_figgen_costs_none_of_the_libraries():
    code = "import sys, figgen; print(*{'matplotlib', 'numpy', 'pydantic', 'yaml', 'click'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""
