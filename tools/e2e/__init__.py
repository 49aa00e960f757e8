"""The whole way on a real site: configs and posts in, Jekyll's pages out, seen in a browser: `make e2e`."""
