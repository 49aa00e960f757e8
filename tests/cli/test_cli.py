import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from figgen import __version__
from figgen.cli import main
from figgen.config.load import load_document
from figgen.config.spec import MARKS
from figgen.config.validate import validate
from figgen.config.yaml_document import load
from figgen.data.formulas.functions import FUNCTIONS
from figgen.site.files import SiteFiles
from tests.conftest import MINIMAL
from tests.figures import ROOT, cases
from tests.repository import commit, git

pytestmark = pytest.mark.usefixtures("in_process")


def run(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_build(site):
    result = run("build", "--root", site)
    assert (result.exit_code, result.stdout) == (
        0,
        "wrote assets/posts/Post/one.png\nfigures: 1 built, 0 fresh, 0 failed\n",
    )
    assert run("build", "--root", site).stdout == "figures: 0 built, 1 fresh, 0 failed\n"


def test_build_by_name_and_from_below(site, monkeypatch):
    (site / "configs" / "Post" / "two.yaml").write_text(MINIMAL)
    monkeypatch.chdir(site / "configs" / "Post")
    for name in ("two.yaml", "configs/Post/two.yaml", "Post/two", "assets/posts/Post/two.png", "two"):
        assert run("build", name).exit_code == 0, name
    assert [path.name for path in (site / "assets" / "posts" / "Post").iterdir()] == ["two.png"]


def test_list(site):
    assert run("list", "--root", site).stdout == "configs/Post/one.yaml -> assets/posts/Post/one.png\n"


def test_all_mistakes_of_all_files_in_one_run(site):
    (site / "configs" / "Post" / "a.yaml").write_text("alt: ''\nlayers: []\n")
    (site / "configs" / "Post" / "b.yaml").write_text("alt: [\n")
    (site / "configs" / "Post" / "c.yml").touch()
    for command in ("validate", "build"):
        result = run(command, "--root", site)
        assert result.exit_code == 1
        found = result.stdout if command == "validate" else result.stderr
        assert sorted(found.splitlines()) == [
            "configs/Post/a.yaml:1:7: alt: empty string; allowed: at least 1 character",
            "configs/Post/b.yaml:2:1: invalid YAML: missing value; quote a formula that contains a comma, bracket or brace",
            "configs/Post/c.yml:1:1: invalid file extension '.yml'; allowed: .yaml; rename it to c.yaml",
        ]
    assert (site / "assets" / "posts" / "Post" / "one.png").exists()


def test_validate_writes_nothing(site):
    result = run("validate", "--root", site)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "configs: 1 valid, 0 invalid\n")
    assert not (site / "assets").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["build", "configs/Post/onne.yaml"], "figure not found: configs/Post/onne.yaml; did you mean 'configs/Post/one.yaml'?"),
        (["build", "configs"], "figure not found: configs; 'figgen list' prints all figures"),
        (["build", "--root", "nowhere"], "Directory 'nowhere' does not exist"),
        (["bild"], "No such command 'bild'"),
        (["list", "extra"], "Got unexpected extra argument"),
    ],
)  # fmt: skip
def test_usage_errors(site, monkeypatch, args, message):
    monkeypatch.chdir(site)
    result = run(*args)
    assert result.exit_code == 2
    assert message in result.stderr


def test_no_site(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("build")
    assert result.exit_code == 2
    assert f"no configs/ in {tmp_path} or above it" in result.stderr
    (tmp_path / "configs").mkdir()
    assert "a figure is configs/<Post>/<name>.yaml" in run("build").stderr


def test_version_and_help():
    assert __version__ in run("--version").stdout
    for command in main.commands.values():
        assert command.help


def test_findings_for_machines(site):
    (site / "configs" / "Post" / "one.yaml").write_text(MINIMAL.replace("2 * x", "sgn(x), 100%"))
    (found,) = json.loads(run("validate", "--format", "json", "--root", site).stdout)
    assert (found["path"], found["line"], found["where"]) == ("configs/Post/one.yaml", 5, "layers[0].100%")
    assert run("validate", "--format", "github", "--root", site).stdout.startswith(
        "::error file=configs/Post/one.yaml,line=5,col=35,title=figgen::layers[0].100%25"
    )
    (site / "configs" / "Post" / "one.yaml").write_text(MINIMAL)
    assert run("validate", "--format", "json", "--root", site).stdout == "[]\n"


def test_a_mistake_that_several_configs_share_is_reported_once(site):
    (site / "configs" / "Post" / "two.yaml").write_text(MINIMAL)
    (site / "configs" / "Post" / "_defaults.yaml").write_text("style: hose\n")
    result = run("validate", "--root", site)
    assert len(result.stdout.splitlines()) == 1
    assert "configs: 0 valid, 2 invalid" in result.stderr


@pytest.mark.parametrize("mark", MARKS)
def test_a_new_config_is_valid_and_builds_at_once(site, mark):
    result = run("new", "Other", f"a-{mark}", "--mark", mark, "--root", site)
    assert (result.exit_code, result.stdout) == (0, f"wrote configs/Other/a-{mark}.yaml\n")
    built = run("build", site / "configs" / "Other" / f"a-{mark}.yaml", "--root", site)
    assert built.exit_code == 0, built.stderr
    assert run("new", "Other", f"a-{mark}", "--root", site).exit_code == 2


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["Post", "my figure"], "configs/Post/my figure.yaml: file name is not URL-safe"),
        (["../Post", "x"], "config is not in the folder of a post"),
        (["Post", "one"], "configs/Post/one.yaml already exists"),
        (["Post", "x", "--mark", "lien"], "unknown mark 'lien'"),
    ],
)
def test_a_new_config_that_will_not_do(site, args, message):
    before = sorted(site.rglob("*"))
    result = run("new", *args, "--root", site)
    assert result.exit_code == 2
    assert message in result.stderr
    assert sorted(site.rglob("*")) == before


