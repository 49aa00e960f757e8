"""What `figgen init` has a site run: pinned by hashes, the same for every branch, and not what a fork brings."""

import base64
import hashlib
import os
import re
import shutil
import tomllib
import zipfile
from importlib import metadata

import pytest
import yaml
from packaging.requirements import Requirement

from figgen.build.fingerprint import LIBRARIES
from tests.cli.test_init import bash, init, set_up
from tests.figures import ROOT
from tests.repository import commit, git

CODE = ("figgen.mk", "figgen.requirements.txt", ".github/workflows/figures.yml", ".figgen/digests.json")
DATA = ("configs/Example/first-figure.yaml", "figgen.lock", "_drafts/first-figure.md", "configs/requirements.txt")
SHADOWS = (
    "ensurepip",
    "json",
    "logging",
    "multiprocessing",
    "pip",
    "site",
    "sitecustomize",
    "tempfile",
    "typing",
    "venv",
)


def locked(site):
    """Return the versions of the packages that a site installs, and how many hashes each has."""
    text = (site / "figgen.requirements.txt").read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    parts = [re.fullmatch(r"([\w-]+)==(\S+) ((?: *--hash=sha256:[0-9a-f]{64})+) *", line) for line in lines]
    return {part[1]: (part[2], part[3].count("--hash")) for part in parts}


def test_all_that_figgen_needs_is_pinned_by_hashes(jekyll_site):
    init(jekyll_site)
    found = locked(jekyll_site)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    listed = [
        *project["project"]["dependencies"],
        *project["build-system"]["requires"],
        *extras["watch"],
        *extras["optimize"],
    ]
    for wanted in map(Requirement, listed):
        version, hashes = found[wanted.name.lower().replace("_", "-")]
        assert wanted.specifier.contains(version)
        assert hashes
    assert {name: found[name][0] for name in LIBRARIES} == {name: metadata.version(name) for name in LIBRARIES}


def test_all_that_is_needed_by_what_figgen_needs_is_pinned_too(jekyll_site):
    init(jekyll_site)
    found = locked(jekyll_site)
    for name in found:
        for line in metadata.requires(name) or ():
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                assert wanted.specifier.contains(found[wanted.name.lower().replace("_", "-")][0]), (name, line)


