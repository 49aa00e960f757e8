"""Each fault of `make torture`, once: those that take long only there."""

import pytest

from tools import torture
from tools.torture.processes import killed
from tools.torture.site import Skipped

pytestmark = pytest.mark.slow

SLOW = {
    "builds at once", "clock set back and forward", "a damaged lockfile", "a damaged cache of digests",
    "damaged artefacts and baselines", "branches switched during builds", "broken fonts",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(torture.FAULTS.keys() - SLOW))
def test_a_fault_costs_nothing_that_was_there(tmp_path, name):
    try:
        torture.FAULTS[name](tmp_path)
    except Skipped as reason:
        pytest.skip(str(reason))


def test_what_is_killed_is_whole_and_repaired(tmp_path):
    killed(tmp_path, "check --fix", 2)
