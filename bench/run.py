"""Measures the build against yardsticks and prints one table of ratios: `make bench`.

Every row is a pair of commands, run in turn as whole processes, so that a ratio holds where a machine's speed drifts.
The figure quoted is the median of the ratios of the pairs.
"""

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
FIGGEN = [sys.executable, "-m", "figgen", "build", "--quiet"]
HAND = [sys.executable, str(ROOT / "bench" / "by_hand.py")]

CONFIG = """\
title: Curve {number}
alt: A sine.
style: house
canvas: {{size: [6, 4], dpi: 200, crop: tight, pad: 0.1, layout: none}}
data:
  x: {{linspace: [-8, 8, 400]}}
layers:
  - {{mark: line, x: x, y: sin(x + {number} / 100), width: 1.5}}
axes:
  x: {{label: x}}
  y: {{label: y}}
"""


@dataclass(frozen=True)
class Pair:
    """A row of the table: two commands, each with what is done before it, untimed."""

    what: str
    bound: float
    ours: list[str]
    yardstick: list[str]
    prepare: Callable[[], None] = lambda: None
    folder: Path = ROOT


def seconds(command: list[str], folder: Path) -> float:
    """Run a command as a whole process, and give how long it took."""
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=folder, env=environment(), stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def environment() -> dict[str, str]:
    """Let Python keep compiled modules, as it does by default."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measure(pair: Pair, runs: int) -> tuple[float, float, float]:
    """Run a pair in turn; give the median of the ratios, and of our seconds and the yardstick's."""
    ours, yardstick = [], []
    for number in range(runs + 1):
        pair.prefork()
        own, other = seconds(pair.ours, pair.folder), seconds(pair.yardstick, pair.folder)
        if number:  # the first warms up
            ours.append(own)
            yardstick.append(other)
    ratios = [own / other for own, other in zip(ours, yardstick, strict=True)]
    return statistics.median(ratios), statistics.median(ours), statistics.median(yardstick)


def site(folder: Path, count: int) -> Path:
    """Make a site of so many different figures."""
    shutil.copytree(ROOT / "configs" / "styles", folder / "configs" / "styles")
    (folder / "configs" / "Post").mkdir()
    for number in range(count):
        (folder / "configs" / "Post" / f"f{number}.yaml").write_text(CONFIG.format(number=number))
    return folder


def forget(folder: Path) -> None:
    """Make a site one that was never built."""
    shutil.rmtree(folder / "assets", ignore_errors=True)
    shutil.rmtree(folder / ".figgen", ignore_errors=True)
    (folder / "figgen.lock").unlink(missing_ok=True)


def doit_file(folder: Path, count: int) -> Path:
    """Make a doit project with so many targets, each made from one file."""
    folder.mkdir()
    for number in range(count):
        (folder / f"f{number}.txt").write_text(str(number))
    (folder / "dodo.py").write_text(
        "def task_copy():\n"
        f"    for n in range({count}):\n"
        "        yield {'name': str(n), 'file_dep': [f'f{n}.txt'], 'targets': [f'f{n}.out'],\n"
        "               'actions': [f'cp f{n}.txt f{n}.out']}\n"
    )
    return folder


