"""Disks, memory, rights and clocks that fail."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.torture.site import CONFIG, Skipped, contents, no_traces, run, write_site


def full_disk(site: Path) -> str:
    """Build on a disk that has room for some pictures, or none."""
    write_site(site, 1, 8)
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", folder], check=False, capture_output=True
        )
        if made.returncode:
            raise Skipped("nothing can be mounted")
        try:
            shutil.copytree(site / "configs", Path(folder, "configs"))
            said = run(Path(folder), "build", expected=None)
            assert "No space left" in said or "0 failed" in said, said
            no_traces(Path(folder))
            subprocess.run(["mount", "-o", "remount,size=16m", folder], check=True)
            run(Path(folder), "build")
        finally:
            subprocess.run(["umount", folder], check=True)
    return ""


def failing_disk(site: Path) -> str:
    """Read a data file whose disk fails: the memory of another process, which gives EIO, stands for it."""
    write_site(site, 1, 3)
    data = site / "configs/Post/data.csv"
    data.write_text("x\n1\n2\n")
    (site / "configs/Post/f0.yaml").write_text(
        CONFIG.format(number=0, version=1).replace("{linspace: [0, 1, 3]}", "{csv: data.csv, column: x}")
    )
    if subprocess.run(
        ["mount", "--bind", f"/proc/{os.getpid()}/mem", data], check=False, capture_output=True
    ).returncode:
        raise Skipped("nothing can be mounted")
    try:
        said = run(site, "build", expected=1)
        assert "cannot be read: Input/output error" in said, said
        assert "2 built, 0 fresh, 1 failed" in said, said
    finally:
        subprocess.run(["umount", data], check=True)
    run(site, "build")
    return ""


def few_descriptors(site: Path) -> str:
    """Build with next to no files that may be open at a time."""
    write_site(site, 1, 4)
    for most in (10, 14, 20):
        limited = ("sh", "-c", f'ulimit -n {most}; exec "$@"', "sh")
        said = run(site, "build", "--force", "-j", "3", expected=None, before=limited)
        assert said, most
        no_traces(site)
    run(site, "build")
    return ""


def no_rights(site: Path) -> str:
    """Build as somebody who may not write, or read; as root, without the rights that make rights no matter."""
    write_site(site, 1, 3)
    before: tuple[str, ...] = ()
    if os.geteuid() == 0:
        before = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
        if shutil.which("setpriv") is None or subprocess.run([*before, "true"], check=False).returncode:
            raise Skipped("root cannot give up its rights")
    site.chmod(0o555)
    try:
        said = run(site, "build", expected=1, before=before)
        assert "cannot write to the site's folder: Permission denied" in said, said
    finally:
        site.chmod(0o755)
    (site / "assets/posts/Post").mkdir(parents=True, mode=0o555)
    assert run(site, "build", expected=1, before=before).count("Permission denied") == 3
    (site / "assets/posts/Post").chmod(0o755)
    (site / "configs/Post/f0.yaml").chmod(0)
    said = run(site, "build", expected=1, before=before)
    assert "f0.yaml:1:1: cannot be read: Permission denied" in said, said
    assert "2 built, 0 fresh, 1 failed" in said, said
    (site / "configs/Post/f0.yaml").chmod(0o644)
    (site / "configs/Post").chmod(0o000)
    run(site, "build", expected=1, before=before)
    (site / "configs/Post").chmod(0o755)
    run(site, "build", before=before)
    return ""


def out_of_memory(site: Path) -> str:
    """Draw a figure that needs more memory than it may have, beside others."""
    write_site(site, 1, 3)
    (site / "configs/Post/f0.yaml").write_text(
        CONFIG.format(number=0, version=1).replace("[0, 1, 3]", "[0, 1, 10000000]")
    )
    said = run(site, "build", expected=1, before=("env", "FIGGEN_LIMITS=memory_mib=300"))
    assert "raise the limit with FIGGEN_LIMITS=memory_mib=" in said, said
    assert "2 built, 0 fresh, 1 failed" in said, said
    run(site, "build")
    return ""


def clock_set_back(site: Path) -> str:
    """Set the modification times of files to the past and the future, with and without a change of their content."""
    write_site(site, 1, 3)
    run(site, "build")
    drawn = contents(site, "assets/**/*.png")
    files = [path for path in site.rglob("*") if path.is_file()]
    for year in (1, -1, 40):
        stamp = time.time() + year * 365 * 86400
        for path in files:
            os.utime(path, (stamp, stamp))
        assert "0 built, 3 fresh, 0 failed" in run(site, "build")
        config = site / "configs/Post/f0.yaml"
        config.write_text(CONFIG.format(number=0, version=9))
        os.utime(config, (stamp, stamp))
        assert "1 built, 2 fresh, 0 failed" in run(site, "build")
        config.write_text(CONFIG.format(number=0, version=1))
        os.utime(config, (stamp, stamp))
        assert "1 built, 2 fresh, 0 failed" in run(site, "build")
        assert contents(site, "assets/**/*.png") == drawn
    return "3 clocks"


NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")


def _as_nobody(site: Path) -> tuple[str, ...]:
    """Return the words before a command that run it as a user who owns nothing of the site."""
    site.chmod(0o755)
    can_run = [*NOBODY, "env", sys.executable, "-c", "import figgen"]
    if os.geteuid() != 0 or shutil.which("setpriv") is None or subprocess.run(can_run, check=False).returncode:
        raise Skipped("nobody cannot run Python here")
    return (*NOBODY, "env", "HOME=/dev/null")


def clone_of_somebody_else(site: Path) -> str:
    """Use a clone that another user owns: what only reads works, and what writes says that it may not."""
    write_site(site, 1, 2)
    run(site, "build")
    for words in (("init", "-q"), ("add", "."), ("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "1")):
        subprocess.run(["git", "-C", str(site), *words], check=True)
    drawn = contents(site, "assets/**/*.png", "figgen.lock")
    before = _as_nobody(site)
    run(site, "check", "--fix", expected=None)
    for words in (("validate",), ("list",), ("check",), ("describe", "Post/f0"), ("build",)):
        run(site, *words, before=before)
    said = run(site, "diff", expected=None, before=before)
    assert "safe.directory" in said or "no change" in said.lower(), said
    write_site(site, 2, 2)
    for words in (("build",), ("accept",), ("clean", "--orphans", "--yes")):
        said = run(site, *words, expected=None, before=before)
        assert "Permission denied" in said or words[0] == "clean", said
    assert contents(site, "assets/**/*.png", "figgen.lock") == drawn
    return ""


def few_processes(site: Path) -> str:
    """Build where no further process may be started."""
    before = _as_nobody(site)
    write_site(site, 1, 3)
    for path in (site, *site.rglob("*")):
        os.chown(path, 65534, 65534)
    said = run(site, "build", "-j", "2", expected=None, before=("prlimit", "--nproc=1", *before))
    assert "0 failed" in said or "Resource temporarily unavailable" in said, said
    run(site, "build", before=before)
    no_traces(site)
    return ""


def broken_fonts(site: Path) -> str:
    """Put files that are no fonts, and one of 100 MiB, among the fonts of a site."""
    from matplotlib import font_manager

    write_site(site, 1, 2)
    whole = Path(font_manager.findfont("DejaVu Sans")).read_bytes()
    font = site / "configs/fonts/Own.ttf"
    font.parent.mkdir()
    broken = {
        "empty": b"",
        "cut off": whole[:5000],
        "no tables": whole[:4] + b"\0\0" + whole[6:],
        "tables beyond the end": whole[:12] + whole[12:500].replace(b"\0\0", b"\xff\xff") + whole[500:],
        "100 MiB": whole + bytes(100 << 20),
    }
    for what, content in broken.items():
        font.write_bytes(content)
        said = run(site, "build", "--force", expected=None)
        assert "configs/fonts/Own.ttf" in said or "0 failed" in said, (what, said)
    font.unlink()
    run(site, "build")
    return f"{len(broken)} fonts"