def test_show_names_where_values_are_from(site, monkeypatch):
    (site / "configs" / "_defaults.yaml").write_text("style: house\ncanvas: {dpi: 100}\n")
    monkeypatch.chdir(site)
    lines = run("show", "configs/Post/one.yaml").stdout.splitlines()
    assert 'alt: "A rising line."' in lines
    assert 'style: "house"  # configs/_defaults.yaml:1' in lines
    assert "  dpi: 100.0  # configs/_defaults.yaml:2" in lines
    assert "  size: [6.0, 4.0]  # default" in lines


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_what_show_prints_is_the_same_figure(case):
    shown = run("show", case.config, "--root", case.site).stdout
    assert validate(load(shown, "shown.yaml").data) == validate(
        load_document(SiteFiles(case.site), case.target.config).data
    )


def test_show_of_a_broken_config(site):
    (site / "configs" / "Post" / "one.yaml").write_text("alt: 3\n")
    result = run("show", site / "configs" / "Post" / "one.yaml", "--root", site)
    assert result.exit_code == 1
    assert "configs/Post/one.yaml:1:6: alt: expected a string, found 3" in result.stderr


def test_functions_are_listed():
    lines = run("functions").stdout.splitlines()
    assert len(lines) == len(FUNCTIONS)
    assert any(line.startswith("sigmoid(x)") for line in lines)


def test_the_schema_is_the_committed_one():
    assert run("schema").stdout == (ROOT / "figgen.schema.json").read_text()


def test_build_explains_itself(site):
    run("build", "--root", site)
    (site / "configs" / "Post" / "one.yaml").write_text(MINIMAL + "title: T\n")
    dry = run("build", "--root", site, "--dry-run")
    assert dry.stdout == "would draw assets/posts/Post/one.png: config\nfigures: 1 to build, 0 fresh, 0 failed\n"
    assert run("build", "--root", site, "--explain").stdout.startswith("wrote assets/posts/Post/one.png: config\n")
    assert run("build", "--root", site, "--force", "--explain").stdout.startswith(
        "same assets/posts/Post/one.png: forced\n"
    )


