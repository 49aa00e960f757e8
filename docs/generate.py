"""Writes the parts of the documentation that follow from the code and the gallery: `make docs`.

The reference of docs/spec.md comes from the docstrings and descriptions of the model, docs/gallery.md from the configs
of the gallery, figgen.schema.json from the model.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from figgen.build.lockfile import read
from figgen.config.load import load_document
from figgen.config.spec import DRAWS, MARKS, SOURCES, Figure, json_schema
from figgen.config.validate import validate
from figgen.data.formulas.functions import FUNCTIONS
from figgen.data.sample import sample
from figgen.site.files import SiteFiles
from figgen.site.paths import discover

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "docs" / "gallery"
BEGIN = "<!-- The rest is written by `make docs` from the docstrings of figgen/spec. -->\n"


def reference() -> str:
    """Write the reference of the spec: every model with its keys, then the functions."""
    schema = Figure.model_json_schema()
    models = schema["$defs"]
    named = {
        model.__name__: kind
        for table in (SOURCES, DRAWS, MARKS)
        for kind, model in table.items()
        if isinstance(model, type)
    }
    lines = ["## Reference", "", "### Figure", "", *_section(schema, named)]
    for heading, table in (("Data sources", SOURCES), ("Random draws", DRAWS), ("Marks", MARKS)):
        lines += [f"### {heading}", ""]
        for kind, model in table.items():
            if isinstance(model, type):
                lines += [f"#### `{kind}`", "", *_section(models[model.__name__], named)]
                if example := getattr(model, "EXAMPLE", ""):
                    lines += ["```yaml", example.rstrip(), "```", ""]
    lines += ["### Parts", ""]
    for name in sorted(models.keys() - named.keys()):
        lines += [f"#### {name}", "", *_section(models[name], named)]
    return "\n".join(lines) + "\n" + functions()


def _section(model: dict[str, Any], named: dict[str, str]) -> Iterator[str]:
    required = model.get("required", [])
    yield from (model["description"], "", "| key | takes | if left out | what it is |", "|---|---|---|---|")
    for key, value in model["properties"].items():
        default = "needed" if key in required else _default(value.get("default"))
        yield f"| `{key}` | {_type(value, named)} | {default} | {value.get('description', '')} |"
    yield ""


def _default(value: Any) -> str:
    return "" if value in (None, [], {}) or isinstance(value, dict) else f"`{_yaml(value)}`"


def _yaml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _type(value: dict[str, Any], named: dict[str, str]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{named.get(name, name)}](#{named.get(name, name).lower()})"
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " ".join(f"`{choice}`" for choice in value["enum"]).replace("|", "\\|")
    if choices := value.get("anyOf", value.get("oneOf")):
        kinds = dict.fromkeys(_type(choice, named) for choice in choices if choice.get("type") != "null")
        return " or ".join(kinds) if len(kinds) < 6 else "one of those below"  # noqa: PLR2004 - a line's worth
    if value.get("type") == "array":
        if "prefixItems" in value:
            return "[" + ", ".join(_type(item, named) for item in value["prefixItems"]) + "]"
        return f"list of {_type(value.get('items', {}), named)}"
    if value.get("type") == "object":
        return "mapping"
    names = {"string": "text", "integer": "whole number", "boolean": "true, false"}
    kinds = value.get("type", "anything")
    if kinds == ["string", "number"]:
        return "formula"
    return " or ".join(names.get(kind, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def functions() -> str:
    """Write the table of functions."""
    lines = ["### Functions", "", "| function | what it gives | `diff` |", "|---|---|---|"]
    for _, function in sorted(FUNCTIONS.items()):
        exact = "yes" if function.differential else ""
        lines.append(f"| `{function.usage}` | {function.summary} | {exact} |".replace("||", "\\|\\|"))
    return "\n".join(lines) + "\n"


def gallery() -> str:
    """Write the gallery: each picture with its alt text and its config."""
    lines = ["# Gallery", "", "Every picture below is built from the config beside it and tested like all others.", ""]
    targets, _ = discover(GALLERY)
    entries = read(GALLERY)
    for section in dict.fromkeys(target.name.partition("/")[0] for target in targets):
        lines += [f"## {section}", ""]
        for target in targets:
            if target.name.partition("/")[0] == section:
                lines += [*_picture(target.config, list(entries[target.artefact].split_outputs(target.artefact))), ""]
    defaults = (GALLERY / "configs" / "_defaults.yaml").read_text()
    return "\n".join([*lines, "## What they share", "", f"```yaml\n{defaults}```", ""])


def _picture(config: str, artefacts: list[str]) -> Iterator[str]:
    text = (GALLERY / config).read_text()
    figure = validate(load_document(SiteFiles(GALLERY), config).data)

    def read_file(path: str) -> bytes:
        return ((GALLERY / config).parent / path).read_bytes()

    shown = re.sub(r"^# yaml-language-server.*\n", "", text)
    pictures = [path for path in artefacts if path.endswith(".png")]
    yield from (
        f"### {Path(config).stem}",
        "",
        *(f"![{sample(figure, read_file).alt}](gallery/{path})" for path in pictures),
        "",
        f"```yaml\n{shown}```",
    )


def written() -> dict[Path, str]:
    """Give the content of every generated file."""
    spec = ROOT / "docs" / "spec.md"
    own = spec.read_text().partition(BEGIN)[0]
    return {
        spec: own + BEGIN + "\n" + reference(),
        ROOT / "docs" / "gallery.md": gallery(),
        ROOT / "figgen.schema.json": json_schema(),
    }


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text)
