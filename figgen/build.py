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
from figgen.errors import ConfigError, Finding, Problem, SpecError, UsageError, nearest
from figgen.loader import Document, load
from figgen.sources import SourceError
from figgen.spec import Figure
from figgen.validation import validate

CONFIGS = "configs"
ARTEFACTS = "assets/posts"
STYLES = "configs/styles"
FONTS = "configs/fonts"
DEFAULTS = "_defaults.yaml"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


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
        folders[:] = sorted(name for name in folders if str(here / name) not in {STYLES, FONTS})
        yield from (here / name for name in sorted(files) if _is_yaml(name))


def _is_yaml(name: str) -> bool:
    # Editors keep their own files beside those they edit, under names that begin with a dot.
    return name.lower().endswith((".yaml", ".yml")) and name != DEFAULTS and not name.startswith(".")


def _misplaced(inside: PurePosixPath) -> tuple[str, str, str] | None:
    if inside.suffix != ".yaml":
        return f"a config that ends in '{inside.suffix}'", "allowed: .yaml", f"rename it to {inside.stem}.yaml"
    if len(inside.parts) != 2:  # noqa: PLR2004 - <Post>/<name>.yaml
        return "a config outside a post's folder", f"allowed: {CONFIGS}/<Post>/<name>.yaml", ""
    if not all(_NAME.fullmatch(part) for part in (inside.parts[0], inside.stem)):
        return (
            "a name that may not stand in a web address",
            "allowed: letters, digits, '-' and '_', a letter or digit first",
            "",
        )
    return None


def render_config(root: Path, config: PurePosixPath) -> bytes:
    """Render one config to the bytes of its artefact. Raises ConfigError with every mistake in it."""
    document = load_config(root, config)
    try:
        return _render(validate(document.data), document, root, config)
    except SpecError as error:
        raise ConfigError(document.locate(problem) for problem in error.problems) from None


def load_config(root: Path, config: PurePosixPath) -> Document:
    """Read a config over the `_defaults.yaml` files of its folder and those above, the nearest first.

    Raises ConfigError with what is no YAML.
    """
    document = load(_read_text(root, config), config.as_posix())
    for folder in config.parents:
        defaults = folder / DEFAULTS
        if folder.is_relative_to(CONFIGS) and (root / defaults).exists():
            document = document.over(load(_read_text(root, defaults), defaults.as_posix()))
    return document


def _render(figure: Figure, document: Document, root: Path, config: PurePosixPath) -> bytes:
    hermetic.import_matplotlib()
    from figgen.fonts import families, find_fonts
    from figgen.render import render
    from figgen.styles import find_style, read_settings, read_style

    def read_file(path: str) -> bytes:
        return _read_data(root, config, path)

    problems: list[Problem] = []
    findings: list[Finding] = []
    fonts = find_fonts(root, FONTS)
    settings: dict[str, Any] = {}
    try:
        if figure.style is not None:
            style = find_style(figure.style, root / STYLES)
            shown = style.relative_to(root).as_posix() if style.is_relative_to(root) else style.name
            settings |= read_style(_decode(style.read_bytes(), shown), shown, families(fonts))
    except SpecError as error:
        problems += error.problems
    except ConfigError as error:
        findings += error.findings
    try:
        settings |= read_settings(figure.rc, families(fonts))
    except SpecError as error:
        problems += error.problems
    try:
        samples = sample(figure, read_file)
    except SpecError as error:
        problems += error.problems
    if problems or findings:
        raise ConfigError([*findings, *(document.locate(problem) for problem in problems)])
    return render(figure, samples, settings, fonts)


def _read_data(root: Path, config: PurePosixPath, path: str) -> bytes:
    """Read a data file that a config names: relative to its folder, or to the root with a leading slash."""
    folder = root if path.startswith("/") else root / config.parent
    file = (folder / path.lstrip("/")).resolve()
    if not file.is_relative_to(root.resolve()):
        raise SourceError(f"'{path}' is outside the site", allowed="allowed: files below its root")
    if not file.is_file():
        near = nearest(file.name, (other.name for other in file.parent.glob("*") if other.is_file()))
        below = "a path with a leading / starts at the site's root" if path.startswith("/") else ""
        raise SourceError(f"there is no file '{path}'", hint=near or below)
    return file.read_bytes()


def _read_text(root: Path, path: PurePosixPath) -> str:
    try:
        if not (root / path).is_file() and (root / path).exists():
            raise ConfigError([Finding(path.as_posix(), 1, 1, "", "not a file")])
        content = (root / path).read_bytes()
    except OSError as error:
        raise ConfigError([Finding(path.as_posix(), 1, 1, "", f"cannot be read: {error.strerror}")]) from None
    return _decode(content, path.as_posix())


def _decode(content: bytes, path: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(errors="replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        message = f"not UTF-8: the byte 0x{content[error.start]:02x}"
        raise ConfigError([Finding(path, line, column, "", message, "", "save the file as UTF-8")]) from None


def add_config(root: Path, post: str, name: str, text: str) -> PurePosixPath:
    """Write a new config and give its path. Raises UsageError if its name will not do or is taken."""
    inside = PurePosixPath(post, f"{name}.yaml")
    config = PurePosixPath(CONFIGS) / inside
    if problem := _misplaced(inside):
        raise UsageError(f"{config}: " + "; ".join(part for part in problem if part))
    if (root / config).exists():
        raise UsageError(f"{config} is there already")
    (root / config).parent.mkdir(parents=True, exist_ok=True)
    (root / config).write_text(text, encoding="utf-8")
    return config


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
            yield Outcome(target, (), write and _write(root / target.artefact, content))
        except ConfigError as error:
            yield Outcome(target, error.findings)
        except OSError as error:
            message = f"cannot be written: {error.strerror}"
            yield Outcome(target, (Finding(target.artefact.as_posix(), 1, 1, "", message),))


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
