"""Read data files, by the paths that configs contain."""

import contextlib
import posixpath

from figgen.errors import ConfigError, SourceError, did_you_mean
from figgen.site.files import Files, names_in
from figgen.site.safe_io import HIDDEN


def read_data_file(files: Files, config: str, path: str) -> bytes:
    """Return the content of a data file: `path` is relative to the config's folder, or with a leading / to the root.

    Raises SourceError if it is not found, cannot be read, or is outside the site.
    """
    folder = "" if path.startswith("/") else posixpath.dirname(config)
    place = posixpath.normpath(f"{folder}/{path}".lstrip("/"))
    if place.split("/")[0] == "..":
        raise SourceError(f"{path}: outside the site", allowed=("paths below the site's root",))
    if "/." in f"/{place}":  # also where a link of such a name leads elsewhere: no lockfile may have it
        raise SourceError(f"{path}: {HIDDEN[0]}", allowed=HIDDEN[1])
    try:
        content = files.read(place)
    except ConfigError as error:
        (finding,) = error.findings
        raise SourceError(f"{path}: {finding.message}", allowed=finding.allowed, hint=finding.hint) from None
    if content is None:
        folder, name = posixpath.split(place)
        hint = did_you_mean(name, names_in(files, folder)) or _explain_path(files, config, path)
        raise SourceError(f"file not found: {path}", hint=hint)
    return content


def _explain_path(files: Files, config: str, path: str) -> str:
    """Return a hint: the path with a leading / if that file exists, or else what the path is relative to."""
    if path.startswith("/"):
        return "a leading / stands for the site's root"
    with contextlib.suppress(ConfigError):  # a file that cannot be read is not suggested
        if files.read(path.removeprefix("./")) is not None:
            return f"did you mean '/{path}'?"
    return f"the path is relative to {posixpath.dirname(config)}/; a leading / stands for the site's root"
