"""Feeds generated input to everything that reads what others write: `make fuzz SECONDS=…`.

Each target takes bytes and may raise the errors that its reader documents; anything else is a find, as are more than five
seconds for one input, or more than 1 GiB of memory. Finds are kept in build/fuzz/, and become tests of the reader.
"""

import argparse
import contextlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import atheris
import yaml

with atheris.instrument_imports(include=["figgen"], enable_loader_override=False):
    from figgen.build.lockfile import read as read_lockfile
    from figgen.build.lockfile import write as write_lockfile
    from figgen.config.spec.sources import Csv, Npz
    from figgen.config.validate import validate_partially
    from figgen.config.yaml_document import load
    from figgen.data.formulas.derivative import expand
    from figgen.data.formulas.evaluate import evaluate
    from figgen.data.formulas.formula_errors import unknown_name
    from figgen.data.formulas.parser import parse
    from figgen.data.formulas.tree import ExpressionError
    from figgen.data.sources import read
    from figgen.errors import ConfigError, SourceError, SpecError
    from figgen.posts.jekyll import Settings, read_settings
    from figgen.posts.references import read_references

import numpy as np

from tests.figures import GALLERY, ROOT
from tests.posts.test_references import IMAGES, NOTHING

FOUND = ROOT / "build" / "fuzz"
LIMITS = ["-timeout=5", "-rss_limit_mb=1024", "-max_len=8192"]


def spec(data: bytes) -> None:
    """Load and validate a config."""
    with contextlib.suppress(ConfigError, SpecError):
        validate_partially(load(data.decode(errors="replace"), "configs/Post/fuzz.yaml").data)


ARRAYS = {
    "x": np.linspace(-2, 2, 7),
    "A": np.arange(6.0).reshape(2, 3),
    "n": np.float64(3),
    "b": np.array([True, False]),
}


def formula(data: bytes) -> None:
    """Parse a formula, and evaluate it over small arrays."""

    def lookup(name):
        if name.id not in ARRAYS:
            raise unknown_name(name, [*ARRAYS])
        return ARRAYS[name.id]

    with contextlib.suppress(ExpressionError):
        evaluate(expand(parse(data.decode(errors="replace")), {}.get), lookup)


def post(data: bytes) -> None:
    """Read the pictures that a post refers to."""
    for reference in read_references(data, "_posts/fuzz.md", Settings()):
        assert reference.line >= 1
        assert reference.column >= 1


def lockfile(data: bytes) -> None:
    """Read a lockfile, and write what was read."""
    (SCRATCH / "figgen.lock").write_bytes(data)
    with contextlib.suppress(ConfigError):
        write_lockfile(SCRATCH, read_lockfile(SCRATCH))


def site_config(data: bytes) -> None:
    """Read the settings of a Jekyll site."""
    (SCRATCH / "_config.yml").write_bytes(data)
    with contextlib.suppress(ConfigError):
        read_settings(SCRATCH)


def csv(data: bytes) -> None:
    """Read a column of a CSV file, as each kind of value."""
    for kind in (None, "number", "text", "date"):
        with contextlib.suppress(SourceError):
            read(Csv(csv="a.csv", column="x", type=kind), lambda _: data)


def npz(data: bytes) -> None:
    """Read an array of an .npz file."""
    with contextlib.suppress(SourceError):
        read(Npz(npz="a.npz", array="x"), lambda _: data)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "spec": spec,
    "formula": formula,
    "post": post,
    "lockfile": lockfile,
    "site_config": site_config,
    "csv": csv,
    "npz": npz,
}
SCRATCH = Path(tempfile.gettempdir())


def seeds(target: str) -> Iterator[bytes]:
    """Yield what a target begins with: what the tests and the gallery have of its kind."""
    configs = sorted(
        [*ROOT.glob("configs/*/*.yaml"), *GALLERY.glob("configs/*/*.yaml"), *ROOT.glob("tests/specs/**/*.yaml")]
    )
    if target == "spec":
        yield from (path.read_bytes() for path in configs)
    elif target == "formula":
        texts = (word for path in configs for word in scalars(path.read_text(errors="replace")))
        yield from (word.encode() for word in dict.fromkeys(texts) if re.search(r"[(*/+<>=\[]", word))
    elif target == "post":
        yield from (path.read_bytes() for path in ROOT.glob("docs/**/*.md"))
        texts = [*NOTHING.values(), *(text for text, *_ in IMAGES.values())]
        yield from (text if isinstance(text, bytes) else text.encode() for text in texts)
    elif target == "lockfile":
        yield from ((site / "figgen.lock").read_bytes() for site in (ROOT, GALLERY))
    elif target == "site_config":
        yield b"baseurl: /blog\nurl: https://example.org\ncdn: https://cdn.example.org\nexclude: [configs, tests]\n"
    elif target == "csv":
        yield from (path.read_bytes() for path in GALLERY.rglob("*.csv"))
        yield b'x,y\n1,2\n"3",4\n'
    else:
        yield from (path.read_bytes() for path in GALLERY.rglob("*.npz"))


def scalars(text: str) -> Iterator[str]:
    with contextlib.suppress(yaml.YAMLError, ValueError):
        yield from (event.value for event in yaml.parse(text) if isinstance(event, yaml.ScalarEvent))


def run(target: str, seconds: int, seed: int, scratch: Path) -> None:
    """Fuzz one target in this process, which ends with it without any clean-up."""
    global SCRATCH
    SCRATCH = scratch
    corpus = SCRATCH / "corpus"
    corpus.mkdir()
    for number, content in enumerate(seeds(target)):
        (corpus / str(number)).write_bytes(content)
    options = [f"-max_total_time={seconds}", f"-seed={seed}", f"-artifact_prefix={FOUND}/{target}-", *LIMITS]
    atheris.Setup([sys.argv[0], str(corpus), *options], TARGETS[target])
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description="Feed generated input to the readers.")
    parser.add_argument("--seconds", type=int, default=20, help="for each target")
    parser.add_argument("--seed", type=int, default=0, help="of what is generated; 0 for another one each time")
    parser.add_argument("--run", choices=TARGETS, help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("only", nargs="*", help="targets; all if left out")
    arguments = parser.parse_args()
    FOUND.mkdir(parents=True, exist_ok=True)
    if arguments.run:
        run(arguments.run, arguments.seconds, arguments.seed, arguments.scratch)
    failed = False
    for target in arguments.only or TARGETS:
        with tempfile.TemporaryDirectory(prefix="figgen-fuzz-") as scratch:
            command = [sys.executable, "-m", "tools.fuzz", "--run", target, "--scratch", scratch]
            command += ["--seconds", str(arguments.seconds), "--seed", str(arguments.seed)]
            done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
        runs = re.findall(r"^#(\d+)\s.*?cov: (\d+).*?rss: (\d+)Mb", done.stderr, re.MULTILINE)
        count, covered, memory = runs[-1] if runs else ("0", "0", "0")
        verdict = "ok" if done.returncode == 0 else "FOUND"
        print(f"{target:12} {verdict:6} {int(count):>9,} inputs, {covered} edges covered, {memory} MiB", flush=True)
        if done.returncode:
            failed = True
            print(done.stdout[-3000:], done.stderr[-6000:])
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
