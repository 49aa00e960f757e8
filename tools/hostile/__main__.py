"""`python -m tools.hostile`: measure all readers, then run every command on a hostile branch."""

import argparse
import sys
import tempfile
from pathlib import Path

from tools.hostile.branch import attack
from tools.hostile.readers import measure_all


def main() -> int:
    parser = argparse.ArgumentParser(description="Give figgen input that is made to take it down.")
    parser.add_argument("--size", type=int, default=4 * 2**20, help="bytes of most files of the branch")
    parser.add_argument("--branch", action="store_true", help="run the commands on the branch only")
    parser.add_argument("only", nargs="*", help="words of the names of readers; all, and the branch, if left out")
    arguments = parser.parse_args()
    fine = arguments.branch or measure_all(arguments.only)
    if not arguments.only:
        print("\n| branch | command | status | s | MiB | characters | |\n|---|---|---|---|---|---|---|", flush=True)
        with tempfile.TemporaryDirectory(prefix="figgen-hostile-") as folder:
            fine = attack(Path(folder), arguments.size) and fine
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
