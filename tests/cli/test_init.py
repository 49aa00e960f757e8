"""`figgen init`: what it writes works, what is there stays, and a second run changes nothing."""

import os
import pty
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from figgen.build.fingerprint import LIBRARIES
from tests.cli.test_posts import run
from tests.figures import ROOT
from tests.repository import commit, git

pytestmark = pytest.mark.slow

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FROM = f"git+https://git.example/someone/figgen@{COMMIT}"
SETTINGS = "title: A blog\nurl: https://blog.example\npermalink: /:title/\n"
WRITTEN = {
    ".github/workflows/figures.yml",
    ".pre-commit-config.yaml",
    "Makefile",
    "_drafts/first-figure.md",
    "configs/Example/first-figure.yaml",
    "configs/requirements.txt",
    "configs/styles/house-dark.mplstyle",
    "configs/styles/house.mplstyle",
    "figgen.mk",
    "figgen.schema.json",
}
LAYOUT = "<!doctype html><title>{{ page.title }}</title>{{ content }}\n"
LATER = 4_000_000_000  # than any file that the tests write
RULE = "all:\n\ttouch made\n"


@pytest.fixture
def own(tmp_path):
    """A site of Jekyll's without any figures."""
    (tmp_path / "_layouts").mkdir()
    (tmp_path / "_layouts" / "post.html").write_text(LAYOUT)
    (tmp_path / "_config.yml").write_text(SETTINGS)
    return tmp_path


def init(site, *options):
    result = run("init", "--root", site, "--from", FROM, *options)
    assert result.exit_code == 0, result.output
    return result.stdout


def files(site):
    found = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    return {path: content for path, content in found.items() if not path.startswith((".git/", ".figgen/"))}


def set_up(site):
    """Let the set-up count as done: `.figgen/venv` is the interpreter that runs the tests."""
    venv = site / ".figgen" / "venv"
    (venv / "bin").mkdir(parents=True)
    (site / ".figgen" / ".gitignore").write_text("*\n")
    figgen = venv / "bin" / "figgen"
    figgen.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m figgen "$@"\n')
    figgen.chmod(0o755)
    (venv / "stamp").touch()
    os.utime(venv / "stamp", (LATER, LATER))


def bash(site, command):
    # Within `make test`, make would tell the folders that it enters.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command_line = ["bash", "-ec", command]
    return subprocess.run(command_line, cwd=site, env=environment, check=False, capture_output=True, text=True)


def advised(output):
    return yaml.safe_load(re.search(r"^exclude:\n(  - .*\n)+", output, re.MULTILINE)[0])["exclude"]


def test_all_is_written_and_a_second_run_changes_nothing(own):
    before = files(own)
    output = init(own)
    after = files(own)
    assert after.keys() - before.keys() == WRITTEN
    assert all(after[path] == content for path, content in before.items())
    assert {line.removeprefix("wrote ") for line in output.splitlines() if line.startswith("wrote ")} == WRITTEN
    assert output.endswith("next: run 'make figures', then 'jekyll serve --drafts' to see the first figure\n")
    again = init(own)
    assert files(own) == after
    assert again.endswith("\nnothing changed: all files exist\n")
    assert "wrote" not in again


def test_the_figure_is_drawn_and_the_draft_agrees_with_it(own):
    init(own)
    set_up(own)
    assert bash(own, "make -n figures").stdout == ".figgen/venv/bin/figgen build\n"
    made = bash(own, "make figures figures-check")
    assert made.returncode == 0, made.stderr
    assert "wrote assets/posts/Example/first-figure.png" in made.stdout
    draft = (own / "_drafts/first-figure.md").read_text()
    assert run("snippet", "first-figure", "--root", own).stdout in draft
    assert run("check", "--fix", "--root", own).exit_code == 0
    assert (own / "_drafts/first-figure.md").read_text() == draft


def test_jekyll_publishes_no_more_than_pages_and_pictures(own):
    if shutil.which("jekyll") is None:
        pytest.skip("jekyll is not installed")
    output = init(own)
    set_up(own)
    assert bash(own, "make figures").returncode == 0
    assert set(advised(output)) <= published(own)
    with (own / "_config.yml").open("a") as settings:
        settings.write("exclude: [" + ", ".join(advised(output)) + "]\n")
    assert published(own) == {"assets", "first-figure"}
    assert (own / "_site/assets/posts/Example/first-figure.png").is_file()
    assert init(own) == "nothing changed: all files exist\n"


