"""`figgen init`: what it writes works, existing files are kept, and a second run changes nothing."""

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import SETTINGS
from tests.cli.test_posts import run
from tests.figures import ROOT
from tests.repository import commit, git

pytestmark = pytest.mark.slow

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FROM = f"git+https://git.example/someone/figgen@{COMMIT}"
WRITTEN = {
    ".github/workflows/figures.yml",
    ".pre-commit-config.yaml",
    "Makefile",
    "_drafts/first-figure.md",
    "configs/Example/first-figure.yaml",
    "configs/styles/house-dark.mplstyle",
    "configs/styles/house.mplstyle",
    "figgen.mk",
    "figgen.requirements.txt",
    "figgen.schema.json",
}
LATER = 4_000_000_000  # than any file that the tests write
RULE = "all:\n\ttouch made\n"


def init(site, *options):
    result = run("init", "--root", site, "--from", FROM, *options)
    assert result.exit_code == 0, result.output
    return result.stdout


def files(site):
    found = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    return {path: content for path, content in found.items() if not path.startswith((".git/", ".figgen/"))}


def set_up(site):
    """Make `.figgen/venv` look installed: it runs the interpreter of the tests."""
    venv = site / ".figgen" / "venv"
    (venv / "bin").mkdir(parents=True)
    (site / ".figgen" / ".gitignore").write_text("*\n")
    figgen = venv / "bin" / "figgen"
    figgen.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m figgen "$@"\n')
    figgen.chmod(0o755)
    (venv / "stamp").touch()
    os.utime(venv / "stamp", (LATER, LATER))


def bash(site, command):
    # Within `make test`, make would print the folders that it enters.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command_line = ["bash", "-ec", command]
    return subprocess.run(command_line, cwd=site, env=environment, check=False, capture_output=True, text=True)


def advised(output):
    return yaml.safe_load(re.search(r"^exclude:\n(  - .*\n)+", output, re.MULTILINE)[0])["exclude"]


def test_a_second_run_changes_nothing(jekyll_site):
    before = files(jekyll_site)
    output = init(jekyll_site)
    after = files(jekyll_site)
    assert after.keys() - before.keys() == WRITTEN
    assert all(after[path] == content for path, content in before.items())
    assert {line.removeprefix("wrote ") for line in output.splitlines() if line.startswith("wrote ")} == WRITTEN
    assert output.endswith("next: run 'make figures', then 'jekyll serve --drafts' to see the first figure\n")
    again = init(jekyll_site)
    assert files(jekyll_site) == after
    assert again.endswith("\nnothing changed: all files exist\n")
    assert "wrote" not in again


def test_the_first_figure_and_its_draft(jekyll_site):
    init(jekyll_site)
    set_up(jekyll_site)
    assert bash(jekyll_site, "make figures").stdout.startswith(
        ".figgen/venv/bin/figgen build\n"
    )  # nothing is installed
    shutil.rmtree(jekyll_site / "assets")
    made = bash(jekyll_site, "make figures figures-check")
    assert made.returncode == 0, made.stderr
    assert "wrote assets/posts/Example/first-figure.png" in made.stdout
    draft = (jekyll_site / "_drafts/first-figure.md").read_text()
    assert run("snippet", "first-figure", "--root", jekyll_site).stdout in draft
    assert run("check", "--fix", "--root", jekyll_site).exit_code == 0
    assert (jekyll_site / "_drafts/first-figure.md").read_text() == draft


def test_jekyll_publishes_only_pages_and_pictures(jekyll_site):
    if shutil.which("jekyll") is None:
        pytest.skip("jekyll is not installed")
    output = init(jekyll_site)
    set_up(jekyll_site)
    assert bash(jekyll_site, "make figures").returncode == 0
    assert set(advised(output)) <= published(jekyll_site)
    with (jekyll_site / "_config.yml").open("a") as settings:
        settings.write("exclude: [" + ", ".join(advised(output)) + "]\n")
    assert published(jekyll_site) == {"assets", "first-figure"}
    assert (jekyll_site / "_site/assets/posts/Example/first-figure.png").is_file()
    assert init(jekyll_site) == "nothing changed: all files exist\n"


