"""Outputs in other formats and smaller PNGs are valid, the same in every run, and contain nothing but the figure."""

import hashlib
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from figgen.build.builder import build, plan
from figgen.build.fingerprint import extras
from figgen.build.lockfile import read
from figgen.build.picture import make_pictures
from figgen.config.spec.outputs import Format
from figgen.drawing import ENCODERS
from figgen.drawing.encoders import optimized
from figgen.errors import ConfigError, as_text
from figgen.site.files import SiteFiles
from figgen.site.paths import discover
from figgen.site.png import png_description
from tests.conftest import MINIMAL
from tests.figures import ROOT, cases

ONE = "assets/posts/Post/one.png"
ALL = (
    MINIMAL.replace("A rising line.", "A line, y < 3 & rising — “up”.")
    + "title: A < B & C\ncanvas: {size: [600, 400], unit: px, dpi: 100}\nformats: [png, svg, webp, pdf]\n"
)
SVG = "{http://www.w3.org/2000/svg}"
# Everything that has identifiers or images in it: markers, clips, a mesh with a colorbar, mathtext.
RICH = """\
alt: A bit of everything.
title: $x^2$ & more
canvas: {size: [900, 500], unit: px, dpi: 100}
formats: [png, svg, webp, pdf]
data:
  x: {linspace: [0, 1, 9]}
  Z: {values: [[1, 2], [3, 4]]}
panels:
  - layers:
      - {mark: line, x: x, y: x ** 2, marker: o, label: a}
      - {mark: area, x: x, high: x, opacity: 0.3}
  - layers:
      - {mark: heatmap, z: Z, colorbar: {label: z}}
"""


def write(site, text):
    (site / "configs/Post/one.yaml").write_text(text)


def made(site, text):
    write(site, text)
    return {ending: one.content for ending, one in make_pictures(SiteFiles(site), "configs/Post/one.yaml").items()}


def pixels(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))


def findings(site, text):
    write(site, text)
    with pytest.raises(ConfigError) as caught:
        make_pictures(SiteFiles(site), "configs/Post/one.yaml")
    return as_text(caught.value.findings)


def test_each_format_has_an_encoder():
    assert ENCODERS.keys() == set(get_args(Format))


@pytest.mark.slow
def test_all_formats_come_from_one_spec_and_the_png_is_as_it_was(site):
    found = made(site, ALL)
    assert found.keys() == {".png", ".svg", ".webp", ".pdf"}
    assert made(site, ALL.replace("formats: [png, svg, webp, pdf]\n", "")) == {".png": found[".png"]}
    dark = made(site, ALL + "style: clean\nvariants: [light, dark]\n")
    assert {"-dark.svg", "-dark.webp", "-dark.pdf"} < dark.keys()


@pytest.mark.parametrize(
    ("formats", "message"),
    [
        ("[svg]", "the format png is missing; write [png, svg]"),
        ("[png, gif]", "allowed: pdf, png, svg, webp"),
    ],
)
def test_unknown_formats_and_formats_without_png_are_rejected(site, formats, message):
    assert message in findings(site, MINIMAL + f"formats: {formats}\n")


@pytest.mark.slow
def test_an_svg_is_valid_and_says_what_it_shows(site):
    content = made(site, ALL)[".svg"]
    root = ET.fromstring(content)  # noqa: S314 - our own
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert [(one.tag, one.text) for one in list(root)[:2]] == [
        (f"{SVG}title", "A < B & C"),
        (f"{SVG}desc", "A line, y < 3 & rising — “up”."),
    ]
    assert not list(root.iter(f"{SVG}script"))
    assert not list(root.iter(f"{SVG}metadata"))
    outside = set(re.findall(rb'https?://[^"\s<]+', content)) - {
        b"http://www.w3.org/2000/svg",
        b"http://www.w3.org/1999/xlink",
    }
    assert not outside
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name.rpartition("}")[2] == "href":
                assert value.startswith(("#", "data:image/png;base64,"))


def test_texts_of_an_svg_are_paths_or_text_elements(site):
    titled = MINIMAL + "title: Rising\nformats: [png, svg]\n"
    assert b"<text" not in made(site, titled)[".svg"]
    as_text_elements = made(site, titled + "rc: {svg.fonttype: none}\n")
    assert "Rising" in [one.text for one in ET.fromstring(as_text_elements[".svg"]).iter(f"{SVG}text")]  # noqa: S314 - as above
    assert as_text_elements[".png"] == made(site, titled)[".png"]


def test_a_character_that_xml_forbids_is_replaced(site):
    content = made(site, MINIMAL.replace("A rising line.", '"A \\uffff line."') + "formats: [png, svg]\n")[".svg"]
    assert ET.fromstring(content).find(f"{SVG}desc").text == "A \ufffd line."  # noqa: S314 - as above


@pytest.mark.slow
def test_a_pdf_is_whole_and_names_neither_a_date_nor_software(site):
    content = made(site, ALL)[".pdf"]
    assert content.startswith(b"%PDF-1.")
    assert content.rstrip().endswith(b"%%EOF")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") >= 1
    for word in (b"CreationDate", b"ModDate", b"Producer", b"Creator", b"atplotlib"):
        assert word not in content
    assert b"/Title" in content
    for stream in re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL):
        zlib.decompress(stream)


@pytest.mark.slow
def test_webp_has_the_pixels_of_the_png(site):
    clear = ALL + "rc: {figure.facecolor: none}\n"
    for text in (ALL, clear):
        found = made(site, text)
        assert Image.open(io.BytesIO(found[".webp"])).format == "WEBP"
        np.testing.assert_array_equal(pixels(found[".webp"]), pixels(found[".png"]))


