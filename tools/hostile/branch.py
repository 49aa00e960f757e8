"""A site whose branch brings all hostile input at once, and every command run on it."""

import io
import json
import os
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from tests.cli.test_untrusted_output import HOSTILE, MARKERS, assert_harmless
from tests.processes import figgen
from tools.torture.site import CONFIG, POST, contents

SECONDS, MEBIBYTES, PRINTED = 60, 1_024, 8_000_000
MIB = 2**20
LINE = "layers:\n  - {mark: line, x: x, y: x}\n"
EPS = "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({}) (w) file closefile\nshowpage\n"


def write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))


def git(site: Path, *words: str) -> None:
    settings = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *settings, *words], cwd=site, check=True, capture_output=True)


def run_figgen(site: Path, *words: str) -> None:
    subprocess.run(figgen(site, *words), check=True, capture_output=True)


def write_site(site: Path) -> None:
    """Write a site of three figures with posts, pictures and baselines, and commit it."""
    for number in range(3):
        write(site / f"configs/Post/f{number}.yaml", CONFIG.format(number=number, version=1))
        write(site / f"_posts/2025-01-01-f{number}.md", POST.format(number=number).replace("![]", "![A line.]"))
    write(site / "_config.yml", "url: https://example.org\n")
    run_figgen(site, "build")
    run_figgen(site, "accept")
    git(site, "init", "--initial-branch", "main")
    git(site, "add", "--all")
    git(site, "commit", "--message", "A site")


