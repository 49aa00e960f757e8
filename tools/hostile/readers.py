"""The worst input of each reader of the parent process, at the largest size that it allows and at a quarter of that.

Each runs in a process of its own. At the largest size it may take ten seconds and 1 GiB, and four times as much input
may take eight times as long, not sixteen times, as it would if the time grew with the square.
"""

import contextlib
import io
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from figgen.build import lockfile
from figgen.config.load import decode
from figgen.config.validate import validate_partially
from figgen.config.yaml_document import load
from figgen.errors import ConfigError, SpecError, as_text
from figgen.posts.jekyll import Settings, is_excluded, read_settings
from figgen.posts.references import read_references
from figgen.regression.baselines import compare_with_baseline, read_baseline
from figgen.regression.causes import find_renamed
from figgen.regression.pixels import compare_pixels, draw_overlay
from figgen.site.files import SiteFiles
from figgen.site.limits import MIB
from figgen.site.png import MAX_PIXELS
from tests.figures import ROOT

SECONDS, MEBIBYTES = 10, 1_024
MAX_GROWTH, NOTICEABLE = 8, 0.5  # times as long for four times as much, where that takes so many seconds
POST = 64 * 1024  # bytes; a larger one is read in a process that is ended

HEAD = '{"version": 2, "figgen": {"": "0"}, "toolchain": {}, "artefacts": {\n'


class Reader(NamedTuple):
    """What reads an input of some size, how to make that, and the largest size that is allowed."""

    make: Callable[[int], bytes]
    read: Callable[[bytes], object]
    largest: int


