"""Write the pages of docs/reference that follow from the code and the gallery, and the JSON Schema: `make docs`."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

import figgen
from figgen.build.lockfile import read
from figgen.cli import main
from figgen.config.load import load_document
from figgen.config.spec import json_schema
from figgen.config.validate import validate
from figgen.data.formulas.functions import FUNCTIONS
from figgen.data.sample import sample
from figgen.site.files import SiteFiles
from figgen.site.limits import LIMITS
from figgen.site.paths import discover
from tools.spec_reference import GENERATED, cell, spec_page

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "docs" / "gallery"
REFERENCE = ROOT / "docs" / "reference"


def functions_page() -> str:
    """Return the table of the functions that formulas may call."""
    lines = [
        "# Functions",
        "",
        (
            "This page lists what [formulas](config.md#formulas) may call, for authors who write one; "
            "`figgen functions` prints the same list."
        ),
        "",
        GENERATED,
        "",
        "`diff` can differentiate a formula through the functions that are marked in the last column.",
        "",
        "| function | returns | `diff` |",
        "|---|---|---|",
    ]
    for _, function in sorted(FUNCTIONS.items()):
        exact = "yes" if function.differential else ""
        lines.append(f"| `{function.usage}` | {cell(function.summary)} | {exact} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Return the commands with their options, exit statuses, environment variables and limits."""
    lines = [
        "# Commands",
        "",
        (
            "This page lists the commands of `figgen` with their options, exit statuses, environment variables and "
            "limits, for all who run figgen; `figgen COMMAND --help` prints the same."
        ),
        "",
        GENERATED,
        "",
        "| command | does |",
        "|---|---|",
        *(f"| [`{name}`](#{name}) | {_sentences(command)[0]} |" for name, command in main.commands.items()),
        "",
        "These options stand before the command, as in `figgen --debug build`:",
        "",
        *_options(click.Context(main, info_name="figgen")),
        (
            "`--debug` prints each step to standard error, with the seconds since its process started and, in "
            "brackets, the process id."
        ),
        "",
    ]
    for name, command in main.commands.items():
        context = click.Context(command, info_name=name, parent=click.Context(main, info_name="figgen"))
        lines += [
            f"## {name}",
            "",
            f"    {context.command_path} {' '.join(command.collect_usage_pieces(context))}",
            "",
            "\n".join(_sentences(command)),
            "",
            *_options(context),
        ]
    return "\n".join([*lines, *_EXIT_STATUSES, *_limits()])


def _sentences(command: click.Command) -> list[str]:
    return " ".join((command.help or "").split()).replace(". ", ".\n").split("\n")


def _options(context: click.Context) -> Iterator[str]:
    options = [option for option in context.command.params if isinstance(option, click.Option)]
    if not options:
        return
    yield from ("| option | meaning |", "|---|---|")
    for option in options:
        names, meaning = option.get_help_record(context) or ("", "")
        names = names.replace(" RANGE", "").replace("|", "\\|")
        yield f"| `{names}` | {cell(' '.join(meaning.split()))} |"
    yield ""


_EXIT_STATUSES = """\
## Exit statuses

| status | meaning |
|---|---|
| 0 | success |
| 1 | a figure, config or post is wrong, or a file cannot be read or written; each problem is printed |
| 2 | usage error: the command cannot be run in this way, and nothing was changed |

`figgen diff` exits with 0 also where pictures differ, as `git diff` does, and with 1 if a figure cannot be drawn.
""".splitlines()


def _limits() -> Iterator[str]:
    yield from (
        "",
        "## Environment variables",
        "",
        "| variable | meaning |",
        "|---|---|",
        "| `FIGGEN_LIMITS` | raises limits, as in `FIGGEN_LIMITS=seconds=900,file_mib=2000` |",
        "| `FIGGEN_DEBUG` | if set, the same as `--debug` |",
        "",
        "No other variable changes what figgen does; in particular, none of matplotlib's does.",
        "",
        "## Limits",
        "",
        (
            "A figure that exceeds a limit fails, and the others are drawn. "
            "[The security model](../explanation/security.md#limits) says why there are limits."
        ),
        "",
        "| limit | default | bounds |",
        "|---|---|---|",
        *(f"| `{name}` | {limit.default:,} | {limit.about} |" for name, limit in LIMITS.items()),
        "",
    )


def python_page() -> str:
    """Return the functions that Python programs may call, with their signatures and docstrings."""
    lines = [
        "# Python API",
        "",
        (
            "This page describes the functions of the package `figgen`, for programs that build or check figures without "
            "the command line."
        ),
        "",
        GENERATED,
        "",
        "The package is typed. Everything else in it may change without notice.",
        "",
    ]
    for function in (figgen.build, figgen.validate, figgen.describe):
        signature = inspect.signature(function)
        parameters = [
            parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()
        ]
        call = signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)
        lines += [
            f"## {function.__name__}",
            "",
            f"    figgen.{function.__name__}{call}",
            "",
            f"{inspect.getdoc(function)}",
            "",
        ]
    return "\n".join([*lines, "## \\_\\_version\\_\\_", "", "The version of figgen, a string.", ""])


def gallery_page() -> str:
    """Return the gallery: each picture with its alt text and its config."""
    lines = [
        "# Gallery",
        "",
        "This page shows a picture of every mark and data source beside its config, for authors who look for one to copy.",
        "",
        GENERATED,
        "",
    ]
    targets, _ = discover(GALLERY)
    entries = read(GALLERY)
    for section in dict.fromkeys(target.name.partition("/")[0] for target in targets):
        lines += [f"## {section}", ""]
        for target in targets:
            if target.name.partition("/")[0] == section:
                lines += [*_picture(target.config, list(entries[target.artefact].outputs)), ""]
    defaults = (GALLERY / "configs" / "_defaults.yaml").read_text()
    return "\n".join([*lines, "## Shared defaults", "", f"```yaml\n{defaults}```", ""])


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
        *(f"![{sample(figure, read_file).alt}](../gallery/{path})" for path in pictures),
        "",
        f"```yaml\n{shown}```",
    )


def generated_files() -> dict[Path, str]:
    """Return the content of every generated file."""
    return {
        REFERENCE / "spec.md": spec_page(),
        REFERENCE / "functions.md": functions_page(),
        REFERENCE / "commands.md": commands_page(),
        REFERENCE / "gallery.md": gallery_page(),
        REFERENCE / "python.md": python_page(),
        ROOT / "figgen.schema.json": json_schema(),
    }


if __name__ == "__main__":
    for path, text in generated_files().items():
        path.write_text(text)
