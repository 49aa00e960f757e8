"""Find out why an artefact must be built again, and whether one drawn by other library versions is still the same."""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from figgen.build.lockfile import Entry
from figgen.errors import Finding
from figgen.site.files import digest
from figgen.site.paths import CONFIGS, DEFAULTS, FONTS, STYLES
from figgen.site.png import UNREADABLE, has_same_pixels, open_picture

DigestOf = Callable[[str], str | None]


class StaleReason(enum.Enum):
    """A kind of reason why an artefact is stale."""

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
    """One reason why an artefact is stale, and the file or library it is about, if any."""

    kind: StaleReason
    about: str = ""

    def __str__(self) -> str:
        """Return the reason as text for messages: `data configs/Post/runs.csv`."""
        return f"{self.kind.value} {self.about}".rstrip()


def stale_reasons(
    artefact: str,
    entry: Entry | None,
    digest_of: DigestOf,
    figgen: Mapping[str, str],
    toolchain: Mapping[str, str],
) -> Iterator[Reason]:
    """Yield every reason why the outputs of a config must be built again; none means that they are fresh.

    `digest_of` returns the current digest of a file; `figgen` has the digests of the drawing code by its parts,
    `toolchain` the versions of the libraries.
    """
    if entry is None:
        yield Reason(StaleReason.NEW)
        return
    for file, recorded in entry.inputs.items():
        if digest_of(file) != recorded:
            yield reason_for_change(file)
    if changed := sorted(part for part, recorded in entry.figgen.items() if figgen.get(part) != recorded):
        yield Reason(StaleReason.FIGGEN, ", ".join(f"mark {part}" for part in changed if part))
    if entry.toolchain != toolchain:
        yield Reason(StaleReason.TOOLCHAIN, ", ".join(differences(entry.toolchain, toolchain)))
    for path, made in entry.outputs.items():
        if (found := digest_of(path)) != made.digest:
            kind = StaleReason.MISSING if found is None else StaleReason.EDITED
            yield Reason(kind, "" if path == artefact else path)


def reason_for_change(file: str) -> Reason:
    """Return the reason that a change of a file is, by its path."""
    if file.startswith(f"{STYLES}/"):
        return Reason(StaleReason.STYLE, file)
    if file.startswith(f"{FONTS}/"):
        return Reason(StaleReason.FONTS, file)
    if file.endswith(f"/{DEFAULTS}"):
        return Reason(StaleReason.DEFAULTS, file)
    if file.startswith(f"{CONFIGS}/") and file.endswith(".yaml"):
        return Reason(StaleReason.CONFIG)
    return Reason(StaleReason.DATA, file)


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Yield the versions that differ: `numpy 2.4.5 -> 2.4.6`."""
    for library in sorted(before.keys() | now.keys()):
        if before.get(library) != now.get(library):
            yield f"{library} {before.get(library, 'none')} -> {now.get(library, 'none')}"


# What leaves a picture as it was: with these reasons alone, it is drawn again from the same inputs by the same code.
_WITHOUT_CHANGE = frozenset({StaleReason.TOOLCHAIN, StaleReason.MISSING, StaleReason.EDITED, StaleReason.FORCED})


def is_same_but_for_libraries(reasons: Iterable[Reason]) -> bool:
    """Check whether an artefact that is as it was written is only drawn again because of other library versions."""
    return {reason.kind for reason in reasons} <= _WITHOUT_CHANGE - {StaleReason.EDITED}


def drift(
    entry: Entry,
    reasons: Iterable[Reason],
    now: Mapping[str, str],
    before: Mapping[str, bytes | None],
    contents: Mapping[str, bytes],
) -> Iterator[Finding]:
    """Yield a finding for each output that is not the picture that `entry` records, drawn by other library versions.

    `reasons` says why it was drawn again; `now` has the current versions; `before` and `contents` have the old and new
    bytes of the outputs by their paths. Where the config or the like changed too, what changed the picture is unknown.
    """
    libraries = f"library versions ({', '.join(differences(entry.toolchain, now))})"
    others = ", ".join(str(reason) for reason in reasons if reason.kind not in _WITHOUT_CHANGE)
    for path, content in contents.items():
        if path not in entry.outputs or _is_same_picture(entry.outputs[path].digest, before[path], content):
            continue
        message = f"not overwritten: output changed with {libraries}"
        hint = "install the locked versions with 'make', or overwrite it with 'figgen build --accept-drift'"
        if others:
            message = (
                f"not overwritten: output changed, either with {libraries} or with the rest that changed ({others})"
            )
            hint = f"install the locked versions with 'make' to see the latter alone{hint.partition('make')[2][1:]}"
        elif before[path] is None or digest(before[path] or b"") != entry.outputs[path].digest:
            found = "missing" if before[path] is None else "edited by hand"
            message = f"not written: {found}, and other {libraries} draw another file than the recorded one"
            hint = f"restore it from version control, {hint}"
        yield Finding(path, 1, 1, "", message, hint=hint)


def _is_same_picture(recorded: str, before: bytes | None, content: bytes) -> bool:
    """Check whether content is what was recorded: the same bytes, or a PNG or WebP of the same pixels.

    An SVG or PDF has no pixels to compare; with other bytes, it counts as changed.
    """
    if digest(content) == recorded:
        return True
    if before is None or digest(before) != recorded:
        return False
    try:
        with open_picture(before) as one, open_picture(content) as other:
            return has_same_pixels(one, other)
    except UNREADABLE:
        return False
