"""Why an artefact must be made again, and whether one that other libraries draw still shows what was recorded."""

import contextlib
import enum
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from figgen.build.lockfile import Entry
from figgen.errors import Finding
from figgen.site.files import digest
from figgen.site.paths import DEFAULTS, FONTS, STYLES, output_path

DigestOf = Callable[[str], str | None]


class Kind(enum.Enum):
    """Why an artefact is stale."""

    NEW = "new"
    CONFIG = "config"
    DEFAULTS = "defaults"
    STYLE = "style"
    FONTS = "fonts"
    DATA = "data"
    FIGGEN = "figgen"
    TOOLCHAIN = "toolchain"
    MISSING = "missing"
    EDITED = "edited by hand"
    OPTIMIZE = "not optimized"
    FORCED = "forced"


class Reason(NamedTuple):
    """One reason why an artefact is stale, and the file or library that it is about, if it is about one."""

    kind: Kind
    about: str = ""

    def __str__(self) -> str:
        """Write the reason as messages have it: `data configs/Post/runs.csv`."""
        return f"{self.kind.value} {self.about}".rstrip()


def stale_reasons(
    path: str, entry: Entry | None, digest_of: DigestOf, figgen: str, toolchain: Mapping[str, str]
) -> Iterator[Reason]:
    """Yield every reason why the artefacts of a config must be made again; none means that they are fresh.

    `digest_of` gives the digest of a file now, `figgen` that of the drawing code, `toolchain` the libraries' versions.
    """
    own = digest_of(path)
    if entry is None:
        yield Reason(Kind.NEW)
        return
    for file, recorded in entry.inputs.items():
        if digest_of(file) != recorded:
            yield _changed(file)
    if entry.figgen != figgen:
        yield Reason(Kind.FIGGEN)
    if entry.toolchain != toolchain:
        yield Reason(Kind.TOOLCHAIN, ", ".join(differences(entry.toolchain, toolchain)))
    if own is None:
        yield Reason(Kind.MISSING)
    elif own != entry.digest:
        yield Reason(Kind.EDITED)
    for ending, made in entry.extra_outputs.items():
        other = output_path(path, ending)
        if (found := digest_of(other)) != made.digest:
            yield Reason(Kind.MISSING if found is None else Kind.EDITED, other)


def _changed(file: str) -> Reason:
    if file.startswith(f"{STYLES}/"):
        return Reason(Kind.STYLE, file)
    if file.startswith(f"{FONTS}/"):
        return Reason(Kind.FONTS, file)
    if file.endswith(f"/{DEFAULTS}"):
        return Reason(Kind.DEFAULTS, file)
    return Reason(Kind.CONFIG) if file.startswith("configs/") and file.endswith(".yaml") else Reason(Kind.DATA, file)


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Yield what is another version now, as people write it: `numpy 2.4.5 -> 2.4.6`."""
    for library in sorted(before.keys() | now.keys()):
        if before.get(library) != now.get(library):
            yield f"{library} {before.get(library, 'none')} -> {now.get(library, 'none')}"


def is_about_toolchain(reasons: Iterable[Reason]) -> bool:
    """Tell whether a picture should be as it was, and is drawn again for other libraries, or because it is gone."""
    kinds = {reason.kind for reason in reasons}
    return Kind.TOOLCHAIN in kinds and kinds <= {Kind.TOOLCHAIN, Kind.MISSING, Kind.FORCED}


def drifted(
    entries: Mapping[str, Entry], before: Mapping[str, bytes | None], contents: Mapping[str, bytes]
) -> list[str]:
    """List the artefacts that do not show what was recorded of them."""
    return [
        path
        for path, content in contents.items()
        if path in entries and not _is_same_picture(entries[path], before[path], content)
    ]


def _is_same_picture(entry: Entry, before: bytes | None, content: bytes) -> bool:
    """Tell whether bytes show what an entry recorded: the same bytes, or other ones of the same pixels."""
    if digest(content) == entry.digest:
        return True
    # The size in the first chunk is looked at first: what is no picture of ours may have any number of pixels.
    alike = before is not None and digest(before) == entry.digest and before[:24] == content[:24]
    return alike and _pixels(before or b"") == _pixels(content)


def _pixels(content: bytes) -> bytes | None:
    from PIL import PngImagePlugin

    with (
        contextlib.suppress(OSError, SyntaxError, ValueError),
        PngImagePlugin.PngImageFile(io.BytesIO(content)) as image,
    ):
        return image.convert("RGBA").tobytes()
    return None


def drift(entry: Entry, now: Mapping[str, str], artefact: str) -> Finding:
    """Say that an artefact moved, between which libraries, and what to do."""
    changes = ", ".join(differences(entry.toolchain, now))
    return Finding(
        artefact,
        1,
        1,
        "",
        f"drawn with other libraries ({changes}) its pixels differ, so it was not overwritten",
        hint="install the locked versions with 'make', or overwrite it with --accept-drift",
    )
