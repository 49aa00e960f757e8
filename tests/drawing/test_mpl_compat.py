"""matplotlib's private names are there, mean what `mpl_compat` expects, and have fallbacks."""

import logging
import re
import warnings
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import ft2font
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import ArrowStyle
from matplotlib.text import Text

import figgen
from figgen.drawing import mpl_compat
from figgen.review.visible import titles

BUNDLED = Path(mpl.get_data_path(), "fonts", "ttf")


@pytest.fixture
def axes():
    figure = Figure()
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def test_private_names_are_used_in_one_module_only():
    private = re.compile(
        r"""(getattr|vars)\([^)]*["']_|\b(axes|axis|legend|line|drawn|artist|text|mpl)\._[a-z]|ttflist"""
    )
    root = Path(figgen.__file__).parent
    found = {str(path.relative_to(root)) for path in root.rglob("*.py") if private.search(path.read_text())}
    assert found <= {"drawing/mpl_compat.py", "config/spec/base.py", "config/validation_errors.py"}, found


def test_undocumented_attributes_that_review_uses_are_there(axes):
    assert axes.axison
    axes.set_axis_off()
    assert not axes.axison
    assert axes.child_axes == [axes.secondary_xaxis("top")]
    assert set(titles(axes)) == {"left", "center", "right"}
    axes.set_title("T", loc="left")
    axes.text(0, 0, "data")
    assert {side: title.get_text() for side, title in titles(axes).items()} == {"left": "T", "center": "", "right": ""}


def test_set_docstrings_can_be_skipped(monkeypatch):
    assert isinstance(vars(Artist)["_update_set_signature_and_docstring"], classmethod)
    with mpl_compat.skip_set_docstrings():
        assert "Supported" not in (type("Quiet", (Artist,), {}).set.__doc__ or "")
    assert "Supported" in type("Loud", (Artist,), {}).set.__doc__
    monkeypatch.delattr(Artist, "_update_set_signature_and_docstring")
    with mpl_compat.skip_set_docstrings():
        assert not hasattr(Artist, "_update_set_signature_and_docstring")


def test_the_version_of_freetype_is_known(monkeypatch):
    assert re.fullmatch(r"\d+\.\d+\.\d+", mpl_compat.freetype_version())
    monkeypatch.delattr(ft2font, "__freetype_version__")
    assert mpl_compat.freetype_version() == "unknown"


def test_fonts_are_hidden(monkeypatch):
    fonts = fontManager.ttflist
    serif = [font for font in fonts if font.name == "DejaVu Serif" and BUNDLED in Path(font.fname).parents]
    with mpl_compat.only_fonts(serif):
        assert fontManager.get_font_names() == ["DejaVu Serif"]
        assert Path(findfont(FontProperties(family="DejaVu Serif", size=13.1))).parent == BUNDLED
    assert fontManager.ttflist is fonts
    monkeypatch.setattr(fontManager, "get_font_names", lambda: ["a font of the machine"])
    with pytest.raises(RuntimeError, match="cannot choose the fonts"), mpl_compat.only_fonts(serif):
        raise AssertionError


def test_matplotlib_warns_that_no_room_is_left(axes):
    axes.figure.set_layout_engine("constrained")
    axes.set_xlabel("x\n" * 99)
    with pytest.warns(UserWarning, match="constrained_layout not applied") as caught:
        axes.figure.canvas.draw()
    assert {mpl_compat.is_no_room(str(one.message)) for one in caught} == {True}


@pytest.mark.parametrize("text", ["漢", "$漢$", "$a$ 漢"])
def test_missing_characters_are_found(axes, text):
    with warnings.catch_warnings(record=True) as caught, mpl_compat.logged_warnings("matplotlib.mathtext") as logged:
        warnings.simplefilter("always")
        Text(text=text, figure=axes.figure).get_window_extent()
    assert mpl_compat.missing_characters([*(str(one.message) for one in caught), *logged]) == ["'漢'"]


