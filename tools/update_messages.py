"""Write what figgen prints now into the sessions of tests/messages and the expected texts of tests/specs/bad: `make messages`.

Read `git diff tests` afterwards: each changed line is a message that somebody will read.
"""

import argparse
import contextlib
import tempfile
from pathlib import Path

from click.testing import CliRunner

from figgen.cli import main as figgen
from tests.cli.sessions import SESSIONS, read_session, update_session, write_session
from tests.config.test_bad_specs import CASES, Bad


def updated_session(path: Path) -> str:
    """Return a session with what its commands print now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        with contextlib.chdir(folder):
            return write_session(update_session(read_session(path.read_text(encoding="utf-8")), folder))


def updated_case(case: Bad) -> str:
    """Return what is printed of a bad config now."""
    with tempfile.TemporaryDirectory() as folder:
        case.copy_to(Path(folder))
        return CliRunner().invoke(figgen, ["validate", "--root", folder]).stdout


def write(path: Path, text: str) -> None:
    if path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path}")


def main() -> None:
    names = [path.stem for path in SESSIONS]
    parser = argparse.ArgumentParser(
        description="Write what figgen prints now into the expected messages of the tests."
    )
    parser.add_argument("only", nargs="*", metavar="SESSION", help=f"one of {', '.join(names)}")
    only = parser.parse_args().only
    if unknown := set(only) - set(names):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    for path in SESSIONS:
        if not only or path.stem in only:
            write(path, updated_session(path))
    for case in [] if only else CASES:
        write(case.expected_file, updated_case(case))


if __name__ == "__main__":
    main()
