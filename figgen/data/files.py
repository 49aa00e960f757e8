"""Data files by the paths that configs name."""

import contextlib

from figgen.errors import ConfigError, SourceError, did_you_mean
from figgen.site.files import Files, names_in


def read_data_file(files: Files, config: str, path: str) -> bytes:
    """Read a data file that a config names: relative to its folder, or to the root with a leading slash."""
    folder = "" if path.startswith("/") else config.rpartition("/")[0]
    parts: list[str] = []
    for part in f"{folder}/{path}".split("/"):
        if part == ".." and not parts:
            raise SourceError(f"'{path}' is outside the site", allowed=("files below its root",))
        if part == "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    place = "/".join(parts)
    try:
        content = files.read(place) if parts else None
    except ConfigError as error:
        (finding,) = error.findings
        said = finding.message if finding.message.startswith("cannot") else f"is {finding.message}"
        raise SourceError(f"'{path}' {said}", allowed=finding.allowed, hint=finding.hint) from None
    if content is None:
        others = names_in(files, place.rpartition("/")[0])
        hint = did_you_mean(parts[-1] if parts else path, others) or _other_place(files, config, path)
        raise SourceError(f"there is no file '{path}'", hint=hint)
    return content


def _other_place(files: Files, config: str, path: str) -> str:
    """Say where a path begins, and whether that is what went wrong with it."""
    if path.startswith("/"):
        return "a path with a leading / starts at the site's root"
    there = False
    with contextlib.suppress(ConfigError):  # that it is there, and cannot be read, is no help
        there = files.read(path.removeprefix("./")) is not None
    return (
        f"did you mean '/{path}'?"
        if there
        else f"it starts at {config.rpartition('/')[0]}/, with a leading / at the root"
    )