def test_logged_warnings_are_kept_from_other_loggers(caplog):
    logger = logging.getLogger("matplotlib.mathtext")
    with mpl_compat.logged_warnings("matplotlib.mathtext") as messages:
        logger.warning("no glyph for %s", "x")
        logger.info("not a warning")
    logger.warning("after")
    assert (messages, caplog.messages) == (["no glyph for x"], ["after"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r"$\frac{1$", r"Expected \frac{num}{den}"),
        (r"$\nope$", r"Unknown symbol: \nope"),
        ("$x^2^3$", "Double superscript"),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pyparsing, under matplotlib 3.8
def test_an_error_in_a_formula_has_no_positions(axes, text, reason):
    with pytest.raises(ValueError, match=r"Expected|Unknown|Double") as caught:
        Text(text=text, figure=axes.figure).get_window_extent()
    assert mpl_compat.mathtext_error(caught.value) == reason


@pytest.mark.parametrize(
    ("key", "value", "message", "allowed"),
    [
        ("lines.linewidth", "thick", "expected a number, found 'thick'", ()),
        ("axes.titlepad", "x", "expected a number, found 'x'", ()),
        ("legend.numpoints", "1.5", "expected an integer, found '1.5'", ()),
        ("axes.grid", "maybe", "expected True or False, found 'maybe'", ()),
        ("axes.facecolor", "rde", "'rde' is not a valid colour", ()),
        ("axes.prop_cycle", "cycler('color', ['red', 'rde'])", "'rde' is not a valid colour", ()),
        ("xtick.direction", "up", "'up' is not a valid value of 'xtick.direction'", ("out", "in", "inout")),
        ("font.weight", "fat", "'fat' is not a valid value of 'font.weight' (matplotlib: fat is not a valid font weight)", ()),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_setting_is_worded_plainly(key, value, message, allowed):
    with pytest.raises(ValueError, match=r".") as caught:
        mpl.RcParams({key: value})
    assert mpl_compat.setting_error(key, value, caught.value) == (message, allowed)


class Forgetful:
    """A view of an artist without some of its private attributes."""

    def __init__(self, artist, *hidden):
        self.artist, self.hidden = artist, hidden

    def __getattr__(self, name):
        if name in self.hidden:
            raise AttributeError(name)
        return getattr(self.artist, name)


@pytest.mark.parametrize(
    ("style", "pattern"), [("-", None), ("--", [3.7, 1.6]), (":", [1, 1.65]), ((0, (5, 2, 1, 2)), [5, 2, 1, 2])]
)
def test_dashes_are_measured_in_widths_of_the_line(axes, style, pattern):
    (line,) = axes.plot([0, 1], [0, 1], linestyle=style, marker="o", linewidth=1.7)
    expected = None if pattern is None else pytest.approx(pattern)
    assert isinstance(line, Line2D)
    assert hasattr(line, "_unscaled_dash_pattern")
    for one in (line, Forgetful(line, "_unscaled_dash_pattern")):
        dashes = mpl_compat.dash_pattern(one)
        assert (dashes if dashes is None else list(dashes)) == expected


@pytest.mark.parametrize("place", [name for name in Legend.codes if name not in {"best", "right"}])
@pytest.mark.parametrize("columns", [1, 2])
def test_the_place_and_columns_of_a_legend(axes, place, columns):
    for number in range(3):
        axes.plot([0, 1], label=f"line {number}")
    legend = axes.legend(loc=place, ncols=columns)
    axes.figure.draw_without_rendering()
    assert {"_loc", "_ncols"} <= set(dir(legend))
    for one in (legend, Forgetful(legend, "_loc", "_ncols")):
        assert (mpl_compat.legend_place(one), mpl_compat.legend_columns(one)) == (place, columns)


def test_the_best_place_of_a_legend_is_named_or_found(axes):
    axes.plot([0, 1], label="rising")
    legend = axes.legend(loc="best")
    axes.figure.draw_without_rendering()
    assert mpl_compat.legend_place(legend) == "best"
    assert mpl_compat.legend_place(Forgetful(legend, "_loc")) == "upper left"


def test_parameters_of_a_style_are_public():
    assert mpl_compat.style_parameters(ArrowStyle("->", head_length=0.7))["head_length"] == 0.7
    assert not [name for name in mpl_compat.style_parameters(ArrowStyle("<->")) if name.startswith("_")]
    # What is left out follows from the name of the class.
    names = [type(ArrowStyle(style)).__name__ for style in ArrowStyle.get_styles()]
    assert len(set(names)) == len(names)


def test_the_default_interpolation_has_one_name(axes):
    for given in ("antialiased", "auto") if mpl.__version_info__ >= (3, 10) else ("antialiased",):
        assert mpl_compat.interpolation(axes.imshow([[1]], interpolation=given)) == "auto"


def test_two_axes_take_their_colours_from_one_cycle(axes):
    assert hasattr(axes, "_get_lines")
    assert hasattr(axes, "_get_patches_for_fill")
    right = axes.twinx()
    mpl_compat.share_color_cycle(axes, right)
    lines = [one.plot([0, 1])[0].get_color() for one in (axes, right, axes, right)]
    assert [to_hex(line) for line in lines] == [to_hex(f"C{n}") for n in range(4)]
    bars = [to_hex(one.bar([0], [1])[0].get_facecolor()) for one in (axes, right)]
    assert bars == [to_hex("C0"), to_hex("C1")], "filled shapes have a cycle of their own, as in matplotlib"
    mpl_compat.share_color_cycle(Forgetful(axes, "_get_lines", "_get_patches_for_fill"), axes.twinx())
