"""The reference page of configs: every model of the spec with its keys."""

import json
from collections.abc import Iterator
from typing import Any

from figgen.config.spec import DRAWS, MARKS, SOURCES, Figure

GENERATED = "<!-- Written by `make docs` from the code: do not edit. -->"


def spec_page() -> str:
    """Return the reference of configs: every model with its keys."""
    schema = Figure.model_json_schema()
    models = schema["$defs"]
    tables = (("Data sources", SOURCES), ("Random draws", DRAWS), ("Marks", MARKS))
    kinds = {model.__name__: kind for _, table in tables for kind, model in table.items() if isinstance(model, type)}
    lines = [
        "# Every key of a config",
        "",
        (
            "This page lists all keys that a figure's config can have, for authors who look one up; "
            "[config.md](config.md) explains the language, and [gallery.md](gallery.md) shows pictures."
        ),
        "",
        GENERATED,
        "",
        "Contents: [Figure](#figure), "
        + ", ".join(f"[{heading.lower()}](#{_anchor(heading)})" for heading, _ in tables)
        + ", [parts](#parts).",
        "",
        "## Figure",
        "",
        *_model_section(schema, kinds),
    ]
    for heading, table in tables:
        lines += [f"## {heading}", ""]
        for kind, model in table.items():
            if isinstance(model, type):
                lines += [f"### `{kind}`", "", *_model_section(models[model.__name__], kinds)]
                if example := getattr(model, "EXAMPLE", ""):
                    lines += ["```yaml", example.rstrip(), "```", ""]
    lines += ["## Parts", "", "The mappings that the tables above refer to.", ""]
    for name in sorted(models.keys() - kinds.keys()):
        lines += [f"### {name}", "", *_model_section(models[name], kinds)]
    return "\n".join(lines)


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _model_section(model: dict[str, Any], kinds: dict[str, str]) -> Iterator[str]:
    required = model.get("required", [])
    yield from (model["description"], "", "| key | type | default | meaning |", "|---|---|---|---|")
    for key, value in model["properties"].items():
        default = "required" if key in required else _default(value.get("default"))
        yield f"| `{key}` | {_type(value, kinds)} | {default} | {cell(value.get('description', ''))} |"
    yield ""


def cell(text: str) -> str:
    """Escape what Markdown would take for a tag, a column or mathematics."""
    return text.replace("<", "&lt;").replace("|", "\\|").replace("$", "\\$")


def _default(value: Any) -> str:
    return "" if value in (None, [], {}) or isinstance(value, dict) else f"`{_yaml(value)}`"


def _yaml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _type(value: dict[str, Any], kinds: dict[str, str]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{kinds.get(name, name)}](#{kinds.get(name, name).lower()})"
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " ".join(f"`{choice}`" for choice in value["enum"]).replace("|", "\\|")
    if choices := value.get("anyOf", value.get("oneOf")):
        types = dict.fromkeys(_type(choice, kinds) for choice in choices if choice.get("type") != "null")
        if len(types) < 6:  # what fits in a cell
            return " or ".join(types)
        return "[data source](#data-sources)" if "[linspace](#linspace)" in types else "[mark](#marks)"
    if value.get("type") == "array":
        if "prefixItems" in value:
            return "[" + ", ".join(_type(item, kinds) for item in value["prefixItems"]) + "]"
        return f"list of {_type(value.get('items', {}), kinds)}"
    if value.get("type") == "object":
        return "mapping"
    names = {"boolean": "true, false"}
    types = value.get("type", "anything")
    if types == ["string", "number"]:
        return "formula"
    return " or ".join(names.get(name, name) for name in ([types] if isinstance(types, str) else types))
