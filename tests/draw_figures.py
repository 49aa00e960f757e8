"""Ways to draw in a test: through figgen, down to the matplotlib figure or its pixels, and by hand beside it."""

from contextlib import contextmanager

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from figgen.config.validate import validate
from figgen.data.sample import sample
from figgen.drawing import ENCODERS, draw
from figgen.drawing.figure import draw_figure as draw_samples
from figgen.drawing.fonts import site_fonts
from figgen.drawing.styles import style_context
from figgen.errors import SourceError, SpecError
from figgen.site.files import SiteFiles
from tests.figures import ROOT


def no_files(path):
    raise SourceError(f"file not found: {path}")


def figure(**fields):
    """Validate a figure; the alt text need not be given."""
    return validate({"alt": "A picture.", **fields})


def fonts():
    """List matplotlib's own fonts."""
    with site_fonts(SiteFiles(ROOT), "nowhere") as found:
        return found


@contextmanager
def context(style=()):
    with site_fonts(SiteFiles(ROOT), "configs/fonts") as fonts, style_context(dict(style), fonts):
        yield


def draw_figure(spec):
    """Draw a validated figure, within the context that is set."""
    return draw_samples(spec, sample(spec, no_files))


def drawn(style=(), **fields):
    """Draw a figure as the build would, but for the encoding."""
    with context(style):
        return draw_figure(figure(**fields))


def encoded(spec, samples, settings, fonts):
    """Draw a figure and encode it, with all that the build checks."""
    with draw(spec, samples, settings, fonts) as drawn:
        return ENCODERS["png"](drawn, spec, samples.alt, b"")


def problems(**fields):
    """Draw a figure that cannot be drawn, and list its problems as pairs of place and message."""
    try:
        drawn(**fields)
    except SpecError as error:
        return [(problem.where, problem.message) for problem in error.problems]
    raise AssertionError("nothing is wrong with this figure")


def pixels(figure):
    """Rasterise a matplotlib figure to an array of RGBA, within the context it was drawn in."""
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba()).copy()


def assert_same_picture(by_hand, style=(), **fields):
    """Assert that figgen draws the same pixels as a function of (figure, axes) does with matplotlib alone."""
    spec = figure(**fields)
    samples = sample(spec, no_files)
    with context(style):
        expected = Figure(figsize=(6, 4), dpi=200, layout="constrained")
        FigureCanvasAgg(expected)
        by_hand(expected, expected.add_subplot())
        np.testing.assert_array_equal(pixels(draw_samples(spec, samples)), pixels(expected))
