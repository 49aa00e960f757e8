"""Proof that two variants of a figure say the same: their contents are equal, and their colours correspond."""

from collections.abc import Iterator, Mapping
from typing import Any

from figgen.errors import Problem
from figgen.review.description import write
from figgen.review.description_diff import diff_descriptions

# Where a description has colours (see figgen.content).
_COLORS = frozenset({"color", "face", "edge", "markerface", "markeredge", "colormap"})
# The parts whose colours tell data apart. Others are the style's: of a frame, an axis, or words.
_DATA = frozenset({"artists", "handle"})

Description = Mapping[str, Any]


def check_variant_parity(light: Description, dark: Description) -> Iterator[Problem]:
    """Yield where two descriptions of a figure differ by more than colours, or by colours that are not exchanged.

    A colour of the data has one counterpart, and no two have the same one, else what can be told apart in the one
    variant cannot in the other. A colour of the style has one counterpart; several may share it.
    """
    differences = diff_descriptions(_colorless(light), _colorless(dark))
    for line in differences:
        hint = "variants differ in colours only: what else their styles or 'rc' say must be the same"
        yield Problem(("variants",), f"the dark variant says something else: {line}", hint=hint)
    if differences:
        return
    pairs = dict.fromkeys(_pairs(light, dark, data=False))
    of_data = [(one, other) for one, other, data in pairs if data]
    of_style = [(one, other) for one, other, data in pairs if not data]
    hint = "a colour that the config gives is replaced by dark: {colors: {…}}, others are the style's"
    yield from inconsistent_colors(of_data, "of the data", "in the dark variant", hint)
    yield from inconsistent_colors(
        [(other, one) for one, other in of_data], "of the data in the dark variant", "in the light one", hint
    )
    yield from inconsistent_colors(
        of_style, "of the style", "in the dark one", "settle it in the dark style, or in dark: {rc: {…}}"
    )


def _colorless(told: Any) -> Any:
    """Leave the colours out of a description, and the looks of words that were chosen for them."""
    if isinstance(told, Mapping):
        return {key: _colorless(one) for key, one in told.items() if key not in _COLORS}
    return [_colorless(one) for one in told] if isinstance(told, list) else told


def _pairs(one: Any, other: Any, *, data: bool) -> Iterator[tuple[str, str, bool]]:
    """Yield the colours that stand at the same place of two descriptions, and whether they are of the data."""
    if isinstance(one, Mapping):
        words = "text" in one
        for key in (key for key in one if key in other):
            if key in _COLORS:
                if not words:
                    yield from _colors(one[key], other[key], data=data)
            else:
                yield from _pairs(one[key], other[key], data=data or key in _DATA)
    elif isinstance(one, list):
        for left, right in zip(one, other, strict=True):
            yield from _pairs(left, right, data=data)


def _colors(one: Any, other: Any, *, data: bool) -> Iterator[tuple[str, str, bool]]:
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        yield from ((str(left), str(right), data) for left, right in zip(one, other, strict=True))
    else:
        yield _named(one), _named(other), data


def _named(color: Any) -> str:
    return color if isinstance(color, str) else write(color).strip()


def inconsistent_colors(pairs: list[tuple[str, str]], here: str, there: str, hint: str) -> Iterator[Problem]:
    """Yield the colours on one side that are several on the other."""
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        if other not in found.setdefault(one, []):
            found[one].append(other)
    for one, others in found.items():
        if len(others) > 1:
            message = f"the colour {one} {here} is {' and '.join(sorted(others))} {there}"
            yield Problem(("variants",), message, ("one for each",), hint)
