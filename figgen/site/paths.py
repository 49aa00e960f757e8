"""The configs of a site, and the artefacts built from them. Imports nothing slow, since every command starts here."""

import enum
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from figgen.errors import ConfigError, Finding, Mistake, UsageError, did_you_mean
from figgen.site.safe_io import UnsafePathError, open_dir

CONFIGS = "configs"
ARTEFACTS = "assets/posts"
STYLES = "configs/styles"
FONTS = "configs/fonts"
DEFAULTS = "_defaults.yaml"
MAIN_ENDING = ".png"  # of the artefact itself; the other outputs of a config have endings such as -dark.png and .svg

_MAX_DEPTH = 3  # folders below `configs` in which YAML files are looked for
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # reserved by Windows, with any ending


class Target(NamedTuple):
    """One config and the artefact built from it, both relative to the root, with forward slashes.

    A config may have extra outputs beside that one, by its spec; the lockfile lists them.
    """

    config: str
    artefact: str

    @property
    def name(self) -> str:
        """Return the name of the figure: `<Post>/<name>`."""
        return self.config.removeprefix(CONFIGS + "/").removesuffix(".yaml")


class VariantKind(enum.Enum):
    """What a picture of a figure is for: light pages, dark pages, or the card shown beside links to the post."""

    LIGHT = ("", "style", "", "#ffffff")
    DARK = ("-dark", "variants", "in the dark variant, ", "#1b1b1e")
    CARD = ("-card", "preview", "on the preview card, ", "#ffffff")

    def __init__(self, suffix: str, key: str, message_prefix: str, page_color: str) -> None:
        self.suffix = suffix  # after the figure's name, in the name of the picture
        self.key = key  # the key of the config that asks for it
        self.message_prefix = message_prefix
        self.page_color = page_color  # Chirpy's, which shows through where a figure is transparent


_OUTPUT = re.compile(rf"{ARTEFACTS}/{_NAME.pattern}/{_NAME.pattern}(-dark|-card)?\.(png|svg|webp|pdf)", re.ASCII)


def is_output(path: str) -> bool:
    """Check whether a config can write a picture at a path."""
    return _OUTPUT.fullmatch(path) is not None


def output_path(artefact: str, ending: str) -> str:
    """Return the path of another output of a config, by its ending, such as `-dark.png`, in place of `.png`."""
    return artefact.removesuffix(".png") + ending


def defaults_of(config: str) -> Iterator[str]:
    """Yield the paths where a config may have `_defaults.yaml` files, the nearest first."""
    folder = config
    while folder != CONFIGS:
        folder = folder.rpartition("/")[0]
        yield f"{folder}/{DEFAULTS}"


def discover(root: Path) -> tuple[list[Target], list[Finding]]:
    """Return the targets of a site, sorted, and findings for YAML files with invalid names.

    Every `configs/<Post>/<name>.yaml` is a target, unless its name is invalid, or it would write the same artefact as
    another on a case-insensitive file system. Raises OSError if a folder cannot be read, and
    ConfigError if it is outside the site.
    """
    targets: list[Target] = []
    findings: list[Finding] = []
    taken: dict[str, str] = {}
    try:
        configs = sorted(_yaml_files(os.fspath(root)))
    except UnsafePathError as error:
        raise ConfigError([Finding(CONFIGS, 1, 1, "", error.message, error.allowed, error.hint)]) from None
    for config in configs:
        problem = _check_name(config)
        if problem is None and (first := taken.setdefault(config.lower(), config)) != config:
            message = f"writes the same file as {first} on a case-insensitive file system"
            problem = Mistake(message, hint="rename one of the two")
        if problem is None:
            inside = config[len(CONFIGS) + 1 : -len(".yaml")]
            targets.append(Target(config, f"{ARTEFACTS}/{inside}.png"))
        else:
            shown = os.fsencode(config).decode(errors="replace")  # a name need not be UTF-8, but what is printed must
            findings.append(Finding(shown, 1, 1, "", *problem))
    return targets, findings


def _yaml_files(root: str, folder: str = CONFIGS) -> Iterator[str]:
    with open_dir(root, folder) as descriptor, os.scandir(descriptor) as entries:
        for entry in entries:
            name, path = entry.name, f"{folder}/{entry.name}"
            # A link is not followed, as it may be broken or circular.
            if entry.is_dir(follow_symlinks=False):
                # A config is two levels down; those a little deeper are reported as misplaced.
                if path not in {STYLES, FONTS} and path.count("/") <= _MAX_DEPTH:
                    yield from _yaml_files(root, path)
            # Editors keep their own files beside those they edit, under names that begin with a dot.
            elif name.lower().endswith((".yaml", ".yml")) and name != DEFAULTS and not name.startswith("."):
                yield path


def _check_name(config: str) -> Mistake | None:
    """Return what is wrong with the path of a config, or None."""
    *folders, name = config.split("/")[1:]
    stem, dot, ending = name.rpartition(".")
    if ending != "yaml":
        return Mistake(f"invalid file extension '{dot}{ending}'", (".yaml",), f"rename it to {stem}.yaml")
    if len(folders) != 1:
        return Mistake("config is not in the folder of a post", (f"{CONFIGS}/<Post>/<name>.yaml",), "")
    if not all(_NAME.fullmatch(part) for part in (*folders, stem)):
        message = "file name is not URL-safe"
        return Mistake(message, ("letters, digits, '-' and '_', starting with a letter or digit",))
    if device := next(filter(_DEVICE.fullmatch, (*folders, stem)), ""):
        return Mistake(f"'{device}' is a reserved name on Windows", (), "choose another name")
    return None


def select_targets(root: Path, configs: Iterable[str | Path]) -> tuple[list[Target], list[Finding]]:
    """Return the targets of some configs, or of all if none is named, and findings for those with invalid names.

    A config is named by a path, from the working folder or the root, or as in `find_target`. Raises UsageError for one
    that is not found, and if there are no configs at all.
    """
    targets, misnamed = discover(root)
    if not targets and not misnamed:
        raise UsageError(f"no configs under {root / CONFIGS}: a figure is {CONFIGS}/<Post>/<name>.yaml")
    if not (configs := list(configs)):
        return targets, misnamed
    known = {os.path.realpath(root / target.config): target for target in targets}
    by_path = {finding.path: finding for finding in misnamed}
    chosen, findings = set(), []
    for config in configs:
        if finding := by_path.get(Path(os.path.relpath(config, root)).as_posix()):
            findings.append(finding)
        else:
            chosen.add(known.get(os.path.realpath(config)) or find_target(targets, str(config)))
    return sorted(chosen), findings


def find_target(targets: Sequence[Target], name: str) -> Target:
    """Return the target of a figure by `Post/name`, the path of its config or artefact, or a name of only one post.

    Raises UsageError if no figure or several have this name.
    """
    name = name.removeprefix("./")
    found = [target for target in targets if name in {target.name, *target}]
    found = found or [target for target in targets if target.name.rpartition("/")[2] == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"ambiguous name '{name}': " + ", ".join(target.name for target in found))
    names = [name for target in targets for name in (target.name, target.config, target.name.rpartition("/")[2])]
    raise UsageError(f"figure not found: {name}; " + (did_you_mean(name, names) or "'figgen list' prints all figures"))


def add_config(root: Path, post: str, name: str, text: str) -> str:
    """Write a new config and return its path. Raises UsageError if its name is invalid or it exists already."""
    config = f"{CONFIGS}/{post}/{name}.yaml"
    if problem := _check_name(config):
        raise UsageError(f"{config}: {problem}")
    path = root / config
    if path.exists():
        raise UsageError(f"{config} already exists")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return config
