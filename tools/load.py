"""Sites and figures of sizes that nobody has: python -m tools.load, with the time and the peak memory of each, at two sizes."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from figgen.drawing.encoders import optimized
from tests.figures import ROOT, cases
from tools.torture.site import CONFIG, POST

PUBLISHED = 310_552  # bytes of the five pictures, as they were published

BY_HAND = """\
import sys
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
x, y = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, unpack=True)
plt.plot(x, y)
plt.savefig(sys.argv[2])
"""


def measure(command: list[str], expected: int = 0) -> tuple[float, float]:
    """Run a command; give its seconds, and the peak memory of it and each process it starts, in MiB."""
    code = (
        "import resource, subprocess, sys, time\n"
        "begun = time.monotonic()\n"
        "done = subprocess.run(sys.argv[2:], capture_output=True, text=True)\n"
        "seconds = time.monotonic() - begun\n"
        "assert done.returncode == int(sys.argv[1]), done.stdout[-2000:] + done.stderr[-2000:]\n"
        "print(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", code, str(expected), *command]
    done = subprocess.run(words, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory


def figgen(site: Path, *words: str, expected: int = 0) -> tuple[float, float]:
    return measure([sys.executable, "-m", "figgen", *words, "--root", str(site)], expected)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def planning(site: Path, size: int) -> tuple[float, float]:
    """Plan a site that was never built."""
    for number in range(size):
        write(site / f"configs/P{number % 100}/f{number}.yaml", CONFIG.format(number=number, version=1))
    return figgen(site, "build", "--dry-run", "--quiet")


def nothing_to_do(site: Path, size: int) -> tuple[float, float]:
    """Build a site that is up to date: one picture in as many places, with a lockfile that says so."""
    planning(site, size)
    figgen(site, "build", str(site / "configs/P0/f0.yaml"))
    whole, picture = (site / "figgen.lock").read_text(), (site / "assets/posts/P0/f0.png").read_bytes()
    head, _, line = whole.partition('"artefacts": {\n')
    line = line.removesuffix("\n}}\n")
    config = (site / "configs/P0/f0.yaml").read_text()
    lines = []
    for number in range(size):
        name = f"P{number % 100}/f{number}"
        write(site / f"configs/{name}.yaml", config)
        (site / f"assets/posts/{name}.png").parent.mkdir(parents=True, exist_ok=True)
        (site / f"assets/posts/{name}.png").write_bytes(picture)
        lines.append(line.replace("P0/f0", name).replace("configs/P0/", f"configs/P{number % 100}/"))
    write(site / "figgen.lock", head + '"artefacts": {\n' + ",\n".join(lines) + "\n}}\n")
    figgen(site, "build", "--quiet")
    figgen(site, "build", "--quiet")
    return figgen(site, "build", "--quiet")


def layers(site: Path, size: int) -> tuple[float, float]:
    """Draw one config with as many layers."""
    lines = [f"  - {{mark: line, x: x, y: {number} * x}}" for number in range(size)]
    write(
        site / "configs/P/a.yaml", "alt: Lines.\ndata: {x: {linspace: [0, 1, 50]}}\nlayers:\n" + "\n".join(lines) + "\n"
    )
    return figgen(site, "build")


def panels(site: Path, size: int) -> tuple[float, float]:
    """Draw a grid of as many panels."""
    panel = "  - {layers: [{mark: line, x: x, y: 2 * x}], axes: {x: {ticks: {at: []}}, y: {ticks: {at: []}}}}"
    head = "alt: Panels.\ncanvas: {size: [10, 10]}\ngrid: {columns: 10}\ndata: {x: {linspace: [0, 1, 50]}}\npanels:\n"
    write(site / "configs/P/a.yaml", head + "\n".join([panel] * size) + "\n")
    return figgen(site, "build")


def rows(site: Path, size: int) -> tuple[float, float]:
    """Draw a CSV file of as many rows as a line."""
    path = site / "configs/P/a.csv"
    path.parent.mkdir(parents=True)
    x = np.arange(size) / size
    np.savetxt(path, np.column_stack([x, np.sin(40 * x)]), "%.9f", ",", header="x,y", comments="")
    write(
        site / "configs/P/a.yaml",
        "alt: A wave.\ndata:\n  x: {csv: a.csv, column: x}\n  y: {csv: a.csv, column: y}\nlayers: [{mark: line, x: x, y: y}]\n",
    )
    return figgen(site, "build")


def rows_by_hand(site: Path, size: int) -> tuple[float, float]:
    """Draw the same in plain matplotlib."""
    rows(site, size)
    write(site / "by_hand.py", BY_HAND)
    return measure([sys.executable, str(site / "by_hand.py"), str(site / "configs/P/a.csv"), str(site / "a.png")])


def posts(site: Path, size: int) -> tuple[float, float]:
    """Check as many posts, each of which shows the one figure."""
    write(site / "configs/Post/f0.yaml", CONFIG.format(number=0, version=1))
    figgen(site, "build")
    text = (
        POST.format(number=0).replace("![]", "![A line](").replace("((", "(")
        + "TextBox, *more* words and `code`.\n\n" * 40
    )
    for number in range(size):
        write(site / f"_posts/2025-01-01-p{number}.md", text)
    return figgen(site, "check")


def long_post(site: Path, size: int) -> tuple[float, float]:
    """Check a post of as many paragraphs, with a figure below each thousandth."""
    write(site / "configs/Post/f0.yaml", CONFIG.format(number=0, version=1))
    figgen(site, "build")
    figure = '![A line](/assets/posts/Post/f0.png){: width="120" height="90"}\n\n'
    thousand = 1000 * "Some *more* words, a [link](https://a.invalid/) and `code`, as in a post.\n\n" + figure
    write(site / "_posts/2025-01-01-long.md", "---\ntitle: Long\n---\n\n" + thousand * (size // 1000))
    return figgen(site, "check")


def svg_points(site: Path, size: int) -> tuple[float, float]:
    """Draw a line of as many points as a PNG and an SVG."""
    text = CONFIG.format(number=0, version=1).replace("[0, 1, 3]", f"[0, 1, {size}]").replace("0 * x", "sin(99 * x)")
    write(site / "configs/P/a.yaml", text + "formats: [png, svg]\n")
    return figgen(site, "build")


LOADS: dict[str, tuple[Callable[[Path, int], tuple[float, float]], tuple[int, int]]] = {
    "configs, planning": (planning, (10_000, 100_000)),
    "configs, nothing to do": (nothing_to_do, (2_000, 10_000)),
    "layers of one figure": (layers, (50, 200)),
    "panels of one grid": (panels, (25, 100)),
    "rows of a CSV file as a line": (rows, (1_000_000, 5_000_000)),
    "the same, by hand": (rows_by_hand, (1_000_000, 5_000_000)),
    "posts, checked": (posts, (1_000, 5_000)),
    "paragraphs of one post": (long_post, (20_000, 220_000)),  # 16 MiB
    "points of an SVG": (svg_points, (300_000, 3_000_000)),
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what is large.")
    parser.add_argument("only", nargs="*", help="words of the names of loads; all if left out")
    only = parser.parse_args().only
    print("| load | size | s | MiB | size | s | MiB | s grow by |\n|---|---|---|---|---|---|---|---|", flush=True)
    for name, (load, sizes) in LOADS.items():
        if only and not any(word in name for word in only):
            continue
        cells, times = [], []
        for size in sizes:
            with tempfile.TemporaryDirectory(prefix="figgen-load-") as folder:
                seconds, memory = load(Path(folder), size)
            cells.append(f"{size:,} | {seconds:.2f} | {memory:.0f}")
            times.append(seconds)
        print(f"| {name} | {' | '.join(cells)} | {times[1] / times[0]:.1f} for {sizes[1] / sizes[0]:.0f} |", flush=True)
    return 0 if only else weigh()


def weigh() -> int:
    """Compress the five published pictures, in memory, and fail if they are not a third smaller."""
    small = sum(len(optimized(case.artefact.read_bytes())) for case in cases(ROOT))
    print(f"the five published pictures, optimized: {small:,} of {PUBLISHED:,} bytes ({small / PUBLISHED:.1%})")
    return int(small > 0.66 * PUBLISHED)


if __name__ == "__main__":
    sys.exit(main())
