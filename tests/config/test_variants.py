"""Light and dark from one spec: what is drawn otherwise, what must be the same, and all that a site does with both."""

import base64
import io
import json

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from matplotlib.colors import to_rgba
from PIL import Image

from figgen.build.builder import build, plan
from figgen.build.lockfile import read
from figgen.build.orphans import find_orphans, remove_orphans
from figgen.build.picture import make_pictures
from figgen.cli import main
from figgen.config.validate import validate
from figgen.config.variants import variants_of
from figgen.errors import ConfigError, SpecError, as_text
from figgen.posts.check import Closure, Site
from figgen.posts.jekyll import Settings
from figgen.posts.references import read_references
from figgen.review.contrast import contrast, luminance
from figgen.review.variant_parity import check_variant_parity
from figgen.site.files import SiteFiles
from figgen.site.paths import discover
from tests.conftest import MINIMAL
from tests.figures import GALLERY

ONE, DARK = "assets/posts/Post/one.png", "assets/posts/Post/one-dark.png"
BOTH = MINIMAL + "style: clean\nvariants: [light, dark]\n"


def write(site, text, name="one"):
    (site / f"configs/Post/{name}.yaml").write_text(text)


def built(site, **options):
    outcomes = list(build(site, discover(site)[0], **options))
    assert not [finding for outcome in outcomes for finding in outcome.findings]
    return [path for outcome in outcomes for path in outcome.files]


def findings(site, text):
    write(site, text)
    with pytest.raises(ConfigError) as caught:
        make_pictures(SiteFiles(site), "configs/Post/one.yaml")
    return as_text(caught.value.findings).splitlines()


def corner(content):
    return Image.open(io.BytesIO(content)).convert("RGB").getpixel((1, 1))


def reasons(site):
    return [str(reason) for step in plan(site, discover(site)[0]) for reason in step.reasons]


def test_both_are_drawn_each_on_its_page(site):
    write(site, BOTH)
    made = make_pictures(SiteFiles(site), "configs/Post/one.yaml")
    assert {ending: corner(picture.content) for ending, picture in made.items()} == {
        ".png": (255, 255, 255),
        "-dark.png": (0x1B, 0x1B, 0x1E),
    }
    write(site, MINIMAL + "style: clean\n")
    alone = make_pictures(SiteFiles(site), "configs/Post/one.yaml")
    assert alone.keys() == {".png"}
    assert alone[".png"].content == made[".png"].content


def test_colours_of_the_figure_are_replaced_wherever_they_are_given():
    figure = validate({
        "alt": "A.", "style": "clean", "variants": ["light", "dark"], "title": "#0000FF",
        "dark": {"colors": {"#0000ff": "#8888ff"}, "colormaps": {"viridis": "plasma"}},
        "data": {"x": {"values": [1, 2]}},
        "panels": [
            {"layers": [{"mark": "line", "x": "x", "y": "x", "color": "#0000FF"}]},
            {"layers": [{"mark": "bar", "x": "x", "y": "x", "colors": ["red", "#0000ff"]}]},
            {"layers": [{"mark": "scatter", "x": "x", "y": "x", "color_by": "x", "colormap": "viridis"}]},
        ],
    })  # fmt: skip
    light, dark = (edition.figure for edition in variants_of(figure).values())
    assert light is figure
    assert dark.panels[0].layers[0].color == "#8888ff"
    assert dark.panels[1].layers[0].colors == ("red", "#8888ff")
    assert dark.panels[2].layers[0].colormap == "plasma"
    assert dark.title == "#0000FF"


