"""docs/tutorial/first-figure.md is gone through, in its order, on a site of Jekyll's."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from figgen.site.png import png_size
from tests.cli.conftest import LAYOUT, SETTINGS
from tests.cli.test_init import set_up
from tests.cli.test_posts import run
from tests.figures import ROOT
from tests.repository import git

pytestmark = pytest.mark.slow

FOLDER = ROOT / "docs" / "tutorial"
PAGE = (FOLDER / "first-figure.md").read_text()
SITE = ROOT / "tools" / "e2e" / "site"
COMMANDS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
CONFIGS = re.findall(r"`(configs/\S+\.yaml)`:\n\n```yaml\n(.*?)```", PAGE, re.DOTALL)
(LINES,) = re.findall(r"```markdown\n(.*?)```", PAGE, re.DOTALL)
IMAGES = re.findall(r'<img src="(.*?)" width="(\d+)" height="(\d+)" alt=".+?">', PAGE)


@pytest.fixture
def own(tmp_path):
    (tmp_path / "_config.yml").write_text(SETTINGS)
    (tmp_path / "_layouts").mkdir()
    (tmp_path / "_layouts" / "post.html").write_text(LAYOUT)
    (tmp_path / "_posts").mkdir()
    git(tmp_path, "init")
    set_up(tmp_path)
    return tmp_path


def test_every_command_works_in_its_order(own):
    _get_figgen, set_up_once, _use_own_figgen, draw, snippet, publish = COMMANDS
    call(own, set_up_once)
    assert run("new", "Momentum", "valley", "--root", own).exit_code == 0
    for path, text in CONFIGS:
        (own / path).write_text(text)
    call(own, draw)
    assert call(own, snippet) == LINES
    (own / "_posts" / "2025-03-02-valley.md").write_text(f"---\nlayout: post\n---\n\n{LINES}")
    call(own, publish)
    assert git(own, "status", "--short", "--", "configs", "assets", "_posts", "figgen.lock") == ""
    targets = re.findall(r"`make ([\w-]+)`", PAGE)
    for target in {*targets, "figures", "figures-check"} - {"e2e"}:
        call(own, f"make --dry-run {target}")


def call(own, commands):
    person = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    path = f"{own / '.figgen/venv/bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **person, "PATH": path, "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["bash", "-e", "-c", commands]
    done = subprocess.run(command, cwd=own, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, (commands, done.stdout, done.stderr)
    return done.stdout


def test_the_screenshots_show_these_configs():
    assert len(CONFIGS) == 2
    for path, text in CONFIGS:
        assert (SITE / path).read_text() == text


def test_the_screenshots_are_there_in_their_size():
    assert {path.name for path in (ROOT / "docs" / "authoring").iterdir()} == {Path(src).name for src, *_ in IMAGES}
    for src, width, height in IMAGES:
        assert png_size((FOLDER / src).read_bytes()) == (int(width), int(height))
