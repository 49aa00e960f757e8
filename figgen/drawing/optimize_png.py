"""Compress a PNG from standard input without loss, and write it to standard output.

This is a separate program since pyoxipng starts threads, and a process with threads should not be forked.
"""

import sys

import oxipng

_ITERATIONS = 3  # of Zopfli; more gain a thousandth each


def main() -> None:
    """Compress in two ways, and write the smaller result."""
    png = sys.stdin.buffer.read()
    filters, deflaters = oxipng.RowFilter, oxipng.Deflaters
    ways = ((filters.NoOp, deflaters.zopfli(_ITERATIONS)), (filters.Brute, deflaters.libdeflater(12)))
    made = [oxipng.optimize_from_memory(png, level=2, filter=[way], deflate=deflate) for way, deflate in ways]
    sys.stdout.buffer.write(min(made, key=len))


if __name__ == "__main__":
    main()
