"""The output of `figgen build`: a line for each figure, its findings, and a summary."""

import sys
from typing import TYPE_CHECKING, Any

import click

from figgen.cli.base import print_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from figgen.build.builder import Outcome, Step
    from figgen.errors import Finding

_MIN_FOR_BAR = 20  # figures from which on a progress bar is shown


class Reporter:
    """Prints and counts the results of a build: as text, or at the end as one JSON object, if `form` is "json"."""

    def __init__(self, form: str, findings: "Sequence[Finding]", *, quiet: bool, explain: bool, dry: bool) -> None:
        self._form, self._quiet, self._explain = form, quiet, explain
        self._built = "to build" if dry else "built"
        self._counts = {self._built: 0, "fresh": 0, "failed": len(findings)}
        self._records: list[dict[str, Any]] = []
        self._bar = False
        self._findings = findings
        self._print_findings(findings)

    def progress(self, total: int) -> Any:
        """Return a progress bar for a longer build on a terminal; elsewhere it is hidden."""
        self._bar = self._form == "text" and not self._quiet and total >= _MIN_FOR_BAR and sys.stderr.isatty()
        return click.progressbar(length=total, file=sys.stderr, hidden=not self._bar)

    def report(self, outcome: "Outcome") -> None:
        """Print the outcome of a target, or what would be built for it."""
        step = outcome.step
        result = "failed" if outcome.findings else self._built if step.reasons else "fresh"
        self._count(step, result, outcome.findings)
        self._print_findings(outcome.findings)
        if result == "to build":
            self._print(f"would draw {step.target.artefact}{self._reasons(step)}")
        elif result == "built" and (outcome.written or self._explain) and not self._bar:
            paths = ", ".join(outcome.files) or step.target.artefact
            self._print(f"{'wrote' if outcome.written else 'same'} {paths}{self._reasons(step)}")

    def summary(self) -> int:
        """Print the summary, and return the exit status."""
        if self._form == "json":
            from json import dumps

            from figgen.errors import as_dict, printable_json

            findings = [as_dict(finding) for finding in self._findings]
            result = {"counts": self._counts, "figures": self._records, "findings": findings}
            click.echo(printable_json(dumps(result, indent=2, ensure_ascii=False)))
        else:
            self._print("figures: " + ", ".join(f"{count} {result}" for result, count in self._counts.items()))
        return int(self._counts["failed"] > 0)

    def _reasons(self, step: "Step") -> str:
        return ": " + ", ".join(map(str, step.reasons)) if self._explain else ""

    def _print(self, text: str) -> None:
        if self._form == "text" and not self._quiet:
            from figgen.errors import printable

            click.echo(printable(text))

    def _print_findings(self, findings: "Sequence[Finding]") -> None:
        if self._form == "text":
            print_findings(findings)

    def _count(self, step: "Step", result: str, findings: "Sequence[Finding]") -> None:
        self._counts[result] += 1
        if self._form == "json":
            from figgen.errors import as_dict

            artefact, *further = step.outputs
            reasons = [str(reason) for reason in step.reasons]
            record = {"artefact": artefact, "further": further, "result": result, "reasons": reasons}
            self._records.append({**record, "findings": [as_dict(finding) for finding in findings]})
