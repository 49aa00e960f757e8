"""What pydantic finds wrong with a spec, as an author needs it: what was written, and what is allowed."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic_core import ErrorDetails

from figgen.config.spec import (
    DRAWS,
    MARKS,
    SOURCES,
    Axes,
    Axis,
    Canvas,
    Figure,
    Grid,
    Legend,
    Ticks,
    is_tag,
)
from figgen.errors import Problem, Where, did_you_mean, format_choices


def is_echo(detail: ErrorDetails) -> bool:
    """Tell whether pydantic complains of a list as too short only because items in it are wrong."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def to_problem(detail: ErrorDetails) -> Problem:
    """Say one complaint, at its place."""
    where, on_key = _place(detail["loc"])
    if "key" in detail.get("ctx", {}):  # a model finds its parts at odds, and says which key is to blame
        where, on_key = (*where, *detail["ctx"]["key"].split(".")), True
    if detail["type"] in _KINDS and isinstance(detail["input"], dict) and _KINDS[detail["type"]][0] in detail["input"]:
        where = (*where, _KINDS[detail["type"]][0])
    message, allowed, hint = _explain(detail, where)
    return Problem(where, message, allowed, hint, on_key=on_key or detail["type"] == "extra_forbidden")


def _place(loc: Where) -> tuple[Where, bool]:
    """Turn pydantic's path into the path in the data, and tell whether it leads to a key rather than its value."""
    on_key = bool(loc) and loc[-1] == "[key]"
    return tuple(part for part in (loc[:-1] if on_key else loc) if not is_tag(part)), on_key


