"""Format figure diffs as one self-contained HTML page, in which no text of a site can run as code."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from figgen.build.render_jobs import Rendered
from figgen.errors import printable
from figgen.regression.figure_diff import ChangeKind, FigureDiff
from figgen.regression.pixels import format_difference
from figgen.regression.report import Shared, changed, detail_lines, shared, summary, title


def format_page(base: str, diffs: Sequence[FigureDiff]) -> str:
    """Return the page as HTML, the same for the same diffs; `base` names the revision that they are compared with."""
    template = Path(__file__).with_name("html_report.html").read_text(encoding="utf-8")
    groups = shared(diffs)
    data = {
        "base": printable(base),
        "summary": summary(diffs),
        "shared": [{"title": printable(group.title), "lines": [*map(printable, group.lines)]} for group in groups],
        "figures": [_figure(diff, groups) for diff in changed(diffs)],
        "unchanged": [diff.name for diff in diffs if diff.kind is ChangeKind.UNCHANGED],
    }
    # Without '<', no text can end the script element. The data is inserted last: its texts are not searched again.
    text = json.dumps(data).replace("<", "\\u003c")
    return template.replace("POLICY", _policy(template)).replace("DATA", text)


def _policy(template: str) -> str:
    """Return a policy that allows the template's own script and style and embedded pictures, and nothing else."""
    hashes = {}
    for kind in ("script", "style"):
        (text,) = re.findall(rf"<{kind}>(.*?)</{kind}>", template, re.DOTALL)
        hashes[kind] = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    allowed = [f"{kind}-src 'sha256-{found}'" for kind, found in hashes.items()]
    return "; ".join(["default-src 'none'", *allowed, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _figure(diff: FigureDiff, groups: Sequence[Shared]) -> Mapping[str, Any]:
    numbers = format_difference(diff.difference)
    figure = {
        "name": printable(title(diff)),
        "kind": diff.kind,
        "numbers": numbers,
        "details": [printable(line) for line in detail_lines(diff, groups)],
        "before": _picture(diff.before),
        "after": _picture(diff.after),
    }
    if diff.difference is not None:
        width, height = (max(sides) for sides in zip(diff.difference.before, diff.difference.after, strict=True))
        figure["overlay"] = _embed(diff.overlay, (width, height), f"Difference: {numbers}")
        figure["corner"] = ["end" if far else "start" for far in diff.difference.corner]
    return figure


def _picture(side: Rendered | None) -> Mapping[str, Any] | None:
    if side is None or side.findings:
        return None
    return _embed(side.content, side.size, (side.description or {}).get("alt", ""))


def _embed(content: bytes, size: tuple[int, int], alt: str) -> Mapping[str, Any]:
    source = "data:image/png;base64," + base64.b64encode(content).decode()
    return {"source": source, "width": size[0], "height": size[1], "alt": alt}