@pytest.mark.parametrize(
    ("dark", "message"),
    [
        ({"colors": {"#0000fe": "#8888ff"}}, "no color '#0000fe' is given"),
        ({"colormaps": {"virids": "plasma"}}, "no colormap 'virids' is given"),
    ],
)
def test_what_is_replaced_must_be_given(dark, message):
    layers = [{"mark": "scatter", "x": "x", "y": "x", "color": "#0000ff"}]
    shared = {"alt": "A.", "style": "clean", "variants": ["light", "dark"], "data": {"x": {"values": [1, 2]}}}
    with pytest.raises(SpecError) as caught:
        variants_of(validate({**shared, "layers": layers, "dark": dark}))
    assert [problem.message for problem in caught.value.problems] == [message]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MINIMAL + "variants: [dark]\nstyle: clean\n", "no light variant, which is the figure itself; write [light] or [light, dark]"),
        (MINIMAL + "variants: [light, dark]\n", "a dark variant without a style; needed: 'style', or 'dark: {style: …}'"),
        (MINIMAL + "dark: {style: clean-dark}\n", "'dark' without a dark variant; it goes with 'variants: [light, dark]'"),
        (BOTH + "dark: {style: cleandark}\n", "dark.style: unknown style 'cleandark'; allowed: clean, clean-dark, house, house-dark; did you mean 'clean-dark'?"),
        (BOTH.replace("clean", "hose"), "variants: unknown style 'hose-dark'; allowed: clean, clean-dark, house, house-dark; write configs/styles/hose-dark.mplstyle, or name another style with 'dark: {style: …}'"),
        (BOTH + "dark: {rc: {lines.widht: 2}}\n", "dark.rc.lines.widht: 'lines.widht' is no setting of matplotlib's"),
        (BOTH.replace("y: 2 * x", "y: x, color: red") + "dark: {colors: {red: redd}}\n", "dark.colors.red: 'redd' is no colour"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(site, text, told):
    assert any(told in line for line in findings(site, text))


def test_a_dark_variant_that_another_config_writes_too(site):
    write(site, MINIMAL, "one-dark")
    assert findings(site, BOTH) == [
        "configs/Post/one.yaml:7:11: variants: configs/Post/one.yaml and configs/Post/one-dark.yaml both write a picture whose name ends in -dark; rename one of the two, or leave 'variants' out here"
    ]
    (site / "configs/Post/one-dark.yaml").unlink()
    assert built(site) == [ONE, DARK]
    write(site, MINIMAL, "one-dark")
    assert "config" in reasons(site)


# The preview card.


CARD = "assets/posts/Post/one-card.png"


def test_a_card_is_the_figure_on_another_canvas(site):
    write(site, MINIMAL + "preview: {}\n")
    made = make_pictures(SiteFiles(site), "configs/Post/one.yaml", described=True)
    assert made["-card.png"].size == (1200, 630)
    light, card = (dict(picture.description) for picture in made.values())
    dpis = [told.pop("canvas")["dpi"] for told in (light, card)]
    assert dpis == [200, pytest.approx(1.2 * 630 / 4)]
    assert light["panels"][0]["artists"] == card["panels"][0]["artists"]
    write(site, MINIMAL)
    assert make_pictures(SiteFiles(site), "configs/Post/one.yaml")[".png"].content == made[".png"].content


def test_what_has_no_room_on_the_card_is_told(site):
    wide = "axes: {y: {label: a label that is much too long for the height of a card}}\n"
    (line,) = findings(site, MINIMAL + wide + "preview: {zoom: 1.5}\n")
    assert "axes.y.label: on the preview card, the label of y is cut off" in line
    write(site, MINIMAL + wide)
    assert make_pictures(SiteFiles(site), "configs/Post/one.yaml")


def test_the_snippet_has_the_front_matter_of_the_card(site):
    write(
        site,
        MINIMAL.replace("A rising line.", "'A \"line\": é'") + "preview: {}\nvariants: [light, dark]\nstyle: clean\n",
    )
    assert built(site) == [ONE, DARK, CARD]
    told = CliRunner().invoke(main, ["snippet", "one", "--root", str(site)]).stdout
    front, _, images = told.partition("![")
    image = yaml.safe_load(front)["image"]
    assert (image["path"], image["alt"]) == (f"/{CARD}", 'A "line": é')
    kind, _, data = image["lqip"].partition(",")
    assert kind == "data:image/webp;base64"
    assert len(image["lqip"]) < 600
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (32, 17)
    assert told == CliRunner().invoke(main, ["snippet", "one", "--root", str(site)]).stdout
    found = read_references(f"---\n{front}---\n![{images}".encode(), "_posts/a.md", Settings())
    assert not Closure(Site(site, discover(site)[0])).check(found)


# What both say.


def told(text, site):
    write(site, text)
    made = make_pictures(SiteFiles(site), "configs/Post/one.yaml", described=True)
    return [json.loads(json.dumps(picture.description)) for picture in made.values()]


def test_variants_differ_in_colours_only(site):
    lines = findings(site, BOTH + "dark: {rc: {lines.linewidth: 3}}\n")
    assert len(lines) == 1
    assert "variants: the dark variant says something else: line width: 1.8 -> 3; variants differ in" in lines[0]


def test_colours_of_the_data_are_exchanged_one_for_one(site):
    two = BOTH.replace("y: 2 * x}", "y: x, color: '#0000aa'}\n  - {mark: line, x: x, y: 2 * x, color: '#aa0000'}")
    assert told(two + "dark: {colors: {'#0000aa': '#8888ff', '#aa0000': '#ff8888'}}\n", site)
    (line,) = findings(site, two + "dark: {colors: {'#0000aa': '#8888ff', '#aa0000': '#8888ff'}}\n")
    assert "the colour #8888ff of the data in the dark variant is #0000aa and #aa0000 in the light one" in line


def test_one_colour_of_the_data_is_not_two_in_the_dark(site):
    light, dark = told(BOTH, site)
    again = [{**told, "panels": told["panels"] * 2} for told in (light, dark)]
    assert not list(check_variant_parity(*again))
    again[1] = json.loads(json.dumps(again[1]))
    again[1]["panels"][1]["artists"][0]["color"] = "#ffffff"
    assert [problem.message for problem in check_variant_parity(*again)] == [
        "the colour #0969da of the data is #58a6ff and #ffffff in the dark variant"
    ]


# What is seen.


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # the usual example of a pair that passes
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert luminance("#ffffff") == pytest.approx(1)
    assert contrast("red", "red") == 1


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("title: T\nrc: {axes.titlecolor: '999999'}\n", "title: the title is #999999 on #ffffff, a contrast of 2.85 to 1; allowed: at least 4.5; #767676 is"),
        ("dark: {rc: {axes.labelcolor: '555555'}}\naxes: {x: {label: x}}\n", "axes.x.label: in the dark variant, the label of x is #555555 on #1b1b1e, a contrast of"),
        ("dark: {rc: {axes.edgecolor: '333333'}}\n", "axes: in the dark variant, the left edge of the panel is #333333"),
        ("dark: {rc: {xtick.color: '333333'}}\n", "in the dark variant, a tick of x is #333333"),
        ("dark: {rc: {grid.color: '1c1c1f'}}\n", "the grid of x is #1c1c1f on #1b1b1e, a contrast of 1.01 to 1; allowed: at least 1.2"),
    ],
)  # fmt: skip
def test_what_is_hardly_seen_is_told(site, added, told):
    assert any(told in line for line in findings(site, BOTH + added))


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ("{mark: line, x: x, y: x, color: '#dddddd', label: a}", "the line 'a' is #dddddd"),
        ("{mark: scatter, x: x, y: x, color: '#dddddd', label: a}", "'a' is #dddddd"),
        ("{mark: bar, x: x, y: x, colors: ['#dddddd']}", "#dddddd on #ffffff"),
        ("{mark: span, x: [0, 1], color: '#fcfcfc', opacity: 0.5}", "allowed: at least 1.2"),
        ("{mark: text, x: 0.5, y: 0.5, text: a, color: '#bbbbbb'}", "the text 'a' is #bbbbbb"),
        ("{mark: arrow, x: 0.5, y: 0.5, from_x: 0, from_y: 1, color: '#dddddd'}", "an arrow is #dddddd"),
    ],
)
def test_marks_are_looked_at(site, layer, name):
    layers = "layers:\n  - {mark: line, x: x, y: 2 * x}\n  - " + layer + "\n"
    lines = findings(site, BOTH.replace("layers:\n  - {mark: line, x: x, y: 2 * x}\n", layers))
    assert any(name in line and "dark" not in line for line in lines), lines