def repeated(part: str, before: str = "", after: str = "") -> Callable[[int], bytes]:
    """Return a function that makes an input of a size: one part, repeated."""
    return lambda size: (before + part * max((size - len(before) - len(after)) // len(part), 1) + after).encode()


def numbered(part: str, before: str = "", after: str = "", between: str = "") -> Callable[[int], bytes]:
    """Return a function that makes an input of a size: one part with a number in it, as often as fits."""

    def make(size: int) -> bytes:
        count = (size - len(before) - len(after)) // (len(part.format(10**7)) + len(between))
        return (before + between.join(map(part.format, range(count))) + after).encode()

    return make


def config(content: bytes) -> None:
    """Read a config as `figgen show` does, and format what is wrong with it."""
    try:
        document = load(decode(content, "configs/P/a.yaml"), "configs/P/a.yaml").with_defaults(DEFAULTS)
        validate_partially(document.data)
    except ConfigError as error:
        assert len(as_text(error.findings)) < MIB
    except SpecError as error:
        assert len(as_text([document.locate(problem) for problem in error.problems])) < MIB


DEFAULTS = load("".join(f"k{number}: {{a: [1, 2]}}\n" for number in range(20_000)), "configs/_defaults.yaml")


def post(content: bytes) -> None:
    read_references(content, "_posts/a.md", Settings())


def site_settings(content: bytes) -> None:
    """Read `_config.yml`, and find out whether Jekyll leaves out a thousand posts."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "_config.yml").write_bytes(content)
        with contextlib.suppress(ConfigError):
            settings = read_settings(Path(folder))
            for number in range(1000):
                is_excluded(f"folder/another/2025-01-01-post-{number}.md", settings)


def lock(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "figgen.lock").write_bytes(content)
        with contextlib.suppress(ConfigError):
            lockfile.write(Path(folder), lockfile.read(Path(folder)))


def baseline(content: bytes) -> None:
    """Compare the description of a figure with JSON."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "P").mkdir()
        Path(folder, "P/a.json").write_bytes(content)
        picture = Path(folder, "P/a.png")
        Image.new("L", (9, 9)).save(picture)
        description = {"alt": "A.", "panels": [{"artists": [{"kind": "line"}] * 20, "title": {"text": "A"}}] * 20}
        changes = compare_with_baseline(read_baseline(Path(folder), "P/a"), picture.read_bytes(), description).changes
        assert sum(map(len, changes)) < MIB


def picture(mode: str) -> Callable[[int], bytes]:
    """Return a function that makes a PNG of so many pixels, in few bytes."""

    def make(pixels: int) -> bytes:
        side = math.isqrt(pixels)
        buffer = io.BytesIO()
        Image.new(mode, (side, side), 1).save(buffer, "png", compress_level=1)
        return buffer.getvalue()

    return make


def pictures(content: bytes) -> None:
    """Compare a picture with the largest that figgen draws, and with a small one."""
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((480, 640, 4), np.uint8)).save(buffer, "png")
    compare_pixels(content, buffer.getvalue())


def overlay(content: bytes) -> None:
    draw_overlay(content, content, (False, False))


def renamed(content: bytes) -> None:
    """Find out which of some configs are others under a new name."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{number}.yaml" for number in range(20)]
        for name in names:
            Path(folder, name).write_bytes(content + name.encode())
        files = SiteFiles(Path(folder))
        find_renamed(files, files, names[:10], names[10:])


READERS: dict[str, Reader] = {
    "config: one key, repeated": Reader(repeated("alt: x\n"), config, 4 * MIB),
    "config: keys": Reader(numbered("key{}: 1\n"), config, 4 * MIB),
    "config: a long key": Reader(repeated("k", after=": 1\n"), config, 4 * MIB),
    "config: layers": Reader(repeated("- {mark: lin}\n", "layers:\n"), config, 4 * MIB),
    "config: list": Reader(repeated("{},", "data: {x: {values: [1,", "1]}}"), config, 4 * MIB),
    "config: nested lists": Reader(repeated("[", "alt: "), config, 4 * MIB),
    "config: nested mappings": Reader(repeated("{a: ", "alt: "), config, 4 * MIB),
    "config: %TAG": Reader(numbered("%TAG !a{}! b\n", after="---\na: 1\n"), config, 4 * MIB),
    "config: colours as comments": Reader(numbered("k{}: #fff\n"), config, 4 * MIB),
    "config: no-break spaces": Reader(repeated("a\u00a0, ", "x: [", "]"), config, 4 * MIB),
    "config: escapes": Reader(repeated(r"\N", 'x: "', '"'), config, 4 * MIB),
    "config: line separators": Reader(repeated("\u2028"), config, 4 * MIB),
    "config: empty lines": Reader(repeated("\n", "alt: a", "b\n"), config, 4 * MIB),
    "config: a formula": Reader(repeated("1+", 'data: {x: {expr: "', '1"}}'), config, 4 * MIB),
    "front matter: nested lists": Reader(repeated("[", "---\nimage: ", "\n---\n![a](b)\n"), post, POST),
    "front matter: nested mappings": Reader(repeated("{a: ", "---\nimage: ", "\n---\n![a](b)\n"), post, POST),
    "front matter: keys of keys": Reader(repeated("? ", "---\n", "\n---\n![a](b)\n"), post, POST),
    "front matter: %TAG": Reader(numbered("%TAG !a{}! b\n", "---\n", "\n---\n![a](b)\n"), post, POST),
    "post: table": Reader(repeated("|![x](y)|\n", "|a|b|\n|-|-|\n"), post, POST),
    "post: wide table": Reader(repeated("|![a](b)", after="|\n" + "|-" * 2_000 + "|\n"), post, POST),
    "post: empty rows": Reader(repeated("|\n", "|a" * 4_000 + "|\n" + "|-" * 4_000 + "|\n", "![a](b)"), post, POST),
    "post: list": Reader(repeated("1. ![a](b)\n"), post, POST),
    "post: pictures": Reader(repeated("a\n\n![a](b)\n\n"), post, POST),
    "post: nested lists": Reader(repeated("- ", after="![a](b)"), post, POST),
    "post: brackets": Reader(repeated("![", after="![a](b)"), post, POST),
    "post: titles": Reader(repeated('![a](b "'), post, POST),
    "post: attribute lists": Reader(repeated("![a](b){:"), post, POST),
    "post: srcset": Reader(repeated("a, ", '<img srcset="', '">'), post, POST),
    "post: Liquid": Reader(repeated("{{a}}", "![a](", ")"), post, POST),
    "post: lines of HTML": Reader(repeated("<!-- -->\n", after="![a](b)"), post, POST),
    "_config.yml: nested lists": Reader(repeated("[", "exclude: "), site_settings, 4 * MIB),
    "_config.yml: patterns": Reader(repeated("- a*b*c*\n", "exclude:\n"), site_settings, 4 * MIB),
    "_config.yml: the most patterns": Reader(
        repeated("- '*a*b*c*d*e*f*g*h*i*j*kx*lx*mx*nx*ox*px*'\n", "exclude:\n"), site_settings, 42_000
    ),
    "_config.yml: keys": Reader(numbered("k{}: 1\n"), site_settings, 4 * MIB),
    "lockfile: inputs": Reader(
        numbered(
            '"{:x}":null', HEAD + '"assets/posts/P/a.png":{"digest":"","size":[1,1],"marks":[],"inputs":{', "}}}}", ","
        ),
        lock,
        16 * MIB,
    ),
    "lockfile: figures": Reader(
        numbered('"assets/posts/P/a{:x}.png":{{"digest":"","size":[1,1],"marks":[],"inputs":{{}}}}', HEAD, "}}", ",\n"),
        lock,
        16 * MIB,
    ),
    "lockfile: lists": Reader(repeated("[],", '{"version": 2, "x": [', "0]}"), lock, 16 * MIB),
    "lockfile: mappings": Reader(numbered('"{:x}":{{}}', '{"version": 2, "x": {', "}}", ","), lock, 16 * MIB),
    "lockfile: nested lists": Reader(repeated("["), lock, 16 * MIB),
    "baseline: nested lists": Reader(repeated("["), baseline, 8 * MIB),
    "baseline: artists": Reader(repeated('{"kind":"line"},', '{"panels": [{"artists": [', "{}]}]}"), baseline, 8 * MIB),
    "baseline: panels": Reader(repeated('{"title":{"text":""}},', '{"panels": [', "{}]}"), baseline, 8 * MIB),
    "baseline: keys": Reader(numbered('"{:x}":1', "{", "}", ","), baseline, 8 * MIB),
    "baseline: one key": Reader(repeated("k", '{"', '": 1}'), baseline, 8 * MIB),
    "picture: black and white": Reader(picture("1"), pictures, MAX_PIXELS),
    "picture: RGBA": Reader(picture("RGBA"), pictures, MAX_PIXELS),
    "picture: overlay": Reader(picture("RGBA"), overlay, MAX_PIXELS // 2),  # of a canvas
    "diff: renamed configs": Reader(numbered("k{}: 1\n"), renamed, 4 * MIB),
    "diff: renamed configs of equal lines": Reader(repeated("a\nb\n"), renamed, 4 * MIB),
}


def measure(name: str, size: int) -> tuple[float, float]:
    """Return the seconds and MiB that a reader needs for its input, in a process of its own."""
    command = [sys.executable, "-m", "tools.hostile.readers", name, str(size)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=12 * SECONDS)
    except subprocess.TimeoutExpired:
        return math.inf, math.nan
    assert done.returncode == 0, done.stderr
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory


def measure_all(only: list[str]) -> bool:
    """Print a table of all readers, and return whether each is within its bounds."""
    print("| reader | largest input | s | MiB | a quarter, s | |\n|---|---|---|---|---|---|", flush=True)
    fine = True
    for name, reader in READERS.items():
        if only and not any(word in name for word in only):
            continue
        (least, _), (most, memory) = (measure(name, size) for size in (reader.largest // 4, reader.largest))
        slow = most > SECONDS or (most > NOTICEABLE and most > MAX_GROWTH * least)
        verdict = " ".join(["SLOW"] * slow + ["LARGE"] * (memory > MEBIBYTES)) or "ok"
        fine = fine and verdict == "ok"
        print(f"| {name} | {reader.largest:,} | {most:.2f} | {memory:.0f} | {least:.2f} | {verdict} |", flush=True)
    return fine


if __name__ == "__main__":
    reader, content = READERS[sys.argv[1]], READERS[sys.argv[1]].make(int(sys.argv[2]))
    begun = time.process_time()
    reader.read(content)
    print(time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
