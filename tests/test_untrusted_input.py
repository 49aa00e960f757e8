"""What a branch from anybody may bring along reaches nothing outside its places: each way out is tried, and closed."""

import contextlib
import io
import json
import os
import stat
import subprocess
import threading
import time
import zipfile
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from click.testing import CliRunner

from figgen.build.builder import build
from figgen.build.digest_cache import DigestCache
from figgen.build.lockfile import read
from figgen.cli import main
from figgen.data.formulas.evaluate import evaluate
from figgen.data.formulas.parser import parse
from figgen.data.formulas.tree import ExpressionError
from figgen.drawing.styles import _STYLABLE, read_style
from figgen.errors import ConfigError
from figgen.regression.baselines import read_baseline
from figgen.site.files import SiteFiles
from figgen.site.paths import discover
from figgen.site.png import png_description
from figgen.site.safe_io import remove_below
from tests.conftest import MINIMAL

pytestmark = pytest.mark.usefixtures("in_process")


def run(*arguments):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def with_data(site, path, kind="csv", key="column"):
    text = MINIMAL.replace("{linspace: [0, 1, 3]}", f"{{{kind}: {json.dumps(path)}, {key}: x}}")
    (site / "configs/Post/one.yaml").write_text(text)


@pytest.fixture
def outside(tmp_path_factory):
    """A folder that is none of the site's business, with a file that would serve as data."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret.csv").write_text("x\n1\n2\n")
    return folder


def everything(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Reading


@pytest.mark.parametrize("kind", ["csv", "npz"])
@pytest.mark.parametrize(
    "path",
    ["../../../{}/secret.csv", "/../{}/secret.csv", "{}/secret.csv", "link.csv", "folder/secret.csv", "up/../../../x"],
)
def test_data_from_elsewhere_is_not_read(site, outside, path, kind):
    (site / "configs/Post/link.csv").symlink_to(outside / "secret.csv")
    (site / "configs/Post/folder").symlink_to(outside)
    with_data(site, path.format(outside), kind, "column" if kind == "csv" else "array")
    result = run("build", "--root", site)
    assert result.exit_code == 1
    assert "outside the site" in result.stderr or "file not found" in result.stderr
    assert not list(site.rglob("*.png"))


@pytest.mark.parametrize("path", ["/.git/config", "/.secret.csv", "link.csv", "/linked/config"])
def test_nothing_hidden_is_read(site, path):
    """CI keeps the token that it was given in `.git/config`."""
    (site / ".git").mkdir()
    for file in (".git/config", ".secret.csv"):
        (site / file).write_text("x\n1\n2\n")
    (site / "configs/Post/link.csv").symlink_to(site / ".secret.csv")
    (site / "linked").symlink_to(site / ".git")
    with_data(site, path, "csv", "column")
    result = run("build", "--root", site)
    assert result.exit_code == 1
    assert (
        f"{path}: hidden file or folder; allowed: names of files and folders that do not start with a dot"
        in result.stderr
    )
    assert not list(site.rglob("*.png"))


def test_configs_and_styles_that_are_links_out_of_the_site_are_not_read(site, outside):
    (outside / "x.yaml").write_text(MINIMAL)
    (outside / "x.mplstyle").write_text("font.size: 9\n")
    (site / "configs/Post/two.yaml").symlink_to(outside / "x.yaml")
    (site / "configs/styles/x.mplstyle").symlink_to(outside / "x.mplstyle")
    (site / "configs/Post/one.yaml").write_text(MINIMAL + "style: x\n")
    (site / "configs/Linked").symlink_to(outside)
    result = run("build", "--root", site)
    assert (
        sorted(line.split(": ", 1)[1] for line in result.stderr.splitlines())
        == ["outside the site; allowed: paths below the site's root"] * 2
    )
    assert not list(site.rglob("*.png"))


def test_links_within_the_site_serve(site):
    (site / "shared").mkdir()
    (site / "shared/runs.csv").write_text("x\n1\n2\n")
    (site / "configs/Post/folder").symlink_to("../../shared")
    with_data(site, "folder/runs.csv")
    assert run("build", "--root", site).exit_code == 0


class Swapping:
    """A folder that becomes a link to another one and back, as fast as can be."""

    def __init__(self, folder, target):
        self._paths = folder, folder.with_name("aside"), target
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._swap)

    def _swap(self):
        folder, aside, target = self._paths
        while not self._over.is_set():
            with contextlib.suppress(OSError):  # a writer makes the folder that it misses
                folder.rename(aside)
                folder.symlink_to(target)
            if folder.is_symlink():
                folder.unlink()
            with contextlib.suppress(OSError):
                aside.rename(folder)
            for name in os.listdir(aside) if aside.exists() else ():  # noqa: PTH208 - it may go meanwhile
                (aside / name).unlink()
            if aside.exists():
                aside.rmdir()

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


def test_a_folder_swapped_for_a_link_meanwhile_gives_nothing_from_outside(site, outside):
    folder = site / "configs/Post"
    (folder / "secret.csv").write_text("own")
    found = set()
    with Swapping(folder, outside):
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            try:
                found.add(SiteFiles(site).read("configs/Post/secret.csv"))
            except ConfigError as error:
                found.add(error.findings[0].message)
    assert b"own" in found
    assert (outside / "secret.csv").read_bytes() not in found


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: os.mknod(path, 0o600 | stat.S_IFSOCK), os.mkdir])
@pytest.mark.parametrize(
    "place", ["configs/Post/data.csv", "configs/_defaults.yaml", "configs/Post/two.yaml", "figgen.lock"]
)
def test_what_is_no_file_is_told_and_not_waited_for(site, place, make):
    with_data(site, "data.csv")
    make(site / place)
    started = time.monotonic()
    result = run("build", "--root", site)
    assert time.monotonic() - started < 20
    assert result.exit_code == 1
    assert result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
def test_devices_are_not_read(site):
    try:
        os.mknod(site / "configs/Post/data.csv", 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("this machine makes no devices")
    with_data(site, "data.csv")
    assert "not a file" in run("build", "--root", site).stderr


@pytest.mark.parametrize(
    "content", [b"PK\3\4", b"", b"\x80\x04\x95", b"x" * 5000], ids=["half a zip", "nothing", "a pickle", "letters"]
)
def test_an_npz_is_never_unpickled(site, content, tmp_path):
    class Hostile:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "reached"),)

    hostile = io.BytesIO()
    np.savez(hostile, x=np.asarray([Hostile()], dtype=object))
    bare = io.BytesIO()
    with zipfile.ZipFile(bare, "w") as archive:
        archive.writestr("x.npy", content)
    for made in (hostile.getvalue(), bare.getvalue(), content):
        (site / "configs/Post/a.npz").write_bytes(made)
        with_data(site, "a.npz", "npz", "array")
        result = run("build", "--root", site)
        assert result.exit_code == 1
        assert "internal error" not in result.stderr
    assert not (tmp_path / "reached").exists()


# Writing


@pytest.mark.parametrize("link", ["assets", "assets/posts", "assets/posts/Post"])
def test_no_artefact_is_written_through_a_link_out_of_the_site(site, outside, link):
    before = everything(outside)
    (site / link).parent.mkdir(parents=True, exist_ok=True)
    (site / link).symlink_to(outside)
    result = run("build", "--root", site)
    assert (result.exit_code, result.stderr) == (
        1,
        "assets/posts/Post/one.png:1:1: cannot be written: outside the site\n",
    )
    assert everything(outside) == before


@pytest.mark.parametrize("built_before", [False, True])
def test_an_artefact_that_is_a_link_is_replaced(site, outside, built_before):
    path = site / "assets/posts/Post/one.png"
    if built_before:
        run("build", "--root", site)
        path.rename(outside / "same.png")
    else:
        path.parent.mkdir(parents=True)
        (outside / "same.png").write_text("precious")
    before = everything(outside)
    path.symlink_to(outside / "same.png")
    assert run("build", "--root", site).exit_code == 0
    assert path.is_file()
    assert not path.is_symlink()
    assert everything(outside) == before


def test_a_folder_swapped_for_a_link_meanwhile_has_nothing_written_outside(site, outside):
    before = everything(outside)
    folder = site / "assets/posts/Post"
    folder.mkdir(parents=True)
    from figgen.site.safe_io import write_below

    written = 0
    with Swapping(folder, outside):
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            try:
                write_below(str(site), "assets/posts/Post/one.png", b"content")
                written += 1
            except OSError:
                continue
    assert written
    assert everything(outside) == before


@pytest.mark.parametrize("link", [".figgen", ".figgen/.gitignore", ".figgen/lock", ".figgen/digests.json"])
def test_what_is_kept_beside_the_site_is_not_written_through_a_link(site, outside, link):
    (outside / "file").write_text("precious")
    before = everything(outside)
    (site / link).parent.mkdir(exist_ok=True)
    (site / link).symlink_to(outside / "file" if "/" in link else outside)
    run("build", "--root", site)
    assert everything(outside) == before


@pytest.mark.parametrize("link", ["tests", "tests/baseline", "tests/baseline/Post", "tests/baseline/Post/one.png"])
def test_no_baseline_is_written_through_a_link(site, outside, link):
    (outside / "file").write_text("precious")
    before = everything(outside)
    (site / link).parent.mkdir(parents=True, exist_ok=True)
    (site / link).symlink_to(outside / "file" if link.endswith(".png") else outside)
    run("accept", "--root", site)
    assert everything(outside) == before


def test_no_post_outside_is_mended(blog, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "post.md"
    outside.write_text("![](/assets/posts/Post/one.png)\n")
    (blog / "_posts/2025-01-01-link.md").symlink_to(outside)
    assert "outside the site" in run("check", "--fix", "--root", blog).output
    assert outside.read_text() == "![](/assets/posts/Post/one.png)\n"


@pytest.mark.parametrize(
    "path", ["_posts/one.md", "../x.png", "assets/posts/../../_posts/one.md", "/etc/hostname", "assets/a\n::error::b",
     "assets/posts/Post/##[add-mask]a.png", "assets/posts/Post/.env", "assets/posts/one.png", "assets/posts/Post/one.md"]
)  # fmt: skip
def test_a_lockfile_names_artefacts_only(site, path):
    run("build", "--root", site)
    (site / "figgen.lock").write_text(
        (site / "figgen.lock").read_text().replace('"assets/posts/Post/one.png"', json.dumps(path))
    )
    with pytest.raises(ConfigError, match="malformed lockfile"):
        read(site)
    for command in (["clean", "--orphans", "--yes"], ["build"], ["check"]):
        assert run(*command, "--root", site).exit_code


def test_a_lockfile_names_outputs_that_a_config_makes(site):
    run("build", "--root", site)
    text = (site / "figgen.lock").read_text()
    made = '{"digest": "a", "size": [1, 1]}'
    for ending, is_one in (
        (".svg", True),
        ("-card.png", True),
        (".md", False),
        ("\n::add-mask::a", False),
        ("/a.png", False),
    ):
        further = f'"further": {{{json.dumps(ending)}: {made}}}, "inputs"'
        (site / "figgen.lock").write_text(text.replace('"inputs"', further, 1))
        if is_one:
            assert f"assets/posts/Post/one{ending}" in read(site)["assets/posts/Post/one.png"].outputs
        else:
            with pytest.raises(ConfigError, match="malformed lockfile"):
                read(site)


@pytest.mark.parametrize(
    "path", ["/etc/hostname", "../x", "a\0b", "a\ud800b", "configs/../../x", ".env", "configs/.git/config", "a/./b"]
)
def test_a_lockfile_names_inputs_of_the_site_only(site, path):
    run("build", "--root", site)
    text = (site / "figgen.lock").read_text().replace('"configs/Post/one.yaml"', json.dumps(path))
    (site / "figgen.lock").write_text(text)
    with pytest.raises(ConfigError, match="malformed lockfile"):
        read(site)


def test_no_digest_is_taken_of_what_is_outside(site, outside):
    (site / "link").symlink_to(outside / "secret.csv")
    (site / "folder").symlink_to(outside)
    cache = DigestCache(site, ".figgen/digests.json")
    assert [cache.digest(path) for path in ("link", "folder/secret.csv", "../x")] == ["outside the site"] * 2 + [None]


# Names


@pytest.mark.parametrize("name", ["con", "AUX", "nul", "com1", "Lpt9", "one.", "one ", "a" * 101, "-a", "ä", "a:b"])
def test_names_that_some_systems_do_not_take_are_refused(site, name):
    (site / f"configs/Post/{name}.yaml").write_text(MINIMAL)
    targets, (finding,) = discover(site)
    assert [target.name for target in targets] == ["Post/one"]
    assert finding.message in {"file name is not URL-safe", f"'{name}' is a reserved name on Windows"}


def test_names_that_are_no_text_are_printed_all_the_same(site):
    for name in (b"\xff.yaml", b"a\n::error::b.yaml", b"\xff.csv"):
        Path(os.fsdecode(os.fsencode(site) + b"/configs/Post/" + name)).touch()
    with_data(site, "nope.csv")
    for form in ("text", "json", "github"):
        result = run("validate", "--root", site, "--format", form)
        assert result.exit_code == 1
        assert "internal error" not in result.stdout + result.stderr
        assert "\n::error::b" not in result.stdout, "no name makes a line of its own, which CI would obey"


def test_folders_without_end_are_walked(site):
    here = Path.cwd()
    os.chdir(site / "configs")
    try:
        for _ in range(1500):
            Path("a").mkdir()
            os.chdir("a")
        os.chdir(here)
        assert run("build", "--root", site).exit_code == 0
    finally:
        os.chdir(here)
        subprocess.run(["rm", "-rf", site / "configs/a"], check=True)  # pytest itself would not come to the end of it


@pytest.mark.parametrize("path", ["a" * 300 + ".csv", "a/" * 3000 + "b.csv", "."])
def test_paths_that_no_system_takes_are_told(site, path):
    with_data(site, path)
    assert "data.x.csv: " in run("build", "--root", site).stderr


# Styles

REACHING = [
    name
    for name in mpl.rcParamsDefault
    if name.startswith(
        ("animation.", "backend", "savefig.", "path.", "svg.", "pdf.", "ps.", "pgf.", "webagg.", "tk.", "keymap.")
    )
    or name
    in {"text.usetex", "text.latex.preamble", "interactive", "toolbar", "timezone", "docstring.hardcopy", "datapath"}
]


def test_no_setting_that_reaches_beyond_the_picture_is_a_styles_to_set():
    assert len(REACHING) > 50
    # Whether an SVG has its text as text says nothing of where it is written.
    assert [name for name in REACHING if _STYLABLE.fullmatch(name)] == ["svg.fonttype"]


@pytest.mark.parametrize(
    "value",
    [
        "cycler('color', [c for c in 'rgb'])",
        "cycler('color', ['r']).__class__",
        "__import__('os').getcwd()",
        "cycler(color=open('/etc/hostname'))",
        "cycler(color=['r']) * 1000000000",
        "cycler(lw=[1, 2, 3, 4, 5, 6, 7, 8, 9, 0]) * cycler(ms=[1, 2, 3, 4, 5, 6, 7, 8, 9, 0])"
        + " * cycler(c=[1, 2])" * 8,
        "[].append(1) or cycler(color=['r'])",
        "(" * 5000,
    ],
)
def test_a_cycle_runs_no_code(value):
    with pytest.raises(ConfigError, match="is not a valid cycle"):
        read_style(f"axes.prop_cycle: {value}", "s.mplstyle", set())


@pytest.mark.parametrize(
    "value", ["cycler('color', ['red', 'k'])", "cycler(color=['r', 'g'], lw=[1, 2]) + cycler(ls=['-', '--'])"]
)
def test_a_cycle_serves(value):
    assert len(read_style(f"axes.prop_cycle: {value}", "s.mplstyle", set())["axes.prop_cycle"]) == 2


# Formulas


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "().__class__.__bases__",
        "x.__class__",
        "__builtins__",
        "__x__ + 1",
        "sin.__globals__",
        "(lambda: 1)()",
        "[y for y in x]",
        "{y for y in x}",
        "f'{x}'",
        "(y := 1)",
        "x if x else x",
        "'a' * 9",
        "b'a'",
        "print(x)",
        "open(x)",
        "eval(x)",
        "sin(*x)",
        "sin(**x)",
        "x[...]",
        "await x",
        "1j",
        "x\0",
    ],
)
def test_a_formula_is_no_code(text):
    def lookup(name):
        raise ExpressionError(f"unknown name {name.id}")

    with pytest.raises(ExpressionError):
        evaluate(parse(text), lookup)


@pytest.mark.parametrize("text", ["9**9**9**9", "9**9**9**9**9**9", "2**-9**9**9", "(9**9)**(9**9)", "1e308*1e308"])
def test_a_tower_of_powers_takes_no_time(text):
    started = time.monotonic()
    evaluate(parse(text), lambda _: None)
    assert time.monotonic() - started < 0.1


# What else a branch brings along


@pytest.mark.parametrize("told", [b"[" * 100_000, b"\xff", b"{}", b"null"])
def test_a_baseline_that_is_none_counts_as_none(tmp_path, told):
    import struct
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    (tmp_path / "Post").mkdir()
    for content in (bomb, bomb[:30], b"", b"GIF89a"):
        (tmp_path / "Post/one.png").write_bytes(content)
        (tmp_path / "Post/one.json").write_bytes(told)
        assert read_baseline(tmp_path, "Post/one") is None


@pytest.mark.parametrize("chunk", [b"iTXtDescription\0", b"iTXtDescription\0\0\0\0\0\xff", b"tEXtDescription\0\xff"])
def test_a_description_that_is_none_is_no_matter(chunk):
    assert isinstance(png_description(bytes(8) + (len(chunk) - 4).to_bytes(4, "big") + chunk + bytes(4)), str)


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b"\0"])
def test_a_lockfile_without_end_is_told(site, content):
    (site / "figgen.lock").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        list(build(site, discover(site)[0]))
    assert caught.value.findings[0].path == "figgen.lock"


def test_an_artefact_without_end_is_replaced(site):
    path = site / "assets/posts/Post/one.png"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(2**40)  # a hole, that takes no room
    assert run("build", "--root", site).exit_code == 0
    assert path.stat().st_size < 10**6


def test_no_baseline_behind_a_link_is_removed(site, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "photo.png").write_bytes(b"a photo")
    (site / "tests" / "baseline").mkdir(parents=True)
    (site / "tests" / "baseline" / "Other").symlink_to(outside)
    (site / "tests" / "baseline" / "Gone").mkdir()
    (site / "tests" / "baseline" / "Gone" / "old.png").write_bytes(b"a baseline")
    told = CliRunner().invoke(main, ["accept", "--root", str(site)])
    assert told.exit_code == 0, told.output
    assert "removed Gone/old.png" in told.output
    assert [path.name for path in outside.iterdir()] == ["photo.png"]


def test_nothing_is_removed_through_a_link(site, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "one.png").write_bytes(b"a photo")
    (site / "assets").symlink_to(outside)
    with pytest.raises(OSError, match="outside the site"):
        remove_below(str(site), "assets/one.png")
    remove_below(str(site), "nowhere/one.png")
    assert (outside / "one.png").exists()


@pytest.mark.parametrize(
    "command", ["list", "validate", "build", "check", "accept", "describe Post/one", "snippet Post/one", "clean --orphans --yes"]
)  # fmt: skip
def test_configs_elsewhere_are_not_listed(site, outside, command):
    (site / "configs").rename(outside / "configs")
    (outside / "configs/Post/one.yaml").rename(outside / "configs/Post/topsecret.yaml")
    (site / "configs").symlink_to(outside / "configs")
    before = everything(site)
    result = run(*command.split(), "--root", site)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "configs:1:1: outside the site; allowed: paths below the site's root\n"
    assert everything(site) == before


def test_no_hint_names_a_hidden_file(site):
    (site / ".env").write_text("TOKEN=1\n")
    (site / "configs/Post/.data.csv").write_text("x\n1\n")
    (site / "configs/styles").mkdir(exist_ok=True)
    (site / "configs/styles/.own.mplstyle").write_text("font.size: 9\n")
    data = "{a: {csv: /env, column: x}, b: {csv: data.csv, column: x}}"
    text = f"alt: A.\ndata: {data}\nlayers: [{{mark: line, x: a, y: b}}]\nstyle: own\n"
    (site / "configs/Post/one.yaml").write_text(text)
    said = run("validate", "Post/one", "--root", site).stdout
    assert said.count("file not found") == 2
    assert "unknown style 'own'" in said
    assert not [name for name in (".env", ".data.csv", ".own") if name in said], said
