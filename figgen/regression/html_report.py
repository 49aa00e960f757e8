"""Verdicts -> one page that shows them: a file that needs nothing else, and that no text of a site is code in."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from figgen.build.render_jobs import Rendered
from figgen.errors import printable
from figgen.regression.compare import Kind, Verdict, of_kinds
from figgen.regression.report import TOLD, in_words, numbers, summary


def write_page(base: str, verdicts: Sequence[Verdict]) -> str:
    """Write the page, the same for the same verdicts; `base` is what the base side is called."""
    template = Path(__file__).with_name("html_report.html").read_text(encoding="utf-8")
    told = {
        "base": printable(base),
        "summary": summary(verdicts),
        "figures": [_figure(verdict) for verdict in of_kinds(verdicts, *TOLD)],
        "unchanged": [verdict.name for verdict in of_kinds(verdicts, Kind.UNCHANGED)],
    }
    # As an element's text, JSON ends at no tag. It comes last, so that nothing in it is filled in once more.
    data = json.dumps(told).replace("<", "\\u003c")
    return template.replace("POLICY", _policy(template)).replace("DATA", data)


def _policy(template: str) -> str:
    """Allow the template's own script and style, and pictures that are in the page; nothing from anywhere else."""
    hashes = {}
    for kind in ("script", "style"):
        (text,) = re.findall(rf"<{kind}>(.*?)</{kind}>", template, re.DOTALL)
        hashes[kind] = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    allowed = [f"{kind}-src 'sha256-{found}'" for kind, found in hashes.items()]
    return "; ".join(["default-src 'none'", *allowed, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _figure(verdict: Verdict) -> Mapping[str, Any]:
    before, after = (_picture(side) for side in (verdict.before, verdict.after))
    told = {
        "name": printable(verdict.name),
        "kind": verdict.kind,
        "numbers": numbers(verdict),
        "words": [printable(line) for line in in_words(verdict)],
        "before": before,
        "after": after,
    }
    if (found := verdict.difference) is not None:
        width, height = (max(sides) for sides in zip(found.before, found.after, strict=True))
        alt = f"Where the pictures differ: {numbers(verdict)}"
        told["overlay"] = {"source": _source(verdict.overlay), "width": width, "height": height, "alt": alt}
        told["corner"] = ["end" if far else "start" for far in found.corner]
    return told


def _picture(side: Rendered | None) -> Mapping[str, Any] | None:
    if side is None or side.findings:
        return None
    width, height = side.size
    return {
        "source": _source(side.content),
        "width": width,
        "height": height,
        "alt": (side.description or {}).get("alt", ""),  # which the PNG has as its Description
    }


def _source(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()
