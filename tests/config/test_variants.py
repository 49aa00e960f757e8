"""Light and dark from one spec: what is drawn otherwise, what must be the same, and all that a site does with both."""

import base64
import io

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
from figgen.posts import check_posts
from figgen.posts.check import check_references
from figgen.posts.jekyll import Settings
from figgen.posts.references import read_references
from figgen.posts.site_state import SiteState
from figgen.site.files import SiteFiles, digest
from figgen.site.paths import discover
from tests.conftest import MINIMAL
from tests.figures import GALLERY

pytestmark = pytest.mark.usefixtures("in_process")

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
            {"layers": [{"mark": "bar", "x": "x", "y": ["x", "x"], "colors": ["red", "#0000ff"]}]},
            {"layers": [{"mark": "scatter", "x": "x", "y": "x", "color_by": "x", "colormap": "viridis"}]},
        ],
    })  # fmt: skip
    light, dark = (variant.figure for variant in variants_of(figure).values())
    assert light is figure
    assert dark.panels[0].layers[0].color == "#8888ff"
    assert dark.panels[1].layers[0].colors == ("red", "#8888ff")
    assert dark.panels[2].layers[0].colormap == "plasma"
    assert dark.title == "#0000FF"


@pytest.mark.parametrize(
    ("dark", "message"),
    [
        ({"colors": {"#0000fe": "#8888ff"}}, "the figure does not use the colour '#0000fe'"),
        ({"colormaps": {"virids": "plasma"}}, "the figure does not use the colormap 'virids'"),
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
        (MINIMAL + "variants: [dark]\nstyle: clean\n", "variants: the light variant is missing; allowed: [light], [light, dark]"),
        (MINIMAL + "variants: [light, dark]\n", "variants: the dark variant requires a style; set 'style' or 'dark: {style: …}'"),
        (MINIMAL + "dark: {style: clean-dark}\n", "dark: 'dark' requires 'variants: [light, dark]'"),
        (BOTH + "dark: {style: cleandark}\n", "dark.style: unknown style 'cleandark'; allowed: clean, clean-dark, house, house-dark; did you mean 'clean-dark'?"),
        (BOTH.replace("clean", "hose"), "variants: unknown style 'hose-dark'; allowed: clean, clean-dark, house, house-dark; add configs/styles/hose-dark.mplstyle, or name another style with 'dark: {style: …}'"),
        (BOTH + "dark: {rc: {lines.widht: 2}}\n", "dark.rc.lines.widht: unknown matplotlib setting 'lines.widht'"),
        (BOTH.replace("y: 2 * x", "y: x, color: red") + "dark: {colors: {red: redd}}\n", "dark.colors.red: 'redd' is not a valid colour"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(site, text, told):
    assert any(told in line for line in findings(site, text))


def test_names_of_colours_that_differ_in_letter_case_only_are_reported():
    layers = [{"mark": "line", "x": "x", "y": "x", "color": "#0000ff"}]
    dark = {
        "colors": {"#0000FF": "red", "#0000ff": "blue", "C0": "c0"},
        "colormaps": {"Blues": "Reds", "blues": "Reds"},
    }
    shared = {"alt": "A.", "style": "clean", "variants": ["light", "dark"], "data": {"x": {"values": [1, 2]}}}
    with pytest.raises(SpecError) as caught:
        validate({**shared, "layers": layers, "dark": dark})
    assert [(problem.where, problem.message, problem.on_key) for problem in caught.value.problems] == [
        (("dark", "colormaps", "blues"), "'blues' means the same as 'Blues'", True),
        (("dark", "colors", "#0000ff"), "'#0000ff' means the same as '#0000FF'", True),
    ]


def test_a_dark_variant_that_another_config_writes_too(site):
    write(site, MINIMAL, "one-dark")
    assert findings(site, BOTH) == [
        "configs/Post/one.yaml:7:11: variants: configs/Post/one.yaml and configs/Post/one-dark.yaml both write a picture whose name ends in -dark; rename one of the two, or remove 'variants' here"
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
    assert "axes.y.label: on the preview card, the y axis label is cut off" in line
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
    assert not [*check_references(found, SiteState(site, discover(site)[0]))]


def test_a_card_that_is_no_png_is_never_decoded(site):
    """Even where the lockfile, which a branch may bring, lists it: Pillow would run Ghostscript for an EPS."""
    write(site, MINIMAL + "preview: {}\n")
    built(site)
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
    listed = (site / "figgen.lock").read_text().replace(digest((site / CARD).read_bytes()), digest(eps))
    (site / CARD).write_bytes(eps)
    told = CliRunner().invoke(main, ["snippet", "one", "--root", str(site)])
    assert "not up to date" in told.stderr
    (site / "figgen.lock").write_text(listed)
    told = CliRunner().invoke(main, ["snippet", "one", "--root", str(site)])
    hint = "write it again with 'figgen build --force'"
    assert (told.exit_code, told.stderr) == (1, f"{CARD}:1:1: cannot be read as a PNG: not a PNG; {hint}\n")


def test_the_gallery_has_a_figure_of_both():
    assert any(path.endswith("-dark.png") for entry in read(GALLERY).values() for path in entry.outputs)


# What a site does with both.


@pytest.mark.slow
def test_both_are_built_recorded_and_kept_up_to_date(site):
    write(site, BOTH)
    assert built(site) == [ONE, DARK]
    assert built(site) == []
    entry = read(site)[ONE]
    assert entry.outputs.keys() == {ONE, DARK}
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


@pytest.mark.slow
def test_a_variant_that_is_no_longer_made_is_an_orphan(site):
    write(site, BOTH)
    built(site)
    write(site, MINIMAL + "style: clean\n")
    assert built(site) == []
    found = find_orphans(site, discover(site)[0])
    assert found == [(DARK, "")]
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
    assert found == [(DARK, "modified since figgen wrote it"), (ONE, "")]
    remove_orphans(site, found)
    assert read(site).keys() == {DARK}
    assert find_orphans(site, []) == [(DARK, "modified since figgen wrote it")]


def test_the_posts_are_checked_against_both(site):
    write(site, BOTH)
    built(site)
    targets = discover(site)[0]

    def check(text):
        (site / "_posts").mkdir(exist_ok=True)
        (site / "_posts/a.md").write_text(text)
        return [finding.message for finding in check_posts(site, targets).findings]

    pair = f"![a](/{ONE}){{: .light }}\n![a](/{DARK}){{: .dark }}\n"
    assert check(pair) == []
    assert check(f"![a](/{ONE})\n") == [f"dark variant not shown: {DARK}"]
    assert check(f"![a](/{ONE}){{: .light }}\n") == ["only shown on light pages: no image with class .dark next to it"]
    (site / DARK).unlink()
    assert f"not up to date (reason: missing {DARK})" in check(pair)


@pytest.mark.slow
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
