"""The whole way on a real site: configs and posts in, pages of Jekyll out, looked at in a browser. `make e2e` runs it."""
