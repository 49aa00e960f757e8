"""Findings as people read them."""

from figgen.errors import Finding


def as_text(finding: Finding) -> str:
    """Write a finding on one line: `path:line:column: where: what is wrong; what is allowed; what to do`."""
    place = f"{finding.path}:{finding.line}:{finding.column}: "
    where = f"{finding.where}: " if finding.where else ""
    said = "; ".join(part for part in (finding.message, finding.allowed, finding.hint) if part)
    return place + where + said