def test_a_text_is_judged_on_what_is_behind_it(site):
    """White words on a blue bar are fine on a white page."""
    bars = MINIMAL.replace("{mark: line, x: x, y: 2 * x}", "{mark: bar, x: x, y: 2 + x, colors: ['#0969da']}")
    words = "  - {mark: text, x: 0.5, y: 1, text: a, color: white, size: 8}\n"
    assert make_pictures(SiteFiles(site), "configs/Post/one.yaml")
    write(site, bars + words + BOTH.removeprefix(MINIMAL))
    assert make_pictures(SiteFiles(site), "configs/Post/one.yaml").keys() == {".png", "-dark.png"}
    lines = findings(site, bars.replace("0969da", "9ec5f5") + words + BOTH.removeprefix(MINIMAL))
    assert any("the text 'a' is #ffffff on #9ec5f5" in line for line in lines)


def test_the_nearest_lightness_that_will_do_does(site):
    (line,) = findings(
        site, BOTH + "title: T\nrc: {axes.titlecolor: '999999'}\ndark: {rc: {axes.titlecolor: 'dddddd'}}\n"
    )
    hinted = line.partition("; #")[2][:6]
    assert 4.5 <= contrast(f"#{hinted}", "#ffffff") < 4.7
    text = BOTH + f"title: T\nrc: {{axes.titlecolor: '{hinted}'}}\ndark: {{rc: {{axes.titlecolor: 'dddddd'}}}}\n"
    write(site, text)
    assert make_pictures(SiteFiles(site), "configs/Post/one.yaml")