def published(jekyll_site):
    """Build the pages with their drafts; return the names at the top of the built site."""
    (jekyll_site / "tests").mkdir(exist_ok=True)
    (jekyll_site / "tests" / "some.txt").touch()
    built = bash(jekyll_site, "LC_ALL=C.UTF-8 jekyll build --drafts --disable-disk-cache")
    assert built.returncode == 0, built.stderr
    return {path.name for path in (jekyll_site / "_site").iterdir()}


def test_the_workflow_is_valid_and_finds_uncommitted_changes(jekyll_site):
    init(jekyll_site)
    set_up(jekyll_site)
    workflow = jekyll_site / ".github/workflows/figures.yml"
    schema = ["--builtin-schema", "vendor.github-workflows", str(workflow)]
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *schema], check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
    steps = yaml.safe_load(workflow.read_text())["jobs"]["figures"]["steps"]
    commands = "\n".join(step["run"] for step in steps if "run" in step and "if" not in step)
    git(jekyll_site, "init")
    assert bash(jekyll_site, commands).returncode != 0  # the picture is not there
    assert bash(jekyll_site, "make figures").returncode == 0
    commit(jekyll_site)
    assert bash(jekyll_site, commands).returncode == 0
    style = jekyll_site / "configs/styles/house.mplstyle"
    style.write_text(style.read_text().replace("lines.linewidth: 1.8", "lines.linewidth: 2.8"))
    assert bash(jekyll_site, commands).returncode != 0  # the picture is stale
    git(jekyll_site, "checkout", "--", ".")
    picture = jekyll_site / "assets/posts/Example/first-figure.png"
    picture.write_bytes(picture.read_bytes() + b"more")
    lock = jekyll_site / "figgen.lock"
    lock.write_text(lock.read_text().replace(*digests(jekyll_site, picture)))
    commit(jekyll_site)
    forged = bash(jekyll_site, commands)  # the lockfile says that it is fresh, and it is not what the config draws
    assert forged.returncode == 1
    assert "first-figure.png" in forged.stdout


def digests(jekyll_site, picture):
    from figgen.site.files import digest

    committed = subprocess.run(
        ["git", "show", "HEAD:assets/posts/Example/first-figure.png"], cwd=jekyll_site, check=True, capture_output=True
    )
    return digest(committed.stdout), digest(picture.read_bytes())


