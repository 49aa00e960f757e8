"""pydantic's validation errors -> problems: what was written, what is allowed, what was probably meant."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic_core import ErrorDetails

from figgen.config.spec import DRAWS, MARKS, SOURCES
from figgen.config.spec.axes import Axes, Axis, Ticks
from figgen.config.spec.base import CONFLICT, DATA_NAME, is_tag
from figgen.config.spec.figure import Canvas, Figure, Grid, Legend
from figgen.config.spec.number_format import ALLOWED_FORMATS, NUMBER_FORMAT
from figgen.config.spec.outputs import STYLE_NAME
from figgen.errors import Mistake, Problem, Where, did_you_mean

_LONGEST = 40  # characters of a string that a message repeats


def is_follow_up(detail: ErrorDetails) -> bool:
    """Check whether a list is reported as too short only because items in it are wrong."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def to_problems(detail: ErrorDetails) -> Iterator[Problem]:
    """Yield the problems, one or several, that one of pydantic's validation errors stands for."""
    kind, value, loc = detail["type"], detail["input"], detail["loc"]
    on_key = kind == "extra_forbidden" or (bool(loc) and loc[-1] == "[key]")
    where = tuple(part for part in loc if part != "[key]" and not is_tag(part))
    if kind == CONFLICT:
        for problem in detail["ctx"]["problems"]:
            yield replace(problem, where=(*where, *problem.where))
        return
    if kind in _KINDS and isinstance(value, dict) and _KINDS[kind][0] in value:
        where = (*where, _KINDS[kind][0])
    yield Problem(where, *_explain(detail, where), on_key=on_key)


def _explain(detail: ErrorDetails, where: Where) -> Mistake:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = str(where[-1]) if where else ""
    description = _description(detail["loc"])
    if kind == "missing":
        wrong = "missing item" if isinstance(where[-1], int) else f"'{name}' is missing"
        return Mistake(f"{wrong} ({description})" if description else wrong)
    if kind == "extra_forbidden":
        return _explain_unknown_key(name, value, where, _models(Figure, detail["loc"][:-1]))
    if kind in _EXPECTED:
        expected, hint = _EXPECTED[kind], _rewrite(_EXPECTED[kind], value)
        if not where:
            expected, hint = "a mapping with 'alt', 'data' and 'layers'", "'figgen new' writes a config to start from"
        elif where[0] == "rc" and isinstance(value, dict):
            hint = f"write {name}.{next(iter(value), 'size')}, with a dot"
        elif expected in {"a list", "a mapping"} and description:
            expected += f" ({description})"
        return Mistake(f"expected {expected}, found {_shown(value)}", hint=hint or _missing_value(where, value))
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        return Mistake(
            f"{_shown(value)} is not a valid choice", tuple(sorted(choices)), did_you_mean(str(value), choices)
        )
    if kind == "unknown_source":
        source = next(iter(value), "") if isinstance(value, dict) else ""
        hint = (_synonym("source", source) or did_you_mean(source, SOURCES)) if source else _as_source(value)
        shown = f"'{source}'" if source else _shown(value)
        return Mistake(f"{shown} is not a valid data source", tuple(sorted(SOURCES)), hint)
    if kind in _KINDS:
        key, noun, kinds = _KINDS[kind]
        written = value.get(key) if isinstance(value, dict) else None
        if written is None:
            return Mistake(f"'{key}' is missing", tuple(sorted(kinds)))
        hint = _synonym(noun, str(written)) or did_you_mean(str(written), kinds)
        return Mistake(f"{_shown(written)} is not a valid {noun}", tuple(sorted(kinds)), hint)
    if kind in _BOUND:
        return Mistake(f"must be {_BOUND[kind]} {next(iter(context.values())):,.10g}, not {_shown(value)}")
    if kind in {"too_short", "too_long"}:
        bound = context.get("min_length", context.get("max_length"))
        most = "at least" if kind == "too_short" else "at most"
        items = f"{most} {bound} item{'s' if bound != 1 else ''}"
        return Mistake(
            f"expected {items}{f' ({description})' if description else ''}, found {context['actual_length']}"
        )
    if kind == "string_too_short":
        least = context["min_length"]
        wrong = f"string too short: {len(value)} characters" if value else "empty string"
        return Mistake(wrong, (f"at least {least} character{'s' if least > 1 else ''}",))
    if kind == "string_too_long":
        return Mistake(f"string too long: {len(value):,} characters", (f"up to {context['max_length']:,}",))
    if kind == "string_pattern_mismatch":
        noun, allowed, suggest = _PATTERNS[context["pattern"]]
        return Mistake(f"{_shown(value)} is not a valid {noun}", allowed, suggest(value))
    if kind == "finite_number":
        return Mistake(f"expected a finite number, found {_shown(value)}", hint=_missing_value(where, value))
    return Mistake(detail["msg"])