def _explain(detail: ErrorDetails, where: Where) -> tuple[str, str, str]:
    """Say one error as what was written, what is allowed, and the nearest right thing."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = str(where[-1]) if where else "the config"
    if kind == "missing":
        described = _description(detail["loc"])
        message = "too few items" if isinstance(where[-1], int) else f"'{name}' is missing"
        return message, f"needed: {described}" if described else "", ""
    if kind == "extra_forbidden":
        keys = _keys(detail["loc"][:-1])
        hint = _elsewhere(name, keys) or did_you_mean(name, keys) or _belonging(name)
        if where[0] == "data" and name in SOURCES:
            hint = "a name has one data source"
        if value is None and re.search(r"[()]", name):
            hint = "quote a formula that has a comma inside { }"
        return f"unknown key '{name}'", format_choices(keys), hint
    if kind in _EXPECTED:
        expected = _EXPECTED[kind]
        described = _description(detail["loc"]) if expected in {"a list", "a mapping"} else ""
        needed = f"needed: {described}" if described else ""
        hint = _instead(expected, value)
        if not where:
            needed, hint = "needed: alt, data, layers", "'figgen new' writes a first config"
        elif where[0] == "rc" and isinstance(value, dict):
            hint = f"write {name}.{next(iter(value), 'size')}, with a dot"
        return f"expected {expected}, found {_shown(value)}", needed, hint
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        return f"{_shown(value)} is not a choice here", format_choices(choices), did_you_mean(str(value), choices)
    if kind == "unknown_source":
        source = next(iter(value), "") if isinstance(value, dict) else ""
        shown = f"'{source}'" if source else _shown(value)
        hint = did_you_mean(source, SOURCES) if source else _as_source(value)
        return f"{shown} is no data source", format_choices(SOURCES), _ALSO_CALLED.get(source, hint)
    if kind in _KINDS:
        key, noun, kinds = _KINDS[kind]
        written = value.get(key) if isinstance(value, dict) else None
        if written is None:
            return f"'{key}' is missing", format_choices(kinds), ""
        hint = _ALSO_CALLED.get(str(written), did_you_mean(str(written), kinds))
        return f"{_shown(written)} is no {noun}", format_choices(kinds), hint
    if kind in _BOUND:
        bound = next(iter(context.values()))
        return f"{_shown(value)} is out of range", f"allowed: {_BOUND[kind]} {bound:g}", ""
    if kind in {"too_short", "too_long"}:
        bound = context.get("min_length", context.get("max_length"))
        most = "at least" if kind == "too_short" else "at most"
        described = _description(detail["loc"])
        return f"{context['actual_length']} items", f"allowed: {most} {bound}" + f" ({described})" * bool(described), ""
    if kind == "string_too_short":
        return "an empty text", "allowed: at least one character", ""
    if kind == "string_too_long":
        return f"a text of {len(value)} characters", f"allowed: at most {context['max_length']}", ""
    if kind == "string_pattern_mismatch":
        if context["pattern"].startswith("^[A-Za-z]"):
            hint = f"write {re.sub(r'[^A-Za-z0-9]+', '_', value)}" if re.match(r"[A-Za-z]", value) else ""
            return f"{_shown(value)} is not a name", "allowed: a letter, then letters, digits and underscores", hint
        plain = re.search(r",?\.[0-9]+[efg%]", value)
        hint = f"did you mean '{plain[0]}'?" if plain else ""
        return f"{_shown(value)} is no number format", "allowed: .2f, .3g, .0%, ,d and the like", hint
    if kind == "finite_number":
        return f"{_shown(value)} is not a finite number", "", ""
    return detail["msg"], "", ""


_EXPECTED: Mapping[str, str] = MappingProxyType({
    "string_type": "a text",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
})  # fmt: skip

_KINDS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = MappingProxyType({
    "unknown_mark": ("mark", "mark", MARKS),
    "unknown_draw": ("random", "distribution", DRAWS),
})  # fmt: skip

# What marks, sources and distributions are called elsewhere.
_ALSO_CALLED: Mapping[str, str] = MappingProxyType({
    other: f"did you mean '{kind}'?"
    for kind, others in {
        "line": ("plot", "curve"),
        "histogram": ("hist",),
        "heatmap": ("imshow", "matshow", "image", "pcolormesh"),
        "area": ("fill", "fill_between"),
        "rule": ("axhline", "axvline", "hline", "vline"),
        "span": ("axhspan", "axvspan"),
        "box": ("boxplot",),
        "violin": ("violinplot",),
        "bar": ("barh", "column"),
        "text": ("annotate", "annotation"),
        "normal": ("gauss", "gaussian", "randn"),
        "uniform": ("rand",),
        "integers": ("arange", "range", "randint"),
        "geomspace": ("logspace",),
        "values": ("array", "list"),
    }.items()
    for other in others
})  # fmt: skip

_BOUND: Mapping[str, str] = MappingProxyType({
    "greater_than": "more than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
})  # fmt: skip


def _instead(expected: str, value: Any) -> str:
    """Give the usual cause where YAML reads a value otherwise than its author."""
    text = value if isinstance(value, str) else ""
    if expected == "true or false" and text.lower() in {"yes", "no", "on", "off"}:
        return f"write {'true' if text.lower() in {'yes', 'on'} else 'false'}, without quotes"
    if "number" in expected and re.fullmatch(r"[\d.,_ eE+-]+", text):
        return "write the number without quotes, blanks, commas or underscores"
    if "number" in expected and re.fullmatch(r"[-+]?[\d.]+\s*[A-Za-z%µ°]+", text):
        return "write the number without its unit"
    if expected == "a text" and isinstance(value, bool | int | float):
        return "put the text in quotes"
    if expected == "a list" and isinstance(value, str | dict):
        return "write it in [ ], or each item after '- ' on a line of its own"
    return ""


def _as_source(value: Any) -> str:
    """Say how to write what stands where a data source should."""
    if isinstance(value, list):
        return "write {values: […]}"
    return f'write {{expr: "{value}"}}' if isinstance(value, str | int | float) and len(str(value)) <= 40 else ""  # noqa: PLR2004 - a line's worth


def _elsewhere(key: str, keys: Collection[str]) -> str:
    """Say what figgen calls a key that has another name, or another place, in matplotlib."""
    if key in _RENAMED and _RENAMED[key] in keys:
        return f"did you mean '{_RENAMED[key]}'?"
    return f"write {_MOVED[key]}" if key in _MOVED and "axes" in keys else ""


_RENAMED: Mapping[str, str] = MappingProxyType({
    "alpha": "opacity", "c": "color", "cmap": "colormap", "linestyle": "dash", "linewidth": "width", "ls": "dash",
    "lw": "width", "markersize": "marker_size", "ms": "marker_size", "zorder": "order",
})  # fmt: skip

_MOVED: Mapping[str, str] = MappingProxyType({
    "xlabel": "axes: {x: {label: …}}", "ylabel": "axes: {y: {label: …}}", "xlim": "axes: {x: {limits: […]}}",
    "ylim": "axes: {y: {limits: […]}}", "xscale": "axes: {x: {scale: …}}", "yscale": "axes: {y: {scale: …}}",
    "xticks": "axes: {x: {ticks: {at: […]}}}", "yticks": "axes: {y: {ticks: {at: […]}}}",
    "figsize": "canvas: {size: […]}",
})  # fmt: skip


def _belonging(key: str) -> str:
    """Say where in a config a key belongs that stands in a wrong place."""
    places = [name for name, model in _PARTS.items() if key in model.model_fields]
    return f"'{key}' belongs to {places[0]}" if places else ""


def _shown(value: Any) -> str:
    """Name a value as it was written, shortened."""
    if isinstance(value, str):
        return f"the text '{value if len(value) <= 40 else value[:39] + '…'}'"  # noqa: PLR2004 - a line's worth
    if isinstance(value, dict | list):
        kind = "mapping" if isinstance(value, dict) else "list"
        return f"an empty {kind}" if not value else f"a {kind}"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    return repr(value)


def _keys(loc: Where) -> list[str]:
    """List the keys that the model at a path has."""
    return [name for model in _models(Figure, loc) for name in model.model_fields]


def _description(loc: Where) -> str:
    """Give the description of the field that a path leads to or into."""
    while loc and (isinstance(loc[-1], int) or is_tag(loc[-1])):
        loc = loc[:-1]
    fields = [model.model_fields.get(str(loc[-1])) for model in _models(Figure, loc[:-1])] if loc else []
    return next((field.description for field in fields if field and field.description), "")


def _models(annotation: Any, loc: Where) -> list[type[BaseModel]]:
    """List the models that a path of pydantic's leads to: fields by name, items by place, members of unions by tag."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _models(args[0], loc[1:] if _has_tag(annotation, loc) else loc)
    if origin in {Union, UnionType}:
        chosen = [member for member in args if _has_tag(member, loc)]
        return [model for member in chosen or args for model in _models(member, loc)]
    if loc and origin in {tuple, dict}:
        return _models(args[0] if origin is tuple else args[1], loc[1:])
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return []
    if not loc:
        return [annotation]
    field = annotation.model_fields.get(str(loc[0]))
    return _models(field.annotation, loc[1:]) if field else []


# The parts of a figure that are there once, the outermost first.
_PARTS: Mapping[str, type[BaseModel]] = MappingProxyType({
    "canvas": Canvas, "grid": Grid, "legend": Legend, "axes": Axes, "axes.x or axes.y": Axis,
    "the ticks of an axis": Ticks,
})  # fmt: skip


def _has_tag(member: Any, loc: Where) -> bool:
    return bool(loc) and Tag(str(loc[0])) in getattr(member, "__metadata__", ())