def test_the_hook_runs_the_makefile(jekyll_site):
    init(jekyll_site)
    set_up(jekyll_site)
    hook = yaml.safe_load((jekyll_site / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"][0]
    assert bash(jekyll_site, hook["entry"]).returncode == 0
    assert hook["always_run"]  # data may lie anywhere in the site


def test_a_makefile_is_not_changed_without_consent(jekyll_site):
    (jekyll_site / "Makefile").write_text(RULE)
    output = init(jekyll_site)
    assert "+include figgen.mk\n" in output
    assert "kept Makefile unchanged: add the line above" in output
    assert "next: run 'make -f figgen.mk figures'" in output
    assert (jekyll_site / "Makefile").read_text() == RULE
    assert init(jekyll_site).endswith("\nnothing changed\n")
    (jekyll_site / "Makefile").chmod(0o600)
    assert "changed Makefile\n" in init(jekyll_site, "--yes")
    assert (jekyll_site / "Makefile").read_text() == f"{RULE}\ninclude figgen.mk\n"
    assert (jekyll_site / "Makefile").stat().st_mode & 0o777 == 0o600
    assert init(jekyll_site).endswith("\nnothing changed: all files exist\n")
    set_up(jekyll_site)
    assert bash(jekyll_site, "make").returncode == 0  # still the author's own first target
    assert (jekyll_site / "made").exists()
    assert bash(jekyll_site, "make figures").returncode == 0


@pytest.mark.parametrize(("answer", "end"), [(b"y\n", "\ninclude figgen.mk\n"), (b"n\n", ""), (b"\n", "")])
def test_at_a_terminal_it_asks(jekyll_site, answer, end):
    (jekyll_site / "Makefile").write_text(RULE)
    controller, terminal = pty.openpty()
    try:
        os.write(controller, answer)
        command = [sys.executable, "-m", "figgen", "init", "--root", str(jekyll_site), "--from", FROM]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, stdin=terminal, env=environment, check=True, capture_output=True, text=True, timeout=60
        )
    finally:
        os.close(controller)
        os.close(terminal)
    assert "Change Makefile? [y/N]" in done.stdout
    assert (jekyll_site / "Makefile").read_text() == RULE + end


def test_a_makefile_with_targets_of_the_same_names(jekyll_site):
    (jekyll_site / "makefile").write_text("figures:\n\ttouch made\n")
    output = init(jekyll_site, "--yes")
    assert "makefile: already has a target 'figures'; run figgen's with 'make -f figgen.mk figures'\n" in output
    assert "next: run 'make -f figgen.mk figures'" in output
    assert (jekyll_site / "makefile").read_text() == "figures:\n\ttouch made\n"


def test_the_lines_for_an_existing_pre_commit_file(jekyll_site):
    path = jekyll_site / ".pre-commit-config.yaml"
    path.write_text("repos:\n  - repo: local\n    hooks: []\n")
    output = init(jekyll_site)
    lines = re.search(r"^\.pre-commit-config\.yaml: add this under 'repos:'.*\n\n((?:  .*\n)+)", output, re.MULTILINE)[
        1
    ]
    assert path.read_text().endswith("hooks: []\n")
    path.write_text(path.read_text() + lines)
    assert yaml.safe_load(path.read_text())["repos"][1]["hooks"][0]["id"] == "figures"
    assert ".pre-commit-config.yaml" not in init(jekyll_site)


def test_a_site_with_figures_gets_no_first_figure(jekyll_site):
    (jekyll_site / "configs/Post").mkdir(parents=True)
    (jekyll_site / "configs/Post/one.yaml").write_text("alt: a\n")
    assert "next: run 'make figures'\n" in init(jekyll_site)
    assert not (jekyll_site / "_drafts").exists()
    assert not (jekyll_site / "configs/Example").exists()


def test_no_advice_on_what_is_already_excluded(jekyll_site):
    (jekyll_site / "_config.yml").write_text(SETTINGS + "exclude: [configs/, tests/, '*.mk', 'figgen.*', Makefile]\n")
    assert "exclude" not in init(jekyll_site)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--root", "{jekyll_site}/_layouts"],
            "not a Jekyll site: no _config.yml in {jekyll_site}/_layouts; run this in",
        ),
        (
            ["--from", "git+https://git.example/someone/figgen"],
            "--from: 'git+https://git.example/someone/figgen' is not a pinned source",
        ),
        (["--from", f"{FROM[:-1]}"], "--from: 'git+https://git.example/someone/figgen@012"),
        (
            ["--from", "git+https://a.example/figgen@main"],
            "--from: 'git+https://a.example/figgen@main' is not a pinned",
        ),
        (["--from", f"git+https://a.example/$(shell id)@{COMMIT}"], "--from: 'git+https://a.example/$(shell id)@"),
        (["--from", "figgen"], "--from: 'figgen' is not a pinned source of figgen; allowed: git+https://"),
    ],
)
def test_usage_errors_are_one_line(jekyll_site, options, message):
    before = files(jekyll_site)
    result = run("init", "--root", jekyll_site, *(option.format(jekyll_site=jekyll_site) for option in options))
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert result.stderr.startswith("Error: " + message.format(jekyll_site=jekyll_site))
    assert files(jekyll_site) == before


