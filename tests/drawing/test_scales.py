import matplotlib as mpl
import mpmath
import numpy as np
import pytest
from matplotlib.figure import Figure

from figgen.config.spec import Axis
from figgen.drawing.scales import make_scale

X = np.geomspace(1e-6, 1e6, 101)
SCALES = {
    "log": ({"scale": "log"}, X, mpmath.log10),
    "log2": ({"scale": "log", "base": 2.0}, X, lambda x: mpmath.log(x, 2)),
    "log3": ({"scale": "log", "base": 3.0}, X, lambda x: mpmath.log(x) / mpmath.log(3)),
    "logit": ({"scale": "logit"}, np.linspace(0.01, 0.99, 51), lambda x: mpmath.log10(x / (1 - x))),
}


def scale(**fields):
    return make_scale(Axis(**fields), Figure().add_subplot().xaxis)


@pytest.mark.parametrize(("fields", "x", "function"), SCALES.values(), ids=SCALES)
def test_transforms_are_rounded_to_the_nearest_float(fields, x, function):
    transform = scale(**fields).get_transform()
    with mpmath.workdps(40):
        expected = [float(function(mpmath.mpf(float(point)))) for point in x]
    np.testing.assert_allclose(transform.transform(x), expected, rtol=2.3e-16)
    np.testing.assert_allclose(transform.inverted().transform(expected), x, rtol=1e-13)
    np.testing.assert_array_equal(transform.inverted().inverted().transform(x), transform.transform(x))


def test_symlog_is_matplotlibs_to_the_last_bit_but_one():
    ours = scale(scale="symlog", threshold=2.0, base=3.0).get_transform()
    theirs = mpl.scale.SymmetricalLogTransform(3, 2, 1)
    x = np.concatenate([-X, [0], X])
    np.testing.assert_allclose(ours.transform(x), theirs.transform(x), rtol=1e-14)
    np.testing.assert_allclose(ours.inverted().transform(ours.transform(x)), x, rtol=1e-12)


def test_masked_values_stay_masked():
    values = np.ma.masked_less(np.asarray([-1.0, 1.0]), 0)
    assert scale(scale="log").get_transform().transform_non_affine(values).mask.tolist() == [True, False]


def test_a_linear_scale_is_matplotlibs():
    assert isinstance(scale(), mpl.scale.LinearScale)
