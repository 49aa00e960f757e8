"""The stale figures of a site -> their files, drawn by several processes, and the lockfile that records them."""
