import matplotlib as mpl
import pytest

from figgen.config.variants import Variant
from figgen.drawing.fonts import families
from figgen.drawing.styles import (
    PACKAGE_STYLES,
    read_settings,
    read_style,
    style_context,
    unknown_style,
    variant_settings,
)
from figgen.errors import ConfigError, Finding, SpecError
from figgen.site.files import SiteFiles
from tests.draw_figures import figure, fonts

FAMILIES = families(fonts())


def test_read_style():
    style = read_style(
        '# a comment\n\naxes.titlesize: 16  # points\ngrid.color: "#b0b0b0"\n  font.size : 9', "s.mplstyle", FAMILIES
    )
    assert style == {"axes.titlesize": 16, "grid.color": "#b0b0b0", "font.size": 9}


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("axes.titelsize: 16", "unknown matplotlib setting 'axes.titelsize'", "did you mean 'axes.titlesize'?"),
        ("backend: Agg", "cannot set 'backend' in a style or in 'rc'", "only appearance can be set"),
        ("text.usetex: True", "cannot set 'text.usetex' in a style or in 'rc'", "only appearance can be set"),
        (
            "savefig.dpi: 100",
            "cannot set 'savefig.dpi' in a style or in 'rc'",
            "set it in the config: canvas: {dpi: 200}",
        ),
        ("axes.grid: maybe", "expected True or False, found 'maybe'", ""),
        ('axes.facecolor: "#12"', "'#12' is not a valid colour", ""),
        ("axes.formatter.use_locale: True", "cannot set 'axes.formatter.use_locale' in a style or in 'rc'", ""),
        ("font.family: Comic Sans", "unknown font family 'Comic Sans'", ""),
        ("font.family: DejaVu San", "unknown font family 'DejaVu San'", "did you mean 'DejaVu Sans'?"),
        ("no colon here", "not a setting", ""),
        ("lines.linewidth:\u00a02", "NO-BREAK SPACE (U+00A0) in place of a space", "write a space"),
        (
            "axes.grid: \u201cTrue\u201d",
            "LEFT DOUBLE QUOTATION MARK (U+201C) in place of a straight quote",
            "use straight",
        ),
        ("axes.grid\uff1a True", "FULLWIDTH COLON (U+FF1A) in place of ':'", "write ':' and a space"),
        ("axes.grid: True\u200b", "invisible character: ZERO WIDTH SPACE (U+200B)", "remove it"),
        ("text.parse_math: False", "cannot set 'text.parse_math' in a style or in 'rc'", ""),
        (": 3", "not a setting", ""),
        (
            "lines.linewidth: thick",
            "expected a number, found 'thick'",
            "",
        ),
    ],
)
def test_a_bad_line_is_reported_at_its_line(line, message, hint):
    with pytest.raises(ConfigError) as caught:
        read_style(f"font.size: 9\n{line}\n", "configs/styles/s.mplstyle", FAMILIES)
    (finding,) = caught.value.findings
    assert (finding.path, finding.line, finding.message) == ("configs/styles/s.mplstyle", 2, message)
    assert finding.hint.startswith(hint) if hint else True


def test_a_bad_line_is_reported_where_it_starts():
    with pytest.raises(ConfigError) as caught:
        read_style("  no colon here\n   backend: Agg", "s.mplstyle", FAMILIES)
    no_setting, backend = caught.value.findings
    assert no_setting == Finding("s.mplstyle", 1, 3, "", "not a setting", ("one 'name: value' per line",))
    assert (backend.line, backend.column, backend.where) == (2, 4, "backend")


@pytest.mark.parametrize(
    ("cycle", "length"),
    [
        ("cycler('color', ['r'])", 1),
        ("cycler(color=['r', 'g'])", 2),
        ("cycler('color', ['r', 'g', 'b']) * cycler('linewidth', [1, 2])", 6),
        ("cycler('color', ['r', 'g']) + cycler('linewidth', [1, 2])", 2),
        (f"cycler('color', {['r'] * 1000})", 1000),
        (f"cycler('color', {['r'] * 500}) * cycler('linewidth', [1, 2])", 1000),
        (f"cycler('color', {['r'] * 1000}) + cycler('linewidth', {[1] * 1000})", 1000),
        ("cycler('color', [])", None),
        (f"cycler('color', {['r'] * 1001})", None),
        (f"cycler('color', {['r'] * 501}) * cycler('linewidth', [1, 2])", None),
        ("cycler('color', 'rgb')", None),
        ("cycler(3, ['r'])", None),
        ("cycler('color', ['r']) - cycler('color', ['r'])", None),
        ("cyclers('color', ['r'])", None),
    ],
)
def test_a_cycle_has_no_more_than_1000_entries(cycle, length):
    if length is not None:
        assert len(read_style(f"axes.prop_cycle: {cycle}", "s.mplstyle", FAMILIES)["axes.prop_cycle"]) == length
        return
    with pytest.raises(ConfigError) as caught:
        read_style(f"axes.prop_cycle: {cycle}", "s.mplstyle", FAMILIES)
    (finding,) = caught.value.findings
    assert finding.message == f"'{cycle}' is not a valid cycle"
    assert finding.allowed == (
        "cycler('color', ['red', '#1f77b4']), sums and products of cyclers, up to 1,000 entries",
    )


