"""Discover -> render -> write: the configs of a site, and the artefacts made from them."""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from figgen import hermetic
from figgen.data import sample
from figgen.errors import ConfigError, Finding, Problem, SpecError
from figgen.loader import load
from figgen.spec import Figure
from figgen.validation import validate

CONFIGS = "configs"
ARTEFACTS = "assets/posts"
STYLES = "configs/styles"
_RESERVED = ("styles",)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """One config and the artefact made from it, both relative to the root."""

    config: PurePosixPath
    artefact: PurePosixPath

    @property
    def name(self) -> str:
        """Name the figure as people do: `<Post>/<name>`."""
        return self.config.relative_to(CONFIGS).with_suffix("").as_posix()


def discover(root: Path) -> tuple[list[Target], list[Finding]]:
    """List the targets of a site, sorted, and what is wrong with the names of other files.

    Every `configs/<Post>/<name>.yaml` is a target. A finding is a YAML file that is none by a slip of its name, or one
    that would write the same artefact as another on a file system that does not tell upper from lower case.
    """
    targets: list[Target] = []
    findings: list[Finding] = []
    taken: dict[str, PurePosixPath] = {}
    for config in _yaml_files(root):
        inside = config.relative_to(CONFIGS)
        if problem := _misplaced(inside):
            findings.append(Finding(config.as_posix(), 1, 1, "", *problem))
            continue
        first = taken.setdefault(str(inside).lower(), config)
        if first != config:
            message = f"writes the same file as {first}, where letter case is not told apart"
            findings.append(Finding(config.as_posix(), 1, 1, "", message, "", "rename one of the two"))
            continue
        targets.append(Target(config, PurePosixPath(ARTEFACTS) / inside.with_suffix(".png")))
    return targets, findings


def _yaml_files(root: Path) -> Iterator[PurePosixPath]:
    for folder, folders, files in os.walk(root / CONFIGS):
        here = PurePosixPath(Path(folder).relative_to(root).as_posix())
        folders[:] = sorted(name for name in folders if str(here / name) != STYLES)
        yield from (here / name for name in sorted(files) if name.lower().endswith((".yaml", ".yml")))


def _misplaced(inside: PurePosixPath) -> tuple[str, str, str] | None:
    if inside.suffix != ".yaml":
        return f"a config that ends in '{inside.suffix}'", "allowed: .yaml", f"rename it to {inside.stem}.yaml"
    if len(inside.parts) != 2:  # noqa: PLR2004 - <Post>/<name>.yaml
        return "a config outside a post's folder", f"allowed: {CONFIGS}/<Post>/<name>.yaml", ""
    if not all(_NAME.fullmatch(part) for part in (inside.parts[0], inside.stem)):
        return "a name that a web address would have to escape", "allowed: letters, digits, '-' and '_'", ""
    return None


def render_config(root: Path, config: PurePosixPath) -> bytes:
    """Render one config to the bytes of its artefact. Raises ConfigError with every mistake in it."""
    document = load(_read_text(root, config), config.as_posix())
    try:
        figure = validate(document.data)
        return _render(figure, root)
    except SpecError as error:
        raise ConfigError(document.locate(problem) for problem in error.problems) from None


def _render(figure: Figure, root: Path) -> bytes:
    hermetic.import_matplotlib()
    from figgen.render import render
    from figgen.styles import find_style, read_style

    problems: list[Problem] = []
    style: Any = {}
    try:
        if figure.style is not None:
            path = find_style(figure.style, root / STYLES)
            relative = PurePosixPath(path.relative_to(root).as_posix())
            style = read_style(_read_text(root, relative), relative.as_posix())
    except SpecError as error:
        problems += error.problems
    try:
        samples = sample(figure)
    except SpecError as error:
        problems += error.problems
    if problems:
        raise SpecError(problems)
    return render(figure, samples, style)


def _read_text(root: Path, path: PurePosixPath) -> str:
    try:
        content = (root / path).read_bytes()
    except OSError as error:
        raise ConfigError([Finding(path.as_posix(), 1, 1, "", f"cannot be read: {error.strerror}")]) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(errors="replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        message = f"not UTF-8: the byte 0x{content[error.start]:02x}"
        hint = "save the file as UTF-8"
        raise ConfigError([Finding(path.as_posix(), line, column, "", message, "", hint)]) from None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one target: findings if it failed, else whether its file changed."""

    target: Target
    findings: tuple[Finding, ...] = ()
    written: bool = False


def build(root: Path, targets: Iterable[Target], *, write: bool = True) -> Iterator[Outcome]:
    """Render targets and write each artefact whose bytes changed; a config that fails leaves its artefact alone."""
    for target in targets:
        try:
            content = render_config(root, target.config)
        except ConfigError as error:
            yield Outcome(target, error.findings)
        else:
            yield Outcome(target, (), write and _write(root / target.artefact, content))


def _write(path: Path, content: bytes) -> bool:
    """Put content in a file as a whole or not at all; tell whether that changed it."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".figgen-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise
    return True
