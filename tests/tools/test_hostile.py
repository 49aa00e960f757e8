"""The hostile branch, with small files; `make hostile` has the largest that are allowed."""

import pytest

from tools.hostile.branch import attack
from tools.hostile.readers import READERS

pytestmark = pytest.mark.slow


def test_every_command_bears_a_hostile_branch(tmp_path, capsys):
    assert attack(tmp_path, 50_000), capsys.readouterr().out


@pytest.mark.parametrize("name", READERS)
def test_every_reader_reads_its_worst_input(name):
    """Whatever is wrong with it is reported as the reader does, and never by another exception."""
    reader = READERS[name]
    reader.read(reader.make(min(reader.largest, 20_000)))
