"""Files of a site that are damaged."""

import json
import re
import time
from pathlib import Path

from tools.torture.site import contents, run, write_site


def damaged_lockfile(site: Path) -> str:
    """Cut the lockfile off at every kind of place, and put other things in its place."""
    write_site(site, 1, 3)
    run(site, "build")
    lockfile = site / "figgen.lock"
    whole, drawn = lockfile.read_bytes(), contents(site, "assets/**/*.png")
    broken = [whole[:length] for length in (0, 1, 10, len(whole) // 2, len(whole) - 2, len(whole) - 3)]
    broken += [
        whole.replace(b"digest", b"digset"),
        re.sub(rb'"version": \d+', b'"version": 99', whole),
        b"\0" * 99,
        b"\xff",
    ]
    broken += [
        b"<<<<<<< ours\n" + whole + b"=======\n" + whole + b">>>>>>> theirs\n",
        b"[" * 99_999,
        b"[]",
        b"null",
        b"3",
    ]
    for content in broken:
        lockfile.write_bytes(content)
        for words in (("build",), ("check",), ("clean", "--orphans", "--yes")):
            said = run(site, *words, expected=1)
            assert "figgen.lock:" in said, (content[:99], said)
            assert "restore it from version control, or remove it" in said, said
        assert contents(site, "assets/**/*.png") == drawn
        assert lockfile.read_bytes() == content, "it may still be mended"
    lockfile.unlink()
    run(site, "build")
    assert lockfile.read_bytes() == whole
    return f"{len(broken)} ways"


def damaged_cache(site: Path) -> str:
    """Damage what is kept beside the site."""
    write_site(site, 1, 3)
    run(site, "build")
    cache = site / ".figgen/digests.json"
    time.sleep(0.2)
    run(site, "build")
    whole = cache.read_bytes()
    for content in (
        b"",
        whole[: len(whole) // 2],
        b"[" * 99_999,
        b"\0",
        b"[]",
        b'{"a": [1]}',
        json.dumps({"configs/Post/f0.yaml": [1, 2, 3, 4]}).encode(),
    ):
        cache.write_bytes(content)
        assert "0 built, 3 fresh, 0 failed" in run(site, "build")
    return ""


def damaged_pictures(site: Path) -> str:
    """Put halves of pictures, and none, in the place of artefacts and baselines."""
    write_site(site, 1, 3)
    run(site, "build")
    run(site, "accept")
    whole = contents(site, "assets/**/*.png", "tests/baseline/*/*")
    for path, content in whole.items():
        for damaged in (b"", content[:30], content[: len(content) // 2], b"GIF89a", b"\0" * 999):
            (site / path).write_bytes(damaged)
            if path.parts[0] == "assets":
                run(site, "check", "--fix", expected=1)
                assert "edited by hand" in run(site, "build", "--dry-run")
                run(site, "build")
            else:
                run(site, "accept")
            assert contents(site, "assets/**/*.png", "tests/baseline/*/*") == whole
    return f"{len(whole) * 5} ways"