@pytest.mark.slow
def test_the_bytes_are_the_same_in_every_run(site):
    write(site, RICH)
    code = (
        "import hashlib, pathlib, sys; from figgen.site.files import SiteFiles; from figgen.build.picture import make_pictures\n"
        "found = make_pictures(SiteFiles(pathlib.Path(sys.argv[1])), 'configs/Post/one.yaml')\n"
        "print({ending: hashlib.sha256(one.content).hexdigest() for ending, one in found.items()})"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code, str(site)],
            check=True, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"))
    }  # fmt: skip
    here = {ending: hashlib.sha256(content).hexdigest() for ending, content in made(site, RICH).items()}
    assert runs == {f"{here}\n"}
    assert made(site, RICH) == made(site, RICH)


@pytest.mark.slow
def test_all_formats_are_recorded_and_compared_by_their_bytes(site):
    write(site, ALL)
    targets = discover(site)[0]
    (outcome,) = build(site, targets)
    assert outcome.files == tuple(f"assets/posts/Post/one.{kind}" for kind in ("png", "svg", "webp", "pdf"))
    entry = read(site)[ONE]
    assert entry.outputs.keys() == set(outcome.files)
    for path, one in entry.outputs.items():
        content = (site / path).read_bytes()
        assert (one.digest, one.size) == (hashlib.sha256(content).hexdigest(), entry.outputs[ONE].size)
    svg = site / "assets/posts/Post/one.svg"
    svg.write_bytes(svg.read_bytes() + b"\n")
    assert [str(reason) for step in plan(site, targets) for reason in step.reasons] == [
        "edited by hand assets/posts/Post/one.svg"
    ]


# Smaller PNGs.


SMALL = (
    MINIMAL + "canvas: {size: [600, 400], unit: px, dpi: 100}\n"
)  # compressing takes a second for each million pixels


@pytest.mark.slow
def test_an_optimized_picture_is_smaller_and_the_same(site):
    pytest.importorskip("oxipng")
    before, after = made(site, SMALL)[".png"], made(site, SMALL + "optimize: true\n")[".png"]
    assert len(after) < 0.8 * len(before)
    np.testing.assert_array_equal(pixels(before), pixels(after))
    assert png_description(after) == png_description(before) == "A rising line."
    assert Image.open(io.BytesIO(after)).info.keys() == Image.open(io.BytesIO(before)).info.keys()
    assert made(site, SMALL + "optimize: true\n")[".png"] == after


@pytest.mark.slow
def test_the_version_of_the_compressor_is_recorded(site):
    pytest.importorskip("oxipng")
    write(site, SMALL + "optimize: true\n")
    targets = discover(site)[0]
    assert [outcome.written for outcome in build(site, targets)] == [True]
    version = extras(["pyoxipng"])["pyoxipng"]
    assert read(site)[ONE].toolchain["pyoxipng"] == version
    assert not plan(site, targets)[0].reasons
    lockfile = site / "figgen.lock"
    lockfile.write_text(lockfile.read_text().replace(f'"pyoxipng": "{version}"', '"pyoxipng": "1.0"'))
    assert [str(reason) for reason in plan(site, targets)[0].reasons] == [f"toolchain pyoxipng 1.0 -> {version}"]
    assert [outcome.written for outcome in build(site, targets)] == [False]
    assert not plan(site, targets)[0].reasons


@pytest.mark.slow
def test_pictures_are_compressed_on_demand(site):
    pytest.importorskip("oxipng")
    write(site, SMALL)
    targets = discover(site)[0]
    assert [outcome.written for outcome in build(site, targets)] == [True]
    before = (site / ONE).read_bytes()
    assert [str(reason) for reason in plan(site, targets, optimize=True)[0].reasons] == ["not optimized"]
    (outcome,) = build(site, targets, optimize=True)
    assert outcome.files == (ONE,)
    after = (site / ONE).read_bytes()
    assert len(after) < 0.8 * len(before)
    np.testing.assert_array_equal(pixels(before), pixels(after))
    for optimize in (True, False):
        assert not plan(site, targets, optimize=optimize)[0].reasons


def test_a_missing_compressor_is_reported(site):
    write(site, MINIMAL + "optimize: true\n")
    code = (
        "import sys; sys.modules['oxipng'] = None\n"  # as where it is not installed
        "from figgen.cli import main; main(['validate', '--root', sys.argv[1]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(site)], check=False, capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 1
    assert (
        "configs/Post/one.yaml:6:11: optimize: 'optimize' needs the package pyoxipng, which is not installed"
        in done.stdout
    )
    done = subprocess.run(
        [sys.executable, "-c", code.replace("'validate'", "'build', '--optimize'"), str(site)],
        check=False, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Error: --optimize needs the package pyoxipng, which is not installed; install figgen" in done.stderr


@pytest.mark.slow
def test_a_published_picture_would_be_a_third_smaller():
    """In memory: the committed ones stay as they are. `make load` weighs all five."""
    pytest.importorskip("oxipng")
    before = min((case.artefact.read_bytes() for case in cases(ROOT)), key=len)
    after = optimized(before)
    assert len(after) <= 0.7 * len(before)
    np.testing.assert_array_equal(pixels(before), pixels(after))
    assert png_description(before) == png_description(after)


def test_titles_in_files_have_dollar_signs_without_backslashes(site):
    outputs = made(site, ALL.replace("A < B & C", "Cost in $ and gain in $"))
    assert b"<title>Cost in $ and gain in $</title>" in outputs[".svg"]
    assert b"/Title (Cost in $ and gain in $)" in outputs[".pdf"]
