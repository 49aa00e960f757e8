"""docs/explanation/security.md says what is so: the tests that it names exist, and the limits are those of the code."""

import re

import pytest

from figgen.site.limits import LIMITS
from tests.figures import ROOT

TEXT = (ROOT / "docs/explanation/security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([\w/]+\.py)::(test_\w+)`", TEXT)


def test_every_line_of_the_threat_model_names_a_test():
    rows = [row for head in ("| code |", "| what a branch brings |") for row in table(head)]
    assert [row for row in rows if "::test_" not in row] == []
    assert len(rows) > 20


def table(head):
    return TEXT.partition(head)[2].partition("\n\n")[0].splitlines()[2:]


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_of_them_is_there(file, name):
    assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


def test_the_limits_are_those_of_the_code():
    text = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+) \| (.*) \|$", text, re.MULTILINE)
    assert rows == [(name, f"{limit.default:,}", limit.about) for name, limit in LIMITS.items()]