def test_another_source_is_told(jekyll_site):
    run("init", "--root", jekyll_site, "--from", ROOT)
    before = files(jekyll_site)
    advice = "figgen.mk: names another source of figgen; remove it and figgen.requirements.txt, and run 'figgen init' again\n"
    assert advice in init(jekyll_site)
    assert files(jekyll_site) == before
    for name in ("figgen.mk", "figgen.requirements.txt"):
        (jekyll_site / name).unlink()
    assert "another source" not in init(jekyll_site)
    assert f"FIGGEN_FROM := {FROM}\n" in (jekyll_site / "figgen.mk").read_text()
    assert "another source" not in init(jekyll_site)
    assert "another source" not in run("init", "--root", jekyll_site).stdout, "nobody named one"


def test_a_warning_about_a_folder_on_this_machine(jekyll_site):
    result = run("init", "--root", jekyll_site, "--from", ROOT)
    assert f"FIGGEN_FROM := {ROOT.as_uri()}\n" in (jekyll_site / "figgen.mk").read_text()
    assert "figgen.mk: refers to a folder on this machine" in result.stdout
    assert "figgen.mk: refers" not in init(jekyll_site)


def test_a_site_that_installs_without_hashes_is_told_how_to_move(jekyll_site):
    init(jekyll_site)
    makefile = jekyll_site / "figgen.mk"
    makefile.write_text(".figgen/venv/stamp: configs/requirements.txt\n\tpip install -r configs/requirements.txt\n")
    (jekyll_site / "configs/requirements.txt").write_text(f"figgen[watch] @ {FROM}\n")
    removed = ("configs/requirements.txt", ".github/workflows/figures.yml")
    advice = f"figgen.mk: installs packages without hashes; remove it, {' and '.join(removed)}, and run 'figgen init' again\n"
    assert advice in init(jekyll_site)
    for name in (*removed, "figgen.mk"):
        (jekyll_site / name).unlink()
    assert "installs" not in init(jekyll_site)
    assert "configs/" not in makefile.read_text()


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ('{{"url": "https://git.example/figgen", "vcs_info": {{"vcs": "git", "commit_id": "{}"}}}}', "git+https://git.example/figgen@{}"),
        ('{{"url": "file:///opt/it%27s/figgen", "dir_info": {{"editable": true}}}}', "file:///opt/it%27s/figgen"),
    ],
)  # fmt: skip
def test_where_figgen_was_installed_from(jekyll_site, tmp_path, record, expected):
    installed = tmp_path / "installed"
    shutil.copytree(ROOT / "figgen", installed / "figgen")
    folder = installed / "figgen-9.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: figgen\nVersion: 9\n")
    command = [sys.executable, "-m", "figgen", "init", "--root", str(jekyll_site)]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    for unpinned in (None, '{"url": "https://a.example/figgen-9.tar.gz"}', '{"url": "file"}', "{}"):
        if unpinned:
            (folder / "direct_url.json").write_text(unpinned)
        unknown = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
        assert unknown.returncode == 2
        assert unknown.stderr.startswith(
            "Error: cannot determine where figgen was installed from; pass it with --from;"
        )
    (folder / "direct_url.json").write_text(record.format(COMMIT))
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert f"FIGGEN_FROM := {expected.format(COMMIT)}\n" in (jekyll_site / "figgen.mk").read_text()


def test_an_unwritable_folder(jekyll_site):
    (jekyll_site / "configs").write_text("a file\n")
    result = run("init", "--root", jekyll_site, "--from", FROM)
    assert result.exit_code == 1
    assert re.fullmatch(r"configs/\S+: cannot be read or written: .*\n", result.stderr)


def test_the_templates_are_part_of_the_package():
    from flit_core.common import Module

    names = {path.name for path in (ROOT / "figgen/cli/templates").iterdir()}
    packed = {Path(path) for path in Module("figgen", ROOT).iter_files()}
    assert {path.name for path in packed if path.parent.name == "templates"} == names
