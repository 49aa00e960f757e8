"""Check that two variants of a figure differ in colours only, and that their colours correspond."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from figgen.errors import Problem
from figgen.review.description_diff import diff_descriptions

Description = Mapping[str, Any]

# The keys of a description that hold colours.
_COLOR_KEYS = frozenset({"color", "face", "edge", "markerface", "markeredge", "colormap"})
# The parts of a description whose colours distinguish data. Other colours are the style's: of frames, axes and texts.
_DATA_KEYS = frozenset({"artists", "handle"})


def check_variant_parity(light: Description, dark: Description) -> Iterator[Problem]:
    """Yield a problem for each difference between two results of `describe`, except between corresponding colours.

    Each colour of the data must have one counterpart that no other colour has. Otherwise data of different colours in
    one variant would have the same in the other. A colour of the style must have one counterpart, which may be shared.
    """
    differences = diff_descriptions(_without_colors(light), _without_colors(dark))
    for line in differences:
        hint = "use the same settings in both styles and in 'rc', except for colours"
        yield Problem(("variants",), f"the dark variant differs in more than colours: {line}", hint=hint)
    if differences:
        return
    pairs = dict.fromkeys(_color_pairs(light, dark, in_data=False))
    of_data = [(one, other) for one, other, in_data in pairs if in_data]
    of_style = [(one, other) for one, other, in_data in pairs if not in_data]
    hint = "replace each data colour with a different one, with dark: {colors: {…}} or in the dark style"
    for color, several in inconsistent_colors(of_data):
        yield Problem(("variants",), f"the data colour {color} becomes {several} in the dark variant", hint=hint)
    for color, several in inconsistent_colors((other, one) for one, other in of_data):
        message = f"the data colours {several} become one colour, {color}, in the dark variant"
        yield Problem(("variants",), message, hint=hint)
    for color, several in inconsistent_colors(of_style):
        message = f"the style colour {color} becomes {several} in the dark variant"
        hint = "replace it with a single colour, in the dark style or in dark: {rc: {…}}"
        yield Problem(("variants",), message, hint=hint)


def inconsistent_colors(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each colour that is paired with several others, and those: "#ff0000 and #ffffff"."""
    counterparts: dict[str, list[str]] = {}
    for one, other in pairs:
        counterparts.setdefault(one, []).append(other)
    yield from ((one, " and ".join(sorted(others))) for one, others in counterparts.items() if len(others) > 1)


def _without_colors(value: Any) -> Any:
    """Return a copy of a description without its colours."""
    if isinstance(value, Mapping):
        return {key: _without_colors(inner) for key, inner in value.items() if key not in _COLOR_KEYS}
    return [_without_colors(inner) for inner in value] if isinstance(value, list) else value


def _color_pairs(light: Any, dark: Any, *, in_data: bool) -> Iterator[tuple[str, str, bool]]:
    """Yield the colours at the same place of two descriptions, and whether they distinguish data.

    Colours of texts are left out: they are chosen for what is behind each text.
    """
    if isinstance(light, Mapping):
        for key in (key for key in light if key in dark):
            if key not in _COLOR_KEYS:
                yield from _color_pairs(light[key], dark[key], in_data=in_data or key in _DATA_KEYS)
            elif "text" not in light:
                one, other = light[key], dark[key]
                lists = isinstance(one, list) and isinstance(other, list) and len(one) == len(other)
                for left, right in zip(one, other, strict=True) if lists else [(one, other)]:
                    yield str(left), str(right), in_data
    elif isinstance(light, list):
        for one, other in zip(light, dark, strict=True):
            yield from _color_pairs(one, other, in_data=in_data)
