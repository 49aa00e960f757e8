"""`figgen --debug`, and what becomes of figgen's own bugs."""

import subprocess
import sys

import pytest

from figgen.build.builder import build
from figgen.site.paths import discover
from tests.conftest import MINIMAL
from tests.figures import ROOT

pytestmark = pytest.mark.slow


def run(*arguments, code="from figgen.cli import run; run()"):
    """Run the command line in a process of its own; code comes before it, to put a fault in."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, check=False, capture_output=True, text=True
    )


def with_fault(patch):
    return f"import figgen.cli\n{patch}\nfrom figgen.cli import run\nrun()\n"


IN_A_WORKER = with_fault(
    "def fault(*_, **__): raise KeyError('x')\nimport figgen.review\nfiggen.review.find_layout_problems = fault"
)
IN_THE_PARENT = with_fault(
    "import click\n"
    "def fault(): click.echo('first'); raise KeyError('x')\n"
    "figgen.cli.main.commands['functions'].callback = fault"
)


def test_the_steps_are_printed(site):
    done = run("--debug", "build", "--jobs", "1", "--root", site)
    assert done.returncode == 0
    steps = ["new", "read", "validate and sample", "draw the light variant", "encode as png", "review"]
    lines = [line.partition("] ")[2].removeprefix("configs/Post/one.yaml: ") for line in done.stderr.splitlines()]
    assert lines[:3] == ["new", "lock the site", "new"], "it is planned again with the site locked"
    assert lines[2:] == [*steps, "write assets/posts/Post/one.png"]


def test_without_it_nothing_is_printed(site):
    assert run("build", "--root", site).stderr == ""


def test_the_traceback_of_a_mistake_is_printed_with_debug_only(site):
    config = site / "configs/Post/one.yaml"
    config.write_text("alt: [")
    assert "Traceback" not in run("show", config, "--root", site).stderr
    assert "Traceback" not in run("show", "nothing", "--root", site).stderr
    assert "Traceback" in run("--debug", "show", "nothing", "--root", site).stderr


def test_a_bug_while_drawing_is_reported_as_ours_and_not_as_matplotlibs(site):
    done = run("validate", "--root", site, code=IN_A_WORKER)
    assert done.returncode == 1
    assert "configs/Post/one.yaml:1:1: internal error (please report): KeyError: 'x'; run with --debug" in done.stdout
    assert "Traceback" not in done.stderr
    done = run("--debug", "validate", "--root", site, code=IN_A_WORKER)
    assert "Traceback" in done.stderr
    assert "in fault" in done.stderr


def test_a_bug_in_a_command_is_one_line_and_what_was_printed_is_not_lost():
    done = run("functions", code=IN_THE_PARENT)
    assert (done.returncode, done.stdout) == (1, "first\n")
    hint = "run with --debug to see the traceback"
    assert done.stderr == f"figgen: internal error (please report): KeyError: 'x'; {hint}\n"
    assert "Traceback" in run("--debug", "functions", code=IN_THE_PARENT).stderr


def test_an_error_of_the_system_does_not_lose_what_was_printed():
    done = run("functions", code=IN_THE_PARENT.replace("KeyError('x')", "OSError(24, 'Too many open files')"))
    assert (done.returncode, done.stdout, done.stderr) == (1, "first\n", "figgen: Too many open files\n")


def redirected(redirection, *arguments):
    """Run the command line with its streams redirected by a shell."""
    command = [sys.executable, "-m", "figgen", *map(str, arguments)]
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", *command], cwd=ROOT, check=False, capture_output=True, text=True
    )


def test_a_stream_that_is_closed_or_cannot_show_mistakes_is_no_error(site):
    """From 20 figures on, a build asks whether its progress can be seen."""
    (site / "configs/Many").mkdir()
    for number in range(20):
        (site / f"configs/Many/f{number}.yaml").write_text(MINIMAL + "canvas: {size: [200, 150], unit: px}\n")
    build(site, discover(site)[0], jobs=2)
    for redirection in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full", "2</dev/null"):
        for command in ("list", "validate Post/one", "build --force Post/one", "build", "--debug build"):
            done = redirected(redirection, *command.split(), "--root", site)
            assert (done.returncode, "error" in done.stderr) == (0, False), (redirection, command, done)


def test_mistakes_that_cannot_be_shown_stop_no_build(site):
    (site / "configs/Post/a.yaml").write_text("alt: 1")
    assert redirected("2>/dev/full", "build", "--jobs", "1", "--root", site).returncode == 1
    assert (site / "assets/posts/Post/one.png").exists()


@pytest.mark.parametrize("redirection", [">/dev/full", ">/dev/null 1</dev/null"])
def test_what_was_asked_for_and_cannot_be_printed_is_an_error(redirection):
    done = redirected(redirection, "functions")
    assert done.returncode == 1
    assert done.stderr in {"figgen: No space left on device\n", "figgen: Bad file descriptor\n"}


def test_no_file_that_is_opened_takes_the_place_of_a_closed_stream(site):
    """Else what a library in C prints would be written into a picture."""
    fault = "import os\nfrom figgen.build import builder\nold = builder.write_below\n"
    fault += "def write(*words): os.write(1, b'printed'); os.write(2, b'printed'); old(*words)\n"
    code = with_fault(fault + "builder.write_below = write")
    command = [sys.executable, "-c", code, "build", "--root", str(site)]
    done = subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command], check=False, cwd=ROOT)
    assert done.returncode == 0
    assert b"printed" not in (site / "assets/posts/Post/one.png").read_bytes()


def test_a_bug_in_a_mark_is_not_reported_as_the_layers_mistake(site):
    fault = "from figgen.config.spec.marks.line import Line\ndef fault(*_): raise ValueError('x')\nLine.draw = fault"
    done = run("validate", "--root", site, code=with_fault(fault))
    assert "configs/Post/one.yaml:1:1: internal error (please report): ValueError: x; run with --debug" in done.stdout