def peak(command: list[str]) -> float:
    """Run a command and give the largest memory of any process of it, in MiB."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *command], check=True, capture_output=True, text=True, env=environment()
    )
    return int(result.stdout.split()[-1]) / 1024


def measure_watch(folder: Path, hand: Path, runs: int) -> tuple[float, float, float]:
    """Save a config and wait for its picture, and have a warm process draw it by hand, in turn; give medians."""
    config, picture = folder / "configs" / "Post" / "f0.yaml", folder / "assets" / "posts" / "Post" / "f0.png"
    watching = subprocess.Popen(
        [sys.executable, "-m", "figgen", "watch", "--root", str(folder)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    by_hand = subprocess.Popen(
        [*HAND, str(hand), "warm"], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    ours, yardstick = [], []
    with watching, by_hand:
        lines, answers, orders = watching.stdout, by_hand.stdout, by_hand.stdin
        assert lines and answers and orders  # noqa: PT018, S101 - they were asked for
        _await_line(lines, "watching")
        if not picture.exists():
            _await_line(lines, "f0.png")
        for number in range(1, 4 * runs + 3):
            before = picture.stat().st_mtime_ns
            started = time.perf_counter()
            config.write_text(CONFIG.format(number=number))
            while picture.stat().st_mtime_ns == before:
                time.sleep(0.0005)
                if watching.poll() is not None:
                    raise SystemExit("figgen watch has ended")
            ours.append(time.perf_counter() - started)
            _await_line(lines, "f0.png")  # it is ready again
            started = time.perf_counter()
            print(number, file=orders, flush=True)
            answers.readline()
            yardstick.append(time.perf_counter() - started)
        watching.send_signal(signal.SIGINT)
        orders.close()
    ours, yardstick = ours[2:], yardstick[2:]  # the first warm up
    ratios = [own / other for own, other in zip(ours, yardstick, strict=True)]
    return statistics.median(ratios), statistics.median(ours), statistics.median(yardstick)


def _await_line(lines: IO[str], words: str) -> None:
    """Read until a line has these words."""
    for line in lines:
        if words in line:
            return
    raise SystemExit(f"figgen watch ended before it said '{words}'")


def main() -> None:
    """Measure every pair and print the table."""
    parser = argparse.ArgumentParser(description="Measure the build against yardsticks.")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each pair")
    parser.add_argument("--many", type=int, default=1000, help="figures of the large site")
    runs, many = (arguments := parser.parse_args()).runs, arguments.many
    with tempfile.TemporaryDirectory(prefix="figgen-bench-") as name:
        scratch = Path(name)
        five = scratch / "five"
        shutil.copytree(ROOT / "configs", five / "configs")
        hand = scratch / "hand"
        large = site(scratch / "large", many)
        doit = doit_file(scratch / "doit", many)
        subprocess.run([str(BIN / "doit"), "-v0"], cwd=doit, check=True, stdout=subprocess.DEVNULL)
        doit_again = [str(BIN / "doit"), "-f", str(doit / "dodo.py"), "-v0"]
        changed = large / "configs" / "Post" / "f7.yaml"

        def touch() -> None:
            changed.write_text(CONFIG.format(number=time.time_ns()))

        on_five, on_large = [*FIGGEN, "--root", str(five)], [*FIGGEN, "--root", str(large)]
        five_by_hand = [*HAND, str(hand)]
        print(f"{'work':58} {'ratio':>6} {'bound':>6} {'figgen':>8} {'yardstick':>9}")

        def row(pair: Pair, count: int = runs) -> None:
            ratio, ours, yardstick = measure(pair, count)
            print(f"{pair.what:58} {ratio:6.2f} {pair.bound:6.2f} {ours:7.3f}s {yardstick:8.3f}s", flush=True)

        row(Pair("five figures, cold / by hand", 0.50, on_five, five_by_hand, lambda: forget(five)))
        row(Pair("five figures, nothing to do / by hand", 0.08, on_five, five_by_hand))
        cold = Pair(
            f"{many} figures, cold, two jobs / one process in a loop",
            0.52,
            [*on_large, "--jobs", "2"],
            [*five_by_hand, str(many)],
            lambda: forget(large),
        )
        row(cold, 1)
        subprocess.run(on_large, check=True)
        row(Pair(f"{many} figures, nothing to do / doit", 0.80, on_large, doit_again))
        row(Pair(f"one of {many} changed / that one by hand", 1.30, on_large, [*five_by_hand, "1"], touch))
        few = site(scratch / "few", 10)
        subprocess.run([*FIGGEN, "--root", str(few)], check=True)
        ratio, ours, yardstick = measure_watch(few, hand, runs)
        what = "saved to drawn in watch / by hand in a warm process"
        print(f"{what:58} {ratio:6.2f} {1.3:6.2f} {ours:7.3f}s {yardstick:8.3f}s", flush=True)
        forget(large)
        ours = peak(on_large)
        forget(few)
        ratio = ours / (base := peak([*FIGGEN, "--root", str(few)]))
        what = f"peak memory of any process, {many} figures / 10"
        print(f"{what:58} {ratio:6.2f} {1.1:6.2f} {ours:6.0f}MiB {base:6.0f}MiB")


if __name__ == "__main__":
    main()
