"""Draw figures again as their files are saved, and show them on a local page.

`watch` runs until it is interrupted; a `WatchReporter` prints what happens, and a `Server`, if there is one, shows it.
"""

from figgen.watch.redraw import WatchReporter, watch
from figgen.watch.server import Server
from figgen.watch.watcher import WatchError

__all__ = ["Server", "WatchError", "WatchReporter", "watch"]
