import pytest

from figgen.config.spec.marks.helpers import orientation_kwarg


def by_matplotlib_3_9(vert):
    raise NotImplementedError


def by_matplotlib_3_10(vert=None, orientation="vertical"):
    raise NotImplementedError


@pytest.mark.parametrize(("direction", "upright"), [("vertical", True), ("horizontal", False)])
def test_the_direction_has_the_name_that_each_matplotlib_knows(direction, upright):
    assert orientation_kwarg(by_matplotlib_3_9, direction) == {"vert": upright}
    assert orientation_kwarg(by_matplotlib_3_10, direction) == {"orientation": direction}
