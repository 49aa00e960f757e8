"""Figures that a plain matplotlib script draws too, as an engineer would write it by hand: the pixels are the same.

The scripts use numpy and matplotlib alone, within the style and on the canvas of the figure.
"""

import io
import math

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import CenteredNorm
from matplotlib.figure import Figure
from PIL import Image

from figgen.data.sample import sample
from figgen.drawing.fonts import families
from figgen.drawing.styles import PACKAGE_STYLES, read_style
from tests.draw_figures import context, encoded, figure, fonts, no_files
from tests.figures import GALLERY, cases

pytestmark = pytest.mark.slow
DPI = 120
FONTS = fonts()
CLEAN = read_style((PACKAGE_STYLES / "clean.mplstyle").read_text(), "clean.mplstyle", families(FONTS))
CASES = {case.target.name: case for case in cases(GALLERY)}


def decoded(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def drawn_by_hand(script, size):
    with context(CLEAN):
        sheet = Figure(figsize=size, dpi=DPI, layout="constrained")
        FigureCanvasAgg(sheet)
        script(sheet)
        buffer = io.BytesIO()
        sheet.savefig(buffer, format="png", dpi=DPI)
    return decoded(buffer.getvalue())


def drawn_by_figgen(fields, size):
    spec = figure(canvas={"size": list(size), "dpi": DPI}, **fields)
    return decoded(encoded(spec, sample(spec, no_files), CLEAN, FONTS))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def normalisation(sheet):
    raw = np.random.default_rng(7).normal(2, 3, (12, 8))
    batch = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    layer = (raw - raw.mean(axis=1, keepdims=True)) / raw.std(axis=1, keepdims=True)
    panels = [
        ("Raw activations", raw, {"norm": CenteredNorm(0)}),
        ("Batch norm (per column)", batch, {"vmin": -2.5, "vmax": 2.5}),
        ("Layer norm (per row)", layer, {"vmin": -2.5, "vmax": 2.5}),
    ]
    all_axes = sheet.subplots(1, 3, sharey=True)
    for axes, (title, matrix, limits) in zip(all_axes, panels, strict=True):
        sheet.colorbar(axes.imshow(matrix, cmap="RdBu", aspect="auto", **limits), ax=axes)
        axes.grid(visible=False)
        axes.set_title(title)
        axes.set_xlabel("feature")
    all_axes[0].set_ylabel("example")
    sheet.suptitle("One batch, raw and standardised")


def loss_curves(sheet):
    runs = np.genfromtxt(GALLERY / "configs" / "Examples" / "runs.csv", delimiter=",", names=True)
    epoch, val, std = runs["epoch"], runs["val"], runs["val_std"]
    axes = sheet.subplots()
    (train,) = axes.plot(epoch, runs["train"])
    (mean,) = axes.plot(epoch, val, color="C1")
    spread = axes.fill_between(epoch, val - std, val + std, facecolor="C1", alpha=0.2, linewidth=0)
    best = axes.axvline(epoch[val.argmin()], linestyle=":", color="#57606a", linewidth=1)
    axes.set(title="Loss over five runs", xlabel="epoch", ylabel="loss", yscale="log", xlim=(0, 41))
    names = ["training", "validation ± 1 std", "best epoch"]
    sheet.legend([train, (spread, mean), best], names, loc="outside right upper")


def loss_surface(sheet):
    x, y = np.linspace(-4, 4, 161), np.linspace(-2.4, 2.4, 97)
    loss = x[None, :] ** 2 / 2 + 6 * y[:, None] ** 2 / 2
    t = np.arange(25)
    axes = sheet.subplots()
    areas = axes.contourf(x, y, loss, levels=[0, 0.5, 1, 2, 4, 6, 9, 13, 18, 24, 31], cmap="Blues")
    sheet.colorbar(areas, ax=axes, label="loss")
    axes.plot(
        -3.6 * np.exp(-0.14 * t) * np.cos(0.22 * t),
        2 * np.exp(-0.14 * t) * np.cos(0.85 * t),
        color="#bf5700",
        marker="o",
        markersize=3.5,
        linewidth=1.4,
        label="path",
    )
    axes.scatter(0, 0, color="#24292f", marker="*", s=90, label="minimum")
    axes.grid(visible=False)
    axes.set(title="Gradient descent with momentum in a narrow valley", xlabel="$w_1$", ylabel="$w_2$")
    axes.legend(loc="lower right", frameon=True)


def activations(sheet):
    x = np.linspace(-4, 4, 401)
    below, s, cdf = x <= 0, sigmoid(x), np.asarray([(1 + math.erf(value / math.sqrt(2))) / 2 for value in x])
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    functions = {
        "Sigmoid": (s, s * (1 - s)),
        "Tanh": (np.tanh(x), 1 - np.tanh(x) ** 2),
        "ReLU": (np.where(below, 0, x), np.where(below, 0, 1)),
        "Leaky ReLU": (np.where(below, 0.1 * x, x), np.where(below, 0.1, 1)),
        "ELU": (np.where(below, np.expm1(x), x), np.where(below, np.exp(x), 1)),
        "GELU": (x * cdf, cdf + x * density),
        "SiLU": (x * s, s * (1 + x * (1 - s))),
        "Softplus": (np.log1p(np.exp(x)), s),
    }
    all_axes = sheet.subplots(2, 4, sharex=True, sharey=True)
    for axes, (title, (value, slope)) in zip(all_axes.flat, functions.items(), strict=True):
        axes.plot(x, value, label="$f(x)$")
        axes.plot(x, slope, "--", label="$f'(x)$")
        axes.set_title(title)
    for axes in all_axes[1]:
        axes.set_xlabel("x")
    all_axes[0, 0].set_ylim(-1.3, 2.6)
    sheet.legend(*all_axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    sheet.suptitle("Activations and their derivatives")


def bars(sheet):
    train, test = [0.81, 0.88, 0.93], [0.78, 0.84, 0.86]
    x = np.arange(3)
    axes = sheet.subplots()
    for offset, values, label in ((-0.2, train, "train"), (0.2, test, "test")):
        container = axes.bar(x + offset, values, 0.4, label=label)
        axes.bar_label(container, [f"{value:.0%}" for value in values], padding=2)
    axes.set_xticks(x, ["small", "medium", "large"])
    axes.set(title="Grouped bars with value labels", ylabel="accuracy", ylim=(0, 1.1))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    sheet.legend(loc="outside right upper")


@pytest.mark.parametrize(
    ("name", "script", "size"),
    [
        ("Examples/normalisation", normalisation, (10, 3.6)),
        ("Examples/loss-curves", loss_curves, (6.4, 3.4)),
        ("Examples/loss-surface", loss_surface, (6, 3.8)),
        ("Examples/activations", activations, (10, 5)),
        ("Marks/bar", bars, (5, 3.2)),
    ],
)
def test_a_figure_of_the_gallery_has_the_pixels_of_a_script(name, script, size):
    expected = drawn_by_hand(script, size)
    np.testing.assert_array_equal(decoded(CASES[name].render()), expected)


def test_a_twin_axis_with_one_legend_has_the_pixels_of_a_script():
    def script(sheet):
        epoch = np.arange(1, 31)
        axes = sheet.subplots()
        right = axes.twinx()
        right.grid(visible=False)
        (loss,) = axes.plot(epoch, 2 * np.exp(-epoch / 9) + 0.1, label="loss")
        (accuracy,) = right.plot(epoch, 1 - np.exp(-epoch / 7), color="C1", linestyle="--", label="accuracy")
        axes.set(title="One run", xlabel="epoch", ylabel="loss")
        right.set(ylabel="accuracy", ylim=(0, 1))
        axes.legend(handles=[loss, accuracy], loc="center right")

    fields = {
        "title": "One run",
        "data": {"epoch": {"integers": [1, 30]}},
        "layers": [
            {"mark": "line", "x": "epoch", "y": "2 * exp(-epoch / 9) + 0.1", "label": "loss"},
            {"mark": "line", "on": "right", "x": "epoch", "y": "1 - exp(-epoch / 7)", "color": "C1", "dash": "--", "label": "accuracy"},
        ],
        "axes": {"x": {"label": "epoch"}, "y": {"label": "loss"}, "right": {"label": "accuracy", "limits": [0, 1]}},
        "legend": {"place": "center right"},
    }  # fmt: skip
    np.testing.assert_array_equal(drawn_by_figgen(fields, (5, 3.2)), drawn_by_hand(script, (5, 3.2)))


def test_log_log_axes_with_a_rule_and_an_annotation_have_the_pixels_of_a_script():
    def script(sheet):
        n = np.geomspace(10, 100_000, 9)
        axes = sheet.subplots()
        axes.plot(n, 3 / np.sqrt(n), marker="o", label="error")
        axes.axhline(0.05, color="gray", linestyle=":", linewidth=1, label="target")
        axes.annotate(
            "3600 samples",
            (3600, 0.05),
            (1000, 0.5),
            ha="center",
            va="center",
            color="C4",
            arrowprops={"arrowstyle": "->", "color": "C4"},
        )
        axes.set(title="More data", xlabel="samples", ylabel="error", xscale="log", yscale="log", ylim=(0.005, None))
        axes.legend(loc="lower left")

    fields = {
        "title": "More data",
        "data": {"n": {"geomspace": [10, 100_000, 9]}},
        "layers": [
            {"mark": "line", "x": "n", "y": "3 / sqrt(n)", "marker": "o", "label": "error"},
            {"mark": "rule", "y": 0.05, "color": "gray", "dash": ":", "width": 1, "label": "target"},
            {"mark": "arrow", "x": 3600, "y": 0.05, "from_x": 1000, "from_y": 0.5, "text": "3600 samples", "color": "C4"},
        ],
        "axes": {
            "x": {"label": "samples", "scale": "log"},
            "y": {"label": "error", "scale": "log", "limits": [0.005, None]},
        },
        "legend": {"place": "lower left"},
    }  # fmt: skip
    np.testing.assert_array_equal(drawn_by_figgen(fields, (5, 3.2)), drawn_by_hand(script, (5, 3.2)))


def test_a_histogram_of_densities_under_a_curve_has_the_pixels_of_a_script():
    def script(sheet):
        np_random = np.random.RandomState(0)
        weights = np_random.normal(0, 0.1, 2000)
        x = np.linspace(-0.4, 0.4, 201)
        axes = sheet.subplots()
        axes.hist(weights, bins=40, density=True, alpha=0.5, label="drawn")
        axes.plot(x, np.exp(-((x / 0.1) ** 2) / 2) / (0.1 * np.sqrt(2 * np.pi)), color="C1", label="$N(0, 0.1^2)$")
        axes.axvspan(-0.1, 0.1, color="gray", alpha=0.2, linewidth=0, label="1 std")
        axes.set(title="Initial weights", xlabel="weight", ylabel="density", xlim=(-0.4, 0.4))
        axes.legend(title="2000 weights")

    fields = {
        "title": "Initial weights",
        "data": {
            "weights": {"random": "normal", "shape": [2000], "std": 0.1, "seed": 0, "stream": "mt19937"},
            "x": {"linspace": [-0.4, 0.4, 201]},
        },
        "layers": [
            {"mark": "histogram", "x": "weights", "bins": 40, "density": True, "opacity": 0.5, "label": "drawn"},
            {"mark": "line", "x": "x", "y": "normal_pdf(x, std=0.1)", "color": "C1", "label": "$N(0, 0.1^2)$"},
            {"mark": "span", "x": [-0.1, 0.1], "color": "gray", "label": "1 std"},
        ],
        "axes": {"x": {"label": "weight", "limits": [-0.4, 0.4]}, "y": {"label": "density"}},
        "legend": {"title": "2000 weights"},
    }
    np.testing.assert_array_equal(drawn_by_figgen(fields, (5, 3.2)), drawn_by_hand(script, (5, 3.2)))


def test_points_of_sizes_and_colours_with_a_colorbar_have_the_pixels_of_a_script():
    def script(sheet):
        stream = np.random.default_rng(3)
        x, y, size = stream.uniform(size=80), stream.uniform(size=80), stream.gamma(2, 30, 80)
        axes = sheet.subplots()
        points = axes.scatter(x, y, s=size, c=x + y, cmap="magma", vmin=0, vmax=2, alpha=0.7, edgecolors="white")
        sheet.colorbar(points, ax=axes, location="bottom", label="x + y", format="%.1f")
        axes.set(title="Eighty points", xlabel="x", ylabel="y", aspect="equal")
        axes.set_xticks([0, 0.5, 1], ["none", "half", "all"], rotation=30)
        axes.yaxis.set_major_locator(mpl.ticker.MultipleLocator(0.25))

    fields = {
        "title": "Eighty points",
        "data": {
            "x": {"random": "uniform", "shape": [80], "seed": 3},
            "y": {"random": "uniform", "shape": [80], "after": "x"},
            "s": {"random": "gamma", "k": 2, "scale": 30, "shape": [80], "after": "y"},
        },
        "layers": [
            {
                "mark": "scatter",
                "x": "x",
                "y": "y",
                "size": "s",
                "color_by": "x + y",
                "colormap": "magma",
                "color_limits": [0, 2],
                "opacity": 0.7,
                "edge_color": "white",
                "colorbar": {"place": "bottom", "label": "x + y", "format": ".1f"},
            }
        ],
        "axes": {
            "x": {"label": "x", "ticks": {"at": [0, 0.5, 1], "labels": ["none", "half", "all"], "rotation": 30}},
            "y": {"label": "y", "ticks": {"every": 0.25}},
            "aspect": "equal",
        },
    }
    np.testing.assert_array_equal(drawn_by_figgen(fields, (4, 4.5)), drawn_by_hand(script, (4, 4.5)))


def test_a_grid_of_shared_axes_with_one_legend_outside_has_the_pixels_of_a_script():
    def script(sheet):
        x = np.linspace(0, 6, 100)
        all_axes = sheet.subplots(2, 2, sharex="col", sharey="row", width_ratios=[2, 1])
        for letter, frequency, axes in zip("abcd", (1, 2, 3, 4), all_axes.flat, strict=True):
            axes.plot(x, np.sin(frequency * x), label="sine")
            axes.fill_between(x, np.cos(frequency * x), facecolor="C2", alpha=0.3, label="cosine")
            axes.set_title(f"({letter}) {frequency} Hz")
        all_axes[1, 0].set(xlabel="time", xlim=(0, 6))
        all_axes[1, 1].set_xlabel("time")
        sheet.legend(*all_axes[0, 0].get_legend_handles_labels(), loc="outside right upper", title="waves")
        sheet.suptitle("Four frequencies")

    layers = [
        [
            {"mark": "line", "x": "x", "y": f"sin({frequency} * x)", "label": "sine"},
            {"mark": "area", "x": "x", "high": f"cos({frequency} * x)", "color": "C2", "opacity": 0.3, "label": "cosine"},
        ]
        for frequency in (1, 2, 3, 4)
    ]  # fmt: skip
    axes = [{}, {}, {"x": {"label": "time", "limits": [0, 6]}}, {"x": {"label": "time"}}]
    fields = {
        "title": "Four frequencies",
        "data": {"x": {"linspace": [0, 6, 100]}},
        "panels": [
            {"title": f"{number} Hz", "layers": own, "axes": look}
            for number, (own, look) in enumerate(zip(layers, axes, strict=True), start=1)
        ],
        "grid": {"columns": 2, "share_x": "columns", "share_y": "rows", "widths": [2, 1], "letters": True},
        "legend": {"place": "outside right", "title": "waves"},
    }
    np.testing.assert_array_equal(drawn_by_figgen(fields, (6, 4)), drawn_by_hand(script, (6, 4)))


def test_limits_of_a_heatmap_leave_its_rows_from_above_as_a_script_does():
    def script(sheet):
        axes = sheet.subplots()
        axes.imshow(np.arange(20).reshape(5, 4), aspect="auto", cmap="Blues")
        axes.grid(visible=False)
        axes.set(title="Three rows of five", ylim=(3.5, 0.5))

    fields = {
        "title": "Three rows of five",
        "data": {"z": {"expr": "reshape(indices(20), 5, 4)"}},
        "layers": [{"mark": "heatmap", "z": "z", "aspect": "auto", "colormap": "Blues"}],
        "axes": {"y": {"limits": [0.5, 3.5]}},
    }
    np.testing.assert_array_equal(drawn_by_figgen(fields, (5, 3.2)), drawn_by_hand(script, (5, 3.2)))


def test_power_laws_in_panels_that_share_log_axes_have_the_pixels_of_a_script():
    def script(sheet):
        n = np.geomspace(1, 1000, 7)
        all_axes = sheet.subplots(1, 2, sharex=True, sharey=True)
        for axes, exponent in zip(all_axes, (-0.5, -1), strict=True):
            axes.plot(n, n**exponent, marker="o")
            axes.axline((1, 1), (100, 100.0**exponent), color="gray", linestyle="--")
        all_axes[0].set(xscale="log", yscale="log")

    panels = [
        {
            "layers": [
                {"mark": "line", "x": "n", "y": f"n ** {exponent}", "marker": "o"},
                {"mark": "rule", "x": 1, "y": 1, "slope": exponent, "color": "gray", "dash": "--"},
            ],
            "axes": {"x": {"scale": "log"}, "y": {"scale": "log"}},
        }
        for exponent in (-0.5, -1)
    ]
    fields = {
        "data": {"n": {"geomspace": [1, 1000, 7]}},
        "panels": panels,
        "grid": {"share_x": "all", "share_y": "all"},
    }
    np.testing.assert_array_equal(drawn_by_figgen(fields, (6, 3)), drawn_by_hand(script, (6, 3)))
