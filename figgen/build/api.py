"""The Python API of figgen: `figgen.build`, `figgen.validate` and `figgen.describe`."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from figgen.errors import ConfigError, Finding
from figgen.site.paths import Target, select_targets

if TYPE_CHECKING:
    from figgen.build.builder import Outcome


def build(
    root: str | Path, configs: Collection[str] = (), *, jobs: int = 1, force: bool = False, optimize: bool = False
) -> list["Outcome"]:
    """Build the stale figures of a site, of all configs or of those named, and return the outcome of each.

    A config is named by its path from the root, or by its figure, `<Post>/<name>`. At most `jobs` processes draw. With
    `force`, fresh figures are built too; with `optimize`, PNGs are compressed. Raises UsageError for a config that is
    not found, and ConfigError for misnamed configs, or if the lockfile is damaged or nothing can be written.
    """
    from figgen.build import builder

    root = Path(root).resolve()
    targets = _targets(root, configs)
    return list(builder.build(root, targets, jobs=jobs, forced=force, optimize=optimize))


def validate(root: str | Path, configs: Collection[str] = (), *, jobs: int = 1) -> list[Finding]:
    """Return all mistakes in the configs of a site, or in those named, found by drawing them without writing anything.

    Configs are named as for `build`. Raises UsageError for a config that is not found.
    """
    from figgen.build.render_jobs import render_all

    root = Path(root).resolve()
    targets, findings = select_targets(root, configs)
    rendered = render_all(root, jobs, [target.config for target in targets])
    return sorted({*findings, *(finding for _, result in rendered for finding in result.findings)})


def describe(root: str | Path, config: str) -> dict[str, Any]:
    """Return the description of a figure as plain data: its texts, values, colours, limits and ticks, but no pixels.

    The config is named as for `build`. Raises UsageError if it is not found, and ConfigError if it cannot be drawn.
    """
    from figgen.build.render_jobs import describe as describe_in_worker

    root = Path(root).resolve()
    (target,) = _targets(root, [config])
    result = describe_in_worker(root, target.config)
    if result.description is None:
        raise ConfigError(result.findings)
    return dict(result.description)


def _targets(root: Path, configs: Iterable[str]) -> list[Target]:
    targets, findings = select_targets(root, configs)
    if findings:
        raise ConfigError(findings)
    return targets