def test_contrast_is_waived_with_a_reason_and_not_without_need(site):
    faint = BOTH.replace("y: 2 * x", "y: x, color: '#cccccc'")
    write(site, faint + "waive: {contrast: it is meant to be faint}\n")
    assert make_pictures(SiteFiles(site), "configs/Post/one.yaml")
    (line,) = findings(site, BOTH + "waive: {contrast: it is meant to be faint}\n")
    assert "'contrast' is waived, which nothing needs" in line
    write(site, faint.replace("variants: [light, dark]\n", ""))
    assert make_pictures(SiteFiles(site), "configs/Post/one.yaml")


def test_a_transparent_figure_is_judged_on_the_page(site):
    clear = "{figure.facecolor: none, axes.facecolor: none}"
    write(site, BOTH + f"rc: {clear}\ndark: {{rc: {clear}}}\n")
    assert make_pictures(SiteFiles(site), "configs/Post/one.yaml")
    lines = findings(site, BOTH.replace("y: 2 * x", "y: x, color: '#303030'") + f"rc: {clear}\n")
    assert lines
    assert all("in the dark variant, the line" not in line or "#1b1b1e" in line for line in lines)


def test_the_gallery_has_a_figure_of_both():
    endings = [ending for entry in read(GALLERY).values() for ending in entry.extra_outputs]
    assert "-dark.png" in endings


# What a site does with both.


def test_both_are_built_recorded_and_kept_up_to_date(site):
    write(site, BOTH)
    assert built(site) == [ONE, DARK]
    assert built(site) == []
    entry = read(site)[ONE]
    assert entry.extra_outputs.keys() == {"-dark.png"}
    (site / DARK).unlink()
    assert reasons(site) == [f"missing {DARK}"]
    assert built(site) == [DARK]
    (site / DARK).write_bytes(b"edited")
    assert reasons(site) == [f"edited by hand {DARK}"]
    assert built(site) == [DARK]
    assert built(site, forced=True) == []
    assert read(site)[ONE] == entry


