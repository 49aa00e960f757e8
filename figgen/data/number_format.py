"""Numbers as texts."""


def format_number(value: float, spec: str) -> str:
    """Write a number by one of Python's format specifications; `d` rounds to a whole number first."""
    return format(round(value) if spec.endswith("d") else value, spec)