def test_build_for_scripts(site):
    assert run("build", "--root", site, "--quiet").output == ""
    (site / "configs" / "Post" / "two.yaml").write_text("alt: 3\n")
    result = run("build", "--root", site, "--format", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")
    assert report["counts"] == {"built": 0, "fresh": 1, "failed": 1}
    assert [(figure["artefact"], figure["result"], figure["reasons"]) for figure in report["figures"]] == [
        ("assets/posts/Post/one.png", "fresh", []),
        ("assets/posts/Post/two.png", "failed", ["new"]),
    ]
    assert report["figures"][1]["findings"][0]["line"] == 1
    assert report["findings"] == []


def test_the_report_for_scripts_has_the_findings_of_misnamed_configs(site):
    (site / "configs" / "Post" / "a b.yaml").write_text(MINIMAL)
    result = run("build", "--root", site, "--format", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["counts"]["failed"]) == (1, 1)
    (finding,) = report["findings"]
    assert (finding["path"], finding["message"]) == ("configs/Post/a b.yaml", "file name is not URL-safe")


def test_shards(site):
    for number in range(9):
        (site / "configs" / "Post" / f"f{number}.yaml").write_text(MINIMAL)
    drawn = []
    for part in ("1/3", "2/3", "3/3"):
        report = json.loads(run("build", "--root", site, "--format", "json", "--dry-run", "--shard", part).stdout)
        drawn += [figure["artefact"] for figure in report["figures"]]
    assert len(drawn) == len(set(drawn)) == 10
    for part in ("0/3", "4/3", "1", "a/b", "1/0"):
        assert run("build", "--root", site, "--shard", part).exit_code == 2


def test_clean_lists_first_and_asks(site):
    run("build", "--root", site)
    assert run("clean", "--root", site).exit_code == 2
    assert run("clean", "--orphans", "--root", site).output == ""
    (site / "configs" / "Post" / "two.yaml").write_text(MINIMAL)
    run("build", "--root", site)
    (site / "configs" / "Post" / "two.yaml").unlink()
    artefact = site / "assets" / "posts" / "Post" / "two.png"
    refused = CliRunner().invoke(main, ["clean", "--orphans", "--root", str(site)], input="n\n")
    assert refused.stdout == "assets/posts/Post/two.png\n"
    assert artefact.exists()
    assert run("clean", "--orphans", "--yes", "--root", site).exit_code == 0
    assert not artefact.exists()


def test_a_build_with_nothing_to_do_imports_nothing_heavy(site):
    command = [sys.executable, "-X", "importtime", "-m", "figgen", "build", "--root", str(site)]
    for _ in range(2):
        result = subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    assert "1 fresh" in result.stdout
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert "figgen.build.builder" in imported
    assert not imported & {
        "matplotlib",
        "numpy",
        "pydantic",
        "yaml",
        "PIL",
        "filelock",
        "figgen.config.spec",
        "figgen.config.yaml_document",
    }


def test_a_system_that_does_not_say_which_cores_are_usable(site, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity")
    assert run("build", "--root", site).exit_code == 0
    assert run("validate", "--root", site).exit_code == 0


@pytest.mark.slow
def test_diff(site, monkeypatch):
    commit(site)
    begun = git(site, "rev-parse", "HEAD")
    nothing = run("diff", "--root", site)
    assert (nothing.exit_code, nothing.stderr) == (0, "")
    assert nothing.stdout == f"compared with HEAD ({begun[:10]})\nfigures: 1 unchanged\n"

    (site / "configs" / "Post" / "one.yaml").write_text(MINIMAL + "title: T\n")
    monkeypatch.chdir(site / "configs")
    result = run("diff", "--html", "../out/page.html")
    assert (result.exit_code, result.stderr) == (0, ""), "a change is no mistake"
    lines = result.stdout.splitlines()
    assert lines[1].startswith("changed Post/one: ")
    assert lines[2] == '  title: "T" added'
    assert (site / "out" / "page.html").read_text().startswith("<!doctype html>")
    comment = run("diff", "--format", "github").stdout
    assert comment.startswith(f"**Figures:** 1 changed, compared with `HEAD ({begun[:10]})`\n")
    assert '- `title: "T" added`\n' in comment

    commit(site)
    assert run("diff").stdout.endswith("figures: 1 unchanged\n")
    assert "changed Post/one: " in run("diff", "--base", "HEAD~1").stdout
    assert f"compared with {begun[:7]} ({begun[:10]})" in run("diff", "--base", begun[:7]).stdout


def test_diff_fails_if_a_figure_does(site):
    commit(site)
    (site / "configs" / "Post" / "one.yaml").write_text("alt: 3\n")
    result = run("diff", "--root", site)
    assert result.exit_code == 1
    assert "failed Post/one\n  head: configs/Post/one.yaml:1:6: alt: expected a string, found 3" in result.stdout
    commit(site)
    (site / "configs" / "Post" / "one.yaml").write_text(MINIMAL)
    assert run("diff", "--root", site).exit_code == 0, "it is mended"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--base", "nowhere"], "unknown revision 'nowhere'; 'git log --oneline' lists commits\n"),
        (["--html", "configs"], "is a directory"),
        (["--html", "/dev/null"], "--html: /dev/null is not a file"),
        (["--html", "configs/Post/one.yaml/page.html"], "--html: cannot write "),
    ],
)
def test_usage_errors_of_diff(site, monkeypatch, args, message):
    commit(site)
    monkeypatch.chdir(site)
    result = run("diff", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_diff_without_a_repository(site):
    result = run("diff", "--root", site)
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: {site} is not in a git repository, whose revisions figgen diff compares; "
        "run 'git init' there and commit the site, or name another site with --root\n"
    )


def test_diff_without_git(site, monkeypatch):
    monkeypatch.setenv("PATH", str(site))
    result = run("diff", "--root", site)
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: git is not installed; 'figgen diff' reads the base revision with it\n",
    )
