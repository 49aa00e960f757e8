"""Sites to break, and figgen run in them."""

from pathlib import Path

from tests import processes
from tests.processes import figgen

CONFIG = """\
alt: "Line {number} of version {version}."
canvas: {{size: [120, 90], unit: px, dpi: 50}}
axes: {{visible: false}}
data:
  x: {{linspace: [0, 1, 3]}}
layers:
  - {{mark: line, x: x, y: {number} * x, width: {version}}}
"""
POST = "---\ntitle: Post\n---\n\n![](/assets/posts/Post/f{number}.png)\n\nText.\n"


class Skipped(Exception):  # noqa: N818 - it is no error
    """A fault that cannot be made on this machine."""


def run(site: Path, *words: str, expected: int | None = 0, before: tuple[str, ...] = ()) -> str:
    """Run figgen, with words before the command, and return what it printed."""
    done = processes.run([*before, *figgen(site, *words)])
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    assert "internal error" not in said, said
    assert expected is None or done.returncode == expected, (done.returncode, said)
    return said


def write_site(site: Path, version: int, figures: int) -> None:
    """Write configs, and a post for each."""
    for number in range(figures):
        for path, text in (
            (site / f"configs/Post/f{number}.yaml", CONFIG.format(number=number, version=version)),
            (site / f"_posts/2025-01-01-f{number}.md", POST.format(number=number)),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def contents(site: Path, *patterns: str) -> dict[Path, bytes]:
    return {path.relative_to(site): path.read_bytes() for pattern in patterns for path in site.glob(pattern)}


def no_traces(site: Path) -> None:
    assert not list(site.rglob(".figgen-*")), "a passing file is left"