def wheel(folder, name, code):
    """Write a wheel of one module, whose `run` is the program of that name, and return its digest."""
    folder.mkdir(exist_ok=True)
    entries = {
        f"{name}.py": code,
        f"{name}-1.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{name}-1.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: a\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{name}-1.dist-info/entry_points.txt": f"[console_scripts]\n{name} = {name}:run\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}\n"
        for path, text in entries.items()
    )
    entries[f"{name}-1.dist-info/RECORD"] = f"{record}{name}-1.dist-info/RECORD,,\n"
    path = folder / f"{name}-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        for entry, text in entries.items():
            file.writestr(entry, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.slow
def test_what_is_installed_is_what_has_the_hashes(jekyll_site, tmp_path_factory, monkeypatch):
    init(jekyll_site)
    wheels = tmp_path_factory.mktemp("wheels")
    digest = wheel(wheels, "library", "")
    wheel(wheels, "figgen", "def run(): print('one')")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    for name in SHADOWS:  # Python would import them, were the site's folder on its path
        (jekyll_site / f"{name}.py").write_text("open('ran', 'w')\nraise SystemExit('run')\n")
    makefile = jekyll_site / "figgen.mk"
    source = (wheels / "figgen-1-py3-none-any.whl").as_uri()
    makefile.write_text(re.sub("^FIGGEN_FROM .*", f"FIGGEN_FROM := {source}", makefile.read_text(), flags=re.MULTILINE))
    requirements = jekyll_site / "figgen.requirements.txt"

    requirements.write_text("library==1\n")
    assert "Hashes are required" in bash(jekyll_site, "make figures").stderr
    requirements.write_text(f"library==1 --hash=sha256:{digest}\n")
    made = bash(jekyll_site, "make figures")
    assert made.stdout.endswith("\n.figgen/venv/bin/figgen build\none\n"), made.stderr
    assert bash(jekyll_site, "make figures").stdout == ".figgen/venv/bin/figgen build\none\n"

    wheel(wheels, "figgen", "def run(): print('two')")  # another commit, of the same version
    makefile.touch()
    assert bash(jekyll_site, "make figures").stdout.endswith("\ntwo\n")
    assert not (jekyll_site / "ran").exists()


def pull_request(site, path):
    """Change a file in a branch, and check out its merge with the target branch, as CI does."""
    git(site, "checkout", "-b", "fork")
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    with (site / path).open("a") as file:
        file.write("# more\n")
    git(site, "add", "--force", path)
    git(site, "commit", "--message", "a change")
    git(site, "checkout", "main")
    (site / "other").touch()
    commit(site)
    git(site, "merge", "--no-ff", "fork")


def fork_check(site):
    """Return the condition and the script of the step that looks at what a fork changes."""
    steps = yaml.safe_load((site / ".github/workflows/figures.yml").read_text())["jobs"]["figures"]["steps"]
    (number,) = [number for number, step in enumerate(steps) if "HEAD^1" in step.get("run", "")]
    assert steps[0]["uses"].startswith("actions/checkout@")
    assert number == 1, "before anything of the branch is run"
    assert steps[0]["with"]["fetch-depth"] == 2
    return steps[number]


@pytest.mark.parametrize("path", [*CODE, *DATA])
def test_the_workflow_refuses_code_from_a_fork(jekyll_site, path):
    init(jekyll_site)
    commit(jekyll_site)
    pull_request(jekyll_site, path)
    step = fork_check(jekyll_site)
    done = bash(jekyll_site, step["run"])
    assert done.returncode == (path in CODE)
    assert done.stdout.startswith("::error::figgen.mk, figgen.requirements.txt, ") == (path in CODE)
    assert len(done.stdout.splitlines()) <= 1, "an annotation is one line"


def test_the_workflow_tells_a_fork_from_a_branch_of_the_repository(jekyll_site):
    init(jekyll_site)
    event, repository = fork_check(jekyll_site)["if"].split(" && ")
    assert event == "github.event_name == 'pull_request'"
    assert repository == "github.event.pull_request.head.repo.full_name != github.repository"


def test_the_workflow_reads_no_other_makefile(jekyll_site):
    init(jekyll_site)
    set_up(jekyll_site)
    (jekyll_site / ".figgen/venv/bin/figgen").write_text("#!/bin/sh\nmkdir -p assets; touch figgen.lock drawn\n")
    for name in ("GNUmakefile", "makefile", "Makefile"):
        (jekyll_site / name).write_text("$(shell touch ran)\ninclude figgen.mk\n")
    git(jekyll_site, "init")
    for step in yaml.safe_load((jekyll_site / ".github/workflows/figures.yml").read_text())["jobs"]["figures"]["steps"]:
        bash(jekyll_site, step.get("run", ""))
    assert (jekyll_site / "drawn").exists()
    assert not (jekyll_site / "ran").exists()


def test_without_the_target_branch_the_workflow_fails(jekyll_site):
    init(jekyll_site)
    commit(jekyll_site)
    assert bash(jekyll_site, fork_check(jekyll_site)["run"]).returncode == 1


def test_nothing_that_is_committed_in_figgens_folder_is_run(jekyll_site):
    init(jekyll_site)
    set_up(jekyll_site)
    program = jekyll_site / ".figgen/venv/bin/figgen"
    program.write_text("#!/bin/sh\ntouch ran\n")
    commit(jekyll_site)
    assert bash(jekyll_site, "make figures-check").returncode == 0
    (jekyll_site / "ran").unlink()
    git(jekyll_site, "add", "--force", ".figgen/venv/bin/figgen")
    for command in (
        "make figures",
        "make figures-check",
        "make figures-watch",
        "make -f figgen.mk figures figures-check",
    ):
        done = bash(jekyll_site, command)
        assert done.returncode == 2
        assert "\n.figgen: is committed, and would be run; run 'git rm -r --cached .figgen', then 'rm -r" in done.stderr
        assert not (jekyll_site / "ran").exists()
    git(jekyll_site, "rm", "-r", "--cached", ".figgen")
    shutil.rmtree(jekyll_site / ".figgen")
    dry = bash(jekyll_site, "make --dry-run figures").stdout
    assert dry.index("pip install") < dry.index("figgen build"), "all is installed anew"
