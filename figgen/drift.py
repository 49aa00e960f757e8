"""Pictures that other libraries draw: whether one still shows what the lockfile recorded, or moved."""

import io
from collections.abc import Iterable, Mapping

from figgen import lock
from figgen.errors import Finding
from figgen.files import digest
from figgen.lock import Entry, Kind, Reason


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
    return before is not None and digest(before) == entry.digest and _pixels(before) == _pixels(content)


def _pixels(content: bytes) -> tuple[tuple[int, int], bytes]:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        return image.size, image.convert("RGBA").tobytes()


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