def npz_of_many_members(count: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.npy", b"")
    return buffer.getvalue()


def npz_with_header(header: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\x02\x00" + struct.pack("<I", len(header)) + header.encode())
    return buffer.getvalue()


def large_png(pixels: int) -> bytes:
    buffer = io.BytesIO()
    side = int(pixels**0.5)
    Image.new("1", (side, side)).save(buffer, "png")
    return buffer.getvalue()


def configs(size: int) -> Iterator[tuple[str, str | bytes]]:
    """Yield the names and contents of configs, each of a size in bytes, and of what they read."""
    for name, part in (
        ("repeated", "alt: x\n"),
        ("layers", "- {mark: lin}\n"),
        ("nested", "["),
        ("escapes", r"\N"),
        ("separators", "\u2028"),
        ("long-key", "k"),
    ):
        begin = {"layers": "layers:\n", "nested": "alt: ", "escapes": 'alt: "'}.get(name, "")
        end = {"escapes": '"', "long-key": ": 1"}.get(name, "")
        yield f"{name}.yaml", begin + part * ((size - 16) // len(part.encode())) + end
    yield "keys.yaml", "".join(f"k{number}: 1\n" for number in range(size // 12))
    yield "tags.yaml", "".join(f"%TAG !a{number}! b\n" for number in range(size // 17)) + "---\na: 1\n"
    names = "".join(f"  n{number}: {{linspace: [0, 1, 3]}}\n" for number in range(size // 400))
    yield "names.yaml", f"alt: A.\ndata:\n{names}layers:\n" + "  - {mark: line, x: nx, y: ny}\n" * 1_000
    for name, source in (
        ("members", "{npz: members.npz, array: x}"),
        ("header", "{npz: header.npz, array: x}"),
        ("columns", "{csv: columns.csv, column: y}"),
        ("texts", "{csv: texts.csv, column: x}"),
        ("bytes", "{csv: bytes.csv, column: x}"),
        ("hidden", "{csv: /.git/config, column: x}"),
        ("outside", "{csv: /outside.csv, column: x}"),
        ("pipe", "{csv: pipe.csv, column: x}"),
    ):
        yield f"{name}.yaml", f"alt: A.\ndata:\n  x: {source}\n{LINE}"
    yield "members.npz", npz_of_many_members(size // 14)
    yield "header.npz", npz_with_header("[" * 9_000)
    yield "columns.csv", "a" * 200_000 + ",b\n1,2\n"
    yield "texts.csv", "x\n" + "a" * (size // 4) + "\n"
    yield "bytes.csv", b"x\n\xed\xa0\x80\n\xff\n"
    yield "markers.yaml", json.dumps({HOSTILE: HOSTILE, "alt": HOSTILE, "layers": [{"mark": HOSTILE}]})
    yield "surrogate.yaml", 'alt: "\\ud800"\n' + LINE
    for marker in MARKERS[:2]:
        yield f"{marker}.yaml", LINE


def posts(size: int) -> Iterator[tuple[str, str]]:
    """Yield the names and contents of posts, up to four times a size in bytes."""
    yield "nested.md", "---\nimage: " + "[" * 40_000 + "\n---\n\n![a](/assets/posts/Post/none.png)\n"
    yield "table.md", "|a|b|\n|-|-|\n" + "|![x](/assets/posts/Post/none.png)|\n" * (size // 360)
    yield "pictures.md", "![x](/assets/posts/Post/f0.png)\n\n" * (4 * size // 33)
    yield "lines.md", "".join(f"![x](/assets/posts/Post/f{number % 3}.png)\n\n" for number in range(2_000))
    yield (
        "markers.md",
        f"---\ntitle: {json.dumps(HOSTILE)}\n---\n\n ::add-mask::a\n![##[x]](/assets/posts/Post/##[a].png)\n",
    )
    yield "photo.md", '![A photo](/assets/posts/Post/photo.png){: w="1" h="2" }\n'


def entry(path: str, **changes: object) -> str:
    made = {"digest": "0" * 64, "size": [1, 1], "marks": [], "inputs": {"configs/Post/gone.yaml": "0" * 64}}
    return f"{json.dumps(path)}: {json.dumps({**made, **changes})}"


def write_branch(site: Path, size: int) -> None:
    """Add to a site all that is hostile, in files of about so many bytes, and commit what git can."""
    for name, content in configs(size):
        write(site / f"configs/Hostile/{name}", content)
    os.mkfifo(site / "configs/Hostile/pipe.csv")
    (site / "outside.csv").symlink_to("/etc/passwd")
    (site / "configs/Hostile/zero.yaml").symlink_to("/dev/zero")
    write(site / "configs/styles/own.mplstyle", "font.size: ##[add-mask]a\n" * (size // 25))
    write(site / "configs/Hostile/styled.yaml", "alt: A.\nstyle: own\ndata: {x: {linspace: [0, 1, 3]}}\n" + LINE)
    for name, text in posts(size):
        write(site / f"_posts/2025-01-02-{name}", text)
    write(site / "_config.yml", "exclude:\n" + "- a*b*c*\n" * 200_000 + "- " + "[" * 40_000)
    write(site / "assets/posts/Post/photo.png", large_png(99_900_000))
    write(site / "assets/posts/Post/f2-card.png", EPS.format(site / "ran"))
    write(site / "tests/baseline/Post/f0.png", large_png(99_900_000))
    write(site / "tests/baseline/Post/f1.json", '{"panels": ' + "[" * size)
    write(
        site / "tests/baseline/Post/f2.json",
        '{"panels": [{"artists": [' + '{"kind": "line"},' * (size // 17) + "{}]}]}",
    )
    write(site / ".figgen/digests.json", '{"x": [' + "[]," * (size // 3) + "0]}")
    further = {"\n::add-mask::a": {"digest": "0" * 64, "size": [1, 1]}}
    lines = [
        entry("assets/posts/Post/gone.png", further=further),
        entry("assets/posts/Post/a.png", inputs={".env": "0"}),
    ]
    lines += [entry(f"assets/posts/Post/n{number}.png") for number in range(14 * size // 200)]
    head = '{"version": 2, "figgen": {"": "0"}, "toolchain": {}, "artefacts": {\n'
    write(site / "figgen.lock", head + ",\n".join(lines) + "}}\n")
    git(site, "add", "--all", "--force", ":!configs/Hostile/pipe.csv")
    git(site, "commit", "--message", "A hostile branch")


COMMANDS: list[tuple[str, ...]] = [
    ("list",),
    *(("validate", "--format", form) for form in ("text", "json", "github")),
    *(("check", "--format", form) for form in ("text", "json", "github")),
    ("check", "--fix", "--dry-run"),
    ("build", "--dry-run"),
    ("build", "--format", "json"),
    *(("show", f"Hostile/{name}") for name in ("repeated", "keys", "layers", "nested", "long-key")),
    ("describe", "Hostile/names"),
    *(("snippet", f"Post/f{number}") for number in range(3)),
    ("accept", "--drift-only"),
    *(("diff", "--base", "HEAD~1", "--format", form) for form in ("text", "github")),
    ("new", "Hostile", "##[add-mask]a"),
    ("clean", "--orphans", "--yes"),
]

# What a command ends at as a whole is taken back, so that the rest of the branch is seen as well.
STATES: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
    "all of it": ((), COMMANDS),
    "without the lockfile": (("figgen.lock",), [words for words in COMMANDS if words[0] == "check"]),
    "without the lockfile, the settings and .figgen": (("figgen.lock", "_config.yml", ".figgen"), COMMANDS),
}


class Run(NamedTuple):
    """What a command did: its exit status, seconds, the MiB of its largest process, and what it printed."""

    status: int
    seconds: float
    memory: float
    printed: str


MEASURE = """\
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps([done.returncode, memory, done.stdout.decode(), done.stderr.decode()]))
"""


def run(site: Path, words: tuple[str, ...]) -> Run:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *figgen(site, *words)], check=True, capture_output=True, text=True
    )
    status, memory, stdout, stderr = json.loads(done.stdout)
    return Run(status, time.monotonic() - begun, memory, stdout + stderr)


def faults(run: Run) -> Iterator[str]:
    """Yield what is wrong with what a command did."""
    if run.status not in {0, 1, 2}:
        yield f"status {run.status}"
    if run.seconds > SECONDS:
        yield f"{run.seconds:.0f} s"
    if run.memory > MEBIBYTES:
        yield f"{run.memory:.0f} MiB"
    if len(run.printed) > PRINTED:
        yield f"{len(run.printed):,} characters"
    for word in ("Traceback", "internal error"):
        if word in run.printed:
            yield run.printed[run.printed.index(word) :].partition("\n")[0][:200]
    try:
        assert_harmless(run.printed)
    except AssertionError as error:
        yield f"not printable: {str(error)[:500]}"


def attack(folder: Path, size: int = 4 * MIB) -> bool:
    """Run every command on the branch, print a line for each, and return whether all is as it should be."""
    site = folder / "site"
    write_site(site)
    pictures = contents(site, "assets/posts/Post/f?.png")
    write_branch(site, size)
    fine = True
    for state, (restored, commands) in STATES.items():
        for path in restored:
            git(site, "rm", "-r", "--force", "--ignore-unmatch", "--quiet", path)
            if path != ".figgen":
                git(site, "checkout", "main~1", "--", path)
        for words in commands:
            done = run(site, words)
            wrong = "; ".join(faults(done)) or "ok"
            if contents(site, "assets/posts/Post/f?.png") != pictures:
                wrong = f"pictures changed; {wrong}"
            fine = fine and wrong == "ok"
            numbers = f"{done.status} | {done.seconds:.1f} | {done.memory:.0f} | {len(done.printed):,}"
            print(f"| {state} | `{' '.join(words)}` | {numbers} | {wrong} |", flush=True)
    assert not (site / "ran").exists(), "a picture ran as a program"
    return fine
