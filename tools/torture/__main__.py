"""`python -m tools.torture`: every fault, one after the other."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tools.torture import FAULTS
from tools.torture.processes import KILLED, killed
from tools.torture.site import Skipped


def main() -> int:
    parser = argparse.ArgumentParser(description="Break real builds in every way that machines do.")
    parser.add_argument("--kills", type=int, default=200, help="in all, at random moments")
    kills = parser.parse_args().kills
    shares = {what: kills // len(KILLED) + (place < kills % len(KILLED)) for place, what in enumerate(KILLED)}
    faults = {
        **FAULTS,
        **{f"SIGKILL of {what}": lambda site, what=what: killed(site, what, shares[what]) for what in KILLED},
    }
    failed = 0
    print("| fault | | s |\n|---|---|---|", flush=True)
    for name, fault in faults.items():
        with tempfile.TemporaryDirectory(prefix="figgen-torture-") as folder:
            begun = time.monotonic()
            try:
                verdict = f"held {fault(Path(folder))}".strip()
            except Skipped as reason:
                verdict = f"not here: {reason}"
            except AssertionError as error:
                failed += 1
                verdict = f"FAILED: {error}"
        print(f"| {name} | {verdict} | {time.monotonic() - begun:.0f} |", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
