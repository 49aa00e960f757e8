"""`figgen check` and `figgen snippet`, run as by their users."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from figgen.cli import main
from tests.figures import ROOT

ONE = "/assets/posts/Post/one.png"
PAIR = (
    f"![One]({ONE}){{: w='300' h='200' .light }}\n![One](/assets/posts/Post/one-dark.png){{: w='300' h='200' .dark }}\n"
)
TWO = "![Two](/assets/posts/Post/two.png){: width='60%' style=\"margin:auto;\" }\n"
POST = f"---\nlayout: post\n---\n\nA post.\n\n{PAIR}_Caption_\n\n{TWO}"
SUMMARY = "posts: {} valid, {} invalid; figures: {} used, {} unused"


def run(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def write(blog, text, path="_posts/2025-01-01-a.md"):
    (blog / path).parent.mkdir(parents=True, exist_ok=True)
    (blog / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return blog / path


def test_a_valid_site(blog):
    write(blog, POST)
    result = run("check", "--root", blog)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", SUMMARY.format(1, 0, 3, 0) + "\n")
    assert run("check", "--root", blog, "--format", "json").stdout == "[]\n"
    assert run("check", "--root", blog, "--fix").exit_code == 0
    assert (blog / "_posts/2025-01-01-a.md").read_text() == POST


def remove(blog):
    (blog / "assets/posts/Post/two.png").unlink()


def rename(blog):
    (blog / "assets/posts/Post/two.png").rename(blog / "assets/posts/Post/TWO.png")


def edit(blog):
    (blog / "assets/posts/Post/two.png").write_bytes(b"painted over")


def change(blog):
    path = blog / "configs/Post/two.yaml"
    path.write_text(path.read_text().replace("2 * x", "3 * x"))


def remove_config(blog):
    (blog / "configs/Post/two.yaml").unlink()
    (blog / "assets/posts/Post/two.png").unlink()


def rewrite(old, new):
    def damage(blog):
        path = blog / "_posts/2025-01-01-a.md"
        path.write_text(path.read_text().replace(old, new))

    return damage


BREAKAGES = {
    "file removed": (remove, "_posts/2025-01-01-a.md:11:1: ", "missing"),
    "file renamed by case": (rename, "_posts/2025-01-01-a.md:11:1: ", "its file is named assets/posts/Post/TWO.png, which differs only in letter case"),
    "file edited by hand": (edit, "_posts/2025-01-01-a.md:11:1: ", "edited by hand"),
    "stale": (change, "_posts/2025-01-01-a.md:11:1: ", "not up to date (reason: config)"),
    "config removed": (remove_config, "_posts/2025-01-01-a.md:11:1: ", "there is no config configs/Post/two.yaml"),
    "path of another case": (rewrite("two.png", "Two.png"), "_posts/2025-01-01-a.md:11:1: ", "differs only in letter case from assets/posts/Post/two.png"),
    "alt emptied": (rewrite("[Two]", "[]"), "_posts/2025-01-01-a.md:11:1: ", "empty alt text"),
    "size that distorts": (rewrite("h='200' .dark", "h='100' .dark"), "_posts/2025-01-01-a.md:8:1: ", "would distort the picture"),
    "dark one removed": (rewrite(PAIR.splitlines()[1] + "\n", ""), "_posts/2025-01-01-a.md:7:1: ", "no image with class .dark next to it"),
    "reference removed": (rewrite(TWO, ""), "configs/Post/two.yaml:1:1: ", "unused figure: no post refers to assets/posts/Post/two.png"),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "place", "message"), BREAKAGES.values(), ids=BREAKAGES)
def test_each_breakage_is_reported_at_its_line(blog, damage, place, message):
    write(blog, POST)
    damage(blog)
    result = run("check", "--root", blog)
    assert result.exit_code == 1
    first = next(line for line in result.stdout.splitlines() if line.startswith(place))
    assert message in first
    assert "configs/Post/" in result.stdout or "assets/posts/Post/" in first


def test_findings_for_machines(blog):
    write(blog, POST.replace("[Two]", "[]"))
    (found,) = json.loads(run("check", "--root", blog, "--format", "json").stdout)
    assert (found["path"], found["line"], found["column"], found["where"]) == (
        "_posts/2025-01-01-a.md",
        11,
        1,
        "assets/posts/Post/two.png",
    )
    github = run("check", "--root", blog, "--format", "github").stdout
    assert github.startswith("::error file=_posts/2025-01-01-a.md,line=11,col=1,title=figgen::")


def test_a_folder_of_posts_elsewhere(blog, tmp_path, monkeypatch):
    folder = tmp_path / "posts"
    write(folder, POST, "a.md")
    write(folder, POST.replace("[Two]", "[]"), "deep/b.markdown")
    monkeypatch.chdir(blog)
    result = run("check", "--posts", folder)
    assert result.stdout.startswith(f"{folder}/deep/b.markdown:11:1: ")
    assert result.stderr == SUMMARY.format(1, 1, 3, 0) + "\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["check", "--posts", "nowhere"], "Directory 'nowhere' does not exist"),
        (["check", "--dry-run"], "--dry-run requires --fix"),
        (["check"], "no posts found in"),
        (["check", "--posts", "configs"], "no posts found in configs: pass their folder with --posts"),
        (["snippet", "Post/tow"], "figure not found: Post/tow; did you mean 'Post/two'?"),
    ],
)
def test_usage_errors(blog, monkeypatch, args, message):
    monkeypatch.chdir(blog)
    result = run(*args)
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_unreadable_post_and_a_damaged_lockfile(blog):
    write(blog, POST)
    os.mkfifo(blog / "_posts/pipe.md")
    result = run("check", "--root", blog)
    assert (result.exit_code, result.stdout) == (1, "_posts/pipe.md:1:1: not a file\n")
    (blog / "figgen.lock").write_text("{")
    result = run("check", "--root", blog)
    assert result.exit_code == 1
    assert "figgen.lock:1:" in result.stderr


def test_what_is_safe_is_fixed_and_the_rest_reported(blog):
    damaged = POST.replace("[One]", "[]", 1).replace(PAIR.splitlines()[1] + "\n", "").replace("two.png", "too.png")
    path = write(blog, damaged.encode() + b"\xff\r\n \t")
    path.chmod(0o600)
    shown = run("check", "--root", blog, "--fix", "--dry-run")
    assert shown.exit_code == 1
    assert shown.stdout.startswith("--- _posts/2025-01-01-a.md\n+++ _posts/2025-01-01-a.md\n@@ ")
    assert path.read_bytes() == damaged.encode() + b"\xff\r\n \t"
    result = run("check", "--root", blog, "--fix")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (1, "fixed _posts/2025-01-01-a.md")
    assert "_posts/2025-01-01-a.md:11:1: assets/posts/Post/too.png: file not found" in result.stdout
    fixed = path.read_bytes()
    alt = r"A rising line: f\[x\] = 2x."
    assert (
        f"![{alt}]({ONE}){{: w='300' h='200' .light }}\n![{alt}](/assets/posts/Post/one-dark.png){{: w='300'"
        in fixed.decode(errors="replace")
    )
    assert fixed.endswith(b"\xff\r\n \t")
    assert path.stat().st_mode & 0o777 == 0o600
    again = run("check", "--root", blog, "--fix")
    assert (again.exit_code, again.stdout) == (1, result.stdout)
    assert "fixed" not in again.stderr
    assert path.read_bytes() == fixed
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_snippet(blog):
    result = run("snippet", "one", "--root", blog)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        '![A rising line: f\\[x\\] = 2x.](/assets/posts/Post/one.png){: width="300" height="200" .light }\n'
        '![The same, dark.](/assets/posts/Post/one-dark.png){: width="300" height="200" .dark }\n'
        "_A \\*line\\*_\n"
    )
    two = run("snippet", "Post/two", "--root", blog).stdout
    assert two == run("snippet", "configs/Post/two.yaml", "--root", blog).stdout
    write(blog, result.stdout + "\n" + two)
    assert run("check", "--root", blog).exit_code == 0
    assert run("check", "--root", blog, "--fix").stderr == SUMMARY.format(1, 0, 3, 0) + "\n"


def test_no_snippet_of_a_stale_figure(blog):
    change(blog)
    result = run("snippet", "two", "--root", blog)
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        result.stderr
        == "configs/Post/two.yaml:1:1: assets/posts/Post/two.png: not up to date (reason: config); run 'figgen build configs/Post/two.yaml'\n"
    )


def test_a_name_that_two_posts_have(blog):
    shutil.copytree(blog / "configs/Post", blog / "configs/Other")
    result = run("snippet", "two", "--root", blog)
    assert result.exit_code == 2
    assert "ambiguous name 'two': Other/two, Post/two" in result.stderr


def test_a_check_imports_nothing_heavy(blog):
    write(blog, POST)
    command = [sys.executable, "-X", "importtime", "-m", "figgen", "check", "--root", str(blog)]
    result = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert "figgen.posts.check" in imported
    assert not imported & {
        "matplotlib",
        "numpy",
        "pydantic",
        "PIL",
        "filelock",
        "figgen.config.spec",
        "figgen.build.picture",
    }


def test_unprintable_names(blog):
    write(blog, POST)
    name = os.fsdecode(b"caf\xe9.md")
    try:
        write(blog, b"![](/assets/posts/Post/x\x1b.png)" + b"![](/assets/posts/Post/\xff.png)", f"_posts/{name}")
    except OSError:
        pytest.skip("this file system has no such names")
    result = run("check", "--root", blog)
    assert "_posts/caf\\udce9.md:1:1: assets/posts/Post/x\\u001b.png: file not found" in result.stdout
    assert run("check", "--root", blog, "--format", "json").exit_code == 1


def test_200_posts_are_checked_in_little_time(blog):
    prose = "\n\n".join(["A line of prose that goes on for a while,\nand then ends.", "- one\n- two", "## Head"] * 20)
    for number in range(200):
        write(blog, f"{POST}\n{prose}\n\n{PAIR}", f"_posts/2025-01-01-{number}.md")
    start = time.process_time()
    assert run("check", "--root", blog).exit_code == 0
    assert time.process_time() - start < 1.5  # which takes 0.2 s