def test_the_dark_style_is_an_input(site):
    write(site, BOTH.replace("clean", "house"))
    assert built(site) == [ONE, DARK]
    style = site / "configs/styles/house-dark.mplstyle"
    style.write_text(style.read_text().replace("e4e4e6", "ffffff") + "\n")
    assert reasons(site) == ["style configs/styles/house-dark.mplstyle"]


def test_a_variant_that_is_no_longer_made_is_an_orphan(site):
    write(site, BOTH)
    built(site)
    write(site, MINIMAL + "style: clean\n")
    assert built(site) == []
    found = find_orphans(site, discover(site)[0])
    assert found == [(DARK, True)]
    remove_orphans(site, found)
    assert not (site / DARK).exists()
    assert read(site).keys() == {ONE}
    write(site, BOTH)
    assert built(site) == [DARK]
    assert not find_orphans(site, discover(site)[0])


def test_all_pictures_of_a_config_that_is_gone_are_orphans(site):
    write(site, BOTH)
    built(site)
    (site / "configs/Post/one.yaml").unlink()
    (site / DARK).write_bytes(b"edited")
    found = find_orphans(site, [])
    assert found == [(DARK, False), (ONE, True)]
    remove_orphans(site, found)
    assert read(site).keys() == {DARK}
    assert find_orphans(site, []) == [(DARK, False)]


def test_the_posts_are_checked_against_both(site):
    write(site, BOTH)
    built(site)
    targets = discover(site)[0]

    def check(text):
        closure = Closure(Site(site, targets))
        found = closure.check(read_references(text.encode(), "_posts/a.md", Settings()))
        return [finding.message for finding in (*found, *closure.unused())]

    pair = f"![a](/{ONE}){{: .light }}\n![a](/{DARK}){{: .dark }}\n"
    assert check(pair) == []
    assert check(f"![a](/{ONE})\n") == [f"its dark variant, {DARK}, is not shown"]
    assert check(f"![a](/{ONE}){{: .light }}\n") == [
        "shown on light pages only, with no image of the class .dark beside it"
    ]
    (site / DARK).unlink()
    assert f"made from configs/Post/one.yaml, it is not up to date: missing {DARK}" in check(pair)


def test_the_snippet_is_a_pair_and_the_commands_know_both(site):
    write(site, BOTH)
    built(site)

    def run(*args):
        return CliRunner().invoke(main, [*args, "--root", str(site)])

    lines = run("snippet", "one").stdout.splitlines()
    assert [line.partition("{: ")[2] for line in lines] == [
        'width="1200" height="800" .light }',
        'width="1200" height="800" .dark }',
    ]
    assert run("list").stdout == f"configs/Post/one.yaml -> {ONE}, {DARK}\n"
    assert run("accept").exit_code == 0
    baselines = site / "tests/baseline/Post"
    assert {path.name for path in baselines.iterdir()} == {"one.png", "one.json", "one-dark.png", "one-dark.json"}
    write(site, MINIMAL + "style: clean\n")
    assert run("accept").exit_code == 0
    assert {path.name for path in baselines.iterdir()} == {"one.png", "one.json"}


def test_the_pixels_of_the_dark_variant_are_those_of_the_dark_style(site):
    write(site, BOTH)
    dark = make_pictures(SiteFiles(site), "configs/Post/one.yaml")["-dark.png"].content
    write(site, MINIMAL + "style: clean-dark\n")
    alone = make_pictures(SiteFiles(site), "configs/Post/one.yaml")[".png"].content
    assert dark == alone
    pixels = np.asarray(Image.open(io.BytesIO(dark)).convert("RGB")) / 255
    assert np.any(np.all(np.isclose(pixels, to_rgba("#58a6ff")[:3]), axis=2))
