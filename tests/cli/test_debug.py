"""`figgen --debug`, and what becomes of figgen's own bugs."""

import subprocess
import sys

import pytest

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


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_stream_that_is_closed_at_the_start_is_no_error(stream):
    number = {"stdout": 1, "stderr": 2}[stream]
    command = [sys.executable, "-m", "figgen", "functions"]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {number}>&-', "sh", *command], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (stream == "stderr")


def test_a_bug_in_a_mark_is_not_reported_as_the_layers_mistake(site):
    fault = "from figgen.config.spec.marks.line import Line\ndef fault(*_): raise ValueError('x')\nLine.draw = fault"
    done = run("validate", "--root", site, code=with_fault(fault))
    assert "configs/Post/one.yaml:1:1: internal error (please report): ValueError: x; run with --debug" in done.stdout
