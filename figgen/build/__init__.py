"""Build the stale figures of a site: draw them in several processes, write their files, and record these.

`builder` is the whole build: it asks `staleness` what to draw, writes the files, and records them in the `lockfile`.
`picture` takes one config from text to bytes. `render_jobs` has many drawn, by the `workers` of this machine; `dask`
does so on a cluster. `api` is what Python programs call. Nothing is imported here, to keep short commands fast.
"""
