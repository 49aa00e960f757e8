"""Where the files of a site are, how they are read and written safely, and the limits on what is read."""

from figgen.site.files import SiteFiles
from figgen.site.limits import limit
from figgen.site.paths import Target, discover

__all__ = ["SiteFiles", "Target", "discover", "limit"]