def _explain_unknown_key(name: str, value: Any, where: Where, models: list[type[BaseModel]]) -> Mistake:
    keys = [key for model in models for key in model.model_fields]
    hint = _other_name(name, keys) or did_you_mean(name, keys) or _other_place(name)
    if where[0] == "data" and name in SOURCES:
        hint = "each name has exactly one data source"
    if name == "label" and (instead := next((getattr(model, "INSTEAD_OF_LABEL", "") for model in models), "")):
        hint = f"this mark has no legend entry; {instead}"
    if value is None and re.search(r"[()]", name):
        hint = "quote a formula that has a comma inside { }"
    return Mistake(f"unknown key '{name}'", tuple(sorted(keys)), hint)


_EXPECTED: Mapping[str, str] = {
    "string_type": "a string",
    "float_type": "a number",
    "int_type": "an integer",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}

_BOUND: Mapping[str, str] = {
    "greater_than": "greater than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
}

# By the error type of a `union`: the key that distinguishes its members, what that key names, and the members.
_KINDS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "unknown_mark": ("mark", "mark", MARKS),
    "unknown_draw": ("random", "distribution", DRAWS),
}


def _suggest_number_format(value: str) -> str:
    plain = re.search(r",?\.[0-9]+[efg%]", value)
    return f"did you mean '{plain[0]}'?" if plain else ""


def _suggest_name(value: str) -> str:
    return f"write {re.sub(r'[^A-Za-z0-9]+', '_', value)}" if re.match(r"[A-Za-z]", value) else ""


def _suggest_style(value: str) -> str:
    return "write only its name, without the folder and '.mplstyle'" if re.search("[/.]", value) else ""


_PATTERNS: Mapping[str, tuple[str, tuple[str, ...], Callable[[str], str]]] = {
    NUMBER_FORMAT: ("number format", (ALLOWED_FORMATS,), _suggest_number_format),
    DATA_NAME: ("name", ("a letter, then letters, digits and underscores",), _suggest_name),
    STYLE_NAME: ("style name", ("letters, digits, '-' and '_', starting with a letter or digit",), _suggest_style),
}

# What marks, distributions and sources are called in other libraries.
_SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "mark": {
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
    },
    "distribution": {"normal": ("gauss", "gaussian", "randn"), "uniform": ("rand",), "integers": ("randint",)},
    "source": {"integers": ("arange", "range"), "geomspace": ("logspace",), "values": ("array", "list")},
}


def _synonym(noun: str, written: str) -> str:
    found = next((kind for kind, others in _SYNONYMS[noun].items() if written in others), "")
    return f"did you mean '{found}'?" if found else ""


def _rewrite(expected: str, value: Any) -> str:
    """Return a hint on how to write a value that YAML does not read as its author meant it; "" if there is none."""
    text = value if isinstance(value, str) else ""
    if expected == "true or false" and text.lower() in {"yes", "no", "on", "off"}:
        return f"write {'true' if text.lower() in {'yes', 'on'} else 'false'}, without quotes"
    if expected in {"a number", "an integer"} and re.fullmatch(r"[\d.,_ eE+-]+", text):
        return "write the number without quotes, spaces, commas or underscores"
    if expected in {"a number", "an integer"} and re.fullmatch(r"[-+]?[\d.]+\s*[A-Za-z%µ°]+", text):
        return "write the number without its unit"
    if expected == "a string" and isinstance(value, bool | int | float):
        return "put the string in quotes"
    if expected == "a list" and isinstance(value, str | dict):
        return "write the items in [ ], or each on a line of its own after '- '"
    if expected == "a mapping" and (value is True or text.lower() in {"yes", "on"}):
        return "write {} for the defaults"
    return ""


