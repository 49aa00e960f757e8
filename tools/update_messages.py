"""Write what figgen prints now into the sessions of tests/messages and the expected texts of tests/specs/bad.

Read the diff afterwards: each changed line is a message that somebody will read.
"""

import contextlib
import shutil
import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner

from figgen.cli import main
from tests.cli.test_messages import SESSIONS, Step, is_as, run, steps
from tests.config.test_bad_specs import CASES


def update_bad_specs() -> int:
    """Rewrite the expected text of each bad config; return how many changed."""
    changed = 0
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            case.copy_to(Path(folder))
            said = CliRunner().invoke(main, ["validate", "--root", folder]).stdout
        file = case.path / "expected.txt" if case.path.is_dir() else case.path.with_suffix(".txt")
        if file.read_text(encoding="utf-8") != said:
            file.write_text(said, encoding="utf-8")
            changed += 1
    return changed


def update_session(session: Path, folder: Path) -> bool:
    """Rewrite one session; return whether it changed. A line with `<…>` stays where it still matches."""
    text = session.read_text(encoding="utf-8")
    head = text[: min((at for sign in ("\n=== ", "\n$ ") if (at := text.find(sign)) >= 0), default=0) + 1]
    if text.startswith(("=== ", "$ ")):
        head = ""
    parts = [head]
    for step in steps(session):
        if step.is_file:
            path = folder / step.what
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.content, encoding="utf-8")
            parts.append("\n".join([f"=== {step.what}", *step.lines]) + "\n")
        else:
            parts.append(_command(step, *run(step.what, folder)))
    new = "".join(parts).rstrip("\n") + "\n"
    session.write_text(new, encoding="utf-8")
    return new != text


def _command(step: Step, said: list[str], status: int) -> str:
    kept = list(step.said)
    lines = []
    for line in said:
        match = next((old for old in kept if is_as(line, old)), None)
        if match is not None:
            kept.remove(match)
        lines.append(line if match is None else match)
    blank = [""] if step.lines and not step.lines[-1] else []
    return "\n".join([f"$ {step.what}", *lines, *([f"[{status}]"] if status else []), *blank]) + "\n"


def update() -> None:
    """Rewrite all expected texts, or those of the sessions that are named."""
    wanted = sys.argv[1:]
    if not wanted:
        print(f"tests/specs/bad: {update_bad_specs()} changed")
    for session in SESSIONS:
        if wanted and session.stem not in wanted:
            continue
        folder = Path(tempfile.mkdtemp()).resolve()
        try:
            with contextlib.chdir(folder):
                print(f"{session.name}: {'changed' if update_session(session, folder) else 'same'}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    update()
