"""Sessions: commands and exactly what they print, in the files of tests/messages.

A session is a line that says what it is about, then files of a site, each as `=== path` and its lines, and commands, each as
`$ figgen ...` (or another command of the shell, which damages something) and the lines that it prints. `[1]` is its exit
status, if it is not 0, `<…>` stands for what differs from one machine to another, `SITE` for the folder. After messages were
reworded, `make messages` writes what is printed now into the sessions.
"""

import os
import re
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from figgen.cli import main
from tests import processes
from tests.figures import ROOT

SESSIONS = sorted((ROOT / "tests" / "messages").glob("*.txt"))

_FIGGEN = re.compile(r"(?:echo (?P<input>\w+) \| )?(?P<variables>(?:[A-Z_]+=\S+ )*)figgen (?P<arguments>.*)")
_USAGE = ("Usage: ", "Try '")  # what click prints before the message of a usage error
_STATUS = re.compile(r"\[(\d+)\]")


@dataclass
class Step:
    """A file with its lines, or a command with the lines that it prints."""

    is_file: bool
    name: str  # the path of the file, or the command
    lines: list[str] = field(default_factory=list)

    def write_to(self, folder: Path) -> None:
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(self.lines).rstrip("\n") + "\n", encoding="utf-8")

    @property
    def printed(self) -> list[str]:
        return [line for line in self.lines if line and not _STATUS.fullmatch(line)]

    @property
    def status(self) -> int:
        return next((int(found[1]) for line in self.lines if (found := _STATUS.fullmatch(line))), 0)


class Session(NamedTuple):
    """What a session is about, as lines, and its steps."""

    about: list[str]
    steps: list[Step]


def read_session(text: str) -> Session:
    session = Session([], [])
    for line in text.splitlines():
        if line.startswith(("=== ", "$ ")):
            sign, _, name = line.partition(" ")
            session.steps.append(Step(sign == "===", name))
        else:
            (session.steps[-1].lines if session.steps else session.about).append(line)
    return session


def write_session(session: Session) -> str:
    lines = [*session.about]
    for step in session.steps:
        lines += [f"{'===' if step.is_file else '$'} {step.name}", *step.lines]
    return "\n".join(lines) + "\n"


def update_session(session: Session, folder: Path) -> Session:
    """Run a session in a folder, and return it with what its commands print now. Lines with `<…>` that match are kept."""
    steps = []
    for step in session.steps:
        if step.is_file:
            step.write_to(folder)
            steps.append(step)
        else:
            printed, status = run(step.name, folder)
            lines = [next((old for old in step.printed if matches(line, old)), line) for line in printed]
            blank = step.lines[-1:] if step.lines[-1:] == [""] else []
            steps.append(
                Step(is_file=False, name=step.name, lines=[*lines, *([f"[{status}]"] if status else []), *blank])
            )
    return Session(session.about, steps)


def run(command: str, folder: Path) -> tuple[list[str], int]:
    """Run a command in a folder, which is the current one; return the lines that it prints, and its exit status."""
    figgen = _FIGGEN.fullmatch(command)
    if figgen is None:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = processes.run(["env", f"PATH={path}", "sh", "-c", command], cwd=folder)
        output, status = done.stdout + done.stderr, done.returncode
    else:
        variables = dict(one.split("=", 1) for one in figgen["variables"].split())
        result = CliRunner().invoke(main, shlex.split(figgen["arguments"]), figgen["input"], variables)
        assert isinstance(result.exception, SystemExit | None), result.exception
        output, status = result.output, int(result.exit_code)
    assert "Traceback" not in output
    lines = [line.rstrip() for line in output.replace(str(folder), "SITE").splitlines()]
    return [line for line in lines if line and not line.startswith(_USAGE)], status


def matches(line: str, expected: str) -> bool:
    """Check whether a line is the expected one, where `<…>` stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, expected.split("<…>"))), line) is not None