def published(own):
    """Build the pages with their drafts, and list what is at the top of the built site."""
    (own / "tests").mkdir(exist_ok=True)
    (own / "tests" / "some.txt").touch()
    built = bash(own, "LC_ALL=C.UTF-8 jekyll build --drafts --disable-disk-cache")
    assert built.returncode == 0, built.stderr
    return {path.name for path in (own / "_site").iterdir()}


def test_the_workflow_is_one_and_tells_what_is_not_as_committed(own):
    init(own)
    set_up(own)
    workflow = own / ".github/workflows/figures.yml"
    schema = ["--builtin-schema", "vendor.github-workflows", str(workflow)]
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *schema], check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
    steps = yaml.safe_load(workflow.read_text())["jobs"]["figures"]["steps"]
    commands = "\n".join(step["run"] for step in steps if "run" in step)
    git(own, "init")
    assert bash(own, commands).returncode != 0  # the picture is not there
    assert bash(own, "make figures").returncode == 0
    commit(own)
    assert bash(own, commands).returncode == 0
    style = own / "configs/styles/house.mplstyle"
    style.write_text(style.read_text().replace("lines.linewidth: 1.8", "lines.linewidth: 2.8"))
    assert bash(own, commands).returncode != 0  # the picture is stale
    git(own, "checkout", "--", ".")
    picture = own / "assets/posts/Example/first-figure.png"
    picture.write_bytes(picture.read_bytes() + b"more")
    lock = own / "figgen.lock"
    lock.write_text(lock.read_text().replace(*digests(own, picture)))
    commit(own)
    forged = bash(own, commands)  # the lockfile says that it is fresh, and it is not what the config draws
    assert forged.returncode == 1
    assert "first-figure.png" in forged.stdout


def digests(own, picture):
    from figgen.site.files import digest

    committed = subprocess.run(
        ["git", "show", "HEAD:assets/posts/Example/first-figure.png"], cwd=own, check=True, capture_output=True
    )
    return digest(committed.stdout), digest(picture.read_bytes())


