"""YAML text -> the events of its parser, for configs as for the files of Jekyll."""

import re
from collections.abc import Iterator

import yaml

from figgen.errors import line_and_column

# libyaml's scanner, if PyYAML was built with it, is ten times faster; both give the same events and marks.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NO_CHARACTER = re.compile(r"\\U(?!00(?:10|0.))[0-9A-Fa-f]{8}")


def parse(text: str) -> Iterator[yaml.Event]:
    """Yield the events of a YAML text. Raises yaml.YAMLError."""
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except (ValueError, OverflowError):  # of PyYAML without libyaml
        escape = _NO_CHARACTER.search(text)
        place = escape.start() if escape else 0
        line, column = line_and_column(text, place)
        mark = yaml.Mark("", place, line - 1, column - 1, None, 0)
        raise yaml.MarkedYAMLError(problem="unknown escape", problem_mark=mark) from None
