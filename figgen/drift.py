"""Pictures that other libraries draw: whether one still shows what the lockfile recorded, or moved."""

import contextlib
import io
from collections.abc import Iterable, Mapping

from figgen import lock
from figgen.errors import Finding
from figgen.lock import Entry, Kind, Reason
from figgen.site.files import digest


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
    changes = ", ".join(lock.differences(entry.toolchain, now))
    return Finding(
        artefact,
        1,
        1,
        "",
        f"drawn with other libraries ({changes}) its pixels differ, so it was not overwritten",
        "",
        "install the locked versions with 'make', or overwrite it with --accept-drift",
    )
