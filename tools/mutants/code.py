"""Change the code of figgen by the smallest step that matters, one place at a time, and report which changes no test sees.

`make mutants`. A mutant is caught if a test fails, or does not end. Those that cannot be caught, since they change
nothing that can be observed, are listed with their reasons in equivalents.yaml. A listed one that is caught, or that
the code no longer has, is an error: the list says only what is true.
"""

import argparse
import importlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import yaml

from tools.mutants.judge import Items, Judge, Mutant, Verdict, collect_and_judge, mutants_of, run_from_import
from tools.mutants.line_map import ROOT, LineMap, read_line_map

PACKAGES = ("drawing", "config/spec/marks", "review", "data", "regression", "posts")
EQUIVALENTS = Path(__file__).with_name("equivalents.yaml")
# Tests that run figgen in other processes see no mutant, and those of the tools or in a browser are about other things.
RECORD = ["-m", "pytest", "-q", "-p", "tools.mutants.line_map", "--numprocesses", "auto", "--dist", "worksteal"]
TESTS = (
    *("config", "data", "drawing", "review", "regression", "posts", "truth"),
    *("test_figures.py", "test_untrusted_input.py", "build/test_picture.py"),
)

Key = tuple[str, str, str, str]


def find_mutants(only: Iterable[str] = ()) -> list[Mutant]:
    """List the mutants of all packages, or of the files whose path contains one of some words."""
    files = [path for package in PACKAGES for path in sorted((ROOT / "figgen" / package).rglob("*.py"))]
    paths = [path.relative_to(ROOT).as_posix() for path in files]
    return [mutant for path in paths if not only or any(word in path for word in only) for mutant in mutants_of(path)]


def sample(mutants: Iterable[Mutant], count: int, seed: int) -> list[Mutant]:
    """Choose mutants by a seed and their keys, so that a change of the code changes the sample by its own mutants only."""
    return sorted(mutants, key=lambda mutant: sha256(repr((seed, mutant.key)).encode()).digest())[:count]


def read_equivalents(text: str) -> dict[Key, str]:
    """Read the listed mutants, each with its reason. Raises ValueError for one without a reason, or listed twice."""
    found: dict[Key, str] = {}
    for path, entries in (yaml.safe_load(text) or {}).items():
        for entry in entries:
            key = (path, entry["function"], entry["source"], entry["change"])
            if key in found or not str(entry.get("reason") or "").strip():
                raise ValueError(f"listed twice, or without a reason: {' | '.join(key)}")
            found[key] = entry["reason"]
    return found


def read_or_record() -> LineMap:
    """Return which lines each test runs; run the test files for which that is not known."""
    known = read_line_map()
    recorded = {test.partition("::")[0] for test in known.seconds}
    paths = [path for name in TESTS for path in [ROOT / "tests" / name, *(ROOT / "tests" / name).rglob("test_*.py")]]
    files = {path.relative_to(ROOT).as_posix() for path in paths if path.is_file()}
    if missing := sorted(files - recorded):
        print(f"recording which lines the tests of {len(missing)} files run …", flush=True)
        subprocess.run([sys.executable, *RECORD, *missing], cwd=ROOT, check=False)
        known = read_line_map()
    return known


def main() -> int:
    parser = argparse.ArgumentParser(description="Report which small changes of the code no test would see.")
    parser.add_argument(
        "only", nargs="*", help="words, one of which the path of a file contains; all files if left out"
    )
    parser.add_argument("--sample", type=int, help="judge so many mutants, chosen at random")
    parser.add_argument("--seed", type=int, default=0, help="chooses the sample")
    arguments = parser.parse_args()

    listed = read_equivalents(EQUIVALENTS.read_text())
    mutants = find_mutants(arguments.only)
    gone = listed.keys() - {mutant.key for mutant in find_mutants()}
    if arguments.sample is not None:
        mutants = sample(mutants, arguments.sample, arguments.seed)
    results = judge_all(mutants, read_or_record(), listed.keys())
    wrong = report(results, listed.keys(), gone)
    return int(wrong)


def judge_all(mutants: list[Mutant], line_map: LineMap, listed: Iterable[Key]) -> dict[Mutant, Verdict]:
    """Judge mutants, first those that need a new import of figgen, and print each that survives."""
    results: dict[Mutant, Verdict] = {}
    listed = set(listed)

    def told(mutant: Mutant, verdict: Verdict) -> None:
        results[mutant] = verdict
        if verdict.kind in {"survived", "not run"} and mutant.key not in listed:
            print(f"{len(results)} of {len(mutants)}: {verdict.kind}: {mutant}", flush=True)

    for library in ("matplotlib.figure", "numpy", "pydantic"):  # once, for all processes
        importlib.import_module(library)
    judge = Judge(line_map)
    for mutant in mutants:
        if not mutant.in_function:
            told(mutant, judge.judge(mutant, run_from_import))
    in_functions = [mutant for mutant in mutants if mutant.in_function]
    if in_functions:
        tests = {test for mutant in in_functions for test in judge.tests(mutant)}
        collect_and_judge(tests, Items(judge, in_functions, told))
    return results


def report(results: dict[Mutant, Verdict], listed: Iterable[Key], gone: Iterable[Key]) -> bool:
    """Print the results by package, and what is wrong with them; return whether anything is."""
    listed = set(listed)
    escaped = [
        f"{verdict.kind}: {mutant}"
        for mutant, verdict in results.items()
        if verdict.kind in {"survived", "not run"} and mutant.key not in listed
    ]
    caught = [
        f"listed as equivalent, but caught by {verdict.test}: {mutant}"
        for mutant, verdict in results.items()
        if verdict.kind not in {"survived", "not run"} and mutant.key in listed
    ]
    missing = [f"listed as equivalent, but not there: {' | '.join(key)}" for key in sorted(gone)]
    for package in PACKAGES:
        counts = Counter(
            "equivalent" if mutant.key in listed else verdict.kind
            for mutant, verdict in results.items()
            if mutant.path.startswith(f"figgen/{package}/")
        )
        if counts:
            alive = counts.total() - counts["equivalent"]
            seen = counts["caught"] + counts["time-out"]
            details = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
            print(f"{package}: caught {seen} of {alive} ({seen / max(1, alive):.1%}); {details}")
    print("\n".join([*escaped, *caught, *missing, f"mutants judged {len(results)}, escaped {len(escaped)}"]))
    return bool(escaped or caught or missing)


if __name__ == "__main__":
    sys.exit(main())
