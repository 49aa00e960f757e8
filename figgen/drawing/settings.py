"""The style and the settings of a variant -> the rcParams that it is drawn with."""

from collections.abc import Set as AbstractSet
from typing import Any

from figgen.config.load import decode
from figgen.config.variants import Variant
from figgen.drawing.styles import package_style, read_settings, read_style, unknown_style
from figgen.errors import ConfigError, Finding, Problem, SpecError
from figgen.site.files import Files, names_in
from figgen.site.paths import STYLES


def variant_settings(
    variant: Variant, files: Files, families: AbstractSet[str], problems: list[Problem], findings: list[Finding]
) -> dict[str, Any]:
    """Return the rcParams of a variant: those of its style, and over them those of the config.

    `families` are the font families that there are. What is wrong is added to `problems`, and what is wrong in the
    style's own file to `findings`, so that all of it is reported in one run.
    """
    settings: dict[str, Any] = {}
    try:
        settings |= _style_settings(variant, files, families)
    except SpecError as error:
        problems += error.problems
    except ConfigError as error:
        findings += error.findings
    for where, given in variant.settings:
        try:
            settings |= read_settings(given, families, where)
        except SpecError as error:
            problems += error.problems
    return settings


def _style_settings(variant: Variant, files: Files, families: AbstractSet[str]) -> dict[str, Any]:
    if variant.style is None:
        return {}
    path = f"{STYLES}/{variant.style}.mplstyle"
    content = files.read(path)
    if content is None:
        content, path = package_style(variant.style), f"{variant.style}.mplstyle"
    if content is None:
        raise unknown_style(variant.style, names_in(files, STYLES), variant.style_at)
    return dict(read_style(decode(content, path), path, families))
