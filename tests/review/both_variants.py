"""A config with a light and a dark variant, and what figgen finds in a changed one."""

import pytest

from figgen.build.picture import make_pictures
from figgen.errors import ConfigError, as_text
from figgen.site.files import SiteFiles
from tests.conftest import MINIMAL

BOTH = MINIMAL + "style: clean\nvariants: [light, dark]\n"
CONFIG = "configs/Post/one.yaml"


def draw(site, text, *, described=False):
    """Write a config that has no mistakes, and return its pictures by the ending of their names."""
    (site / CONFIG).write_text(text)
    return make_pictures(SiteFiles(site), CONFIG, described=described)


def findings(site, text):
    """Write a config that has mistakes, and return the lines that report them."""
    with pytest.raises(ConfigError) as caught:
        draw(site, text)
    return as_text(caught.value.findings).splitlines()
