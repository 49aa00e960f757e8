"""The yardstick: the five figures of the post in plain matplotlib, as a good engineer would write them by hand.

usage: by_hand.py FOLDER [COUNT]     COUNT: draw so many different figures like these, instead of the five
       by_hand.py FOLDER warm        draw one of those for each number read, and say so
"""

import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

STYLE = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#1a1a1a",
    "axes.labelcolor": "#1a1a1a",
    "axes.labelsize": 12,
    "axes.titlecolor": "#333333",
    "axes.titlesize": 16,
    "axes.linewidth": 1.0,
    "axes.grid": True,
    "grid.linestyle": "--",
    "grid.linewidth": 0.6,
    "grid.color": "#b0b0b0",
    "grid.alpha": 0.7,
    "xtick.direction": "in",
    "xtick.color": "#1a1a1a",
    "xtick.labelsize": 12,
    "ytick.direction": "in",
    "ytick.color": "#1a1a1a",
    "ytick.labelsize": 12,
}


def draw(path: Path, x: np.ndarray, y: np.ndarray, title: str, labels: tuple[str, str], scale: str = "linear") -> None:
    """Draw one curve and write it as PNG."""
    figure = Figure(figsize=(6, 4))
    axes = figure.subplots()
    axes.plot(x, y, linewidth=1.5)
    axes.set_title(title)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.set_yscale(scale)
    figure.savefig(path, dpi=200, bbox_inches="tight", pad_inches=0.1)


def five(folder: Path) -> None:
    """Draw the five figures of the post."""
    x = np.linspace(-8, 8, 400)
    sigmoid = 1 / (1 + np.exp(-x))
    layers = np.arange(1, 51)
    log = ("Layers", "Gradient magnitude (log scale)")
    draw(folder / "sigmoid.png", x, sigmoid * (1 - sigmoid), "Derivative of Sigmoid", ("x", "σ'(x)"))
    draw(folder / "tanh.png", x, 1 - np.tanh(x) ** 2, "Derivative of Tanh", ("x", "tanh'(x)"))
    draw(folder / "relu.png", x, np.where(x > 0, 1, 0), "Derivative of ReLU", ("x", "ReLU'(x)"))
    draw(folder / "vanishing.png", layers, 0.8**layers, "Vanishing Gradient (derivative < 1)", log, "log")
    draw(folder / "exploding.png", layers, 1.2**layers, "Exploding Gradient (derivative > 1)", log, "log")


def many(folder: Path, count: int) -> None:
    """Draw so many different curves, in a plain loop."""
    for number in range(count):
        curve(folder / f"f{number}.png", number)


def curve(path: Path, number: int) -> None:
    """Draw one of many curves."""
    x = np.linspace(-8, 8, 400)
    draw(path, x, np.sin(x + number / 100), f"Curve {number}", ("x", "y"))


if __name__ == "__main__":
    mpl.rcParams.update(STYLE)
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    if sys.argv[2:] == ["warm"]:
        for line in sys.stdin:
            curve(target / "warm.png", int(line))
            print("drawn", flush=True)
    elif len(sys.argv) > 2:
        many(target, int(sys.argv[2]))
    else:
        five(target)