def test_all_bad_lines_are_reported_in_one_run():
    with pytest.raises(ConfigError) as caught:
        read_style("a: 1\nfont.size: 9\nb: 2", "s.mplstyle", FAMILIES)
    assert [finding.line for finding in caught.value.findings] == [1, 3]


@pytest.mark.parametrize("generic", ["serif", "sans-serif", "cursive", "fantasy", "monospace"])
def test_generic_families_are_known_and_name_known_families(generic):
    style = read_style(f"font.family: {generic}\nfont.{generic}: DejaVu Sans", "s.mplstyle", FAMILIES)
    assert style == {"font.family": [generic], f"font.{generic}": ["DejaVu Sans"]}
    with pytest.raises(ConfigError, match="unknown font family 'Comic Sans'"):
        read_style(f"font.{generic}: Comic Sans", "s.mplstyle", FAMILIES)


def test_an_unknown_style_lists_what_is_known():
    assert "axes.grid" in (PACKAGE_STYLES / "clean.mplstyle").read_text()
    (problem,) = unknown_style("hose", ["house.mplstyle", "notes.txt"]).problems
    assert (problem.where, problem.allowed, problem.hint) == (
        ("style",),
        ("clean", "clean-dark", "house"),
        "did you mean 'house'?",
    )


def test_the_context_starts_from_the_defaults_and_leaves_no_trace():
    before = dict(mpl.rcParams)
    with mpl.rc_context({"lines.linewidth": 9, "savefig.bbox": "tight", "timezone": "Asia/Tokyo"}):
        around = dict(mpl.rcParams)
        with style_context({"font.size": 7}, fonts()):
            assert mpl.rcParams["lines.linewidth"] == mpl.rcParamsDefault["lines.linewidth"]
            assert mpl.rcParams["savefig.bbox"] is None
            assert mpl.rcParams["timezone"] == "UTC"
            assert mpl.rcParams["font.size"] == 7
        assert dict(mpl.rcParams) == around
    assert dict(mpl.rcParams) == before


def test_mistakes_in_a_style_and_in_settings_are_reported_in_one_run(tmp_path):
    (tmp_path / "configs" / "styles").mkdir(parents=True)
    (tmp_path / "configs" / "styles" / "bad.mplstyle").write_text("font.sise: 9\nfont.size: big\n")
    of_config = ((("rc",), {"backend": "Agg"}), (("dark", "rc"), {"font.size": "8", "axes.grid": "maybe"}))
    problems, findings = [], []
    variant = Variant(figure(layers=[{"mark": "line", "x": "1", "y": "1"}]), "bad", ("style",), of_config)
    settings = variant_settings(variant, SiteFiles(tmp_path), FAMILIES, problems, findings)
    assert settings == {}
    assert [(found.path, found.line) for found in findings] == [
        ("configs/styles/bad.mplstyle", 1),
        ("configs/styles/bad.mplstyle", 2),
    ]
    assert [found.where for found in problems] == [("rc", "backend"), ("dark", "rc", "axes.grid")]
    unknown = variant._replace(style="worse", style_at=("dark", "style"), settings=of_config[1:])
    assert variant_settings(unknown, SiteFiles(tmp_path), FAMILIES, problems, findings) == {}
    assert [found.where for found in problems[2:]] == [("dark", "style"), ("dark", "rc", "axes.grid")]
    assert problems[2].allowed == ("bad", "clean", "clean-dark")
    plain = variant._replace(style=None, settings=((("rc",), {"font.size": "8"}), (("dark", "rc"), {"font.size": "9"})))
    assert variant_settings(plain, SiteFiles(tmp_path), FAMILIES, problems, findings) == {"font.size": 9}
    assert len(problems) + len(findings) == 6


def test_settings_of_a_spec_are_checked_alike():
    assert read_settings({"font.size": "9", "axes.grid": "True"}, FAMILIES) == {"font.size": 9, "axes.grid": True}
    with pytest.raises(SpecError) as caught:
        read_settings({"font.size": "9", "font.sise": "9", "backend": "Agg"}, FAMILIES)
    assert [problem.where for problem in caught.value.problems] == [("rc", "font.sise"), ("rc", "backend")]