def test_the_hook_runs_what_the_makefile_has(own):
    init(own)
    set_up(own)
    hook = yaml.safe_load((own / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"][0]
    assert bash(own, hook["entry"]).returncode == 0
    assert hook["always_run"]  # data may lie anywhere in the site


def test_the_requirements_are_pinned(own):
    init(own)
    lines = (own / "configs/requirements.txt").read_text().splitlines()
    wanted = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert [(wanted[0].name, wanted[0].extras, wanted[0].url)] == [("figgen", {"watch"}, FROM)]
    assert {own.name: str(own.specifier) for own in wanted[1:]} == {
        name: f"=={metadata.version(name)}" for name in LIBRARIES
    }


def test_an_authors_makefile_is_not_touched_unasked(own):
    (own / "Makefile").write_text(RULE)
    output = init(own)
    assert "+include figgen.mk\n" in output
    assert "kept Makefile unchanged: add the line above" in output
    assert "next: run 'make -f figgen.mk figures'" in output
    assert (own / "Makefile").read_text() == RULE
    assert init(own).endswith("\nnothing changed\n")
    (own / "Makefile").chmod(0o600)
    assert "changed Makefile\n" in init(own, "--yes")
    assert (own / "Makefile").read_text() == f"{RULE}\ninclude figgen.mk\n"
    assert (own / "Makefile").stat().st_mode & 0o777 == 0o600
    assert init(own).endswith("\nnothing changed: all files exist\n")
    set_up(own)
    assert bash(own, "make").returncode == 0  # still the author's own first target
    assert (own / "made").exists()
    assert bash(own, "make figures").returncode == 0


@pytest.mark.parametrize(("answer", "end"), [(b"y\n", "\ninclude figgen.mk\n"), (b"n\n", ""), (b"\n", "")])
def test_at_a_terminal_it_asks(own, answer, end):
    (own / "Makefile").write_text(RULE)
    controller, terminal = pty.openpty()
    try:
        os.write(controller, answer)
        command = [sys.executable, "-m", "figgen", "init", "--root", str(own), "--from", FROM]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, stdin=terminal, env=environment, check=True, capture_output=True, text=True, timeout=60
        )
    finally:
        os.close(controller)
        os.close(terminal)
    assert "Change Makefile? [y/N]" in done.stdout
    assert (own / "Makefile").read_text() == RULE + end


def test_a_makefile_with_targets_of_the_same_names(own):
    (own / "makefile").write_text("figures:\n\ttouch made\n")
    output = init(own, "--yes")
    assert "makefile: already has a target 'figures'; run figgen's with 'make -f figgen.mk figures'\n" in output
    assert "next: run 'make -f figgen.mk figures'" in output
    assert (own / "makefile").read_text() == "figures:\n\ttouch made\n"


def test_the_lines_for_a_pre_commit_file_that_is_there(own):
    path = own / ".pre-commit-config.yaml"
    path.write_text("repos:\n  - repo: local\n    hooks: []\n")
    output = init(own)
    lines = re.search(r"^\.pre-commit-config\.yaml: add this under 'repos:'.*\n\n((?:  .*\n)+)", output, re.MULTILINE)[
        1
    ]
    assert path.read_text().endswith("hooks: []\n")
    path.write_text(path.read_text() + lines)
    assert yaml.safe_load(path.read_text())["repos"][1]["hooks"][0]["id"] == "figures"
    assert ".pre-commit-config.yaml" not in init(own)


def test_a_site_with_figures_gets_no_first_one(own):
    (own / "configs/Post").mkdir(parents=True)
    (own / "configs/Post/one.yaml").write_text("alt: a\n")
    assert "next: run 'make figures'\n" in init(own)
    assert not (own / "_drafts").exists()
    assert not (own / "configs/Example").exists()


def test_what_is_excluded_already_is_not_advised(own):
    (own / "_config.yml").write_text(SETTINGS + "exclude: [configs/, tests/, '*.mk', 'figgen.*', Makefile]\n")
    assert "exclude" not in init(own)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--root", "{own}/_layouts"], "not a Jekyll site: no _config.yml in {own}/_layouts; run this in"),
        (
            ["--from", "git+https://git.example/someone/figgen"],
            "--from: 'git+https://git.example/someone/figgen' is not a pinned source",
        ),
        (["--from", "figgen"], "--from: 'figgen' is not a pinned source of figgen; allowed: git+https://"),
    ],
)
def test_wrong_use_is_one_line(own, options, message):
    before = files(own)
    result = run("init", "--root", own, *(option.format(own=own) for option in options))
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert result.stderr.startswith("Error: " + message.format(own=own))
    assert files(own) == before


def test_a_folder_is_told_to_be_this_machines(own):
    result = run("init", "--root", own, "--from", ROOT)
    assert f"figgen[watch] @ {ROOT.as_uri()}\n" in (own / "configs/requirements.txt").read_text()
    assert "configs/requirements.txt: refers to a folder on this machine" in result.stdout
    assert "configs/requirements.txt: refers" not in run("init", "--root", own, "--from", FROM).stdout


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ('{{"url": "https://git.example/figgen", "vcs_info": {{"vcs": "git", "commit_id": "{}"}}}}', "git+https://git.example/figgen@{}"),
        ('{{"url": "file:///opt/figgen", "dir_info": {{"editable": true}}}}', "file:///opt/figgen"),
    ],
)  # fmt: skip
def test_where_figgen_was_installed_from(own, tmp_path, record, expected):
    installed = tmp_path / "installed"
    shutil.copytree(ROOT / "figgen", installed / "figgen")
    folder = installed / "figgen-9.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: figgen\nVersion: 9\n")
    command = [sys.executable, "-m", "figgen", "init", "--root", str(own)]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    unknown = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    assert unknown.returncode == 2
    assert unknown.stderr.startswith("Error: cannot determine where figgen was installed from; pass it with --from;")
    (folder / "direct_url.json").write_text(record.format(COMMIT))
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert f"figgen[watch] @ {expected.format(COMMIT)}\n" in (own / "configs/requirements.txt").read_text()


def test_what_cannot_be_written_is_told(own):
    (own / "configs").write_text("a file\n")
    result = run("init", "--root", own, "--from", FROM)
    assert result.exit_code == 1
    assert re.fullmatch(r"configs/\S+: cannot be read or written: .*\n", result.stderr)


def test_the_templates_are_part_of_the_package():
    from flit_core.common import Module

    names = {path.name for path in (ROOT / "figgen/cli/templates").iterdir()}
    packed = {Path(path) for path in Module("figgen", ROOT).iter_files()}
    assert {path.name for path in packed if path.parent.name == "templates"} == names