def _missing_value(where: Where, value: Any) -> str:
    """Return a hint on how to write a missing value among those of a config; "" if a value is none."""
    is_missing = str(value).lower() in {"", "nan", "na", "n/a"}
    return "write null for a missing value" if is_missing and "values" in where and where[0] == "data" else ""


def _as_source(value: Any) -> str:
    """Return a hint on how to write a plain value as a data source; "" if there is none."""
    if isinstance(value, list):
        return "write {values: […]}"
    return f'write {{expr: "{value}"}}' if isinstance(value, str | int | float) and len(str(value)) <= _LONGEST else ""


def _other_name(key: str, keys: Collection[str]) -> str:
    """Return a hint with the key for one that has this name in matplotlib; "" if there is none."""
    if key in _RENAMED and _RENAMED[key] in keys:
        return f"did you mean '{_RENAMED[key]}'?"
    return f"write {_MOVED[key]}" if key in _MOVED and "axes" in keys else ""


_RENAMED: Mapping[str, str] = {
    "alpha": "opacity",
    "c": "color",
    "cmap": "colormap",
    "linestyle": "dash",
    "linewidth": "width",
    "ls": "dash",
    "lw": "width",
    "markersize": "marker_size",
    "ms": "marker_size",
    "zorder": "order",
}

_MOVED: Mapping[str, str] = {
    "xlabel": "axes: {x: {label: …}}",
    "ylabel": "axes: {y: {label: …}}",
    "xlim": "axes: {x: {limits: […]}}",
    "ylim": "axes: {y: {limits: […]}}",
    "xscale": "axes: {x: {scale: …}}",
    "yscale": "axes: {y: {scale: …}}",
    "xticks": "axes: {x: {ticks: {at: […]}}}",
    "yticks": "axes: {y: {ticks: {at: […]}}}",
    "figsize": "canvas: {size: […]}",
}

# The parts of a config whose keys are often misplaced, the outermost first.
_PARTS: Mapping[str, type[BaseModel]] = {
    "canvas": Canvas,
    "grid": Grid,
    "legend": Legend,
    "axes": Axes,
    "axes.x or axes.y": Axis,
    "the ticks of an axis": Ticks,
}


def _other_place(key: str) -> str:
    """Return a hint with the part of a config that a misplaced key belongs to; "" if there is none."""
    places = [name for name, model in _PARTS.items() if key in model.model_fields]
    return f"'{key}' is a key of {places[0]}" if places else ""


def _shown(value: Any) -> str:
    """Return a value as it was written, shortened."""
    if isinstance(value, str):
        return f"the string '{value if len(value) <= _LONGEST else value[: _LONGEST - 1] + '…'}'"
    if isinstance(value, dict | list):
        kind = "mapping" if isinstance(value, dict) else "list"
        return f"a {kind}" if value else f"an empty {kind}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value)


def _description(loc: Where) -> str:
    """Return the description of the field at a path, or of the one that contains it; "" if there is none."""
    while loc and (isinstance(loc[-1], int) or is_tag(loc[-1])):
        loc = loc[:-1]
    fields = [model.model_fields.get(str(loc[-1])) for model in _models(Figure, loc[:-1])] if loc else []
    return next((field.description for field in fields if field and field.description), "")


def _models(annotation: Any, loc: Where) -> list[type[BaseModel]]:
    """Return the models at one of pydantic's paths: fields by name, items by index, members of unions by tag."""
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


def _has_tag(member: Any, loc: Where) -> bool:
    return bool(loc) and Tag(str(loc[0])) in getattr(member, "__metadata__", ())
